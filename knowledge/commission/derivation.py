"""A commission figure with how it came about, step by step, and the reasons why there may be none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator

from crm.money import Money


def _read(value: object) -> Decimal | date:
    """A number or a day as it is, or as it was written down; ValueError for anything else."""
    match value:
        case Decimal() | date():
            return value
        case {"number": str(number)}:
            return Decimal(number)
        case {"day": str(day)}:
            return date.fromisoformat(day)
    raise ValueError("neither a number nor a day")


def _written(value: Decimal | date) -> dict[str, str]:
    """Under its kind, since a document would else give back a text for either."""
    return {"day": value.isoformat()} if isinstance(value, date) else {"number": str(value)}


Exact = Annotated[Decimal | date, PlainValidator(_read), PlainSerializer(_written, when_used="json")]
Value = str | int | Money | tuple[str, ...] | Exact
"""What went into a step or came out of it; a document gives back the same value of the same kind."""


class Said(StrEnum):
    """Sentences for the partner, by key; in brackets the values that each takes. Rates are shares of 1."""

    BASE_LIST = "base_list"  # seats, price (all products, per seat and month), months, base
    BASE_ANNUAL = "base_annual"  # amount, months, base
    BASE_MONTHLY = "base_monthly"  # amount, months, base
    BASE_SEATS = "base_seats"  # amount (per seat and month), seats, months, base
    BASE_TOTAL = "base_total"  # amount, term_months, months, base
    BASE_ONE_OFF = "base_one_off"  # products, amount
    BASE_ASSUMED = "base_assumed"  # amount: taken as the first year's, since nothing else was said
    ONE_OFF_LEFT_OUT = "one_off_left_out"  # products, amount (at list price, zero where not part of the sum), base
    FLAT = "flat"  # base, under, flat
    THRESHOLD_NOT_CONVERTED = "threshold_not_converted"  # under, flat: the condition the figure rests on
    RATE = "rate"  # rate
    TIER_ADDS = "tier_adds"  # tier, points, rate (with the addition)
    INFLUENCED = "influenced"  # rate
    ROUNDED = "rounded"  # exact, result
    COLLECTED = "collected"  # amount, collected (so far), base (what counts of it)
    EARLIER_LINES = "earlier_lines"  # total, earlier, result
    NOTHING_ONE_OFF = "nothing_one_off"  # amount
    NOTHING_RENEWAL = "nothing_renewal"  # amount
    NOTHING_LATE_REFUND = "nothing_late_refund"  # amount, days
    NOTHING_OTHER = "nothing_other"  # amount: for what the plan does not pay
    NOTHING_AFTER = "nothing_after"  # amount, months: the plan's time is over
    NOTHING_YEAR = "nothing_year"  # amount, years: paid for a later year than the last that earns
    NOTHING_GAP = "nothing_gap"  # amount, on: a period before it was not paid
    NOTHING_RENEWALS = "nothing_renewals"  # amount, renewals: as many have been paid
    NOTHING_CSAT = "nothing_csat"  # amount, csat, needed
    WAITS_CSAT = "waits_csat"  # amount, needed
    BROUGHT = "brought"  # the partner brought the deal
    TOOK_PART = "took_part"  # the partner influenced it
    PLAN_HOLDS = "plan_holds"  # plan, version, on (the day that decides)
    TIER_HELD = "tier_held"  # tier, on
    PAID = "paid"  # amount, on
    PAID_BACK = "paid_back"  # amount, on, paid_on
    RENEWED = "renewed"  # amount, on, number (of the renewal)
    WON = "won"  # on
    STAGE_REACHED = "stage_reached"  # stage, on
    WENT_LIVE = "went_live"  # on
    CSAT_REACHED = "csat_reached"  # csat, needed, on
    USAGE_REACHED = "usage_reached"  # metric, usage, needed, on
    SERVICE_YEAR = "service_year"  # amount (of the payment), year, on (its first day), counted
    SCALED_NEW = "scaled_new"  # amount, mrr, replaced, base
    NEW_MRR = "new_mrr"  # mrr, replaced, base
    MONTHLY = "monthly"  # base
    TOTAL_VALUE = "total_value"  # base
    MARGIN = "margin"  # the vendor's net margin, which is never shown
    PRORATED = "prorated"  # amount, days, days_in_month, result
    COUNTS = "counts"  # amount, collected (on the deal so far)
    VOLUME = "volume"  # before, after: the quarter's net volume
    BAND_PART = "band_part"  # amount, rate, result
    BAND_BEFORE = "band_before"  # volume, rate
    BAND_AFTER = "band_after"  # volume, rate
    BAND_WHOLE = "band_whole"  # volume, rate, total
    BAND_SAME = "band_same"  # rate: what was paid back had earned this
    BAND_DEAL = "band_deal"  # before, after: the deal's own volume
    YEAR_RATE = "year_rate"  # year, rate
    FLAT_SUM = "flat_sum"  # flat
    TIER_RATE = "tier_rate"  # tier, rate: instead of the plan's
    TIER_POINTS = "tier_points"  # tier, points, amount, result
    PRODUCT_POINTS = "product_points"  # product, points, amount, result
    ACCELERATED = "accelerated"  # target, points, amount (above it), result
    CAPPED = "capped"  # cap, cut
    PART = "part"  # share, total, result
    SPLIT = "split"  # share, total, result
    AT_RATE = "at_rate"  # amount, exchange, on, source, result (in the program's currency)
    CONVERTED = "converted"  # amount, exchange, on, source, result (in the currency that is paid)
    CONVERTED_BACK = "converted_back"  # amount, result: from the program's currency, at the rate it came in at
    ALTOGETHER = "altogether"  # result
    CORRECTED = "corrected"  # posted, right, result
    MEETING_HELD = "meeting_held"  # subject, on
    CERTIFIED = "certified"  # subject, on
    EVENT_HELD = "event_held"  # subject, opportunities, on
    EVENT_SMALL = "event_small"  # subject, opportunities, needed
    REWARD = "reward"  # reward
    TAKES_BACK = "takes_back"  # amount (of the line taken back)
    CORRECTION = "correction"  # amount (as it was), result, reason (a person's words)


class Reason(StrEnum):
    """Why no figure can be given; what the caller asks for, or hands over."""

    NO_PLAN = "no_plan"
    PLAN_NEEDS_PERSON = "plan_needs_person"
    UNKNOWN_TIER = "unknown_tier"
    UNKNOWN_PRODUCT = "unknown_product"
    NO_AMOUNT = "no_amount"
    NO_MARGIN = "no_margin"
    NO_RATE = "no_rate"
    NO_PERIOD = "no_period"
    NO_QUANTITY = "no_quantity"
    ONE_OFF_SHARE_UNKNOWN = "one_off_share_unknown"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is, the rule behind it, what went in, what came out, and the sentence that tells it."""

    name: str
    rule: str
    inputs: Mapping[str, Value]
    result: Value
    sentence: Said
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Derivation:
    """`result` is rounded, once; `rate` is None where a flat sum or nothing is paid."""

    result: Money
    rate: Decimal | None
    steps: tuple[Step, ...]
    plan: str
    version: str

    def says(self, sentence: Said) -> bool:
        return any(step.sentence is sentence for step in self.steps)


@dataclass(frozen=True, slots=True)
class NoQuote:
    """`about` names what the reason is about: a product, a plan, a tier."""

    reason: Reason
    about: str = ""
    plan: str = ""


def step(name: str, rule: str, sentence: Said, result: Value, /, **values: Value) -> Step:
    """A step whose sentence shows what went in and what came out."""
    return Step(name, rule, values, result, sentence, values)


def rounding(rule: str, exact: Money) -> Step:
    """The last step: half-up, once, to the currency's smallest unit."""
    result = exact.rounded()
    return step("rounding", rule, Said.ROUNDED, result, exact=exact, result=result)
