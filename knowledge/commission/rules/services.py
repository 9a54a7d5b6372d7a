"""Services: a share of onboarding and statement-of-work value in two parts, and of the first renewals.

The parameters and what is told of them; a figure needs the project's go-live and CSAT and is a person's to give.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import model_validator

from knowledge.commission.derivation import Derivation, NoQuote, Reason
from knowledge.commission.rule import Base, RateKey, RateLine, Terms, with_points
from knowledge.program import Plan, Product, Tier
from knowledge.values import Checked, Count, Number, Percent, share


class ServicesParameters(Checked):
    """`share_at_csat_percent` is the size of the second part; `csat` is the limit it waits for."""

    percent: Percent
    products: tuple[str, ...]
    statements_of_work: bool
    share_at_go_live_percent: Percent
    share_at_csat_percent: Percent
    csat: Number
    renewal_percent: Percent
    renewals: Count

    @model_validator(mode="after")
    def _whole(self) -> ServicesParameters:
        if self.share_at_go_live_percent + self.share_at_csat_percent != 100:
            raise ValueError("share_at_go_live_percent and share_at_csat_percent must make 100 together")
        return self


class ServicesRule:
    name = "services"
    quotable = False

    def read(self, parameters: Mapping[str, object]) -> ServicesParameters:
        return ServicesParameters.model_validate(parameters)

    def products(self, plan: Plan) -> tuple[str, ...]:
        return self.read(plan.parameters).products

    def pays(self, plan: Plan, products: tuple[Product, ...]) -> bool:
        named = self.products(plan)
        return any(product.name in named for product in products)

    def rates(self, plan: Plan, tier: Tier) -> tuple[RateLine, ...]:
        said = self.read(plan.parameters)
        value, renewal = share(said.percent), share(said.renewal_percent)
        parts = {"go_live": share(said.share_at_go_live_percent), "at_csat": share(said.share_at_csat_percent)}
        return (
            RateLine(
                RateKey.SERVICES_VALUE,
                {"rate": with_points(value, tier), "base_rate": value, "products": said.products},
            ),
            RateLine(RateKey.SERVICES_PARTS, parts | {"csat": said.csat}),
            RateLine(
                RateKey.RENEWALS,
                {
                    "rate": with_points(renewal, tier),
                    "base_rate": renewal,
                    "renewals": said.renewals,
                    "csat": said.csat,
                },
            ),
        )

    def quote(self, plan: Plan, base: Base, terms: Terms) -> Derivation | NoQuote:  # noqa: ARG002 - the contract's
        return NoQuote(Reason.PLAN_NEEDS_PERSON, plan.name, plan.name)
