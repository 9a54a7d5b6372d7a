"""Where several managers have to accept: one after the other, and any of them ends it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.vocabulary.results import Done, NotDone
from crm.records import ReasonCode, RegistrationState
from knowledge.program import ApprovalChain, Manager
from tests.builders import NOW, euro
from tests.unit.bot.desk.house import JONAS, NOOR, House, with_rules

NUMBER = "D-100001"
ADA = "ada@lumora.example"


@pytest.fixture
def chained(house: House) -> House:
    """Above 40,000 Jonas accepts and then Noor; Ada decides without limit and stands in no chain."""
    made = with_rules(chains=(ApprovalChain(euro(40_000), (JONAS, NOOR)),))
    house.program = replace(made, managers=(*made.managers, Manager("Ada Moor", ADA)))
    return house


async def test_each_gets_the_brief_in_turn_and_the_last_word_accepts(chained: House) -> None:
    await chained.submitted(NUMBER)
    await chained.screen(NUMBER)
    assert [to for to, _ in await chained.briefs(NUMBER)] == [JONAS]
    first = await chained.desk.registrations.approve(NUMBER, JONAS)
    assert isinstance(first, Done)
    assert "Noor Haddad is next" in first.text
    assert (await chained.registration(NUMBER)).state is RegistrationState.SUBMITTED
    assert await chained.told("p-1") == []
    ((to, said),) = await chained.briefs(NUMBER)
    assert to == NOOR
    assert f"Accepted so far: {JONAS}" in said
    assert isinstance(await chained.desk.registrations.approve(NUMBER, NOOR), Done)
    assert (await chained.registration(NUMBER)).state is RegistrationState.APPROVED
    assert "is accepted" in await chained.said("p-1")


@pytest.mark.parametrize("by", [NOOR, ADA])
async def test_nobody_accepts_out_of_turn(chained: House, by: str) -> None:
    await chained.submitted(NUMBER)
    result = await chained.desk.registrations.approve(NUMBER, by)
    assert isinstance(result, NotDone)
    assert "Jonas Weber" in result.text


async def test_accepting_twice_or_in_two_places_counts_once(chained: House) -> None:
    await chained.submitted(NUMBER)
    results = await asyncio.gather(*(chained.desk.registrations.approve(NUMBER, JONAS) for _ in range(3)))
    assert sorted(type(r).__name__ for r in results) == ["Done", "NotDone", "NotDone"]
    assert len(await chained.briefs(NUMBER)) == 1
    assert (await chained.registration(NUMBER)).state is RegistrationState.SUBMITTED


@pytest.mark.parametrize("by", [JONAS, NOOR, ADA])
async def test_any_of_them_and_whoever_may_decide_it_ends_it(chained: House, by: str) -> None:
    await chained.submitted(NUMBER)
    assert isinstance(await chained.desk.registrations.approve(NUMBER, JONAS), Done)
    assert isinstance(await chained.desk.registrations.refuse(NUMBER, by, "No budget there."), Done)
    refused = await chained.registration(NUMBER)
    assert (refused.state, refused.code) == (RegistrationState.DECLINED, ReasonCode.DECLINED_BY_PERSON)
    assert await chained.briefs(NUMBER) == []


async def test_submitted_again_it_is_accepted_from_the_first_on(chained: House) -> None:
    await chained.submitted(NUMBER)
    await chained.desk.registrations.approve(NUMBER, JONAS)
    await chained.desk.registrations.ask(NUMBER, NOOR, "Which department?")
    asked = await chained.registration(NUMBER)
    again = replace(asked, state=RegistrationState.SUBMITTED, submitted_at=NOW + timedelta(hours=2), notes="Finance")
    await chained.kept(again)
    result = await chained.desk.registrations.approve(NUMBER, NOOR)
    assert isinstance(result, NotDone)
    assert "Jonas Weber" in result.text


async def test_up_to_the_sum_one_is_enough(chained: House) -> None:
    await chained.submitted(NUMBER, amount=euro(40_000).amount)
    assert isinstance(await chained.desk.registrations.approve(NUMBER, ADA), Done)
    assert (await chained.registration(NUMBER)).state is RegistrationState.APPROVED
