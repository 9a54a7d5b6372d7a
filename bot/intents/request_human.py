"""A person or a meeting: the partner's manager is told and named."""

from __future__ import annotations

from bot.intents import hand_over
from bot.vocabulary.decisions import Decision, Outcome
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Request


def decide(request: Request, facts: Facts) -> Decision:
    passed_on = hand_over.decide(request, facts)
    if facts.manager is None:
        outcome = Outcome("human.team")
    else:
        outcome = Outcome("human.manager", {"manager": facts.manager.name, "address": facts.manager.email})
    return Decision(passed_on.commands, (outcome,), passed_on.log, passed_on.deal_numbers)
