"""Whose deal it is: changed by managers alone, with a reason, once, and with every change on record."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.desk.attribution import AttributionDesk
from bot.storage import mirror, tables
from bot.storage.crm_writes import write
from bot.vocabulary.requests import Intent, NoFields, Request
from bot.vocabulary.results import Done, NotDone
from crm.records import Attribution, Deal
from tests.builders import deal
from tests.fakes.crm import Mood
from tests.unit.bot.desk.house import FIRST, JONAS, NOOR, House
from tests.unit.bot.desk.talking import SARA, says

INFLUENCED, SOURCED = Attribution.INFLUENCED, Attribution.SOURCED
WHY = "We found the customer at the fair."


@pytest.fixture
async def held(house: House) -> Deal:
    mine = deal(number="D-1042", partner_id="p-1")
    await house.crm.save_deal(mine)
    async with house.storage.begin() as connection:
        await mirror.store(connection, [mine])
    return mine


def desk(house: House) -> AttributionDesk:
    return house.desk.attribution


async def attribution(house: House, number: str = "D-1042") -> Attribution:
    return next(d.attribution for d in await house.deals("p-1") if d.number == number)


async def to_crm(house: House) -> list[Any]:
    query = select(tables.outbox.c.kind, tables.outbox.c.payload).where(tables.outbox.c.destination == "crm")
    async with house.storage.begin() as connection:
        return list((await connection.execute(query.order_by(tables.outbox.c.seq))).all())


async def test_a_change_is_written_with_its_reason_and_kept_for_good(house: House, held: Deal) -> None:
    assert isinstance(await desk(house).change(" d-1042", NOOR, INFLUENCED, f" {WHY}\n"), Done)
    assert await attribution(house) is INFLUENCED
    [change] = await desk(house).history("D-1042")
    assert (change.was, change.becomes, change.by, change.reason) == (SOURCED, INFLUENCED, NOOR, WHY)
    async with house.storage.begin() as connection:
        body = await connection.scalar(select(tables.ledger.c.body).where(tables.ledger.c.kind == "attribution"))
    assert body == {"number": "D-1042", "was": "sourced", "becomes": "influenced", "reason": WHY}


async def test_the_crm_gets_the_attribution_alone_and_a_line_on_the_timeline(house: House, held: Deal) -> None:
    await house.crm.save_deal(replace(held, next_step="Sign"))
    await desk(house).change("D-1042", NOOR, INFLUENCED, WHY)
    for row in await to_crm(house):
        await write(house.crm, row.kind, row.payload)
    kept = await house.crm.deal("p-1", "D-1042")
    assert kept is not None
    assert (kept.attribution, kept.next_step) == (INFLUENCED, "Sign")
    [line] = await house.crm.timeline("p-1", "D-1042")
    assert "from sourced to influenced" in line.summary
    assert WHY in line.body


async def test_the_partner_is_told_nothing(house: House, held: Deal) -> None:
    await desk(house).change("D-1042", NOOR, INFLUENCED, WHY)
    assert await house.told("p-1") == []


async def test_there_and_back_are_two_changes(house: House, held: Deal) -> None:
    await desk(house).change("D-1042", NOOR, INFLUENCED, WHY)
    for row in await to_crm(house):
        await write(house.crm, row.kind, row.payload)
    await desk(house).change("D-1042", JONAS, SOURCED, "They did after all.")
    assert [(c.becomes, c.by) for c in await desk(house).history("D-1042")] == [(INFLUENCED, NOOR), (SOURCED, JONAS)]


async def test_changing_it_in_two_places_at_once_changes_it_once(house: House, held: Deal) -> None:
    changes = (desk(house).change("D-1042", by, INFLUENCED, WHY) for by in (NOOR, JONAS, NOOR))
    results = await asyncio.gather(*changes)
    assert sorted(type(r).__name__ for r in results) == ["Done", "NotDone", "NotDone"]
    assert len(await desk(house).history("D-1042")) == 1


async def test_a_registration_that_waits_has_its_attribution_changed_before_it_is_a_deal(house: House) -> None:
    await house.submitted("D-20001", FIRST)
    assert isinstance(await desk(house).change("D-20001", NOOR, INFLUENCED, WHY), Done)
    assert (await house.registration("D-20001")).attribution is INFLUENCED
    assert len(await desk(house).history("D-20001")) == 1


@pytest.mark.parametrize(
    ("number", "by", "reason", "why"),
    [
        ("D-1042", SARA, WHY, "no manager"),
        ("D-1042", NOOR, " \n", "needs a reason"),
        ("D-9999", NOOR, WHY, "no deal"),
        ("", NOOR, WHY, "no deal"),
    ],
)
async def test_what_is_not_changed_is_told_why(
    house: House, held: Deal, number: str, by: str, reason: str, why: str
) -> None:
    refused = await desk(house).change(number, by, INFLUENCED, reason)
    assert isinstance(refused, NotDone)
    assert why in refused.text
    assert await attribution(house) is SOURCED


async def test_a_deal_of_the_vendors_own_has_no_partner_to_attribute_it_to(house: House) -> None:
    async with house.storage.begin() as connection:
        await mirror.store(connection, [deal(id="h-9", number="D-9", partner_id="")])
    assert isinstance(await desk(house).change("D-9", NOOR, INFLUENCED, WHY), NotDone)


async def test_it_is_changed_while_the_crm_is_away_and_reaches_it_later(house: House, held: Deal) -> None:
    house.crm.mood = Mood.UNAVAILABLE
    assert isinstance(await desk(house).change("D-1042", NOOR, INFLUENCED, WHY), Done)
    assert isinstance(await desk(house).change("D-1042", NOOR, INFLUENCED, WHY), NotDone)
    assert [row.kind for row in await to_crm(house)] == ["update_deal", "log_interaction"]


async def test_a_partner_who_asks_for_it_has_it_passed_on(house: House, held: Deal) -> None:
    await says(house, SARA, Request(Intent.OTHER, NoFields()))
    assert await attribution(house) is SOURCED
    async with house.storage.begin() as connection:
        assert await connection.scalar(text("select count(*) from tasks where partner_id = 'p-1'")) == 1
