"""What a review on the first day of a quarter decides for a partner, from its figures and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge.program import Program, Tier
from knowledge.tiers import TierFigures, quarters_after

_SHORTEST_NOTICE = 60  # days; a review that is held late gives its notice for a later one


@dataclass(frozen=True, slots=True)
class Notice:
    """The review of that day lowers `tier` to `becomes` unless the figures recover until then."""

    review: date
    tier: str
    becomes: str


class Verdict(StrEnum):
    """UP, DOWN: another tier. KEPT: nothing changes. RECOVERED: a notice falls away. NOTICE: the tier is at risk from
    now on. STANDS: it was already, and its time is not over. UNSURE: it would depend on sums without a rate.
    """

    UP = "up"
    DOWN = "down"
    KEPT = "kept"
    RECOVERED = "recovered"
    NOTICE = "notice"
    STANDS = "stands"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Review:
    """`tier` is the one after the review, `notice` the one that stands after it: a new one after a fall, where the
    figures do not hold the lower tier either.
    """

    verdict: Verdict
    was: Tier
    tier: Tier
    figures: TierFigures
    notice: Notice | None = None


def decide(program: Program, held: Tier, found: TierFigures, notice: Notice | None, held_on: date) -> Review:
    """The review of `found.review`, held on `held_on` (the same day, or later where nobody was there).

    `notice` is the one that stands; one for another tier than `held` is void, since somebody changed the tier after it.
    A partner rises to the highest tier that its figures reach. It falls by `tiers_lost_at_most`, and only where the
    notice for this review, or for one that was never held, has run out. Held again it changes nothing more.
    """
    place, reached = program.tiers.index(held), _reached(program, found)
    standing = notice if notice and notice.tier == held.name else None
    if reached > place:
        return Review(Verdict.UP, held, program.tiers[reached], found)
    if _holds(program, held, found):
        return Review(Verdict.RECOVERED if standing else Verdict.KEPT, held, held, found)
    if found.uncounted and found.gap(held).revenue.amount:
        return Review(Verdict.UNSURE, held, held, found, standing)
    becomes = program.tiers[max(place - program.tier_rules.tiers_lost_at_most, reached)]
    due = standing is not None and standing.review <= found.review
    if due or not program.tier_rules.notice_quarters:
        further = None if _holds(program, becomes, found) else _notice(program, becomes, found, held_on)
        return Review(Verdict.DOWN, held, becomes, found, further)
    if standing is not None:
        return Review(Verdict.STANDS, held, held, found, standing)
    return Review(Verdict.NOTICE, held, held, found, _notice(program, held, found, held_on))


def _reached(program: Program, found: TierFigures) -> int:
    """The place of the highest tier that the figures are enough for; the lowest one takes nothing."""
    met = (place for place, tier in enumerate(program.tiers) if found.gap(tier).closed)
    return max(met, default=0)


def _holds(program: Program, tier: Tier, found: TierFigures) -> bool:
    return tier is program.tiers[0] or found.gap(tier).closed


def _notice(program: Program, tier: Tier, found: TierFigures, held_on: date) -> Notice | None:
    """For the review after this one; a later one where less than the shortest notice would be left until then."""
    rules = program.tier_rules
    if not rules.notice_quarters:
        return None
    due = quarters_after(found.review, rules.notice_quarters)
    while (due - held_on).days < _SHORTEST_NOTICE:
        due = quarters_after(due, 1)
    place = program.tiers.index(tier)
    becomes = program.tiers[max(place - rules.tiers_lost_at_most, _reached(program, found))]
    return Notice(due, tier.name, becomes.name)
