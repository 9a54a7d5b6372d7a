"""What a statement run did, or would do, for each partner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crm.money import Money
from knowledge.commission.account import Doubt
from knowledge.commission.closing import Draft, sums
from knowledge.commission.statement import Carried


@dataclass(frozen=True, slots=True)
class Issued:
    """A statement that was issued, or would be: then `id` is "". `late` counts its lines from earlier months."""

    number: str
    total: Money
    lines: int
    late: int
    id: str = ""


@dataclass(frozen=True, slots=True)
class PartnerReport:
    """One partner's part of a run.

    `waiting` are lines that came after the period's statement was issued: they go on the next one. `fault` says
    why the partner was left out, "" where it was not.
    """

    partner_id: str
    partner: str
    issued: tuple[Issued, ...] = ()
    carried: tuple[Carried, ...] = ()
    waiting: tuple[Draft, ...] = ()
    posted: int = 0
    doubts: tuple[Doubt, ...] = ()
    fault: str = ""

    @property
    def nothing(self) -> bool:
        return not (self.issued or self.carried or self.waiting or self.doubts or self.fault)


@dataclass(frozen=True, slots=True)
class RunReport:
    """`dry` where nothing was written."""

    period: str
    dry: bool
    partners: tuple[PartnerReport, ...]

    @property
    def issued(self) -> tuple[Issued, ...]:
        return tuple(issued for partner in self.partners for issued in partner.issued)

    @property
    def totals(self) -> Mapping[str, Money]:
        """What was issued, by currency."""
        return sums(issued.total for issued in self.issued)

    @property
    def faults(self) -> tuple[PartnerReport, ...]:
        return tuple(partner for partner in self.partners if partner.fault)
