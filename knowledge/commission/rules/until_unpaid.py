"""Schedule: after the first period of service that was not paid nothing is earned, until it is."""

from __future__ import annotations

from typing import ClassVar

from crm.money import Money
from knowledge.commission.derivation import Said, Step, step
from knowledge.commission.rate_line import RateKey, RateLine
from knowledge.commission.rule import NOTHING, Entry
from knowledge.values import Checked


class UntilUnpaid(Checked):
    rule: ClassVar[str] = "until_unpaid"

    @property
    def span(self) -> int:
        return 0

    def refused(self, entry: Entry) -> Step | None:
        gap = entry.case.unpaid_from
        if gap is None or entry.since is None or entry.since < gap:
            return None
        amount = Money(abs(entry.amount), entry.currency)
        return step("schedule", self.rule, Said.NOTHING_GAP, NOTHING, amount=amount, on=gap)

    def lines(self) -> tuple[RateLine, ...]:
        return (RateLine(RateKey.UNTIL_UNPAID),)
