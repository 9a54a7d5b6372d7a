"""A commission figure with how it came about, step by step, and the reasons why there may be none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from crm.money import Money

Value = str | int | Decimal | Money | tuple[str, ...]


class Said(StrEnum):
    """Sentences for the partner, by key; in brackets the values that each takes. Rates are shares of 1."""

    BASE_LIST = "base_list"  # seats, price (all products, per seat and month), months, base
    BASE_ANNUAL = "base_annual"  # amount, months, base
    BASE_MONTHLY = "base_monthly"  # amount, months, base
    BASE_SEATS = "base_seats"  # amount (per seat and month), seats, months, base
    BASE_TOTAL = "base_total"  # amount, term_months, months, base
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
    TAKES_BACK = "takes_back"  # amount (of the line taken back)
    CORRECTION = "correction"  # amount (as it was), result, reason (a person's words)


class Reason(StrEnum):
    """Why no figure can be given; what the caller asks for, or hands over."""

    NO_PLAN = "no_plan"
    PLAN_NEEDS_PERSON = "plan_needs_person"
    UNKNOWN_TIER = "unknown_tier"
    UNKNOWN_PRODUCT = "unknown_product"
    NO_AMOUNT = "no_amount"
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
