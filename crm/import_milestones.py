"""Reads what happened beside payments from a CSV file: all of it, or every fault in it and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from crm import csv_sums
from crm.csv_sums import Faults, by_name, header_faults
from crm.csv_table import Row, Table
from crm.records import Deal, Milestone, MilestoneKind, Partner
from crm.same_again import Compared, compared

COLUMNS = ("milestone", "kind", "on", "deal", "partner", "subject", "value")
_T = TypeVar("_T")
_NEEDED = ("kind", "on")
_SHOWN = 60
_WORST, _BEST = 1, 5  # of a CSAT


@dataclass(frozen=True, slots=True)
class _Needs:
    """What a kind of milestone must say; `once`: the same subject is the same milestone, on whatever day."""

    deal: bool = False
    subject: str = ""
    value: str = ""
    once: bool = False


_KINDS: Mapping[MilestoneKind, _Needs] = {
    MilestoneKind.STAGE: _Needs(deal=True, subject="the stage's name"),
    MilestoneKind.GO_LIVE: _Needs(deal=True, once=True),
    MilestoneKind.CSAT: _Needs(deal=True, value="the average of 1 to 5"),
    MilestoneKind.USAGE: _Needs(deal=True, subject="the metric", value="how much of it"),
    MilestoneKind.MEETING: _Needs(subject="whom the partner met", once=True),
    MilestoneKind.CERTIFICATION: _Needs(subject="the person", once=True),
    MilestoneKind.EVENT: _Needs(subject="the event", value="how many opportunities it created", once=True),
}


def named_deals(table: Table) -> frozenset[str]:
    """What the file calls deals: their numbers or ids, as they are written."""
    return frozenset(row.cells["deal"] for row in table.rows if "deal" in row.cells)


@dataclass(frozen=True, slots=True)
class Drafted:
    milestones: tuple[Milestone, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        return frozenset(milestone.id for milestone in self.milestones)

    def compared(self, known: Iterable[Milestone]) -> Compared[Milestone]:
        """What of it is new and what changes; `known` are the CRM's own of these names."""
        return compared(self.milestones, {milestone.id: milestone for milestone in known}, self.faults)


def draft_milestones(table: Table, deals: Iterable[Deal], partners: Iterable[Partner]) -> Drafted:
    """`deals` are those that the CRM has of the named ones; a partner is known by its name or id."""
    if unreadable := (*header_faults(table, COLUMNS, _NEEDED), *table.faults):
        return Drafted(faults=unreadable)
    partners = tuple(partners)
    named = {p.id.casefold(): p for p in partners} | {p.name.casefold(): p for p in partners}
    reading = _Reading(by_name(tuple(deals)), named, Faults())
    found = tuple(reading.milestones(table))
    faults = reading.faults.told()
    return Drafted((), faults) if faults else Drafted(found)


@dataclass(frozen=True, slots=True)
class _Reading:
    deals: Mapping[str, Deal]
    partners: Mapping[str, Partner]
    faults: Faults

    def milestones(self, table: Table) -> Iterator[Milestone]:
        seen: dict[str, int] = {}
        for row in table.rows:
            try:
                milestone = self._milestone(row)
            except ValueError as fault:
                self.faults.add(row.line, str(fault))
                continue
            line = seen.setdefault(milestone.id, row.line)
            if line != row.line:
                self.faults.add(row.line, f"says the same as line {line}")
            yield milestone

    def _milestone(self, row: Row) -> Milestone:
        kind = _kind(row)
        needs = _KINDS[kind]
        deal = self._deal(row, needs, kind)
        partner_id = self._partner(row, deal)
        on = _said("on", lambda: csv_sums.needed_day(row, "on"))
        subject = _said("subject", lambda: csv_sums.name(row, "subject"))
        if needs.subject and not subject:
            raise ValueError(f"a {kind} needs a subject: {needs.subject}")
        value = _value(row, kind, needs)
        given = _said("milestone", lambda: csv_sums.name(row, "milestone"))
        own_id = given or _derived(partner_id, deal.id if deal else "", kind, subject, None if needs.once else on)
        return Milestone(own_id, partner_id, kind, on, deal.id if deal else "", subject, value)

    def _deal(self, row: Row, needs: _Needs, kind: MilestoneKind) -> Deal | None:
        cell = row.cells.get("deal", "")
        deal = self.deals.get(cell.casefold())
        if deal is None and cell:
            raise ValueError(f"deal {cell[:_SHOWN]!r} is no deal's number or id in the CRM")
        if deal is None and needs.deal:
            raise ValueError(f"a {kind} needs a deal")
        return deal

    def _partner(self, row: Row, deal: Deal | None) -> str:
        cell = row.cells.get("partner", "")
        partner = self.partners.get(cell.casefold())
        if partner is None and cell:
            raise ValueError(f"partner {cell[:_SHOWN]!r} is no partner's name or id in the CRM")
        if partner is not None and deal is not None and deal.partner_id != partner.id:
            raise ValueError(f"{deal.number} is no deal of {partner.name}")
        if partner is None and deal is None:
            raise ValueError("needs a partner, or a deal of one")
        return partner.id if partner else deal.partner_id if deal else ""


def _said(column: str, read: Callable[[], _T]) -> _T:
    """A fault about a cell names its column."""
    try:
        return read()
    except ValueError as fault:
        raise ValueError(f"{column} {fault}") from fault


def _kind(row: Row) -> MilestoneKind:
    cell = row.cells.get("kind", "").casefold().replace("-", "_").replace(" ", "_")
    if cell not in set(MilestoneKind):
        raise ValueError(f"kind {cell[:_SHOWN]!r} is not one of {', '.join(MilestoneKind)}")
    return MilestoneKind(cell)


def _value(row: Row, kind: MilestoneKind, needs: _Needs) -> Decimal | None:
    cell = row.cells.get("value", "")
    if not needs.value:
        if cell:
            raise ValueError(f"a {kind} has no value")
        return None
    if not cell:
        raise ValueError(f"a {kind} needs a value: {needs.value}")
    value = _said("value", lambda: csv_sums.number(cell))
    if kind is MilestoneKind.CSAT and not _WORST <= value <= _BEST:
        raise ValueError(f"value {cell[:_SHOWN]!r} is not from 1 to 5")
    if kind is MilestoneKind.EVENT and value != value.to_integral_value():
        raise ValueError(f"value {cell[:_SHOWN]!r} is no whole number of opportunities")
    if value < 0:
        raise ValueError(f"value {cell[:_SHOWN]!r} is below zero")
    return value


def _derived(partner_id: str, deal_id: str, kind: MilestoneKind, subject: str, on: date | None) -> str:
    """The same for the same thing that happened, so that importing again changes nothing or corrects it."""
    said = (partner_id, deal_id, kind, " ".join(subject.casefold().split()), on.isoformat() if on else "")
    return f"milestone-{hashlib.sha256('|'.join(said).encode()).hexdigest()[:16]}"
