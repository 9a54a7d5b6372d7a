"""A seat's conversations: what came in and what went out, thread by thread, as mail or as Slack."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.console.views import ConversationThread, MessageState, ThreadMessage
from bot.operations.wishes import wish_read
from bot.storage import undeliverable
from bot.storage.announcement_tables import announcement_recipients
from bot.storage.tables import inbox, outbox, reply_keys, threads
from bot.vocabulary.documents import from_payload
from crm.records import Channel, Contact, Direction

_MOST = 200  # messages of a seat that are shown

_IN = {
    "received": MessageState.RECEIVED,
    "read": MessageState.RECEIVED,
    "handled": MessageState.HANDLED,
    "parked": MessageState.PARKED,
    "shunted": MessageState.SHUNTED,
    "held": MessageState.HELD,
}
_OUT = {
    "pending": MessageState.PENDING,
    "sent": MessageState.SENT,
    "kept": MessageState.KEPT,
    "refused": MessageState.SHUNTED,
    "unknown": MessageState.PENDING,
}
_NOTES = {
    "shunted": "could not be handled; a person was told",
    "held": "not proven to come from this sender; a manager looks at it",
    "refused": "was refused and did not arrive",
    "unknown": "was sent, but its arrival was not confirmed",
}
_CAME_BACK = "came back and did not arrive"


async def conversation(
    connection: AsyncConnection, contact: Contact, vendor: str, mail_domain: str
) -> tuple[ConversationThread, ...]:
    came = (await connection.execute(_arrived(contact))).all()
    thread_ids = {row.thread_id for row in came if row.thread_id} | set(await _sent_to(connection, contact))
    went = (await connection.execute(_left(thread_ids))).all() if thread_ids else []
    kept = (await connection.execute(select(threads).where(threads.c.id.in_(thread_ids)))).all() if thread_ids else []
    about = {row.id: row for row in kept}
    by_thread: dict[str, list[ThreadMessage]] = {}
    for row in came:
        # A message that is only just accepted has no thread yet: it stands alone until it has been read.
        by_thread.setdefault(row.thread_id or f"new-{row.id}", []).append(_incoming(row, contact))
    back = await undeliverable.came_back(connection, [row.id for row in went if row.destination == "mail"])
    for row in went:
        if row.payload.get("to") in (None, contact.email):
            by_thread.setdefault(row.thread_id, []).append(_outgoing(row, vendor, mail_domain, back))
    shown = [_thread(thread_id, messages, about.get(thread_id)) for thread_id, messages in by_thread.items()]
    return tuple(sorted(shown, key=lambda thread: thread.messages[-1].at, reverse=True))


def _arrived(contact: Contact) -> Any:
    """What this person wrote: by contact once read, by the envelope until then."""
    wrote = [inbox.c.contact_id == contact.id, inbox.c.envelope["mail_from"].astext == contact.email]
    if contact.slack_user_id:
        wrote.append(inbox.c.envelope["slack_user"].astext == contact.slack_user_id)
    columns = (
        inbox.c.id, inbox.c.channel, inbox.c.state, inbox.c.received_at, inbox.c.message, inbox.c.message_id,
        inbox.c.reading, inbox.c.thread_id, inbox.c.envelope, inbox.c.outcome,
    )  # fmt: skip
    shown = inbox.c.state.not_in(["duplicate", "ignored"])
    return select(*columns).where(or_(*wrote), shown).order_by(inbox.c.received_at.desc()).limit(_MOST)


async def _sent_to(connection: AsyncConnection, contact: Contact) -> Iterable[str]:
    """The threads of announcements to this person, and those of mails to him that began with us."""
    to_him = announcement_recipients.c.contact_id == contact.id
    # Who reads it in Slack, or is still to get it, has no mail of it.
    mailed_to = announcement_recipients.c.thread_id.is_not(None)
    announced = select(announcement_recipients.c.thread_id).where(to_him, mailed_to)
    mailed = (
        select(reply_keys.c.thread_id)
        .join(threads, threads.c.id == reply_keys.c.thread_id)
        .where(reply_keys.c.address == contact.email, threads.c.partner_id == contact.partner_id)
        .order_by(threads.c.opened_at.desc())
        .limit(_MOST)
    )
    return [str(thread_id) for query in (announced, mailed) for thread_id in await connection.scalars(query)]


def _left(thread_ids: set[str]) -> Any:
    columns = (
        outbox.c.id, outbox.c.destination, outbox.c.state, outbox.c.created_at, outbox.c.payload, outbox.c.thread_id,
        outbox.c.remote_id,
    )  # fmt: skip
    here = outbox.c.thread_id.in_(thread_ids) & outbox.c.destination.in_(["mail", "slack"])
    return select(*columns).where(here).order_by(outbox.c.seq.desc()).limit(_MOST)


def _incoming(row: Row[Any], contact: Contact) -> ThreadMessage:
    message = row.message or {}
    waiting = row.state in ("received", "read")
    return ThreadMessage(
        reference=_reference(row),
        direction=Direction.IN,
        at=row.received_at,
        author=contact.name,
        text=message.get("text", ""),
        state=_IN[row.state],
        subject=message.get("subject") or "",
        read=tuple(wish_read(request) for request in (row.reading or {}).get("requests", ())),
        note=_NOTES.get(row.state, ""),
        answer_expected=waiting,
    )


def _reference(row: Row[Any]) -> str:
    if row.channel == Channel.SLACK.value:
        return str(row.envelope.get("slack_ts", row.id))
    return row.message_id or str(row.id)


def _outgoing(row: Row[Any], vendor: str, mail_domain: str, back: frozenset[str]) -> ThreadMessage:
    slack = row.destination == "slack"
    return ThreadMessage(
        reference=(row.remote_id or row.id) if slack else f"<{row.id}@{mail_domain}>",
        direction=Direction.OUT,
        at=row.created_at,
        author=f"{vendor} partner team",
        text=str(row.payload.get("text", "")),
        state=_OUT[row.state],
        subject=str(row.payload.get("subject", "")),
        note=_CAME_BACK if row.id in back else _NOTES.get(row.state, ""),
        files=tuple(document.name for document in from_payload(row.payload.get("documents"))),
    )


def _thread(thread_id: str, messages: list[ThreadMessage], kept: Row[Any] | None) -> ConversationThread:
    ordered = tuple(sorted(messages, key=lambda message: (message.at, message.direction is Direction.OUT)))
    slack = kept is not None and kept.channel == Channel.SLACK.value
    newest: datetime = ordered[-1].at
    return ConversationThread(
        id=thread_id,
        channel=Channel.SLACK if slack or _looks_like_slack(ordered) else Channel.EMAIL,
        subject=(kept.subject if kept else "") or next((m.subject for m in ordered if m.subject), ""),
        messages=ordered,
        reply_reference=_slack_ts(kept) if slack and kept else _newest(ordered, newest),
    )


def _looks_like_slack(messages: tuple[ThreadMessage, ...]) -> bool:
    """Slack's ts is digits, a dot, digits; a Message-ID never is."""
    return messages[0].reference.replace(".", "", 1).isdigit()


def _slack_ts(kept: Row[Any]) -> str:
    return str(kept.slack_key or "").partition("#")[0].rsplit("/", 1)[-1]


def _newest(messages: tuple[ThreadMessage, ...], newest: datetime) -> str:
    return next(message.reference for message in reversed(messages) if message.at == newest)
