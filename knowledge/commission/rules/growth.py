"""Growth: a falling share of the revenue collected in each of the first years of a multi-year deal.

The parameters and what is told of them; a figure needs the service period of each payment and is a person's to give.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from knowledge.commission.derivation import Derivation, NoQuote, Reason
from knowledge.commission.rule import Base, RateKey, RateLine, Terms, any_recurring, with_points
from knowledge.program import Plan, Product, Tier
from knowledge.values import Checked, Percent, share


class GrowthParameters(Checked):
    """`year_percents` are for year 1, 2 and so on; after the last one nothing is paid."""

    year_percents: Annotated[tuple[Percent, ...], Field(min_length=1)]
    multi_year_only: bool


class GrowthRule:
    name = "growth"
    quotable = False

    def read(self, parameters: Mapping[str, object]) -> GrowthParameters:
        return GrowthParameters.model_validate(parameters)

    def products(self, plan: Plan) -> tuple[str, ...]:  # noqa: ARG002 - the contract's signature
        return ()

    def pays(self, plan: Plan, products: tuple[Product, ...]) -> bool:  # noqa: ARG002 - the contract's signature
        return any_recurring(products)

    def rates(self, plan: Plan, tier: Tier) -> tuple[RateLine, ...]:
        bases = (share(percent) for percent in self.read(plan.parameters).year_percents)
        return tuple(
            RateLine(RateKey.YEAR, {"year": year, "rate": with_points(base, tier), "base_rate": base})
            for year, base in enumerate(bases, start=1)
        )

    def quote(self, plan: Plan, base: Base, terms: Terms) -> Derivation | NoQuote:  # noqa: ARG002 - the contract's
        return NoQuote(Reason.PLAN_NEEDS_PERSON, plan.name, plan.name)
