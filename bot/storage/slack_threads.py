"""Slack's threads as we heard and read them, and the channels that a workspace shares with us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import slack_channels, threads
from bot.storage.codec import from_doc, to_doc
from bot.storage.database import Database
from bot.storage.ended import has_ended
from bot.storage.inbox import InboxState
from bot.storage.slack_channels import SlackChannel
from bot.storage.slack_tables import slack_threads_read
from bot.storage.tables import inbox, outbox
from bot.storage.tables import threads as thread_table
from bot.vocabulary.message import Attachment, SaidEarlier, Side
from bot.vocabulary.threads import Remembered

_HEARD = 100  # of our own rows of one thread, the newest
_LONGEST = 4_000  # characters of one post
_KEPT = timedelta(days=30)


class SlackThreads:
    """What the Slack inlet asks of our own tables: `ThreadMemory` and `SharedChannels`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_thread(self, place: str) -> Remembered:
        """`place` is team/channel/ts of the first post."""
        _, channel, thread_ts = place.rsplit("/", 2)
        async with self._database.reading() as connection:
            mapped = await slack_channels.find(connection, channel)
            if mapped is None or mapped.paused:
                return Remembered()
            own = await threads.find(connection, mapped.partner_id, slack_place=place)
            if own is not None and own.context.agent_took_part:
                return Remembered(mapped.partner_team_id, took_part=True)
            return Remembered(
                mapped.partner_team_id,
                await _heard(connection, place, mapped),
                await _read(connection, channel, thread_ts, mapped.partner_id),
            )

    async def keep(self, place: str, read: Sequence[SaidEarlier]) -> None:
        """What Slack told of a partner's thread; who asked first is believed, as long as it is that partner's."""
        _, channel, thread_ts = place.rsplit("/", 2)
        said = [
            {"by": post.by.value, "text": post.text, "ts": post.ts, "files": [to_doc(file) for file in post.files]}
            for post in read
        ]
        async with self._database.begin() as connection:
            mapped = await slack_channels.find(connection, channel)
            if mapped is not None:
                row = insert(slack_threads_read).values(
                    channel=channel, thread_ts=thread_ts, partner_id=mapped.partner_id, said=said
                )
                anew = {"partner_id": row.excluded.partner_id, "said": row.excluded.said, "read_at": func.now()}
                another = slack_threads_read.c.partner_id != row.excluded.partner_id
                await connection.execute(
                    row.on_conflict_do_update(index_elements=["channel", "thread_ts"], set_=anew, where=another)
                )

    async def of_teams(self, teams: frozenset[str]) -> tuple[str, tuple[str, ...]]:
        """The team that is mapped, and the channels, of the one partner that is served for whom members of these teams
        speak; ("", ()) for several.
        """
        async with self._database.reading() as connection:
            found = await channels_of(connection, teams)
        return (found[0].partner_team_id if found else ""), tuple(channel.channel_id for channel in found)


async def channels_of(connection: AsyncConnection, teams: frozenset[str]) -> list[SlackChannel]:
    """Those that are not paused; none where the teams stand for two partners, or the partner is served no more."""
    found = await slack_channels.of_teams(connection, teams - {""})
    if len({channel.partner_id for channel in found}) != 1 or await has_ended(connection, found[0].partner_id):
        return []
    return [channel for channel in found if not channel.paused]


async def person_spoke(connection: AsyncConnection, thread_id: str) -> bool:
    """Whether one of the vendor's people wrote to the others in this Slack thread after the agent's last word there."""
    place = select(func.split_part(thread_table.c.slack_key, literal_column("'#'"), literal_column("1")) + "#")
    theirs = select(thread_table.c.id).where(
        thread_table.c.slack_key == place.where(thread_table.c.id == thread_id).scalar_subquery()
    )
    ours = select(func.max(outbox.c.created_at)).where(outbox.c.thread_id == thread_id).scalar_subquery()
    wrote = select(inbox.c.id).where(
        inbox.c.thread_id.in_(theirs) | (inbox.c.thread_id == thread_id),  # a manager speaks in the partner's own
        inbox.c.message["sender"]["slack_home"].astext == literal_column("'true'"),
        inbox.c.message["addressed"].astext == literal_column("'false'"),
        inbox.c.received_at > ours,
    )
    return bool(await connection.scalar(select(wrote.exists())))


async def forget_post(connection: AsyncConnection, channel: str, thread_ts: str, ts: str) -> None:
    """A post that was taken back is no longer kept as read."""
    here = (slack_threads_read.c.channel == channel) & (slack_threads_read.c.thread_ts == thread_ts)
    said = await connection.scalar(select(slack_threads_read.c.said).where(here).with_for_update())
    if said:
        left = [post for post in said if post["ts"] != ts]
        await connection.execute(update(slack_threads_read).where(here).values(said=left))


async def forget_old(connection: AsyncConnection) -> None:
    """What was read is needed for the question that follows it, and not for ever."""
    old = slack_threads_read.c.read_at < func.now() - _KEPT
    await connection.execute(delete(slack_threads_read).where(old))


async def _read(
    connection: AsyncConnection, channel: str, thread_ts: str, partner_id: str
) -> tuple[SaidEarlier, ...] | None:
    """Who was of the partner's side when the channel was another's is not so now."""
    query = select(slack_threads_read.c.said).where(
        slack_threads_read.c.channel == channel,
        slack_threads_read.c.thread_ts == thread_ts,
        slack_threads_read.c.partner_id == partner_id,
    )
    said = await connection.scalar(query)
    if said is None:
        return None
    return tuple(SaidEarlier(Side(one["by"]), one["text"], one["ts"], _files(one.get("files"))) for one in said)


async def _heard(connection: AsyncConnection, place: str, mapped: SlackChannel) -> tuple[SaidEarlier, ...]:
    """What people wrote there since the agent is in the channel: as it was edited last, "" where it was taken back."""
    keys = [threads.slack_key(place, None), threads.slack_key(place, mapped.partner_id)]
    here = select(thread_table.c.id).where(thread_table.c.slack_key.in_(keys))
    query = select(inbox.c.message).where(inbox.c.thread_id.in_(here), inbox.c.message.is_not(None), _WRITTEN)
    rows = (await connection.execute(query.order_by(inbox.c.received_at.desc()).limit(_HEARD))).all()
    said = {post.ts: post for row in reversed(rows) if (post := _post(row, mapped)) is not None}
    return tuple(said.values())


_WRITTEN: ColumnElement[bool] = inbox.c.state.in_(
    [InboxState.READ.value, InboxState.HANDLED.value, InboxState.HELD.value]
)


def _post(row: Row[Any], mapped: SlackChannel) -> SaidEarlier | None:
    message = row.message
    if message.get("click"):
        return None
    sender, ts = message["sender"], (message.get("amends") or message["message_id"]).split(":")[1]
    if sender.get("slack_home"):
        by = Side.VENDOR
    else:
        by = Side.PARTNER if sender["slack_team"] == mapped.partner_team_id else Side.OTHER
    if message.get("deleted"):
        return SaidEarlier(by, "", ts)
    return SaidEarlier(by, message["text"][:_LONGEST], ts, _files(message.get("attachments")))


def _files(kept: Any) -> tuple[Attachment, ...]:
    """Those that can be fetched by an id."""
    return tuple(file for one in kept or () if (file := from_doc(Attachment, one)).file_id)
