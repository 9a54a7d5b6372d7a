"""Split: partners that brought a deal together get the shares that the CRM holds."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from knowledge.commission.rate_line import RateKey, RateLine
from knowledge.values import Checked


class ByShares(Checked):
    """Shares are positive and make 1; one partner's may be missing and is the rest."""

    rule: ClassVar[str] = "by_shares"

    def weights(self, shares: Mapping[str, Decimal | None]) -> Mapping[str, Decimal] | None:
        known = {id_: share for id_, share in shares.items() if share is not None}
        missing = [id_ for id_ in shares if id_ not in known]
        if len(missing) > 1 or not all(share.is_finite() and share > 0 for share in known.values()):
            return None
        whole = sum(known.values(), start=Decimal(0))
        if missing:
            return {**known, missing[0]: 1 - whole} if whole < 1 else None
        return known if whole == 1 else None

    def lines(self) -> tuple[RateLine, ...]:
        return (RateLine(RateKey.SPLIT),)
