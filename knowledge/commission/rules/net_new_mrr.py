"""Base: what an upsell adds to the monthly revenue that the customer paid before."""

from __future__ import annotations

from typing import ClassVar

from crm.money import Money
from knowledge.commission.case import Case
from knowledge.commission.derivation import NoQuote, Reason, Said, step
from knowledge.commission.rate_line import RateKey
from knowledge.commission.rule import NOTHING, Counting
from knowledge.values import Checked


class NetNewMrr(Checked):
    """As a moment, one month of the increase; of each sum collected, the share that is new. Less earns nothing."""

    rule: ClassVar[str] = "net_new_mrr"
    key: ClassVar[RateKey] = RateKey.OF_NEW_MONTH
    needs_cash: ClassVar[bool] = False

    def of_cash(self, case: Case) -> Counting | NoQuote:
        found, worth = self.at_once(case), case.worth
        if isinstance(found, NoQuote):
            return found
        if isinstance(worth, NoQuote):
            return worth
        new = found.ceiling or NOTHING
        return Counting(None, new / worth.monthly if worth.monthly else NOTHING, steps=found.steps)

    def at_once(self, case: Case) -> Counting | NoQuote:
        worth = case.worth
        if isinstance(worth, NoQuote):
            return worth
        replaced = case.deal.replaces_mrr or Money.zero(worth.currency)
        if replaced.currency != worth.currency or not replaced.amount.is_finite():
            return NoQuote(Reason.NO_RATE, replaced.currency)
        base = Money(max(worth.monthly - replaced.amount, NOTHING), worth.currency)
        mrr = Money(worth.monthly, worth.currency)
        told = step("base", self.rule, Said.NEW_MRR, base, mrr=mrr, replaced=replaced, base=base)
        return Counting(base.amount, steps=(told,))
