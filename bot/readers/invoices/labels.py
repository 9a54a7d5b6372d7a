"""What stands beside a value on an invoice: words for sums, numbers and days in five languages, without accents."""

from __future__ import annotations

import re
from enum import StrEnum


class Of(StrEnum):
    """What a sum is: with tax, without it, the tax, or a total of which the word alone does not tell."""

    GROSS = "gross"
    NET = "net"
    VAT = "vat"
    TOTAL = "total"


def _words(written: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{written})(?![\w-])")


_VAT = (
    r"v\.?a\.?t\.?|sales tax|tax|mwst\.?|m\.?w\.?st\.?|ust\.?|umsatzsteuer|mehrwertsteuer|t\.?v\.?a\.?|b\.?t\.?w\.?|"
    r"i\.?v\.?a\.?|omzetbelasting|gst"
)
_INCLUDING = (
    r"incl(?:\.|uding|uded|usive|us|uant|usief|uido|uida)?|inkl(?:\.|usive)?|inbegrepen|comprises?|compris|con|"
    r"toutes taxes|dont|darin|enthalten\w*|davon|waarvan|of which|brutto|gross"
)
_EXCLUDING = (
    r"excl(?:\.|uding|usive|usief|uido)?|exkl(?:\.|usive)?|ohne|before|without|hors|sin|zonder|exclus|ex|"
    r"net of|antes de|vor"
)

VAT = _words(_VAT)
VAT_INCLUDED = re.compile(rf"(?<![\w-])(?:{_INCLUDING})[^\n]{{0,30}}?(?<![\w-])(?:{_VAT})(?![\w-])|"
    rf"(?<![\w-])(?:{_VAT})\s?"
                          rf"(?:\d+\S* ?%? ?)?(?:{_INCLUDING})(?![\w-])|(?<!\w)t\.?t\.?c\.?(?!\w)|"
                          rf"toutes taxes")  # fmt: skip
_VAT_EXCLUDED = re.compile(rf"(?<![\w-])(?:{_EXCLUDING})\s(?:\w+ ){{0,2}}?(?:\d+\S* ?%? ?)?(?:{_VAT}|taxes?|"
    rf"impuestos)"
                           r"(?![\w-])|(?<!\w)h\.?t\.?(?!\w)")  # fmt: skip
NO_VAT = _words(
    r"reverse[- ]charge|vat reverse|not? (?:subject to )?vat|vat exempt\w*|exempt from vat|zero[- ]rated|"
    r"outside the scope|"
    r"no vat (?:is )?charged|steuerschuldnerschaft|kleinunternehmer\w*|nicht steuerbar\w*|steuerfrei\w*|"
    r"ohne (?:ausweis der )?(?:umsatzsteuer|mwst)|kein\w* (?:umsatzsteuer|mwst)|autoliquidation|"
    r"t\.?v\.?a\.? non applicable|exonere\w*|btw verlegd|vrijgesteld\w*|geen btw|btw[- ]?vrij\w*|"
    r"inversion del sujeto pasivo|exent\w+|no sujet\w+|operacion no sujeta"
)

_GROSS = _words(
    r"(?:total |amount |balance )?(?:amount )?due|total to pay|payable|grand total|gross(?: \w+)?|"
    r"brutto\w*|gesamtbetrag|rechnungsbetrag|endbetrag|endsumme|zahlbetrag|zu zahlen\w*|zahlbar\w*|zu ueberweisen\w*|"
    r"zu uberweisen\w*|forderung|net a payer|a payer|montant (?:du|a regler)|reste a payer|solde du|"
    r"te betalen|te voldoen|totaalbedrag|eindtotaal|eindbedrag|factuurbedrag|"
    r"a pagar|total factura|importe (?:total|liquido)|liquido"
)
_NET = _words(
    r"net|netto\w*|sub ?-?total|subtotaal|sous-total|zwischensumme|nettosumme|summe netto|taxable(?: \w+)?|tax base|"
    r"base (?:ht|imponible|imposable)|bemessungsgrundlage|maatstaf van heffing|grondslag|neto|base"
)
_TOTAL = _words(r"total\w*|summe|gesamt\w*|gesamtsumme|totaal|somme|suma|montant|betrag|bedrag|importe|amount")
_PART_OF_IT = re.compile(
    r"(?<![\w-])(?:includes|included|dont|waarvan|davon|darin|enthalten\w*|of which|incluye)\s[^\n]{0,25}?"
    rf"(?<![\w-])(?:{_VAT})(?![\w-])|(?<![\w-])(?:{_VAT})\s(?:of|von|van|de)\W*$"
)
_NO_SUM = _words(r"discount|rabatt|remise|korting|descuento|skonto|shipping|versand|deposit|anzahlung|acompte|"
    r"paid|bezahlt|"
                 r"quantity|menge|qty|hours|stunden|unit price|einzelpreis|iban|account|konto|capital|"
                 r"registration|steuernummer|siret|siren|kvk|nif|cif")  # fmt: skip


def of(label: str) -> Of | None:
    """What the sum behind this label is, in plain letters; the word that stands nearest to the sum decides."""
    if _NO_SUM.search(label):
        return None
    if excluded := _VAT_EXCLUDED.search(label):
        return Of.VAT if VAT.search(label, excluded.end()) else Of.NET
    including = VAT_INCLUDED.search(label) and _TOTAL.search(label)
    found = (
        (_PART_OF_IT.search(label), Of.VAT), (_GROSS.search(label) or including, Of.GROSS), (VAT.search(label), Of.VAT),
        (_NET.search(label), Of.NET), (_TOTAL.search(label), Of.TOTAL),
    )  # fmt: skip
    return next((of for match, of in found if match), None)


_NUMBER_MARK = r"(?:number|numero|nummer|no|nr|num|n\.?o|n|#|id|ref(?:erence)?)(?:\.|°)?"
NUMBER = re.compile(
    rf"(?<![\w-])(?:(?:tax )?invoice ?{_NUMBER_MARK}|inv\.? ?{_NUMBER_MARK}|bill {_NUMBER_MARK}|"
    rf"rechnungs? ?-? ?{_NUMBER_MARK}|re ?-? ?nr\.?|beleg ?-? ?{_NUMBER_MARK}|"
    rf"facture ?{_NUMBER_MARK}|{_NUMBER_MARK} ?(?:de |de la )?facture|"
    rf"factuur ?-? ?{_NUMBER_MARK}|{_NUMBER_MARK} ?(?:van de )?factuur|factura ?{_NUMBER_MARK}|"
    rf"{_NUMBER_MARK} ?(?:de )?(?:la )?factura|document {_NUMBER_MARK}|"
    r"(?:invoice|rechnung|facture|factuur|factura)(?=\s*[:#]))(?!\w)\s*[:.#]?\s*"
)
TITLE = re.compile(r"^(?:tax |commercial )?(?:invoice|rechnung|facture|factuur|factura|honorarrechnung|"
    r"provisionsrechnung)\s+"
                   r"(?:(?:n|no|nr|number|numero)(?:\.|°|º|o)?\s*)?(?=\S*\d)")  # fmt: skip
DATE = re.compile(
    r"(?<![\w-])(?:invoice date|date of (?:issue|invoice)|issue date|issued(?: on)?|dated|rechnungsdatum|belegdatum|"
    r"ausstellungsdatum|ausgestellt am|date de (?:la )?(?:facture|facturation)|date d'(?:emission|"
    r"etablissement)|emise? le|"
    r"factuurdatum|datum factuur|fecha de (?:la )?(?:factura|emision|expedicion)|fecha factura|date|datum|fecha|"
    r"le)(?!\w)"
    r"\s*[:.]?\s*"
)
DUE = re.compile(r"(?<![\w-])(?:due|pay\w* (?:by|until)|faellig\w*|fallig\w*|zahlbar|echeance|verval\w*|"
    r"vencimiento|leistung\w*|"
                 r"service|prestation|liefer\w*|delivery|period\w*|periode|order|bestell\w*)(?!\w)")  # fmt: skip
ORDER = re.compile(
    rf"(?<![\w-])(?:p\.?o\.?(?: {_NUMBER_MARK})?|purchase order(?: {_NUMBER_MARK})?|your (?:order|reference|ref\.?)|"
    rf"bestell ?-?{_NUMBER_MARK}|ihre (?:bestellung|bestellnummer|referenz)|auftrags ?-?{_NUMBER_MARK}|"
    rf"bon de commande(?: {_NUMBER_MARK})?|(?:n°|numero|no) de commande|commande {_NUMBER_MARK}|votre commande|"
    rf"inkoop(?:order)?(?: ?{_NUMBER_MARK})?|bestel ?-?{_NUMBER_MARK}|uw (?:bestelling|referentie|order)|"
    rf"orden de compra(?: {_NUMBER_MARK})?|{_NUMBER_MARK} (?:de )?pedido|pedido(?: {_NUMBER_MARK})?|"
    rf"su pedido)(?!\w)\s*[:.#]?\s*"
)
CREDIT = re.compile(
    r"^(?:credit (?:note|memo|invoice)|gutschrift|stornorechnung|rechnungskorrektur|korrekturrechnung|"
    r"avoir(?: n.*| sur facture.*)?$|facture d'avoir|note de credit|creditnota|creditfactuur|nota de (?:credito|"
    r"abono)|"
    r"factura rectificativa)"
)
CODE = re.compile(r"(?:[A-Z]{1,4} (?=\d))?(?=[\w./&-]*\d)\w[\w./&-]{0,30}(?: \d{1,6}(?!\w)){0,1}")
"""A number of an invoice or order: letters, digits and marks with at least one digit in it."""
