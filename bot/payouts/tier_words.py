"""What a partner is told of its tier beyond its own questions: risen, fallen, at risk, recovered, set by a person."""

from __future__ import annotations

from datetime import date

from bot.intents.tier_goals import goals
from bot.vocabulary.decisions import Outcome, Value
from knowledge.program import Program, Tier
from knowledge.tier_review import Notice, Review, Verdict
from knowledge.tiers import TierFigures

_HELP = Outcome("tier_review.help")


def told(done: Review, since: date, held_on: date, ahead: TierFigures | None, program: Program) -> tuple[Outcome, ...]:
    """Nothing where nothing changed. `ahead` are the figures so far of the review that a new notice is for."""
    match done.verdict:
        case Verdict.UP:
            return _risen(done, since)
        case Verdict.DOWN:
            return (*_fallen(done, since, program), *_further(done, ahead, program), _HELP)
        case Verdict.NOTICE if done.notice is not None:
            values = _period(done.figures) | {"tier": done.was.name, "held": held_on}
            at_risk = Outcome("tier_review.notice", values | {"goals": goals(done.figures, done.was)}, figures=True)
            return (at_risk, *_decides(done.notice, done.was, ahead), _HELP)
        case Verdict.RECOVERED:
            values = {"tier": done.tier.name}
            return (Outcome("tier_review.recovered", values, figures=True), _figures(done, done.tier))
        case _:
            return ()


def reminded(notice: Notice, tier: Tier, found: TierFigures) -> tuple[Outcome, ...]:
    values: dict[str, Value] = {"review": notice.review, "tier": tier.name, "becomes": notice.becomes}
    where = _period(found) | {"goals": goals(found, tier)}
    return (
        Outcome("tier_review.reminder", values, figures=True),
        Outcome("tier_review.reminder_goals", where, figures=True),
        _HELP,
    )


def was_set(was: str, tier: Tier, since: date) -> tuple[Outcome, ...]:
    """A manager's reason is his own, and not told."""
    said = Outcome("tier_review.set", {"since": since, "tier": tier.name, "was": was}, figures=True)
    return (said, _points(tier), *_benefits(tier))


def lifted(tier: Tier) -> tuple[Outcome, ...]:
    return (Outcome("tier_review.lifted", {"tier": tier.name}, figures=True),)


def _risen(done: Review, since: date) -> tuple[Outcome, ...]:
    values: dict[str, Value] = {"since": since, "tier": done.tier.name, "was": done.was.name}
    up = Outcome("tier_review.up", values, figures=True)
    return (up, _figures(done, done.tier), _points(done.tier), *_benefits(done.tier))


def _fallen(done: Review, since: date, program: Program) -> tuple[Outcome, ...]:
    values: dict[str, Value] = {"since": since, "tier": done.tier.name, "was": done.was.name}
    key = "tier_review.down" if program.tier_rules.notice_quarters else "tier_review.down_at_once"
    why = _period(done.figures) | {"was": done.was.name, "goals": goals(done.figures, done.was)}
    said = (Outcome("tier_review.set", values, figures=True), Outcome(key, why, figures=True))
    return (*said, _points(done.tier), *_benefits(done.tier))


def _further(done: Review, ahead: TierFigures | None, program: Program) -> tuple[Outcome, ...]:
    """The notice that comes with a fall, where the figures do not hold the lower tier either."""
    if done.notice is None:
        return ()
    tier = program.tier(done.notice.tier)
    return (
        Outcome("tier_review.further", {"tier": tier.name}, figures=True),
        *_decides(done.notice, tier, ahead),
    )


def _decides(notice: Notice, tier: Tier, ahead: TierFigures | None) -> tuple[Outcome, ...]:
    if ahead is None:
        return ()
    values: dict[str, Value] = {"review": notice.review, "tier": tier.name, "becomes": notice.becomes}
    where = _period(ahead) | {"goals": goals(ahead, tier)}
    return (Outcome("tier_review.decides", values | where, figures=True),)


def _figures(done: Review, tier: Tier) -> Outcome:
    values = _period(done.figures) | {"goals": goals(done.figures, tier)}
    return Outcome("tier_review.figures", values, figures=True)


def _period(found: TierFigures) -> dict[str, Value]:
    return {"start": found.window_start, "end": found.window_end}


def _points(tier: Tier) -> Outcome:
    if not tier.added_points:
        return Outcome("tier_review.points_none", figures=True)
    return Outcome("tier_review.points", {"points": tier.added_points.normalize()}, figures=True)


def _benefits(tier: Tier) -> tuple[Outcome, ...]:
    if not any(tier.benefits.values()):
        return ()
    return (Outcome("tier_review.benefits", {"tier": tier.name, "benefits": dict(tier.benefits)}, figures=True),)
