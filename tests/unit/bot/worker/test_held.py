"""A manager vouches for a held message, or discards it: once, whoever else settles it, and for that message alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.managers.held import HeldDesk
from bot.storage import held, mirror
from bot.storage.inbox import Arrival
from bot.vocabulary.results import Done, NotDone
from tests.builders import NOW, contact, partner, program
from tests.unit.bot.worker.assembled import Assembled, assembled
from tests.unit.bot.worker.letters import ELSEWHERE, SARA, handled, letter

pytestmark = pytest.mark.slow

NOOR = "noor@lumora.example"


@pytest.fixture
async def house(database: str) -> AsyncIterator[Assembled]:
    async with assembled(database) as made:
        yield made


@pytest.fixture
def desk(house: Assembled) -> HeldDesk:
    return HeldDesk(house.database, house.queue, program(), lambda: NOW)


async def claimed(house: Assembled, number: int = 1, sender: str = SARA, **headers: str) -> Arrival:
    arrival = await letter(house, f"<held-{number}@x>", sender=sender, peer=ELSEWHERE, **headers)
    assert await handled(house, arrival) == ["held"]
    return arrival


async def answer(house: Assembled, about: Arrival, text: str) -> Arrival:
    code = await house.value("select code from confirmations where held_id = :id", id=about.id)
    said = await letter(house, f"<{text}@x>", text, to=f"reply+{code}@lumora.example", peer=ELSEWHERE)
    await handled(house, said)
    return said


async def outcome(house: Assembled, arrival: Arrival) -> str:
    return str(await house.value("select outcome from inbox where id = :i", i=arrival.id))


async def answers(house: Assembled, arrival: Arrival) -> list[str]:
    query = "select payload ->> 'to' from outbox where kind = 'reply' and inbox_id = :i"
    return [row[0] for row in await house.rows(query, i=arrival.id)]


async def test_a_released_message_is_handled_and_answered_at_the_address_on_file(
    house: Assembled, desk: HeldDesk
) -> None:
    about = await claimed(house, Reply_To="desk@brightpath.example")
    assert isinstance(await desk.release(about.id, NOOR), Done)
    assert await handled(house, about) == ["handled"]
    assert await answers(house, about) == [SARA]
    assert await house.value("select trust from inbox where id = :i", i=about.id) == "proven"
    assert await house.value("select count(*) from tasks where kind = 'held' and closed_at is null") == 0
    assert await house.value("select actor from ledger where kind = 'held_released'") == NOOR
    await claimed(house, 2)


async def test_a_message_nobody_was_asked_about_can_be_released_and_counts_towards_no_cap(
    house: Assembled, desk: HeldDesk
) -> None:
    about = await claimed(house, X_Auto_Response_Suppress="All")
    assert await house.value("select count(*) from confirmations") == 0
    await desk.release(about.id, NOOR)
    assert await handled(house, about) == ["handled"]
    for number in range(2, 6):
        await claimed(house, number)
    assert await house.value("select count(*) from outbox where kind = 'confirmation'") == 3


async def test_of_managers_and_owner_at_once_one_settles_it(house: Assembled, desk: HeldDesk) -> None:
    about = await claimed(house)
    code = await house.value("select code from confirmations")
    yes = await letter(house, "<yes@x>", "Yes", to=f"reply+{code}@lumora.example", peer=ELSEWHERE)
    await house.jobs.read(yes.id, 0)
    results = await asyncio.gather(
        *(desk.release(about.id, NOOR) for _ in range(3)),
        *(desk.discard(about.id, NOOR) for _ in range(3)),
        house.jobs.handle(yes.id, 0),
    )
    by_managers = sum(isinstance(done, Done) for done in results)
    assert by_managers + (await outcome(house, yes) == "confirmed") == 1


async def test_the_owner_who_answers_after_a_release_changes_nothing_and_a_no_is_told(
    house: Assembled, desk: HeldDesk
) -> None:
    about = await claimed(house)
    await desk.release(about.id, NOOR)
    await handled(house, about)
    assert await outcome(house, await answer(house, about, "Yes")) == "confirmation_used"
    assert await outcome(house, await answer(house, about, "No")) == "confirmation_used"
    assert await house.state(about) == "handled"
    assert "not genuine" in await house.value("select summary from tasks where key = :k", k=f"{about.id}:late-no")


async def test_a_discarded_message_stays_so_whatever_its_owner_says(house: Assembled, desk: HeldDesk) -> None:
    about = await claimed(house)
    assert isinstance(await desk.discard(about.id, NOOR), Done)
    assert await outcome(house, await answer(house, about, "Yes")) == "confirmation_used"
    assert (await house.state(about), await outcome(house, about)) == ("ignored", "discarded_by_a_manager")
    assert isinstance(await desk.release(about.id, NOOR), NotDone)
    assert await house.value("select count(*) from tasks where kind = 'held' and closed_at is null") == 0


async def test_a_stranger_can_be_discarded_and_not_released(house: Assembled, desk: HeldDesk) -> None:
    about = await claimed(house, sender="eve@evil.example")
    assert isinstance(no := await desk.release(about.id, NOOR), NotDone)
    assert "nobody on file" in no.text
    assert await house.state(about) == "held"
    assert isinstance(await desk.discard(about.id, NOOR), Done)


async def test_who_is_no_manager_settles_nothing(house: Assembled, desk: HeldDesk) -> None:
    about = await claimed(house)
    assert isinstance(await desk.release(about.id, SARA), NotDone)
    assert isinstance(await desk.discard(about.id, "eve@evil.example"), NotDone)
    assert await house.state(about) == "held"


@pytest.mark.parametrize("by", ["owner", "manager"])
async def test_whose_contact_moved_to_another_partner_meanwhile_gets_nothing_of_either(
    house: Assembled, desk: HeldDesk, by: str
) -> None:
    about = await claimed(house)
    await (answer(house, about, "Yes") if by == "owner" else desk.release(about.id, NOOR))
    async with house.database.begin() as connection:
        other = replace(partner(), id="p-other", name="Other")
        await mirror.store(connection, [other, replace(contact(), partner_id=other.id)])
    assert await handled(house, about) == ["held"]
    assert await answers(house, about) == []


async def test_all_that_is_held_is_listed_also_what_no_task_tells_of(house: Assembled) -> None:
    for number in range(5):
        await claimed(house, number)
    async with house.database.reading() as connection:
        listed = await held.newest(connection)
        assert len(listed) == 5
        assert await held.newest(connection, listed[0].reference.lower()) == (listed[0],)
        assert await held.newest(connection, listed[0].id[:13]) == (listed[0],)
        assert await held.newest(connection, "%") == ()
