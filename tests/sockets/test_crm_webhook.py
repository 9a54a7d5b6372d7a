"""What HubSpot calls on a real port: only its own calls are kept, once committed they are acknowledged, and the mirror
follows.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.channels.http.crm_events import MAX_BODY, CrmEventCalls
from bot.channels.http.public import public_app
from bot.channels.http.server import HttpServer
from crm.adapters import hubspot
from crm.adapters.hubspot.following.signatures import SIGNATURE, TIMESTAMP, signature
from crm.adapters.hubspot.following.webhooks import PATH, HubSpotEvents
from crm.adapters.hubspot.tables import touched
from mail_ingest.rates import Bucket

NOW = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp() * 1000))
PUBLIC = "https://partners.example.com/agent"
OLD, NEW = "old-secret", "new-secret"
MOVED = {
    "eventId": 1, "subscriptionType": "deal.propertyChange", "objectId": 7, "propertyName": "dealstage",
    "propertyValue": "closedwon", "occurredAt": int(STAMP) - 900, "portalId": 5, "attemptNumber": 0,
}  # fmt: skip
GONE = {"subscriptionType": "deal.deletion", "objectId": 7, "occurredAt": int(STAMP) - 800}


@dataclass
class Site:
    engine: AsyncEngine
    port: int
    http: aiohttp.ClientSession
    followed: list[int] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{PATH}"

    async def call(self, body: bytes, headers: Mapping[str, str] | None = None, query: str = "") -> int:
        given = signed(body, PUBLIC + PATH + query) if headers is None else headers
        async with self.http.post(self.url + query, data=BytesIO(body), headers=given) as answer:
            return answer.status

    async def touched(self) -> list[tuple[str, str, bool]]:
        async with self.engine.connect() as connection:
            rows = await connection.execute(select(touched).order_by(touched.c.seq))
            return [(row.object_type, row.hubspot_id, row.deleted) for row in rows]


def signed(body: bytes, url: str, secret: str = NEW, stamp: str = STAMP) -> dict[str, str]:
    return {TIMESTAMP: stamp, SIGNATURE: signature("POST", url, body, stamp, secret)}


def said(*events: Mapping[str, Any]) -> bytes:
    return json.dumps(events).encode()


@pytest.fixture
async def site(engine: AsyncEngine) -> AsyncIterator[Site]:
    await hubspot.migrate(engine)
    async for made in _serving(engine, engine):
        yield made


@pytest.fixture
async def site_without_database(engine: AsyncEngine) -> AsyncIterator[Site]:
    away = create_async_engine("postgresql+psycopg://127.0.0.1:1/none", connect_args={"connect_timeout": 1})
    async for made in _serving(away, engine):
        yield made
    await away.dispose()


async def _serving(kept_in: AsyncEngine, engine: AsyncEngine) -> AsyncIterator[Site]:
    followed: list[int] = []

    async def follow() -> None:
        followed.append(1)

    calls = CrmEventCalls(HubSpotEvents(kept_in, (OLD, NEW), PUBLIC), follow, lambda: NOW, Bucket(20, 60, 1))
    app = public_app(health=_health, unsubscribe=_nobody, crm_events=(PATH, calls.receive))
    server = HttpServer(app, "127.0.0.1", 0)
    await server.start()
    async with aiohttp.ClientSession() as http:
        yield Site(engine, server.port, http, followed)
    await server.stop()


async def _health() -> Mapping[str, Any]:
    return {"ok": True}


async def _nobody(_: str) -> bool:
    return False


async def test_a_call_signed_for_our_public_address_is_kept_and_followed(site: Site) -> None:
    assert await site.call(said(MOVED)) == 200
    assert await site.touched() == [("deals", "7", False)]
    assert site.followed == [1]


async def test_a_call_signed_for_the_address_it_came_to_is_as_good(site: Site) -> None:
    body = said(MOVED)
    assert await site.call(body, signed(body, site.url, OLD)) == 200


async def test_what_stands_behind_the_question_mark_is_signed_too(site: Site) -> None:
    assert await site.call(said(MOVED), query="?portal=eu:1") == 200
    body = said(MOVED)
    assert await site.call(body, signed(body, PUBLIC + PATH), query="?portal=eu:1") == 401


async def test_repeats_touch_once_and_the_latest_touch_comes_last(site: Site) -> None:
    for events in ([MOVED, MOVED], [{**MOVED, "objectId": 8}], [MOVED], [GONE]):
        assert await site.call(said(*events)) == 200
    assert await site.touched() == [("deals", "8", False), ("deals", "7", True)]


async def test_unsigned_replayed_and_changed_calls_leave_nothing(site: Site) -> None:
    body = said(MOVED)
    late = signed(body, PUBLIC + PATH, stamp=str(int(STAMP) - 300_001))
    for headers in ({}, late, signed(body, PUBLIC + PATH, "guessed"), signed(said(GONE), PUBLIC + PATH)):
        assert await site.call(body, headers) == 401
    assert (await site.touched(), site.followed) == ([], [])


async def test_signed_calls_that_cannot_be_read_are_refused(site: Site) -> None:
    for body in (b"{", b"[" * 50_000, b"\xff", b"[1]"):
        assert await site.call(body) == 400
    assert await site.touched() == []


async def test_a_hundred_events_are_one_look_and_none_is_none(site: Site) -> None:
    assert await site.call(said(*({**MOVED, "objectId": 100 + n} for n in range(100)))) == 200
    assert await site.call(said()) == 200
    assert (len(await site.touched()), site.followed) == (100, [1])


async def test_what_is_too_large_and_what_comes_too_often_is_refused(site: Site) -> None:
    assert await site.call(b" " * (MAX_BODY + 1)) == 413
    statuses = [await site.call(said(MOVED)) for _ in range(25)]
    assert set(statuses[:20]) == {200}
    assert set(statuses[20:]) == {429}


async def test_unsigned_calls_take_nobodys_turn(site: Site) -> None:
    for _ in range(30):
        assert await site.call(said(MOVED), {}) == 401
    assert await site.call(said(MOVED)) == 200


async def test_while_the_database_is_away_hubspot_is_told_to_come_again(site_without_database: Site) -> None:
    assert await site_without_database.call(said(MOVED)) == 503
    assert site_without_database.followed == []
