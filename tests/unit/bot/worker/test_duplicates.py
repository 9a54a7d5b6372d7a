"""The same mail counts once by whatever way it comes; another one under its id is kept and flagged."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.unit.bot.worker.assembled import Assembled, assembled
from tests.unit.bot.worker.letters import ELSEWHERE, handled, letter, read

_NOTICES = "select partner_id, summary from tasks where kind = 'notice'"


@pytest.fixture
async def house(database: str) -> AsyncIterator[Assembled]:
    async with assembled(database) as made:
        yield made


async def test_the_same_mail_by_two_routes_is_one_in_either_order(house: Assembled) -> None:
    routes = [
        await letter(house, "<1@x>", Received="from one by two"),
        await letter(house, "<1@x>", Received="from three by four", Delivered_To="partners@lumora.example"),
    ]
    await read(house, routes[1], routes[0])
    assert [await house.state(r) for r in routes] == ["duplicate", "read"]


async def test_the_same_mail_read_twice_at_once_is_one(house: Assembled) -> None:
    routes = [await letter(house, "<1@x>", Received=f"by {n}") for n in range(5)]
    await asyncio.gather(*(house.jobs.read(r.id, 0) for r in routes))
    assert sorted([await house.state(r) for r in routes]) == ["duplicate"] * 4 + ["read"]
    assert await house.value("select count(*) from procrastinate_jobs where task_name = 'handle'") == 1


async def test_the_same_id_with_another_body_is_kept_and_flagged(house: Assembled) -> None:
    first, second = await letter(house, "<1@x>", "first"), await letter(house, "<1@x>", "second")
    assert await handled(house, first, second) == ["handled", "handled"]
    assert await house.value("select count(*) from ledger where kind = 'same_message_id'") == 1
    ((partner_id, summary),) = await house.rows(_NOTICES)
    assert partner_id == "p-1"
    assert first.reference in summary
    assert second.reference in summary


async def test_a_stranger_who_takes_an_id_first_takes_nothing_away_and_opens_no_task(house: Assembled) -> None:
    spoofed = await letter(house, "<1@x>", "first", sender="eve@evil.example", peer=ELSEWHERE)
    genuine = await letter(house, "<1@x>", "second")
    again = await letter(house, "<1@x>", "third", sender="eve@evil.example", peer=ELSEWHERE)
    await read(house, spoofed, genuine)
    assert await handled(house, genuine, again) == ["handled", "held"]
    assert await house.value("select count(*) from ledger where kind = 'same_message_id'") == 2
    assert "eve" not in str([row[1] for row in await house.rows(_NOTICES) if "Message-ID" in row[1]])


@pytest.mark.parametrize("stage", ["received", "read", "handled"])
async def test_a_copy_that_nothing_proves_never_stands_before_the_proven_one(house: Assembled, stage: str) -> None:
    """Whoever sees a mail on its way could send it again by himself and be faster."""
    copy = await letter(house, "<1@x>", peer=ELSEWHERE)
    if stage == "read":
        await read(house, copy)
    if stage == "handled":
        assert await handled(house, copy) == ["held"]
    genuine = await letter(house, "<1@x>")
    assert await handled(house, genuine) == ["handled"]
    assert await handled(house, copy) == ["duplicate"]


async def test_after_the_proven_mail_a_copy_that_nothing_proves_is_nothing(house: Assembled) -> None:
    genuine, copy = await letter(house, "<1@x>"), await letter(house, "<1@x>", peer=ELSEWHERE)
    assert await handled(house, genuine, copy) == ["handled", "duplicate"]
    assert await house.value("select count(*) from confirmations") == 0
