"""Whoever fills a CRM with partners and addresses makes us write to nobody again and again, and to no crowd."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.onboarding.rules import OnboardingRules, Welcomed
from bot.storage.database import Database
from bot.storage.queue import Queue
from tests.builders import contact, partner
from tests.unit.bot.onboarding.world import NEW, SARA, World
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]


@pytest.fixture
async def world(storage: Database, queue: Queue) -> World:
    return World(storage, queue)


async def test_a_list_of_a_thousand_addresses_is_no_team_to_be_welcomed(world: World) -> None:
    world.rules = OnboardingRules(Welcomed.ALL_CONTACTS)
    crowd = [replace(SARA, id=f"c-{n:04}", email=f"v{n}@victims.example") for n in range(1_000)]
    await world.begin(NEW, *crowd)
    assert len(await world.sent()) == 20
    assert ["980 of the contacts" in task for task in await world.tasks()] == [True]


@pytest.mark.parametrize("gone", [False, True], ids=["beside", "after the first was deleted"])
async def test_a_mailbox_that_is_entered_at_one_partner_after_another_is_welcomed_once(
    world: World, gone: bool
) -> None:
    await world.begin()
    for n in range(3):
        if gone:
            await world.enter(replace(SARA, active=False))
        again = replace(SARA, id=f"v-{n}", partner_id=f"q-{n}", email="Sara@Brightpath.example")
        await world.enter(partner(id=f"q-{n}", name=f"Anew {n}"), again)
        await world.look()
    await world.look(days=18)  # when the first check-in is due at each of them
    assert {mail["to"].lower() for mail in await world.sent()} == {SARA.email}
    assert len(await world.sent()) <= 2


async def test_a_contact_whose_address_becomes_that_of_somebody_welcomed_elsewhere_brings_him_nothing(
    world: World,
) -> None:
    await world.begin()
    await world.enter(partner(id="q-1", name="Evil"), contact(id="e-1", partner_id="q-1", email="eve@evil.example"))
    await world.look()
    await world.enter(contact(id="e-1", partner_id="q-1", email=SARA.email))
    written = len(await world.sent())
    await world.look(days=4)
    assert [mail["to"] for mail in (await world.sent())[written:]] == [SARA.email]


async def test_an_import_that_comes_in_small_portions_is_an_import(world: World) -> None:
    world.rules = OnboardingRules(at_once=3)
    await world.begin()
    for n in range(4):
        ids = [f"q-{n}-{at}" for at in range(2)]
        people = [contact(id=f"k-{one}", partner_id=one, email=f"{one}@q.example") for one in ids]
        await world.enter(*(partner(id=one, name=one) for one in ids), *people)
        await world.look()
    assert sorted(mail["to"] for mail in await world.sent()) == ["q-0-0@q.example", "q-0-1@q.example", SARA.email]


async def test_the_next_new_partner_after_a_day_is_welcomed(world: World) -> None:
    world.rules = OnboardingRules(at_once=1)
    await world.begin()
    await world.enter(partner(id="q-1", name="Next"), contact(id="k-1", partner_id="q-1", email="k@q.example"))
    assert await world.state("q-1") == ""
    world.now = world.now.replace(day=world.now.day + 1, minute=world.now.minute + 1)
    await world.look()
    assert await world.state("q-1") == "invited"
