"""The public application and its server on real ports."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from yarl import URL

from bot.channels.http.limits import SAFE_HEADERS
from bot.channels.http.public import public_app
from bot.channels.http.server import HttpServer


@dataclass
class Office:
    """Knows one token, and remembers who unsubscribed."""

    report: dict[str, Any] = field(default_factory=lambda: {"ok": True, "version": "1"})
    unsubscribed: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def health(self) -> Mapping[str, Any]:
        return self.report

    async def unsubscribe(self, token: str) -> bool:
        self.asked.append(token)
        if token != "known-token":
            return False
        self.unsubscribed.append(token)
        return True


@dataclass
class Site:
    office: Office
    url: str
    port: int
    http: aiohttp.ClientSession


async def echo(request: Request) -> Response:
    return PlainTextResponse(await request.body())


@asynccontextmanager
async def running(*, slack: bool = True, max_body: int = 1000, max_seconds: float = 10.0) -> AsyncIterator[Site]:
    office = Office()
    app = public_app(
        health=office.health,
        unsubscribe=office.unsubscribe,
        slack=echo if slack else None,
        max_body=max_body,
        max_seconds=max_seconds,
    )
    server = HttpServer(app, "127.0.0.1", 0)
    await server.start()
    try:
        async with aiohttp.ClientSession() as http:
            yield Site(office, f"http://127.0.0.1:{server.port}", server.port, http)
    finally:
        await server.stop()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with running() as opened:
        yield opened


async def test_slack_is_only_there_when_it_is_on(site: Site) -> None:
    async with site.http.post(f"{site.url}/slack/events", data=b"{}") as answer:
        assert (answer.status, await answer.text()) == (200, "{}")
    async with (
        running(slack=False) as without,
        without.http.post(f"{without.url}/slack/events", data=b"{}") as answer,
    ):
        assert answer.status == 404


async def test_health_is_told_and_decides_the_status(site: Site) -> None:
    async with site.http.get(f"{site.url}/health") as answer:
        assert (answer.status, await answer.json()) == (200, {"ok": True, "version": "1"})
    site.office.report = {"ok": False}
    async with site.http.get(f"{site.url}/health") as answer:
        assert (answer.status, await answer.json()) == (503, {"ok": False})


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/redoc", "/metrics", "/unsubscribe", "/health/x"])
async def test_nothing_else_is_there(site: Site, path: str) -> None:
    async with site.http.get(f"{site.url}{path}") as answer:
        assert answer.status == 404


async def test_every_answer_carries_safe_headers(site: Site) -> None:
    for path in ("/health", "/nothing"):
        async with site.http.get(f"{site.url}{path}") as answer:
            assert {name: answer.headers.get(name) for name in SAFE_HEADERS} == SAFE_HEADERS
            assert "server" not in answer.headers


async def test_one_click_unsubscribes(site: Site) -> None:
    form = {"List-Unsubscribe": "One-Click"}
    for _ in range(2):
        async with site.http.post(f"{site.url}/unsubscribe/known-token", data=form) as answer:
            assert answer.status == 200
    assert site.office.unsubscribed == ["known-token", "known-token"]


async def test_looking_at_the_link_unsubscribes_nobody_and_tells_nothing(site: Site) -> None:
    pages = []
    for token in ("known-token", "unknown-token"):
        async with site.http.get(f"{site.url}/unsubscribe/{token}") as answer:
            assert answer.status == 200
            assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
            pages.append(await answer.text())
        async with site.http.head(f"{site.url}/unsubscribe/{token}") as answer:
            assert answer.status == 200
    assert site.office.unsubscribed == []
    assert pages[0] == pages[1]
    assert '<form method="post">' in pages[0]


@pytest.mark.parametrize("token", ["unknown-token", "x" * 5000, "%00", "<script>"])
async def test_an_unknown_token_is_not_valid_and_is_not_shown(site: Site, token: str) -> None:
    async with site.http.post(f"{site.url}/unsubscribe/{token}") as answer:
        assert answer.status == 404
        assert "script" not in await answer.text()
    assert site.office.unsubscribed == []


@pytest.mark.parametrize(
    ("wanted", "button"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "Abmelden"),
        ("fr", "Se désabonner"),
        ("nl-BE", "Afmelden"),
        ("es-419,es", "Darse de baja"),
        ("pl,sv,de", "Abmelden"),
        ("pl", "Unsubscribe"),
        ("", "Unsubscribe"),
        (",;q=;;" * 300, "Unsubscribe"),
    ],
)
async def test_the_page_speaks_the_readers_language(site: Site, wanted: str, button: str) -> None:
    headers = {"Accept-Language": wanted}
    async with site.http.get(f"{site.url}/unsubscribe/known-token", headers=headers) as answer:
        assert f"<button>{button}</button>" in await answer.text()


async def test_a_body_over_the_limit_is_refused_by_its_stated_size(site: Site) -> None:
    async with site.http.post(f"{site.url}/slack/events", data=b"x" * 1000) as answer:
        assert answer.status == 200
    async with site.http.post(f"{site.url}/slack/events", data=b"x" * 1001) as answer:
        assert answer.status == 413


async def test_a_body_over_the_limit_is_refused_while_it_comes(site: Site) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 100

    async with site.http.post(f"{site.url}/slack/events", data=pieces()) as answer:
        assert answer.status == 413


async def test_a_body_that_never_ends_is_given_up() -> None:
    async with running(max_seconds=0.2) as site:
        reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
        status = await asyncio.wait_for(reader.readline(), 3)
        assert b" 408 " in status
        writer.close()
        await writer.wait_closed()


async def test_half_a_body_reaches_nobody(caplog: pytest.LogCaptureFixture) -> None:
    async with running() as site:
        _, writer = await asyncio.open_connection("127.0.0.1", site.port)
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        await asyncio.sleep(0.1)
        async with site.http.get(f"{site.url}/health") as answer:
            assert answer.status == 200
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_port_in_use_is_an_error_at_the_start() -> None:
    async with running() as site:
        second = HttpServer(echo_app, "127.0.0.1", site.port)
        with pytest.raises(OSError, match="in use"):
            await second.start()
        await second.stop()


async def echo_app(scope: Any, receive: Any, send: Any) -> None:
    await PlainTextResponse("ok")(scope, receive, send)


async def test_the_server_leaves_signals_alone_and_frees_its_port() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    server = HttpServer(echo_app, "127.0.0.1", 0)
    await server.start()
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    port = server.port
    await server.stop()
    await server.stop()
    with socket.create_server(("127.0.0.1", port)):
        pass


async def test_stopping_waits_for_the_request_that_runs() -> None:
    entered = asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        entered.set()
        await asyncio.sleep(0.3)
        await echo_app(scope, receive, send)

    server = HttpServer(slow, "127.0.0.1", 0)
    await server.start()
    async with aiohttp.ClientSession() as http:
        asked = asyncio.create_task(_get(http, f"http://127.0.0.1:{server.port}/"))
        await entered.wait()
        started = time.monotonic()
        await server.stop()
        assert time.monotonic() - started < 20
        assert await asked == 200


async def _get(http: aiohttp.ClientSession, url: str) -> int:
    async with http.get(url) as answer:
        return answer.status


@pytest.mark.parametrize("token", ["%00abc", "known-token%00", "a%20b", "%F0%9F%99%82", "a.b", "x" * 201, "%ED%A0%80"])
async def test_what_cannot_be_a_token_is_nobodys_and_never_asked_for(site: Site, token: str) -> None:
    async with site.http.post(URL(f"{site.url}/unsubscribe/{token}", encoded=True)) as answer:
        assert answer.status == 404
    assert site.office.asked == []
