"""No more announcements for the person who writes; answers and statements go on."""

from __future__ import annotations

from bot.intents import hand_over
from bot.vocabulary.decisions import Decision, OptOut, Outcome
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Request


def decide(request: Request, facts: Facts) -> Decision:
    if facts.contact is None:
        return hand_over.decide(request, facts)
    if request.ask:
        return Decision((), (Outcome("unsubscribe.shall_we"),), "confirmation_asked")
    return Decision((OptOut(facts.contact.id),), (Outcome("unsubscribe.done"),), "opted_out")
