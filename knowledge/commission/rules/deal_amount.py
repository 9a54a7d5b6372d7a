"""Base: the deal's amount as it stands in the CRM; without one, its first year and what is sold once at list prices."""

from __future__ import annotations

from typing import ClassVar

from crm.money import Money
from knowledge.commission.case import Case
from knowledge.commission.derivation import NoQuote, Reason, Said, step
from knowledge.commission.rate_line import RateKey
from knowledge.commission.rule import Counting
from knowledge.commission.worth import sane
from knowledge.values import Checked


class DealAmount(Checked):
    rule: ClassVar[str] = "deal_amount"
    key: ClassVar[RateKey] = RateKey.OF_DEAL
    needs_cash: ClassVar[bool] = False

    def of_cash(self, case: Case) -> Counting | NoQuote:
        amount = _amount(case)
        if isinstance(amount, NoQuote):
            return amount
        return Counting(amount.amount, steps=(step("base", self.rule, Said.TOTAL_VALUE, amount, base=amount),))

    def at_once(self, case: Case) -> Counting | NoQuote:
        return self.of_cash(case)


def _amount(case: Case) -> Money | NoQuote:
    given, worth = case.deal.amount, case.worth
    if given is not None and given.amount > 0:
        return given if sane(given) else NoQuote(Reason.NO_AMOUNT)
    if isinstance(worth, NoQuote):
        return worth
    return worth.first_year + worth.once if worth.once is not None else NoQuote(Reason.NO_AMOUNT)
