"""Which Slack channel belongs to which partner, and which workspace is that partner's."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import slack_channels


@dataclass(frozen=True, slots=True)
class SlackChannel:
    """`team_id` is the vendor's workspace; only members of `partner_team_id` speak for the partner."""

    team_id: str
    channel_id: str
    name: str
    partner_id: str
    partner_team_id: str


async def save(connection: AsyncConnection, channel: SlackChannel) -> None:
    made = insert(slack_channels).values(**asdict(channel))
    changed = {name: made.excluded[name] for name in ("name", "partner_id", "partner_team_id")}
    await connection.execute(made.on_conflict_do_update(index_elements=["team_id", "channel_id"], set_=changed))


async def find(connection: AsyncConnection, channel_id: str) -> SlackChannel | None:
    """By channel id, which is unique across workspaces."""
    query = select(slack_channels).where(slack_channels.c.channel_id == channel_id)
    rows = (await connection.execute(query.limit(2))).all()
    return SlackChannel(**rows[0]._asdict()) if len(rows) == 1 else None


async def of_partner(connection: AsyncConnection, partner_id: str) -> SlackChannel | None:
    """The partner's channel, the first by name where it has several."""
    query = select(slack_channels).where(slack_channels.c.partner_id == partner_id).order_by(slack_channels.c.name)
    row = (await connection.execute(query.limit(1))).one_or_none()
    return SlackChannel(**row._asdict()) if row is not None else None


async def every(connection: AsyncConnection) -> list[SlackChannel]:
    rows = await connection.execute(select(slack_channels).order_by(slack_channels.c.name))
    return [SlackChannel(**row._asdict()) for row in rows.all()]
