"""Messages for `partnerline label` from files and standard input."""

from __future__ import annotations

import html
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.bootstrap import now
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given_times import dated, moment_in
from bot.cli.mail_files import parsed, raw_mail
from bot.evaluation.folder import Candidate
from bot.vocabulary.message import ThreadKind
from crm.records import Channel

_LARGEST = 1_000_000  # bytes of a text


@dataclass(frozen=True, slots=True)
class About:
    """What the command line says of the messages, as it was typed."""

    channel: Channel = Channel.EMAIL
    language: str = ""
    sender: str = ""
    received: str = ""
    in_reply_to: ThreadKind | None = None
    asked: tuple[str, ...] = ()


def candidates_in(files: Sequence[str], about: About) -> list[Candidate]:
    """One message each. Raises Fault."""
    if about.asked and about.in_reply_to is not ThreadKind.QUESTION:
        raise Fault("--asked names what a question asked for", "add --in-reply-to question", UNUSABLE)
    at = moment_in(about.received)
    return [_mail(Path(name), about, at) if name.lower().endswith(".eml") else _text(name, about, at) for name in files]


def _mail(file: Path, about: About, at: datetime | None) -> Candidate:
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
    try:
        raw = sys.stdin.buffer.read(_LARGEST) if name == "-" else Path(name).read_bytes()[:_LARGEST]
    except OSError as fault:
        raise Fault(f"{name} cannot be read: {fault.strerror}", "name a file that is there, or - for stdin") from fault
    text = raw.decode("utf-8", "replace").strip()
    if not text:
        raise Fault(f"{name} is empty", "give the message's text")
    slack = about.channel is Channel.SLACK
    return Candidate(
        channel="slack" if slack else "email",
        received=at or now(),
        sender=about.sender,
        # As a person sees it; a case has Slack's way of writing, in which these signs are escaped.
        text=html.escape(text, quote=False) if slack else text,
        in_reply_to=_kind(about),
        asked=about.asked,
        addressed=True if slack else None,
        language=about.language,
    )


def _kind(about: About) -> str | None:
    return about.in_reply_to.value if about.in_reply_to else None
