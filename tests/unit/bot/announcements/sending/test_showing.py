"""Progress as a manager sees it in Slack: one message, changed at most every five seconds, and last when it ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.announcements.sending.showing import PAUSE, ProgressInSlack
from bot.channels.slack.outbound.outlet import CARD, UPDATE
from bot.storage.announcing import tallied
from bot.storage.database import Database
from bot.storage.outbox import OutboxState, settle_many
from bot.storage.queue import Queue
from bot.storage.tables import outbox
from bot.vocabulary.announcing import Route
from tests.unit.bot.announcements.house import PRICES, House, furnished
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]


@pytest.fixture
async def house(storage: Database, queue: Queue) -> House:
    house = await furnished(storage, queue)
    house.in_slack()
    return house


async def look(house: House, *, later: timedelta = PAUSE) -> None:
    """The clock fires, so much later; Slack has taken what was written before."""
    house.now += later
    async with house.storage.begin() as connection:
        shown = outbox.c.key.startswith("announcement-progress:")
        await connection.execute(update(outbox).where(shown, outbox.c.state == "pending").values(state="sent"))
    await ProgressInSlack(house.storage, house.queue, house.program, lambda: house.now)()


async def shown(house: House) -> list[str]:
    rows = [*await house.rows("slack", CARD), *await house.rows("slack", UPDATE)]
    return [row.payload["text"] for row in rows if row.key.startswith("announcement-progress:")]


def pressable(row: Any) -> list[str]:
    return [one["text"]["text"] for block in row.payload["blocks"] for one in block.get("elements", ())
            if one["type"] == "button"]  # fmt: skip


async def test_one_message_is_changed_while_copies_go_and_for_the_last_time_when_all_have(house: House) -> None:
    made = await house.sent()
    await look(house)
    await look(house, later=timedelta())
    assert await shown(house) == ["“Prices” is going out: 0 of 2 sent (2 people: 2 mails)."]
    (card,) = await house.rows("slack", CARD)
    assert (card.payload["channel"], pressable(card)) == ("U0", ["Pause", "Cancel it", "Report"])

    await house.delivered(1)
    await look(house, later=timedelta(seconds=1))
    assert len(await shown(house)) == 1
    await look(house)
    await house.delivered()
    await house.work(made.id)
    for _ in range(3):
        await look(house, later=timedelta(seconds=1))
    assert (await shown(house))[1:] == [
        "“Prices” is going out: 1 of 2 sent (2 people: 2 mails).",
        "“Prices” has gone out: 2 of 2 sent (2 people: 2 mails).",
    ]
    changes = await house.rows("slack", UPDATE)
    assert {row.payload["update_of"] for row in changes} == {card.id}
    assert pressable(changes[-1]) == ["Report", "Remind"]


async def test_what_is_paused_is_shown_as_paused_and_can_be_resumed(house: House) -> None:
    made = await house.sent()
    await look(house)
    await house.desk.pause(house.by, made.id)
    assert await house.delivered() == 0
    await look(house)
    (change,) = await house.rows("slack", UPDATE)
    assert change.payload["text"] == "“Prices” is paused: 0 of 2 sent (2 people: 2 mails)."
    assert pressable(change) == ["Resume", "Cancel it", "Report"]


async def test_changes_do_not_queue_up_while_slack_takes_none(house: House) -> None:
    await house.sent()
    show = ProgressInSlack(house.storage, house.queue, house.program, lambda: house.now)
    for _ in range(3):
        await show()
        await house.delivered(1)
        house.now += PAUSE
    assert len(await shown(house)) == 1


async def test_a_manager_who_is_not_known_in_slack_is_shown_nothing(house: House) -> None:
    managers = tuple(replace(manager, slack_user_id="") for manager in house.program.managers)
    house.program = replace(house.program, managers=managers)
    await house.sent()
    await look(house)
    assert await shown(house) == []


async def test_people_are_counted_as_before_and_copies_beside_them(house: House) -> None:
    await house.map_channel()
    made = await house.sent(replace(PRICES, route=Route.BOTH))
    seen = await house.desk.progress(made.id)
    assert seen is not None
    assert (seen.total, seen.reach) == (3, "2 people: 2 mails, 1 post")
    await look(house)
    assert await shown(house) == ["“Prices” is going out: 0 of 3 sent (2 people: 2 mails, 1 post)."]


async def test_who_reads_it_in_a_channel_has_it_once_the_post_has_arrived(house: House) -> None:
    await house.map_channel()
    await house.sent(replace(PRICES, route=Route.SLACK))
    posts = [row.id for row in await house.rows("slack")]
    async with house.storage.begin() as connection:
        (before,) = await tallied.tallies(connection)
        await settle_many(connection, [(one, "17.1") for one in posts], OutboxState.SENT)
        (after,) = await tallied.tallies(connection)
    assert (before.delivered, after.delivered, after.recipients) == (0, 1, 2)
