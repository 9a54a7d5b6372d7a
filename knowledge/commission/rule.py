"""The contract of commission rules: what each step of the evaluation is given, and what a file in `rules/` provides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Protocol

from crm.money import Money
from crm.records import Milestone, PaymentKind
from knowledge.commission.account import Awaits
from knowledge.commission.case import Case
from knowledge.commission.cash import Cash
from knowledge.commission.derivation import NoQuote, Step
from knowledge.commission.rate_line import RateKey, RateLine
from knowledge.program import Tier

Trace = list[Step]
NOTHING = Decimal(0)
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Reached:
    """A moment that a trigger or a part waits for: the day, and the id of what made it so."""

    on: date
    event: str
    milestone: Milestone | None = None


@dataclass(slots=True, eq=False)
class Entry:
    """One thing that may earn: a payment or a part of one, a refund of it, or a moment.

    `amount` is its sum in `currency`, before a base's limit; no `cash` marks a moment. `piece` and `year` tell apart
    what comes of one event. `number` is the renewal's, `since` the first day of service, `earned_on` the day on which
    what a refund takes back was or will be earned.
    """

    case: Case
    event: str
    on: date
    currency: str
    amount: Decimal
    items: Sequence[tuple[str, Decimal]] = ()
    cash: Cash | None = None
    moment: Reached | None = None
    piece: str = ""
    number: int = 0
    year: int = 0
    since: date | None = None
    earned_on: date | None = None
    cut: bool = False
    scaled: Decimal | None = None
    told: Step | None = None
    exchange: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Nothing:
    """A payment (or a part of it) that earns nothing, and why. `waits` for something that may still come."""

    cash: Cash
    why: Step
    waits: Awaits | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Counting:
    """How cash counts toward a base: at most `ceiling` on the deal, `ratio` of each sum, the first `years` only.

    `steps` are told of a base that is earned at once. `hidden` bases are never shown.
    """

    ceiling: Decimal | None = None
    ratio: Decimal | None = None
    years: int = 0
    steps: tuple[Step, ...] = ()
    hidden: bool = False


@dataclass(slots=True, eq=False)
class Sale:
    """What one entry adds to its series, in the series' currency; `memory` is the series' own, by event.

    `before` and `after` are the series' volume, `deal_before` and `deal_after` the deal's part of it.
    """

    entry: Entry
    value: Decimal
    before: Decimal
    after: Decimal
    deal_before: Decimal
    deal_after: Decimal
    currency: str
    target: Money | None
    memory: dict[str, Decimal]

    @property
    def tier(self) -> Tier:
        return self.entry.case.tier

    def of_product(self, product: str) -> Decimal:
        """How much of the value is for that product."""
        entry = self.entry
        part = sum((amount for name, amount in entry.items if name == product), start=NOTHING)
        whole = sum((amount for _, amount in entry.items), start=NOTHING)
        return self.value if part == whole else self.value * part / whole if whole else NOTHING


class Rule(Protocol):
    """Rules have no state and no clock; what they know is in their fields, checked when the program is loaded."""

    rule: ClassVar[str]


class Trigger(Rule, Protocol):
    """When something is earned."""

    cash: ClassVar[bool]  # whether cash triggers it; else it is one moment of the deal

    def entries(self, case: Case) -> Iterator[Entry | Nothing]:
        """What has happened on the deal by now, refunds of it too."""
        ...

    def tells(self, entry: Entry) -> Step: ...

    def covers(self, product: str, kind: PaymentKind) -> bool:
        """Whether cash of that kind for that product may earn; a trigger that is no cash covers all."""
        ...

    def products(self) -> tuple[str, ...]:
        """Products named, to be looked up in the catalogue."""
        ...

    def rated(self, line: RateLine) -> RateLine:
        """The line of a rate in this trigger's own words, where it has any."""
        ...

    def lines(self) -> tuple[RateLine, ...]:
        """What is told of it beside the rate."""
        ...


class Gate(Rule, Protocol):
    """A moment that a part of a commission waits for."""

    def reached(self, case: Case) -> Reached | None: ...

    def missing(self, case: Case) -> Awaits:
        """What it waits for while it is not reached."""
        ...

    def told(self, reached: Reached) -> Step: ...

    def part_line(self, share: Decimal) -> RateLine: ...


class Base(Rule, Protocol):
    """What a rate is taken of."""

    key: ClassVar[RateKey]
    needs_cash: ClassVar[bool]

    def of_cash(self, case: Case) -> Counting | NoQuote:
        """How each sum collected counts."""
        ...

    def at_once(self, case: Case) -> Counting | NoQuote:
        """The whole base as `ceiling`, for a trigger that is no cash."""
        ...


class Points(Protocol):
    def __call__(self, base_rate: Decimal) -> Decimal: ...


class Rate(Rule, Protocol):
    """What a sale earns, unrounded, and its rate where that is one."""

    in_program_currency: ClassVar[bool]  # whether it compares with sums in the program's currency

    @property
    def years(self) -> int:
        """How many service years it knows; 0 where they do not matter."""
        ...

    def earned(self, sale: Sale, trace: Trace | None) -> tuple[Decimal, Decimal | None]: ...

    def lines(self, key: RateKey, points: Points) -> tuple[RateLine, ...]:
        """What is told of it; `key` is the base's, `points` what the tier makes of a rate."""
        ...


class Addition(Rule, Protocol):
    """What is added to a rate, or stands in its place."""

    def apply(
        self, sale: Sale, raw: Decimal, rate: Decimal | None, trace: Trace | None
    ) -> tuple[Decimal, Decimal | None]: ...

    def points(self, base_rate: Decimal, tier: Tier) -> Decimal:
        """The rate as it is told at a tier."""
        ...

    def lines(self) -> tuple[RateLine, ...]: ...

    def products(self) -> tuple[str, ...]:
        """Products named, to be looked up in the catalogue."""
        ...

    def tiers(self) -> tuple[str, ...]:
        """Tiers named, to be looked up in the program."""
        ...


class Accelerator(Rule, Protocol):
    def points_on(self, sale: Sale, trace: Trace | None) -> Decimal: ...

    def lines(self) -> tuple[RateLine, ...]: ...


class Cap(Rule, Protocol):
    def limited(self, total: Decimal) -> Decimal:
        """The series' total, at most the cap; in the program's currency."""
        ...

    def tells(self, cut: Decimal, currency: str) -> Step: ...

    def lines(self, *, quarterly: bool) -> tuple[RateLine, ...]: ...


class Schedule(Rule, Protocol):
    """Which of the entries count at all, by time."""

    @property
    def span(self) -> int:
        """Months at which a payment for a longer period is cut; 0: it is not."""
        ...

    def refused(self, entry: Entry) -> Step | None:
        """Why an entry earns nothing any more, None where it does."""
        ...

    def lines(self) -> tuple[RateLine, ...]: ...


class Clawback(Rule, Protocol):
    @property
    def days(self) -> int | None: ...

    def in_time(self, paid_on: date, refunded_on: date) -> bool: ...


class Split(Rule, Protocol):
    def weights(self, shares: Mapping[str, Decimal | None]) -> Mapping[str, Decimal] | None:
        """The parts of partners (by id) that sourced one deal together; None where they cannot be told."""
        ...

    def lines(self) -> tuple[RateLine, ...]: ...


class Proration(Rule, Protocol):
    def part(self, monthly: Decimal, reached: Reached, currency: str) -> tuple[Decimal, Step | None]: ...

    def lines(self) -> tuple[RateLine, ...]: ...
