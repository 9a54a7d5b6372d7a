"""Trigger and gate: the deal is won."""

from __future__ import annotations

from typing import ClassVar

from crm.records import Stage
from knowledge.commission.account import Awaits
from knowledge.commission.case import Case
from knowledge.commission.derivation import Said, Step, step
from knowledge.commission.moment import Moment
from knowledge.commission.rate_line import RateKey
from knowledge.commission.rule import Reached


class Won(Moment):
    """On the day it was won, as long as it is."""

    rule: ClassVar[str] = "won"
    awaits: ClassVar[Awaits] = Awaits.WIN
    when: ClassVar[RateKey] = RateKey.WHEN_WON
    part: ClassVar[RateKey] = RateKey.PART_WON

    def reached(self, case: Case) -> Reached | None:
        if case.won_on is None or case.deal.stage is not Stage.WON:
            return None
        return Reached(case.won_on, f"{case.deal.id}:won")

    def told(self, reached: Reached) -> Step:
        return step("trigger", self.rule, Said.WON, reached.event, on=reached.on)
