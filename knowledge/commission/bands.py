"""Bands of volume with a rate each; how they apply is a rule of its own, a file for each mode."""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from crm.money import Money
from knowledge.commission.derivation import Said, Value, step
from knowledge.commission.rate_line import RateKey, RateLine
from knowledge.commission.rule import NOTHING, Points, Trace
from knowledge.values import Checked, Percent, Sum, share


class Band(Checked):
    """Volume from `from` (inclusive) to under `to`; the last band has no `to`."""

    start: Annotated[Sum, Field(alias="from")]
    to: Sum | None = None
    percent: Percent

    @cached_property
    def share(self) -> Decimal:
        return share(self.percent)


class Bands(Checked):
    """Bands in the program's currency, without holes: a gap would silently pay nothing in it, an overlap twice."""

    years: ClassVar[int] = 0
    in_program_currency: ClassVar[bool] = True
    mode: ClassVar[RateKey]
    bands: Annotated[tuple[Band, ...], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _without_holes(self) -> Bands:
        faults = [*self._edges(), *self._currencies()]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _edges(self) -> list[str]:
        faults = [] if self.bands[0].start.amount == 0 else ["the first band must start at 0"]
        if self.bands[-1].to is not None:
            faults.append("the last band must have no `to`, or volume above it would earn nothing")
        for below, above in pairwise(self.bands):
            if below.to is None:
                faults.append("only the last band may lack `to`")
            elif below.to.amount != above.start.amount:
                word = "a gap" if below.to.amount < above.start.amount else "an overlap"
                edges = f"between {below.to.amount} and {above.start.amount}"
                faults.append(f"there is {word} {edges}; let each band start where the one before it ends")
        faults += [
            f"the band from {b.start.amount} is empty" for b in self.bands if b.to and b.to.amount <= b.start.amount
        ]
        return faults

    def _currencies(self) -> list[str]:
        sums = [b.start for b in self.bands] + [b.to for b in self.bands if b.to]
        return ["bands must be in one currency"] if len({s.currency for s in sums}) > 1 else []

    @cached_property
    def _starts(self) -> tuple[Decimal, ...]:
        return tuple(band.start.amount for band in self.bands)

    @cached_property
    def _shares(self) -> tuple[Decimal, ...]:
        return tuple(band.share for band in self.bands)

    def at(self, volume: Decimal) -> Decimal:
        """The rate of the band that a volume lies in; the lower edge belongs to it."""
        return self._shares[max(bisect_right(self._starts, volume) - 1, 0)]

    def parts(self, before: Decimal, after: Decimal) -> list[tuple[Decimal, Decimal]]:
        """How much between two volumes lies in each band, with its rate; negative where volume falls."""
        if after < before:
            return [(-part, rate) for part, rate in self.parts(after, before)]
        starts, shares, found = self._starts, self._shares, list[tuple[Decimal, Decimal]]()
        place, last, low = bisect_right(starts, before) - 1, len(starts) - 1, before
        while place < last and starts[place + 1] < after:
            found.append((starts[place + 1] - low, shares[place]))
            place += 1
            low = starts[place]
        if after != low:
            found.append((after - low, shares[place]))
        return found

    def marginal(
        self, before: Decimal, after: Decimal, currency: str, trace: Trace | None
    ) -> tuple[Decimal, Decimal | None]:
        """What each euro between two volumes earns at its own band's rate, and that rate where it is one."""
        parts = self.parts(before, after)
        if trace is not None:
            for part, rate in parts:
                amount, result = Money(part, currency), Money(part * rate, currency)
                trace.append(step("rate", "bands", Said.BAND_PART, result, amount=amount, rate=rate, result=result))
        if len(parts) == 1:
            return parts[0][0] * parts[0][1], parts[0][1]
        return sum((part * rate for part, rate in parts), start=NOTHING), None

    def lines(self, key: RateKey, points: Points) -> tuple[RateLine, ...]:  # noqa: ARG002 - volume is the base
        if self.mode is RateKey.MODE_MARGINAL:
            told = [RateLine(RateKey.BAND, _told(band, points)) for band in self.bands]
        else:
            told = [RateLine(RateKey.BAND_WHOLE, _told(band, points, upto=False)) for band in self.bands]
        return (*told, RateLine(self.mode))


def _told(band: Band, points: Points, *, upto: bool = True) -> dict[str, Value]:
    values: dict[str, Value] = {"rate": points(band.share), "base_rate": band.share, "from": band.start}
    return values | ({"to": band.to} if band.to and upto else {})
