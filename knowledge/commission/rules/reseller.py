"""Reseller: a margin on the quarter's net volume in marginal bands, with product points, accelerator and cap.

The parameters and what is told of them; a figure needs the whole quarter of the partner and is a person's to give.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from knowledge.commission.derivation import Derivation, NoQuote, Reason, Value
from knowledge.commission.rule import Base, RateKey, RateLine, Terms, with_points
from knowledge.program import Plan, Product, Tier
from knowledge.values import Checked, Number, Percent, Sum, share


class Band(Checked):
    """Volume from `from` (inclusive) to under `to`; the last band has no `to`."""

    start: Annotated[Sum, Field(alias="from")]
    to: Sum | None = None
    percent: Percent


class ResellerParameters(Checked):
    band_mode: Literal["marginal"]
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]
    product_points: Mapping[str, Number] = {}
    accelerator_points: Number
    cap_per_quarter: Sum

    @model_validator(mode="after")
    def _without_holes(self) -> ResellerParameters:
        """Bands with a gap would silently pay nothing in it, overlapping ones twice."""
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
                word = "gap" if below.to.amount < above.start.amount else "overlap"
                faults.append(
                    f"there is a{'n' * (word[0] == 'o')} {word} between {below.to.amount} and {above.start.amount}"
                )
        faults += [
            f"the band from {b.start.amount} is empty" for b in self.bands if b.to and b.to.amount <= b.start.amount
        ]
        return faults

    def _currencies(self) -> list[str]:
        sums = [b.start for b in self.bands] + [b.to for b in self.bands if b.to] + [self.cap_per_quarter]
        return ["bands and cap must be in one currency"] if len({s.currency for s in sums}) > 1 else []


class ResellerRule:
    name = "reseller"
    quotable = False

    def read(self, parameters: Mapping[str, object]) -> ResellerParameters:
        return ResellerParameters.model_validate(parameters)

    def products(self, plan: Plan) -> tuple[str, ...]:
        return tuple(self.read(plan.parameters).product_points)

    def pays(self, plan: Plan, products: tuple[Product, ...]) -> bool:  # noqa: ARG002 - a reseller earns on all it sells
        return True

    def rates(self, plan: Plan, tier: Tier) -> tuple[RateLine, ...]:
        said = self.read(plan.parameters)
        points = (
            RateLine(RateKey.PRODUCT_POINTS, {"product": product, "points": points})
            for product, points in said.product_points.items()
        )
        return (
            *(RateLine(RateKey.BAND, _band(band, tier)) for band in said.bands),
            *points,
            RateLine(RateKey.ACCELERATOR, {"points": said.accelerator_points}),
            RateLine(RateKey.CAP, {"cap": said.cap_per_quarter}),
        )

    def quote(self, plan: Plan, base: Base, terms: Terms) -> Derivation | NoQuote:  # noqa: ARG002 - the contract's
        return NoQuote(Reason.PLAN_NEEDS_PERSON, plan.name, plan.name)


def _band(band: Band, tier: Tier) -> dict[str, Value]:
    base_rate = share(band.percent)
    values: dict[str, Value] = {"rate": with_points(base_rate, tier), "base_rate": base_rate, "from": band.start}
    return values | ({"to": band.to} if band.to else {})
