"""A question about the program or the products: answered in the words of its pages, with the source, or by a person."""

from __future__ import annotations

from bot.intents import hand_over
from bot.vocabulary.decisions import Decision, Outcome
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Request


def decide(request: Request, facts: Facts) -> Decision:
    passed_on = hand_over.decide(request, facts)
    told = (Outcome("program.not_found"), *passed_on.outcomes)
    return Decision(passed_on.commands, told, passed_on.log, passed_on.deal_numbers)
