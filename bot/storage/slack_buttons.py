"""What our buttons in Slack stand for: a button carries the id of a row, and all else is looked up at the press."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, RowMapping, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.slack_tables import slack_buttons

LIVES = timedelta(days=30)
"""How long a button counts; what it asks is seldom open for longer."""


class ButtonKind(StrEnum):
    """What a press of it does: say words in the asker's name, judge an answer, map a channel, fill in a form."""

    SAY = "say"
    FEEDBACK = "feedback"
    MAP = "map"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Button:
    """`channel` is where it counts ("" anywhere, a user's id for direct messages with that user); `partner_id` whose
    it is, None for the vendor's own; `doc` what it means, as its kind reads it.
    """

    kind: ButtonKind
    doc: Mapping[str, Any]
    partner_id: str | None = None
    channel: str = ""
    thread_id: str | None = None
    outbox_id: str | None = None
    id: str = field(default_factory=lambda: str(uuid4()))
    used: bool = False


async def make(connection: AsyncConnection, button: Button, now: datetime, lives: timedelta = LIVES) -> str:
    """The id that the button in Slack carries."""
    await connection.execute(insert(slack_buttons).values(_values(button, now + lives)))
    return button.id


async def make_again(connection: AsyncConnection, button: Button, now: datetime, lives: timedelta = LIVES) -> str:
    """The same where it was made before under this id: it counts on from now."""
    made = insert(slack_buttons).values(_values(button, now + lives))
    again = {"expires_at": made.excluded.expires_at, "used_at": None, "used_by": ""}
    await connection.execute(made.on_conflict_do_update(index_elements=["id"], set_=again))
    return button.id


async def rewrite(connection: AsyncConnection, button_id: str, doc: Mapping[str, Any]) -> None:
    """What it means from now on."""
    query = update(slack_buttons).where(slack_buttons.c.id == _known(button_id))
    await connection.execute(query.values(doc=dict(doc)))


async def find(connection: AsyncConnection, button_id: str, now: datetime) -> Button | None:
    """None for what is no id of a button that still counts, whatever it is."""
    known = _known(button_id)
    if known is None:
        return None
    query = select(slack_buttons).where(slack_buttons.c.id == known, slack_buttons.c.expires_at > now)
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else as_button(row)


async def use(connection: AsyncConnection, button_id: str, by: str, *, again: bool = False) -> bool:
    """Mark it as pressed; False where it was before. With `again` the same user may press it a second time."""
    open_: ColumnElement[bool] = slack_buttons.c.used_at.is_(None)
    if again:
        open_ = or_(open_, slack_buttons.c.used_by == by)
    query = update(slack_buttons).where(slack_buttons.c.id == _known(button_id), open_)
    return (await connection.execute(query.values(used_at=func.now(), used_by=by))).rowcount > 0


async def open_about(connection: AsyncConnection, channel: str, now: datetime) -> list[Button]:
    """The buttons of cards that ask about this channel and were not pressed yet, locked."""
    mine = (slack_buttons.c.kind == ButtonKind.MAP.value, slack_buttons.c.doc["channel"].astext == channel)
    query = select(slack_buttons).where(*mine, slack_buttons.c.used_at.is_(None), slack_buttons.c.expires_at > now)
    rows = await connection.execute(query.order_by(slack_buttons.c.made_at, slack_buttons.c.id).with_for_update())
    return [as_button(row) for row in rows.mappings().all()]


async def drop_expired(connection: AsyncConnection, now: datetime) -> int:
    """How many were taken away."""
    return (await connection.execute(delete(slack_buttons).where(slack_buttons.c.expires_at <= now))).rowcount


def _values(button: Button, expires_at: datetime) -> dict[str, Any]:
    return {
        "id": button.id, "kind": button.kind.value, "doc": dict(button.doc), "partner_id": button.partner_id,
        "channel": button.channel, "thread_id": button.thread_id, "outbox_id": button.outbox_id,
        "expires_at": expires_at,
    }  # fmt: skip


def _known(button_id: str) -> str | None:
    try:
        return str(UUID(button_id))
    except ValueError:
        return None


def as_button(row: RowMapping) -> Button:
    """One row of the table."""
    names = ("doc", "partner_id", "channel", "thread_id", "outbox_id", "id")
    values = {name: row[name] for name in names}
    return Button(ButtonKind(row["kind"]), **values, used=row["used_at"] is not None)
