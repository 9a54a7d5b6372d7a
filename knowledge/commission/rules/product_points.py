"""Addition: points on the part that is for certain products."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from crm.money import Money
from knowledge.commission.derivation import Said, Value, step
from knowledge.commission.rate_line import RateKey, RateLine
from knowledge.commission.rule import Sale, Trace
from knowledge.program import Tier
from knowledge.values import Checked, Percent


class ProductPoints(Checked):
    """`on` has the points by product, as the catalogue names it."""

    rule: ClassVar[str] = "product_points"
    on: Mapping[str, Percent]

    def apply(
        self, sale: Sale, raw: Decimal, rate: Decimal | None, trace: Trace | None
    ) -> tuple[Decimal, Decimal | None]:
        for product in dict.fromkeys(name for name, _ in sale.entry.items):
            points = self.on.get(product)
            if not points:
                continue
            value = sale.of_product(product)
            added = value * points / 100
            raw += added
            rate = rate + points / 100 if rate is not None and value == sale.value else None
            if trace is not None:
                amount, result = Money(value, sale.currency), Money(added, sale.currency)
                values: dict[str, Value] = {"product": product, "points": points, "amount": amount, "result": result}
                trace.append(step("product", self.rule, Said.PRODUCT_POINTS, result, **values))
        return raw, rate

    def points(self, base_rate: Decimal, tier: Tier) -> Decimal:  # noqa: ARG002 - told in lines of their own
        return base_rate

    def lines(self) -> tuple[RateLine, ...]:
        return tuple(
            RateLine(RateKey.PRODUCT_POINTS, {"product": product, "points": points})
            for product, points in self.on.items()
        )

    def products(self) -> tuple[str, ...]:
        return tuple(self.on)

    def tiers(self) -> tuple[str, ...]:
        return ()
