"""HubSpot away for two hours, and HubSpot with rules of its own: partners are served, people know, nothing is lost."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update

from bot.operations.crm import view
from bot.storage.tables import outbox, parked
from bot.vocabulary.results import Done, NotDone
from crm.records import RegistrationState
from tests.fakes.hubspot import Hub
from tests.scenarios.doors import Doors
from tests.scenarios.house import PATIENCE, Came, House, Told
from tests.scenarios.seats import Seat, take_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("on hubspot")]

NOOR = "noor@lumora.example"
RULE = "hs_priority"
"""A property that the account's administrator comes to demand of every new deal."""


async def test_away_for_two_hours_partners_are_answered_and_what_is_written_waits_in_order(
    on_hubspot: House, hub: Hub
) -> None:
    house, seat = on_hubspot, await take_seat(on_hubspot, "northgate")
    customer = next(iter(seat.numbers))
    await house.quiet()
    hub.moods.outage()
    try:
        sent = await partner_writes(house, seat, registering(house, "Corrib Looms", "corriblooms.example"))
        asked = await partner_writes(house, seat, f"What is the state of the deal with {customer}?", "News?")
        number = (await house.registrations(seat.partner.id))[-1]["number"]
        refused = await house.app.registration_desk.approve(number, NOOR)
        await two_hours_pass(house)
        standing = await house.app.crm.standing()
        async with house.app.database.reading() as connection:
            behind = await view(connection, standing)
        order = await waiting(house)
    finally:
        hub.moods.recover()
    assert seat.numbers[customer] in (await one_answer(house, asked)).text
    assert f"Its number is {number}" in (await one_answer(house, sent)).text
    assert isinstance(refused, NotDone)
    assert "nothing was decided" in refused.fix
    assert (behind.name, behind.writing is not None, behind.waiting) == ("HubSpot", True, len(order))
    assert behind.partners[0].partner_id == seat.partner.id
    [notice] = [t for t in await house.tasks(kind="notice") if "the CRM does not answer" in t["summary"]]
    assert "its work waits" in notice["summary"]

    await all_waits_end(house)
    assert await waiting(house) == []
    assert pipelines_of(hub, number) == ["Partner requests"]
    logged = [row for row in await house.timeline(seat.partner.id) if row.message_id]
    assert len({row.key for row in logged}) == len(logged) == 4  # two mails and their answers, each once
    assert order[0].startswith(f"crm:save_registration:{number}")
    assert isinstance(await house.app.registration_desk.approve(number, NOOR), Done)
    await house.quiet()
    assert pipelines_of(hub, number) == ["Sales Pipeline"]
    assert hub.over_limit == 0


async def test_what_hubspot_refuses_reaches_the_manager_in_its_words_and_waits_as_received(
    on_hubspot: House, hub: Hub
) -> None:
    house, seat = on_hubspot, await take_seat(on_hubspot, "northgate")
    hub.portal.required["deals"] = (RULE,)
    try:
        await partner_writes(house, seat, registering(house, "Inishbofin Salt", "inishbofin.example"))
        await house.quiet()
        [held] = [r for r in await house.registrations(seat.partner.id) if r["customer"] == "Inishbofin Salt"]
        number = held["number"]
        await house.pass_time(timedelta())
        [brief] = [b for b in await house.briefs() if "did not take" in b.text and number in b.text and "@" in b.to]
        approved = await house.app.registration_desk.approve(number, NOOR)
    finally:
        hub.portal.required.clear()
    assert brief.to == NOOR
    assert f"Property {RULE} is required" in brief.text
    assert "correlation id" in brief.text
    told = await house.told(seat.partner.id)
    assert "not entered in our records yet" in told[-1].text
    assert RULE not in told[-1].text
    assert isinstance(approved, NotDone)
    assert held["state"] == RegistrationState.SUBMITTED.value
    assert pipelines_of(hub, number) == []

    await Doors(house).mail(NOOR, "retry", f"Re: {brief.payload['subject']}", in_reply_to=house.message_id(brief))
    await house.quiet()
    await house.pass_time(timedelta())
    assert pipelines_of(hub, number) == ["Partner requests"]
    [deal] = hub.portal.all("deals", partnerline_number=number)
    assert len(hub.portal.timeline("deals", deal.id)) >= 3  # what was said of it while it was not there, too
    assert "is now entered in our records" in (await house.told(seat.partner.id))[-1].text
    assert [t for t in await house.tasks(partner_id=seat.partner.id, closed_at=None) if number in t["summary"]] == []
    assert isinstance(await house.app.registration_desk.approve(number, NOOR), Done)
    await house.quiet()
    assert pipelines_of(hub, number) == ["Sales Pipeline"]


async def partner_writes(house: House, seat: Seat, words: str, subject: str = "Deal registration") -> Came:
    """A mail of the partner's main contact, once it is handled."""
    person = seat.person("")
    key = await Doors(house).mail(f"{person.name} <{person.email}>", words, subject)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = await house.came(key)
        if found and found[0].state == "handled":
            return found[0]
        await asyncio.sleep(0.1)
    raise AssertionError(f"{key} was not handled within {PATIENCE:.0f} seconds")


def registering(house: House, customer: str, domain: str) -> str:
    close = house.app.today() + timedelta(days=80)
    return (
        f"Hello,\n\nplease register {customer} ({domain}) for us. The contact is Ida Holm, ida.holm@{domain}. "
        f"60 seats of Lumora Core, EUR 17,280 a year, signing by {close.day} {close:%B %Y}."
    )


async def one_answer(house: House, came: Came) -> Told:
    [answer] = [told for told in await house.answers(came.id) if told.kind == "reply"]
    return answer


async def waiting(house: House) -> list[str]:
    """The keys of what is on its way to HubSpot, in the order in which it was written."""
    query = select(outbox.c.key).where(outbox.c.destination == "crm", outbox.c.state == "pending")
    async with house.app.database.reading() as connection:
        return list(await connection.scalars(query.order_by(outbox.c.seq)))


async def two_hours_pass(house: House) -> None:
    """HubSpot is asked once more, does not answer, and is away for two hours."""
    async with house.app.database.begin() as connection:
        await connection.execute(update(parked).values(until=func.now()))
    await house.app.jobs.housekeeping("nudge")
    await house.app.jobs.housekeeping("refresh")
    async with house.app.database.begin() as connection:
        await connection.execute(update(parked).values(since=text("now() - interval '2 hours'")))
    await house.app.jobs.housekeeping("nudge")


async def all_waits_end(house: House) -> None:
    """As if the time were over for which HubSpot is left alone."""
    async with house.app.database.begin() as connection:
        await connection.execute(update(parked).values(until=func.now()))
    await house.app.jobs.housekeeping("nudge")
    await house.app.jobs.housekeeping("refresh")
    await house.quiet()


def pipelines_of(hub: Hub, number: str) -> list[str]:
    """Where HubSpot's deals of this number stand."""
    pipelines = hub.portal.pipelines["0-3"]
    return [pipelines[deal.values["pipeline"]].label for deal in hub.portal.all("deals", partnerline_number=number)]
