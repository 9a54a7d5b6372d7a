"""Schedule: only the first so many months of service earn."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from crm.money import Money
from knowledge.commission.derivation import Said, Step, step
from knowledge.commission.periods import months_between
from knowledge.commission.rate_line import RateKey, RateLine
from knowledge.commission.rule import NOTHING, Entry
from knowledge.values import Checked, Count


class FirstMonths(Checked):
    """By the period of service paid for; by the day of payment where that is not known."""

    rule: ClassVar[str] = "first_months"
    months: Annotated[Count, Field(ge=1, le=600)]

    @property
    def span(self) -> int:
        return self.months

    def refused(self, entry: Entry) -> Step | None:
        start = entry.case.start
        paid = entry.cash.paid if entry.cash else None
        day = entry.since or (paid.on if paid else entry.on)
        if start is None or months_between(start, day) < self.months:
            return None
        amount = Money(abs(entry.amount), entry.currency)
        return step("schedule", self.rule, Said.NOTHING_AFTER, NOTHING, amount=amount, months=self.months)

    def lines(self) -> tuple[RateLine, ...]:
        return (RateLine(RateKey.FOR_MONTHS, {"months": self.months}),)
