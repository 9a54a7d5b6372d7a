"""Who reads a partner's channel is judged at every look, and a channel that is not the partner's alone is paused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.channels.slack.people.audience import Audience
from bot.channels.slack.people.watch import Place
from bot.desk.slack_channels.cards import ChannelCards
from bot.desk.slack_channels.pauses import ChannelPauses
from bot.desk.slack_channels.watch import ChannelWatch
from bot.storage import ended, inbox, mirror, slack_channels, tables
from bot.storage.channel_held import OUTCOME
from bot.storage.codec import to_doc
from bot.storage.database import Database
from bot.storage.directory import StoredDirectory
from bot.storage.inbox import Arrival, Inbox, InboxState
from bot.storage.queue import Queue
from bot.storage.slack_channels import Mode, Paused, SlackChannel
from bot.vocabulary.message import Message, Sender
from crm.records import Channel
from tests.builders import NOW, partner, program

BRIGHT = SlackChannel("T0HOME", "C0BRIGHT", "ext-bright", "p-1", "T0BRIGHT")
OTHER = SlackChannel("T0HOME", "C0OTHER", "ext-other", "p-2", "T0OTHER")
THEIRS = Audience(confirmed=True, teams=frozenset({"T0BRIGHT"}))
UNCONFIRMED = Audience(confirmed=False)


class Watching:
    def __init__(self, storage: Database, queue: Queue) -> None:
        self.storage, self.queue = storage, queue
        cards = ChannelCards(program(), "C0MANAGERS", lambda: NOW)
        pauses = ChannelPauses(cards, lambda: NOW)
        self.watch, self.another_worker = (ChannelWatch(storage, queue, pauses, patience=(1.0, 2.0)) for _ in range(2))

    async def looked(self, audience: Audience, channel: str = BRIGHT.channel_id) -> Place:
        return await self.watch.looked(channel, audience)

    async def paused(self, channel: str = BRIGHT.channel_id) -> str:
        async with self.storage.begin() as connection:
            found = await slack_channels.find(connection, channel)
        return found.paused if found else "not mapped"

    async def held(self) -> str:
        """A message that came into the pause of the channel."""
        arrival, channel = Arrival(Channel.SLACK, b"{}", {}, NOW, lock="u"), BRIGHT.channel_id
        said = Message(
            arrival.id,
            Channel.SLACK,
            f"{channel}:1.0",
            NOW,
            Sender(slack_user="U1", slack_channel=channel),
            "",
            "Hello",
        )
        await Inbox(self.storage, self.queue).accept([arrival])
        async with self.storage.begin() as connection:
            await inbox.mark(connection, arrival.id, InboxState.HELD, outcome=OUTCOME, message=to_doc(said))
        return arrival.id

    async def state(self, inbox_id: str) -> InboxState | None:
        async with self.storage.begin() as connection:
            row = await inbox.fetch(connection, inbox_id)
        return row.state if row else None

    async def tasks(self) -> list[str]:
        async with self.storage.begin() as connection:
            return list(await connection.scalars(select(tables.tasks.c.summary)))

    async def cards(self) -> list[dict[str, Any]]:
        async with self.storage.begin() as connection:
            return list(await connection.scalars(select(tables.outbox.c.payload)))


@pytest.fixture
async def watching(storage: Database, queue: Queue) -> Watching:
    async with storage.begin() as connection:
        await mirror.store(connection, [partner(), partner(id="p-2", name="Other Partner")])
        await slack_channels.save(connection, BRIGHT)
        await slack_channels.save(connection, OTHER)
    return Watching(storage, queue)


async def test_the_partner_and_the_vendor_alone_may_go_on(watching: Watching) -> None:
    assert await watching.looked(THEIRS) == Place("T0BRIGHT")
    assert await watching.paused() == ""


@pytest.mark.parametrize(
    ("audience", "why"),
    [
        (replace(THEIRS, teams=frozenset({"T0BRIGHT", "T0OTHER"})), Paused.SECOND_PARTNER),
        (replace(THEIRS, pending=frozenset({"T0OTHER"})), Paused.SECOND_PARTNER),
        (replace(THEIRS, teams=frozenset({"T0OTHER"})), Paused.SECOND_PARTNER),
        (Audience(confirmed=True), Paused.UNSHARED),
        (replace(THEIRS, archived=True), Paused.ARCHIVED),
    ],
)
async def test_whoever_may_not_read_pauses_the_channel_and_managers_are_told_once(
    watching: Watching, audience: Audience, why: Paused
) -> None:
    for _ in range(3):
        assert await watching.looked(audience) == Place("T0BRIGHT")
    assert await watching.paused() == why
    (told,) = await watching.tasks()
    assert "#ext-bright (C0BRIGHT) of Brightpath" in told
    (card,) = await watching.cards()
    assert card["channel"] == "C0MANAGERS"
    assert "T0OTHER" not in str(card)


async def test_a_company_that_is_no_partner_pauses_nothing(watching: Watching) -> None:
    await watching.looked(replace(THEIRS, teams=frozenset({"T0BRIGHT", "T0AGENCY"}), unnamed=True))
    assert await watching.paused() == ""


async def test_what_slack_does_not_confirm_is_looked_at_again_and_then_paused(watching: Watching) -> None:
    assert [(await watching.looked(UNCONFIRMED)).again for _ in range(2)] == [1.0, 2.0]
    assert await watching.paused() == ""
    assert (await watching.looked(UNCONFIRMED)).again == 0
    assert await watching.paused() == Paused.UNCONFIRMED


async def test_workers_count_together_what_slack_does_not_confirm(watching: Watching) -> None:
    looks = [watching.watch, watching.another_worker, watching.watch]
    assert [(await one.looked(BRIGHT.channel_id, UNCONFIRMED)).again for one in looks] == [1.0, 2.0, 0.0]
    assert await watching.paused() == Paused.UNCONFIRMED


async def test_another_workers_good_look_begins_the_count_anew(watching: Watching) -> None:
    await watching.looked(UNCONFIRMED)
    await watching.another_worker.looked(BRIGHT.channel_id, THEIRS)
    assert (await watching.looked(UNCONFIRMED)).again == 1.0


async def test_one_good_look_begins_the_count_anew(watching: Watching) -> None:
    for audience in (UNCONFIRMED, UNCONFIRMED, THEIRS, UNCONFIRMED, UNCONFIRMED):
        await watching.looked(audience)
    assert await watching.paused() == ""


async def test_a_pause_stays_whoever_reads_later(watching: Watching) -> None:
    await watching.looked(Audience(confirmed=True))
    await watching.looked(THEIRS)
    assert await watching.paused() == Paused.UNSHARED


@pytest.mark.parametrize("channel", ["C0NOBODY", "", "D0ALICE"])
async def test_a_channel_of_nobodys_is_no_partners_place(watching: Watching, channel: str) -> None:
    assert await watching.looked(UNCONFIRMED, channel) == Place()


async def test_direct_messages_are_nobodys_channel(watching: Watching) -> None:
    assert await watching.looked(Audience(confirmed=True, direct=True)) == Place()


async def test_the_channel_of_a_partner_that_ended_is_nobodys(watching: Watching) -> None:
    async with watching.storage.begin() as connection:
        await ended.note(connection, "p-1", "2026-11-01")
    assert await watching.looked(THEIRS) == Place()


async def test_what_is_paused_is_said_to_who_asks_whose_channel_it_is(watching: Watching, storage: Database) -> None:
    await watching.looked(Audience(confirmed=True))
    found = await StoredDirectory(storage).by_channel(BRIGHT.channel_id)
    assert found is not None
    assert found.paused == Paused.UNSHARED


async def test_mapping_it_anew_ends_the_pause(watching: Watching, storage: Database) -> None:
    await watching.looked(Audience(confirmed=True))
    async with storage.begin() as connection:
        await slack_channels.save(connection, replace(BRIGHT, mode=Mode.MENTION))
    assert await watching.paused() == ""


async def test_what_slack_said_a_moment_ago_pauses_nothing_and_lets_nothing_through(watching: Watching) -> None:
    place = await watching.looked(replace(THEIRS, teams=frozenset({"T0BRIGHT", "T0OTHER"}), stale=True))
    assert place.again > 0
    assert await watching.paused() == ""


async def test_a_new_id_goes_on_once_slack_confirms_that_the_partner_alone_reads_it(watching: Watching) -> None:
    async with watching.storage.begin() as connection:
        await slack_channels.pause(connection, BRIGHT.channel_id, Paused.ID_CHANGED)
    for audience in (UNCONFIRMED, Audience(confirmed=True), replace(THEIRS, teams=frozenset({"T0BRIGHT", "T0AGENCY"}))):
        await watching.looked(audience)
        assert await watching.paused() == Paused.ID_CHANGED
    held = await watching.held()
    await watching.looked(THEIRS)
    assert await watching.paused() == ""
    assert await watching.state(held) is not InboxState.HELD
