"""The partner's tier, what it brings, and what the next one still takes, with the figures of the coming review."""

from __future__ import annotations

from bot.intents import hand_over
from bot.intents.phrases import text
from bot.vocabulary.decisions import Decision, Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Request
from knowledge.program import Tier
from knowledge.tiers import TierProgress, progress


def decide(request: Request, facts: Facts) -> Decision:
    try:
        held = progress(facts.partner, facts.deals, facts.payments, facts.program, facts.now.date())
    except KeyError:
        return hand_over.decide(request, facts)
    outcomes = (*_current(held.tier), *_ahead(held), Outcome("tier.review", {"review": held.next_review}, figures=True))
    return Decision((), outcomes, "tier_told")


def _current(tier: Tier) -> tuple[Outcome, ...]:
    current = Outcome("tier.current", {"tier": tier.name}, figures=True)
    if not any(tier.benefits.values()):
        return (current,)
    return (current, Outcome("tier.benefits", {"benefits": dict(tier.benefits)}, figures=True))


def _ahead(held: TierProgress) -> tuple[Outcome, ...]:
    if held.next_tier is None:
        return (Outcome("tier.top", figures=True),)
    goals = Outcome("tier.next", {"next": held.next_tier.name, "goals": _goals(held, held.next_tier)}, figures=True)
    uncounted = (
        Outcome("tier.other_currencies", {"sums": held.other_revenue, "currency": held.revenue.currency}, figures=True),
    )
    reached = Outcome("tier.next_met", {"next": held.next_tier.name}, figures=True)
    return (goals, *(uncounted if held.other_revenue else ()), *((reached,) if held.reached else ()))


def _goals(held: TierProgress, wanted: Tier) -> tuple[Value, ...]:
    """One line for each thing the tier takes: where the partner is, and what is missing."""
    goals: list[Value] = []
    if wanted.revenue is not None:
        key = "tier.revenue_gap" if held.missing_revenue.amount else "tier.revenue_met"
        goals.append(text(key, have=held.revenue, needed=wanted.revenue, gap=held.missing_revenue))
    if wanted.csat is not None:
        key = "tier.csat_gap" if held.missing_csat else "tier.csat_met"
        have = held.csat if held.csat is not None else ""
        key = key if held.csat is not None else "tier.csat_unknown"
        goals.append(text(key, have=have, needed=wanted.csat, gap=held.missing_csat))
    if wanted.certified_people:
        key = "tier.people_gap" if held.missing_certified else "tier.people_met"
        goals.append(text(key, have=held.certified_people, needed=wanted.certified_people, gap=held.missing_certified))
    return tuple(goals)
