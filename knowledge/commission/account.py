"""Everything that one partner's commission rests on, and what comes of it: lines, what is still to come, doubts."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from crm.money import Money
from crm.records import Deal, Milestone, Partner, Payment, Registration
from knowledge.commission.derivation import Step


@dataclass(frozen=True, slots=True)
class TierSince:
    """A tier and the first day on which the partner had it."""

    since: date
    tier: str


@dataclass(frozen=True, slots=True)
class TierHistory:
    """The tiers of a partner, the oldest first; before the first of them the partner had that one, too."""

    entries: tuple[TierSince, ...] = ()

    def on(self, day: date) -> str:
        """The tier's name on that day, "" where nothing is known."""
        if not self.entries:
            return ""
        place = bisect_right([entry.since for entry in self.entries], day)
        return self.entries[max(place - 1, 0)].tier


@dataclass(frozen=True, slots=True)
class Posted:
    """As much of a stored line as later lines of its series depend on; `key`, `event` and `part` are those of the line.

    What a person entered runs in a series of its own ("correction|..."), which no rule ever recomputes.
    """

    key: str
    series: str
    event: str
    part: str
    earned_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Account:
    """Records of one partner and of nobody else. `deals` are its own and those that it influenced (see `Deal.others`),
    `payments` and `milestones` those of these deals and the partner's own; `posted` lines never change. For the deals
    `earned_before` another partner has earned that has no part in them any more.
    """

    partner: Partner
    deals: tuple[Deal, ...] = ()
    payments: tuple[Payment, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    registrations: tuple[Registration, ...] = ()
    tiers: TierHistory = TierHistory()
    posted: tuple[Posted, ...] = ()
    earned_before: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """One earned sum, rounded once, with its derivation.

    `key` is "plan@version|partner|subject|event|part": the same event twice is one line. `series` is what its
    cumulative total runs over (a deal, a partner's quarter). `event` is the id of the payment or milestone that
    triggered it on `earned_on`. The deal's fields are empty for a reward apart from deals. `rate` is None for a flat
    sum; `tier` the one that counted. `reverses` is the key of a line that this one takes back or corrects.
    """

    key: str
    partner_id: str
    plan_id: str
    plan: str
    version: str
    series: str
    event: str
    part: str
    earned_on: date
    amount: Money
    base: Money
    rate: Decimal | None
    tier: str
    steps: tuple[Step, ...]
    deal_id: str = ""
    deal_number: str = ""
    customer: str = ""
    reverses: str = ""


class Awaits(StrEnum):
    """What a sum that is still to come waits for."""

    WIN = "win"
    PAYMENT = "payment"
    GO_LIVE = "go_live"
    CSAT = "csat"
    PERIOD = "period"
    USAGE = "usage"
    STAGE = "stage"


@dataclass(frozen=True, slots=True)
class ToCome:
    """What a deal will bring beyond its lines, if it goes on as entered. `on` is the day where one is known."""

    deal_number: str
    customer: str
    plan: str
    version: str
    part: str
    amount: Money
    awaits: Awaits
    on: date | None
    steps: tuple[Step, ...]


class DoubtKind(StrEnum):
    """Why something earns no line until a person has seen to it."""

    TWO_SOURCED = "two_sourced"
    NO_PARTNER = "no_partner"
    NO_PLAN = "no_plan"
    UNKNOWN_TIER = "unknown_tier"
    UNKNOWN_PRODUCT = "unknown_product"
    NO_RATE = "no_rate"
    NO_AMOUNT = "no_amount"
    NO_PERIOD = "no_period"
    REFUND_UNNAMED = "refund_unnamed"
    CSAT_OVERDUE = "csat_overdue"
    UNREGISTERED = "unregistered"
    NOT_WON = "not_won"
    PARTS_GUESSED = "parts_guessed"
    DEAL_GONE = "deal_gone"
    NO_MARGIN = "no_margin"


@dataclass(frozen=True, slots=True)
class Doubt:
    """For the manager: `text` is English and says what would settle it. `key` is the same for the same doubt.

    A line is held back by it where `blocks`; else the line stands and a person only looks at it.
    """

    key: str
    kind: DoubtKind
    deal_number: str
    text: str
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class Earnings:
    """`lines` are new: none of them is among the posted ones. `to_come` is of won deals only.

    `nothing` are payments that earn nothing, each a line of zero with the reason; they are told and never posted. (A
    line of zero among `lines` keeps its place in a quarter's volume, such as one that a cap cut whole.)
    """

    lines: tuple[Line, ...] = ()
    to_come: tuple[ToCome, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    nothing: tuple[Line, ...] = ()
