"""Rate: a percentage for each year of service; what is paid for a later year is earned when that begins."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Annotated, ClassVar

from pydantic import Field

from knowledge.commission.derivation import Said, step
from knowledge.commission.rate_line import RateKey, RateLine
from knowledge.commission.rule import NOTHING, Points, Sale, Trace
from knowledge.values import Checked, Percent, share


class ByYear(Checked):
    """`percents` are of year 1, 2 and so on; after the last one nothing is earned."""

    rule: ClassVar[str] = "by_year"
    in_program_currency: ClassVar[bool] = False
    percents: Annotated[tuple[Percent, ...], Field(min_length=1, max_length=20)]

    @cached_property
    def shares(self) -> tuple[Decimal, ...]:
        return tuple(share(percent) for percent in self.percents)

    @property
    def years(self) -> int:
        return len(self.percents)

    def earned(self, sale: Sale, trace: Trace | None) -> tuple[Decimal, Decimal | None]:
        year = sale.entry.year
        rate = self.shares[year - 1] if 0 < year <= len(self.shares) else NOTHING
        if trace is not None:
            trace.append(step("rate", self.rule, Said.YEAR_RATE, rate, year=year, rate=rate))
        return sale.value * rate, rate

    def lines(self, key: RateKey, points: Points) -> tuple[RateLine, ...]:  # noqa: ARG002 - years say it all
        return tuple(
            RateLine(RateKey.YEAR, {"year": year, "rate": points(base), "base_rate": base})
            for year, base in enumerate(self.shares, start=1)
        )
