"""Trigger and gate: the deal came to a stage, such as "demo done"."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import StringConstraints

from crm.records import MilestoneKind
from knowledge.commission.account import Awaits
from knowledge.commission.case import Case
from knowledge.commission.derivation import Said, Step, step
from knowledge.commission.moment import Moment
from knowledge.commission.rate_line import RateKey
from knowledge.commission.rule import Reached


class StageReached(Moment):
    """`stage` is the milestone's subject, in any case."""

    rule: ClassVar[str] = "stage_reached"
    awaits: ClassVar[Awaits] = Awaits.STAGE
    when: ClassVar[RateKey] = RateKey.WHEN_STAGE
    part: ClassVar[RateKey] = RateKey.PART_STAGE
    stage: Annotated[str, StringConstraints(min_length=1, max_length=100)]

    def reached(self, case: Case) -> Reached | None:
        wanted = self.stage.casefold()
        for milestone in case.all_of(MilestoneKind.STAGE):
            if milestone.subject.strip().casefold() == wanted:
                return Reached(milestone.on, milestone.id, milestone)
        return None

    def told(self, reached: Reached) -> Step:
        return step("trigger", self.rule, Said.STAGE_REACHED, reached.event, stage=self.stage, on=reached.on)

    def limits(self) -> dict[str, str | Decimal]:
        return {"stage": self.stage}
