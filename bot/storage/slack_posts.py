"""Posts of ours that have buttons: what a press means, and the post as it looks once something was pressed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import ButtonMeaning
from bot.storage import outbox, slack_buttons, threads
from bot.storage.database import Database
from bot.storage.in_confidence import IN_CONFIDENCE
from bot.storage.outbox import Destination, Outgoing
from bot.storage.slack_answers import question_of
from bot.storage.slack_buttons import Button, ButtonKind
from bot.storage.slack_tables import slack_buttons as buttons_table
from bot.storage.tables import outbox as posts_table
from bot.vocabulary.message import ThreadContext

UPDATE = outbox.CHANGE
"""The kind of a parcel that changes the post of an earlier row."""
_NOT_IN_AN_UPDATE = ("thread_ts", "under", "whole", "choices", "judgement", "while_paused", IN_CONFIDENCE)


@dataclass(frozen=True, slots=True)
class Taken:
    """Which choice was taken, and by whom: a user's id and name. `place` is -1 where the question just ended."""

    place: int
    user: str
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class StoredButtons:
    """Implements `bot.ports.Buttons`."""

    database: Database

    async def meaning(self, button: str, place: int, now: datetime) -> ButtonMeaning | None:
        async with self.database.reading() as connection:
            found = await slack_buttons.find(connection, button, now)
        if found is None or found.kind not in (ButtonKind.SAY, ButtonKind.FEEDBACK):
            return None
        chosen = choice(found, place)
        if chosen is None:
            return None
        return ButtonMeaning(chosen["words"], chosen.get("wish", ""), found.thread_id or "")


def choice(button: Button, place: int) -> Mapping[str, str] | None:
    """Label, words and wish of the choice in that place; None where there is none."""
    choices = button.doc.get("choices") or ()
    return choices[place] if 0 <= place < len(choices) else None


async def is_open(connection: AsyncConnection, button: Button) -> bool:
    """Whether what it answers is still asked; what answers no question counts at any time."""
    if "question" not in button.doc:
        return True
    thread = await threads.get(connection, button.thread_id) if button.thread_id else None
    return question_of(thread.context if thread else ThreadContext()) == dict(button.doc["question"])


def taken(button: Button) -> Taken | None:
    """None while nothing was."""
    said = button.doc.get("taken")
    return Taken(**said) if button.used and said else None


async def judgement_of(connection: AsyncConnection, thread_id: str | None, now: datetime) -> Button | None:
    """That of our last post in the thread which may still be judged."""
    query = (
        select(buttons_table.c.id)
        .join(posts_table, posts_table.c.id == buttons_table.c.outbox_id)
        .where(posts_table.c.thread_id == thread_id, buttons_table.c.kind == ButtonKind.FEEDBACK.value)
        .order_by(posts_table.c.seq.desc())
        .limit(1)
    )
    found = await connection.scalar(query) if thread_id else None
    button = await slack_buttons.find(connection, found, now) if found else None
    return None if button is None or button.used else button


def chosen_line(by: Taken) -> str:
    """What stands in the place of the buttons."""
    return f"✓ {by.label} · {by.name}"


async def take(connection: AsyncConnection, button: Button, by: Taken, line: str) -> None:
    """It counts no longer; `line` is what stands in its place, "" for nothing."""
    said = {"place": by.place, "user": by.user, "name": by.name, "label": by.label}
    doc = {**button.doc, "taken": said, "line": line}
    query = update(buttons_table).where(buttons_table.c.id == button.id)
    await connection.execute(query.values(doc=doc, used_at=func.now(), used_by=by.user))


async def as_it_is_now(connection: AsyncConnection, outbox_id: str, occasion: str) -> Outgoing | None:
    """The row that shows the post without the buttons that were taken, and what was taken instead.

    None where there is no such post. The same `occasion` changes it once.
    """
    post = await outbox.find(connection, outbox_id)
    if post is None or "channel" not in post.payload:
        return None
    query = select(buttons_table.c.id, buttons_table.c.doc, buttons_table.c.used_at)
    query = query.where(buttons_table.c.outbox_id == outbox_id).order_by(buttons_table.c.made_at, buttons_table.c.id)
    rows = (await connection.execute(query)).all()
    used = {row.id: str(row.doc.get("line", "")) for row in rows if row.used_at is not None}
    payload = {name: value for name, value in post.payload.items() if name not in _NOT_IN_AN_UPDATE}
    payload |= {"update_of": outbox_id, "layout": payload.get("layout", []), "chosen": [x for x in used.values() if x]}
    payload |= _left(post.payload, used)
    return Outgoing(
        f"slack-pressed:{outbox_id}:{occasion}", Destination.SLACK, UPDATE, payload, ordering=post.ordering,
        partner_id=post.partner_id, thread_id=post.thread_id, priority=outbox.AFTER,
    )  # fmt: skip


def _left(payload: Mapping[str, Any], used: Mapping[str, str]) -> dict[str, Any]:
    """What may still be pressed."""
    left: dict[str, Any] = {"choices": [one for one in payload.get("choices", ()) if one["id"] not in used]}
    judged = payload.get("judgement")
    return left | ({"judgement": judged} if judged and judged["id"] not in used else {})
