"""How a cell becomes a field of a deal: numbers, days, products and terms as they are read from a text as well."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from bot.readers.builtin.amount_basis import basis_around
from bot.readers.builtin.amounts import find_numbers
from bot.readers.builtin.currencies import currency_of
from bot.readers.builtin.dates import find_dates
from bot.readers.builtin.mentions import Mention, without_overlaps
from bot.readers.builtin.products import ProductFinder
from bot.readers.builtin.quantities import find_terms
from bot.readers.sheets.grid import Cell
from bot.readers.sheets.headings import Column
from crm.records import AmountBasis

_NEGATIVE = re.compile(r"\s*(?:[-−–]|\()\s*[^\d\s]{0,3}\s*\d")
_NOTHING = frozenset(
    {"-", "--", "–", "—", "n/a", "n.a.", "na", "k.a.", "tbd", "tbc", "?", "none", "null", "nvt", "s.o."}
)
_TEXTS = ("customer", "customer_domain", "contact_name", "contact_email", "contact_phone")
_MOST_CURRENCIES = 3


@dataclass(slots=True)
class Said:
    """What one row says: values by the names of `DealFields`, and what could not be read."""

    values: dict[str, Any] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)


class CellReader:
    """Reads the cells of one table; `days` are the days that its column of dates says, by what is written."""

    def __init__(self, products: ProductFinder, language: str, days: Mapping[str, date]) -> None:
        self._products = products
        self._language = language
        self._days = days
        self._read: Mapping[str, Callable[[Cell, Column], dict[str, Any]]] = {
            **dict.fromkeys(_TEXTS, _text),
            "amount": self._amount,
            "currency": _currency,
            "amount_basis": _basis,
            "close_date": self._day,
            "products": self._product,
            "quantity": self._count,
            "term_months": self._term,
        }

    def read(self, cells: Mapping[int, Cell], columns: Mapping[int, Column]) -> Said:
        """A column of its own for the currency or the basis says more than a heading or a cell's format."""
        said = Said()
        for place, column in sorted(
            columns.items(), key=lambda pair: pair[1].field not in ("currency", "amount_basis")
        ):
            cell = cells.get(place)
            if cell is None or cell.is_empty or cell.text.casefold() in _NOTHING:
                continue
            if cell.lacks_value:
                said.formulas.append(column.field)
                continue
            values = {} if cell.is_error else self._read[column.field](cell, column)
            if not values:
                said.unread.append(column.field)
            for name, value in values.items():
                said.values.setdefault(name, value)
        return said

    def _amount(self, cell: Cell, column: Column) -> dict[str, Any]:
        found = self._number(cell)
        if found is None:
            return {}
        currency = found.currency or currency_of(cell.money) or column.currency
        basis = found.basis or column.basis
        said: dict[str, Any] = {"amount": Decimal(found.value)}
        return said | ({"currency": currency} if currency else {}) | ({"amount_basis": _known(basis)} if basis else {})

    def _count(self, cell: Cell, _: Column) -> dict[str, Any]:
        found = self._number(cell)
        number = Decimal(found.value) if found else None
        whole = number is not None and number == number.to_integral_value() and number < 10**9
        return {"quantity": int(number)} if number is not None and whole else {}

    def _number(self, cell: Cell) -> Mention | None:
        """The one number of a cell; a negative one, and one of several, is none."""
        if cell.day is not None or _NEGATIVE.match(cell.shown):
            return None
        text = cell.shown if cell.number is None else f"{cell.shown} {cell.money}".rstrip()
        found = without_overlaps(find_numbers(text, self._language))
        if cell.number is not None:
            exact = cell.number
            return Mention(found[0].kind, 0, 0, format(exact, "f"), found[0].currency) if found else None
        return found[0] if len(found) == 1 else None

    def _day(self, cell: Cell, _: Column) -> dict[str, Any]:
        day = cell.day or self._days.get(cell.text)
        return {"close_date": day} if day else {}

    def _product(self, cell: Cell, _: Column) -> dict[str, Any]:
        named = tuple(dict.fromkeys(mention.value for mention in without_overlaps(self._products.find(cell.shown))))
        return {"products": named} if named else {}

    def _term(self, cell: Cell, column: Column) -> dict[str, Any]:
        """Months; a bare number is in what the heading says."""
        terms = [m.value for m in find_terms(cell.shown, self._language)] if cell.number is None else []
        if terms:
            return {"term_months": int(terms[0])} if len(set(terms)) == 1 else {}
        found = self._count(cell, column).get("quantity")
        return {"term_months": found * (12 if column.years else 1)} if found else {}


def days_of(cells: Sequence[str], language: str, received: date, currencies: Sequence[str]) -> dict[str, date]:
    """The day that each text of a column says. They are read together, since one of them may tell whether months
    stand first; so may the currencies, as in a message.
    """
    lines = list(dict.fromkeys(cells))
    text = "\n".join([*lines, " ".join(currencies[:_MOST_CURRENCIES])])
    starts, place = {}, 0
    for line in lines:
        starts[line] = place
        place += len(line) + 1
    found = without_overlaps(find_dates(text, language, received))
    days: dict[str, date] = {}
    for line, start in starts.items():
        within = {m.value for m in found if start <= m.start and m.end <= start + len(line)}
        if len(within) == 1:
            days[line] = date.fromisoformat(within.pop())
    return days


def _text(cell: Cell, column: Column) -> dict[str, Any]:
    return {column.field: cell.shown}


def _currency(cell: Cell, _: Column) -> dict[str, Any]:
    found = currency_of(cell.shown)
    code = cell.shown.upper() if len(cell.shown) == 3 and cell.shown.isascii() and cell.shown.isalpha() else ""
    return {"currency": found or code} if found or code else {}


def _basis(cell: Cell, _: Column) -> dict[str, Any]:
    found = basis_around(f" {cell.shown}", 0, 0) or basis_around(f" per {cell.shown}", 0, 0)
    return {"amount_basis": _known(found)} if found else {}


def _known(basis: str) -> AmountBasis:
    return AmountBasis(basis)
