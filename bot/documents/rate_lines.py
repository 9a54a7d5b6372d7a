"""What a plan pays, in sentences: each line of it as a text of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.vocabulary.decisions import Value
from crm.money import Money
from knowledge.commission.plan import RateAnswer
from knowledge.commission.rate_line import RateKey, RateLine


def rate_line(line: RateLine) -> Mapping[str, Value]:
    """The first band has no lower end worth saying and the last no upper one, so each has a sentence of its own."""
    key = str(line.key)
    if line.key is RateKey.BAND:
        lower = line.values.get("from")
        first = isinstance(lower, Money) and not lower.amount
        key = "band_open" if "to" not in line.values else "band_first" if first else key
    return {"text": f"rate.{key}", **line.values}


def rate_lines(answer: RateAnswer) -> Sequence[Mapping[str, Value]]:
    """All lines of the plan; those that the tier adds nothing to come after the sentence about its addition."""
    apart = (RateKey.INFLUENCED,)
    lines = [rate_line(line) for line in answer.lines if line.key not in apart]
    if answer.added_points:
        lines.append({"text": "rate.tier_included", "tier": answer.tier, "points": answer.added_points})
    return [*lines, *(rate_line(line) for line in answer.lines if line.key in apart)]
