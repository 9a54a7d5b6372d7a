"""Base: the recurring revenue of the first year; cash counts as far as it is for that year, and never beyond it."""

from __future__ import annotations

from typing import ClassVar

from knowledge.commission.case import Case
from knowledge.commission.derivation import NoQuote
from knowledge.commission.rate_line import RateKey
from knowledge.commission.rule import Counting
from knowledge.values import Checked


class FirstYearArr(Checked):
    rule: ClassVar[str] = "first_year_arr"
    key: ClassVar[RateKey] = RateKey.FIRST_YEAR
    needs_cash: ClassVar[bool] = False

    def of_cash(self, case: Case) -> Counting | NoQuote:
        if isinstance(case.worth, NoQuote):
            return case.worth
        return Counting(case.worth.first_year.amount, years=1, steps=case.worth.steps)

    def at_once(self, case: Case) -> Counting | NoQuote:
        return self.of_cash(case)
