"""A channel's new id: mapping, threads, messages, posts on their way and buttons go on under it; nobody else's do."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.storage import inbox, outbox, slack_buttons, slack_channels, tables, threads
from bot.storage.codec import to_doc
from bot.storage.database import Database
from bot.storage.inbox import Arrival, Inbox, InboxState
from bot.storage.outbox import Destination, Outgoing
from bot.storage.queue import Queue
from bot.storage.slack_buttons import Button, ButtonKind
from bot.storage.slack_channels import SlackChannel
from bot.storage.slack_renamed import StoredNewIds, rename
from bot.vocabulary.message import Message, ReplyAddress, Sender
from crm.records import Channel
from tests.builders import NOW

OLD, NEW, OTHER = "G0OLD", "C0NEW", "G0OLDER"


def said(channel: str) -> Message:
    return Message(
        "in-1", Channel.SLACK, f"{channel}:1.0", NOW, Sender(slack_user="U1", slack_channel=channel), "", "Hello",
        reply_to=ReplyAddress(slack_channel=channel, slack_thread_ts="1.0"),
    )  # fmt: skip


def post(channel: str, key: str) -> Outgoing:
    payload: dict[str, Any] = {"channel": channel, "thread_ts": "", "text": channel}
    return Outgoing(key, Destination.SLACK, "reply", payload, ordering=channel)


async def test_all_that_is_known_of_a_channel_goes_on_under_its_new_id(storage: Database, queue: Queue) -> None:
    arrivals = [Arrival(Channel.SLACK, b"{}", {}, NOW, lock=name) for name in (OLD, OTHER)]
    await Inbox(storage, queue).accept(arrivals)
    async with storage.begin() as connection:
        for name, arrival in zip((OLD, OTHER), arrivals, strict=True):
            await slack_channels.save(connection, SlackChannel("T0", name, name, "p-1", "T1"))
            key = threads.slack_key(f"T0/{name}/1.0", "p-1")
            await threads.open_thread(connection, Channel.SLACK, "", partner_id="p-1", slack_key=key)
            await inbox.mark(connection, arrival.id, InboxState.HANDLED, message=to_doc(said(name)))
            await outbox.put(connection, [post(name, f"k:{name}")])
        button = await slack_buttons.make(connection, Button(ButtonKind.SAY, {}, channel=OLD), NOW)
    for _ in range(2):
        async with storage.begin() as connection:
            assert await rename(connection, "T0", OLD, NEW)
    async with storage.begin() as connection:
        assert {channel.channel_id for channel in await slack_channels.every(connection)} == {NEW, OTHER}
        assert await threads.find(connection, "p-1", slack_place=f"T0/{NEW}/1.0") is not None
        assert await threads.find(connection, "p-1", slack_place=f"T0/{OTHER}/1.0") is not None
        docs = list(await connection.scalars(select(tables.inbox.c.message)))
        places = {(doc["sender"]["slack_channel"], doc["reply_to"]["slack_channel"]) for doc in docs}
        assert places == {(NEW, NEW), (OTHER, OTHER)}
        rows = (await connection.execute(select(tables.outbox.c.ordering, tables.outbox.c.payload))).all()
        assert {(row.ordering, row.payload["channel"]) for row in rows} == {(NEW, NEW), (OTHER, OTHER)}
        found = await slack_buttons.find(connection, button, NOW)
        assert found is not None
        assert found.channel == NEW


async def test_an_id_that_is_mapped_already_takes_nothing_over(storage: Database) -> None:
    async with storage.begin() as connection:
        for name in (OLD, NEW):
            await slack_channels.save(connection, SlackChannel("T0", name, name, "p-1", "T1"))
        await outbox.put(connection, [post(OLD, "k")])
        assert not await rename(connection, "T0", OLD, NEW)
        assert await connection.scalar(select(tables.outbox.c.ordering)) == OLD


async def test_a_former_id_leads_to_the_one_of_now_however_often_it_changed(storage: Database) -> None:
    ids = StoredNewIds(storage)
    assert await ids.now(OLD) == OLD
    async with storage.begin() as connection:
        assert await rename(connection, "T0", OLD, "C0BETWEEN")
        assert await rename(connection, "T0", "C0BETWEEN", NEW)
    assert [await ids.now(name) for name in (OLD, "C0BETWEEN", NEW, OTHER)] == [NEW, NEW, NEW, OTHER]
    async with storage.begin() as connection:
        assert await rename(connection, "T0", NEW, OLD)
    assert [await ids.now(name) for name in (OLD, NEW)] == [OLD, OLD]
