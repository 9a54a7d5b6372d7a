"""A forger who puts ever new addresses into From does not make the agent a sender of unwanted mail."""

from __future__ import annotations

import asyncio

from tests.unit.bot.worker.assembled import assembled
from tests.unit.bot.worker.letters import ELSEWHERE, handled, letter


async def test_answers_to_strangers_are_capped_whatever_their_addresses_and_the_manager_told_once(
    database: str,
) -> None:
    async with assembled(database, caps={"strangers_per_day": 3}) as house:
        arrivals = [
            await letter(house, f"<{n}@x>", sender=f"victim@host-{n}.example", peer=ELSEWHERE) for n in range(8)
        ]
        for arrival in arrivals:
            await house.jobs.read(arrival.id, 0)
        for start in (0, 4):
            await asyncio.gather(*(house.jobs.handle(a.id, 0) for a in arrivals[start : start + 4]))
        assert {await house.state(arrival) for arrival in arrivals} == {"held"}
        assert await house.value("select count(*) from outbox where kind = 'reply'") == 3
        assert await house.value("select count(*) from tasks where kind = 'held'") == 3
        assert await house.value("select count(*) from tasks where kind = 'notice'") == 1
        proven = await letter(house, "<proven@x>")
        await handled(house, proven)
        assert await house.value("select count(*) from outbox where inbox_id = :i", i=proven.id) >= 1
