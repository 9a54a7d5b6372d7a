"""Trigger and gate: the project's customer satisfaction is high enough, and the project is live."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import Field

from crm.records import MilestoneKind
from knowledge.commission.account import Awaits
from knowledge.commission.case import Case
from knowledge.commission.derivation import Said, Step, step
from knowledge.commission.moment import Moment
from knowledge.commission.rate_line import RateKey
from knowledge.commission.rule import Reached
from knowledge.values import Number


class CsatReached(Moment):
    """`at_least` is compared with the unrounded average: 4.19 is not 4.2. A survey before the go-live waits for it."""

    rule: ClassVar[str] = "csat_reached"
    awaits: ClassVar[Awaits] = Awaits.CSAT
    when: ClassVar[RateKey] = RateKey.WHEN_CSAT
    part: ClassVar[RateKey] = RateKey.PART_CSAT
    at_least: Annotated[Number, Field(ge=1, le=5)]
    after_go_live: bool = True

    def reached(self, case: Case) -> Reached | None:
        live = case.first(MilestoneKind.GO_LIVE)
        if self.after_go_live and live is None:
            return None
        for found in case.all_of(MilestoneKind.CSAT):
            if found.value is not None and found.value >= self.at_least:
                on = max(found.on, live.on) if live and self.after_go_live else found.on
                return Reached(on, found.id, found)
        return None

    def missing(self, case: Case) -> Awaits:
        waits = self.after_go_live and case.first(MilestoneKind.GO_LIVE) is None
        return Awaits.GO_LIVE if waits else Awaits.CSAT

    def told(self, reached: Reached) -> Step:
        found = reached.milestone.value if reached.milestone else None
        csat = found if found is not None else self.at_least
        return step(
            "trigger", self.rule, Said.CSAT_REACHED, reached.event, csat=csat, needed=self.at_least, on=reached.on
        )

    def limits(self) -> dict[str, str | Decimal]:
        return {"csat": self.at_least}
