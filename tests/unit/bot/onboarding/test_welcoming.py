"""A new partner is welcomed, once; whoever was there before is not written to."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.onboarding.rules import OnboardingRules, Welcomed
from bot.storage import opt_out_links
from bot.vocabulary.results import Done, NotDone
from tests.builders import contact, partner, program
from tests.unit.bot.onboarding.world import NEW, OLD, SARA, World

_WELCOME = "Welcome to Lumora: register your first deal by replying"


async def test_at_the_first_mirroring_everybody_is_known_and_nobody_is_written_to(world: World) -> None:
    await world.enter(OLD, whole=False)
    assert await world.look() == 0
    assert await world.state(OLD.id) == ""  # the CRM is not here to its end
    await world.enter(NEW, SARA)
    assert await world.look() == 0
    assert await world.look(days=10) == 0
    assert [await world.state(one.id) for one in (OLD, NEW)] == ["known", "known"]
    assert await world.sent() == []


async def test_a_partner_that_comes_later_is_welcomed_once_however_many_look(world: World) -> None:
    await world.enter(OLD)
    await world.look()
    await world.enter(NEW, SARA, contact(id="c-2", main=False, email="ben@brightpath.example"))
    written = await asyncio.gather(*(world.onboarding() for _ in range(4)))
    assert (sum(written), await world.look()) == (1, 0)
    (mail,) = await world.sent()
    assert (mail["to"], mail["subject"]) == (SARA.email, _WELCOME)
    assert "Noor Haddad, who looks after Brightpath" in mail["text"]
    assert (
        "“We'd like to register a deal with Acme Ltd, 50 seats of Lumora Core, about 14,000 EUR a year" in mail["text"]
    )
    assert "reply “unsubscribe”" in mail["text"]
    async with world.storage.reading() as connection:
        assert await opt_out_links.find(connection, mail["opt_out_token"]) == (SARA.id, None)
    logged = [row["record"] for row in await world.sent("crm")]
    assert [(one["contact_id"], one["outcome"]) for one in logged] == [(SARA.id, "onboarding")]


async def test_every_contact_is_welcomed_where_the_operator_says_so_and_nobody_whose_address_opted_out(
    world: World,
) -> None:
    world.rules = OnboardingRules(Welcomed.ALL_CONTACTS)
    others = [
        contact(id="c-2", main=False, email="ben@brightpath.example"),
        contact(id="c-3", main=False, email="gone@brightpath.example", active=False),
        contact(id="c-4", main=False, email="left@brightpath.example", opted_out=True),
    ]
    await world.begin(NEW, SARA, *others)
    assert sorted(mail["to"] for mail in await world.sent()) == ["ben@brightpath.example", SARA.email]


async def test_where_nobody_can_be_written_to_the_manager_is_told_and_the_first_contact_is_welcomed(
    world: World,
) -> None:
    await world.begin(NEW)
    await world.look(days=1)
    (task,) = await world.tasks()
    assert task.startswith("Brightpath is new and has no contact that can be written to")
    await world.enter(SARA)
    assert await world.look() == 1
    assert await world.subjects() == [_WELCOME]
    assert await world.tasks() == []


async def test_nobody_is_written_to_while_people_rest_there(world: World) -> None:
    world.now = world.now.replace(day=28)  # a Saturday
    await world.begin()
    assert await world.sent() == []
    assert await world.look(days=2) == 1


async def test_its_channel_is_welcomed_once_when_it_is_mapped(world: World) -> None:
    await world.begin()
    assert await world.sent("slack") == []
    await world.channel()
    written = await asyncio.gather(world.onboarding(), world.onboarding())
    assert (sum(written), await world.look()) == (1, 0)
    (post,) = await world.sent("slack")
    assert (post["channel"], post["only_team"]) == ("C0THEM", "T0THEM")
    assert "write your first deal here" in post["text"]
    assert "Sara" not in post["text"]


async def test_many_new_ones_at_once_wait_for_a_managers_word(world: World) -> None:
    world.rules = OnboardingRules(at_once=2)
    many = [partner(id=f"q-{n}", name=f"Partner {n}") for n in range(3)]
    people = [contact(id=f"k-{n}", partner_id=f"q-{n}", email=f"p{n}@q.example") for n in range(3)]
    await world.begin(*many, *people)
    assert await world.sent() == []
    (task,) = await world.tasks()
    assert "3 new partners came at once" in task
    assert isinstance(await world.desk.start_held_back("noor@lumora.example"), Done)
    assert isinstance(await world.desk.start_held_back("noor@lumora.example"), NotDone)
    assert await world.look() == 3


async def test_a_manager_starts_it_for_one_that_was_known_stops_it_and_starts_it_again(world: World) -> None:
    await world.enter(NEW, SARA)
    await world.look()
    by = program().managers[0].email
    assert isinstance(await world.desk.start(NEW, by), Done)
    assert isinstance(await world.desk.start(NEW, by), NotDone)
    assert await world.look() == 1
    assert isinstance(await world.desk.stop(NEW, by), Done)
    assert isinstance(await world.desk.stop(NEW, by), NotDone)
    assert await world.look(days=3) == 0  # a Sunday, and the Monday after it
    assert await world.look(days=1) == 0
    assert isinstance(await world.desk.start(NEW, by), Done)
    assert await world.look() == 1
    assert await world.subjects() == [_WELCOME, _WELCOME]


async def test_where_it_is_off_who_comes_is_known_also_once_it_is_on(world: World) -> None:
    world.rules = OnboardingRules(Welcomed.OFF)
    await world.begin()
    assert isinstance(await world.desk.start(NEW, "noor@lumora.example"), NotDone)
    world.rules = OnboardingRules()
    world.now += timedelta(days=1)
    assert await world.look() == 0
    assert await world.state(NEW.id) == "known"
