"""Walking the MIME parts of a mail: its own text and HTML, its files, and mails inside it."""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.message import Message

from mail_ingest.attachments import FileJudge
from mail_ingest.charset import decode
from mail_ingest.headers import decoded, first, message_ids, read_headers
from mail_ingest.html_depth import cheap_length
from mail_ingest.limits import Limits

_KIND = re.compile(r"[\w!#$&^.+-]{1,100}/[\w!#$&^.+-]{1,100}", re.ASCII)
_CONTENT_ID = re.compile(r"<([^<>\s\"']{1,200})>")
_UNKNOWN_KIND = "application/octet-stream"
_NAME_LENGTH = 1_000  # of which the end tells most: it is judged, and shown shorter


@dataclass(frozen=True, slots=True)
class MailAttachment:
    """A file of a mail; `name` is safe to show and to store under, `size` counts the decoded bytes.

    `kind` is one of `mail_ingest.file_kinds.Kind` where the file may be kept, and then `content` holds it; `refused`
    one of `Refusal` where it may not. Both are empty for what mail programs add by themselves, such as signatures.
    """

    name: str
    content_type: str
    size: int
    sha256: str
    kind: str = ""
    refused: str = ""
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the parts hold. `inner_ids` are Message-IDs of attached mails (a bounce names the mail it is about)."""

    text: str
    html: str
    attachments: tuple[MailAttachment, ...]
    attached_text: str
    inner_ids: tuple[str, ...]
    unread: tuple[str, ...]


class PartsReader:
    """Gathers one mail's parts; used once."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._judge = FileJudge()
        # No charset needs more than four bytes a character; what is beyond is cut after decoding anyway.
        self._text_bytes = 4 * max(limits.text, limits.html) + 4
        self._texts: list[str] = []
        self._htmls: list[str] = []
        self._attachments: list[MailAttachment] = []
        self._attached: list[str] = []
        self._inner_ids: list[str] = []
        self._unread: dict[str, None] = {}

    def read(self, message: Message) -> Parts:
        for part, inside in _leaves(message):
            self._take(part, inside)
        return Parts(
            text=self._text("\n".join(self._texts)),
            html=self._html(),
            attachments=tuple(self._attachments),
            attached_text=self._text("\n\n".join(self._attached)),
            inner_ids=tuple(dict.fromkeys(self._inner_ids)),
            unread=tuple(self._unread),
        )

    def _take(self, part: Message, inside: bool) -> None:
        _repair(part)
        kind = part.get_content_type()
        if kind == "message/rfc822":
            self._take_mail(part)
        elif kind == "text/rfc822-headers":
            headers = decode(_payload(part))
            self._inner_ids += message_ids(_after(headers, "message-id:"))
        elif inside:
            if kind == "text/plain" and not _file_name(part):
                self._attached.append(_text_of(part, self._text_bytes).strip())
        elif _is_body(part, kind):
            (self._htmls if kind == "text/html" else self._texts).append(_text_of(part, self._text_bytes))
        elif not kind.startswith(("multipart/", "message/")) or _file_name(part):
            self._take_file(part, kind)

    def _take_mail(self, part: Message) -> None:
        inner = part.get_payload() if part.is_multipart() else None
        if isinstance(inner, list) and inner and isinstance(inner[0], Message):
            headers = read_headers(inner[0])
            self._inner_ids += message_ids(first(headers, "Message-ID"))
            shown = [f"{n}: {decoded(first(headers, n))}" for n in ("From", "Date", "Subject") if first(headers, n)]
            self._attached.append("\n".join(shown))

    def _take_file(self, part: Message, kind: str) -> None:
        if len(self._attachments) >= self._limits.attachments:
            self._unread["attachments"] = None
            return
        data = _payload(part)
        kind = kind if _KIND.fullmatch(kind) else _UNKNOWN_KIND
        name = _file_name(part) or f"part.{kind.rpartition('/')[2]}"
        judged = self._judge.judge(name, kind, data, in_text=self._is_in_text(part))
        known = MailAttachment(judged.name, kind, len(data), hashlib.sha256(data).hexdigest())
        if judged.kind is not None:
            known = replace(known, kind=judged.kind.value, content=data)
        elif judged.refused is not None:
            known = replace(known, refused=judged.refused.value)
        self._attachments.append(known)

    def _is_in_text(self, part: Message) -> bool:
        """Whether the HTML that came before it shows it by its Content-ID."""
        found = _CONTENT_ID.search(str(part.get("Content-ID", ""))[:_NAME_LENGTH])
        return found is not None and any(f"cid:{found[1]}" in html for html in self._htmls)

    def _text(self, text: str) -> str:
        text = self._capped(text, self._limits.text, "text")
        if text.count("\n") > self._limits.text_lines:
            self._unread["text"] = None
            return "\n".join(text.split("\n", self._limits.text_lines)[:-1])
        return text

    def _html(self) -> str:
        html = self._capped("\n".join(self._htmls), self._limits.html, "html")
        return self._capped(html, cheap_length(html, self._limits.html_nesting, self._limits.html_attributes), "html")

    def _capped(self, text: str, most: int, name: str) -> str:
        if len(text) > most:
            self._unread[name] = None
        return text[:most]


def _leaves(message: Message) -> Iterator[tuple[Message, bool]]:
    """Every part that is no container, attached mails before their own parts; True for parts of an attached mail."""
    waiting: list[tuple[Message, bool]] = [(message, False)]
    while waiting:
        part, inside = waiting.pop()
        if not part.is_multipart():
            yield part, inside
            continue
        payload = part.get_payload()
        attached = part.get_content_maintype() == "message"
        if part.get_content_type() == "message/rfc822":
            yield part, inside
        if part.get_content_type() != "message/delivery-status":
            waiting.extend((p, inside or attached) for p in reversed(list(payload)) if isinstance(p, Message))


def _repair(part: Message) -> None:
    """Decode 8-bit bytes in the headers that carry file names; the parser would put replacement marks for them."""
    for name, value in list(part.raw_items()):
        text = str(value)
        if name.lower() in ("content-type", "content-disposition") and not text.isascii():
            part.replace_header(name, decode(text.encode("utf-8", "surrogateescape")))


def _is_body(part: Message, kind: str) -> bool:
    if kind not in ("text/plain", "text/html"):
        return False
    return not str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment") and not _file_name(
        part
    )


def _text_of(part: Message, most: int) -> str:
    text = decode(_payload(part)[:most], _charset(part)).replace("\r\n", "\n").replace("\r", "\n")
    return _unwrapped(text) if _is_flowed(part) else text


def _charset(part: Message) -> str:
    try:
        return str(part.get_content_charset() or "")
    except (LookupError, UnicodeError, ValueError, TypeError, AttributeError):
        # An encoded charset parameter (RFC 2231) with an unknown charset of its own.
        return ""


def _payload(part: Message) -> bytes:
    """The decoded bytes, or those that came where they cannot be decoded."""
    try:
        data = part.get_payload(decode=True)
    except (binascii.Error, ValueError, LookupError, AttributeError, TypeError):
        # Asked for its text instead, the part would decode it by a charset label that may be anything.
        del part["Content-Transfer-Encoding"]
        data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _file_name(part: Message) -> str:
    """As the sender wrote it, with its encoding resolved: nothing to show as it is."""
    try:
        name = decoded(str(part.get_filename() or ""))
    except (LookupError, UnicodeError, ValueError, TypeError, AttributeError):
        # A file name parameter that cannot be put together again; the part itself is still a file.
        name = "file"
    return name.strip()[-_NAME_LENGTH:]


def _is_flowed(part: Message) -> bool:
    return "format=flowed" in str(part.get("Content-Type", "")).lower().replace('"', "")


def _unwrapped(text: str) -> str:
    """RFC 3676: a line that ends in a space goes on in the next one; quotes and the signature mark stay as they are."""
    pieces: list[str] = []
    before = ""
    for line in text.split("\n"):
        flows = before.endswith(" ") and before != "-- " and not before.startswith(">") and not line.startswith(">")
        pieces.append(line.removeprefix(" ") if flows else f"\n{line}")
        before = line
    return "".join(pieces).removeprefix("\n")


def _after(text: str, name: str) -> str:
    start = text.lower().find(name)
    return text[start : start + 1_000].split("\n\n", maxsplit=1)[0] if start >= 0 else ""
