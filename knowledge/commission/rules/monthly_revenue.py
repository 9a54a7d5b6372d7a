"""Base: one month's recurring revenue of the deal."""

from __future__ import annotations

from typing import ClassVar

from crm.money import Money
from knowledge.commission.case import Case
from knowledge.commission.derivation import NoQuote, Said, step
from knowledge.commission.rate_line import RateKey
from knowledge.commission.rule import Counting
from knowledge.values import Checked


class MonthlyRevenue(Checked):
    rule: ClassVar[str] = "mrr"
    key: ClassVar[RateKey] = RateKey.OF_MONTH
    needs_cash: ClassVar[bool] = False

    def of_cash(self, case: Case) -> Counting | NoQuote:
        if isinstance(case.worth, NoQuote):
            return case.worth
        month = Money(case.worth.monthly, case.worth.currency)
        told = step("base", self.rule, Said.MONTHLY, month, base=month)
        return Counting(month.amount, steps=(*case.worth.steps, told))

    def at_once(self, case: Case) -> Counting | NoQuote:
        return self.of_cash(case)
