"""What an invoice says: its number, day, net sum, tax and total, and what it is for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from bot.ports import AttachedFile
from bot.readers.builtin.references import find_statement_refs
from bot.readers.invoices import labels
from bot.readers.invoices.figures import day, plain
from bot.readers.invoices.pdf_text import Lines, PdfText, Piece
from bot.readers.invoices.totals import Totals, totals_of
from bot.vocabulary.money import InvoiceFault, InvoiceRead

T = TypeVar("T")

_NAME = 200
_LONGEST = 40
_TITLES = 15  # lines from the top in which a document says what it is


class Invoices:
    """Implements `bot.ports.InvoiceReader`. Whatever a document says is data; nothing in it is followed."""

    def __init__(self, pdf: PdfText | None = None) -> None:
        self._pdf = pdf or PdfText()

    def read(self, file: AttachedFile) -> InvoiceRead:
        name = file.attachment.name[:_NAME]
        found = self._pdf.read(file.content)
        if isinstance(found, InvoiceFault):
            return InvoiceRead(file=name, fault=found)
        return invoice_of(found, name)


def invoice_of(lines: Lines, name: str = "") -> InvoiceRead:
    """Pure; `lines` are those of the whole document from its top."""
    totals = totals_of(lines)
    number = _labelled(lines, labels.NUMBER, _code) or _titled(lines) or ""
    if totals == Totals() and not number:
        return InvoiceRead(file=name, fault=InvoiceFault.NO_INVOICE)
    return InvoiceRead(
        number=number,
        issued_on=_labelled(_of_issue(lines), labels.DATE, day) or _bare_day(lines),
        net=totals.net,
        vat=totals.vat,
        total=totals.total,
        vat_percent=totals.percent,
        statement=_statement(lines),
        file=name,
        purchase_order=_labelled(lines, labels.ORDER, _code) or "",
        credit_note=_is_credit(lines) or bool(totals.total and totals.total.amount < 0),
    )


def text_of(line: Sequence[Piece]) -> str:
    return "  ".join(piece.text for piece in line)


def _labelled(lines: Lines, label: re.Pattern[str], value: Callable[[str], T | None]) -> T | None:
    """What stands behind a label, beside it, or below it; None for nothing of that form."""
    for place, line in enumerate(lines):
        for at, piece in enumerate(line):
            behind = _behind(piece, label)
            for said in _near(lines, place, at, behind) if behind is not None else ():
                if (known := value(said)) is not None:
                    return known
    return None


def _behind(piece: Piece, label: re.Pattern[str]) -> str | None:
    """The rest of a piece behind the label in it, a space where there is none; None without the label.

    Folding keeps one letter for each, but for ligatures: the rest is then taken from the folded text.
    """
    folded = plain(piece.text)
    found = label.search(folded)
    if found is None:
        return None
    bare = " ".join(piece.text.split())
    return (bare if len(bare) == len(folded) else folded)[found.end() :] or " "


def _near(lines: Lines, place: int, at: int, behind: str) -> Iterator[str]:
    """Where a value may stand: behind its label, in the piece to its right, in the one below it."""
    if behind.strip(" :.#"):
        yield behind.strip()
        return
    line = lines[place]
    if at + 1 < len(line):
        yield line[at + 1].text.lstrip(": ")
    below = lines[place + 1] if place + 1 < len(lines) else ()
    for piece in below:
        if piece.left < line[at].right + 5 and piece.right > line[at].left - 5:
            yield piece.text.lstrip(": ")


def _code(said: str) -> str | None:
    found = labels.CODE.match(said.strip())
    code = found.group().strip(" .-/") if found else ""
    return code if code and len(code) <= _LONGEST and not day(code) else None


def _titled(lines: Lines) -> str | None:
    for line in lines[:_TITLES]:
        for piece in line:
            bare = " ".join(piece.text.split())
            found = labels.TITLE.match(plain(bare))
            if found and (code := _code(bare[found.end() :])):
                return code
    return None


def _of_issue(lines: Lines) -> Lines:
    """Without the labels of other days: when to pay, what was ordered, for which period."""
    return tuple(
        tuple(
            Piece(p.left, p.right, "" if labels.DUE.search(plain(p.text)) and day(p.text) is None else p.text)
            for p in line
        )
        for line in lines
    )


def _bare_day(lines: Lines) -> date | None:
    """The only piece at the top that is a day and nothing else."""
    alone = (piece.text for line in lines[:_TITLES] for piece in line if len(piece.text.split()) <= 5)
    found = {known for text in alone if (known := day(text)) and not labels.DUE.search(plain(text))}
    return found.pop() if len(found) == 1 else None


def _statement(lines: Lines) -> str:
    """The one statement that is named; "" where there are several."""
    named = {found.value for line in lines for found in find_statement_refs(text_of(line))}
    return named.pop() if len(named) == 1 else ""


def _is_credit(lines: Lines) -> bool:
    return any(labels.CREDIT.match(plain(piece.text)) for line in lines[:_TITLES] for piece in line)
