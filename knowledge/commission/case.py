"""One deal with everything that its commission rests on, as the rules see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from crm.records import Deal, Milestone, MilestoneKind
from knowledge.commission.cash import Cash
from knowledge.commission.derivation import NoQuote, Step
from knowledge.commission.exchange import RateTable
from knowledge.commission.worth import Worth
from knowledge.program import Plan, Program, Tier


@dataclass(slots=True, eq=False)
class Case:
    """`worth` is what the deal is worth as entered, or why that cannot be said. `start` is the first day of service.

    `won_on` is None while it is not won. `weights` are the partners that share it, empty for one alone. `told` are the
    steps that every line of it begins with. `assumed` marks a deal that is reckoned as if it closed `today`: then
    every moment is reached.
    """

    program: Program
    plan: Plan
    partner_id: str
    deal: Deal
    tier: Tier
    rates: RateTable
    today: date
    worth: Worth | NoQuote
    currency: str
    won_on: date | None = None
    influenced: bool = False
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    start: date | None = None
    cash: tuple[Cash, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    told: tuple[Step, ...] = ()
    assumed: bool = False
    _gap: tuple[date | None] | None = field(default=None, init=False)

    @property
    def unpaid_from(self) -> date | None:
        """The first day of service that nobody paid for, although a later one is paid; found once."""
        if self._gap is None:
            known = sorted((c.start, c.end) for c in self.cash if c.paid is None and c.start and c.end)
            self._gap = (_first_gap(known),)
        return self._gap[0]

    @property
    def plan_key(self) -> str:
        return f"{self.plan.id}@{self.plan.version}"

    @property
    def number(self) -> str:
        """The deal's number, "" for a deal of another partner, which only that one knows."""
        return self.deal.number if self.deal.partner_id == self.partner_id else ""

    @property
    def live_on(self) -> date | None:
        found = self.first(MilestoneKind.GO_LIVE)
        return found.on if found else None

    def first(self, kind: MilestoneKind) -> Milestone | None:
        """The earliest milestone of a kind; they are kept in order."""
        return next((m for m in self.milestones if m.kind is kind), None)

    def all_of(self, kind: MilestoneKind) -> tuple[Milestone, ...]:
        return tuple(m for m in self.milestones if m.kind is kind)


def _first_gap(periods: list[tuple[date, date]]) -> date | None:
    until = periods[0][0] if periods else None
    for start, end in periods:
        if until is None or start > until:
            return until
        until = max(until, end + timedelta(days=1))
    return None
