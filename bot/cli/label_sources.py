"""Messages for `partnerline label` from files and standard input."""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from bot.bootstrap import now
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given_times import dated, moment_in
from bot.cli.mail_files import parsed, raw_mail
from bot.evaluation.folder import Candidate
from bot.evaluation.labelling import FIELDS
from bot.vocabulary.message import ThreadKind

LARGEST = 1_000_000
"""Bytes that are taken of a text."""
_STDIN = "standard input"


class Origin(StrEnum):
    """Where a text came from: the two channels that a case may have."""

    EMAIL = "email"
    SLACK = "slack"


@dataclass(frozen=True, slots=True)
class About:
    """What the command line says of the messages, as it was typed."""

    channel: Origin = Origin.EMAIL
    language: str = ""
    sender: str = ""
    received: str = ""
    in_reply_to: ThreadKind | None = None
    asked: tuple[str, ...] = ()


def candidates_in(files: Sequence[str], about: About) -> list[Candidate]:
    """One message each. Raises Fault."""
    _check(about)
    at = moment_in(about.received)
    return [_mail(Path(name), about, at) if name.lower().endswith(".eml") else _text(name, about, at) for name in files]


def _check(about: About) -> None:
    if about.asked and about.in_reply_to is not ThreadKind.QUESTION:
        raise Fault("--asked names what a question asked for", "add --in-reply-to question", UNUSABLE)
    known = sorted({name for names in FIELDS.values() for name in names})
    for name in about.asked:
        if name not in known:
            raise Fault(f"there is no field {name} to ask for", f"name one of {', '.join(known)}", UNUSABLE)
    if about.language and not re.fullmatch("[a-z]{2,3}", about.language):
        raise Fault(f"{about.language} is no language code", "write it as de", UNUSABLE)


def _mail(file: Path, about: About, at: datetime | None) -> Candidate:
    if about.channel is Origin.SLACK:
        raise Fault(f"{file} is a mail, no Slack message", "leave out --channel, or give a .txt of the text", UNUSABLE)
    raw = raw_mail(file)
    mail = parsed(raw, file, ())
    return Candidate(
        channel="email",
        received=at or dated(mail),
        sender=about.sender or mail.single_from,
        raw=raw,
        in_reply_to=_kind(about),
        asked=about.asked,
        language=about.language,
    )


def _text(name: str, about: About, at: datetime | None) -> Candidate:
    text, note = _taken(name)
    slack = about.channel is Origin.SLACK
    return Candidate(
        channel="slack" if slack else "email",
        received=at or now(),
        sender=about.sender,
        text=text,
        in_reply_to=_kind(about),
        asked=about.asked,
        addressed=True if slack else None,
        language=about.language,
        note=note,
        plain=slack,  # a file has the message as a person sees it
    )


def _taken(name: str) -> tuple[str, str]:
    """The text in a file or on standard input, and what was left out of it, in words. Raises Fault."""
    called = _STDIN if name == "-" else name
    try:
        raw = sys.stdin.buffer.read(LARGEST + 1) if name == "-" else _start_of(Path(name))
    except OSError as fault:
        raise Fault(f"{name} cannot be read: {fault.strerror}", "name a file that is there, or - for stdin") from fault
    cut = len(raw) > LARGEST
    try:
        # A sign that the cut parts is left out whole.
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(raw[:LARGEST], final=not cut).strip()
    except UnicodeDecodeError as fault:
        raise Fault(f"{called} is not UTF-8 text", "save it as UTF-8; name a mail so that it ends in .eml") from fault
    if not text:
        raise Fault(f"{called} is empty", "give the message's text")
    return text, _left_out(name) if cut else ""


def _start_of(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(LARGEST + 1)


def _left_out(name: str) -> str:
    if name == "-":
        return (
            f"only the first {LARGEST:,} bytes of {_STDIN} are taken; the rest is left out and kept nowhere, "
            "so keep the whole where it came from"
        )
    size = Path(name).stat().st_size
    return f"only the first {LARGEST:,} of {size:,} bytes are taken, the rest is left out; the whole stays in {name}"


def _kind(about: About) -> str | None:
    return about.in_reply_to.value if about.in_reply_to else None
