"""How a cell of an import of payments or milestones becomes a value; docs/connect-billing.md lists the columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from babel.numbers import get_currency_precision

from crm.csv_cells import word
from crm.csv_table import Row, Table
from crm.records import Deal, PaymentKind

_LONGEST = 200  # characters of a cell
_SHOWN = 60  # characters of a wrong cell
_NUMBER = re.compile(r"-?[0-9]{1,15}([.,][0-9]{1,9})?", re.ASCII)
_MARKED = re.compile(r"-?[0-9]{1,3}([.,' \u00a0\u202f\u2019][0-9]{3})+([.,][0-9]+)?", re.ASCII)
_ISO_DAY = len("2026-10-12")
_ABOUT_NUMBERS = "write digits with a decimal point, such as 1200.50, and no marks for thousands"


@dataclass(frozen=True, slots=True)
class Selling:
    """What the program sells: its products by each of their names in lower case, those sold once, its currencies."""

    products: Mapping[str, str]
    one_off: frozenset[str] = frozenset()
    currencies: tuple[str, ...] = ("EUR",)

    def kind(self, products: Sequence[str]) -> PaymentKind:
        """What is paid for these in their first term, where nobody says more."""
        once = bool(products) and all(product in self.one_off for product in products)
        return PaymentKind.ONE_OFF if once else PaymentKind.RECURRING


@dataclass(slots=True)
class Faults:
    """Collects what is wrong, each with its line."""

    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, fault: str) -> None:
        self.found.append((line, fault))

    def told(self) -> tuple[str, ...]:
        return tuple(f"line {line}: {fault}" for line, fault in sorted(self.found))


def header_faults(table: Table, known: Sequence[str], needed: Sequence[str]) -> Iterator[str]:
    """Columns that nobody knows, that stand there twice, or that are missing."""
    if not table.columns:
        return
    for column in dict.fromkeys(table.columns):
        if column and column not in known:
            yield f"line 1: no column is called {column[:_SHOWN]!r}; known are {', '.join(known)}"
        if column and table.columns.count(column) > 1:
            yield f"line 1: the column {column[:_SHOWN]!r} stands there twice"
    for column in needed:
        if column not in table.columns:
            yield f"line 1: the column {column!r} is missing"
    if not table.rows:
        yield "the file has no row below its columns"


def by_name(deals: Sequence[Deal]) -> Mapping[str, Deal]:
    """Deals by their id and, before others' ids, by their number; upper and lower case are the same."""
    named = {deal.id.casefold(): deal for deal in deals}
    return named | {deal.number.casefold(): deal for deal in deals}


def name(row: Row, column: str) -> str:
    """A text of one line. Raises ValueError."""
    return word(row.cells.get(column, ""), _LONGEST)


def day(row: Row, column: str) -> date | None:
    """None for an empty cell. Raises ValueError for anything but an ISO day: 3/4 is another day here and there."""
    cell = row.cells.get(column)
    if cell is None:
        return None
    try:
        if len(cell) == _ISO_DAY:
            return date.fromisoformat(cell)
    except ValueError:
        pass
    raise ValueError(f"{cell[:_SHOWN]!r} is no day such as 2026-10-12")


def needed_day(row: Row, column: str) -> date:
    found = day(row, column)
    if found is None:
        raise ValueError("is missing; write a day such as 2026-10-12")
    return found


def currency(row: Row, selling: Selling) -> str:
    cell = row.cells.get("currency", "").upper()
    if cell not in selling.currencies:
        raise ValueError(f"{cell[:_SHOWN]!r} is not one of {', '.join(selling.currencies)}")
    return cell


def product(row: Row, selling: Selling) -> str:
    """The product's own name, "" for an empty cell."""
    cell = name(row, "product")
    if not cell:
        return ""
    found = selling.products.get(cell.casefold())
    if found is None:
        known = ", ".join(dict.fromkeys(selling.products.values()))
        raise ValueError(f"{cell[:_SHOWN]!r} is not one of {known}")
    return found


def kind(row: Row, otherwise: PaymentKind) -> PaymentKind:
    cell = row.cells.get("kind", "").casefold().replace("-", "_").replace(" ", "_")
    if not cell:
        return otherwise
    if cell not in set(PaymentKind):
        raise ValueError(f"{cell[:_SHOWN]!r} is not one of {', '.join(PaymentKind)}")
    return PaymentKind(cell)


def amount(row: Row, code: str) -> Decimal:
    """A sum other than zero, with no more decimals than the currency has. Raises ValueError."""
    cell = row.cells.get("amount", "").replace("\u2212", "-")
    found = number(cell)
    decimals = get_currency_precision(code)
    if len(cell.replace(",", ".").partition(".")[2]) > decimals:
        raise ValueError(f"{cell!r} has more than the {decimals} decimals of {code}; {_ABOUT_NUMBERS}")
    if not found:
        raise ValueError("is zero")
    return found


def number(cell: str) -> Decimal:
    """Digits with a point, or with a comma that can only be a decimal one. Raises ValueError."""
    if not cell:
        raise ValueError("is missing")
    if _MARKED.fullmatch(cell) and (not _NUMBER.fullmatch(cell) or "," in cell):
        raise ValueError(f"{cell[:_SHOWN]!r} may hold marks for thousands; {_ABOUT_NUMBERS}")
    if not _NUMBER.fullmatch(cell):
        raise ValueError(f"{cell[:_SHOWN]!r} is no number; {_ABOUT_NUMBERS}")
    return Decimal(cell.replace(",", "."))
