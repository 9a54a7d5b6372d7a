"""A monthly overview tells of the partner at which its reader is by now, whatever became of his record on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from crm.records import Contact
from tests.builders import NOW, deal
from tests.unit.bot.digests.conftest import world
from tests.unit.bot.digests.world import SARA, World
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage", "world"]

OWN = ("Brightpath", "Acme", "D-1042")
MOVED = replace(SARA, partner_id="p-2", email="sara@harbour.example")


async def _due(world: World) -> None:
    await world.enter(deal())
    await world.wants(SARA)
    await world.monthly()
    world.now = NOW + timedelta(days=14)


async def test_who_moved_to_another_partner_reads_nothing_of_the_one_before(world: World) -> None:
    await _due(world)
    await world.enter(MOVED)
    assert await world.monthly() == 1
    (mail,) = await world.mails()
    assert mail["to"] == MOVED.email
    assert not any(said in str(mail) for said in OWN)


@pytest.mark.parametrize("record", [MOVED, replace(SARA, email="eve@evil.example")], ids=["moved", "another address"])
async def test_who_got_it_before_his_record_changed_gets_it_no_second_time(world: World, record: Contact) -> None:
    await _due(world)
    assert await world.monthly() == 1
    await world.enter(record)
    async with world.storage.begin() as connection:
        # The month is taken up behind the first partner.
        await connection.execute(text("update instance set value = '2026-12:' where name = 'partner_digests_until'"))
    assert await world.monthly() == 0
    assert [mail["to"] for mail in await world.mails()] == [SARA.email]
