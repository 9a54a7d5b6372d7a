"""The built-in reader: language, machines, segments and mentions, intents, fields, and whether an answer is due."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.ports import Readable
from bot.readers.builtin.absence import absence_of
from bot.readers.builtin.automatic import looks_automatic
from bot.readers.builtin.confidence import Confidence, Draft, evidence
from bot.readers.builtin.document import Document, cleaned, read_document
from bot.readers.builtin.intents import ALONE, DEALS, Wishes
from bot.readers.builtin.language import language_of, load_identifier
from bot.readers.builtin.linear import load_arrays, unpack
from bot.readers.builtin.meaning import load_meanings
from bot.readers.builtin.own import Correction
from bot.readers.builtin.products import ProductFinder
from bot.readers.builtin.requests import span_at
from bot.readers.builtin.stages import ChoiceModel
from bot.readers.builtin.understanding import Understanding, Understood
from bot.readers.builtin.wording import wording
from bot.vocabulary.message import ThreadKind
from bot.vocabulary.requests import AnswerFields, Intent, NoFields, Reading, Request
from crm.records import Channel
from knowledge.program import Product
from mail_ingest.subject import is_reply

_EMOJI_CODE = re.compile(r":[a-z0-9_+'-]{2,40}:")  # as Slack writes them
_LONG = 200  # characters that tell the language without a subject
WEIGHTS = Path(__file__).with_name("weights") / "reader.npz"
# Requests below these are left out beside likelier ones; deals are doubted for one field, too, so they need less.
DOUBT, DEAL_DOUBT = 0.33, 0.1
POINTS_DOWN = re.compile(
    r"below|attached|forward|fwd|underneath|following|see the|unten|drunter|weitergeleitet|anbei|untenstehend|"
    r"folgend|nachstehend|"
    r"ci-dessous|plus bas|dessous|transf[eé]r|suivant|hieronder|onderstaand|onder\b|doorgestuurd|abajo|siguiente|"
    r"adjunt|reenv|"
    r"details|détails|détail|datos|gegevens|mail|e-mail|message|correo|nachricht|register|registr|enregistr|"
    r"their|this one|schützen",
    re.I,
)


class BuiltinReader:
    """Reads without any service.

    `catalogue` is what products may be named; `weights` what training made; `own` what the vendor's messages taught.
    """

    name = "builtin"

    def __init__(self, catalogue: tuple[Product, ...], weights: Path = WEIGHTS, own: Correction | None = None) -> None:
        load_identifier()
        arrays = load_arrays(weights)
        self._products = ProductFinder(catalogue)
        self._understanding = Understanding(arrays, load_meanings(), own)
        self._confidence = confidence_of(arrays)
        self._spam = ChoiceModel(unpack(arrays, "spam"))

    def read(self, readable: Readable) -> Reading:
        """Everything wanted in the message."""
        text, subject = cleaned(readable.text), cleaned(readable.subject).replace("\n", " ")[:300]
        language = language_of(f"{subject}\n{text}" if len(text) < _LONG else text)
        if readable.automatic or looks_automatic(subject, text):
            return _of_a_machine(readable, subject, text, language)
        spoken = _spoken(subject, text)
        document = document_of(readable, subject, text, language, self._products)
        if _wordless(subject, text):
            return _nod_or_riddle(readable, text, spoken)
        understood = self._understanding.of(document, readable)
        if understood is None:
            return _of_a_machine(readable, subject, text, language)
        requests = [self._request(draft, document, readable, understood) for draft in understood.drafts]
        due = self._answer_expected(document, readable, understood.wishes)
        return Reading(spoken, tuple(sorted(_believed(requests), key=lambda r: r.span)), due)

    def _request(self, draft: Draft, document: Document, readable: Readable, understood: Understood) -> Request:
        span = span_at(document, readable.text, draft.place)
        wish = understood.wishes[draft.intent]
        if wish.plain:
            return Request(draft.intent, draft.fields, span, wish.chance)
        found = evidence(draft, document, readable, understood.wishes, understood.roles)
        return Request(draft.intent, draft.fields, span, *self._confidence.judged(draft, found))

    def _answer_expected(self, document: Document, readable: Readable, wishes: Wishes) -> bool:
        if not ALONE.intersection(wishes):
            return True
        if Intent.OTHER not in wishes:
            return False
        if readable.channel is Channel.SLACK:
            return _mail_or_addressed(readable)
        return self._spam.best(wording(document.tokens))[0] == "answer"


def confidence_of(arrays: Mapping[str, NDArray[np.generic]]) -> Confidence:
    """The trained confidence with its limits."""
    intents = [Intent(str(label)) for label in arrays["ask.intents"]]
    limits = arrays["ask.below"].astype("float64").tolist()
    return Confidence(unpack(arrays, "confidence"), dict(zip(intents, limits, strict=True)))


def _spoken(subject: str, text: str) -> str:
    """The language to answer in, "" where it cannot be told: of a reply's subject the words may be ours."""
    said = text if is_reply(subject) or len(text) >= _LONG else f"{subject}\n{text}"
    return language_of(said, "")


def _believed(requests: list[Request]) -> list[Request]:
    """The requests without what is hardly likely beside others that are."""
    best = max(requests, key=lambda r: r.confidence, default=None)
    return [r for r in requests if r is best or r.confidence >= (DEAL_DOUBT if r.intent in DEALS else DOUBT)]


def _of_a_machine(readable: Readable, subject: str, text: str, language: str) -> Reading:
    wish = Request(Intent.AUTO_REPLY, NoFields(), (0, len(readable.text)))
    absence = absence_of(subject, text, language, _day(readable), readable.sender)
    return Reading(language, (wish,), False, absence=absence)


def _wordless(subject: str, text: str) -> bool:
    return not any(c.isalnum() for c in subject + _EMOJI_CODE.sub("", text))


def _nod_or_riddle(readable: Readable, text: str, language: str) -> Reading:
    """No wish can be read from marks alone. A thumb up is a nod and left alone, under an announcement's call it is a
    yes or not quite; a question mark, a lone attachment or nothing at all is for a person to look at.
    """
    if not text.strip() or "?" in text or readable.attachments:
        return Reading(language, (Request(Intent.OTHER, NoFields(), confidence=0.3),), _mail_or_addressed(readable))
    if readable.thread.kind is ThreadKind.ANNOUNCEMENT:
        return Reading(language, (Request(Intent.ANSWER_ANNOUNCEMENT, AnswerFields(), confidence=0.3, ask=True),), True)
    return Reading(language, (Request(Intent.THANKS, NoFields(), confidence=0.3),), False)


def _mail_or_addressed(readable: Readable) -> bool:
    return readable.channel is not Channel.SLACK or readable.addressed


def document_of(readable: Readable, subject: str, text: str, language: str, products: ProductFinder) -> Document:
    """The document to read; a forwarded mail is part of it where the body points at it."""
    forwarded = cleaned(readable.forwarded) if readable.forwarded and POINTS_DOWN.search(text) else ""
    return read_document(subject, text, forwarded, language, _day(readable), products)


def _day(readable: Readable) -> date:
    return readable.received.date()
