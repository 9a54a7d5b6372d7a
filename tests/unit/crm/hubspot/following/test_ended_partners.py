"""Somebody who is no partner any more in HubSpot has nobody who speaks for it, and no deals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from crm.adapters.hubspot.options import AttributionWay
from crm.adapters.hubspot.records.codec import text_of
from crm.adapters.hubspot.schema import CONTACT_ID, PARTNER_ID
from tests.contract.records import CONTACT
from tests.unit.crm.hubspot.following.conftest import OpenWatch, Watch

End = Callable[[Watch, str, str], object]

ANNA = replace(CONTACT, partner_id="p-1", active=True, rights=())

ENDS: dict[str, End] = {
    "deleted": lambda it, kind, id_: it.hub.portal.person_deletes(kind, id_),
    "id taken away": lambda it, kind, id_: it.hub.portal.person_edits(kind, id_, **{PARTNER_ID: ""}),
    "id changed": lambda it, kind, id_: it.hub.portal.person_edits(kind, id_, **{PARTNER_ID: "p-9"}),
}


def written_by_us(it: Watch) -> str:
    """A contact that the agent saved, with its copy."""
    return it.contact(
        ANNA.email,
        **{CONTACT_ID: ANNA.id, "partnerline_data": text_of(ANNA), "firstname": "Anna", "lastname": "Müller"},
    )


@pytest.mark.parametrize("way", [AttributionWay.PROPERTY, AttributionWay.OBJECT])
@pytest.mark.parametrize("end", ENDS)
async def test_nobody_speaks_for_a_partner_that_ended(watch: OpenWatch, way: AttributionWay, end: str) -> None:
    it = await watch(way)
    partner = await it.partner()
    it.contact()
    written_by_us(it)
    found = await it.look()
    assert {(one.email, one.active) for one in found.contacts} == {("sara@p1.example", True), (ANNA.email, True)}
    ENDS[end](it, await it.portal.account.partner_type(), partner)
    seen = []
    for _ in range(4):
        it.waits(61)
        seen += [(one.email, one.active) for one in (await it.look()).contacts]
    assert sorted(seen) == [(ANNA.email, False), ("sara@p1.example", False)]


async def test_a_contact_whose_id_a_person_changed_is_known_by_the_new_one_alone(watch: OpenWatch) -> None:
    it = await watch()
    await it.partner()
    written_by_us(it)
    await it.look()
    person = it.hub.portal.one("contacts", email=ANNA.email)
    it.hub.portal.person_edits("contacts", person.id, **{CONTACT_ID: "c-new"})
    it.waits(61)
    assert {(one.id, one.active) for one in (await it.look()).contacts} == {("c-new", True), (ANNA.id, False)}
    it.waits(61)
    assert (await it.look()).contacts == ()


async def test_a_partner_that_comes_back_has_its_people_again(watch: OpenWatch) -> None:
    it = await watch()
    partner = await it.partner()
    it.contact()
    written_by_us(it)
    await it.look()
    last: dict[str, bool] = {}

    async def looked() -> dict[str, bool]:
        for _ in range(3):
            it.waits(61)
            last.update({one.email: one.active for one in (await it.look()).contacts})
        return last

    it.hub.portal.person_edits("companies", partner, **{PARTNER_ID: ""})
    assert await looked() == {"sara@p1.example": False, ANNA.email: False}
    # What happens to the company meanwhile does not bring it back.
    it.hub.portal.person_edits("companies", partner, name="P-1 and sons")
    assert await looked() == {"sara@p1.example": False, ANNA.email: False}
    it.hub.portal.person_edits("companies", partner, **{PARTNER_ID: "p-1"})
    assert await looked() == {"sara@p1.example": True, ANNA.email: True}


async def test_deals_of_a_partner_that_ended_are_nobodys(watch: OpenWatch) -> None:
    it = await watch()
    partner = await it.partner()
    it.deal()
    await it.look()
    it.waits(61)
    await it.look()
    it.hub.portal.person_edits("companies", partner, **{PARTNER_ID: ""})
    owners = []
    for _ in range(3):
        it.waits(61)
        owners += [deal.partner_id for deal in (await it.look()).deals]
    assert owners == [""]
