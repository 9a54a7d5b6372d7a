"""Reads exchange rates from a file: own rows of day, currency and rate, or the European Central Bank's history."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from crm.csv_table import LARGEST, Row, Table, read_table
from knowledge.commission.exchange import ExchangeRate

DIGITS = 12
"""Significant digits of a rate that is computed from the Bank's, which says how many units one euro buys."""

_EXACT = Context(prec=DIGITS, rounding=ROUND_HALF_UP)
_RATE = re.compile(r"[0-9]{1,12}(\.[0-9]{1,15})?", re.ASCII)
_CODE = re.compile(r"[a-z]{3}")
_NONE = frozenset({"n/a", "na", "-"})
_EURO = "EUR"
_SHOWN = 40
_LONGEST = 200  # characters of a source


@dataclass(frozen=True, slots=True)
class RatesRead:
    """Either rates and no faults, or faults and no rates. `bank`: the file is in the layout of the Bank's history."""

    rates: tuple[ExchangeRate, ...] = ()
    faults: tuple[str, ...] = ()
    bank: bool = False


def read_rates(data: bytes, base: str, currencies: tuple[str, ...], name: str = "") -> RatesRead:
    """Rates of `currencies` against `base`. Never raises; `name` is the file's, and the source where a row names none.

    In an own file a rate is what one unit of the currency is worth in `base`; another currency than those is a fault.
    Of the Bank's file the other currencies are passed over.
    """
    try:
        table = read_table(_unpacked(data))
    except ValueError as fault:
        return RatesRead(faults=(str(fault),))
    wanted = tuple(currency for currency in currencies if currency != base)
    if table.faults:
        return RatesRead(faults=table.faults)
    if _of_the_bank(table):
        return _finished(_bank(table, base, wanted), bank=True)
    if lacking := [column for column in ("day", "currency", "rate") if column not in table.columns]:
        said = f"line 1: there is no column {', '.join(lacking)}; an own file has day, currency, rate and maybe source"
        return RatesRead(faults=(said,))
    return _finished(_own(table, base, wanted, name[:_LONGEST]), bank=False)


def _finished(found: Iterator[ExchangeRate | str], *, bank: bool) -> RatesRead:
    everything = list(found)
    faults = tuple(one for one in everything if isinstance(one, str))
    rates = tuple(one for one in everything if isinstance(one, ExchangeRate))
    if not faults and not rates:
        faults = ("the file holds no rate of a currency of the program",)
    return RatesRead((), faults, bank) if faults else RatesRead(rates, (), bank)


def _unpacked(data: bytes) -> bytes:
    """The one CSV file of a zip archive, or the data themselves. Raises ValueError in words."""
    if not data.startswith(b"PK\x03\x04"):
        return data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            [only] = [entry for entry in archive.infolist() if entry.filename.lower().endswith(".csv")]
            with archive.open(only) as file:
                # One byte more than allowed tells that it is too large, whatever the archive states.
                return file.read(LARGEST + 1)
    except ValueError as fault:
        raise ValueError("the archive does not hold exactly one CSV file") from fault
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as fault:
        raise ValueError(f"the archive cannot be read: {fault}") from fault


def _of_the_bank(table: Table) -> bool:
    """A date, and then nothing but codes of currencies; its lines end with a comma."""
    rest = [column for column in table.columns[1:] if column]
    return table.columns[0] == "date" and bool(rest) and all(_CODE.fullmatch(column) for column in rest)


def _bank(table: Table, base: str, wanted: tuple[str, ...]) -> Iterator[ExchangeRate | str]:
    for row in table.rows:
        day = _day(row, "date")
        if isinstance(day, str):
            yield day
            continue
        per_euro = _per_euro(row)
        yield from (fault for fault in per_euro.values() if isinstance(fault, str))
        units = {c: rate for c, rate in per_euro.items() if isinstance(rate, Decimal)}
        if base in units:
            yield from (_worth(day, c, base, units) for c in wanted if c in units)


def _per_euro(row: Row) -> dict[str, Decimal | str]:
    """How many units of each currency one euro buys; a text where that cannot be read."""
    found: dict[str, Decimal | str] = {_EURO: Decimal(1)}
    for column, cell in row.cells.items():
        if column != "date" and cell.casefold() not in _NONE:
            found[column.upper()] = _number(row, column, cell)
    return found


def _worth(day: date, currency: str, base: str, per_euro: Mapping[str, Decimal]) -> ExchangeRate:
    exact = Fraction(per_euro[base]) / Fraction(per_euro[currency])
    rate = _EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    through = "" if base == _EURO else f", {per_euro[base]} {base}"
    return ExchangeRate(currency, day, rate, f"ECB: EUR 1 = {per_euro[currency]} {currency}{through}")


def _own(table: Table, base: str, wanted: tuple[str, ...], name: str) -> Iterator[ExchangeRate | str]:
    seen: dict[tuple[str, date], tuple[int, Decimal]] = {}
    for row in table.rows:
        found = _own_rate(row, base, wanted, name)
        if isinstance(found, ExchangeRate):
            line, rate = seen.setdefault((found.currency, found.day), (row.line, found.rate))
            if rate != found.rate:
                yield f"line {row.line}: {found.currency} of {found.day} has another rate on line {line}"
                continue
        yield found


def _own_rate(row: Row, base: str, wanted: tuple[str, ...], name: str) -> ExchangeRate | str:
    day = _day(row, "day")
    currency = row.cells.get("currency", "").upper()
    rate = _number(row, "rate", row.cells.get("rate", ""))
    if isinstance(day, str):
        return day
    if currency not in wanted:
        said = f"is {base} itself" if currency == base else f"is not one of {', '.join(wanted)}"
        return f"line {row.line}: currency {currency[:_SHOWN]!r} {said}"
    if isinstance(rate, str):
        return rate
    source = row.cells.get("source", name)[:_LONGEST]
    return ExchangeRate(currency, day, rate, "".join(sign for sign in source if sign.isprintable()))


def _day(row: Row, column: str) -> date | str:
    cell = row.cells.get(column, "")
    try:
        if len(cell) == len("2026-10-12"):
            return date.fromisoformat(cell)
    except ValueError:
        pass
    return f"line {row.line}: {column} {cell[:_SHOWN]!r} is no day such as 2026-10-12"


def _number(row: Row, column: str, cell: str) -> Decimal | str:
    """Digits with a decimal point at most: a comma would be read one way here and another there."""
    if not _RATE.fullmatch(cell) or Decimal(cell) <= 0:
        return f"line {row.line}: {column} {cell[:_SHOWN]!r} is no rate above zero such as 0.9217"
    return Decimal(cell)
