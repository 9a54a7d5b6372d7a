"""The client on a HubSpot with state, in each of its moods."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.options import HubSpotOptions
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.calls import Call
from crm.adapters.hubspot.transport.client import HubSpot
from crm.adapters.hubspot.transport.faults import MissingScope, NotInPlan, NotThere, Taken, TokenRefused, words
from crm.errors import CrmOutcomeUnknown, CrmRejected, CrmUnavailable
from tests.fakes.hubspot import Hub, Mood, Plan, Portal, running_hubspot
from tests.fakes.hubspot.api.routes import route
from tests.fakes.waiting import Waiting

CONTACTS = {"type": "contacts"}
EVERY_LIMIT = (Mood.RATE_LIMITED, Mood.SILENT, Mood.SEARCH_LIMITED, Mood.LOCKED)
CARRIED_OUT = (Mood.LOST, Mood.TORN, Mood.ERROR_AFTER, Mood.NOT_JSON)
NOT_CARRIED_OUT = (Mood.ERROR, Mood.BAD_GATEWAY, Mood.UNAVAILABLE, Mood.TIMED_OUT, Mood.CLOUDFLARE, Mood.DROPPED)


@pytest.fixture(scope="module")
def running() -> Iterator[Hub]:
    with running_hubspot() as hub:
        yield hub


@pytest.fixture
def hub(running: Hub) -> Hub:
    running.reset()
    return running


@asynccontextmanager
async def connected(hub: Hub, unlimited: AsyncEngine, **options: Any) -> AsyncIterator[HubSpot]:
    waiting = Waiting()
    given = HubSpotOptions(**{"token": hub.token, "url": hub.url, **options})
    client = HubSpot(unlimited, given, sleep=waiting.sleep, now=waiting.now, clock=waiting.now)
    try:
        yield client
    finally:
        await client.aclose()


@pytest.fixture
async def client(hub: Hub, unlimited: AsyncEngine) -> AsyncIterator[HubSpot]:
    async with connected(hub, unlimited) as client:
        yield client


def upsert(*mails: str) -> dict[str, Any]:
    return {
        "inputs": [
            {"id": mail, "idProperty": "email", "properties": {"email": mail, "firstname": "Ada"}} for mail in mails
        ]
    }


async def contacts(client: HubSpot) -> Counter[str]:
    """How often each mail address stands in HubSpot."""
    pages = client.pages(calls.LIST, at=CONTACTS, query=[("limit", "100"), ("properties", "email")])
    return Counter([row["properties"]["email"] async for page in pages for row in page])


async def note(client: HubSpot) -> None:
    body = {"properties": {"hs_timestamp": "2026-11-27T12:00:00Z", "hs_note_body": "Hello"}}
    await client.call(calls.CREATE, at={"type": "notes"}, body=body)


async def notes(client: HubSpot) -> int:
    pages = client.pages(calls.LIST, at={"type": "notes"}, query=[("limit", "100")])
    return sum([len(page) async for page in pages])


async def test_an_upsert_makes_a_record_once(client: HubSpot) -> None:
    first = await client.call(calls.BATCH_UPSERT, at=CONTACTS, body=upsert("ada@example.com"))
    again = await client.call(calls.BATCH_UPSERT, at=CONTACTS, body=upsert("ada@example.com"))
    assert [first.results[0]["new"], again.results[0]["new"]] == [True, False]
    assert await contacts(client) == {"ada@example.com": 1}


async def test_pages_hold_all(client: HubSpot) -> None:
    mails = [f"person{number}@example.com" for number in range(250)]
    for begin in range(0, 250, 100):
        await client.call(calls.BATCH_UPSERT, at=CONTACTS, body=upsert(*mails[begin : begin + 100]))
    assert await contacts(client) == Counter(mails)


@pytest.mark.parametrize("mood", [*EVERY_LIMIT, *CARRIED_OUT, *NOT_CARRIED_OUT])
async def test_an_upsert_goes_through_in_every_mood(hub: Hub, client: HubSpot, mood: Mood) -> None:
    hub.moods.next(mood, on="upsert")
    await client.call(calls.BATCH_UPSERT, at=CONTACTS, body=upsert("ada@example.com"))
    assert hub.moods.had == [mood]
    assert await contacts(client) == {"ada@example.com": 1}


@pytest.mark.parametrize("mood", EVERY_LIMIT)
async def test_a_note_is_written_once_after_a_wait(hub: Hub, client: HubSpot, mood: Mood) -> None:
    hub.moods.next(mood, on="notes")
    await note(client)
    assert await notes(client) == 1


@pytest.mark.parametrize("mood", CARRIED_OUT)
async def test_a_note_of_unknown_fate_is_not_written_again(hub: Hub, client: HubSpot, mood: Mood) -> None:
    hub.moods.next(mood, on="notes", method="POST")
    with pytest.raises(CrmOutcomeUnknown):
        await note(client)
    assert await notes(client) == 1


@pytest.mark.parametrize("mood", NOT_CARRIED_OUT)
async def test_nor_is_one_that_was_not_written(hub: Hub, client: HubSpot, mood: Mood) -> None:
    """From outside it looks the same: the caller reads back before another try."""
    hub.moods.next(mood, on="notes", method="POST")
    with pytest.raises(CrmOutcomeUnknown):
        await note(client)
    assert await notes(client) == 0


async def test_a_day_that_is_used_up_ends_at_once(hub: Hub, client: HubSpot) -> None:
    hub.moods.next(Mood.DAY_USED_UP)
    with pytest.raises(CrmUnavailable, match="this day") as refused:
        await note(client)
    assert refused.value.retry_after > 3600
    with pytest.raises(CrmUnavailable):
        await contacts(client)
    assert len(hub.moods.had) == 1


async def test_an_outage_is_a_crm_that_is_away(hub: Hub, client: HubSpot) -> None:
    hub.moods.outage()
    with pytest.raises(CrmUnavailable):
        await client.call(calls.BATCH_UPSERT, at=CONTACTS, body=upsert("ada@example.com"))
    hub.moods.recover()
    await client.call(calls.BATCH_UPSERT, at=CONTACTS, body=upsert("ada@example.com"))
    assert await contacts(client) == {"ada@example.com": 1}


async def test_refusals_have_hubspots_words(client: HubSpot) -> None:
    body = {"properties": {"dealname": "Ahlström", "dealstage": "nowhere", "closedate": "soon"}}
    with pytest.raises(CrmRejected, match="correlation id") as refused:
        await client.call(calls.CREATE, at={"type": "deals"}, body=body)
    assert "closedate" in str(refused.value)
    assert "nowhere" in str(refused.value)


async def test_a_batch_says_of_each_input_what_is_wrong(client: HubSpot) -> None:
    body = upsert("ada@example.com", "bob@example.com")
    body["inputs"][1]["properties"]["nosuchproperty"] = "x"
    try:
        answer = await client.call(calls.BATCH_UPSERT, at=CONTACTS, body=body)
    except CrmRejected as refused:
        said = str(refused)
    else:
        said = " ".join(words(error) for error in answer.errors)
    assert "nosuchproperty" in said


async def test_a_mail_address_that_is_taken_names_who_has_it(client: HubSpot) -> None:
    made = await client.call(calls.BATCH_UPSERT, at=CONTACTS, body=upsert("ada@example.com"))
    with pytest.raises(Taken) as refused:
        await client.call(calls.CREATE, at=CONTACTS, body={"properties": {"email": "ada@example.com"}})
    assert refused.value.existing_id == made.results[0]["id"]


async def test_what_is_not_there_is_not_there(client: HubSpot) -> None:
    with pytest.raises(NotThere):
        await client.call(calls.READ, at={"type": "deals", "id": "4711"})


async def test_another_token_is_none(hub: Hub, unlimited: AsyncEngine) -> None:
    async with connected(hub, unlimited, token="pat-another") as client:
        with pytest.raises(TokenRefused):
            await contacts(client)


async def test_a_scope_that_is_missing_is_named(hub: Hub, unlimited: AsyncEngine) -> None:
    hub.reset(Portal(scopes={"crm.objects.contacts.read"}))
    async with connected(hub, unlimited) as client:
        with pytest.raises(MissingScope) as refused:
            await client.call(calls.BATCH_UPSERT, at=CONTACTS, body=upsert("ada@example.com"))
    assert calls.BATCH_UPSERT.scope_for("contacts") in refused.value.scopes


@pytest.mark.parametrize(
    ("call", "at", "body"),
    [
        (calls.DEFINE_LABEL, {"type": "deals", "to": "companies"}, {"name": "sourced", "label": "Sourced"}),
        (
            calls.CREATE_SCHEMA,
            {},
            {
                "name": "partnerline_partner",
                "labels": {"singular": "Partner", "plural": "Partners"},
                "primaryDisplayProperty": "name",
                "requiredProperties": ["name"],
                "properties": [{"name": "name", "label": "Name", "type": "string", "fieldType": "text"}],
                "associatedObjects": ["COMPANY"],
            },
        ),
        (
            calls.CREATE_PIPELINE,
            {"type": "deals"},
            {
                "label": "Partner requests",
                "displayOrder": 1,
                "stages": [{"label": "Received", "displayOrder": 0, "metadata": {"probability": "0.0"}}],
            },
        ),
    ],
)
async def test_what_the_plan_does_not_have_is_another_matter(
    hub: Hub, unlimited: AsyncEngine, call: Call, at: dict[str, str], body: dict[str, Any]
) -> None:
    hub.reset(Portal(plan=Plan.FREE))
    async with connected(hub, unlimited) as client:
        with pytest.raises(NotInPlan):
            await client.call(call, at=at, body=body)


@pytest.mark.parametrize("call", calls.CALLS, ids=lambda call: call.name)
def test_every_call_of_the_table_is_one_that_hubspot_has(call: Call) -> None:
    places = {"type": "deals", "to": "companies", "id": "1", "to_id": "2", "name": "n", "pipeline": "p", "stage": "s"}
    assert isinstance(route(call.method, call.at("2026-03", places)), tuple)


async def test_in_bad_weather_everything_arrives_once_and_never_too_much(hub: Hub, unlimited: AsyncEngine) -> None:
    hub.moods.share(Mood.RATE_LIMITED, 0.05)
    hub.moods.share(Mood.LOST, 0.02)
    hub.moods.share(Mood.ERROR_AFTER, 0.01)
    mails = [f"person{number}@example.com" for number in range(200)]
    async with connected(hub, unlimited, threads=4, burst=1_000_000) as client:

        async def until_it_is_there(mail: str) -> None:
            for _ in range(10):
                try:
                    await client.call(calls.BATCH_UPSERT, at=CONTACTS, body=upsert(mail))
                except CrmUnavailable:
                    continue
                return

        await asyncio.gather(*(until_it_is_there(mail) for mail in mails))
        hub.moods.calm()
        assert await contacts(client) == Counter(mails)
    assert len(hub.moods.had) > 5


async def test_the_limits_of_the_account_are_never_met(hub: Hub, unlimited: AsyncEngine) -> None:
    """With the clock of the database and real waits, for some seconds."""
    hub.moods.enforce(burst=120, searches=20)
    options = HubSpotOptions(hub.token, url=hub.url, burst=100, searches=16)
    clients = [HubSpot(unlimited, options) for _ in range(2)]
    searches = [
        client.call(calls.SEARCH, at=CONTACTS, body={"filterGroups": [], "limit": 1}) for client in clients * 12
    ]
    answers = await asyncio.gather(*searches)
    for client in clients:
        await client.aclose()
    assert len(answers) == 24
    assert hub.over_limit == 0
