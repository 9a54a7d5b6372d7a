"""What triggers that are one moment of a deal have in common: once reached, the whole base is earned at once."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar

from crm.records import PaymentKind
from knowledge.commission.account import Awaits
from knowledge.commission.case import Case
from knowledge.commission.derivation import Step
from knowledge.commission.rate_line import RateKey, RateLine
from knowledge.commission.rule import NOTHING, Entry, Nothing, Reached
from knowledge.values import Checked


class Moment(Checked):
    """A trigger, and a gate for a part of what something else triggered."""

    cash: ClassVar[bool] = False
    awaits: ClassVar[Awaits]
    when: ClassVar[RateKey]
    part: ClassVar[RateKey]

    @abstractmethod
    def reached(self, case: Case) -> Reached | None: ...

    @abstractmethod
    def told(self, reached: Reached) -> Step: ...

    def missing(self, case: Case) -> Awaits:  # noqa: ARG002 - some moments wait for another one first
        return self.awaits

    def entries(self, case: Case) -> Iterator[Entry | Nothing]:
        reached = self.reached(case)
        if reached is None and case.assumed:
            reached = Reached(case.today, "assumed")
        if reached is not None:
            yield Entry(case, reached.event, reached.on, case.currency, NOTHING, moment=reached)

    def tells(self, entry: Entry) -> Step:
        return self.told(entry.moment or Reached(entry.on, entry.event))

    def covers(self, product: str, kind: PaymentKind) -> bool:  # noqa: ARG002 - a moment is of the whole deal
        return True

    def products(self) -> tuple[str, ...]:
        return ()

    def rated(self, line: RateLine) -> RateLine:
        return line

    def limits(self) -> dict[str, str | Decimal]:
        """What the moment is told with."""
        return {}

    def lines(self) -> tuple[RateLine, ...]:
        return (RateLine(self.when, self.limits()),)

    def part_line(self, share: Decimal) -> RateLine:
        return RateLine(self.part, {"share": share, **self.limits()})
