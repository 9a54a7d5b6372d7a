"""Messages that the agent has read, for people to correct: those that failed and those it asked about come first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import Row, Select, case, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.evaluation.folder import Candidate
from bot.steps.understand import for_reader
from bot.storage.codec import from_doc
from bot.storage.tables import inbox
from bot.vocabulary.message import Message, ThreadContext, ThreadKind
from crm.records import Channel

_SHOWN = ("shunted", "held", "handled")


async def read_messages(connection: AsyncConnection, most: int) -> tuple[Candidate, ...]:
    """At most so many: shunted ones, then those asked about, then the rest; of each the newest first."""
    asked = inbox.c.reading["requests"].contains([{"ask": True}])
    first = case((inbox.c.state == "shunted", 0), (asked, 1), else_=2)
    columns = (inbox.c.id, inbox.c.channel, inbox.c.state, inbox.c.received_at, inbox.c.message, inbox.c.reading,
               inbox.c.raw, inbox.c.error)  # fmt: skip
    query: Select[Any] = select(*columns).where(inbox.c.state.in_(_SHOWN), inbox.c.message.is_not(None))
    rows = await connection.execute(query.order_by(first, inbox.c.received_at.desc(), inbox.c.id).limit(most))
    return tuple(_candidate(row) for row in rows.all())


def _candidate(row: Row[Any]) -> Candidate:
    message = from_doc(Message, row.message)
    reading = row.reading or {}
    thread = _thread(reading.get("thread") or {})
    slack = message.channel is Channel.SLACK
    channel: Literal["email", "slack"] = "slack" if slack else "email"
    return Candidate(
        channel=channel,
        received=row.received_at,
        sender=message.sender.address or message.sender.slack_user,
        text=message.text if slack else None,
        raw=None if slack else row.raw,
        in_reply_to=thread.kind.value if thread.kind else None,
        asked=thread.asked,
        addressed=message.addressed or thread.agent_took_part if slack else None,
        language=reading.get("language", ""),
        requests=tuple(reading["requests"]) if "requests" in reading else None,
        answer_expected=reading.get("answer_expected"),
        note=_note(row),
        plain=slack,
        attachments=tuple(attachment.name for attachment in message.attachments) if slack else (),
    )


def _thread(kept: Mapping[str, Any]) -> ThreadContext:
    """The thread as it stood when the message was read, in the reader's words."""
    kind = ThreadKind(kept["kind"]) if kept.get("kind") else None
    took_part = bool(kept.get("agent_took_part"))
    return for_reader(ThreadContext(kind=kind, asked=tuple(kept.get("asked", ())), agent_took_part=took_part))


def _note(row: Row[Any]) -> str:
    if row.state == "shunted":
        return f"failed: {row.error}"
    requests = (row.reading or {}).get("requests", ())
    return "the agent asked before acting" if any(request.get("ask") for request in requests) else ""
