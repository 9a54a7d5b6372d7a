"""Which Slack channel belongs to which partner, whose members speak for it, and whether anything is said there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.slack_tables import slack_channels


class Mode(StrEnum):
    """What is answered: everything of the partner's that is the agent's business, or only what is said to the agent."""

    AGENT = "agent"
    MENTION = "mention"


class Paused(StrEnum):
    """Why nothing of a partner is said or done in its channel until a manager looked at it."""

    SECOND_PARTNER = "second_partner"
    UNCONFIRMED = "unconfirmed"
    ID_CHANGED = "id_changed"
    UNSHARED = "unshared"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class SlackChannel:
    """`team_id` is the vendor's workspace; only members of `partner_team_id` speak for the partner. `paused` is a
    `Paused`, or ""; `unconfirmed` looks in a row did not tell who reads it.
    """

    team_id: str
    channel_id: str
    name: str
    partner_id: str
    partner_team_id: str
    mode: Mode = Mode.AGENT
    paused: str = ""
    unconfirmed: int = field(default=0, compare=False)


async def save(connection: AsyncConnection, channel: SlackChannel) -> None:
    """Map it, or map it anew: what it was paused for is over then."""
    made = insert(slack_channels).values(**asdict(channel))
    names = ("name", "partner_id", "partner_team_id", "mode", "paused", "unconfirmed")
    changed = {name: made.excluded[name] for name in names} | {"paused_at": None}
    await connection.execute(made.on_conflict_do_update(index_elements=["team_id", "channel_id"], set_=changed))


async def set_mode(connection: AsyncConnection, channel_id: str, mode: Mode) -> bool:
    """False where no such channel is mapped."""
    return await _change(connection, channel_id, {"mode": mode.value})


async def pause(connection: AsyncConnection, channel_id: str, why: Paused) -> bool:
    """False where no such channel is mapped, or where it is paused already."""
    query = update(slack_channels).where(slack_channels.c.channel_id == channel_id, slack_channels.c.paused == "")
    done = await connection.execute(query.values(paused=why.value, paused_at=func.now(), unconfirmed=0))
    return done.rowcount > 0


async def paused_since(connection: AsyncConnection, channel_id: str) -> datetime | None:
    """None where it is not paused."""
    query = select(slack_channels.c.paused_at).where(slack_channels.c.channel_id == channel_id)
    return await connection.scalar(query.where(slack_channels.c.paused != ""))


async def resume(connection: AsyncConnection, channel_id: str) -> bool:
    """False where no such channel is mapped."""
    return await _change(connection, channel_id, {"paused": "", "paused_at": None, "unconfirmed": 0})


async def not_confirmed(connection: AsyncConnection, channel_id: str) -> int:
    """How many looks in a row, by whichever worker, did not tell who reads the channel; this one among them."""
    query = update(slack_channels).where(slack_channels.c.channel_id == channel_id)
    counted = query.values(unconfirmed=slack_channels.c.unconfirmed + 1).returning(slack_channels.c.unconfirmed)
    return int(await connection.scalar(counted) or 0)


async def confirmed(connection: AsyncConnection, channel_id: str) -> None:
    """A look told who reads the channel: the count begins anew."""
    await _change(connection, channel_id, {"unconfirmed": 0})


async def rename(connection: AsyncConnection, old: str, new: str) -> bool:
    """Slack gave the channel a new id; False where the old one is not mapped, or the new one is."""
    if await find(connection, new) is not None:
        return False
    return await _change(connection, old, {"channel_id": new})


async def forget(connection: AsyncConnection, channel_id: str) -> bool:
    """False where no such channel is mapped."""
    query = slack_channels.delete().where(slack_channels.c.channel_id == channel_id)
    return (await connection.execute(query)).rowcount > 0


async def find(connection: AsyncConnection, channel_id: str) -> SlackChannel | None:
    """By channel id, which is unique across workspaces."""
    rows = (await connection.execute(_query().where(slack_channels.c.channel_id == channel_id).limit(2))).all()
    return _channel(rows[0]) if len(rows) == 1 else None


async def of_partner(connection: AsyncConnection, partner_id: str) -> SlackChannel | None:
    """The partner's channel, the first by name where it has several; a paused one where there is no other."""
    query = _query().where(slack_channels.c.partner_id == partner_id)
    row = (
        await connection.execute(query.order_by(slack_channels.c.paused, slack_channels.c.name).limit(1))
    ).one_or_none()
    return _channel(row) if row is not None else None


async def of_teams(connection: AsyncConnection, teams: frozenset[str]) -> list[SlackChannel]:
    """Every channel of a partner whose members are of one of these workspaces."""
    query = _query().where(slack_channels.c.partner_team_id.in_(sorted(teams)))
    return [_channel(row) for row in (await connection.execute(query.order_by(slack_channels.c.name))).all()]


async def every(connection: AsyncConnection) -> list[SlackChannel]:
    rows = await connection.execute(_query().order_by(slack_channels.c.name))
    return [_channel(row) for row in rows.all()]


async def _change(connection: AsyncConnection, channel_id: str, values: Mapping[str, str | int | None]) -> bool:
    query = update(slack_channels).where(slack_channels.c.channel_id == channel_id)
    return (await connection.execute(query.values(values))).rowcount > 0


def _query() -> Select[tuple[str, str, str, str, str, str, str, int]]:
    kept = slack_channels.c
    return select(
        kept.team_id, kept.channel_id, kept.name, kept.partner_id, kept.partner_team_id, kept.mode, kept.paused,
        kept.unconfirmed,
    )  # fmt: skip


def _channel(row: Row[tuple[str, str, str, str, str, str, str, int]]) -> SlackChannel:
    return SlackChannel(**{**row._asdict(), "mode": Mode(row.mode)})
