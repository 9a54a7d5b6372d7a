"""Base: the vendor's net margin on the deal, which no partner ever reads."""

from __future__ import annotations

from typing import ClassVar

from knowledge.commission.case import Case
from knowledge.commission.derivation import NoQuote, Reason, Said, Step
from knowledge.commission.rate_line import RateKey
from knowledge.commission.rule import NOTHING, Counting
from knowledge.commission.worth import sane
from knowledge.values import Checked


class NetMargin(Checked):
    """Of each sum collected, the same share is margin as of the whole contract; a loss earns nothing."""

    rule: ClassVar[str] = "net_margin"
    key: ClassVar[RateKey] = RateKey.OF_MARGIN
    needs_cash: ClassVar[bool] = False

    def of_cash(self, case: Case) -> Counting | NoQuote:
        found, worth = self.at_once(case), case.worth
        if isinstance(found, NoQuote):
            return found
        if isinstance(worth, NoQuote):
            return worth
        total = worth.total.amount + (worth.once.amount if worth.once else 0)
        if total <= 0:
            return NoQuote(Reason.NO_AMOUNT)
        margin = found.ceiling or NOTHING
        return Counting(margin, margin / total, steps=found.steps, hidden=True)

    def at_once(self, case: Case) -> Counting | NoQuote:
        margin = case.deal.margin
        if margin is None or not sane(margin) or margin.currency != case.currency:
            return NoQuote(Reason.NO_MARGIN)
        told = Step("base", self.rule, {}, "", Said.MARGIN)
        return Counting(max(margin.amount, NOTHING), steps=(told,), hidden=True)
