"""Holds a model's proposal against the text: what left no trace there is dropped, the rest becomes typed requests."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any

from bot.ports import Readable
from bot.readers.model.asking import source_of
from bot.readers.model.evidence import Evidence
from bot.readers.model.schema import ProposedReading, ProposedRequest
from bot.readers.model.values import CHECKS, products
from bot.readers.proposing import NoReading, Reason
from bot.vocabulary.message import ThreadKind
from bot.vocabulary.requests import FIELDS_OF, Intent, NoFields, Reading, Request
from crm.records import Channel
from knowledge.program import Product

MOST_REQUESTS = 20
SURE, DOUBTFUL = 0.9, 0.5
_ALONE = (Intent.THANKS, Intent.OTHER, Intent.AUTO_REPLY)
_LANGUAGE = re.compile(r"[a-z]{2}")


def checked(proposal: ProposedReading, readable: Readable, catalogue: tuple[Product, ...]) -> Reading:
    """The part of a proposal that the text bears out; NoReading (EMPTY) where nothing of it is left."""
    evidence = Evidence(source_of(readable))
    found: list[Request] = []
    for proposed in proposal.requests[:MOST_REQUESTS]:
        request = _request(proposed, readable, evidence, catalogue)
        if request is not None and all((request.intent, request.fields) != (r.intent, r.fields) for r in found):
            found.append(request)
    requests = _standing_alone(found)
    if not requests:
        raise NoReading(Reason.EMPTY)
    return Reading(
        language=_language(proposal.language),
        requests=requests,
        answer_expected=_answer_expected(requests, readable, spam=proposal.spam),
        reader="model",
    )


def _request(
    proposed: ProposedRequest, readable: Readable, evidence: Evidence, catalogue: tuple[Product, ...]
) -> Request | None:
    """None where the intent is unknown, has no place in this thread, or rests on nothing in the text."""
    intent = _intent(proposed.intent, readable)
    if intent is None:
        return None
    said, dropped = _said(intent, proposed, readable, evidence, catalogue)
    quoted = evidence.passage(proposed.quote)
    if not quoted and not said:
        return None
    if not said and dropped:
        return None
    doubtful = proposed.unsure or dropped or not quoted
    return Request(
        intent=intent,
        fields=FIELDS_OF[intent](**said),
        span=_span(proposed.quote, readable.text),
        confidence=DOUBTFUL if doubtful else SURE,
        ask=proposed.unsure,
    )


def _intent(name: str, readable: Readable) -> Intent | None:
    try:
        intent = Intent(name.strip().lower())
    except ValueError:
        return None
    if intent is Intent.PROVIDE_FIELD and not readable.thread.asked and readable.thread.kind is not ThreadKind.QUESTION:
        return None
    if intent is Intent.ANSWER_ANNOUNCEMENT and readable.thread.kind is not ThreadKind.ANNOUNCEMENT:
        return None
    return intent


def _said(
    intent: Intent,
    proposed: ProposedRequest,
    readable: Readable,
    evidence: Evidence,
    catalogue: tuple[Product, ...],
) -> tuple[dict[str, Any], bool]:
    """The fields of this intent that hold, and whether one of them did not. Fields of other intents do not count."""
    said: dict[str, Any] = {}
    dropped = False
    kind = FIELDS_OF[intent]
    for name in () if kind is NoFields else [f.name for f in fields(kind)]:
        value = getattr(proposed, name)
        if value in (None, "", []):
            continue
        kept = (
            products(value, catalogue) if name == "products" else CHECKS[name](str(value).strip(), evidence, readable)
        )
        if kept is None:
            dropped = True
        else:
            said[name] = kept
    if proposed.amount and "amount" not in said:
        # What belongs to an invented amount goes with it; a currency that was asked for stands by itself.
        said.pop("amount_basis", None)
        said.pop("currency", None)
    return said, dropped


def _standing_alone(found: list[Request]) -> tuple[Request, ...]:
    """Thanks, machines and the rest only where nothing else is wanted, and then one of them."""
    wishes = tuple(request for request in found if request.intent not in _ALONE)
    return wishes or tuple(found[:1])


def _answer_expected(requests: tuple[Request, ...], readable: Readable, *, spam: bool) -> bool:
    if readable.automatic:
        return False
    only = requests[0].intent
    if only in (Intent.THANKS, Intent.AUTO_REPLY):
        return False
    if only is Intent.OTHER:
        return not spam and (readable.addressed or readable.channel is not Channel.SLACK)
    return True


def _span(quote: str, text: str) -> tuple[int, int]:
    """Where the quoted words stand in the text, however the white space runs; the whole text where they do not."""
    words = [re.escape(word) for word in quote.split()]
    found = re.search(r"\s+".join(words), text, re.IGNORECASE) if words else None
    return found.span() if found else (0, len(text))


def _language(code: str) -> str:
    short = code.strip().lower()[:2]
    return short if _LANGUAGE.fullmatch(short) else "en"
