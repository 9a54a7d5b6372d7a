"""Turns a parsed mail into the neutral message, and gathers what finds the thread it stands in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.vocabulary.message import Attachment, Message, ReplyAddress, Sender
from crm.records import Channel
from mail_ingest.address import domain_of, is_group, is_public_suffix, is_shared_host, reply_keys, same_organisation
from mail_ingest.authentication.proof import SenderProof
from mail_ingest.envelope import Envelope
from mail_ingest.headers import every
from mail_ingest.parse import ParsedMail
from mail_ingest.parts import MailAttachment

_IDS_AT_EACH_END = 5


@dataclass(frozen=True, slots=True)
class ThreadHints:
    """What may find the thread of a mail; it proves nobody.

    `reply_keys` are our own keys the mail was sent to. `message_ids` are the ids it answers, the nearest first; those
    of attached mails too, so that a bounce finds what bounced.
    """

    reply_keys: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()


def to_message(
    envelope: Envelope,
    mail: ParsedMail,
    *,
    inbox_id: str,
    proof: SenderProof,
    own_addresses: Collection[str],
) -> Message:
    """The message of a mail. `own_addresses` are ours in normal form: no answer ever goes to one of them."""
    return Message(
        inbox_id=inbox_id,
        channel=Channel.EMAIL,
        message_id=mail.message_id,
        received_at=envelope.received_at,
        sender=Sender(address=mail.single_from, name=mail.sender_name, proof=proof.kind),
        subject=mail.new_subject,
        text=mail.visible,
        cut_off=mail.cut_off,
        forwarded=mail.forwarded,
        automatic=mail.automatic,
        no_answer=mail.no_answer,
        attachments=tuple(map(attachment, mail.attachments)),
        reply_to=reply_address(mail, own_addresses),
    )


def attachment(file: MailAttachment) -> Attachment:
    """What is known of a mail's file, without its content."""
    return Attachment(file.name, file.content_type, file.size, file.sha256, file.kind, file.refused)


def thread_hints(envelope: Envelope, mail: ParsedMail) -> ThreadHints:
    references = mail.references
    if len(references) > 2 * _IDS_AT_EACH_END:
        references = references[:_IDS_AT_EACH_END] + references[-_IDS_AT_EACH_END:]
    ids = (*mail.in_reply_to, *reversed(references), *mail.inner_ids)
    return ThreadHints(
        reply_keys=reply_keys(envelope.rcpt_tos, mail.headers),
        message_ids=tuple(dict.fromkeys(ids)),
    )


def reply_address(mail: ParsedMail, own_addresses: Collection[str]) -> ReplyAddress | None:
    """Where an answer would go: From alone, never Cc; None where there is no single sender or it is one of ours.

    A Reply-To counts only inside the sender's own organisation, and not at a mail host that strangers share.
    """
    to = _answered_to(mail, own_addresses)
    if not to:
        return None
    earlier = mail.references or mail.in_reply_to
    ids = tuple(dict.fromkeys((*earlier, mail.message_id))) if mail.message_id else earlier
    return ReplyAddress(to=to, subject=mail.subject, in_reply_to=mail.message_id, references=ids)


def _answered_to(mail: ParsedMail, own_addresses: Collection[str]) -> str:
    sender = mail.single_from
    if not sender or sender in own_addresses:
        return ""
    wished, domain = _wished(mail), domain_of(sender)
    shared = is_shared_host(domain) or is_public_suffix(domain)
    inside = same_organisation(domain_of(wished), domain) and not shared
    return wished if inside and wished not in own_addresses else sender


def _wished(mail: ParsedMail) -> str:
    """The one address of the one Reply-To; "" where there are several, or a group of however many."""
    values = every(mail.headers, "Reply-To")
    single = len(values) == 1 and len(mail.reply_to) == 1 and not is_group(values[0])
    return mail.reply_to[0].address if single else ""
