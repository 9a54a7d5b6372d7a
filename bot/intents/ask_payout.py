"""A question about a payout or a statement: a person answers it, to whoever may see the partner's commission."""

from __future__ import annotations

from bot.intents import hand_over, rights
from bot.vocabulary.decisions import Decision
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Request
from crm.records import ContactRight


def decide(request: Request, facts: Facts) -> Decision:
    return rights.refused(ContactRight.SEE_COMMISSION, facts) or hand_over.decide(request, facts)
