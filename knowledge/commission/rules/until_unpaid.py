"""Schedule: after the first period of service that was not paid nothing is earned, until it is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from crm.money import Money
from knowledge.commission.case import Case
from knowledge.commission.derivation import Said, Step, step
from knowledge.commission.rule import NOTHING, Entry, RateKey, RateLine
from knowledge.values import Checked

_DAY = timedelta(days=1)


class UntilUnpaid(Checked):
    rule: ClassVar[str] = "until_unpaid"

    @property
    def span(self) -> int:
        return 0

    def refused(self, entry: Entry) -> Step | None:
        gap = _gap(entry.case)
        if gap is None or entry.since is None or entry.since < gap:
            return None
        amount = Money(abs(entry.amount), entry.currency)
        return step("schedule", self.rule, Said.NOTHING_GAP, NOTHING, amount=amount, on=gap)

    def lines(self) -> tuple[RateLine, ...]:
        return (RateLine(RateKey.UNTIL_UNPAID),)


def _gap(case: Case) -> date | None:
    """The first day of service that nobody paid for, although a later one is paid."""
    known = sorted((c.start, c.end) for c in case.cash if c.paid is None and c.start and c.end)
    until = known[0][0] if known else None
    for start, end in known:
        if until is not None and start > until:
            return until
        until = max(until, end + _DAY) if until else end + _DAY
    return None
