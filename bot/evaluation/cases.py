"""Labelled messages: a folder with `cases.jsonl` and raw mails, read as docs/evaluation.md describes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.channels.slack.inbound.text import mentions, plain_text
from bot.ports import Readable
from bot.vocabulary.message import ThreadContext, ThreadKind
from crm.records import Channel


class CasesError(ValueError):
    """A cases folder that cannot be read; the text names file and line."""


@dataclass(frozen=True, slots=True)
class MailText:
    """What the mail parser makes of a raw mail. `subject` is empty for a reply."""

    text: str
    subject: str = ""
    forwarded: str = ""
    automatic: str = ""
    attachments: tuple[str, ...] = ()


MailReader = Callable[[bytes], MailText]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One request as labelled: the guide's names and plain strings."""

    intent: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled message.

    `text` is a Slack message in mrkdwn or the text of a mail, `mail` the file of a raw one. `addressed` says of a Slack
    message whether it is for the agent where neither a mention nor `in_reply_to` tells (a direct message, for one).
    `plain` says of a Slack message that `text` is as a person sees it, no longer mrkdwn. `attachments` names the files
    that came with a `text`; a raw mail has its own.
    """

    id: str
    channel: Literal["email", "slack"]
    language: str
    received: datetime
    sender: str
    in_reply_to: str | None
    asked: tuple[str, ...]
    text: str | None
    mail: Path | None
    visible_text: str
    requests: tuple[Wanted, ...]
    answer_expected: bool
    addressed: bool | None = None
    plain: bool = False
    attachments: tuple[str, ...] = ()


class _Request(BaseModel):
    intent: str
    fields: dict[str, Any] = {}


class _Gold(BaseModel):
    visible_text: str = ""
    requests: list[_Request]
    answer_expected: bool


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    channel: Literal["email", "slack"]
    language: str
    received: datetime
    sender: str = ""
    in_reply_to: Literal["announcement", "statement", "question"] | None = None
    asked: str | list[str] | None = None
    text: str | None = None
    mail: str | None = None
    addressed: bool | None = None
    plain: bool = False
    attachments: list[str] = []
    gold: _Gold


def load_cases(folder: Path) -> tuple[Case, ...]:
    """Every case of the folder, in its order; raises CasesError."""
    listed = folder / "cases.jsonl"
    try:
        lines = listed.read_text(encoding="utf-8-sig").split("\n")  # other line ends may stand inside a text
    except UnicodeDecodeError as fault:
        raise CasesError(f"{listed} is not UTF-8: {fault.reason} at byte {fault.start}") from fault
    except OSError as fault:
        raise CasesError(f"{listed} cannot be read: {fault.strerror}") from fault
    cases: dict[str, Case] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            case = _case(folder, listed, number, line)
            if case.id in cases:  # scores are kept by id, so that one of the two would not count
                raise CasesError(f"{listed}:{number}: the id {case.id} stands in a line above already")
            cases[case.id] = case
    return tuple(cases.values())


def _case(folder: Path, listed: Path, number: int, line: str) -> Case:
    try:
        row = _Row.model_validate(json.loads(line))
    except ValidationError as fault:
        raise CasesError(f"{listed}:{number}: {_words(fault)}") from fault
    except (ValueError, RecursionError) as fault:  # a number of thousands of digits, brackets within brackets
        raise CasesError(f"{listed}:{number} is not JSON: {fault}") from fault
    if row.mail and "\0" in row.mail:
        raise CasesError(f"{listed}:{number}: mail is no file name")
    mail = folder / row.mail if row.mail else None
    if mail is not None and not mail.resolve().is_relative_to(folder.resolve()):
        raise CasesError(f"{listed}:{number}: {row.mail} lies outside the folder")
    if (mail is None) == (row.text is None):
        raise CasesError(f"{listed}:{number}: needs either text or mail")
    asked = (row.asked,) if isinstance(row.asked, str) else tuple(row.asked or ())
    wanted = tuple(
        Wanted(r.intent, {k: str(v) for k, v in r.fields.items() if v is not None}) for r in row.gold.requests
    )
    return Case(
        row.id, row.channel, row.language, row.received, row.sender, row.in_reply_to, asked, row.text, mail,
        row.gold.visible_text, wanted, row.gold.answer_expected, row.addressed, row.plain, tuple(row.attachments),
    )  # fmt: skip


def _words(fault: ValidationError) -> str:
    """What is wrong with which part of a line, without the partner's words in it."""
    parts = ((".".join(map(str, error["loc"])), error["msg"]) for error in fault.errors())
    return "; ".join(f"{place}: {said}" if place else said for place, said in parts)


def readable_of(case: Case, read_mail: MailReader, raw_mail: bytes | None = None) -> Readable:
    """What a reader gets to see of the case; a mail goes through `read_mail` first. Raises CasesError.

    `raw_mail` is the mail where it is at hand already, instead of the one in the case's file.
    """
    thread = ThreadContext(kind=ThreadKind(case.in_reply_to) if case.in_reply_to else None, asked=case.asked)
    if case.mail is None and raw_mail is None:
        return _readable_text(case, thread)
    try:
        mail = read_mail(case.mail.read_bytes() if raw_mail is None and case.mail else raw_mail or b"")
    except OSError as fault:
        raise CasesError(f"{case.id}: {case.mail} cannot be read: {fault.strerror}") from fault
    return Readable(
        text=mail.text,
        received=case.received,
        subject=mail.subject,
        forwarded=mail.forwarded,
        automatic=mail.automatic,
        attachments=mail.attachments,
        sender=case.sender,
        thread=thread,
    )


def _readable_text(case: Case, thread: ThreadContext) -> Readable:
    """The case of a message without a raw mail."""
    text = case.text or ""
    addressed = True
    if case.channel == "slack":
        called = bool(case.in_reply_to) or (not case.plain and bool(mentions(text)))
        addressed = called if case.addressed is None else case.addressed
        text = text if case.plain else plain_text(text)
    return Readable(
        text,
        case.received,
        Channel(case.channel),
        addressed=addressed,
        attachments=case.attachments,
        sender=case.sender,
        thread=thread,
    )
