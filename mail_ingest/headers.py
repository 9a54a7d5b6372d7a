"""Reading single headers of a mail; each is decoded by itself, so that a broken one cannot spoil the others."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from mail_ingest.charset import decode

Headers = tuple[tuple[str, str], ...]

_ENCODED_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?]*)?\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
_FOLD = re.compile(r"[\r\n]+")


def read_headers(message: Message) -> Headers:
    """All headers in their order as (name, raw value); folding is undone and 8-bit bytes are decoded."""
    return tuple((name, _unfolded(value)) for name, value in message.raw_items())


def first(headers: Headers, name: str) -> str:
    """The first header of that name, undecoded, or ""."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), "")


def every(headers: Headers, name: str) -> tuple[str, ...]:
    wanted = name.lower()
    return tuple(value for key, value in headers if key.lower() == wanted)


def decoded(value: str) -> str:
    """Encoded words (RFC 2047) resolved, also inside quotes as many programs send them; never fails."""
    if "=?" not in value:
        return value
    return _ENCODED_WORD.sub(_word, _BETWEEN_WORDS.sub(r"\1", value)).replace("\0", "")


def message_ids(value: str) -> tuple[str, ...]:
    """The `<...>` ids of a Message-ID, In-Reply-To or References header, each once, in their order."""
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(value)))


def sent_at(value: str) -> datetime | None:
    """The Date header as an aware time, or None where it is missing or means nothing."""
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _unfolded(value: object) -> str:
    text = str(value)
    if not text.isascii():
        text = decode(text.encode("utf-8", "surrogateescape"))
    return " ".join(line.strip() for line in _FOLD.split(text)).replace("\0", "").strip()


def _word(found: re.Match[str]) -> str:
    charset, kind, data = found.groups()
    raw = data.encode("utf-8", "replace")
    if kind in "qQ":
        return decode(quopri.decodestring(raw, header=True), charset)
    try:
        return decode(base64.b64decode(raw + b"=" * (-len(raw) % 4)), charset)
    except (binascii.Error, ValueError):
        return found[0]
