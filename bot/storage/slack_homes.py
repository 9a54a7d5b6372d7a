"""Home tabs in Slack: who looks at one, and what it shows, so that nothing is published that stands there already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.slack_tables import slack_homes


@dataclass(frozen=True, slots=True)
class ShownHome:
    """`digest` is of what stands there, "" before the first; `view_hash` is Slack's own for it."""

    slack_user: str
    opened_at: datetime
    digest: str
    view_hash: str
    published_at: datetime | None

    @property
    def waits(self) -> bool:
        """Whether it was opened and nothing was shown since."""
        return self.published_at is None or self.published_at < self.opened_at


async def opened(connection: AsyncConnection, slack_user: str, now: datetime) -> None:
    made = insert(slack_homes).values(slack_user=slack_user, opened_at=now)
    await connection.execute(made.on_conflict_do_update(index_elements=["slack_user"], set_={"opened_at": now}))


async def find(connection: AsyncConnection, slack_user: str) -> ShownHome | None:
    row = (await connection.execute(select(slack_homes).where(slack_homes.c.slack_user == slack_user))).one_or_none()
    return None if row is None else ShownHome(**row._asdict())


async def seen_since(connection: AsyncConnection, since: datetime) -> list[ShownHome]:
    """Those that somebody looked at since then."""
    query = select(slack_homes).where(slack_homes.c.opened_at >= since).order_by(slack_homes.c.slack_user)
    return [ShownHome(**row._asdict()) for row in (await connection.execute(query)).all()]


async def published(connection: AsyncConnection, slack_user: str, digest: str, view_hash: str, now: datetime) -> None:
    values = {"digest": digest, "view_hash": view_hash, "published_at": now}
    await connection.execute(update(slack_homes).where(slack_homes.c.slack_user == slack_user).values(values))
