"""Trigger and gate: the customer's project is live."""

from __future__ import annotations

from typing import ClassVar

from crm.records import MilestoneKind
from knowledge.commission.account import Awaits
from knowledge.commission.case import Case
from knowledge.commission.derivation import Said, Step, step
from knowledge.commission.moment import Moment
from knowledge.commission.rate_line import RateKey
from knowledge.commission.rule import Reached


class GoLive(Moment):
    rule: ClassVar[str] = "go_live"
    awaits: ClassVar[Awaits] = Awaits.GO_LIVE
    when: ClassVar[RateKey] = RateKey.WHEN_LIVE
    part: ClassVar[RateKey] = RateKey.PART_LIVE

    def reached(self, case: Case) -> Reached | None:
        found = case.first(MilestoneKind.GO_LIVE)
        return Reached(found.on, found.id, found) if found else None

    def told(self, reached: Reached) -> Step:
        return step("trigger", self.rule, Said.WENT_LIVE, reached.event, on=reached.on)
