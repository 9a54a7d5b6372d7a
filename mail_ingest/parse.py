"""Raw bytes in, one `ParsedMail` out: everything the rest of the program may know of a mail.

Parsed with the lenient `compat32` policy and read header by header, because the newer policy raises on access for real
mails; addresses are read by mail-parser. Raises `MailRefused` for mails beyond the limits and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from email.feedparser import BytesFeedParser
from email.message import Message
from email.policy import compat32

from mail_ingest.address import Address, is_group, read_addresses
from mail_ingest.automatic import AutomaticSign, Signs, automatic_sign
from mail_ingest.bounces import DeliveryReport, read_report
from mail_ingest.errors import MailRefused
from mail_ingest.headers import Headers, decoded, every, first, message_ids, read_headers, sent_at
from mail_ingest.limits import DEFAULT, KB, Limits, check_raw
from mail_ingest.parts import MailAttachment, Parts, PartsReader
from mail_ingest.reply_text import Hints, reply_text
from mail_ingest.subject import is_forward, is_reply

INTERNAL_HEADERS = "x-partnerline-"
_PIECE = 64 * KB


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail as read. Nothing in it is proven: all of it is the sender's claim.

    `message_id`, `in_reply_to` and `references` keep their angle brackets. `single_from` is the one address of the one
    From header, or "" where there are several, none or a group. `headers` are (name, unfolded raw value) in order,
    without our own internal ones. `text_body` is the plain text as it came; `visible`, `signature`, `history` and
    `forwarded` are what `reply_text` makes of the body. `inner_ids` are Message-IDs of attached mails, so that a bounce
    finds its thread. `automatic` and `no_answer` are signs in words. `unread` names what was beyond the limits.
    `report` is what a mail server says of a mail that did not arrive, None where this is no such word.
    """

    message_id: str
    from_addresses: tuple[Address, ...]
    single_from: str
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    subject: str
    date: datetime | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    text_body: str
    has_html: bool
    visible: str
    signature: str
    history: str
    forwarded: str
    attachments: tuple[MailAttachment, ...]
    headers: Headers
    inner_ids: tuple[str, ...]
    automatic: str
    no_answer: str
    unread: tuple[str, ...]
    report: DeliveryReport | None = None

    @property
    def cut_off(self) -> str:
        """All of the body that is neither new nor passed on."""
        return "\n\n".join(text for text in (self.signature, self.history) if text)

    @property
    def sender_name(self) -> str:
        return self.from_addresses[0].name if self.from_addresses else ""

    @property
    def is_reply_subject(self) -> bool:
        return is_reply(self.subject)

    @property
    def new_subject(self) -> str:
        """The subject where it is part of what is said: empty for a reply's or a forwarded mail's."""
        return "" if is_reply(self.subject) else self.subject

    def header(self, name: str) -> str:
        """The first header of that name with encoded words resolved, or ""."""
        return decoded(first(self.headers, name))


def parse(
    raw: bytes,
    limits: Limits = DEFAULT,
    *,
    envelope_sender: str | None = None,
    own_addresses: Collection[str] = (),
) -> ParsedMail:
    """Read a mail. `envelope_sender` is MAIL FROM ("" for the empty one, None if unknown).

    `own_addresses` are ours in normal form: a mail from one of them is a loop.
    """
    check_raw(raw, limits)
    message = _message(raw)
    headers = tuple(h for h in read_headers(message) if not h[0].lower().startswith(INTERNAL_HEADERS))
    parts = PartsReader(limits).read(message)
    subject = decoded(first(headers, "Subject")).strip()[: limits.subject]
    senders = _addresses(headers, "From", limits)
    sender = senders[0] if senders else Address("", "")
    answers = is_reply(subject) or bool(first(headers, "In-Reply-To"))
    body = reply_text(parts.text, parts.html, Hints(sender.name, sender.address, answers, is_forward(subject)), limits)
    sign = automatic_sign(
        Signs(headers, subject, sender.address, message.get_content_type(), envelope_sender, own_addresses)
    )
    return ParsedMail(
        message_id=next(iter(message_ids(first(headers, "Message-ID"))), ""),
        from_addresses=senders,
        single_from=_single_from(headers, senders),
        to=_addresses(headers, "To", limits),
        cc=_addresses(headers, "Cc", limits),
        reply_to=_addresses(headers, "Reply-To", limits),
        subject=subject,
        date=sent_at(first(headers, "Date")),
        in_reply_to=message_ids(first(headers, "In-Reply-To")),
        references=_both_ends(message_ids(first(headers, "References")), limits.references),
        text_body=parts.text,
        has_html=bool(parts.html.strip()),
        visible=body.visible,
        signature=body.signature,
        history=body.history,
        forwarded="\n\n".join(t for t in (body.forwarded, parts.attached_text) if t),
        attachments=parts.attachments,
        headers=headers,
        inner_ids=parts.inner_ids,
        automatic=sign.automatic,
        no_answer=sign.no_answer,
        unread=parts.unread,
        report=_report(message, headers, parts, sign, envelope_sender),
    )


def _message(raw: bytes) -> Message:
    """Fed in pieces: as one text, a mail would stand in memory six times over before it is parsed."""
    parser = BytesFeedParser(policy=compat32)
    try:
        for start in range(0, len(raw), _PIECE):
            parser.feed(raw[start : start + _PIECE])
        return parser.close()
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError) as fault:
        raise MailRefused("cannot be parsed") from fault


def _report(
    message: Message, headers: Headers, parts: Parts, sign: AutomaticSign, envelope_sender: str | None
) -> DeliveryReport | None:
    """Looked for only where a machine wrote, which every mail server says in one way or another."""
    if not sign.automatic:
        return None
    empty = envelope_sender is not None and not envelope_sender.strip("<> ")
    return read_report(message, headers, parts.text, empty_sender=empty, inner_ids=parts.inner_ids)


def _addresses(headers: Headers, name: str, limits: Limits) -> tuple[Address, ...]:
    found: list[Address] = []
    for value in every(headers, name):
        found += read_addresses(value, limits.recipients - len(found))
        if len(found) >= limits.recipients:
            break
    return tuple(found)


def _both_ends(ids: tuple[str, ...], at_most: int) -> tuple[str, ...]:
    """The first say where a thread began, the last where it stands."""
    half = at_most // 2
    return ids if len(ids) <= at_most else (*ids[:half], *ids[len(ids) - half :])


def _single_from(headers: Headers, senders: tuple[Address, ...]) -> str:
    """The one address of the one From header, or "" where there are several, none or a group."""
    values = every(headers, "From")
    if len(values) != 1 or len(senders) != 1 or is_group(values[0]):
        return ""
    return senders[0].address
