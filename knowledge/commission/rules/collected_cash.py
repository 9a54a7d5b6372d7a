"""Base: every sum that is collected, as it is collected."""

from __future__ import annotations

from typing import ClassVar

from knowledge.commission.case import Case
from knowledge.commission.derivation import NoQuote, Reason
from knowledge.commission.rate_line import RateKey
from knowledge.commission.rule import Counting
from knowledge.values import Checked

_ALL = Counting()


class CollectedCash(Checked):
    rule: ClassVar[str] = "collected_cash"
    key: ClassVar[RateKey] = RateKey.OF_COLLECTED
    needs_cash: ClassVar[bool] = True

    def of_cash(self, case: Case) -> Counting | NoQuote:  # noqa: ARG002 - whatever the deal is
        return _ALL

    def at_once(self, case: Case) -> Counting | NoQuote:  # noqa: ARG002 - loading refuses it without cash
        return NoQuote(Reason.NO_AMOUNT)
