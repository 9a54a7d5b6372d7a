"""How much one deal brings, when, and when the money comes: each asked once, and as what it is."""

from __future__ import annotations

from dataclasses import replace

from bot.readers.finer import money_words as words
from bot.readers.finer.moods import says
from bot.readers.finer.names import named_by_por
from bot.readers.finer.scene import Scene, overlaps
from bot.readers.finer.sentences import Sentence
from bot.vocabulary.requests import CommissionFields, Intent, PayoutFields, Request, StatusFields


def about_one_deal(scene: Scene, requests: tuple[Request, ...]) -> list[Request]:
    """How much one customer brings is a question about commission, though it may read as one about payouts, or about
    the deal where nothing else is asked.
    """
    if any(_names_deal(r) for r in requests):
        return list(requests)
    for intent in (Intent.ASK_PAYOUT, Intent.ASK_DEAL_STATUS):
        for at, request in enumerate(requests):
            if request.intent is intent and (customer := _how_much_of(request, scene)):
                made = replace(request, intent=Intent.ASK_COMMISSION, fields=CommissionFields(customer))
                return [*requests[:at], made, *requests[at + 1 :]]
    return list(requests)


def _how_much_of(request: Request, scene: Scene) -> str | None:
    said = request.fields
    customer = said.customer if isinstance(said, StatusFields) else None
    if request.finer or said not in (PayoutFields(), StatusFields(customer)):
        return None
    if customer and sum(s.asks for s in scene.sentences) > 1:
        return None
    here = [s for s in scene.sentences if overlaps(request.span, s) and says(words.HOW_MUCH, s.text)]
    return next((name for s in here if (name := customer or scene.customer_in(s) or named_by_por(s))), None)


def when_paid(scene: Scene, requests: list[Request]) -> list[Request]:
    """When the money comes is a question about payouts, also under a subject that speaks of commission."""
    asked = [s for s in scene.sentences if says(words.WHEN, s.text) and says(words.GET_PAID, s.text)]
    return [replace(r, intent=Intent.ASK_PAYOUT, fields=PayoutFields()) if _is_when(r, asked) else r for r in requests]


def _is_when(request: Request, asked: list[Sentence]) -> bool:
    if request.intent is not Intent.ASK_COMMISSION or request.finer or request.fields != CommissionFields():
        return False
    return any(overlaps(request.span, sentence) for sentence in asked)


def asked_once(requests: list[Request], scene: Scene) -> list[Request]:
    """ "What do we get for Globex, and when?" asks once: the answer tells when."""
    when = [s for s in scene.sentences if says(words.WHEN, s.text)]
    asked = {
        r.fields.customer
        for r in requests
        if isinstance(r.fields, CommissionFields) and any(overlaps(r.span, sentence) for sentence in when)
    }
    told = [s for s in when if any(_names_deal(r) and overlaps(r.span, s) for r in requests)]
    return [r for r in requests if not _asks_again(r, when, asked) and not _asks_when(r, told, when)]


def _names_deal(request: Request) -> bool:
    return isinstance(request.fields, CommissionFields) and bool(request.fields.customer)


def _asks_when(request: Request, told: list[Sentence], when: list[Sentence]) -> bool:
    """Payouts as such, in a sentence that asks for one deal's commission and in no other."""
    if request.intent is not Intent.ASK_PAYOUT or request.finer or request.fields != PayoutFields():
        return False
    here = [sentence for sentence in when if overlaps(request.span, sentence)]
    return bool(here) and all(sentence in told for sentence in here)


def _asks_again(request: Request, when: list[Sentence], asked: set[str | None]) -> bool:
    said = request.fields
    if not isinstance(said, StatusFields) or request.finer or not said.customer or said.customer not in asked:
        return False
    return any(overlaps(request.span, sentence) for sentence in when)
