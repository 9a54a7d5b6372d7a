"""How old an answer is, where the CRM that it rests on has been away for long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.vocabulary.decisions import Decision, Outcome
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Intent, Request

_RESTS_ON_RECORDS = (Intent.ASK_DEAL_STATUS, Intent.ASK_TIER, Intent.ASK_COMMISSION, Intent.ASK_PAYOUT)


def aged(requests: Sequence[Request], decisions: Sequence[Decision], facts: Facts) -> list[Decision]:
    """The decisions on these requests; said once, after the last one that shows what the CRM held."""
    told = list(decisions)
    showing = [
        at
        for at, (request, decision) in enumerate(zip(requests, decisions, strict=True))
        if request.intent in _RESTS_ON_RECORDS and any(outcome.figures for outcome in decision.outcomes)
    ]
    if facts.as_of is not None and showing:
        last = told[showing[-1]]
        age = Outcome("status.as_of", {"at": facts.as_of}, figures=True)
        told[showing[-1]] = replace(last, outcomes=(*last.outcomes, age))
    return told
