"""Whether answers in Slack helped, as people of partners said by a button: one word of each on each answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.slack_tables import slack_feedback


@dataclass(frozen=True, slots=True)
class Judged:
    """How many answers were called helpful, and how many not."""

    helpful: int = 0
    not_helpful: int = 0


async def note(connection: AsyncConnection, outbox_id: str, user: str, partner_id: str, *, helpful: bool) -> None:
    """The last word of a person on an answer counts."""
    made = insert(slack_feedback).values(outbox_id=outbox_id, slack_user=user, partner_id=partner_id, helpful=helpful)
    anew = {"helpful": made.excluded.helpful, "at": func.now()}
    await connection.execute(made.on_conflict_do_update(index_elements=["outbox_id", "slack_user"], set_=anew))


async def by_partner(connection: AsyncConnection, since: datetime | None = None) -> dict[str, Judged]:
    """By the partner's id; of all time where not said otherwise."""
    helpful = func.count().filter(slack_feedback.c.helpful)
    query = select(slack_feedback.c.partner_id, helpful, func.count() - helpful).group_by(slack_feedback.c.partner_id)
    if since is not None:
        query = query.where(slack_feedback.c.at >= since)
    return {partner_id: Judged(yes, no) for partner_id, yes, no in (await connection.execute(query)).all()}
