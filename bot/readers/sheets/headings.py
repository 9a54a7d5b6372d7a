"""Which column of a table holds what: names of columns in five languages, by words as partners write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bot.readers.builtin.amount_basis import basis_around
from bot.readers.builtin.currencies import currency_of
from bot.readers.sheets.grid import SEARCHED, Cell, Grid, Row

# Of two that fit a heading equally well the one further up is meant: "customer's e-mail" is an address.
_NAMES: dict[str, str] = {
    "contact_email": """
        email|e mail|mail|email address|contact email|customer email|contact mail|mail address|
        kontakt email|email kontakt|
        email adresse|mailadresse|ansprechpartner email|kunden email|kontakt mail|courriel|
        adresse email|email du contact|
        mail du contact|adresse mail|adresse electronique|email contact|emailadres|email contactpersoon|e mailadres|
        mailadres|contact emailadres|correo|correo electronico|email de contacto|correo del contacto|correo de contacto|
        direccion de correo
    """,
    "contact_phone": """
        phone|telephone|tel|phone number|contact phone|mobile|cell|telefon|telefonnummer|rufnummer|mobil|handy|
        kontakt telefon|durchwahl|numero de telephone|portable|telefoon|telefoonnummer|mobiel|telefono|movil|
        numero de telefono|telefono de contacto|celular
    """,
    "customer_domain": """
        domain|web domain|customer domain|website|web site|web|url|homepage|web address|
        company website|customer website|
        company domain|domaene|webseite|internetseite|webadresse|kundendomain|domain des kunden|domaine|site web|site|
        site internet|domaine du client|domein|klantdomein|websiteklant|dominio|sitio web|
        pagina web|dominio del cliente|
        dominio web
    """,
    "contact_name": """
        contact|contact name|contact person|customer contact|main contact|key contact|decision maker|kontakt|
        kontaktperson|ansprechpartner|ansprechperson|ansprechpartnerin|name des kontakts|name kontakt|kundenkontakt|
        interlocuteur|nom du contact|personne de contact|contact client|contactpersoon|naam contact|
        naam contactpersoon|contacto|persona de contacto|nombre del contacto|nombre de contacto
    """,
    "currency": """
        currency|ccy|curr|cur|iso currency|currency code|waehrung|wahrung|devise|monnaie|munt|valuta|munteenheid|moneda|
        divisa
    """,
    "amount_basis": """
        basis|value basis|amount basis|price basis|per|billing|billing period|period|frequency|basis des werts|
        wertbasis|zeitraum|abrechnung|abrechnungszeitraum|turnus|base|base du montant|periodicite|frequence|grondslag|
        periode|facturatie|periodo|periodicidad|frecuencia|base del importe
    """,
    "amount": """
        amount|value|deal value|deal size|deal amount|estimated value|est value|expected value|estimated deal value|
        contract value|order value|opportunity value|opportunity amount|revenue|expected revenue|volume|deal volume|
        price|budget|total|total value|tcv|acv|arr|mrr|annual value|yearly value|monthly value|sum|total amount|
        annual amount|betrag|wert|auftragswert|auftragssumme|auftragsvolumen|volumen|dealwert|geschaetzter wert|
        geschatzter wert|umsatz|erwarteter umsatz|summe|preis|jahreswert|vertragswert|projektwert|projektvolumen|
        gesamtwert|gesamtsumme|montant|valeur|valeur estimee|montant estime|montant annuel|chiffre d affaires|ca|prix|
        valeur du contrat|montant total|bedrag|waarde|geschatte waarde|dealwaarde|contractwaarde|orderwaarde|omzet|
        verwachte omzet|totaal|totaalbedrag|prijs|jaarwaarde|jaarbedrag|importe|valor|valor estimado|importe estimado|
        monto|cuantia|precio|valor del contrato|importe total|valor anual|importe anual|ingresos
    """,
    "close_date": """
        close date|closing date|close|closing|expected close|expected close date|expected closing|est close date|
        estimated close date|estimated close|target close|target close date|expected signature|signature date|
        decision date|date|abschluss|abschlussdatum|erwarteter abschluss|voraussichtlicher abschluss|
        geplanter abschluss|abschlusstermin|termin|datum|unterschrift|voraussichtliches abschlussdatum|
        erwartetes abschlussdatum|date de cloture|cloture|date de signature|signature|signature prevue|cloture prevue|
        date prevue|echeance|date de cloture prevue|sluitdatum|afsluitdatum|sluiting|verwachte sluitdatum|
        verwachte sluiting|verwachte afsluiting|tekendatum|afsluiting|fecha de cierre|cierre|cierre previsto|
        fecha prevista|fecha|fecha de firma|firma prevista|fecha prevista de cierre|fecha estimada de cierre
    """,
    "products": """
        product|products|product name|item|items|module|modules|solution|solutions|sku|what|produkt|produkte|modul|
        loesung|losung|artikel|produkt e|produit|produits|article|solution proposee|producten|oplossing|producto|
        productos|modulo|modulos|solucion|articulo
    """,
    "quantity": """
        seats|seat|users|user|licences|licenses|licence|license|quantity|qty|number of seats|number of users|
        number of licences|number of licenses|user count|seat count|units|headcount|no of seats|no of users|
        plaetze|platze|nutzer|benutzer|anwender|lizenzen|anzahl|menge|anzahl nutzer|anzahl lizenzen|anzahl benutzer|
        anzahl plaetze|anzahl platze|arbeitsplaetze|arbeitsplatze|stueckzahl|postes|utilisateurs|quantite|
        nombre de postes|nombre d utilisateurs|nombre de licences|nb postes|nb utilisateurs|nb licences|sieges|
        gebruikers|licenties|aantal|aantal gebruikers|aantal licenties|werkplekken|plaatsen|puestos|usuarios|licencias|
        cantidad|numero de puestos|numero de usuarios|numero de licencias|asientos|plazas
    """,
    "term_months": """
        term|contract term|term months|contract length|duration|months|term in months|length|contract duration|
        years|term years|term in years|laufzeit|vertragslaufzeit|laufzeit monate|laufzeit in monaten|monate|jahre|
        laufzeit jahre|laufzeit in jahren|vertragsdauer|dauer|duree|duree du contrat|duree en mois|mois|duree mois|
        annees|duree en annees|engagement|looptijd|contractduur|looptijd maanden|looptijd in maanden|maanden|jaren|
        duur|contractlooptijd|plazo|duracion|plazo en meses|meses|duracion del contrato|plazo meses|duracion en meses|
        anos|plazo en anos|vigencia
    """,
    "customer": """
        customer|customer name|client|client name|company|company name|account|account name|end customer|end client|
        end user|end user company|prospect|organisation|organization|opportunity|deal|customer company|
        kunde|kundenname|firma|firmenname|endkunde|unternehmen|interessent|name des kunden|auftraggeber|name der firma|
        kundin|client final|entreprise|societe|nom du client|nom de la societe|nom de l entreprise|raison sociale|
        compte|klant|klantnaam|eindklant|bedrijf|bedrijfsnaam|naam klant|naam van de klant|onderneming|organisatie|
        cliente|cliente final|nombre del cliente|empresa|compania|nombre de la empresa|razon social|sociedad|cuenta|
        organizacion
    """,
}  # fmt: skip
_FIELDS = {
    " ".join(name.split()): field for field, names in _NAMES.items() for name in names.replace("\n", " ").split("|")
}
_RANK = {field: rank for rank, field in enumerate(_NAMES)}
# Columns about the sender or about us, whatever else they are called.
_NOT_THE_CUSTOMERS = re.compile(
    r"\b(?:partner|reseller|vendor|owner|sales rep|rep|account manager|manager|vertrieb|vertriebler|handler|haendler|"
    r"betreuer|bearbeiter|commercial|revendeur|verkoper|wederverkoper|vendedor|comercial|revendedor|created|erstellt|"
    r"cree|aangemaakt|creado|invoice|rechnung|facture|factuur|factura|commission|provision|provisie|comision|status|"
    r"stage|probability|notes?|comments?|id|nr|number)\b"
)
# Within a heading they say what its value is for: "value per year" is a column of values.
_PER = frozenset({"per", "pro", "par", "por"})
_YEARS = re.compile(r"\b(?:years?|jahre?n?|annees?|ans|jaren|jaar|anos)\b")
_DEAL = frozenset({"amount", "close_date", "products", "quantity", "term_months"})
_NEEDED = 3
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Column:
    """`currency` and `basis` where the heading says them ("Value p.a. (EUR)"); `years` for a term in years."""

    field: str
    currency: str = ""
    basis: str = ""
    years: bool = False


@dataclass(frozen=True, slots=True)
class Headings:
    """The row of the columns' names, and what each column that is known holds, by its place from 0."""

    row: int
    columns: Mapping[int, Column]

    @property
    def are_of_deals(self) -> bool:
        """Whether this is a table of deals, and not of people or of statements."""
        fields = {column.field for column in self.columns.values()}
        return bool(fields & {"customer", "customer_domain"}) and bool(fields & _DEAL) and len(fields) >= _NEEDED


def find_headings(grid: Grid) -> Headings:
    """The row among the first ones that names most columns; one without any where no row names a column."""
    found = [_headings(row) for row in grid.rows[:SEARCHED]]
    return max(found, key=lambda h: (h.are_of_deals, len(h.columns)), default=Headings(0, {}))


def column_of(heading: str) -> Column | None:
    """What a column of this name holds; None for one that says nothing of a deal."""
    said = heading[:_LONGEST]
    name = _plain(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", said)) or _plain(said)
    whole = _plain(said)
    field = _FIELDS.get(name) or _FIELDS.get(whole)
    if field is None and _NOT_THE_CUSTOMERS.search(name):
        return None
    field = field or _contained(name)
    if field is None:
        return None
    currency = _currency(said) if field == "amount" else ""
    basis = basis_around(f" {said}", 0, 0) if field == "amount" else ""
    return Column(field, currency, basis, years=field == "term_months" and bool(_YEARS.search(whole)))


def _headings(row: Row) -> Headings:
    columns: dict[int, Column] = {}
    taken: set[str] = set()
    for place, cell in sorted(row.cells.items()):
        column = column_of(cell.text) if _is_name(cell) else None
        if column is not None and column.field not in taken:
            columns[place] = column
            taken.add(column.field)
    return Headings(row.number, columns)


def _is_name(cell: Cell) -> bool:
    return bool(cell.text) and cell.number is None and cell.day is None and len(cell.text) <= _LONGEST


def _contained(name: str) -> str | None:
    """The field of the longest known name that stands in a longer heading, such as "expected close date of deal"."""
    words = name.split()
    best: tuple[int, int, str] | None = None
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + 5) + 1):
            field = _FIELDS.get(" ".join(words[start:end]))
            if field == "amount_basis" and _PER.intersection(words[:end]):
                continue
            if field and (best is None or (end - start, -_RANK[field]) > best[:2]):
                best = (end - start, -_RANK[field], field)
    return best[2] if best else None


def _currency(heading: str) -> str:
    return next((code for word in re.findall(r"[^\W\d_]{2,4}|[€$£]", heading) if (code := _code(word))), "")


def _code(word: str) -> str:
    """Only what is surely one: "in", "est" and "ca" are words."""
    return currency_of(word) if word in "€$£" or (len(word) == 3 and word.isupper()) or word == "Euro" else ""


def _plain(heading: str) -> str:
    """Lower case without accents and marks: `Wert (geschätzt) *` is `wert geschatzt`."""
    folded = unicodedata.normalize("NFKD", heading.replace("ß", "ss")).casefold()
    letters = "".join(c if c.isalnum() else " " for c in folded if not unicodedata.combining(c))
    return " ".join(letters.split()).replace("e mail", "email")
