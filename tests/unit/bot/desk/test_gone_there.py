"""A partner that ended in the CRM is served nothing and its manager told once; a person erased there is nobody here."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from bot.storage import mirror, slack_channels, tables
from bot.storage.directory import StoredDirectory
from bot.storage.forgetting import forget
from bot.storage.slack_channels import SlackChannel
from bot.worker.mirroring import MirrorJob
from crm.ports import Changes
from crm.records import Deal, Stage
from tests.builders import deal
from tests.unit.bot.desk.house import FIRST, PEOPLE, House

SARA = PEOPLE[0]
CHANNEL = SlackChannel("T0LUMORA", "C0BRIGHT", "brightpath", "p-1", "T0BRIGHT")


@dataclass
class Says:
    """Implements what the mirror asks a CRM: `changes` once, and nothing new after it."""

    said: Changes
    name: str = "hubspot"

    async def changes(self, cursor: str = "", limit: int = 500) -> Changes:
        return self.said if cursor != self.said.cursor else replace(NOTHING, cursor=cursor)


NOTHING = Changes((), (), (), (), (), "0")


async def follow(house: House, cursor: str, **said: object) -> None:
    desk = replace(house.desk, gone=replace(house.desk.gone, crm="hubspot"))
    crm = Says(replace(NOTHING, cursor=cursor, **said))  # type: ignore[arg-type]
    await MirrorJob(house.storage, crm, desk.fates, deals=desk.deal_fates, gone=desk.gone)()  # type: ignore[arg-type]


async def open_tasks(house: House) -> list[str]:
    async with house.storage.begin() as connection:
        return list(await connection.scalars(select(tables.tasks.c.summary).where(tables.tasks.c.closed_at.is_(None))))


async def mails_to(house: House, address: str) -> list[str]:
    async with house.storage.begin() as connection:
        payloads = await connection.scalars(select(tables.outbox.c.payload).order_by(tables.outbox.c.seq))
        return [str(said["text"]) for said in payloads if said.get("to") == address]


async def served(house: House) -> tuple[bool, bool]:
    """By mail and in Slack: whether anybody is answered as the partner's."""
    directory = StoredDirectory(house.storage)
    by_mail = await directory.by_address(SARA.email)
    return by_mail is not None, await directory.by_channel(CHANNEL.channel_id) is not None


@pytest.fixture
async def known(house: House) -> House:
    async with house.storage.begin() as connection:
        await slack_channels.save(connection, CHANNEL)
    assert await served(house) == (True, True)
    return house


async def test_a_partner_that_ended_is_served_nothing_even_before_its_people_are_looked_at(known: House) -> None:
    await follow(known, "1", ended=("p-1",))
    assert await served(known) == (False, False)
    [task] = await open_tasks(known)
    assert "Brightpath is no longer a partner in HubSpot" in task
    assert "enter p-1 as its partner id again" in task
    [mail] = await mails_to(known, "noor@lumora.example")
    assert "answered as strangers" in mail
    assert "restore the record in HubSpot" in mail


async def test_it_is_told_once_for_each_time(known: House) -> None:
    await follow(known, "1", ended=("p-1",))
    await follow(known, "2")
    assert len(await mails_to(known, "noor@lumora.example")) == 1
    await follow(known, "3", partners=(FIRST,))
    await follow(known, "4", ended=("p-1",))
    assert len(await mails_to(known, "noor@lumora.example")) == 2


async def test_restored_it_is_served_again_and_nobody_has_to_do_anything(known: House) -> None:
    await follow(known, "1", ended=("p-1",), contacts=(replace(SARA, active=False),))
    await follow(known, "2", partners=(FIRST,), contacts=(SARA,))
    assert await served(known) == (True, True)
    assert await open_tasks(known) == []


async def test_what_became_of_its_deals_is_told_to_nobody(known: House) -> None:
    held = deal()
    async with known.storage.begin() as connection:
        await mirror.store(connection, [held])
    lost: Deal = replace(held, partner_id="", stage=Stage.LOST)
    await follow(known, "1", ended=("p-1",), deals=(lost,))
    assert await mails_to(known, SARA.email) == []


async def test_who_was_erased_there_is_nobody_here_and_the_manager_knows_the_command(known: House) -> None:
    for cursor in ("1", "2"):
        await follow(known, cursor, erased=("c-1",), contacts=(replace(SARA, active=False),))
    assert (await served(known))[0] is False
    [task] = await open_tasks(known)
    assert "partnerline ledger forget --contact c-1" in task
    assert SARA.email not in task
    assert SARA.name not in task


async def test_who_was_forgotten_here_before_is_no_work(known: House) -> None:
    async with known.storage.begin() as connection:
        await forget(connection, SARA, "noor@lumora.example", "asked us")
    await follow(known, "1", erased=("c-1",), contacts=(replace(SARA, active=False),))
    assert await open_tasks(known) == []
