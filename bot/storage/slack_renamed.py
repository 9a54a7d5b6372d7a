"""A Slack channel that got a new id: all that is known by the old one goes on under the new."""

from __future__ import annotations

from sqlalchemy import Text, cast, func, literal, literal_column, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import instance, slack_channels
from bot.storage.database import Database
from bot.storage.desk_tables import briefs
from bot.storage.slack_tables import slack_buttons, slack_threads_read
from bot.storage.tables import inbox, outbox, threads

_NOW = "slack_channel_now:"
_CHANGES = 5


async def rename(connection: AsyncConnection, team: str, old: str, new: str) -> bool:
    """The mapping, threads, messages and whatever is on its way; False where the new id is mapped already.

    `team` is the vendor's own workspace. Safe to repeat.
    """
    if await slack_channels.find(connection, old) is not None and not await slack_channels.rename(connection, old, new):
        return False
    await instance.drop(connection, _NOW + new)
    await instance.put(connection, _NOW + old, new)
    await _threads(connection, team, old, new)
    await _messages(connection, old, new)
    await _on_their_way(connection, old, new)
    for table, column in ((briefs, briefs.c.slack_channel), (slack_buttons, slack_buttons.c.channel)):
        await connection.execute(update(table).where(column == old).values({column: new}))
    read = slack_threads_read.c.channel
    await connection.execute(update(slack_threads_read).where(read == old).values({read: new}))
    return True


class StoredNewIds:
    """Implements `bot.channels.slack.inbound.new_ids.NewIds`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def now(self, channel: str) -> str:
        """Slack may have changed it more than once; never endlessly, whatever its events say."""
        async with self._database.reading() as connection:
            for _ in range(_CHANGES):
                if (new := await instance.get(connection, _NOW + channel)) is None:
                    break
                channel = new
        return channel


async def _threads(connection: AsyncConnection, team: str, old: str, new: str) -> None:
    was, becomes = f"{team}/{old}/", f"{team}/{new}/"
    key = threads.c.slack_key
    renamed = func.concat(becomes, func.substr(key, len(was) + 1))
    await connection.execute(update(threads).where(func.starts_with(key, was)).values(slack_key=renamed))


async def _messages(connection: AsyncConnection, old: str, new: str) -> None:
    """Answers to what was written before go to the same channel."""
    here = inbox.c.message["sender"]["slack_channel"].astext == old
    value = cast(func.to_jsonb(cast(literal(new), Text)), JSONB)
    sender = func.jsonb_set(inbox.c.message, literal_column("'{sender,slack_channel}'"), value)
    both = func.jsonb_set(sender, literal_column("'{reply_to,slack_channel}'"), value, literal_column("false"))
    slack = inbox.c.channel == "slack"
    await connection.execute(update(inbox).where(slack, here).values(message=both))


async def _on_their_way(connection: AsyncConnection, old: str, new: str) -> None:
    """Posts that wait, and those that stand there and may be changed or answered."""
    value = cast(func.to_jsonb(cast(literal(new), Text)), JSONB)
    payload = func.jsonb_set(outbox.c.payload, literal_column("'{channel}'"), value)
    mine = outbox.c.payload["channel"].astext == old
    slack = outbox.c.destination == literal_column("'slack'")
    await connection.execute(update(outbox).where(slack, mine).values(payload=payload, ordering=new))
