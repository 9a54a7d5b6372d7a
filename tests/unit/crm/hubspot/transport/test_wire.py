"""How long and how large an answer may be, and what is known where none came."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from crm.adapters.hubspot.options import HubSpotOptions
from crm.adapters.hubspot.transport.wire import Bounds, Lost, NotSent, Raw, Request, Wire
from tests.fakes.scripted_http import Reply, scripted_http

SHORT = Bounds(connect=0.2, read=0.2, whole=0.3, largest=1_000_000)
ASK = Request("POST", "/crm/objects/2026-03/notes", body={"properties": {}})
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


async def exchange(url: str, bounds: Bounds = SHORT) -> Raw:
    wire = Wire(HubSpotOptions("pat", url=url), bounds)
    try:
        return await asyncio.to_thread(wire.exchange, ASK)
    finally:
        wire.close()


@asynccontextmanager
async def saying(*parts: bytes, every: float = 0.0) -> AsyncIterator[str]:
    """A server that answers the first bytes it hears with these parts, one after the other, and waits for no more."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for part in parts:
            writer.write(part)
            await asyncio.sleep(every)
        await reader.read()
        writer.close()
        await writer.wait_closed()

    def until_hung_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said.append(asyncio.create_task(say(reader, writer)))

    said: list[asyncio.Task[None]] = []
    server = await asyncio.start_server(until_hung_up, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    await asyncio.gather(*said, return_exceptions=True)


async def test_a_server_that_says_nothing_is_not_waited_for() -> None:
    async with saying() as url:
        with pytest.raises(Lost, match="timed out"):
            await exchange(url)


async def test_nor_is_one_that_stops_in_the_middle() -> None:
    async with saying(HEAD + b"Content-Length: 100\r\n\r\n{") as url:
        with pytest.raises(Lost, match="timed out"):
            await exchange(url)


async def test_nor_one_that_says_a_byte_now_and_then() -> None:
    drops = [b" "] * 15
    async with saying(HEAD + b"Content-Length: 100\r\n\r\n", *drops, every=0.05) as url:
        with pytest.raises(Lost, match="takes too long"):
            await exchange(url)


@pytest.mark.parametrize(
    ("said", "length"),
    [
        (b"Content-Length: 2\r\n\r\n{}", 2),
        (b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 2),
        (b"Connection: close\r\nContent-Length: 2\r\n\r\n{}", 2),
        (b"Content-Encoding: gzip\r\nContent-Length: 0\r\n\r\n", 0),
    ],
)
async def test_every_way_to_send_a_body_is_understood(said: bytes, length: int) -> None:
    async with saying(HEAD + said) as url:
        assert len((await exchange(url)).content) == length


@pytest.mark.parametrize(
    "said",
    [
        b"Content-Length: 9\r\n\r\n{}",
        b"Content-Length: nine\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}",
        b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        b"X: " + b"x" * 100_000 + b"\r\nContent-Length: 2\r\n\r\n{}",
    ],
)
async def test_http_that_is_broken_is_a_lost_answer(said: bytes) -> None:
    async with saying(HEAD + said) as url:
        with pytest.raises(Lost):
            await exchange(url)


async def test_a_large_answer_is_read_whole() -> None:
    body = b'{"results": "' + b"x" * 900_000 + b'"}'
    async with scripted_http(Reply(200, body)) as server:
        assert (await exchange(server.url, Bounds(largest=1_000_000))).content == body


@pytest.mark.parametrize("status", [200, 500])
async def test_one_that_is_too_large_is_given_up(status: int) -> None:
    async with scripted_http(Reply(status, b"x" * 1_100_000)) as server:
        with pytest.raises(Lost, match="too long"):
            await exchange(server.url, Bounds(largest=1_000_000))


async def test_one_that_is_small_only_on_the_way_is_given_up_too() -> None:
    bomb = gzip.compress(b"0" * 50_000_000, 9)
    assert len(bomb) < 100_000
    async with scripted_http(Reply(200, bomb, {"Content-Encoding": "gzip"})) as server:
        with pytest.raises(Lost, match="too long"):
            await exchange(server.url, Bounds(largest=1_000_000))


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://nowhere.invalid", "https://nowhere.invalid"])
async def test_where_nobody_is_nothing_was_sent(url: str) -> None:
    with pytest.raises(NotSent):
        await exchange(url)


async def test_an_address_without_tls_is_no_answer() -> None:
    async with scripted_http() as server:
        with pytest.raises((Lost, NotSent)):
            await exchange(server.url.replace("http:", "https:"))
    assert server.heard == []


def test_the_token_is_not_shown() -> None:
    wire = Wire(HubSpotOptions("pat-5ec2e7"))
    assert "5ec2e7" not in repr(wire)
    wire.close()
