"""A whole day for a calendar, as an iCalendar file (RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from bot.documents.lettering import on_one_line

_LINE = 75  # octets, the line end not counted
_NEXT = "\\n"  # a line end within a text


def calendar_day(uid: str, day: date, title: str, about: Sequence[str], now: datetime) -> bytes:
    """One event for all of `day`; `about` are the lines of its description. The same `uid` is the same event again."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Partnerline//Sign-ups//EN",
        "BEGIN:VEVENT",
        f"UID:{_text(uid)}",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(title)}",
        f"DESCRIPTION:{_NEXT.join(_text(line) for line in about)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _text(value: str) -> str:
    """On one line, with what means something there escaped (section 3.3.11)."""
    return re.sub(r"([\\;,])", r"\\\1", on_one_line(value))


def _folded(line: str) -> bytes:
    """In pieces of 75 octets at most, no character of which is cut (section 3.1)."""
    pieces: list[bytes] = []
    piece = b""
    for character in line:
        encoded = character.encode()
        if len(piece) + len(encoded) > _LINE - bool(pieces):
            pieces.append(piece)
            piece = b""
        piece += encoded
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"
