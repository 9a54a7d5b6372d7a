"""What the CRM was told is compared with what it holds; only what is missing is written again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.operations.ledger_compared import Difference, compare, replay
from bot.storage import crm_writes, forgotten, outbox
from bot.storage.outbox import Destination
from bot.storage.written import Scope
from crm.records import Channel, Direction, Interaction, Stage
from tests.builders import NOW, contact, deal, partner, registration
from tests.unit.bot.worker.assembled import Assembled, assembled

WON = replace(deal(), stage=Stage.WON)
SAID = [
    Interaction(f"in:{n}", "p-1", "c-1", (), Channel.EMAIL, Direction.IN, NOW, f"asks {n}", f"<{n}@x>", "logged")
    for n in range(3)
]


@pytest.fixture
async def house(database: str) -> AsyncIterator[Assembled]:
    """The CRM was told of a registration, a contact, a deal's stage and three messages."""
    async with assembled(database) as made:
        await made.crm.save_deal(deal())
        rows = [
            crm_writes.registration_row(registration(number="D-1"), "m-1"),
            crm_writes.contact_row(contact(), "m-1"),
            crm_writes.deal_change_row(deal(), WON, "m-1"),
            *map(crm_writes.interaction_row, SAID),
        ]
        async with made.database.begin() as connection:
            await outbox.put(connection, rows)
        await made.jobs.deliver(Destination.CRM)
        yield made


async def differences(house: Assembled, scope: Scope | None = None) -> list[Difference]:
    return (await compare(house.database, house.crm, scope or Scope(), lambda _done, _total: None))[1]


def named(found: list[Difference]) -> list[tuple[str, str, bool]]:
    return [(one.what, one.subject, one.missing) for one in found]


async def test_a_crm_that_holds_everything_differs_in_nothing(house: Assembled) -> None:
    told: list[tuple[int, int]] = []
    compared, found = await compare(house.database, house.crm, Scope(), lambda done, total: told.append((done, total)))
    assert (compared, found) == (6, [])
    assert told[-1] == (6, 6)


async def test_what_somebody_edited_or_deleted_is_named_and_told_apart(house: Assembled) -> None:
    await house.crm.save_contact(contact(phone="+32 2 555 01 02"))
    await house.crm.save_registration(registration(number="D-1", notes="seen in the CRM"))
    house.crm.log = [house.crm.log[0], replace(house.crm.log[1], body="edited")]
    found = await differences(house)
    assert sorted(named(found)) == [
        ("contact", "c-1", False),
        ("interaction", "in:1", False),
        ("interaction", "in:2", True),
        ("registration", "D-1", False),
    ]
    assert {one.words for one in found if one.what == "contact"} == {"the CRM says otherwise: phone"}


async def test_of_a_changed_deal_only_the_change_is_compared(house: Assembled) -> None:
    await house.crm.update_deal(WON, replace(WON, next_step="call them"))
    assert await differences(house) == []
    await house.crm.update_deal(replace(WON, next_step="call them"), replace(deal(), next_step="call them"))
    assert [one.words for one in await differences(house)] == ["the CRM says otherwise: stage"]


async def test_only_what_is_missing_is_written_again_and_once(house: Assembled) -> None:
    await house.crm.save_registration(registration(number="D-1", notes="seen in the CRM"))
    house.crm.log = [replace(house.crm.log[0], body="edited")]
    again = await replay(house.database, house.queue, await differences(house), "noor@lumora.example", NOW)
    assert sorted(one.subject for one in again) == ["in:1", "in:2"]
    assert [one.subject for one in await differences(house) if one.missing] == []  # on their way
    await house.jobs.deliver(Destination.CRM)
    assert sorted((one.key, one.body) for one in house.crm.log) == [("in:0", "edited"), ("in:1", ""), ("in:2", "")]
    kept = await house.crm.registration("p-1", "D-1")
    assert kept is not None
    assert kept.notes == "seen in the CRM"
    assert await house.value("select body ->> 'written_again' from ledger where kind = 'crm_replay'") is not None


async def test_nothing_missing_writes_nothing(house: Assembled) -> None:
    assert await replay(house.database, house.queue, [], "cli", NOW) == ()
    assert await house.value("select count(*) from ledger where kind = 'crm_replay'") == 0


async def test_a_part_of_it_can_be_asked_for(house: Assembled) -> None:
    house.crm.log = []
    assert await differences(house, Scope(partner_id="p-2")) == []
    assert await differences(house, Scope(since=NOW + timedelta(days=36_500))) == []
    assert named(await differences(house, Scope(most=1))) == [("interaction", "in:2", True)]


async def test_who_was_forgotten_is_not_asked_for(house: Assembled) -> None:
    async with house.database.begin() as connection:
        await forgotten.note(connection, "c-1", "noor@lumora.example")
    await house.crm.save_contact(replace(contact(), name="[erased]"))
    assert await differences(house) == []


async def test_everything_of_another_partner_stays_out(database: str) -> None:
    async with assembled(database, partners=(partner(), partner(id="p-2", name="Second"))) as house:
        async with house.database.begin() as connection:
            rows = [crm_writes.interaction_row(replace(SAID[0], partner_id="p-2", contact_id=None))]
            await outbox.put(connection, rows)
        await house.jobs.deliver(Destination.CRM)
        house.crm.log = []
        assert await differences(house, Scope(partner_id="p-1")) == []
        assert len(await differences(house, Scope(partner_id="p-2"))) == 1
