"""Reads partners and their contacts from a CSV file: all of them, or every fault in it and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crm import csv_cells
from crm.csv_cells import Allowed, Read
from crm.csv_records import Draft, Person, RecordBuilder
from crm.csv_table import Row, Table, read_table
from crm.records import Contact, Partner

__all__ = ["COLUMNS", "Allowed", "Imported", "read_partners"]

_Columns = Mapping[str, tuple[str, Read]]

_PARTNER: _Columns = {("partner" if name == "name" else name): (name, read) for name, read in csv_cells.PARTNER.items()}
_CONTACT: _Columns = {f"contact_{name}": (name, read) for name, read in csv_cells.CONTACT.items()}
COLUMNS = (*_PARTNER, *_CONTACT)
_SHOWN = 60  # characters of a wrong cell

_Faults = list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Imported:
    """Complete records to save, partners first. With `faults`, each naming its line, there are no records."""

    partners: tuple[Partner, ...] = ()
    contacts: tuple[Contact, ...] = ()
    faults: tuple[str, ...] = ()


def read_partners(
    data: bytes, allowed: Allowed, partners: Iterable[Partner] = (), contacts: Iterable[Contact] = ()
) -> Imported:
    """`partners` and `contacts` are those the CRM has: a partner is known again by its name, a contact by its address,
    and what the file leaves empty stays as it is (an opt-out above all). Ids of new ones follow from name and address.
    """
    table = read_table(data)
    if unreadable := (*_header_faults(table), *table.faults):
        return Imported(faults=unreadable)
    faults: _Faults = []
    builder = RecordBuilder(partners, contacts)
    for draft in _drafts(table, allowed, faults):
        builder.add(draft)
    faults += builder.faults
    if faults:
        return Imported(faults=tuple(f"line {line}: {fault}" for line, fault in sorted(faults)))
    return Imported(tuple(builder.partners), tuple(builder.contacts))


def _header_faults(table: Table) -> Iterator[str]:
    if not table.columns:
        return
    for column in dict.fromkeys(table.columns):
        if column and column not in COLUMNS:
            yield f"line 1: no column is called {column[:_SHOWN]!r}; known are {', '.join(COLUMNS)}"
        if column and table.columns.count(column) > 1:
            yield f"line 1: the column {column[:_SHOWN]!r} stands there twice"
    if "partner" not in table.columns:
        yield "line 1: the column 'partner' is missing"
    elif not table.rows:
        yield "the file names no partner"


def _drafts(table: Table, allowed: Allowed, faults: _Faults) -> list[Draft]:
    """One for each partner; a row without a partner's name goes on with the partner of the row above."""
    drafts: dict[str, Draft] = {}
    current: Draft | None = None
    for row in table.rows:
        if name := row.cells.get("partner"):
            current = drafts.setdefault(name.casefold(), Draft(row.line, name))
        if current is None:
            faults.append((row.line, "the partner's name is missing"))
            continue
        before = len(faults)
        _hear(current, row, allowed, faults)
        current.broken |= len(faults) > before
    return list(drafts.values())


def _hear(draft: Draft, row: Row, allowed: Allowed, faults: _Faults) -> None:
    for name, value in _values(row, _PARTNER, allowed, faults).items():
        line = draft.lines.setdefault(name, row.line)
        if name != "name" and draft.said.get(name, value) != value:
            faults.append((row.line, f"{draft.name} has another {name} on line {line}"))
        draft.said.setdefault(name, value)
    person = _values(row, _CONTACT, allowed, faults)
    if person:
        draft.people.append(Person(row.line, person, finance=bool(person.pop("finance", False))))


def _values(row: Row, columns: _Columns, allowed: Allowed, faults: _Faults) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column, (name, read) in columns.items():
        cell = row.cells.get(column)
        if cell is None:
            continue
        try:
            values[name] = read(cell, allowed)
        except ValueError as fault:
            faults.append((row.line, f"{column} {_quoted(cell, str(fault))}"))
    return values


def _quoted(cell: str, fault: str) -> str:
    """A fault about one word in the cell names that word itself; any other is about the whole cell."""
    return fault if fault.startswith("'") else f"{cell[:_SHOWN]!r} {fault}"
