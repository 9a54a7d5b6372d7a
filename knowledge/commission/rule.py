"""The contract of a commission rule: what a file in `rules/` provides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from crm.money import Money
from crm.records import Attribution
from knowledge.commission.derivation import Derivation, NoQuote, Step, Value
from knowledge.program import CommissionRules, Plan, Product, Tier
from knowledge.values import Checked


class RateKey(StrEnum):
    """One line of "what do we earn": a sentence by key; in brackets its values. Rates are shares of 1 with the tier's
    addition in them, `base_rate` without."""

    FIRST_YEAR = "first_year"  # rate, base_rate
    FLAT_UNDER = "flat_under"  # flat, under
    ONE_OFF_EXCLUDED = "one_off_excluded"
    RENEWALS_EXCLUDED = "renewals_excluded"
    INFLUENCED = "influenced"  # rate
    BAND = "band"  # rate, base_rate, from, to (no `to` in the last band)
    PRODUCT_POINTS = "product_points"  # product, points
    ACCELERATOR = "accelerator"  # points
    CAP = "cap"  # cap (per quarter)
    SERVICES_VALUE = "services_value"  # rate, base_rate, products
    SERVICES_PARTS = "services_parts"  # go_live, at_csat (shares), csat
    RENEWALS = "renewals"  # rate, base_rate, renewals (how many), csat
    YEAR = "year"  # year, rate, base_rate


@dataclass(frozen=True, slots=True)
class RateLine:
    key: RateKey
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Base:
    """What a deal brings in its first year: the recurring part, and the steps that led to it."""

    first_year: Money
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one deal beside its plan. `exchange` is the program's currency for one unit of the deal's own."""

    tier: Tier
    commission: CommissionRules
    attribution: Attribution = Attribution.SOURCED
    exchange: Decimal | None = None


class Rule(Protocol):
    """A commission rule. Rules are stateless; everything they know is in the plan's parameters."""

    name: str
    quotable: bool  # whether `quote` can give figures; else a person does

    def read(self, parameters: Mapping[str, object]) -> Checked:
        """The typed parameters; raises pydantic's ValidationError with every fault."""
        ...

    def products(self, plan: Plan) -> tuple[str, ...]:
        """Products that the parameters name, so that loading can look them up."""
        ...

    def pays(self, plan: Plan, products: tuple[Product, ...]) -> bool:
        """Whether a deal of these products (none: not known) may earn anything under the plan."""
        ...

    def rates(self, plan: Plan, tier: Tier) -> tuple[RateLine, ...]:
        """What the plan pays at that tier, in the order in which it is told."""
        ...

    def quote(self, plan: Plan, base: Base, terms: Terms) -> Derivation | NoQuote:
        """What a deal of that base would earn, if closed as entered."""
        ...


def any_recurring(products: tuple[Product, ...]) -> bool:
    """Whether a subscription is among them; where nothing is known, one may be."""
    return not products or any(product.billing == "subscription" for product in products)


def with_points(base_rate: Decimal, tier: Tier) -> Decimal:
    """A rate with the tier's addition; 0.15 and 2.5 points make 0.175."""
    return base_rate + tier.added_points / 100
