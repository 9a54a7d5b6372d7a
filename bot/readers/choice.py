"""Which reader reads: the built-in one, a model, or the model only where the built-in one is in doubt.

Whatever fails on the model's side, the built-in reading is the answer.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from dataclasses import replace
from enum import StrEnum

from bot.ports import Readable, Reader
from bot.readers.proposing import NoReading, Proposer
from bot.vocabulary.requests import Intent, Reading, Request

log = logging.getLogger(__name__)

SURE_FROM = 0.75
"""A built-in request below this confidence is worth a second opinion."""

_ALONE = (Intent.THANKS, Intent.OTHER, Intent.AUTO_REPLY)


class Mode(StrEnum):
    BUILTIN = "builtin"
    MODEL = "model"
    BOTH = "both"


class ChosenReader:
    """A `Reader`: mode `model` asks it about every text that a person wrote, mode `both` only about doubtful ones."""

    def __init__(self, mode: Mode, builtin: Reader, model: Proposer) -> None:
        self.name = mode.value
        self._mode = mode
        self._builtin = builtin
        self._model = model

    def read(self, readable: Readable) -> Reading:
        # A machine's mail is never worth a call, and its mark must not depend on what a model says.
        if self._mode is Mode.BUILTIN or readable.automatic:
            return self._builtin.read(readable)
        if self._mode is Mode.BOTH:
            return self._second_opinion(readable)
        return self._proposed(readable) or self._builtin.read(readable)

    def _second_opinion(self, readable: Readable) -> Reading:
        own = self._builtin.read(readable)
        if own.requests and all(_sure(request) for request in own.requests):
            return own
        proposed = self._proposed(readable)
        if proposed is None:
            return own
        if _intents(own) != _intents(proposed):
            log.info("readers disagree on %s: builtin %s, model %s", _id(readable), _listed(own), _listed(proposed))
        return _merged(own, proposed)

    def _proposed(self, readable: Readable) -> Reading | None:
        try:
            return self._model.propose(readable)
        except NoReading as failure:
            log.info("no reading by the model for %s: %s", _id(readable), failure.reason)
            return None


def choose_reader(mode: Mode, builtin: Reader, model: Proposer | None) -> Reader:
    """The built-in reader itself where no model is on; ValueError where a mode needs one and there is none."""
    if mode is Mode.BUILTIN:
        return builtin
    if model is None:
        raise ValueError(f"reader mode {mode.value!r} needs a model endpoint; set one, or choose 'builtin'")
    return ChosenReader(mode, builtin, model)


def _merged(own: Reading, proposed: Reading) -> Reading:
    """What the built-in reader is sure of stands; the model speaks in the place of the rest."""
    sure = tuple(request for request in own.requests if _sure(request))
    agreed = Counter(request.intent for request in sure)
    added: list[Request] = []
    for request in proposed.requests:
        if agreed[request.intent]:
            agreed[request.intent] -= 1
        elif not sure or request.intent not in _ALONE:
            added.append(request)
    kept = tuple(request for request in sure if not added or request.intent not in _ALONE)
    requests = tuple(sorted((*kept, *added), key=lambda request: request.span))
    wanted = any(request.intent not in _ALONE for request in requests)
    # With nothing wanted it is about silence only, and then either reader may ask for it.
    expected = wanted or (own.answer_expected and proposed.answer_expected)
    return replace(own, requests=requests, answer_expected=expected, reader=Mode.BOTH.value)


def _sure(request: Request) -> bool:
    return request.confidence >= SURE_FROM and not request.ask


def _intents(reading: Reading) -> Counter[Intent]:
    return Counter(request.intent for request in reading.requests)


def _listed(reading: Reading) -> str:
    return ",".join(request.intent.value for request in reading.requests) or "nothing"


def _id(readable: Readable) -> str:
    """Tells one message from another in the log without showing a word of it."""
    digest = hashlib.sha256(readable.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"thread {readable.thread.id or '-'} text {digest}"
