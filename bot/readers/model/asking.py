"""What goes over the wire for one message: the text inside a fence, and the little context that reading it needs.

Nothing else about the partner is sent: no records, no name, no address, no number of the thread.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from bot.ports import Readable
from bot.readers.proposing import NoReading, Reason

LONGEST_TEXT = 20_000
"""Characters of subject, text and forwarded passage together; a longer message is left to the built-in reader."""


@dataclass(frozen=True, slots=True)
class Question:
    """The user message for a model. `digest` is the same for the same content, whatever the fence."""

    text: str
    digest: str


def source_of(readable: Readable) -> str:
    """All the words of the sender that count, in one text; values of an answer must be found in here."""
    return "\n".join(part for part in (readable.subject, readable.text, readable.forwarded) if part.strip())


def question_for(readable: Readable, draw_mark: Callable[[], str] = lambda: secrets.token_hex(12)) -> Question:
    """Raises NoReading where there is nothing to read or too much."""
    source = source_of(readable)
    if not source.strip():
        raise NoReading(Reason.NOTHING_TO_READ)
    if len(source) > LONGEST_TEXT:
        raise NoReading(Reason.TOO_LONG)
    context = _context(readable)
    parts = _parts(readable)
    mark = draw_mark()
    while mark in source:
        mark = draw_mark()
    body = "\n".join(f"[{name}]\n{value}" for name, value in parts)
    text = f"{context}\n\n<<<message {mark}>>>\n{body}\n<<<end {mark}>>>"
    return Question(text, _digest(context, parts))


def _context(readable: Readable) -> str:
    received = readable.received
    lines = [f"Received: {received:%Y-%m-%d} ({received:%A}), UTC offset {received:%z}", f"Channel: {readable.channel}"]
    if region := _country(readable.sender):
        lines.append(f"Sender's country code: {region}")
    if readable.thread.kind is not None:
        lines.append(f"The thread answers: {readable.thread.kind}")
    if readable.thread.asked:
        lines.append(f"The desk had asked for: {', '.join(readable.thread.asked)}")
    if readable.attachments:
        lines.append(f"Attached files: {len(readable.attachments)}")
    return "\n".join(lines)


def _country(address: str) -> str:
    """The two letters of a national domain: they tell whether 3/12 is in March or in December."""
    ending = address.rpartition("@")[2].rpartition(".")[2].lower()
    return ending if len(ending) == 2 and ending.isascii() and ending.isalpha() else ""


def _parts(readable: Readable) -> list[tuple[str, str]]:
    named = (("subject", readable.subject), ("text", readable.text), ("forwarded", readable.forwarded))
    return [(name, value) for name, value in named if value.strip()]


def _digest(context: str, parts: list[tuple[str, str]]) -> str:
    return hashlib.sha256(json.dumps([context, parts]).encode("utf-8", "surrogatepass")).hexdigest()
