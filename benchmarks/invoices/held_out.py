"""Layouts that were drawn after the rules were written, to tell how they read what they have not seen."""

from __future__ import annotations

from collections.abc import Mapping

from reportlab.pdfgen.canvas import Canvas

from benchmarks.invoices.layouts import LEFT, RIGHT, Bill, Layout
from benchmarks.invoices.wording import LEGAL

_TO_US = {
    "en": "Bill to: Lumora B.V.", "de": "Rechnungsempfänger: Lumora B.V.", "fr": "Facturé à : Lumora B.V.",
    "nl": "Factuur aan: Lumora B.V.", "es": "Facturar a: Lumora B.V.",
}  # fmt: skip
_SERVICES = {
    "en": "For our referral services (statement {statement}) we charge {net}",
    "de": "Für unsere Vermittlung laut Abrechnung {statement} berechnen wir {net}",
    "fr": "Pour notre apport d'affaires (relevé {statement}) : {net}",
    "nl": "Voor onze bemiddeling (afrekening {statement}) brengen wij in rekening: {net}",
    "es": "Por nuestra intermediación (extracto {statement}): {net}",
}
_TAXED = {
    "en": " plus {rate}% VAT ({vat}).", "de": " zzgl. {rate} % USt. ({vat}).", "fr": " HT, TVA {rate} % : {vat}.",
    "nl": " excl. btw, {rate}% btw: {vat}.", "es": ", IVA {rate} %: {vat}.",
}  # fmt: skip
_UNTAXED = {
    "en": ". No VAT is charged.", "de": ". Es wird keine Umsatzsteuer erhoben.", "fr": ". TVA non applicable.",
    "nl": ". Btw verlegd.", "es": ". Operación no sujeta a IVA.",
}  # fmt: skip
_DUE = {
    "en": "Amount due: {total}", "de": "Rechnungsbetrag: {total}", "fr": "Montant à régler : {total}",
    "nl": "Te betalen: {total}", "es": "Total a pagar: {total}",
}  # fmt: skip


def _foot(c: Canvas, b: Bill) -> None:
    c.setFont("Helvetica", 7)
    c.drawString(LEFT, 30, LEGAL[b.language])


def prose(c: Canvas, b: Bill) -> None:
    """A letter whose sums stand in a sentence."""
    c.setFont("Times-Roman", 11)
    c.drawString(LEFT, 780, _TO_US[b.language])
    c.drawString(LEFT, 740, f"{b.word('number')} {b.number}")
    c.drawRightString(RIGHT, 740, f"{b.word('date')} {b.day}")
    c.drawString(LEFT, 725, f"{b.word('order')}: {b.order}")
    rate = "" if b.rate is None else f"{b.rate.normalize():f}"
    said = _SERVICES[b.language] + (_TAXED if b.rate else _UNTAXED)[b.language]
    c.drawString(LEFT, 680, said.format(statement=b.statement, net=b.sum(b.net), rate=rate, vat=b.sum(b.vat)))
    if b.rate:
        c.drawString(LEFT, 650, _DUE[b.language].format(total=b.sum(b.total)))
    _foot(c, b)


def summary(c: Canvas, b: Bill) -> None:
    """A table of tax below the items: rate, base, tax, total in columns."""
    c.setFont("Courier", 9)
    c.drawString(LEFT, 790, b.word("title"))
    c.drawString(LEFT, 770, _TO_US[b.language])
    c.drawRightString(RIGHT, 790, f"{b.word('number')}: {b.number}")
    c.drawRightString(RIGHT, 775, f"{b.word('date')}: {b.day}")
    c.drawRightString(RIGHT, 760, f"{b.word('due')}: {b.due}")
    c.drawRightString(RIGHT, 745, f"{b.word('order')}: {b.order}")
    c.drawString(LEFT, 700, b.word("item"))
    c.drawRightString(RIGHT, 700, b.sum(b.net))
    heads = (b.words.net[0], b.word("vat"), b.words.total[0])
    for x, said in zip((250.0, 390.0, RIGHT), heads, strict=True):
        c.drawRightString(x, 640, said)
    for x, amount in zip((250.0, 390.0, RIGHT), (b.net, b.vat, b.total), strict=True):
        c.drawRightString(x, 626, b.sum(amount))
    if b.rate is None:
        c.drawString(LEFT, 590, b.word("reverse"))
    _foot(c, b)


def including(c: Canvas, b: Bill) -> None:
    """Only the total with its tax, of which the sum or at least the rate is said."""
    c.setFont("Helvetica-Bold", 14)
    c.drawRightString(RIGHT, 790, b.word("title"))
    c.setFont("Helvetica", 10)
    c.drawString(LEFT, 750, b.word("number"))
    c.drawString(200, 750, f": {b.number}")
    c.drawString(LEFT, 735, b.word("date"))
    c.drawString(200, 735, f": {b.day}")
    c.drawString(LEFT, 720, b.word("order"))
    c.drawString(200, 720, f": {b.order}")
    c.drawString(LEFT, 680, b.word("item"))
    c.drawString(LEFT, 640, b.words.total[0])
    c.drawRightString(RIGHT, 640, b.sum(b.total))
    c.drawString(LEFT, 620, b.word("included") if b.rate else b.word("reverse"))
    _foot(c, b)


def stacked(c: Canvas, b: Bill) -> None:
    """Small labels above their values in one column, the currency told once, at the head of the sums."""
    c.setFont("Helvetica", 8)
    y = 790.0
    for label, value in (
        (b.word("number"), b.number), (b.word("date"), b.day), (b.word("due"), b.due), (b.word("order"), b.order),
    ):  # fmt: skip
        c.drawString(400, y, label)
        c.drawString(400, y - 11, value)
        y -= 28
    c.drawString(LEFT, 790, _TO_US[b.language])
    c.drawString(LEFT, 650, b.word("item"))
    c.drawRightString(RIGHT, 665, f"{b.words.columns[3]} ({b.currency})")
    bare = b.sum(b.net) if b.sign == "none" else _bare(b, "net")
    c.drawRightString(RIGHT, 650, bare)
    names = ("net", "vat", "total") if b.rate else ("net", "total")
    for place, name in enumerate(names):
        c.drawRightString(430, 610 - place * 14, b.word(name))
        c.drawRightString(RIGHT, 610 - place * 14, _bare(b, name))
    if b.rate is None:
        c.drawString(LEFT, 560, b.word("reverse"))


def _bare(b: Bill, name: str) -> str:
    said = b.sum(getattr(b, name))
    return "".join(c for c in said if c in "0123456789.,' \u00a0-").strip()


HELD_OUT: Mapping[str, Layout] = {"prose": prose, "summary": summary, "including": including, "stacked": stacked}
