"""Addition that stands in the place of the rate: each tier has a rate of its own."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from knowledge.commission.derivation import Said, step
from knowledge.commission.rate_line import RateLine
from knowledge.commission.rule import Sale, Trace
from knowledge.program import Tier
from knowledge.values import Checked, Percent, share


class TierRates(Checked):
    """`percents` by tier; a tier that is not named keeps the plan's own rate."""

    rule: ClassVar[str] = "tier_rates"
    percents: Mapping[str, Percent]

    def apply(
        self, sale: Sale, raw: Decimal, rate: Decimal | None, trace: Trace | None
    ) -> tuple[Decimal, Decimal | None]:
        tier = sale.tier.name
        if tier not in self.percents:
            return raw, rate
        own = share(self.percents[tier])
        if trace is not None:
            trace.append(step("tier", self.rule, Said.TIER_RATE, own, tier=tier, rate=own))
        return sale.value * own, own

    def points(self, base_rate: Decimal, tier: Tier) -> Decimal:
        return share(self.percents[tier.name]) if tier.name in self.percents else base_rate

    def lines(self) -> tuple[RateLine, ...]:
        return ()

    def products(self) -> tuple[str, ...]:
        return ()

    def tiers(self) -> tuple[str, ...]:
        return tuple(self.percents)
