"""Trigger and gate: the customer uses the product as much as the plan asks for."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import StringConstraints

from crm.records import MilestoneKind
from knowledge.commission.account import Awaits
from knowledge.commission.case import Case
from knowledge.commission.derivation import Said, Step, Value, step
from knowledge.commission.moment import Moment
from knowledge.commission.rate_line import RateKey
from knowledge.commission.rule import Reached
from knowledge.values import Number


class UsageReached(Moment):
    """`metric` is the milestone's subject, in any case."""

    rule: ClassVar[str] = "usage_reached"
    awaits: ClassVar[Awaits] = Awaits.USAGE
    when: ClassVar[RateKey] = RateKey.WHEN_USAGE
    part: ClassVar[RateKey] = RateKey.PART_USAGE
    metric: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    at_least: Number

    def reached(self, case: Case) -> Reached | None:
        wanted = self.metric.casefold()
        for found in case.all_of(MilestoneKind.USAGE):
            named = found.subject.strip().casefold() == wanted
            if named and found.value is not None and found.value >= self.at_least:
                return Reached(found.on, found.id, found)
        return None

    def told(self, reached: Reached) -> Step:
        found = reached.milestone.value if reached.milestone else None
        values: dict[str, Value] = {"usage": found if found is not None else self.at_least, "needed": self.at_least}
        return step(
            "trigger", self.rule, Said.USAGE_REACHED, reached.event, metric=self.metric, on=reached.on, **values
        )

    def limits(self) -> dict[str, str | Decimal]:
        return {"metric": self.metric, "usage": self.at_least}
