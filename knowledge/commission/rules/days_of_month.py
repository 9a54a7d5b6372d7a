"""Proration: of a month's revenue the days from the moment to the month's end, by the days of that very month."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from crm.money import Money
from knowledge.commission.derivation import Said, Step, Value, step
from knowledge.commission.periods import days_used, month_end
from knowledge.commission.rate_line import RateKey, RateLine
from knowledge.commission.rule import Reached
from knowledge.values import Checked


class DaysOfMonth(Checked):
    rule: ClassVar[str] = "days_of_month"

    def part(self, monthly: Decimal, reached: Reached, currency: str) -> tuple[Decimal, Step | None]:
        days, whole = days_used(reached.on, month_end(reached.on))
        result = monthly * days / whole
        if days == whole:
            return result, None
        amount = Money(result, currency)
        values: dict[str, Value] = {"amount": Money(monthly, currency), "days": days, "days_in_month": whole}
        return result, step("proration", self.rule, Said.PRORATED, amount, **values, result=amount)

    def lines(self) -> tuple[RateLine, ...]:
        return (RateLine(RateKey.PRORATED),)
