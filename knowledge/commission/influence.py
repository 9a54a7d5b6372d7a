"""What a deal earns that the partner influenced and somebody else brought: one rate, whatever the plan and the tier."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from crm.records import PaymentKind
from knowledge.commission.element import Element
from knowledge.commission.rules.cash_collected import CashCollected
from knowledge.commission.rules.first_year_arr import FirstYearArr
from knowledge.commission.rules.influenced import InfluencedRate


@cache
def influenced(rate: Decimal) -> Element:
    """`rate` is a share of 1."""
    return Element(
        name="influenced",
        trigger=CashCollected(kinds=(PaymentKind.RECURRING,)),
        base=FirstYearArr(),
        rate=InfluencedRate(percent=rate * 100),
    )
