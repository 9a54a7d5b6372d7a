"""What a plan pays, line by line: each a sentence by key with its values, which is worded elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.commission.derivation import Value


class RateKey(StrEnum):
    """One line of "what do we earn": a sentence by key; in brackets its values. Rates are shares of 1 with the tier's
    addition in them, `base_rate` without."""

    FIRST_YEAR = "first_year"  # rate, base_rate
    OF_COLLECTED = "of_collected"  # rate, base_rate
    OF_DEAL = "of_deal"  # rate, base_rate
    OF_TOTAL = "of_total"  # rate, base_rate
    OF_MONTH = "of_month"  # rate, base_rate
    OF_NEW_MONTH = "of_new_month"  # rate, base_rate
    OF_MARGIN = "of_margin"  # rate, base_rate
    FLAT_SUM = "flat_sum"  # flat
    FLAT_UNDER = "flat_under"  # flat, under
    ONE_OFF_EXCLUDED = "one_off_excluded"
    RENEWALS_EXCLUDED = "renewals_excluded"
    INFLUENCED = "influenced"  # rate
    BAND = "band"  # rate, base_rate, from, to (no `to` in the last band)
    BAND_WHOLE = "band_whole"  # rate, base_rate, from: of whole sums, as the mode says
    MODE_MARGINAL = "mode_marginal"
    MODE_RATE_BEFORE = "mode_rate_before"
    MODE_RATE_AFTER = "mode_rate_after"
    MODE_WHOLE_RETRO = "mode_whole_retro"
    MODE_PER_DEAL = "mode_per_deal"
    PRODUCT_POINTS = "product_points"  # product, points
    ACCELERATOR = "accelerator"  # points
    CAP = "cap"  # cap (per quarter)
    CAP_DEAL = "cap_deal"  # cap (per deal)
    SERVICES_VALUE = "services_value"  # rate, base_rate, products
    SERVICES_PARTS = "services_parts"  # go_live, at_csat (shares), csat
    PRODUCTS_VALUE = "products_value"  # rate, base_rate, products
    PART_LIVE = "part_live"  # share
    PART_CSAT = "part_csat"  # share, csat
    PART_USAGE = "part_usage"  # share, metric, usage
    PART_STAGE = "part_stage"  # share, stage
    PART_WON = "part_won"  # share
    WHEN_WON = "when_won"
    WHEN_STAGE = "when_stage"  # stage
    WHEN_LIVE = "when_live"
    WHEN_CSAT = "when_csat"  # csat
    WHEN_USAGE = "when_usage"  # metric, usage
    RENEWALS = "renewals"  # rate, base_rate, renewals (how many), csat
    RENEWALS_FIRST = "renewals_first"  # rate, base_rate, renewals
    RENEWALS_ALL = "renewals_all"  # rate, base_rate
    YEAR = "year"  # year, rate, base_rate
    FOR_MONTHS = "for_months"  # months
    UNTIL_UNPAID = "until_unpaid"
    PRORATED = "prorated"
    SPLIT = "split"
    PAID_IN = "paid_in"  # currency


@dataclass(frozen=True, slots=True)
class RateLine:
    key: RateKey
    values: Mapping[str, Value] = field(default_factory=dict)
