"""What people do in HubSpot gives nobody more than they meant, and tells no partner of another."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from crm.adapters.hubspot.options import AttributionWay
from crm.adapters.hubspot.schema import INFLUENCED_BY, SOURCED_BY
from crm.errors import CrmRejected
from crm.records import EVERYDAY_RIGHTS, Attribution, ContactRight, DealPartner, RegistrationState
from tests.contract.records import CONTACT, DEAL, OTHER_PARTNER, PARTNER, REGISTRATION
from tests.unit.crm.hubspot.records.conftest import House, OpenHouse


async def test_what_colleagues_write_for_each_other_is_no_word_for_the_partner(house: House) -> None:
    await house.crm.save_deal(DEAL)
    house.edits(DEAL.number, hs_next_step="Northwind offers 12 % more, call their buyer", description="Internal")
    found = await house.crm.deal(PARTNER.id, DEAL.number)
    assert found is not None
    assert found.next_step == DEAL.next_step
    assert "Northwind" not in repr(found)


async def test_a_text_without_end_is_nobodys_address_and_found_out_at_once(house: House) -> None:
    odd = replace(REGISTRATION, state=RegistrationState.SUBMITTED, contact_email="a@" + "." * 40_000 + " ")
    began = time.monotonic()
    await house.crm.save_registration(odd)
    assert time.monotonic() - began < 20
    assert house.portal.all("contacts") == []


@pytest.mark.parametrize("of", [PARTNER.id, OTHER_PARTNER.id])
async def test_somebodys_contact_does_not_become_another_by_its_address(house: House, of: str) -> None:
    person = house.portal.person_creates("contacts", email=CONTACT.email, partnerline_contact_of=of)
    with pytest.raises(CrmRejected, match="another contact has this e-mail address"):
        await house.crm.save_contact(CONTACT)
    found = await house.crm.contact(f"hs-{person.id}")
    assert found is not None
    assert found.partner_id == of


async def test_a_contact_whose_rights_are_all_taken_away_has_none(house: House) -> None:
    await house.crm.save_contact(replace(CONTACT, main=False))
    person = house.portal.one("contacts", email=CONTACT.email)
    house.portal.person_edits("contacts", person.id, partnerline_rights="")
    found = await house.crm.contact(CONTACT.id)
    assert found is not None
    assert found.rights == ()
    assert not any(found.may(right) for right in ContactRight)


async def test_a_contact_that_people_made_has_the_usual_rights_until_somebody_says_otherwise(house: House) -> None:
    person = house.portal.person_creates(
        "contacts", firstname="Tom", email="tom@brightwave.example", partnerline_contact_of=PARTNER.id
    )
    found = await house.crm.contact(f"hs-{person.id}")
    assert found is not None
    assert found.rights == EVERYDAY_RIGHTS
    house.portal.person_edits("contacts", person.id, partnerline_rights="see_deals")
    found = await house.crm.contact(f"hs-{person.id}")
    assert found is not None
    assert found.rights == (ContactRight.SEE_DEALS,)


@pytest.mark.parametrize("way", [AttributionWay.PROPERTY, AttributionWay.LABELS])
async def test_another_partner_in_a_deal_is_not_told_as_its_customer(house_of: OpenHouse, way: AttributionWay) -> None:
    house = await house_of(way)
    mine, other = (house.portal.one("companies", partnerline_partner_id=one.id).id for one in (PARTNER, OTHER_PARTNER))
    said = {SOURCED_BY: PARTNER.id, INFLUENCED_BY: OTHER_PARTNER.id} if way is AttributionWay.PROPERTY else {}
    made = house.portal.person_creates("deals", dealname="By hand", **said)
    labels = ["Partner influenced"] if way is AttributionWay.LABELS else []
    house.portal.person_associates("deals", made.id, "companies", other, *labels, primary=True)
    if way is AttributionWay.LABELS:
        house.portal.person_associates("deals", made.id, "companies", mine, "Partner sourced")
    [deal] = [one for one in (await house.crm.changes()).deals if one.partner_id == PARTNER.id]
    assert [one.partner_id for one in deal.others] == [OTHER_PARTNER.id]
    assert deal.customer == "By hand"


async def test_a_deal_that_people_made_stays_with_its_partner_whoever_sourced_it_as_well(house: House) -> None:
    made = house.portal.person_creates("deals", dealname="By hand", **{SOURCED_BY: PARTNER.id})
    [first] = (await house.crm.changes()).deals
    house.portal.person_edits("deals", made.id, **{SOURCED_BY: f"{OTHER_PARTNER.id};{PARTNER.id}"})
    found = await house.crm.deal(PARTNER.id, first.number)
    assert found is not None
    assert found.others == (DealPartner(OTHER_PARTNER.id, Attribution.SOURCED),)
    # Whoever is left has it.
    house.portal.person_edits("deals", made.id, **{SOURCED_BY: OTHER_PARTNER.id, INFLUENCED_BY: PARTNER.id})
    assert await house.crm.deal(PARTNER.id, first.number) is None
    assert await house.crm.deal(OTHER_PARTNER.id, first.number) is not None


async def test_a_partner_may_be_the_customer_of_another(house: House) -> None:
    other = house.portal.one("companies", partnerline_partner_id=OTHER_PARTNER.id).id
    made = house.portal.person_creates("deals", dealname="By hand", **{SOURCED_BY: PARTNER.id})
    house.portal.person_associates("deals", made.id, "companies", other, primary=True)
    [deal] = (await house.crm.changes()).deals
    assert deal.customer == OTHER_PARTNER.name
