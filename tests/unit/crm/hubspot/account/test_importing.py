"""Partners and their people that HubSpot has already: who is taken, who is not and why, and what is written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from crm.adapters.hubspot.account.portal import Portal
from crm.adapters.hubspot.importing import Findings, Importer, Terms
from crm.adapters.hubspot.options import AttributionWay
from crm.adapters.hubspot.records.locks import Locks
from crm.adapters.hubspot.records.store import Objects
from crm.adapters.hubspot.schema import CONTACT_ID, PARTNER_ID, SOURCED_BY
from crm.adapters.hubspot.tables import touched
from crm.csv_cells import Allowed
from crm.records import PartnerType
from tests.fakes.hubspot import Hub
from tests.unit.crm.hubspot.account.conftest import Desk, OpenDesk, made_ready

TYPES, TIER, DOMAINS = "partnerline_partner_types", "partnerline_tier", "partnerline_mail_domains"
CONTACT_OF = "partnerline_contact_of"
TERMS = Terms(Allowed(("Registered", "Select", "Elite"), ("reseller-2026",)))


@pytest.fixture
async def ready(desk: OpenDesk) -> Desk:
    return await made_ready(await desk())


@pytest.fixture
async def importer(ready: Desk) -> AsyncIterator[Importer]:
    async for one in importer_of(ready):
        yield one


async def importer_of(desk: Desk) -> AsyncIterator[Importer]:
    locks = Locks(desk.engine, 1)

    def now() -> datetime:
        return datetime.now(UTC)

    objects = Objects(desk.engine)
    portal = Portal(desk.client, desk.account, desk.attributions, objects, locks, desk.account.options, now)
    yield Importer(portal, desk.engine, now)
    await locks.aclose()


def company(hub: Hub, name: str = "Quaywise", **values: str) -> str:
    given = {TYPES: "referral", TIER: "Select", "domain": "quaywise.example", **values}
    made = hub.portal.person_creates("companies", name=name, **given)
    return str(made.id)


def contact(hub: Hub, of: str, email: str, name: str = "Aoife Brannigan", **values: str) -> str:
    first, _, last = name.partition(" ")
    given = {"email": email, "firstname": first, "lastname": last, **values}
    made = hub.portal.person_creates("contacts", **{key: value for key, value in given.items() if value})
    hub.portal.person_associates("contacts", made.id, "companies", of)
    return str(made.id)


def values(hub: Hub, kind: str, id_: str) -> dict[str, str]:
    return dict(hub.portal.one(kind, hs_object_id=id_).values)


def faults(findings: Findings) -> dict[str, str]:
    told = {one.name: "; ".join(one.faults) for one in findings.partners if one.faults}
    return {**told, **{one.email or one.name: "; ".join(one.faults) for one in findings.people if one.faults}}


async def test_a_company_with_our_type_becomes_a_partner_under_its_hubspot_id(importer: Importer, hub: Hub) -> None:
    id_ = company(hub)
    findings = await importer.look(TERMS)
    assert [(one.id, one.name, one.new) for one in findings.taken] == [(id_, "Quaywise", True)]
    assert await importer.take(findings) == ()
    held = values(hub, "companies", id_)
    assert (held[PARTNER_ID], held[DOMAINS]) == (id_, "quaywise.example")
    assert [one.value for one in hub.portal.definitions["0-3"][SOURCED_BY].options] == [id_]


async def test_looking_changes_nothing_and_taking_again_writes_nothing(importer: Importer, hub: Hub) -> None:
    contact(hub, company(hub), "aoife@quaywise.example")
    before = len(hub.portal.changes)
    findings = await importer.look(TERMS)
    assert len(hub.portal.changes) == before
    await importer.take(findings)
    after = len(hub.portal.changes)
    again = await importer.look(TERMS)
    assert [one.new for one in again.partners] == [False]
    await importer.take(again)
    assert len(hub.portal.changes) == after


async def test_companies_that_hubspot_itself_calls_partners_are_shown_and_the_rest_is_left_alone(
    importer: Importer, hub: Hub
) -> None:
    company(hub, "Nordlicht", **{TYPES: "", TIER: "", "type": "PARTNER", "domain": "nordlicht.example"})
    company(hub, "Some customer", **{TYPES: "", TIER: "", "domain": "customer.example"})
    findings = await importer.look(TERMS)
    assert faults(findings) == {
        "Nordlicht": "“Partner type” is empty: choose one in HubSpot, or give --type; "
        "“Partner tier” is empty: enter one in HubSpot, or give --tier"
    }
    findings = await importer.look(Terms(TERMS.allowed, (PartnerType.REFERRAL, PartnerType.SERVICES), "Registered"))
    assert faults(findings) == {}
    await importer.take(findings)
    held = hub.portal.one("companies", name="Nordlicht").values
    assert (held[TYPES], held[TIER]) == ("referral;services", "Registered")


async def test_what_the_program_cannot_work_with_is_told_and_not_taken(importer: Importer, hub: Hub) -> None:
    company(hub, "Gold Ltd", **{TIER: "Gold", "domain": "gold.example"})
    wrong = {"partnerline_currency": "Euro", "partnerline_time_zone": "Paris", "domain": "zone.example"}
    company(hub, "Zone SA", **wrong)
    told = faults(await importer.look(TERMS))
    assert told["Gold Ltd"] == "“Partner tier” 'Gold' is not one of Registered, Select, Elite"
    assert "“Payout currency” 'Euro' is not a currency such as EUR" in told["Zone SA"]
    assert "“Partner time zone” 'Paris' is no time zone such as Europe/Berlin" in told["Zone SA"]


async def test_a_tier_is_written_as_the_program_calls_it(importer: Importer, hub: Hub) -> None:
    id_ = company(hub, **{TIER: "elite"})
    await importer.take(await importer.look(TERMS))
    assert values(hub, "companies", id_)[TIER] == "Elite"


async def test_two_partners_with_one_mail_domain_are_both_told(importer: Importer, hub: Hub) -> None:
    company(hub, "Quaywise")
    company(hub, "Quaywise Iberia")
    told = faults(await importer.look(TERMS))
    assert "Quaywise Iberia has the mail domain quaywise.example as well" in told["Quaywise"]
    assert "Quaywise has the mail domain" in told["Quaywise Iberia"]


async def test_people_with_an_address_of_the_partner_are_taken_and_the_first_is_the_main_contact(
    importer: Importer, hub: Hub
) -> None:
    id_ = company(hub)
    first = contact(hub, id_, "aoife@quaywise.example")
    second = contact(hub, id_, "sean@mail.quaywise.example", "Sean Daly")
    await importer.take(await importer.look(TERMS))
    held = values(hub, "contacts", first)
    assert (held[CONTACT_OF], held[CONTACT_ID], held["partnerline_main_contact"]) == (id_, f"hs-{first}", "true")
    assert "partnerline_main_contact" not in {k for k, v in values(hub, "contacts", second).items() if v}


async def test_a_main_contact_that_hubspot_names_stays_it(importer: Importer, hub: Hub) -> None:
    id_ = company(hub)
    contact(hub, id_, "aoife@quaywise.example")
    contact(hub, id_, "sean@quaywise.example", "Sean Daly", partnerline_main_contact="true")
    findings = await importer.look(TERMS)
    assert [one.email for one in findings.people if one.main] == ["sean@quaywise.example"]


async def test_people_who_may_be_somebody_elses_are_not_taken(importer: Importer, hub: Hub) -> None:
    id_ = company(hub)
    other = company(hub, "Brightpath", domain="brightpath.example")
    contact(hub, id_, "buyer@customer.example", "Berta Buyer")
    both = contact(hub, id_, "both@quaywise.example", "Both Sides")
    hub.portal.person_associates("contacts", both, "companies", other)
    contact(hub, id_, "", "No Address")
    contact(hub, id_, "nameless@quaywise.example", "")
    contact(hub, id_, "taken@quaywise.example", "Taken Already", **{CONTACT_OF: "somebody"})
    told = faults(await importer.look(TERMS))
    assert "outside the partner's mail domains (quaywise.example)" in told["buyer@customer.example"]
    assert f"enter {id_} as “Contact of partner”" in told["buyer@customer.example"]
    assert "stands with Quaywise and Brightpath" in told["both@quaywise.example"]
    assert told["No Address"] == "has no e-mail address"
    assert told["nameless@quaywise.example"] == "has no name"
    assert told["taken@quaywise.example"] == "is a contact of partner somebody already"


async def test_somebody_whom_a_person_made_the_partners_contact_may_have_any_address(
    importer: Importer, hub: Hub
) -> None:
    id_ = company(hub, **{PARTNER_ID: "quaywise"})
    contact(hub, id_, "aoife@home.example", **{CONTACT_OF: "quaywise"})
    findings = await importer.look(TERMS)
    assert [one.partner_id for one in findings.people_taken] == ["quaywise"]


async def test_records_of_the_custom_object_are_partners_with_the_people_of_their_companies(
    desk: OpenDesk, hub: Hub
) -> None:
    opened = await made_ready(await desk(AttributionWay.OBJECT))
    type_ = await opened.account.partner_type()
    given = {TYPES: "reseller", TIER: "Elite", DOMAINS: "quaywise.example"}
    record = hub.portal.person_creates(type_, name="Quaywise", **given)
    firm = str(hub.portal.person_creates("companies", name="Quaywise", domain="quaywise.example").id)
    hub.portal.person_associates(type_, record.id, "companies", firm)
    someone = contact(hub, firm, "aoife@quaywise.example")
    async for importer in importer_of(opened):
        findings = await importer.look(TERMS)
        assert await importer.take(findings) == ()
    assert hub.portal.one(type_, hs_object_id=record.id).values[PARTNER_ID] == record.id
    assert values(hub, "contacts", someone)[CONTACT_OF] == record.id


async def test_one_that_hubspot_refuses_is_told_and_the_others_are_taken(importer: Importer, hub: Hub) -> None:
    good = company(hub)
    bad = company(hub, "Brightpath", domain="brightpath.example")
    findings = await importer.look(TERMS)
    hub.portal.person_creates("companies", name="Came between", **{PARTNER_ID: bad})
    (told,) = await importer.take(findings)
    assert told.startswith("Brightpath: HubSpot refused")
    assert values(hub, "companies", good)[PARTNER_ID] == good


async def test_what_was_taken_is_looked_at_next_whatever_the_search_knows(importer: Importer, hub: Hub) -> None:
    id_ = company(hub)
    person = contact(hub, id_, "aoife@quaywise.example")
    await importer.take(await importer.look(TERMS))
    async with importer.engine.connect() as connection:
        rows = (await connection.execute(select(touched.c.object_type, touched.c.hubspot_id))).all()
    assert set(map(tuple, rows)) == {("companies", id_), ("contacts", person)}
