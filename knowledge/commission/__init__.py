"""What partners earn: plans, one rule a file, and figures that carry their derivation."""

from knowledge.commission.derivation import Derivation, NoQuote, Reason, Said, Step
from knowledge.commission.plan import RateAnswer, plans_for, rate_for, rates_for
from knowledge.commission.worth import DealLike

__all__ = [
    "DealLike",
    "Derivation",
    "NoQuote",
    "RateAnswer",
    "Reason",
    "Said",
    "Step",
    "plans_for",
    "rate_for",
    "rates_for",
]
