"""What people delete and edit in HubSpot is found by comparing; only what is missing comes back, and once."""

from __future__ import annotations

import pytest

from bot.operations.ledger_compared import Difference, compare, replay
from bot.storage.written import Scope
from bot.vocabulary.results import Done
from tests.fakes.hubspot import Hub
from tests.scenarios.house import House
from tests.scenarios.seats import Seat, take_seat
from tests.scenarios.test_hubspot_in_the_way import NOOR, partner_writes, registering

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("on hubspot")]


async def test_a_deleted_note_an_edited_deal_and_a_deleted_registration(on_hubspot: House, hub: Hub) -> None:
    house, seat = on_hubspot, await take_seat(on_hubspot, "northgate")
    accepted, waiting = [await registers(house, seat, name) for name in ("Corrib Glass", "Moy Fisheries")]
    assert isinstance(await house.app.registration_desk.approve(accepted, NOOR), Done)
    await house.quiet()
    assert await differences(house, seat) == []

    card = hub.portal.one("deals", partnerline_number=accepted)
    before = len(hub.portal.timeline("deals", card.id))
    note = hub.portal.timeline("deals", card.id)[0]
    hub.portal.person_deletes("notes" if "hs_note_body" in note.values else "emails", note.id)
    hub.portal.person_edits("deals", card.id, amount="99000")
    request = hub.portal.one("deals", partnerline_number=waiting)
    hub.portal.person_deletes("deals", request.id)
    found = await differences(house, seat)
    assert by_missing(found, missing=True) == [("interaction", ""), ("registration", waiting)]
    assert ("deal", accepted) in by_missing(found, missing=False)

    again = await replay(house.app.database, house.app.queue, found, NOOR, house.clock())
    await house.quiet()
    assert len(again) == 2
    assert len(hub.portal.timeline("deals", card.id)) == before
    assert hub.portal.one("deals", partnerline_number=accepted).values["amount"] == "99000"
    # What a person deleted is not made a second time: he is told to restore it, and then it goes on.
    [task] = await house.tasks(partner_id=seat.partner.id, kind="refused_delivery")
    assert f"{waiting} was deleted in HubSpot; restore it there (deal {request.id})" in task["summary"]
    hub.portal.person_restores("deals", request.id)
    assert isinstance(await house.app.entry_desk.retry(waiting, NOOR), Done)
    await house.quiet()
    assert by_missing(await differences(house, seat), missing=True) == []
    assert len(hub.portal.all("deals", partnerline_number=waiting)) == 1


async def registers(house: House, seat: Seat, customer: str) -> str:
    before = {r["number"] for r in await house.registrations(seat.partner.id)}
    await partner_writes(house, seat, registering(house, customer, f"{customer.replace(' ', '').lower()}.example"))
    await house.quiet()
    [number] = {r["number"] for r in await house.registrations(seat.partner.id)} - before
    return str(number)


async def differences(house: House, seat: Seat) -> list[Difference]:
    scope = Scope(seat.partner.id)
    return (await compare(house.app.database, house.app.crm, scope, lambda _done, _total: None))[1]


def by_missing(found: list[Difference], *, missing: bool) -> list[tuple[str, str]]:
    """The interactions without their keys."""
    named = [(d.what, "" if d.what == "interaction" else d.subject) for d in found if d.missing is missing]
    return sorted(named)
