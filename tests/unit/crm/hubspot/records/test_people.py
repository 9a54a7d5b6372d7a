"""What people do in HubSpot counts, and what they wrote is never overwritten."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from crm.adapters.hubspot.options import AttributionWay
from crm.adapters.hubspot.schema import INFLUENCED_BY, SOURCED_BY
from crm.errors import CrmConflict, CrmRejected
from crm.money import Money
from crm.records import Attribution, DealPartner, LeadState, RegistrationState, Stage
from tests.contract.records import CONTACT, DEAL, LEAD, OTHER_PARTNER, PARTNER, PAYMENT, REGISTRATION
from tests.fakes.hubspot.pipelines import Pipeline
from tests.fakes.hubspot.pipelines import Stage as HubSpotStage
from tests.unit.crm.hubspot.records.conftest import House, OpenHouse

SUBMITTED = replace(REGISTRATION, state=RegistrationState.SUBMITTED)


# --- what they change is read


async def test_an_edit_in_hubspot_is_the_deal_from_then_on(house: House) -> None:
    await house.crm.save_deal(DEAL)
    house.edits(
        DEAL.number,
        amount="51000",
        dealstage="contractsent",
        closedate="2027-03-31T09:00:00Z",
        partnerline_next_step="Send the contract",
        partnerline_products="Lumora Core",
        partnerline_quantity="150",
    )
    found = await house.crm.deal(PARTNER.id, DEAL.number)
    assert found == replace(
        DEAL,
        amount=Money(Decimal(51000), "CHF"),
        stage=Stage.NEGOTIATION,
        stage_since=found.stage_since if found else None,
        close_date=date(2027, 3, 31),
        next_step="Send the contract",
        products=("Lumora Core",),
        quantity=150,
    )


async def test_a_deal_that_a_person_wins_is_won_on_the_day_it_was_closed(house: House) -> None:
    await house.crm.save_deal(replace(DEAL, won_on=None))
    house.edits(DEAL.number, dealstage="closedwon", closedate="2026-11-27T12:00:00Z")
    found = await house.crm.deal(PARTNER.id, DEAL.number)
    assert found is not None
    assert (found.stage, found.won_on) == (Stage.WON, date(2026, 11, 27))


@pytest.mark.parametrize("closes", ["2027-03-31T12:00:00Z", ""])
async def test_one_that_is_won_before_its_close_date_is_won_on_the_day_it_was_moved(house: House, closes: str) -> None:
    await house.crm.save_deal(replace(DEAL, won_on=None))
    house.edits(DEAL.number, closedate=closes)
    house.edits(DEAL.number, dealstage="closedwon")
    found = await house.crm.deal(PARTNER.id, DEAL.number)
    assert found is not None
    moved = datetime.now(ZoneInfo("Europe/Berlin")).date()
    assert (found.stage, found.won_on, found.stage_since) == (Stage.WON, moved, moved)


async def test_a_deal_on_hold_is_one_whatever_its_stage_in_hubspot(house: House) -> None:
    held = replace(DEAL, stage=Stage.ON_HOLD)
    await house.crm.save_deal(held)
    assert house.deal(DEAL.number).values["partnerline_on_hold"] == "true"
    assert await house.crm.deal(PARTNER.id, DEAL.number) == held
    house.edits(DEAL.number, partnerline_on_hold="false", dealstage="presentationscheduled")
    found = await house.crm.deal(PARTNER.id, DEAL.number)
    assert found is not None
    assert found.stage is Stage.PROPOSAL


@pytest.mark.parametrize(
    "edit",
    [
        {"partnerline_quantity": "1.5"},
        {"partnerline_deal_data": "{not json"},
        {"partnerline_deal_data": '{"id": 7}'},
        {"partnerline_deal_data": "\ufffd" * 60_000},
        {"partnerline_margin": ""},
    ],
)
async def test_what_cannot_be_read_stops_nothing(house: House, edit: dict[str, str]) -> None:
    await house.crm.save_deal(replace(DEAL, id=DEAL.number))
    house.edits(DEAL.number, **edit)
    found = await house.crm.deal(PARTNER.id, DEAL.number)
    assert found is not None
    assert (found.number, found.customer, found.stage, found.amount) == (
        DEAL.number,
        DEAL.customer,
        DEAL.stage,
        DEAL.amount,
    )
    assert (await house.crm.changes()).deals == (found,)


async def test_a_partner_and_a_contact_are_what_people_made_of_them(house: House) -> None:
    await house.crm.save_contact(CONTACT)
    company = house.portal.one("companies", partnerline_partner_id=PARTNER.id)
    person = house.portal.one("contacts", email=CONTACT.email)
    house.portal.person_edits("companies", company.id, name="Brightwave AG", partnerline_tier="Premier")
    house.portal.person_edits("contacts", person.id, lastname="Meier", partnerline_rights="register;see_deals")
    assert await house.crm.partner(PARTNER.id) == replace(PARTNER, name="Brightwave AG", tier="Premier")
    found = await house.crm.contact(CONTACT.id)
    assert found is not None
    assert (found.name, {right.value for right in found.rights}) == ("Anna Meier", {"register", "see_deals"})


async def test_a_contact_that_is_taken_from_its_partner_speaks_for_it_no_more(house: House) -> None:
    await house.crm.save_contact(replace(CONTACT, active=True))
    person = house.portal.one("contacts", email=CONTACT.email)
    house.portal.person_edits("contacts", person.id, partnerline_contact_of="")
    assert await house.crm.contact(CONTACT.id) == replace(CONTACT, active=False)


async def test_somebody_at_the_partners_company_has_no_rights_by_that_alone(house: House) -> None:
    company = house.portal.one("companies", partnerline_partner_id=PARTNER.id)
    person = house.portal.person_creates("contacts", email="new@brightwave.example")
    house.portal.person_associates("contacts", person.id, "companies", company.id)
    assert (await house.crm.changes()).contacts == ()
    assert await house.crm.contact(f"hs-{person.id}") is None
    house.portal.person_edits("contacts", person.id, partnerline_contact_of=PARTNER.id)
    found = await house.crm.contact(f"hs-{person.id}")
    assert found is not None
    assert (found.partner_id, found.email, found.active) == (PARTNER.id, "new@brightwave.example", True)


async def test_a_request_that_a_colleague_decides_in_hubspot_is_decided(house: House) -> None:
    await house.crm.save_registration(SUBMITTED)
    house.edits(SUBMITTED.number, partnerline_registration="declined")
    found = await house.crm.registration(PARTNER.id, SUBMITTED.number)
    assert found is not None
    assert found.state is RegistrationState.DECLINED


async def test_a_request_that_is_dragged_to_another_stage_is_decided(house: House) -> None:
    await house.crm.save_registration(SUBMITTED)
    await house.crm.save_lead(LEAD)
    stages = (await house.crm._portal.ground()).pipelines
    house.edits(SUBMITTED.number, dealstage=stages.waiting_id(RegistrationState.APPROVED))
    house.edits(LEAD.number, dealstage=stages.waiting_id(LeadState.REJECTED))
    found = await house.crm.registration(PARTNER.id, SUBMITTED.number)
    lead = await house.crm.lead(LEAD.number)
    assert found is not None
    assert lead is not None
    assert (found.state, lead.state) == (RegistrationState.APPROVED, LeadState.REJECTED)


# --- what they wrote stays


async def test_a_save_that_was_made_before_an_edit_leaves_the_edit(house: House) -> None:
    await house.crm.save_deal(DEAL)
    house.edits(DEAL.number, amount="51000", partnerline_next_step="Send the contract")
    await house.crm.changes()
    # Made before, and only now carried out; it is about the quantity.
    await house.crm.save_deal(replace(DEAL, quantity=7))
    found = await house.crm.deal(PARTNER.id, DEAL.number)
    assert found == replace(DEAL, quantity=7, amount=Money(Decimal(51000), "CHF"), next_step="Send the contract")


async def test_what_a_person_and_the_agent_both_changed_is_the_persons_unless_it_was_seen(house: House) -> None:
    await house.crm.save_deal(DEAL)
    house.edits(DEAL.number, partnerline_next_step="Send the contract")
    await house.crm.save_deal(replace(DEAL, next_step="Call them"))
    await house.crm.save_deal(replace(DEAL, next_step="Call them"))
    assert house.deal(DEAL.number).values["partnerline_next_step"] == "Send the contract"
    await house.crm.changes()
    await house.crm.save_deal(replace(DEAL, next_step="Call them tomorrow"))
    assert house.deal(DEAL.number).values["partnerline_next_step"] == "Call them tomorrow"


async def test_the_name_of_a_deal_is_given_once(house: House) -> None:
    await house.crm.save_deal(DEAL)
    assert "Nordlicht AG" in house.deal(DEAL.number).values["dealname"]
    house.edits(DEAL.number, dealname="The big one")
    await house.crm.changes()
    await house.crm.save_deal(replace(DEAL, customer="Nordlicht SE"))
    assert house.deal(DEAL.number).values["dealname"] == "The big one"


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        ({"dealstage": "closedlost"}, "stage"),
        ({"amount": "1"}, "amount"),
        ({"deal_currency_code": "USD"}, "amount"),
        ({"partnerline_next_step": "Mine"}, "next_step"),
    ],
)
async def test_an_edit_between_reading_and_writing_ends_an_update(
    house: House, edit: dict[str, str], field: str
) -> None:
    await house.crm.save_deal(DEAL)
    wanted = replace(DEAL, stage=Stage.WON, amount=Money(Decimal(2), "EUR"), next_step="Ours")
    house.edits(DEAL.number, **edit)
    before = dict(house.deal(DEAL.number).values)
    with pytest.raises(CrmConflict) as conflict:
        await house.crm.update_deal(DEAL, wanted)
    assert field in conflict.value.fields
    assert house.deal(DEAL.number).values == before


async def test_opting_out_and_a_tier_write_nothing_else(house: House) -> None:
    await house.crm.save_contact(replace(CONTACT, opted_out=False))
    person = house.portal.one("contacts", email=CONTACT.email)
    house.portal.person_edits("contacts", person.id, phone="+41 1")
    await house.crm.opt_out(CONTACT.id)
    assert await house.crm.contact(CONTACT.id) == replace(CONTACT, phone="+41 1")
    company = house.portal.one("companies", partnerline_partner_id=PARTNER.id)
    house.portal.person_edits("companies", company.id, partnerline_region="EMEA")
    await house.crm.set_tier(PARTNER.id, PARTNER.tier, "Premier")
    assert await house.crm.partner(PARTNER.id) == replace(PARTNER, region="EMEA", tier="Premier")


async def test_a_deal_that_a_person_deleted_is_not_made_anew(house: House) -> None:
    await house.crm.save_deal(DEAL)
    house.portal.person_deletes("deals", house.deal(DEAL.number).id)
    with pytest.raises(CrmRejected, match="deleted in HubSpot"):
        await house.crm.save_deal(DEAL)
    with pytest.raises(CrmRejected):
        await house.crm.update_deal(DEAL, replace(DEAL, stage=Stage.WON))
    with pytest.raises(CrmRejected, match="deal"):
        await house.crm.save_payment(PAYMENT)
    assert house.portal.all("deals", partnerline_number=DEAL.number) == []


async def test_the_primary_company_that_a_person_chose_stays_it(house: House) -> None:
    await house.crm.save_registration(SUBMITTED)
    deal = house.deal(SUBMITTED.number)
    other = house.portal.person_creates("companies", name="Harbour Holding", domain="holding.example")
    house.portal.person_associates("deals", deal.id, "companies", other.id, primary=True)
    await house.crm.save_registration(replace(SUBMITTED, state=RegistrationState.APPROVED))
    await house.crm.save_deal(replace(DEAL, id=SUBMITTED.number, number=SUBMITTED.number))
    assert house.deal(SUBMITTED.number).values["hs_primary_associated_company"] == other.id


async def test_a_deal_in_another_pipeline_stays_in_it(house: House) -> None:
    await house.crm.save_deal(DEAL)
    stages = [("r1", "Open", "0.4"), ("r2", "Renewed", "1.0"), ("r3", "Left", "0.0")]
    renewals = _pipeline(house, "Renewals", stages)
    house.edits(DEAL.number, pipeline=renewals, dealstage="r1")
    found = await house.crm.deal(PARTNER.id, DEAL.number)
    assert found is not None
    await house.crm.update_deal(found, replace(found, stage=Stage.WON, won_on=date(2026, 11, 27)))
    values = house.deal(DEAL.number).values
    assert (values["pipeline"], values["dealstage"]) == (renewals, "r2")


def _pipeline(house: House, label: str, stages: list[tuple[str, str, str]]) -> str:
    made = [HubSpotStage(id_, name, order, {"probability": odds}) for order, (id_, name, odds) in enumerate(stages)]
    house.portal.pipelines[house.portal.kind("deals").id]["renewals"] = Pipeline("renewals", label, 5, made)
    return "renewals"


# --- what they make


async def test_a_deal_that_a_person_gives_to_a_partner_gets_a_number_once(house: House) -> None:
    company = house.portal.person_creates("companies", name="Acme", domain="acme.example")
    made = house.portal.person_creates(
        "deals", dealname="Acme rollout", pipeline="default", dealstage="presentationscheduled", amount="900"
    )
    house.portal.person_associates("deals", made.id, "companies", company.id, primary=True)
    house.portal.person_edits("deals", made.id, **{SOURCED_BY: PARTNER.id, INFLUENCED_BY: OTHER_PARTNER.id})
    [found] = (await house.crm.changes()).deals
    assert found.number == house.portal.one("deals", dealname="Acme rollout").values["partnerline_number"]
    assert (found.partner_id, found.attribution) == (PARTNER.id, Attribution.SOURCED)
    assert found.others == (DealPartner(OTHER_PARTNER.id, Attribution.INFLUENCED),)
    assert (found.customer, found.customer_domain) == ("Acme", "acme.example")
    assert (found.amount, found.stage) == (Money(Decimal(900), "EUR"), Stage.PROPOSAL)
    others = [house.worker() for _ in range(3)]
    again = await asyncio.gather(*(crm.deal(PARTNER.id, found.number) for crm in others))
    assert again == [found] * 3
    won = replace(found, stage=Stage.WON, won_on=date(2026, 11, 27))
    await house.crm.update_deal(found, won)
    assert await house.crm.deal(PARTNER.id, found.number) == won
    await house.crm.save_payment(replace(PAYMENT, deal_id=found.id))
    assert [one.deal_id for one in (await house.crm.changes()).payments] == [found.id]


async def test_the_vendors_own_deals_count_when_a_customer_is_asked_for(house: House) -> None:
    company = house.portal.person_creates("companies", name="Acme", domain="acme.example")
    made = house.portal.person_creates("deals", dealname="Acme", pipeline="default", dealstage="contractsent")
    house.portal.person_associates("deals", made.id, "companies", company.id, primary=True)
    [found] = await house.crm.customer_deals("acme.example")
    assert (found.number, found.partner_id, found.stage) == (f"H-{made.id}", "", Stage.NEGOTIATION)
    assert await house.crm.deal("", found.number) == found
    assert "partnerline_number" not in {name for name, value in made.values.items() if value}


@pytest.mark.parametrize("way", [AttributionWay.LABELS, AttributionWay.OBJECT])
async def test_who_brought_a_deal_is_changed_by_people_with_labels(house_of: OpenHouse, way: AttributionWay) -> None:
    house: House = await house_of(way)
    await house.crm.save_deal(replace(DEAL, others=()))
    deal = house.deal(DEAL.number)
    kind = await house.crm._portal.account.partner_type()
    mine, other = (house.portal.one(kind, partnerline_partner_id=one.id) for one in (PARTNER, OTHER_PARTNER))
    house.portal.person_disassociates("deals", deal.id, kind, mine.id)
    house.portal.person_associates("deals", deal.id, kind, other.id, "Partner sourced")
    assert await house.crm.deal(PARTNER.id, DEAL.number) is None
    found = await house.crm.deal(OTHER_PARTNER.id, DEAL.number)
    assert found == replace(DEAL, partner_id=OTHER_PARTNER.id, attribution=Attribution.SOURCED, others=())


async def test_a_save_does_not_give_a_deal_back_that_people_gave_to_another(house: House) -> None:
    await house.crm.save_deal(replace(DEAL, others=()))
    house.edits(DEAL.number, **{SOURCED_BY: OTHER_PARTNER.id, INFLUENCED_BY: ""})
    await house.crm.save_deal(replace(DEAL, others=(), next_step="Call"))
    found = await house.crm.deal(OTHER_PARTNER.id, DEAL.number)
    assert found is not None
    assert (found.next_step, found.attribution) == ("Call", Attribution.SOURCED)


async def test_a_company_that_people_made_is_the_customers(house: House) -> None:
    company = house.portal.person_creates("companies", name="Nordlicht Group", domain=DEAL.customer_domain)
    await house.crm.save_deal(DEAL)
    assert house.portal.all("companies", domain=DEAL.customer_domain) == [company]
    assert house.deal(DEAL.number).values["hs_primary_associated_company"] == company.id


async def test_of_two_companies_that_hubspot_makes_and_we_make_there_is_one(house: House) -> None:
    house.portal.auto_companies = True
    await house.crm.save_registration(SUBMITTED)
    await house.crm.save_registration(SUBMITTED)
    assert len(house.portal.all("companies", domain=SUBMITTED.customer_domain)) == 1


async def test_a_contact_whom_hubspot_knows_becomes_the_partners(house: House) -> None:
    person = house.portal.person_creates("contacts", email=CONTACT.email.upper(), firstname="Annemarie", phone="")
    await house.crm.save_contact(CONTACT)
    found = await house.crm.contact(CONTACT.id)
    assert house.portal.one("contacts", partnerline_contact_id=CONTACT.id).id == person.id
    assert found is not None
    assert (found.name.split()[0], found.phone, found.partner_id) == ("Annemarie", CONTACT.phone, PARTNER.id)
    with pytest.raises(CrmRejected, match="another contact has this e-mail address"):
        await house.crm.save_contact(replace(CONTACT, id="c-2"))
