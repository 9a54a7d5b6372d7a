"""A protection is extended on what the CRM says at this moment, whatever the mirror still holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.desk.live import LiveDeals
from bot.storage import mirror, outbox, tables
from bot.storage.crm_writes import deal_change_row, deal_row, registration_row
from bot.vocabulary.requests import Finer, Intent, NoFields, Request
from crm.records import Deal, Registration, RegistrationState, Stage
from tests.builders import TODAY, deal, registration, request
from tests.fakes.crm import Mood
from tests.unit.bot.desk.house import House
from tests.unit.bot.desk.talking import SARA, answer_to, says

END = date(2027, 1, 10)
ACME = deal(stage_since=TODAY - timedelta(days=10), created_on=date(2026, 9, 1))
HELD: Registration = registration(
    number=ACME.number, customer=ACME.customer, customer_domain=ACME.customer_domain, products=ACME.products,
    state=RegistrationState.APPROVED, protected_until=END,
)  # fmt: skip
EXTEND = Request(Intent.UPDATE_DEAL, NoFields(), finer=Finer.EXTEND)
NAMED = replace(request(Intent.UPDATE_DEAL, deal_ref=ACME.number), finer=Finer.EXTEND)

Colleague = Callable[[House], Any]


@pytest.fixture
async def protected(house: House) -> House:
    """A deal of Brightpath's, accepted and protected, in the CRM and mirrored."""
    await house.crm.save_deal(ACME)
    await house.crm.save_registration(HELD)
    async with house.storage.begin() as connection:
        await mirror.store(connection, [ACME])
    await house.kept(HELD)
    await _arrived(house)
    return house


async def _arrived(house: House) -> None:
    async with house.storage.begin() as connection:
        await connection.execute(tables.outbox.delete())


async def tasks_of(house: House) -> list[str]:
    async with house.storage.begin() as connection:
        return list(await connection.scalars(select(tables.tasks.c.summary)))


async def ends(house: House) -> date | None:
    return (await house.registration(ACME.number)).protected_until


async def test_what_the_crm_confirms_is_granted_at_once(protected: House) -> None:
    said = await answer_to(protected, await says(protected, SARA, EXTEND))
    assert await ends(protected) == END + timedelta(days=60)
    assert "now runs until 11 March 2027" in said


async def given_away(house: House) -> None:
    await house.crm.save_deal(replace(ACME, partner_id="p-2"))


async def taken_from_the_program(house: House) -> None:
    house.crm.loses_partner("p-1")


async def away(house: House) -> None:
    house.crm.mood = Mood.UNAVAILABLE


async def refused(house: House) -> None:
    await house.crm.save_registration(replace(HELD, state=RegistrationState.DECLINED))


@pytest.mark.parametrize(
    ("happened", "why"),
    [
        (given_away, "no such deal of this partner any more"),
        (taken_from_the_program, "no longer has the partner"),
        (away, "does not answer just now"),
        (refused, "the registration is declined"),
    ],
)
async def test_what_the_crm_does_not_confirm_goes_to_a_person(protected: House, happened: Colleague, why: str) -> None:
    await happened(protected)
    said = await answer_to(protected, await says(protected, SARA, EXTEND))
    assert await ends(protected) == END
    assert "cannot confirm at the moment" in said
    assert "Harbour" not in said
    [task] = await tasks_of(protected)
    assert why in task
    assert ACME.number in task


@pytest.mark.parametrize("stage", [Stage.WON, Stage.LOST])
async def test_a_deal_that_was_just_closed_there_is_not_extended(protected: House, stage: Stage) -> None:
    await protected.crm.save_deal(replace(ACME, stage=stage))
    said = await answer_to(protected, await says(protected, SARA, NAMED))
    assert await ends(protected) == END
    assert "is closed" in said


async def test_a_stage_that_a_colleague_just_moved_counts(protected: House) -> None:
    """As does one that was not: the mirror alone would have refused this, or granted it."""
    await protected.crm.save_deal(replace(ACME, stage_since=ACME.created_on))
    said = await answer_to(protected, await says(protected, SARA, EXTEND))
    assert await ends(protected) == END
    assert "has been in the stage" in said


async def test_a_crm_that_takes_too_long_is_as_good_as_away(protected: House) -> None:
    protected.crm.mood = Mood.DELAYED
    said = await LiveDeals(protected.storage, protected.crm, patience=0.05).deals("p-1", [ACME.number])
    assert said.deals == {}
    assert "does not answer" in said.unsettled[ACME.number]


async def test_nobody_is_asked_where_nothing_is_granted(protected: House) -> None:
    async with protected.storage.begin() as connection:
        await mirror.store(connection, [replace(ACME, stage=Stage.LOST)])
    protected.crm.calls.clear()
    await says(protected, SARA, EXTEND)
    assert protected.crm.calls == []


async def test_what_of_ours_is_on_its_way_there_is_newer(protected: House) -> None:
    moved = replace(ACME, stage=Stage.PROPOSAL, stage_since=TODAY)
    async with protected.storage.begin() as connection:
        await outbox.put(connection, [deal_change_row(ACME, moved, "a message")])
    said = await LiveDeals(protected.storage, protected.crm).deals("p-1", [ACME.number])
    assert said.deals == {ACME.number: moved}
    assert said.unsettled == {}


async def test_a_deal_that_is_about_to_be_entered_is_held_by_what_we_know(protected: House) -> None:
    new: Deal = replace(ACME, id="D-3001", number="D-3001")
    taken = replace(HELD, number="D-3001")
    await protected.crm.save_registration(replace(taken, state=RegistrationState.WITHDRAWN))
    async with protected.storage.begin() as connection:
        await outbox.put(connection, [registration_row(taken, "accepted"), deal_row(new, "accepted")])
    said = await LiveDeals(protected.storage, protected.crm).deals("p-1", ["D-3001"])
    assert (said.deals, said.unsettled) == ({}, {})
