"""Two workers at once, damaged lines, values of any size and script, refusals, and accounts that have less."""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from crm.adapters.hubspot.records.codec import LONGEST
from crm.errors import CrmRejected, CrmUnavailable
from crm.money import Money
from crm.records import LeadState, PaymentPart, RegistrationState, Stage
from tests.contract.crm_contract import UNICODE
from tests.contract.records import (
    CONTACT,
    DEAL,
    LEAD,
    MILESTONE,
    OTHER_PARTNER,
    PARTNER,
    PAYMENT,
    REGISTRATION,
    bare_deal,
)
from tests.fakes.hubspot import Mood
from tests.unit.crm.hubspot.records.conftest import House, OpenHouse

WAITING = replace(REGISTRATION, state=RegistrationState.SUBMITTED)


# --- two workers


async def test_two_workers_that_save_one_deal_leave_one_of_both(house: House) -> None:
    versions = [replace(DEAL, next_step=f"step {n}") for n in range(6)]
    await asyncio.gather(*(house.worker().save_deal(version) for version in versions))
    assert await house.crm.deal(PARTNER.id, DEAL.number) in versions
    assert len(house.portal.all("deals")) == 1
    assert len(house.portal.all("companies", domain=DEAL.customer_domain)) == 1


async def test_two_workers_that_make_deals_of_one_customer_make_one_company(house: House) -> None:
    house.portal.index.lag = 60
    deals = [replace(bare_deal(n), customer="Nordlicht", customer_domain="nordlicht.example") for n in range(6)]
    await asyncio.gather(*(house.worker().save_deal(deal) for deal in deals))
    assert len(house.portal.all("companies", domain="nordlicht.example")) == 1
    # What the search does not know yet is found all the same.
    found = await house.crm.customer_deals("nordlicht.example")
    assert [deal.number for deal in found] == [deal.number for deal in deals]


async def test_two_workers_that_write_payments_lose_none(house: House) -> None:
    await house.crm.save_deal(DEAL)
    paid = [replace(PAYMENT, id=f"pay-{n}") for n in range(8)]
    await asyncio.gather(*(house.worker().save_payment(one) for one in paid))
    assert {one.id for one in (await house.crm.changes()).payments} == {one.id for one in paid}


async def test_more_workers_than_connections_get_on(house: House) -> None:
    deals = [bare_deal(n) for n in range(30)]
    await asyncio.gather(*(house.crm.save_deal(deal) for deal in deals))
    assert len(house.portal.all("deals")) == 30


# --- damaged lines


async def test_a_damaged_line_stays_as_it_is_and_the_others_count(house: House) -> None:
    await house.crm.save_deal(DEAL)
    await house.crm.save_payments([PAYMENT, replace(PAYMENT, id="pay-2")])
    held = house.deal(DEAL.number).values["partnerline_payments"].splitlines()
    house.edits(DEAL.number, partnerline_payments="\n".join([held[0][:-9], "see the invoice", held[1]]))
    assert [one.id for one in (await house.crm.changes()).payments] == ["pay-2"]
    await house.crm.save_payment(PAYMENT)
    now = house.deal(DEAL.number).values["partnerline_payments"].splitlines()
    assert {"see the invoice", held[0][:-9]} < set(now)
    assert {one.id for one in (await house.crm.changes()).payments} == {"pay-1", "pay-2"}


async def test_payments_that_no_textarea_holds_are_packed_and_then_refused(house: House) -> None:
    await house.crm.save_deal(DEAL)
    many = [replace(PAYMENT, id=f"pay-{n:04}", invoice=f"INV-{n * 7919 % 10007}") for n in range(500)]
    await house.crm.save_payments(many)
    held = house.deal(DEAL.number).values
    assert len(held["partnerline_payments"]) <= LONGEST
    assert Decimal(held["partnerline_collected"]) == PAYMENT.amount.amount * 500
    # The newest can be read by people.
    assert many[-1].id in held["partnerline_payments"].splitlines()[-1]
    assert (await house.crm.changes()).payments == tuple(many)
    endless = [replace(PAYMENT, id=f"x{n}", parts=(PaymentPart(_noise(n, 400), Decimal(1)),)) for n in range(400)]
    with pytest.raises(CrmRejected, match="no room"):
        await house.crm.save_payments(endless)
    assert house.deal(DEAL.number).values == held


def _noise(seed: int, length: int) -> str:
    """Text that does not get shorter when it is packed."""
    draw = random.Random(seed)
    return "".join(chr(draw.randrange(0x4E00, 0x9FA5)) for _ in range(length))


# --- values


async def test_any_script_and_sign_goes_to_hubspot_and_back(house: House) -> None:
    deal = replace(DEAL, customer=UNICODE, next_step="=HYPERLINK(1);<b>;ا", products=("a, b", "c;d"), lost_reason="株")
    await house.crm.save_deal(deal)
    assert await house.crm.deal(PARTNER.id, DEAL.number) == deal
    partner = replace(PARTNER, name="<script>", region="日本", domains=("bücher.example",))
    await house.crm.save_partner(partner)
    assert await house.crm.partner(PARTNER.id) == partner
    contact = replace(CONTACT, name="  山田  太郎 ", phone="\u202e123")
    await house.crm.save_contact(contact)
    assert await house.crm.contact(CONTACT.id) == contact


async def test_signs_that_nothing_holds_cost_only_themselves(house: House) -> None:
    await house.crm.save_deal(replace(DEAL, customer="Nord\x00licht \ud800", internal_notes="\udfff"))
    found = await house.crm.deal(PARTNER.id, DEAL.number)
    assert found == replace(DEAL, customer="Nord\ufffdlicht \ufffd", internal_notes="\ufffd")


async def test_what_hubspot_cannot_hold_is_refused_before_anything_is_sent(house: House) -> None:
    calls = len(house.portal.changes)
    huge = "x" * (LONGEST + 1)
    for save in (
        house.crm.save_deal(replace(DEAL, internal_notes=huge)),
        house.crm.save_partner(replace(PARTNER, address=huge)),
        house.crm.save_contact(replace(CONTACT, phone=huge)),
        house.crm.save_registration(replace(REGISTRATION, notes=huge)),
        house.crm.save_lead(replace(LEAD, notes=huge)),
    ):
        with pytest.raises(CrmRejected, match="cannot hold"):
            await save
    assert len(house.portal.changes) == calls


@pytest.mark.parametrize("number", ["", " ", "D-\n1", "x" * 300])
async def test_a_number_that_is_none_is_refused(house: House, number: str) -> None:
    with pytest.raises(CrmRejected, match="number"):
        await house.crm.save_deal(replace(DEAL, number=number))


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
async def test_what_is_no_number_is_no_sum(house: House, amount: str) -> None:
    with pytest.raises(CrmRejected, match="amount is not a number"):
        await house.crm.save_deal(replace(DEAL, amount=Money(Decimal(amount), "EUR")))
    with pytest.raises(CrmRejected, match="margin is not a number"):
        await house.crm.save_deal(replace(DEAL, margin=Money(Decimal(amount), "EUR")))
    with pytest.raises(CrmRejected, match="not a number"):
        await house.crm.save_milestone(replace(MILESTONE, value=Decimal(amount)))


async def test_ids_that_people_filled_with_anything_stop_nothing(house: House) -> None:
    endless = "9" * 3000
    house.portal.person_creates("companies", name="Odd", partnerline_partner_id=endless)
    house.portal.person_creates(
        "contacts", email="odd@odd.example", partnerline_contact_id=endless, partnerline_contact_of=endless
    )
    odd = house.portal.person_creates(
        "deals",
        dealname="Odd",
        pipeline="default",
        dealstage="qualifiedtobuy",
        partnerline_number=endless,
        partnerline_customer_domain=endless,
        partnerline_sourced_by=PARTNER.id,
    )
    [found] = (await house.crm.changes()).deals
    assert found.number == house.portal.one("deals", hs_object_id=odd.id).values["partnerline_number"]
    assert len(found.number) == len("D-000000")


async def test_a_sum_in_a_currency_that_the_account_lacks_is_not_shown_as_another(house: House) -> None:
    deal = replace(DEAL, amount=Money(Decimal("5.005"), "KWD"))
    await house.crm.save_deal(deal)
    assert not house.deal(DEAL.number).values.get("amount")
    assert await house.crm.deal(PARTNER.id, DEAL.number) == deal


async def test_a_period_that_ends_before_it_begins_is_refused(house: House) -> None:
    await house.crm.save_deal(DEAL)
    backwards = replace(PAYMENT, period_start=date(2026, 12, 1), period_end=date(2026, 11, 30))
    with pytest.raises(CrmRejected, match="ends before it begins"):
        await house.crm.save_payment(backwards)


# --- refusals


async def test_a_refusal_says_what_hubspot_says(house: House) -> None:
    house.portal.definitions[house.portal.kind("deals").id].pop("partnerline_next_step", None)
    with pytest.raises(CrmRejected, match="partnerline_next_step"):
        await house.crm.save_deal(DEAL)


async def test_a_lost_answer_of_a_new_deal_leaves_one_deal(house: House) -> None:
    house.hub.moods.next(Mood.LOST, on="/deals/batch/upsert")
    try:
        await house.crm.save_deal(DEAL)
    except CrmUnavailable:
        await house.crm.save_deal(DEAL)
    assert await house.crm.deal(PARTNER.id, DEAL.number) == DEAL
    assert len(house.portal.all("deals")) == 1


async def test_a_customers_contact_that_hubspot_refuses_holds_up_no_registration(house: House) -> None:
    wanted = replace(WAITING, contact_email="zoe@@harbour..example")
    await house.crm.save_registration(wanted)
    assert await house.crm.registration(PARTNER.id, wanted.number) == wanted


# --- accounts that have less


async def test_without_a_pipeline_for_them_requests_are_kept_here_and_noted(house_of: OpenHouse) -> None:
    house: House = await house_of(intake="")
    company = house.portal.one("companies", partnerline_partner_id=PARTNER.id)
    for _ in range(2):
        await house.crm.save_registration(WAITING)
        await house.crm.save_lead(LEAD)
    assert house.portal.all("deals") == []
    assert len(house.portal.timeline("companies", company.id)) == 2
    assert await house.crm.registration(PARTNER.id, WAITING.number) == WAITING
    assert await house.crm.registration(OTHER_PARTNER.id, WAITING.number) is None
    assert await house.crm.lead(LEAD.number) == LEAD
    found = await house.crm.changes()
    assert (found.registrations, found.leads) == ((WAITING,), (LEAD,))
    accepted = replace(WAITING, state=RegistrationState.APPROVED)
    await house.crm.save_registration(accepted)
    await house.crm.save_lead(replace(LEAD, state=LeadState.CONVERTED))
    again = await house.crm.changes(found.cursor)
    assert (again.registrations, [one.state for one in again.leads]) == ((accepted,), [LeadState.CONVERTED])
    # Accepted, it is a deal with what was registered beside it.
    await house.crm.save_deal(replace(DEAL, id=accepted.number, number=accepted.number))
    held = house.deal(accepted.number).values
    assert held["partnerline_registration"] == "approved"
    assert json.loads(held["partnerline_registration_data"])["state"] == "approved"
    assert (await house.crm.changes()).registrations == (accepted,)
    expired = replace(accepted, protected_until=date(2027, 5, 1))
    await house.crm.save_registration(expired)
    assert await house.crm.registration(PARTNER.id, accepted.number) == expired


async def test_a_registration_that_becomes_a_deal_keeps_what_was_registered(house: House) -> None:
    await house.crm.save_registration(WAITING)
    accepted = replace(WAITING, state=RegistrationState.APPROVED, decided_at=datetime(2026, 11, 27, tzinfo=UTC))
    await house.crm.save_registration(accepted)
    deal = replace(DEAL, id=accepted.number, number=accepted.number, customer=accepted.customer)
    await house.crm.save_deal(deal)
    await house.crm.save_registration(accepted)
    values = house.deal(accepted.number).values
    assert (values["pipeline"], values["dealstage"]) == ("default", "presentationscheduled")
    house.edits(accepted.number, amount="1", dealstage="closedlost")
    assert await house.crm.registration(PARTNER.id, accepted.number) == accepted
    found = await house.crm.deal(PARTNER.id, accepted.number)
    assert found is not None
    assert (found.amount, found.stage) == (Money(Decimal(1), "CHF"), Stage.LOST)
