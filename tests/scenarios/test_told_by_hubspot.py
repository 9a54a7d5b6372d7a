"""A colleague works in HubSpot: its webhook reaches the agent, and the partner has the mail within seconds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace

import pytest
import pytest_asyncio
from pydantic import SecretStr
from sqlalchemy import URL, text

from bot.storage import mirror, outbox, registrations
from bot.storage.crm_writes import deal_change_row, registration_row
from bot.storage.directory import StoredDirectory
from bot.storage.outbox import Destination
from crm.adapters.hubspot.following.webhooks import PATH
from crm.records import Contact, Deal, RegistrationState, Stage
from tests.builders import deal, euro, partner, registration
from tests.database import create_database, drop_database
from tests.fakes.hubspot import Hub, running_hubspot
from tests.fakes.hubspot.webhooks import SECRET
from tests.scenarios.house import PATIENCE, House, hubspot_settings, open_house

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("told by hubspot")]

NORDIC = partner(id="nordic", name="Nordic Cloud", domains=("nordic.example",))
IDA = Contact("ida", "nordic", "Ida Berg", "ida@nordic.example", main=True)
ACME = deal(id="D-810001", number="D-810001", partner_id="nordic", customer="Acme GmbH", next_step="")
SOON = 20.0  # seconds; on an idle machine it is one


@pytest.fixture(scope="module")
def account() -> Iterator[Hub]:
    with running_hubspot() as hub:
        yield hub


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told_house(
    postgres_server: URL, migrated_template: str, tmp_path_factory: pytest.TempPathFactory, account: Hub
) -> AsyncIterator[House]:
    """One partner with one deal, known to the agent; from then on HubSpot tells of every change."""
    url = create_database(postgres_server, migrated_template)
    settings = hubspot_settings(url.render_as_string(hide_password=False), tmp_path_factory.mktemp("told"), account)
    settings = settings.model_copy(update={"hubspot_webhook_secret": SecretStr(f"an-older-one,{SECRET}")})
    async with open_house(settings, seeded=False) as house:
        await house.app.crm.save_partner(NORDIC)
        await house.app.crm.save_contact(IDA)
        await house.app.crm.save_deal(ACME)
        await house.mirror()
        account.webhooks.repeats, account.webhooks.reordered = 0.5, True
        account.webhooks.follow(f"http://127.0.0.1:{house.ports.http}{PATH}")
        yield house
    drop_database(postgres_server, url)


async def until(what: Callable[[], Awaitable[bool]]) -> float:
    """Seconds that it took."""
    began = time.monotonic()
    while not await what():
        assert time.monotonic() - began < PATIENCE, "it did not happen"
        await asyncio.sleep(0.05)
    return time.monotonic() - began


def mails(house: House, count: int) -> Callable[[], Awaitable[bool]]:
    async def there() -> bool:
        return len(await house.told("nordic")) >= count

    return there


async def test_a_stage_that_a_colleague_moves_is_told_by_mail_within_seconds(told_house: House, account: Hub) -> None:
    house, stage = told_house, "presentationscheduled"
    in_hubspot = account.portal.one("deals", partnerline_number=ACME.number)
    account.portal.person_edits("deals", in_hubspot.id, dealstage=stage)
    took = await until(mails(house, 1))
    await house.quiet()
    [mail] = await house.told("nordic")
    assert (mail.destination, mail.to) == ("mail", "ida@nordic.example")
    assert "Stage: negotiation → proposal" in mail.text
    assert took < SOON
    assert set(account.webhooks.answers) == {200}
    notes = [note.values.get("hs_note_body", "") + note.values.get("hs_email_text", "")
             for note in account.portal.timeline("deals", in_hubspot.id)]  # fmt: skip
    assert any("negotiation → proposal" in body for body in notes)


async def test_what_the_partner_reported_itself_does_not_come_back_as_news(told_house: House, account: Hub) -> None:
    house = told_house
    before = len(await house.told("nordic"))
    async with house.app.database.begin() as connection:
        [held] = await mirror.of_partner(connection, Deal, "nordic")
        wanted = replace(held, stage=Stage.WON, amount=euro(31000))
        await mirror.store(connection, [wanted])
        await outbox.put(connection, [deal_change_row(held, wanted, "a message")])
    await house.app.queue.deliver(Destination.CRM)
    await house.quiet()

    async def arrived() -> bool:
        found = await house.app.crm.deal("nordic", ACME.number)
        return found is not None and found.stage is Stage.WON and not account.webhooks.waiting

    await until(arrived)
    await asyncio.sleep(0.5)
    await house.mirror()
    await house.quiet()
    assert len(await house.told("nordic")) == before


async def test_a_registration_that_a_colleague_accepts_in_hubspot_is_accepted(told_house: House, account: Hub) -> None:
    house, number = told_house, "D-810002"
    waiting = registration(
        number=number, partner_id="nordic", contact_id="ida", customer_domain="vega-foods.example",
        submitted_at=house.clock(), opened_at=house.clock(), priority_at=house.clock(),
    )  # fmt: skip
    async with house.app.database.begin() as connection:
        await registrations.save(connection, waiting)
        await outbox.put(connection, [registration_row(waiting, "submitted")])
    await house.app.queue.deliver(Destination.CRM)
    await house.quiet()
    card = account.portal.one("deals", partnerline_number=number)
    before = len(await house.told("nordic"))
    account.portal.person_edits("deals", card.id, dealstage=approved(account))
    took = await until(mails(house, before + 1))
    await house.quiet()
    kept = (await house.registrations("nordic"))[-1]
    assert (kept["number"], kept["state"]) == (number, RegistrationState.APPROVED.value)
    assert kept["decided_by"] == "HubSpot"
    assert took < SOON + 15  # the clock looks for what is due every ten seconds
    assert account.portal.one("deals", partnerline_number=number).values["pipeline"] == "default"
    assert len(await house.told("nordic")) == before + 1


async def test_who_is_deleted_for_privacy_in_hubspot_is_nobody_within_seconds(told_house: House, account: Hub) -> None:
    house = told_house
    await house.app.crm.save_contact(Contact("jon", "nordic", "Jon Dahl", "jon@nordic.example"))
    await house.mirror()
    assert await directory(house).by_address("jon@nordic.example") is not None
    account.portal.person_forgets(account.portal.one("contacts", email="jon@nordic.example").id)

    async def told() -> bool:
        return any("ledger forget --contact jon" in task["summary"] for task in await house.tasks(kind="notice"))

    await until(told)
    assert await directory(house).by_address("jon@nordic.example") is None
    await house.mirror()
    async with house.app.database.reading() as connection:
        kept = await connection.scalar(text("select count(*) from hubspot.objects where email = 'jon@nordic.example'"))
    assert kept == 0


async def test_a_partner_whose_company_is_deleted_is_served_no_more_and_restored_it_is(
    told_house: House, account: Hub
) -> None:
    house = told_house
    await house.app.crm.save_partner(partner(id="south", name="South Cloud", domains=("south.example",)))
    await house.app.crm.save_contact(Contact("eva", "south", "Eva Ruiz", "eva@south.example", main=True))
    await house.mirror()

    async def served() -> bool:
        return await directory(house).by_address("eva@south.example") is not None

    async def refused() -> bool:
        return not await served()

    assert await served()
    company = account.portal.one("companies", partnerline_partner_id="south")
    account.portal.person_deletes("companies", company.id)
    await until(refused)
    [task] = await house.tasks(partner_id="south", kind="notice")
    assert "South Cloud is no longer a partner in HubSpot" in task["summary"]
    account.portal.person_restores("companies", company.id)
    await until(served)


def directory(house: House) -> StoredDirectory:
    return StoredDirectory(house.app.database)


def approved(account: Hub) -> str:
    """The stage that a colleague drags the card to."""
    [intake] = [line for line in account.portal.pipelines["0-3"].values() if line.label == "Partner requests"]
    return next(stage.id for stage in intake.stages if stage.label == "Registration approved")
