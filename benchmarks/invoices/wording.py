"""How invoices of five languages call things, and how they write sums and days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.dates import format_date


@dataclass(frozen=True)
class Words:
    """Several ways of calling each thing, of which an invoice takes one; the first layouts take the early ones."""

    title: Sequence[str]
    number: Sequence[str]
    date: Sequence[str]
    due: Sequence[str]
    order: Sequence[str]
    net: Sequence[str]
    vat: Sequence[str]
    total: Sequence[str]
    item: Sequence[str]
    reverse: Sequence[str]
    columns: Sequence[str]
    included: Sequence[str]


WORDS: Mapping[str, Words] = {
    "en": Words(
        ("INVOICE", "Tax Invoice", "Invoice"), ("Invoice number", "Invoice No.", "Invoice #", "Inv. no."),
        ("Invoice date", "Date of issue", "Date"), ("Due date", "Pay by"), ("PO number", "Purchase order",
        "Your order"),
        ("Subtotal", "Net amount", "Total excl. VAT", "Net"), ("VAT {rate} %", "VAT ({rate}%)", "VAT @ {rate}%"),
        ("Total", "Total due", "Amount due", "Total incl. VAT", "Grand total"),
        ("Partner commission {statement}", "Referral commission, statement {statement}"),
        ("VAT reverse charge", "Reverse charge: VAT to be accounted for by the recipient"),
        ("Description", "Qty", "Unit price", "Amount"), ("Total includes {rate}% VAT of {vat}", "incl. {rate}% VAT"),
    ),
    "de": Words(
        ("RECHNUNG", "Rechnung", "Provisionsrechnung"),
        ("Rechnungsnummer", "Rechnungs-Nr.", "Rechnung Nr.", "Belegnummer"),
        ("Rechnungsdatum", "Datum", "Ausgestellt am"), ("Fällig am", "Zahlbar bis"),
        ("Bestellnummer", "Ihre Bestellung", "Bestell-Nr."),
        ("Nettobetrag", "Zwischensumme", "Summe netto", "Gesamt netto"),
        ("USt. {rate} %", "zzgl. {rate} % MwSt.", "Umsatzsteuer {rate}%"),
        ("Gesamtbetrag", "Rechnungsbetrag", "Zu zahlen", "Summe brutto", "Endbetrag"),
        ("Vermittlungsprovision gemäß Abrechnung {statement}", "Provision {statement}"),
        ("Steuerschuldnerschaft des Leistungsempfängers", "Gemäß § 19 UStG ohne Ausweis der Umsatzsteuer"),
        ("Beschreibung", "Menge", "Einzelpreis", "Betrag"),
        ("Im Gesamtbetrag enthaltene USt. {rate} %: {vat}", "inkl. {rate} % MwSt."),
    ),
    "fr": Words(
        ("FACTURE", "Facture", "Facture de commission"), ("Numéro de facture", "Facture n°", "N° facture",
        "N° de facture"),
        ("Date de facture", "Date d'émission", "Date"), ("Échéance", "Date d'échéance"),
        ("Bon de commande", "N° de commande", "Votre commande"),
        ("Total HT", "Montant HT", "Sous-total", "Total hors taxes"), ("TVA {rate} %", "TVA ({rate} %)",
        "T.V.A. {rate} %"),
        ("Total TTC", "Net à payer", "Montant TTC", "Total à payer"),
        ("Commission d'apport selon relevé {statement}", "Commissions {statement}"),
        ("TVA non applicable, art. 293 B du CGI", "Autoliquidation de la TVA"),
        ("Désignation", "Qté", "Prix unitaire", "Montant"), ("dont TVA {rate} % : {vat}", "TVA {rate} % incluse"),
    ),
    "nl": Words(
        ("FACTUUR", "Factuur", "Commissiefactuur"), ("Factuurnummer", "Factuur nr.", "Factuurnr.", "Nummer factuur"),
        ("Factuurdatum", "Datum", "Datum factuur"), ("Vervaldatum", "Te betalen vóór"),
        ("Inkoopordernummer", "Bestelnummer", "Uw referentie"),
        ("Subtotaal", "Totaal excl. btw", "Netto", "Bedrag excl. btw"), ("Btw {rate}%", "BTW {rate} %", "{rate}% btw"),
        ("Totaal", "Totaal incl. btw", "Te betalen", "Totaalbedrag"),
        ("Commissie volgens afrekening {statement}", "Partnercommissie {statement}"),
        ("Btw verlegd", "Vrijgesteld van btw"), ("Omschrijving", "Aantal", "Prijs", "Bedrag"),
        ("waarvan {rate}% btw: {vat}", "incl. {rate}% btw"),
    ),
    "es": Words(
        ("FACTURA", "Factura", "Factura de comisiones"), ("Número de factura", "Factura n.º", "Nº factura",
        "Nº de factura"),
        ("Fecha de factura", "Fecha de emisión", "Fecha"), ("Vencimiento", "Fecha de vencimiento"),
        ("Orden de compra", "Nº de pedido", "Su pedido"),
        ("Base imponible", "Subtotal", "Total sin IVA", "Importe neto"), ("IVA {rate} %", "IVA ({rate}%)",
        "I.V.A. {rate} %"),
        ("Total", "Total factura", "Total a pagar", "Importe total"),
        ("Comisión de colaboración, extracto {statement}", "Comisiones {statement}"),
        ("Inversión del sujeto pasivo", "Operación no sujeta a IVA"), ("Concepto", "Cantidad", "Precio", "Importe"),
        ("IVA {rate} % incluido: {vat}", "IVA {rate} % incluido"),
    ),
}  # fmt: skip

LEGAL = {
    "en": "Company registered in England No. 08812345. VAT registration GB 123 4567 89. "
    "Bank: IBAN GB29 NWBK 6016 1331 9268 19",
    "de": "Amtsgericht München HRB 123456 · USt-IdNr. DE123456789 · IBAN DE89 3704 0044 "
    "0532 0130 00 · Steuernummer 143/217/40120",
    "fr": "SARL au capital de 10 000,00 € · SIRET 552 081 317 66522 · N° TVA FR40303265045 "
    "· IBAN FR76 3000 6000 0112 3456 7890 189",
    "nl": "KvK 12345678 · btw-nummer NL123456789B01 · IBAN NL91 ABNA 0417 1643 00 · Betaling binnen 30 dagen",
    "es": "Inscrita en el Registro Mercantil de Madrid, tomo 1.234, hoja M-56789 · NIF "
    "B12345678 · IBAN ES91 2100 0418 4502 0005 1332",
}  # fmt: skip


def money(amount: Decimal, style: str) -> str:
    """Digits only: "point" 1,234.50, "comma" 1.234,50, "space" 1 234,50, "narrow",
    "swiss" 1'234.50, "bare" 1234.50."""
    said = f"{amount:,.2f}"
    marks = {
        "point": (",", "."), "comma": (".", ","), "space": (" ", ","), "narrow": ("\u00a0", ","), "swiss": ("'", "."),
        "bare": ("", "."), "barecomma": ("", ","),
    }[style]  # fmt: skip
    return said.replace(",", "\0").replace(".", marks[1]).replace("\0", marks[0])


def day(value: date, style: str, language: str) -> str:
    match style:
        case "iso":
            return value.isoformat()
        case "dots":
            return value.strftime("%d.%m.%Y")
        case "slashes":
            return value.strftime("%d/%m/%Y")
        case _:
            return str(format_date(value, "long", locale=language))
