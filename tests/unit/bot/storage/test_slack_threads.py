"""Slack's threads in our own tables: whose words were heard, what was read once, and who spoke last."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from bot.storage import mirror, outbox, slack_channels, slack_threads, threads
from bot.storage.codec import to_doc
from bot.storage.database import Database
from bot.storage.outbox import Destination, Outgoing
from bot.storage.slack_channels import Paused, SlackChannel
from bot.storage.slack_threads import SlackThreads
from bot.vocabulary.message import Message, ReplyAddress, SaidEarlier, Sender, Side
from bot.vocabulary.threads import Remembered
from crm.records import Channel
from tests.builders import partner

PLACE, ROOT = "T0HOME/C1/1.1", "1.1"
MAPPED = SlackChannel("T0HOME", "C1", "acme", "p-1", "T0AWAY")
VENDOR = Sender(slack_team="T0HOME", slack_home=True, slack_channel="C1")
ALICE = Sender(slack_team="T0AWAY", slack_channel="C1")


@pytest.fixture
async def known(storage: Database) -> SlackThreads:
    async with storage.begin() as connection:
        await mirror.store(connection, [partner()])
        await slack_channels.save(connection, MAPPED)
    return SlackThreads(storage)


async def says(storage: Database, ts: str, words: str, sender: Sender = ALICE, **more: Any) -> str:
    """A row of the inbox as it is once it was handled; its thread's id."""
    owner = "p-1" if sender is ALICE else None
    message = Message(
        inbox_id="", channel=Channel.SLACK, message_id=f"C1:{ts}", received_at=datetime.now(UTC), sender=sender,
        subject="", text=words, addressed=False, reply_to=ReplyAddress(slack_channel="C1", slack_thread_ts=ROOT),
        **more,
    )  # fmt: skip
    async with storage.begin() as connection:
        thread = await threads.open_thread(
            connection, Channel.SLACK, "", partner_id=owner, slack_key=threads.slack_key(PLACE, owner)
        )
        row = {
            "id": str(uuid4()),
            "message": json.dumps(to_doc(message)),
            "thread": thread,
            "message_id": message.message_id,
        }
        await connection.execute(_ROW, row)
    return thread


_ROW = text(
    "insert into inbox (id, channel, state, envelope, raw, reference, message_id, message, thread_id, received_at)"
    " values (:id, 'slack', 'handled', '{}', '', 'M-1', :message_id, cast(:message as jsonb), :thread,"
    " clock_timestamp())"
)


async def test_what_people_wrote_is_heard_as_it_was_edited_last(storage: Database, known: SlackThreads) -> None:
    await says(storage, "1.1", "Acme, 40 seats")
    await says(storage, "1.2", "900 seats", VENDOR)
    await says(storage, "1.3", "Evil", Sender(slack_team="T0THIRD", slack_channel="C1"))
    await says(storage, "1.1:5.5", "Acme, 60 seats", amends="C1:1.1")
    await says(storage, "1.4", "never mind")
    await says(storage, "1.4:deleted", "never mind", amends="C1:1.4", deleted=True)
    found = await known.of_thread(PLACE)
    assert found == Remembered("T0AWAY", (
        SaidEarlier(Side.PARTNER, "Acme, 60 seats", "1.1"),
        SaidEarlier(Side.VENDOR, "900 seats", "1.2"),
        SaidEarlier(Side.OTHER, "Evil", "1.3"),
        SaidEarlier(Side.PARTNER, "", "1.4"),
    ))  # fmt: skip


async def test_what_slack_told_is_kept_from_the_first_time_and_goes_with_a_deletion(
    storage: Database, known: SlackThreads
) -> None:
    first = (SaidEarlier(Side.PARTNER, "Acme", "1.1"), SaidEarlier(Side.VENDOR, "900", "1.2"))
    await asyncio.gather(known.keep(PLACE, first), known.keep(PLACE, first))
    await known.keep(PLACE, ())
    assert (await known.of_thread(PLACE)).read == first
    async with storage.begin() as connection:
        await slack_threads.forget_post(connection, "C1", ROOT, "1.1")
        await slack_threads.forget_post(connection, "C1", "9.9", "1.1")
    assert (await known.of_thread(PLACE)).read == first[1:]
    async with storage.begin() as connection:
        await slack_threads.forget_old(connection)
        await connection.execute(text("update slack_threads_read set read_at = now() - interval '31 days'"))
        await slack_threads.forget_old(connection)
    assert (await known.of_thread(PLACE)).read is None


async def test_nothing_is_known_of_a_channel_of_nobodys_or_one_that_is_paused(
    storage: Database, known: SlackThreads
) -> None:
    await known.keep("T0HOME/C9/1.1", [SaidEarlier(Side.PARTNER, "x", "1.1")])
    assert await known.of_thread("T0HOME/C9/1.1") == Remembered()
    async with storage.begin() as connection:
        await slack_channels.pause(connection, "C1", Paused.UNSHARED)
    assert await known.of_thread(PLACE) == Remembered()


async def test_a_team_speaks_for_one_partner_or_for_nobody(storage: Database, known: SlackThreads) -> None:
    away, nobody = frozenset({"T0AWAY"}), ("", ())
    assert await known.of_teams(away) == await known.of_teams(away | {"E0AWAY", ""}) == ("T0AWAY", ("C1",))
    assert await known.of_teams(frozenset({""})) == await known.of_teams(frozenset({"T0THIRD"})) == nobody
    async with storage.begin() as connection:
        await slack_channels.save(connection, replace(MAPPED, channel_id="C2", partner_id="p-2"))
    assert await known.of_teams(away) == nobody


async def test_a_person_of_the_vendor_has_spoken_last_until_the_agent_does(
    storage: Database, known: SlackThreads
) -> None:
    thread = await says(storage, "1.1", "Which tier are we in?")

    async def answers(key: str) -> None:
        row = Outgoing(key, Destination.SLACK, "reply", {"channel": "C1"}, ordering="C1", thread_id=thread)
        async with storage.begin() as connection:
            await outbox.put(connection, [row])
            await threads.remember(connection, thread, agent_took_part=True)

    async def spoke() -> bool:
        async with storage.begin() as connection:
            return await slack_threads.person_spoke(connection, thread)

    await answers("1")
    assert not await spoke()
    await says(storage, "1.2", "Thanks")
    assert not await spoke()
    await says(storage, "1.3", "Let me explain", VENDOR)
    assert await spoke()
    await answers("2")
    assert not await spoke()
    assert (await known.of_thread(PLACE)).took_part


async def test_what_was_read_for_another_partner_is_nobodys_word_now(storage: Database, known: SlackThreads) -> None:
    await known.keep(PLACE, [SaidEarlier(Side.PARTNER, "Acme, 40 seats", ROOT)])
    async with storage.begin() as connection:
        await mirror.store(connection, [partner(id="p-2")])
        await slack_channels.save(connection, replace(MAPPED, partner_id="p-2", partner_team_id="T0OTHER"))
    assert (await known.of_thread(PLACE)).read is None
    anew = (SaidEarlier(Side.OTHER, "Acme, 40 seats", ROOT),)
    await known.keep(PLACE, anew)
    assert (await known.of_thread(PLACE)).read == anew
    await known.keep(PLACE, [])
    assert (await known.of_thread(PLACE)).read == anew
