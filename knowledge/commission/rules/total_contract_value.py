"""Base: everything that the contract brings over its whole term, with what is sold once."""

from __future__ import annotations

from typing import ClassVar

from knowledge.commission.case import Case
from knowledge.commission.derivation import NoQuote, Reason, Said, step
from knowledge.commission.rate_line import RateKey
from knowledge.commission.rule import Counting
from knowledge.values import Checked


class TotalContractValue(Checked):
    rule: ClassVar[str] = "total_contract_value"
    key: ClassVar[RateKey] = RateKey.OF_TOTAL
    needs_cash: ClassVar[bool] = False

    def of_cash(self, case: Case) -> Counting | NoQuote:
        worth = case.worth
        if isinstance(worth, NoQuote):
            return worth
        if worth.once is None:
            return NoQuote(Reason.ONE_OFF_SHARE_UNKNOWN, worth.one_off[0].name)
        total = worth.total + worth.once
        return Counting(total.amount, steps=(step("base", self.rule, Said.TOTAL_VALUE, total, base=total),))

    def at_once(self, case: Case) -> Counting | NoQuote:
        return self.of_cash(case)
