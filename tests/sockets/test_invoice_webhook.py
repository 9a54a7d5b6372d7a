"""The way in for a billing system on a real port: only what is signed just now is read, and nothing counts twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from bot.channels.http.invoices import MAX_BODY, InvoiceCalls, TakerAway
from bot.channels.http.public import public_app
from bot.channels.http.server import HttpServer
from bot.channels.http.signed_calls import SIGNATURE, TIMESTAMP, TOLERANCE, sign
from bot.vocabulary.billing import InvoiceEvent, Taken
from mail_ingest.rates import Bucket

ZONE = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 11, 26, 10, 0, tzinfo=ZONE)
STAMP = int(NOW.timestamp())
OLD, NEW = "o" * 32, "n" * 32
EVENT = {
    "id": "evt-1", "type": "invoice.paid", "deal": "D-1", "paid_at": "2026-11-25", "currency": "EUR", "net": "6000.00",
}  # fmt: skip
BODY = json.dumps(EVENT).encode()
JSON = {"Content-Type": "application/json"}


@dataclass
class Desk:
    """Remembers what it was given; `answer` is what comes of it, `away` makes it fail."""

    taken: list[InvoiceEvent] = field(default_factory=list)
    answer: Taken = Taken.TAKEN
    away: bool = False

    async def take(self, event: InvoiceEvent) -> Taken:
        if self.away:
            raise TakerAway
        self.taken.append(event)
        return self.answer


@dataclass
class Site:
    desk: Desk
    url: str
    http: aiohttp.ClientSession

    async def call(self, body: bytes = BODY, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
        given = JSON | sign(body, NEW, STAMP) if headers is None else headers
        async with self.http.post(self.url, data=body, headers=given) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text.startswith("{") else text


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    desk = Desk()
    calls = InvoiceCalls((OLD, NEW), desk.take, ZONE, lambda: NOW, Bucket(20, 60, 1))
    server = HttpServer(public_app(health=_health, unsubscribe=_nobody, invoices=calls.receive), "127.0.0.1", 0)
    await server.start()
    async with aiohttp.ClientSession() as http:
        yield Site(desk, f"http://127.0.0.1:{server.port}/webhooks/invoices", http)
    await server.stop()


async def _health() -> Mapping[str, Any]:
    return {"ok": True}


async def _nobody(_: str) -> bool:
    return False


# --- what is let in


@pytest.mark.parametrize("secret", [OLD, NEW])
async def test_a_call_signed_with_either_secret_is_taken(site: Site, secret: str) -> None:
    assert await site.call(headers=JSON | sign(BODY, secret, STAMP)) == (200, {"status": "taken"})
    assert [event.id for event in site.desk.taken] == ["evt-1"]


async def test_one_right_signature_among_several_is_enough(site: Site) -> None:
    right = sign(BODY, NEW, STAMP)[SIGNATURE]
    headers = JSON | {TIMESTAMP: str(STAMP), SIGNATURE: f"v1={'0' * 64}, v0=x, {right}"}
    assert (await site.call(headers=headers))[0] == 200


@pytest.mark.parametrize("apart", [-TOLERANCE, -1, 0, TOLERANCE])
async def test_clocks_may_be_a_little_apart(site: Site, apart: int) -> None:
    assert (await site.call(headers=JSON | sign(BODY, NEW, STAMP + apart)))[0] == 200


@pytest.mark.parametrize(
    ("answer", "status"), [(Taken.KNOWN, 200), (Taken.WAITING, 202), (Taken.CONFLICT, 409), (Taken.TAKEN, 200)]
)
async def test_the_answer_says_what_came_of_it(site: Site, answer: Taken, status: int) -> None:
    site.desk.answer = answer
    assert await site.call() == (status, {"status": answer.value})


async def test_while_the_database_is_away_the_sender_is_told_to_come_again(site: Site) -> None:
    site.desk.away = True
    headers = JSON | sign(BODY, NEW, STAMP)
    async with site.http.post(site.url, data=BODY, headers=headers) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (503, "30")


# --- attacks


def _unsigned() -> list[tuple[str, dict[str, str]]]:
    right = sign(BODY, NEW, STAMP)
    stamp, signature = right[TIMESTAMP], right[SIGNATURE]
    return [
        ("nothing", {}),
        ("no signature", {TIMESTAMP: stamp}),
        ("no time", {SIGNATURE: signature}),
        ("another secret", sign(BODY, "x" * 32, STAMP)),
        ("an empty secret", sign(BODY, "", STAMP)),
        ("another body", sign(BODY + b" ", NEW, STAMP)),
        ("another time", {TIMESTAMP: str(STAMP + 1), SIGNATURE: signature}),
        ("too old", sign(BODY, NEW, STAMP - TOLERANCE - 1)),
        ("from the future", sign(BODY, NEW, STAMP + TOLERANCE + 1)),
        ("no version", {TIMESTAMP: stamp, SIGNATURE: signature.removeprefix("v1=")}),
        ("another version", {TIMESTAMP: stamp, SIGNATURE: signature.replace("v1=", "v2=")}),
        ("half a signature", {TIMESTAMP: stamp, SIGNATURE: signature[:40]}),
        ("in capitals", {TIMESTAMP: stamp, SIGNATURE: "v1=" + signature[3:].upper()}),
        ("an empty one", {TIMESTAMP: stamp, SIGNATURE: "v1="}),
        ("beyond those compared", {TIMESTAMP: stamp, SIGNATURE: "v1=0," * 5 + signature}),
        ("outside ASCII", {TIMESTAMP: stamp, SIGNATURE: "v1=é"}),
        ("a time that is none", {TIMESTAMP: "now", SIGNATURE: signature}),
        ("a time below zero", {TIMESTAMP: f"-{stamp}", SIGNATURE: signature}),
        ("an endless time", {TIMESTAMP: "9" * 5000, SIGNATURE: signature}),
        ("a time with a point", {TIMESTAMP: f"{stamp}.0", SIGNATURE: signature}),
        ("other digits", {TIMESTAMP: "１７６４", SIGNATURE: signature}),
    ]


@pytest.mark.parametrize("headers", [h for _, h in _unsigned()], ids=[name for name, _ in _unsigned()])
async def test_what_is_not_signed_just_now_is_not_read(site: Site, headers: dict[str, str]) -> None:
    raw = {name: value.encode("utf-8").decode("latin-1") for name, value in headers.items()}
    assert await site.call(headers=JSON | raw) == (401, {"errors": ["not signed, or too old"]})
    assert site.desk.taken == []


async def test_a_call_replayed_within_the_time_is_told_apart_by_its_event_alone(site: Site) -> None:
    headers = JSON | sign(BODY, NEW, STAMP)
    await site.call(headers=headers)
    site.desk.answer = Taken.KNOWN
    assert await site.call(headers=headers) == (200, {"status": "known"})
    assert len({event.id for event in site.desk.taken}) == 1


async def test_what_is_too_large_is_refused_before_it_is_compared(site: Site) -> None:
    huge = b'{"id": "' + b"x" * MAX_BODY + b'"}'
    assert (await site.call(huge))[0] == 413
    assert site.desk.taken == []


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
async def test_another_kind_of_content_is_refused(site: Site, kind: str) -> None:
    headers = {"Content-Type": kind} | sign(BODY, NEW, STAMP)
    assert (await site.call(headers=headers))[0] == 415


async def test_a_charset_beside_the_kind_is_fine(site: Site) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"} | sign(BODY, NEW, STAMP)
    assert (await site.call(headers=headers))[0] == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe{}", 400),
        (b"[]", 422),
        (b"{}", 422),
        (b"null", 422),
        (b"[" * 50_000, 400),
        (json.dumps(EVENT | {"net": 6000.0}).encode(), 422),
        (json.dumps(EVENT | {"net": "-6000"}).encode(), 422),
        (json.dumps(EVENT | {"deal": "D-1\u0000"}).encode(), 422),
        (json.dumps(EVENT | {"extra": "x"}).encode(), 422),
    ],
)
async def test_what_is_signed_and_wrong_is_named_and_not_taken(site: Site, body: bytes, status: int) -> None:
    answer, said = await site.call(body)
    assert (answer, bool(said["errors"])) == (status, True)
    assert site.desk.taken == []


async def test_too_many_calls_wait(site: Site) -> None:
    statuses = await asyncio.gather(*(site.call() for _ in range(30)))
    assert sorted(status for status, _ in statuses) == [200] * 20 + [429] * 10


async def test_unsigned_calls_take_nobodys_turn(site: Site) -> None:
    for _ in range(40):
        assert (await site.call(headers=JSON))[0] == 401
    assert (await site.call())[0] == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_nothing_but_a_post_is_answered(site: Site, method: str) -> None:
    async with site.http.request(method, site.url, headers=JSON | sign(b"", NEW, STAMP)) as answer:
        assert answer.status == 405


async def test_without_a_secret_the_address_does_not_exist() -> None:
    server = HttpServer(public_app(health=_health, unsubscribe=_nobody), "127.0.0.1", 0)
    await server.start()
    async with aiohttp.ClientSession() as http:
        url = f"http://127.0.0.1:{server.port}/webhooks/invoices"
        async with http.post(url, data=BODY, headers=JSON | sign(BODY, NEW, STAMP)) as answer:
            assert answer.status == 404
    await server.stop()
