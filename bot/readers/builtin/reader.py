"""The built-in reader: language, machines, segments and mentions, intents, fields, and whether an answer is due."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from bot.ports import Readable
from bot.readers.builtin.automatic import looks_automatic
from bot.readers.builtin.document import Document, cleaned, read_document
from bot.readers.builtin.intents import ALONE, IntentModel
from bot.readers.builtin.language import language_of, load_identifier
from bot.readers.builtin.linear import load_arrays, unpack
from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.products import ProductFinder
from bot.readers.builtin.requests import RequestBuilder
from bot.readers.builtin.roles import RoleModel
from bot.readers.builtin.stages import ChoiceModel
from bot.readers.builtin.tagging import Tagger
from bot.readers.builtin.wording import wording
from bot.vocabulary.message import ThreadKind
from bot.vocabulary.requests import AnswerFields, Intent, NoFields, Reading, Request
from crm.records import Channel
from knowledge.program import Product

_EMOJI_CODE = re.compile(r":[a-z0-9_+'-]{2,40}:")  # as Slack writes them
WEIGHTS = Path(__file__).with_name("weights") / "reader.npz"
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
    """Reads without any service. `catalogue` is what products may be named; `weights` a file of "
    "`benchmarks.reader.train`."""

    name = "builtin"

    def __init__(self, catalogue: tuple[Product, ...], weights: Path = WEIGHTS) -> None:
        load_identifier()
        arrays = load_arrays(weights)
        self._products = ProductFinder(catalogue)
        self._tagger = Tagger(unpack(arrays, "tagger"), arrays["tagger.transitions"].astype("float32"))
        self._intents = IntentModel(unpack(arrays, "intents"))
        self._roles = RoleModel(unpack(arrays, "roles"))
        self._builder = RequestBuilder(ChoiceModel(unpack(arrays, "stages")), ChoiceModel(unpack(arrays, "answers")))
        self._spam = ChoiceModel(unpack(arrays, "spam"))

    def read(self, readable: Readable) -> Reading:
        """Everything wanted in the message."""
        text, subject = cleaned(readable.text), cleaned(readable.subject).replace("\n", " ")[:300]
        language = language_of(f"{subject}\n{text}" if len(text) < 200 else text)
        if readable.automatic or looks_automatic(subject, text):
            return Reading(language, (Request(Intent.AUTO_REPLY, NoFields(), (0, len(readable.text))),), False)
        document = document_of(readable, subject, text, language, self._products)
        if _wordless(subject, text):
            return _nod_or_riddle(readable, text, language)
        intents = self._intents.intents(document, readable)
        names = self._tagger.find(document)
        roles = self._roles.roles(document, with_names(document, names), intents, readable.thread.asked)
        requests = self._builder.requests(document, readable, intents, roles)
        return Reading(language, requests, self._answer_expected(document, readable, intents))

    def _answer_expected(self, document: Document, readable: Readable, intents: dict[Intent, float]) -> bool:
        if not ALONE.intersection(intents):
            return True
        if Intent.OTHER not in intents:
            return False
        if readable.channel is Channel.SLACK:
            return _mail_or_addressed(readable)
        return self._spam.best(wording(document.tokens)) == "answer"


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


def with_names(document: Document, names: list[Mention]) -> list[Mention]:
    """The document's mentions and the names found; what lies inside a name is part of it."""
    covered = {place for name in names for place in range(name.start, name.end)}
    free = [m for m in document.mentions if m.start not in covered and m.end - 1 not in covered]
    taken = {place for m in free if m.kind is not Kind.DATE for place in range(m.start, m.end)}
    periods = [p for p in document.periods if p.start not in covered and p.start not in taken]
    return sorted([*names, *free, *periods], key=lambda m: (m.start, m.end))
