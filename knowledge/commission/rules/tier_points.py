"""Addition: the points that the partner's tier adds to every rate."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from crm.money import Money
from knowledge.commission.derivation import Said, step
from knowledge.commission.rate_line import RateLine
from knowledge.commission.rule import Sale, Trace
from knowledge.program import Tier
from knowledge.values import Checked


class TierPoints(Checked):
    rule: ClassVar[str] = "tier_points"

    def apply(
        self, sale: Sale, raw: Decimal, rate: Decimal | None, trace: Trace | None
    ) -> tuple[Decimal, Decimal | None]:
        name, points = sale.tier.name, sale.tier.added_points
        if not points:
            return raw, rate
        added, result = sale.value * points / 100, None if rate is None else rate + points / 100
        if trace is not None and result is not None:
            trace.append(step("tier", self.rule, Said.TIER_ADDS, result, tier=name, points=points, rate=result))
        elif trace is not None:
            amount, sum_ = Money(sale.value, sale.currency), Money(added, sale.currency)
            said = step("tier", self.rule, Said.TIER_POINTS, sum_, tier=name, points=points, amount=amount, result=sum_)
            trace.append(said)
        return raw + added, result

    def points(self, base_rate: Decimal, tier: Tier) -> Decimal:
        return base_rate + tier.added_points / 100

    def lines(self) -> tuple[RateLine, ...]:
        return ()

    def products(self) -> tuple[str, ...]:
        return ()

    def tiers(self) -> tuple[str, ...]:
        return ()
