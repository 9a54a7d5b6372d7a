"""Messages that want nothing: they are logged, and an answer would be wrong."""

from __future__ import annotations

from bot.vocabulary.decisions import Decision
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Request


def decide(request: Request, facts: Facts) -> Decision:  # noqa: ARG001 - the shape every row of the table shares
    return Decision((), (), request.intent.value)
