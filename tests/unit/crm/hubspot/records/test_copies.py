"""HubSpot copies a record with all that stands in its fields: nothing of one partner comes to another by that."""

from __future__ import annotations

from dataclasses import replace

from crm.adapters.hubspot.schema import CONTACT_ID, NUMBER, PARTNER_ID, SOURCED_BY
from crm.records import Deal, Payment, RegistrationState
from tests.contract.records import CONTACT, DEAL, MILESTONE, OTHER_PARTNER, PARTNER, PAYMENT, REGISTRATION
from tests.fakes.hubspot.records import Record
from tests.unit.crm.hubspot.records.conftest import House

OURS = replace(DEAL, others=())
SET_BY_HUBSPOT = ("hs_", "createdate", "lastmodifieddate")


def copied(house: House, kind: str, record: Record, key: str, **changes: str) -> Record:
    """As HubSpot's “Clone” makes it: every field but the unique ones."""
    values = {name: value for name, value in record.values.items() if value and not name.startswith(SET_BY_HUBSPOT)}
    del values[key]
    return house.portal.person_creates(kind, **{**values, **changes})


async def seen(house: House) -> tuple[dict[str, Deal], dict[str, Payment]]:
    """What the mirror then holds, by id: page after page, as they come."""
    deals: dict[str, Deal] = {}
    paid: dict[str, Payment] = {}
    cursor = ""
    while True:
        found = await house.crm.changes(cursor)
        deals |= {deal.id: deal for deal in found.deals}
        paid |= {payment.id: payment for payment in found.payments}
        cursor = found.cursor
        if not found.more:
            return deals, paid


async def test_a_copied_deal_is_another_deal_without_what_was_paid_on_the_first(house: House) -> None:
    await house.crm.save_deal(OURS)
    await house.crm.save_payment(PAYMENT)
    await house.crm.save_milestone(MILESTONE)
    made = copied(house, "deals", house.deal(OURS.number), NUMBER, **{SOURCED_BY: OTHER_PARTNER.id})
    deals, paid = await seen(house)
    assert deals[OURS.id].partner_id == PARTNER.id
    [another] = [deal for id_, deal in deals.items() if id_ != OURS.id]
    assert (another.partner_id, another.id) == (OTHER_PARTNER.id, another.number)
    assert another.number == made.values[NUMBER]
    assert paid == {PAYMENT.id: PAYMENT}
    # And again, once both are known.
    house.portal.person_edits("deals", made.id, partnerline_next_step="Call them")
    deals, paid = await seen(house)
    assert OURS.id not in deals or deals[OURS.id].partner_id == PARTNER.id
    assert all(payment.partner_id == PARTNER.id for payment in paid.values())
    assert await house.crm.deal(PARTNER.id, OURS.number) == OURS


async def test_what_was_paid_on_a_deal_that_people_made_is_not_paid_on_its_copy(house: House) -> None:
    house.portal.person_creates("deals", dealname="By hand", **{SOURCED_BY: PARTNER.id})
    [first] = (await seen(house))[0].values()
    await house.crm.save_payment(replace(PAYMENT, deal_id=first.id))
    copied(house, "deals", house.deal(first.number), NUMBER, **{SOURCED_BY: OTHER_PARTNER.id})
    deals, paid = await seen(house)
    assert {deal.partner_id for id_, deal in deals.items() if id_ != first.id} == {OTHER_PARTNER.id}
    assert [(payment.deal_id, payment.partner_id) for payment in paid.values()] == [(first.id, PARTNER.id)]


async def test_a_copy_of_a_request_decides_nothing_of_it(house: House) -> None:
    waiting = replace(REGISTRATION, state=RegistrationState.SUBMITTED)
    await house.crm.save_registration(waiting)
    copied(
        house, "deals", house.deal(waiting.number), NUMBER,
        partnerline_registration=RegistrationState.APPROVED.value, pipeline="default", dealstage="closedwon",
    )  # fmt: skip
    found = await house.crm.changes("")
    assert [(one.number, one.state) for one in found.registrations] == [(waiting.number, RegistrationState.SUBMITTED)]
    assert await house.crm.registration(PARTNER.id, waiting.number) == waiting


async def test_a_copied_contact_is_somebody_else(house: House) -> None:
    await house.crm.save_contact(CONTACT)
    first = house.portal.one("contacts", **{CONTACT_ID: CONTACT.id})
    made = copied(house, "contacts", first, CONTACT_ID, email="other@brightwave.example")
    found = await house.crm.changes("")
    assert {one.id: one.email for one in found.contacts} == {
        CONTACT.id: CONTACT.email,
        f"hs-{made.id}": "other@brightwave.example",
    }
    assert await house.crm.contact(CONTACT.id) == CONTACT


async def test_a_contact_whose_id_was_taken_away_is_still_the_same(house: House) -> None:
    await house.crm.save_contact(CONTACT)
    first = house.portal.one("contacts", **{CONTACT_ID: CONTACT.id})
    house.portal.person_edits("contacts", first.id, **{CONTACT_ID: ""})
    assert [one.id for one in (await house.crm.changes("")).contacts] == [CONTACT.id]


async def test_a_copied_partner_has_no_milestones_of_the_first(house: House) -> None:
    await house.crm.save_milestone(replace(MILESTONE, deal_id=""))
    first = house.portal.one("companies", **{PARTNER_ID: PARTNER.id})
    copied(house, "companies", first, PARTNER_ID, name="Another", **{PARTNER_ID: "p-new"})
    found = await house.crm.changes("")
    assert {one.id for one in found.partners} == {PARTNER.id, OTHER_PARTNER.id, "p-new"}
    assert [(one.id, one.partner_id) for one in found.milestones] == [(MILESTONE.id, PARTNER.id)]
