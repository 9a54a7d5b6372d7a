"""Writes the mails the agent sends: answers, notices and announcements, as raw bytes ready for the relay.

Every value that comes from outside is put on one line and stripped of control characters before it may become a header.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import TYPE_CHECKING

from bot.channels.email.body import Body, announcement, letter
from bot.channels.email.look import PLAIN, Look
from bot.vocabulary.documents import MOST_BYTES
from bot.vocabulary.layout import Block
from bot.vocabulary.message import ReplyAddress
from mail_ingest.address import normalised
from mail_ingest.subject import bare

_UNBROKEN = frozenset({"message-id", "in-reply-to", "references", "list-unsubscribe", "list-id", "content-id"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{3,800}>")
_SUBJECT_LENGTH = 200
_REFERENCES = 100
_NAME_LENGTH = 120


if TYPE_CHECKING:
    _Policy = EmailPolicy[EmailMessage]  # a class of one kind of message for the checker only
else:
    _Policy = EmailPolicy


class _Wire(_Policy):
    """Folds at 76 characters, which also keeps an encoded word within its 75 (RFC 2047, section 2).

    Ids and addresses of the web may be longer than a line and must not be encoded, so they are folded late.
    """

    def fold(self, name: str, value: str) -> str:
        return str((_LATE if name.lower() in _UNBROKEN else _SOON).fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        return bytes((_LATE if name.lower() in _UNBROKEN else _SOON).fold_binary(name, value))


_SOON, _LATE = SMTP.clone(max_line_length=76), SMTP.clone(max_line_length=900)
_WIRE = _Wire(linesep="\r\n")


@dataclass(frozen=True, slots=True)
class Author:
    """Who the agent writes as. `domain` makes the Message-IDs and the reply addresses."""

    name: str
    address: str
    domain: str


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file that goes with a mail."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """How a recipient leaves: `url` for one click (RFC 8058), `address` for a mail; one of them may be ""."""

    list_id: str
    url: str = ""
    address: str = ""


def message_id(outbox_id: str, domain: str) -> str:
    """The same for every attempt to send one outbox row, so that a repeated mail can be recognised."""
    return f"<{_token(outbox_id)}@{_token(domain)}>"


def reply_key_address(key: str, domain: str) -> str:
    return f"reply+{_token(key)}@{_token(domain)}"


def compose_reply(
    to: ReplyAddress,
    text: str,
    *,
    author: Author,
    outbox_id: str,
    reply_key: str,
    now: datetime,
    language: str = "en",
    layout: Sequence[Block] = (),
    look: Look = PLAIN,
    files: Sequence[MailFile] = (),
) -> bytes:
    """An answer in the sender's thread. `text` is plain, `layout` its form in HTML, `now` aware.

    Raises ValueError where `to` is no address, as all of these do.
    """
    message = _message(to.to, f"Re: {bare(_one_line(to.subject))}".strip(), author, outbox_id, reply_key, now)
    message["Auto-Submitted"] = "auto-replied"
    _thread(message, to)
    return _with_body(message, letter(text, layout, look, language), look, files)


def compose_notice(
    to: str,
    subject: str,
    text: str,
    *,
    author: Author,
    outbox_id: str,
    reply_key: str,
    now: datetime,
    language: str = "en",
    thread: ReplyAddress | None = None,
    layout: Sequence[Block] = (),
    look: Look = PLAIN,
    files: Sequence[MailFile] = (),
    unsubscribe: Unsubscribe | None = None,
) -> bytes:
    """A mail to one person that answers nothing just said: a confirmation, a statement, a later outcome. What comes
    again and again may be left by `unsubscribe`.
    """
    message = _message(to, subject, author, outbox_id, reply_key, now)
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe is not None:
        _leaving(message, unsubscribe)
    if thread is not None:
        _thread(message, thread)
    heading = "" if thread is not None else heading_of(subject)
    return _with_body(message, letter(text, layout, look, language, heading=heading), look, files)


def compose_announcement(
    to: str,
    subject: str,
    text: str,
    *,
    author: Author,
    outbox_id: str,
    reply_key: str,
    unsubscribe: Unsubscribe,
    now: datetime,
    language: str = "en",
    look: Look = PLAIN,
    thread: ReplyAddress | None = None,
    files: Sequence[MailFile] = (),
) -> bytes:
    """One recipient's copy of an announcement in Markdown, with the ways to leave the list (RFC 2369, RFC 8058).
    A reminder stands in the `thread` of the first copy.
    """
    body = announcement(heading_of(subject), text, look, language, leave_url=address_to_leave(unsubscribe))
    return enclose(
        body, to, subject, author=author, outbox_id=outbox_id, reply_key=reply_key, unsubscribe=unsubscribe, now=now,
        look=look, thread=thread, files=files,
    )  # fmt: skip


def enclose(
    body: Body,
    to: str,
    subject: str,
    *,
    author: Author,
    outbox_id: str,
    reply_key: str,
    unsubscribe: Unsubscribe,
    now: datetime,
    look: Look = PLAIN,
    thread: ReplyAddress | None = None,
    files: Sequence[MailFile] = (),
) -> bytes:
    """An announcement with its headers around what it says, see `compose_announcement`."""
    about = f"Re: {bare(_one_line(subject))}" if thread is not None else subject
    message = _message(to, about, author, outbox_id, reply_key, now)
    message["Auto-Submitted"] = "auto-generated"
    message["Precedence"] = "bulk"
    if thread is not None:
        _thread(message, thread)
    _leaving(message, unsubscribe)
    return _with_body(message, body, look, files)


def address_to_leave(unsubscribe: Unsubscribe) -> str:
    """The one to follow by hand, "" for none: any address of the web will do."""
    return _token(unsubscribe.url) if unsubscribe.url.startswith(("https://", "http://")) else ""


def _message(to: str, subject: str, author: Author, outbox_id: str, reply_key: str, now: datetime) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name=_one_line(author.name), addr_spec=_address(author.address))
    message["To"] = Address(addr_spec=_address(to))
    if reply_key:
        answer_to = reply_key_address(reply_key, author.domain)
        message["Reply-To"] = Address(display_name=_one_line(author.name), addr_spec=_address(answer_to))
    message["Subject"] = heading_of(subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(outbox_id, author.domain)
    message["X-Auto-Response-Suppress"] = "All"
    return message


def _leaving(message: EmailMessage, unsubscribe: Unsubscribe) -> None:
    """Heads the mail with the ways to leave; one click is for https alone."""
    message["List-Id"] = f"<{_token(unsubscribe.list_id)}>"
    url = address_to_leave(unsubscribe)
    one_click = url.startswith("https://")
    ways = [f"<{url}>"] if one_click else []
    if address := normalised(unsubscribe.address):
        ways.append(f"<mailto:{address}?subject=unsubscribe>")
    if ways:
        message["List-Unsubscribe"] = ", ".join(ways)
    if one_click:
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _thread(message: EmailMessage, to: ReplyAddress) -> None:
    """In-Reply-To and References; what is no id is left out. Of a very long thread the first and the latest stay."""
    ids = [i for i in to.references if _MESSAGE_ID.fullmatch(i)]
    if _MESSAGE_ID.fullmatch(to.in_reply_to):
        message["In-Reply-To"] = to.in_reply_to
        ids = [*(i for i in ids if i != to.in_reply_to), to.in_reply_to]
    if len(ids) > _REFERENCES:
        ids = [ids[0], *ids[1 - _REFERENCES :]]
    if ids:
        message["References"] = " ".join(ids)


def _with_body(message: EmailMessage, body: Body, look: Look, files: Sequence[MailFile] = ()) -> bytes:
    """Boundaries come of the id, not of chance: a mail composed again is the same mail."""
    mark = message["Message-ID"].strip("<>").split("@")[0][:50]
    message.set_content(body.plain, cte="quoted-printable")
    message.add_alternative(body.html, subtype="html", cte="quoted-printable")
    message.set_boundary(f"={mark}=")
    if look.logo:
        _, html = message.iter_parts()
        html.add_related(
            look.logo.png, "image", "png", cid=f"<{look.logo_cid}>", filename="logo.png", disposition="inline"
        )
        html.set_boundary(f"={mark}+logo=")
    if files:
        _attach(message, files)
        message.set_boundary(f"={mark}+files=")
    return message.as_bytes(policy=_WIRE)


def _attach(message: EmailMessage, files: Sequence[MailFile]) -> None:
    """Beside the body, in their order. Raises ValueError where they are more than a mail should weigh."""
    if sum(len(file.content) for file in files) > MOST_BYTES:
        raise ValueError("the attached files are too large for a mail")
    for file in files:
        kind, _, subtype = file.content_type.partition("/")
        params = {"charset": "utf-8"} if kind == "text" else None
        message.add_attachment(file.content, kind, subtype, filename=_file_name(file.name), params=params)


def _file_name(name: str) -> str:
    """No folder in it and no quotes; what is not ASCII goes as RFC 2231 has it."""
    return re.sub(r'[\\/:"*?<>|]+', "-", _one_line(name)).strip(". ")[:_NAME_LENGTH] or "file"


def heading_of(subject: str) -> str:
    """The subject as it may stand in a header and above the text."""
    return _one_line(subject)[:_SUBJECT_LENGTH]


def _address(address: str) -> str:
    plain = normalised(address)
    if not plain:
        raise ValueError("not a mail address")
    return plain


def _one_line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", _SURROGATE.sub("\ufffd", text)).split())


def _token(text: str) -> str:
    """A value for a place where only a word may stand."""
    return re.sub(r"[\s<>,\"\x00-\x1f\x7f]+", "", text)
