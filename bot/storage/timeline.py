"""What was said, as rows of the CRM's timelines: one for the message, one for the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict

from bot.storage.outbox import Destination, Outgoing
from bot.vocabulary.attached import with_files
from bot.vocabulary.documents import Document, named
from bot.vocabulary.identity import Identity
from bot.vocabulary.message import Attachment, Message
from bot.vocabulary.reply import Reply
from crm.records import Channel, Direction, Interaction, LoggedFile
from mail_ingest.subject import bare

_SUMMARY = 160  # characters


@dataclass(frozen=True, slots=True)
class Author:
    """Whom mails of ours are from and answers to them go to, and the domain of their Message-IDs."""

    address: str
    mail_domain: str


@dataclass(frozen=True, slots=True)
class Talk:
    """One handled message of a proven sender: `wished` are the intents read in it, `deals` the numbers it is about."""

    message: Message
    identity: Identity
    wished: Sequence[str]
    outcome: str
    deals: tuple[str, ...]
    files: tuple[Attachment, ...]
    author: Author

    def rows(
        self, reply: Reply | None, answered: Outgoing | None, now: datetime, documents: Sequence[Document] = ()
    ) -> list[Interaction]:
        """The message, and its answer where there is one, as it was `answered`, with the documents that went with it.

        An answer that was not sent, since none may go, is known by no id.
        """
        came = self._came()
        if reply is None:
            return [came]
        went = replace(
            came,
            key=f"out:{self.message.inbox_id}",
            direction=Direction.OUT,
            at=now,
            summary=in_short(reply.text),
            message_id=sent_id(answered, self.author) if answered else "",
            outcome="answered",
            body=f"{reply.text}\n\n{named(documents)}" if documents else reply.text,
            subject="", sender="", recipients=(), link="", files=(),
        )  # fmt: skip
        return [came, as_it_went(went, answered, self.author, documents) if answered else went]

    def _came(self) -> Interaction:
        message, contact, manager = self.message, self.identity.contact, self.identity.manager
        said = f"{manager.name} asked: {message.text}" if manager else message.subject or message.text
        wished = ", ".join(dict.fromkeys(self.wished)) or "nothing"
        return Interaction(
            key=f"in:{message.inbox_id}",
            partner_id=self.identity.proven_partner_id,
            contact_id=contact.id if contact else None,
            deal_numbers=self.deals,
            channel=message.channel,
            direction=Direction.IN,
            at=message.received_at,
            summary=in_short(f"{wished}: {said}"),
            message_id=message.message_id,
            outcome=self.outcome,
            body=with_files(message.text, self.files),
            files=tuple(LoggedFile(f.name, f.content_type, f.size, f.sha256) for f in self.files if f.kind),
            **as_it_came(message, self.author),
        )


class Way(TypedDict):
    """How a message came, as an interaction says it."""

    subject: str
    sender: str
    recipients: tuple[str, ...]
    link: str


def as_it_came(message: Message, author: Author) -> Way:
    """A mail's subject and addresses, and where the thread is to be found."""
    to = message.reply_to
    if message.channel is Channel.SLACK:
        link = slack_link(to.slack_channel, to.slack_thread_ts) if to else ""
        return Way(subject="", sender="", recipients=(), link=link)
    sender = message.sender.address
    return Way(
        subject=message.subject or (to.subject if to else ""),
        sender=sender,
        recipients=(author.address,) if sender else (),
        link=mail_link(message.message_id),
    )


def as_it_went(told: Interaction, row: Outgoing, author: Author, documents: Sequence[Document] = ()) -> Interaction:
    """With what the outbox row says of it: a mail's subject, addresses and documents, or the thread in Slack."""
    if row.destination is Destination.SLACK:
        return replace(told, link=slack_link(str(row.payload["channel"]), str(row.payload["thread_ts"])))
    return replace(
        told,
        subject=_subject(row),
        sender=author.address,
        recipients=(str(row.payload["to"]),),
        link=mail_link(sent_id(row, author)),
        files=tuple(LoggedFile(d.name, d.content_type, d.size, d.sha256) for d in documents),
    )


def _subject(row: Outgoing) -> str:
    """As the mail bears it: one that answers in a thread says so."""
    said = str(row.payload["subject"])
    return f"Re: {bare(said)}".strip() if row.kind == "reply" or row.payload.get("in_reply_to") else said


def sent_id(row: Outgoing, author: Author) -> str:
    """What it is known by: a mail's Message-ID, or the row's id in Slack."""
    return f"<{row.id}@{author.mail_domain}>" if row.destination is Destination.MAIL else row.id


def mail_link(message_id: str) -> str:
    """RFC 2392: a mail program that has the mail opens it."""
    inside = message_id.strip().removeprefix("<").removesuffix(">")
    return f"mid:{inside}" if inside else ""


def slack_link(channel: str, thread_ts: str) -> str:
    """The thread, or the channel where the post is not below another; opens in the workspace one is signed in to.

    "" for a person (U…), whose conversation has another id than that.
    """
    if channel[:1] not in ("C", "G", "D"):
        return ""
    at = f"/p{thread_ts.replace('.', '')}" if thread_ts else ""
    return f"https://slack.com/archives/{channel}{at}"


def in_short(text: str) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _SUMMARY else line[: _SUMMARY - 1] + "…"
