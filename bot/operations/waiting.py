"""What waits for a manager: registrations, requests handed over, mail held, messages that failed."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.console.views import (
    HeldMessage,
    RegistrationView,
    ShuntedMessage,
    TaskView,
    Urgency,
    Waiting,
)
from bot.desk.routing import has_no_say
from bot.operations.names import Names, read_names
from bot.storage import inbox as inbox_of
from bot.storage import registrations, tasks
from bot.storage.inbox import InboxState
from bot.storage.tables import inbox
from bot.storage.tasks import Task
from crm.records import Channel, Registration, RegistrationState
from knowledge.program import Manager, Program

_ELSEWHERE = {"held", "shunted"}  # tasks that are shown as the messages they are about
_MOST = 200
_SOURCE = 8_192  # bytes of a message nobody could read that are shown as they came


async def waiting(connection: AsyncConnection, program: Program, manager: Manager, today: date) -> Waiting:
    """For this manager: what he may decide, and what is his or anybody's."""
    names = await read_names(connection)
    submitted = await registrations.in_states(connection, [RegistrationState.SUBMITTED])
    his = [r for r in submitted if _has_a_say(program, manager, r, names)]
    handed = [t for t in await tasks.open_tasks(connection, manager.email) if t.kind not in _ELSEWHERE]
    return Waiting(
        registrations=tuple(registration_view(r, names, today) for r in his),
        tasks=tuple(_task(t, names) for t in handed),
        held=await held(connection, names),
        shunted=await shunted(connection),
    )


def _has_a_say(program: Program, manager: Manager, registration: Registration, names: Names) -> bool:
    partner = names.partners.get(registration.partner_id)
    return partner is not None and not has_no_say(program, manager, partner, registration)


def registration_view(registration: Registration, names: Names, today: date) -> RegistrationView:
    submitted = registration.state is RegistrationState.SUBMITTED
    return RegistrationView(
        record=registration,
        partner_name=names.partner(registration.partner_id),
        registered_by=names.contact(registration.contact_id),
        urgency=_urgency(registration.decide_by, today) if submitted and registration.decide_by else None,
    )


def _urgency(decide_by: date, today: date) -> Urgency:
    days = (decide_by - today).days
    if days < 0:
        return Urgency.LATE
    return Urgency.TODAY if days == 0 else Urgency.SOON if days == 1 else Urgency.CALM


def _task(task: Task, names: Names) -> TaskView:
    return TaskView(
        id=task.id,
        partner_id=task.partner_id or "",
        partner_name=names.partner(task.partner_id),
        contact_name=names.contact(task.contact_id),
        intent=task.kind,
        summary=task.summary,
        at=task.opened_at,
        deal_number=task.deal_number,
    )


async def held(connection: AsyncConnection, names: Names) -> tuple[HeldMessage, ...]:
    """Messages whose sender is not proven and that no manager has looked at yet; `id` is that of their task."""
    open_tasks = {t.inbox_id: t for t in await tasks.open_tasks(connection) if t.kind == "held"}
    rows = await _messages(connection, "held")
    return tuple(_held(row, open_tasks[row.id], names) for row in rows if row.id in open_tasks)


def _held(row: Row[Any], task: Task, names: Names) -> HeldMessage:
    message = row.message or {}
    return HeldMessage(
        id=task.id,
        sender=row.sender,
        partner_name=names.partner(task.partner_id),
        subject=message.get("subject") or message.get("text", "")[:80],
        reason=task.summary,
        at=row.received_at,
    )


async def shunted(connection: AsyncConnection, message_id: str | None = None) -> tuple[ShuntedMessage, ...]:
    """All, without their source; or the one of this id with it."""
    rows = await _messages(connection, "shunted", message_id)
    return tuple(_shunted(row, whole=message_id is not None) for row in rows)


async def source(connection: AsyncConnection, message_id: str) -> bytes | None:
    """A shunted message whole, as it came; None where none has this id."""
    row = await inbox_of.fetch(connection, message_id)
    return bytes(row.raw) if row is not None and row.state is InboxState.SHUNTED else None


def _shunted(row: Row[Any], *, whole: bool) -> ShuntedMessage:
    message = row.message or {}
    return ShuntedMessage(
        id=row.id,
        channel=Channel(row.channel),
        sender=row.sender or str(row.envelope.get("mail_from", "")),
        subject=message.get("subject", ""),
        error=row.error,
        at=row.received_at,
        tries=row.failures or 1,
        text=(message.get("text") or _source(row.raw)) if whole else "",
    )


async def _messages(connection: AsyncConnection, state: str, message_id: str | None = None) -> list[Any]:
    query = select(
        inbox.c.id, inbox.c.channel, inbox.c.sender, inbox.c.message, inbox.c.error, inbox.c.received_at,
        inbox.c.trust, inbox.c.envelope, inbox.c.failures, func.substr(inbox.c.raw, 1, _SOURCE).label("raw"),
    ).where(inbox.c.state == state)  # fmt: skip
    if message_id is not None:
        query = query.where(inbox.c.id == message_id)
    return list((await connection.execute(query.order_by(inbox.c.received_at.desc()).limit(_MOST))).all())


def _source(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").replace("\0", "\ufffd")
