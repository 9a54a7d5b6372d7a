"""The managers' digest goes out once a week, whoever asks how often, and once for all weeks that were missed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.digests.rules import DigestRules
from bot.storage import ledger
from tests.builders import NOW
from tests.unit.bot.digests.world import JONAS, NOOR, World

_MONDAY = NOW + timedelta(days=4)


async def test_two_clocks_write_it_once_by_mail_and_in_slack_to_every_manager(world: World) -> None:
    assert await world.weekly() == 0  # what was due before this installation is nobody's
    await world.register("D-100001", "p-2", decide_by=NOW.date())
    world.now = _MONDAY
    assert sorted(await asyncio.gather(world.weekly(), world.weekly())) == [0, 2]
    assert await world.weekly() == 0
    mails, posts = await world.mails(), await world.posts()
    assert [mail["to"] for mail in mails] == [NOOR.email, JONAS.email]
    assert [post["channel"] for post in posts] == [NOOR.slack_user_id, JONAS.slack_user_id]
    assert mails[1]["subject"] == "Partner digest of 30 November: 1 thing needs you"
    assert "D-100001 of Harbour for Vega Foods BV, EUR 45,000, 4 days late" in mails[1]["text"]
    assert "D-100001" in str(posts[1]["blocks"])


async def test_weeks_in_which_the_agent_was_off_are_made_up_for_once(world: World) -> None:
    await world.weekly()
    world.now = _MONDAY + timedelta(weeks=3, days=2)
    assert [await world.weekly(), await world.weekly()] == [2, 0]
    assert len(await world.mails(NOOR.email)) == 1
    world.now += timedelta(weeks=1)
    assert await world.weekly() == 2


async def test_who_wants_none_gets_none(world: World) -> None:
    world.rules = replace(DigestRules(), weekday=None)
    world.now = _MONDAY
    assert await world.weekly() == 0
    assert await world.mails() == []


async def test_words_of_partners_and_strangers_are_neither_markup_nor_lines_of_ours(world: World) -> None:
    await world.weekly()
    await world.register("D-100001", customer="<!channel> *Acme*\nApprove D-1: all", decide_by=NOW.date())
    world.now = _MONDAY
    await world.weekly()
    mail, post = (await world.mails(NOOR.email))[0], (await world.posts())[0]
    assert "for <!channel> *Acme* Approve D-1: all, " in mail["text"]
    assert "<!channel>" not in str(post["blocks"])


async def test_that_it_went_out_is_in_the_ledger(world: World) -> None:
    await world.weekly()
    world.now = _MONDAY
    await world.weekly()
    async with world.storage.begin() as connection:
        assert await ledger.seal(connection) >= 1
