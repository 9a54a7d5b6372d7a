"""Every commission rule by the name that plans use, a table for each step; a new rule is one file and one row here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowledge.commission.rules.above_target import AboveTarget
from knowledge.commission.rules.always import Always
from knowledge.commission.rules.by_shares import ByShares
from knowledge.commission.rules.by_year import ByYear
from knowledge.commission.rules.cash_collected import CashCollected
from knowledge.commission.rules.collected_cash import CollectedCash
from knowledge.commission.rules.csat_reached import CsatReached
from knowledge.commission.rules.days_of_month import DaysOfMonth
from knowledge.commission.rules.deal_amount import DealAmount
from knowledge.commission.rules.evenly import Evenly
from knowledge.commission.rules.first_months import FirstMonths
from knowledge.commission.rules.first_year_arr import FirstYearArr
from knowledge.commission.rules.flat import Flat
from knowledge.commission.rules.go_live import GoLive
from knowledge.commission.rules.influenced import InfluencedRate
from knowledge.commission.rules.marginal import Marginal
from knowledge.commission.rules.monthly_revenue import MonthlyRevenue
from knowledge.commission.rules.most import Most
from knowledge.commission.rules.net_margin import NetMargin
from knowledge.commission.rules.net_new_mrr import NetNewMrr
from knowledge.commission.rules.per_deal import PerDeal
from knowledge.commission.rules.percent import PercentRate
from knowledge.commission.rules.product_points import ProductPoints
from knowledge.commission.rules.rate_after import RateAfter
from knowledge.commission.rules.rate_before import RateBefore
from knowledge.commission.rules.renewals import Renewals
from knowledge.commission.rules.stage_reached import StageReached
from knowledge.commission.rules.tier_points import TierPoints
from knowledge.commission.rules.tier_rates import TierRates
from knowledge.commission.rules.total_contract_value import TotalContractValue
from knowledge.commission.rules.until_unpaid import UntilUnpaid
from knowledge.commission.rules.usage_reached import UsageReached
from knowledge.commission.rules.whole_retro import WholeRetro
from knowledge.commission.rules.within_days import WithinDays
from knowledge.commission.rules.won import Won

Table = Mapping[str, Any]


def _table(*rules: Any) -> Table:
    return {rule.rule: rule for rule in rules}


MOMENTS = _table(Won, StageReached, GoLive, CsatReached, UsageReached)
"""Moments of a deal: they trigger, and a part of a commission may wait for one."""

TRIGGERS = {**_table(CashCollected, Renewals), **MOMENTS}
BASES = _table(FirstYearArr, CollectedCash, DealAmount, TotalContractValue, MonthlyRevenue, NetMargin, NetNewMrr)
RATES = _table(PercentRate, InfluencedRate, ByYear, Flat, Marginal, RateBefore, RateAfter, WholeRetro, PerDeal)
ADDITIONS = _table(TierPoints, TierRates, ProductPoints)
ACCELERATORS = _table(AboveTarget)
CAPS = _table(Most)
SCHEDULES = _table(FirstMonths, UntilUnpaid)
CLAWBACKS = _table(WithinDays, Always)
SPLITS = _table(ByShares, Evenly)
PRORATIONS = _table(DaysOfMonth)
