"""A reader around a reader: what the inner one reads, said more exactly."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from bot.ports import Readable, Reader
from bot.readers.finer.announced import other_address, tells_of_leaving
from bot.readers.finer.applying import applied
from bot.readers.finer.corrections import asked_again
from bot.readers.finer.money_told import LINE_ASKED, STATEMENT_ASKED
from bot.readers.finer.money_wishes import with_money
from bot.readers.finer.polarity import polarity_of
from bot.readers.finer.scene import Scene
from bot.readers.finer.sentences import LONGEST, Sentence, sentences_of
from bot.readers.finer.shared_stage import own_stages
from bot.vocabulary.message import YES_OR_NO, Question, ThreadContext, ThreadKind
from bot.vocabulary.requests import Absence, Intent, Reading


class FinerReader:
    """A `Reader`: lets `inner` read and finds the wishes that are finer than its labels.

    `inner` never sees a yes-or-no question as such: to it, it is the call of an announcement.
    """

    def __init__(self, inner: Reader) -> None:
        self.name = inner.name
        self._inner = inner

    def read(self, readable: Readable) -> Reading:
        if readable.automatic:
            return _for_good(self._inner.read(readable), readable)
        body = _normal(readable.text)
        sentences = sentences_of(body)
        inner_sees = replace(readable, thread=_for_inner(readable, sentences))
        reading = own_stages(
            self._inner.read(inner_sees), readable.text, lambda part: self._inner.read(replace(inner_sees, text=part))
        )
        if any(request.intent is Intent.AUTO_REPLY for request in reading.requests):
            return _for_good(reading, readable)
        scene = Scene(
            readable=replace(readable, text=body),
            reading=reading,
            sentences=(*_of_subject(readable.subject), *sentences),
            forwarded=sentences_of(_normal(readable.forwarded)) if readable.forwarded else (),
            stems=frozenset(word[:4] for s in (_of_subject(readable.subject) + sentences) for word in _words(s.text)),
        )
        return with_money(scene, applied(scene))


def _for_good(reading: Reading, readable: Readable) -> Reading:
    """A machine's reply that says that its owner works there no longer, and where to write instead."""
    said = sentences_of(_normal(f"{readable.subject}\n{readable.text}"))[:_NOTICE]
    if not any(tells_of_leaving(sentence) for sentence in said):
        return reading
    instead = reading.absence.instead if reading.absence else other_address(said, readable.sender)
    return replace(reading, absence=Absence(instead=instead, for_good=True))


_NOTICE = 12
"""Sentences of an automatic reply that are looked at: it says so at once."""


def _words(text: str) -> list[str]:
    return text.replace("'", " ").replace("-", " ").translate(_MARKS).split()


_MARKS = {ord(mark): " " for mark in '.,;:!?()[]{}<>"*_/¿¡…“”„«»|+='}


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text[: LONGEST * 2])


def _of_subject(subject: str) -> tuple[Sentence, ...]:
    """The subject of a new mail as a sentence that stands nowhere in the body."""
    said = _normal(subject[:300]).strip()
    return tuple(replace(s, start=-1, end=0) for s in sentences_of(said)[:2]) if said else ()


def _for_inner(readable: Readable, sentences: tuple[Sentence, ...]) -> ThreadContext:
    thread = readable.thread
    if {LINE_ASKED, STATEMENT_ASKED}.intersection(thread.asked):
        return replace(thread, kind=ThreadKind.STATEMENT, asked=())
    if thread.question is None:
        return asked_again(readable, sentences)
    fields = tuple(name for name in thread.asked if name not in YES_OR_NO)
    if thread.question is Question.REGISTER and any(c.isdigit() or c == "@" for s in sentences for c in s.text):
        return replace(thread, kind=ThreadKind.QUESTION, asked=fields)  # "yes, but with 60 seats"
    if fields and polarity_of(sentences) is None:
        return replace(thread, kind=ThreadKind.QUESTION, asked=fields)
    return replace(thread, kind=ThreadKind.ANNOUNCEMENT, asked=())
