"""The partner's tier, what it brings, whether the figures hold it, and what the next one takes until which review."""

from __future__ import annotations

from bot.intents import hand_over, why_tier
from bot.intents.offers import how_for_tier
from bot.intents.own_deals import by_customer
from bot.intents.phrases import text
from bot.intents.tier_goals import goals
from bot.vocabulary.decisions import Decision, Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.money import TierChange
from bot.vocabulary.requests import Finer, Request
from knowledge.program import Tier
from knowledge.tier_review import Notice
from knowledge.tiers import TierFigures, TierProgress, figures, progress


def decide(request: Request, facts: Facts) -> Decision:
    """What was asked: the history alone where it was since when, else all of it."""
    try:
        held = _progress(facts)
    except KeyError:
        return hand_over.decide(request, facts)
    if request.finer is Finer.WHY_TIER:
        return Decision((), tuple(why_tier.told(held, facts)), "tier_figures_told")
    changes = facts.money.earlier_tiers if facts.money else ()
    if request.finer is Finer.TIER_HISTORY:
        return Decision((), (_named(held.tier), *_history(changes)), "tier_history_told")
    outcomes = (*_current(held.tier, changes), *_holding(held, facts), *_ahead(held), *_review(held))
    return Decision((), outcomes, "tier_told")


def is_named(customer: str | None, facts: Facts) -> bool:
    """Whether what was taken for a customer is a tier: "how do we get to Elite?"."""
    said = (customer or "").casefold()
    return any(tier.name.casefold() == said for tier in facts.program.tiers) and not by_customer(facts, said)


def _progress(facts: Facts) -> TierProgress:
    today, money = facts.now.date(), facts.money
    if money is None:
        return progress(facts.partner, facts.deals, facts.payments, facts.program, today)
    known = money.account
    return progress(facts.partner, known.deals, known.payments, facts.program, today, money.rates, known.milestones)


def _named(tier: Tier) -> Outcome:
    return Outcome("tier.current", {"tier": tier.name}, figures=True)


def _current(tier: Tier, changes: tuple[TierChange, ...]) -> tuple[Outcome, ...]:
    told = [_named(tier)]
    last = changes[-1] if changes else None
    if last and last.was and last.tier == tier.name:
        told.append(Outcome("tier.since", {"since": last.since, "was": last.was}, figures=True))
    if any(tier.benefits.values()):
        told.append(Outcome("tier.benefits", {"benefits": dict(tier.benefits)}, figures=True))
    return tuple(told)


def _history(changes: tuple[TierChange, ...]) -> tuple[Outcome, ...]:
    """The reasons of managers are theirs, and not told."""
    if not changes:
        return (Outcome("tier.history_unknown", figures=True),)
    lines: list[Value] = [
        text("tier.history_line" if change.was else "tier.history_begins", since=change.since, tier=change.tier)
        for change in changes
    ]
    return (Outcome("tier.history", {"changes": tuple(lines)}, figures=True),)


def _holding(held: TierProgress, facts: Facts) -> tuple[Outcome, ...]:
    """Whether the present tier is kept; nothing of the lowest one, which takes nothing."""
    notice = facts.money.tier_notice if facts.money else None
    if notice is not None and notice.tier == held.tier.name:
        return (_at_risk(held.tier, notice, _at(notice, facts)),)
    if held.tier is facts.program.tiers[0]:
        return ()
    if held.keeps_tier:
        return (Outcome("tier.keeps", {"tier": held.tier.name}, figures=True),)
    values: dict[str, Value] = {"tier": held.tier.name, "goals": goals(held.figures, held.tier)}
    return (Outcome("tier.short", values, figures=True),)


def _at(notice: Notice, facts: Facts) -> TierFigures:
    """The figures of the review that the notice is for, as far as they are known."""
    if facts.money is None:
        raise ValueError("a notice comes with the records that it rests on")
    known = facts.money.account
    return figures(
        facts.partner, known.deals, known.payments, known.milestones, facts.money.rates, facts.program,
        notice.review, facts.now.date(),
    )  # fmt: skip


def _at_risk(tier: Tier, notice: Notice, found: TierFigures) -> Outcome:
    values: dict[str, Value] = {
        "tier": tier.name, "becomes": notice.becomes, "review": notice.review, "start": found.window_start,
        "end": found.window_end, "goals": goals(found, tier),
    }  # fmt: skip
    return Outcome("tier.at_risk", values, figures=True)


def _ahead(held: TierProgress) -> tuple[Outcome, ...]:
    if held.next_tier is None:
        return (Outcome("tier.top", figures=True),)
    wanted = held.next_tier
    told = [Outcome("tier.next", {"next": wanted.name, "goals": goals(held.figures, wanted)}, figures=True)]
    if held.figures.uncounted:
        sums: dict[str, Value] = {"sums": held.figures.uncounted, "currency": held.figures.revenue.currency}
        told.append(Outcome("tier.other_currencies", sums, figures=True))
    if held.reached:
        told.append(Outcome("tier.next_met", {"next": wanted.name}, figures=True))
    return tuple(told)


def _review(held: TierProgress) -> tuple[Outcome, ...]:
    found = held.figures
    return (
        Outcome("tier.review", {"review": found.review}, figures=True),
        Outcome(
            "tier.counts",
            {"start": found.window_start, "end": found.window_end},
            figures=True,
            offers=(how_for_tier(),),
        ),
    )
