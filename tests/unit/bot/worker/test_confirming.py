"""Questions to owners of addresses: capped for an address and a partner, asked once, settled once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.ports import Readable
from bot.storage.inbox import Arrival
from bot.vocabulary.requests import Intent, NoFields, Reading, Request
from tests.builders import contact
from tests.unit.bot.worker.assembled import Assembled, assembled
from tests.unit.bot.worker.letters import ELSEWHERE, SARA, handled, letter

pytestmark = pytest.mark.slow

PEOPLE = tuple(
    replace(contact(), id=f"q-{n}", name=f"Person {n}", email=f"p{n}@brightpath.example", main=False) for n in range(8)
)
_QUESTIONS = "select payload ->> 'to' from outbox where kind = 'confirmation' order by seq"


@pytest.fixture
async def house(database: str) -> AsyncIterator[Assembled]:
    async with assembled(database, contacts=(contact(), *PEOPLE)) as made:
        yield made


async def claimed(house: Assembled, number: int = 1, sender: str = SARA, **headers: str) -> Arrival:
    arrival = await letter(house, f"<claimed-{number}@x>", sender=sender, peer=ELSEWHERE, **headers)
    await handled(house, arrival)
    return arrival


async def asked(house: Assembled) -> list[str]:
    return [row[0] for row in await house.rows(_QUESTIONS)]


async def address_of(house: Assembled, held: Arrival) -> str:
    code = await house.value("select code from confirmations where held_id = :id", id=held.id)
    return f"reply+{code}@lumora.example"


async def yes(house: Assembled, held: Arrival, number: int, text: str = "Yes", **more: str) -> Arrival:
    to = await address_of(house, held)
    return await letter(house, f"<yes-{number}@x>", text, to=to, peer=ELSEWHERE, **more)


async def test_an_address_is_asked_three_times_a_day_and_the_manager_told_once(house: Assembled) -> None:
    for n in range(10):
        await claimed(house, n)
    assert await asked(house) == [SARA] * 3
    assert await house.value("select count(*) from tasks where kind = 'held'") == 3
    assert await house.value("select count(*) from tasks where kind = 'notice'") == 1
    assert await house.value("select count(*) from inbox where state = 'held'") == 10
    await house.change("update confirmations set asked_at = asked_at - interval '25 hours'")
    await claimed(house, 99)
    assert len(await asked(house)) == 4


async def test_a_partner_is_asked_twelve_times_a_day_whatever_the_addresses_and_at_once(house: Assembled) -> None:
    arrivals = [
        await letter(house, f"<{person.id}-{n}@x>", sender=person.email, peer=ELSEWHERE)
        for person in PEOPLE
        for n in range(3)
    ]
    for arrival in arrivals:
        await house.jobs.read(arrival.id, 0)
    for start in range(0, len(arrivals), 4):
        await asyncio.gather(*(house.jobs.handle(a.id, 0) for a in arrivals[start : start + 4]))
    told = await asked(house)
    assert len(told) == 12
    assert max(told.count(address) for address in told) <= 3


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<all.brightpath.example>"},
        {"X_Auto_Response_Suppress": "All"},
    ],
)
async def test_machines_and_who_asks_for_no_answer_are_asked_nothing(house: Assembled, headers: dict[str, str]) -> None:
    await claimed(house, 1, SARA, **headers)
    assert await asked(house) == []


async def test_an_address_whose_mail_comes_back_is_asked_nothing(house: Assembled) -> None:
    reported = await letter(house, "<report@x>", sender="eve@evil.example", peer=ELSEWHERE)
    await house.change(
        "insert into undeliverable (address, inbox_id) values (:address, :report)", address=SARA, report=reported.id
    )
    await claimed(house)
    assert await asked(house) == []
    assert "comes back" in await house.value("select summary from tasks where kind = 'notice'")


async def test_strangers_and_claimed_managers_are_asked_nothing(house: Assembled) -> None:
    await claimed(house, 1, "eve@evil.example")
    await claimed(house, 2, "noor@lumora.example")
    assert await asked(house) == []


async def test_the_question_goes_to_the_address_on_file_alone(house: Assembled) -> None:
    await claimed(house, Reply_To="desk@brightpath.example", Cc="p1@brightpath.example, eve@evil.example")
    assert await asked(house) == [SARA]


async def test_each_code_is_random_and_stands_nowhere_else(house: Assembled) -> None:
    first, second = await claimed(house, 1), await claimed(house, 2)
    codes = {(await address_of(house, held))[6:38] for held in (first, second)}
    assert len(codes) == 2
    assert all(len(code) == 32 and set(code) <= set("0123456789abcdef") for code in codes)
    written = await house.rows("select summary from tasks union all select body::text from ledger")
    assert not any(code in row[0] for code in codes for row in written)


async def test_however_many_answer_at_once_one_releases(house: Assembled) -> None:
    held = await claimed(house)
    answers = [await yes(house, held, n, f"Yes {n}") for n in range(5)]
    for answer in answers:
        await house.jobs.read(answer.id, 0)
    await asyncio.gather(*(house.jobs.handle(answer.id, 0) for answer in answers))
    outcomes = sorted([str(await house.value("select outcome from inbox where id = :i", i=a.id)) for a in answers])
    assert outcomes == ["confirmation_used"] * 4 + ["confirmed"]
    assert await house.state(held) == "received"
    assert await handled(house, held) == ["handled"]
    assert await house.value("select count(*) from outbox where kind = 'reply' and inbox_id = :i", i=held.id) == 1


async def test_a_confirmed_message_is_proven_by_nothing_else_and_stays_so_when_it_is_read_again(
    house: Assembled,
) -> None:
    held = await claimed(house)
    await handled(house, await yes(house, held, 1))
    await handled(house, held)
    rows = await house.rows("select trust, message -> 'sender' ->> 'proof' from inbox where id = :i", i=held.id)
    assert rows == [("proven", "confirmed")]
    assert await house.state(await claimed(house, 2)) == "held"


async def test_a_code_confirms_the_one_message_it_was_made_for(house: Assembled) -> None:
    first, second = await claimed(house, 1), await claimed(house, 2)
    await handled(house, await yes(house, second, 1))
    assert [await house.state(held) for held in (first, second)] == ["held", "received"]


async def test_a_colleague_cannot_answer_for_another(house: Assembled) -> None:
    held = await claimed(house)
    mine = await letter(house, "<colleague@x>", "Yes", sender="p1@brightpath.example", to=await address_of(house, held))
    await handled(house, mine)
    assert await house.state(held) == "held"


async def test_no_after_yes_is_told_to_the_manager_and_undoes_nothing(house: Assembled) -> None:
    held = await claimed(house)
    await handled(house, await yes(house, held, 1), held)
    await handled(house, await yes(house, held, 2, "No, that was not me"))
    assert await house.state(held) == "handled"
    assert "not genuine" in await house.value("select summary from tasks where key = :k", k=f"{held.id}:late-no")


async def test_yes_and_more_is_put_before_the_manager(house: Assembled) -> None:
    held = await claimed(house)
    more = "Yes, that was me. Please also register Corrib Foundry with us, Lumora Core, 5,000 euros a year."
    await handled(house, await yes(house, held, 1, more))
    assert await house.state(held) == "received"
    assert "more than that" in await house.value("select summary from tasks where key = :k", k=f"{held.id}:more")


class WantsAPerson:
    """Reads a wish to talk to somebody in everything."""

    name = "wants a person"

    def read(self, readable: Readable) -> Reading:
        return Reading("en", (Request(Intent.REQUEST_HUMAN, NoFields(), (0, len(readable.text))),), True)


async def test_what_a_released_message_hands_over_is_not_lost_behind_the_task_it_was_held_by(database: str) -> None:
    tasks = "select kind, closed_at is null from tasks where inbox_id = :i order by opened_at"
    async with assembled(database, reader=WantsAPerson()) as house:
        held = await claimed(house)
        assert await house.rows(tasks, i=held.id) == [("held", True)]
        await handled(house, await yes(house, held, 1), held)
        assert await house.rows(tasks, i=held.id) == [("held", False), ("request_human", True)]


async def test_a_machine_that_thanks_for_every_mail_is_asked_again_once_and_confirms_nothing(house: Assembled) -> None:
    """Nothing marks its answers as automatic: two machines would else write to each other all day."""
    held = await claimed(house)
    for number in range(5):
        await handled(house, await yes(house, held, number, f"Thank you for your message. {number}"))
    assert await house.state(held) == "held"
    assert await house.value("select count(*) from outbox where kind = 'reply'") == 1
    assert "again and again" in await house.value("select summary from tasks where key = :k", k=f"{held.id}:repeats")
    await handled(house, await yes(house, held, 9))
    assert await house.state(held) == "received"
