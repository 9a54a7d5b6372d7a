"""Posts that were edited or deleted in Slack: the earlier form of a message, and what that has led to by now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.inbox import InboxState
from bot.storage.tables import inbox, ledger, registrations
from bot.vocabulary.changed import (
    BETWEEN_PEOPLE,
    DELETED,
    DELETED_FIRST,
    EDITED_FIRST,
    EDITED_LATE,
    EDITED_NOTED,
    EDITED_SAME,
    Before,
)
from bot.vocabulary.message import ThreadKind
from bot.vocabulary.requests import Intent
from crm.records import RegistrationState

AMENDS_WITHIN = timedelta(minutes=10)
"""How long after a message its new words replace what it led to; Slack lets people edit for ever."""

_NOTED = (BETWEEN_PEOPLE, EDITED_FIRST, DELETED_FIRST, EDITED_SAME, EDITED_LATE, EDITED_NOTED, DELETED)

# What a message leaves in the ledger that may well be done once more; a draft is looked at by itself.
_REPEATABLE = frozenset({
    "message_in", "reading", "decision", "message_out", "registration", "hand_over", "overheard",
    "crm_write", "delivery",
})  # fmt: skip
_ONCE = frozenset({
    Intent.SUBMIT_INVOICE, Intent.DISPUTE_COMMISSION, Intent.UNSUBSCRIBE, Intent.ANSWER_ANNOUNCEMENT,
})  # fmt: skip


async def earlier_form(
    connection: AsyncConnection, thread_id: str, post: str, but: str
) -> Row[str, str, str, str] | None:
    """The newest message of the thread that is this post ("channel:ts") in an earlier form, locked; `but` is the row
    that is being filed.
    """
    query = select(inbox.c.id, inbox.c.message_id, inbox.c.state, inbox.c.outcome).where(
        inbox.c.thread_id == thread_id, inbox.c.id != but, _is_post(post), inbox.c.outcome.not_in(_SUPERSEDED)
    )
    newest = query.order_by(inbox.c.received_at.desc()).limit(1).with_for_update()
    return (await connection.execute(newest)).one_or_none()


_SUPERSEDED = (EDITED_FIRST, EDITED_SAME, EDITED_LATE, EDITED_NOTED)


async def changed_since(connection: AsyncConnection, thread_id: str, post: str) -> bool:
    """Whether an edit or the deletion of this post was read before the post itself."""
    later = select(inbox.c.id).where(inbox.c.thread_id == thread_id, func.starts_with(inbox.c.message_id, f"{post}:"))
    return bool(await connection.scalar(select(later.exists())))


async def as_handled(
    connection: AsyncConnection, thread_id: str | None, message_id: str, received_at: datetime
) -> Before:
    """What the message `message_id` has led to, for its new form that came at `received_at`."""
    query = select(inbox.c.id, inbox.c.received_at, inbox.c.reading, inbox.c.state).where(
        inbox.c.message_id == message_id, inbox.c.thread_id == thread_id
    )
    row = (await connection.execute(query.order_by(inbox.c.received_at).limit(1))).one_or_none()
    if row is None:
        return Before(stands=True)
    requests = tuple((row.reading or {}).get("requests", ()))
    late = received_at - row.received_at > AMENDS_WITHIN or row.state != InboxState.HANDLED.value
    post = ":".join(message_id.split(":")[:2])
    stood = (row.reading or {}).get("thread") or {}
    return Before(
        requests=requests,
        kind=ThreadKind(stood["kind"]) if stood.get("kind") else None,
        asked=tuple(stood.get("asked") or ()),
        drafts=await _drafts(connection, row.id, thread_id, post, row.received_at),
        stands=late or await _binding(connection, row.id, requests),
        told=await _told(connection, thread_id, post),
    )


async def _binding(connection: AsyncConnection, inbox_id: str, requests: Sequence[dict[str, Any]]) -> bool:
    if {str(request.get("intent")) for request in requests} & _ONCE:
        return True
    kinds = set(await connection.scalars(select(ledger.c.kind).where(ledger.c.inbox_id == inbox_id)))
    if kinds - _REPEATABLE:
        return True
    opened = select(registrations.c.number).where(
        registrations.c.inbox_id == inbox_id, registrations.c.state != RegistrationState.DRAFT.value
    )
    return bool(await connection.scalar(select(opened.exists())))


async def _drafts(
    connection: AsyncConnection, inbox_id: str, thread_id: str | None, post: str, since: datetime
) -> tuple[str, ...]:
    """None where somebody has written in the thread since: the drafts are no longer this message's alone."""
    wrote = select(inbox.c.id).where(
        inbox.c.thread_id == thread_id, inbox.c.received_at > since, inbox.c.outcome.not_in(_NOTED),
        ~_is_post(post), inbox.c.state == InboxState.HANDLED.value,
    )  # fmt: skip
    if await connection.scalar(select(wrote.exists())):
        return ()
    forms = select(inbox.c.id).where(inbox.c.thread_id == thread_id, _is_post(post))
    query = select(registrations.c.number).where(
        or_(registrations.c.inbox_id == inbox_id, registrations.c.inbox_id.in_(forms)),
        registrations.c.state == RegistrationState.DRAFT.value,
    )
    return tuple(await connection.scalars(query.order_by(registrations.c.number)))


async def _told(connection: AsyncConnection, thread_id: str | None, post: str) -> bool:
    said = select(inbox.c.id).where(inbox.c.thread_id == thread_id, _is_post(post), inbox.c.outcome == EDITED_LATE)
    return bool(await connection.scalar(select(said.exists())))


def _is_post(post: str) -> ColumnElement[bool]:
    return or_(inbox.c.message_id == post, func.starts_with(inbox.c.message_id, f"{post}:"))
