"""Trigger: renewals that are paid, the first ones only, while the customer is satisfied; as the plan says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import Field

from crm.money import Money
from crm.records import MilestoneKind, PaymentKind
from knowledge.commission.account import Awaits
from knowledge.commission.case import Case
from knowledge.commission.cash import Cash
from knowledge.commission.derivation import Said, Step, Value, step
from knowledge.commission.periods import YEAR, months_after
from knowledge.commission.rate_line import RateKey, RateLine
from knowledge.commission.rule import NOTHING, Entry, Nothing
from knowledge.commission.telling import paid
from knowledge.values import Checked, Count, Number

Items = list[tuple[str, Decimal]]


class Renewals(Checked):
    """The `first` so many renewals (all where it is not said); `csat` is the least of the latest survey before."""

    rule: ClassVar[str] = "renewals"
    cash: ClassVar[bool] = True
    first: Annotated[Count, Field(ge=1)] | None = None
    csat: Number | None = None

    def entries(self, case: Case) -> Iterator[Entry | Nothing]:
        numbers = _numbered(case)
        for cash in case.cash:
            items = [(item.product, item.amount) for item in cash.items if item.kind is PaymentKind.RENEWAL]
            if items:
                number = numbers.get((cash.paid or cash).event, 1)
                yield self._refused(case, cash, items, number) or self._entry(case, cash, items, number)

    def _entry(self, case: Case, cash: Cash, items: Items, number: int) -> Entry:
        on = self._day(case, cash.on)
        return Entry(
            case, cash.event, on, cash.currency, _sum(items), items, cash, piece=cash.piece, number=number
        )  # fmt: skip

    def _day(self, case: Case, paid_on: date) -> date:
        """The day of the payment, or that of the first survey where there was none by then."""
        first = case.first(MilestoneKind.CSAT) if self.csat is not None else None
        return max(paid_on, first.on) if first else paid_on

    def _refused(self, case: Case, cash: Cash, items: Items, number: int) -> Nothing | None:
        amount = Money(abs(_sum(items)), cash.currency)
        if self.first is not None and number > self.first:
            told = step("trigger", self.rule, Said.NOTHING_RENEWALS, NOTHING, amount=amount, renewals=self.first)
            return Nothing(cash, told)
        if self.csat is None or case.assumed:
            return None
        csat = _csat(case, (cash.paid or cash).on)
        if csat is None:
            told = step("trigger", self.rule, Said.WAITS_CSAT, NOTHING, amount=amount, needed=self.csat)
            return Nothing(cash, told, Awaits.CSAT)
        if csat < self.csat:
            values: dict[str, Value] = {"amount": amount, "csat": csat, "needed": self.csat}
            return Nothing(cash, step("trigger", self.rule, Said.NOTHING_CSAT, NOTHING, **values))
        return None

    def tells(self, entry: Entry) -> Step:
        if entry.cash is None or entry.cash.paid is not None:
            return paid(entry, self.rule)
        values: dict[str, Value] = {
            "amount": Money(entry.amount, entry.currency), "on": entry.cash.on, "number": entry.number,
        }  # fmt: skip
        return step("trigger", self.rule, Said.RENEWED, entry.event, **values)

    def covers(self, product: str, kind: PaymentKind) -> bool:  # noqa: ARG002 - renewals of whatever was sold
        return kind is PaymentKind.RENEWAL

    def products(self) -> tuple[str, ...]:
        return ()

    def rated(self, line: RateLine) -> RateLine:
        if "rate" not in line.values:
            return line
        if self.first is None:
            return RateLine(RateKey.RENEWALS_ALL, line.values)
        values = {**line.values, "renewals": self.first}
        if self.csat is None:
            return RateLine(RateKey.RENEWALS_FIRST, values)
        return RateLine(RateKey.RENEWALS, {**values, "csat": self.csat})

    def lines(self) -> tuple[RateLine, ...]:
        return ()


def _sum(items: Items) -> Decimal:
    return sum((amount for _, amount in items), start=NOTHING)


def _csat(case: Case, on: date) -> Decimal | None:
    """The latest survey up to that day; the first one after it where there was none."""
    surveys = [(m.on, m.value) for m in case.all_of(MilestoneKind.CSAT) if m.value is not None]
    before = [value for day, value in surveys if day <= on]
    return before[-1] if before else surveys[0][1] if surveys else None


def _numbered(case: Case) -> dict[str, int]:
    """The number of the renewal that each payment belongs to: those for one year's service are one renewal.

    A payment whose period is not known is a renewal of its own.
    """
    number, until, numbers = 0, date.min, dict[str, int]()
    renewing = [c for c in case.cash if c.paid is None and any(i.kind is PaymentKind.RENEWAL for i in c.items)]
    for cash in sorted(renewing, key=lambda c: (c.start or c.on, c.on, c.event)):
        start = cash.start or cash.on
        if cash.start is None or start >= until:
            number, until = number + 1, months_after(start, YEAR)
        numbers[cash.event] = number
    return numbers
