"""Looking over an account: every line says what is right, or what would be; nothing is changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm.adapters.hubspot.account.not_set_up import OtherAccount
from crm.adapters.hubspot.options import AttributionWay
from crm.adapters.hubspot.setup.checking import Check, try_a_note
from crm.findings import Finding, Health
from tests.fakes.hubspot import Hub
from tests.fakes.hubspot.plans import Plan as Sold
from tests.unit.crm.hubspot.account.conftest import Desk, OpenDesk, made_ready

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


async def looked(desk: Desk, *currencies: str) -> list[Finding]:
    check = Check(desk.client, desk.account, desk.setup, currencies)
    return [finding async for finding in check.findings()]


def of(findings: list[Finding], health: Health) -> dict[str, str]:
    return {one.subject: one.said for one in findings if one.health is health}


async def test_an_account_that_was_set_up_has_no_fault(desk: OpenDesk) -> None:
    findings = await looked(await made_ready(await desk()), "EUR", "CHF")
    assert of(findings, Health.FAULT) == {}
    fine = of(findings, Health.OK)
    assert fine["Account"] == "portal 50000001, DEVELOPER_TEST, Europe/Berlin, EUR, USD, GBP, CHF"
    assert fine["Setup"] == "everything that is needed is there"
    assert "crm.objects.deals.write" in fine["Scopes"]
    assert fine["Pipeline"].startswith("“Sales Pipeline”: qualified is “Qualified To Buy”, ")


async def test_what_is_missing_is_a_fault_that_setting_up_mends(desk: OpenDesk) -> None:
    missing = next(one for one in await looked(await desk()) if one.subject == "Setup")
    assert missing.health is Health.FAULT
    assert missing.said.startswith("missing: Companies: group of properties “Partnerline”; ")
    assert missing.said.endswith(" more")
    assert "crm setup" in missing.fix


async def test_looking_changes_nothing(desk: OpenDesk, hub: Hub) -> None:
    opened = await made_ready(await desk())
    before = {kind: dict(known) for kind, known in hub.portal.definitions.items()}, len(hub.portal.changes)
    await looked(opened)
    assert ({kind: dict(known) for kind, known in hub.portal.definitions.items()}, len(hub.portal.changes)) == before


@pytest.mark.parametrize(
    ("scope", "health", "words"),
    [
        ("crm.objects.deals.write", Health.FAULT, "is missing"),
        ("crm.objects.companies.read", Health.FAULT, "is missing"),
        ("crm.objects.owners.read", Health.FAULT, "is missing"),
        ("crm.schemas.deals.write", Health.FAULT, "is missing"),
        ("crm.schemas.contacts.write", Health.HINT, "only `partnerline crm setup` needs it"),
        ("sales-email-read", Health.HINT, "mails are logged as notes, not as e-mails"),
        ("files", Health.HINT, "attachments are named on timelines, not kept there"),
    ],
)
async def test_each_scope_that_is_missing_is_named_with_what_it_is_for(
    desk: OpenDesk, hub: Hub, scope: str, health: Health, words: str
) -> None:
    hub.portal.scopes -= {scope}
    (told,) = [one for one in await looked(await desk()) if one.subject == "Scope"]
    assert told.health is health
    assert scope in told.said
    assert words in told.said
    assert f"add {scope}" in told.fix


async def test_where_partners_are_companies_the_scope_for_properties_is_for_setting_up_alone(
    desk: OpenDesk, hub: Hub
) -> None:
    hub.portal.scopes -= {"crm.schemas.deals.write"}
    (told,) = [one for one in await looked(await desk(AttributionWay.LABELS)) if one.subject == "Scope"]
    assert told.health is Health.HINT


async def test_the_custom_object_needs_its_own_scopes(desk: OpenDesk, hub: Hub) -> None:
    opened = await made_ready(await desk(AttributionWay.OBJECT))
    hub.portal.scopes -= {"crm.objects.custom.write"}
    (told,) = [one for one in await looked(opened) if one.subject == "Scope"]
    assert told.said == "crm.objects.custom.write is missing"


async def test_a_way_that_the_plan_does_not_allow_is_told_with_the_one_that_remains(desk: OpenDesk, hub: Hub) -> None:
    hub.portal.plan = Sold.PRO
    told = next(one for one in await looked(await desk(AttributionWay.OBJECT)) if one.subject == "Attribution")
    assert told.health is Health.FAULT
    assert "hubspot_attribution is `object`" in told.said
    assert "HubSpot Enterprise has them" in told.said
    assert told.fix.startswith("set PARTNERLINE_HUBSPOT_ATTRIBUTION=labels")


async def test_a_currency_that_the_account_has_not_is_a_hint(desk: OpenDesk) -> None:
    assert "no SEK" in of(await looked(await desk(), "EUR", "SEK"), Health.HINT)["Currencies"]


async def test_a_token_that_hubspot_does_not_know_is_the_one_line(desk: OpenDesk, hub: Hub) -> None:
    opened = await desk()
    hub.portal.token = "another"
    (told,) = await looked(opened)
    assert (told.subject, told.health) == ("Token", Health.FAULT)
    assert "PARTNERLINE_HUBSPOT_TOKEN" in told.fix


async def test_a_token_of_another_account_is_told_and_nothing_goes_astray(desk: OpenDesk, hub: Hub) -> None:
    await (await desk()).account.details()
    hub.portal.id = 60_000_002
    opened = await desk()
    for _ in range(2):
        (told,) = await looked(opened)
        assert "is of HubSpot account 60000002, but what is kept here is of account 50000001" in told.said
    with pytest.raises(OtherAccount):
        await opened.account.details(fresh=True)


async def test_without_webhooks_it_is_told_that_hubspot_is_asked(desk: OpenDesk) -> None:
    assert "asked every minute" in of(await looked(await desk()), Health.HINT)["Webhooks"]
    opened = await desk(webhook_secrets=("s3cret",), public_url="https://partners.lumora.example")
    assert of(await looked(opened), Health.OK)["Webhooks"].endswith("partners.lumora.example/webhooks/hubspot")


async def test_a_note_is_tried_in_test_accounts_alone(desk: OpenDesk, hub: Hub) -> None:
    opened = await desk()
    assert (await try_a_note(opened.client, opened.account, NOW)).said == "written, and removed again"
    assert hub.portal.all("notes") == []
    hub.portal.account_type = "STANDARD"
    hub.calls.clear()
    assert "this is no test account" in (await try_a_note(opened.client, opened.account, NOW)).said
    assert hub.calls.count("notes") == 0
