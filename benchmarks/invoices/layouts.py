"""Layouts of invoices, each a drawing of what an invoice says."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from benchmarks.invoices.wording import LEGAL, WORDS, Words, day, money

LEFT, RIGHT, TOP = 50.0, 545.0, 800.0


@dataclass(frozen=True)
class Bill:
    """What an invoice really says, and how: `pick` chooses among the words, `rate` None where there is no tax."""

    language: str
    number: str
    on: date
    net: Decimal
    rate: Decimal | None
    currency: str
    statement: str
    order: str
    pick: int
    figures: str
    days: str
    sign: str

    @property
    def vat(self) -> Decimal:
        return (self.net * (self.rate or 0) / 100).quantize(Decimal("0.01"))

    @property
    def total(self) -> Decimal:
        return self.net + self.vat

    @property
    def words(self) -> Words:
        return WORDS[self.language]

    def word(self, name: str) -> str:
        said = getattr(self.words, name)
        template = said[self.pick % len(said)]
        rate = f"{(self.rate or Decimal(0)).normalize():f}"
        rate = rate.replace(".", "," if self.figures in ("comma", "space", "narrow", "barecomma") else ".")
        return str(template.format(rate=rate, vat=self.sum(self.vat), statement=self.statement))

    def sum(self, amount: Decimal) -> str:
        said = money(amount, self.figures)
        match self.sign:
            case "before":
                return f"{_SIGNS.get(self.currency, self.currency)}{said}"
            case "behind":
                return f"{said} {_SIGNS.get(self.currency, self.currency)}"
            case "code":
                return f"{self.currency} {said}"
            case "code_behind":
                return f"{said} {self.currency}"
            case _:
                return said

    @property
    def day(self) -> str:
        return day(self.on, self.days, self.language)

    @property
    def due(self) -> str:
        return day(self.on + timedelta(days=30), self.days, self.language)


_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}
Layout = Callable[[Canvas, Bill], None]


def drawn(bill: Bill, layout: Layout) -> bytes:
    page = io.BytesIO()
    canvas = Canvas(page, pagesize=A4)
    layout(canvas, bill)
    canvas.save()
    return page.getvalue()


def _head(c: Canvas, b: Bill, y: float) -> None:
    c.setFont("Helvetica-Bold", 12)
    c.drawString(LEFT, y, "Brightpath Consulting")
    c.setFont("Helvetica", 9)
    c.drawString(LEFT, y - 14, "14 Quay Street, 1000 Brussels")
    c.drawString(LEFT, y - 40, "Lumora B.V., Partner Programme")
    c.drawString(LEFT, 40, LEGAL[b.language][:110])


def _item(c: Canvas, b: Bill, y: float) -> None:
    for x, said in zip((LEFT, 330.0, 400.0, 490.0), b.words.columns, strict=True):
        c.drawString(x, y, said)
    c.drawString(LEFT, y - 16, b.word("item"))
    c.drawString(330, y - 16, "1")
    c.drawRightString(460, y - 16, b.sum(b.net))
    c.drawRightString(RIGHT, y - 16, b.sum(b.net))


def _totals(c: Canvas, b: Bill, y: float, label: float = 350.0) -> None:
    rows = [("net", b.net), ("vat", b.vat), ("total", b.total)]
    if b.rate is None:
        rows = [("net", b.net), ("total", b.total)]
        c.drawString(LEFT, y - 70, b.word("reverse"))
    for name, amount in rows:
        c.drawString(label, y, b.word(name))
        c.drawRightString(RIGHT, y, b.sum(amount))
        y -= 15


def classic(c: Canvas, b: Bill) -> None:
    """Labels and values in two columns at the right, a table, totals below it."""
    _head(c, b, TOP)
    c.setFont("Helvetica-Bold", 18)
    c.drawString(LEFT, 700, b.word("title"))
    c.setFont("Helvetica", 10)
    for place, (label, value) in enumerate(
        [(b.word("number"), b.number), (b.word("date"), b.day), (b.word("due"), b.due), (b.word("order"), b.order)]
    ):
        c.drawString(350, 700 - place * 15, label)
        c.drawString(460, 700 - place * 15, value)
    _item(c, b, 600)
    _totals(c, b, 540)


def colons(c: Canvas, b: Bill) -> None:
    """ "Label: value" in one piece each."""
    _head(c, b, TOP)
    c.setFont("Helvetica", 11)
    c.drawString(LEFT, 700, b.word("title"))
    c.drawString(LEFT, 680, f"{b.word('number')}: {b.number}")
    c.drawString(LEFT, 665, f"{b.word('date')}: {b.day}")
    c.drawString(LEFT, 650, f"{b.word('order')}: {b.order}")
    c.drawString(LEFT, 620, f"{b.word('item')}: {b.sum(b.net)}")
    y = 590.0
    rows = [("net", b.net), ("vat", b.vat), ("total", b.total)] if b.rate else [("total", b.total)]
    for name, amount in rows:
        c.drawString(LEFT, y, f"{b.word(name)}: {b.sum(amount)}")
        y -= 15
    if b.rate is None:
        c.drawString(LEFT, y - 20, b.word("reverse"))


def boxes(c: Canvas, b: Bill) -> None:
    """Heads in a row with their values below them, for the numbers and for the totals."""
    _head(c, b, TOP)
    c.setFont("Helvetica", 9)
    c.drawString(LEFT, 715, b.word("title").upper())
    for x, label, value in (
        (LEFT, b.word("number"), b.number), (190.0, b.word("date"), b.day), (320.0, b.word("due"), b.due),
        (440.0, b.word("order"), b.order),
    ):  # fmt: skip
        c.drawString(x, 690, label)
        c.drawString(x, 676, value)
    _item(c, b, 600)
    cells = [("net", b.net), ("vat", b.vat), ("total", b.total)] if b.rate else [("total", b.total)]
    for place, (name, amount) in enumerate(cells):
        c.drawString(LEFT + place * 170, 500, b.word(name))
        c.drawString(LEFT + place * 170, 486, b.sum(amount))
    if b.rate is None:
        c.drawString(LEFT, 440, b.word("reverse"))


def titled(c: Canvas, b: Bill) -> None:
    """The number in the title, two items and a discount, totals on a second page."""
    _head(c, b, TOP)
    c.setFont("Helvetica-Bold", 16)
    c.drawString(LEFT, 700, f"{b.words.title[1].split()[-1] if b.language == 'en' else b.words.title[1]} {b.number}")
    c.setFont("Helvetica", 10)
    c.drawString(LEFT, 680, b.day)
    c.drawString(LEFT, 665, f"{b.word('order')} {b.order}")
    gross = b.net + Decimal("100.00")
    discount = {"en": "Discount", "de": "Rabatt", "fr": "Remise", "nl": "Korting", "es": "Descuento"}[b.language]
    c.drawString(LEFT, 620, b.word("item"))
    c.drawRightString(RIGHT, 620, b.sum(gross))
    c.drawString(LEFT, 605, discount)
    c.drawRightString(RIGHT, 605, f"-{b.sum(Decimal('100.00'))}")
    c.showPage()
    c.setFont("Helvetica", 10)
    _totals(c, b, 780)


FIRST: Mapping[str, Layout] = {"classic": classic, "colons": colons, "boxes": boxes, "titled": titled}
"""The layouts that were at hand when the rules were written."""
