"""What a call to HubSpot costs the agent: its turn within the limits, the exchange, and both with many at once.

The server is a process of its own that answers at once with the same body; the baseline sends the same bytes with
nothing but a pool of connections.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass

import urllib3
from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from crm.adapters.hubspot import migrate
from crm.adapters.hubspot.options import HubSpotOptions
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.calls import Budget
from crm.adapters.hubspot.transport.client import HubSpot
from crm.adapters.hubspot.transport.limits import Limits

AT_ONCE = (1, 8)
INPUTS = (1, 100)
CALLS = 400
ROUNDS = 3
_TEXT = "Quarterly review with the customer; next step is a quote for 120 seats. " * 5
_NO_LIMIT = 10**7


@dataclass(frozen=True, slots=True)
class Called:
    """Milliseconds a call at `at_once` of `inputs` records each: bare, through the client, and of its turn alone.

    `cpu` is what this process needs for a call through the client, `statements` what it asks of the database.
    """

    inputs: int
    at_once: int
    bare: float
    client: float
    turn: float
    cpu: float
    statements: float

    @property
    def ratio(self) -> float:
        return self.client / self.bare

    @property
    def per_second(self) -> float:
        return 1_000 / self.client


async def measure(database_url: URL, step: Callable[[], None]) -> list[Called]:
    engine = create_async_engine(database_url, pool_size=max(AT_ONCE))
    await migrate(engine)
    found = []
    try:
        async with _server() as url:
            for inputs in INPUTS:
                for at_once in AT_ONCE:
                    rounds = [await _round(engine, url, inputs, at_once) for _ in range(ROUNDS)]
                    found.append(sorted(rounds, key=lambda one: one.client)[ROUNDS // 2])
                    step()
    finally:
        await engine.dispose()
    return found


async def _round(engine: AsyncEngine, url: str, inputs: int, at_once: int) -> Called:
    body = _body(inputs)
    options = HubSpotOptions("token", url=url, burst=_NO_LIMIT, searches=_NO_LIMIT, daily=_NO_LIMIT, threads=at_once)
    client, limits = HubSpot(engine, options), Limits(engine, options)

    async def call() -> None:
        await client.call(calls.BATCH_UPSERT, at={"type": "deals"}, body=body)

    async def turn() -> None:
        await limits.take(Budget.BURST)

    statements = _Counted(engine)
    await _each(call, at_once, 2 * at_once)
    began_cpu, began = time.process_time(), statements.count
    through = await _each(call, at_once, CALLS)
    cpu, asked = (time.process_time() - began_cpu) * 1_000 / CALLS, (statements.count - began) / CALLS
    alone = await _each(turn, at_once, CALLS)
    statements.end()
    await client.aclose()
    return Called(inputs, at_once, await _bare(url, body, at_once), through, alone, cpu, asked)


async def _bare(url: str, body: object, at_once: int) -> float:
    pool = urllib3.PoolManager(maxsize=at_once)
    place = f"{url}/crm/objects/2026-03/deals/batch/upsert"

    def send() -> None:
        json.loads(pool.request("POST", place, body=json.dumps(body).encode()).data)

    with ThreadPoolExecutor(at_once) as threads:

        async def call() -> None:
            await asyncio.get_running_loop().run_in_executor(threads, send)

        await _each(call, at_once, 2 * at_once)
        return await _each(call, at_once, CALLS)


async def _each(call: Callable[[], Awaitable[None]], at_once: int, number: int) -> float:
    """Milliseconds a call."""

    async def some() -> None:
        for _ in range(number // at_once):
            await call()

    began = time.perf_counter()
    await asyncio.gather(*(some() for _ in range(at_once)))
    return (time.perf_counter() - began) * 1_000 / (number // at_once * at_once)


class _Counted:
    """How many statements went to the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.count = 0
        self._engine = engine.sync_engine
        event.listen(self._engine, "before_cursor_execute", self._one)

    def _one(self, *_: object) -> None:
        self.count += 1

    def end(self) -> None:
        event.remove(self._engine, "before_cursor_execute", self._one)


def _body(inputs: int) -> dict[str, object]:
    return {
        "inputs": [
            {"id": f"D-{number:06}", "idProperty": "partnerline_number", "properties": {"dealname": _TEXT}}
            for number in range(inputs)
        ]
    }


@asynccontextmanager
async def _server() -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.calling", stdout=subprocess.PIPE, stdin=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(await process.stdout.readline())}"
    finally:
        process.terminate()
        await process.wait()


async def _serve() -> None:
    """Gives the inputs of a batch back as results, without looking into them."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            body = (await reader.readexactly(length)).replace(b'"inputs"', b'"results"', 1)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body))
            writer.write(body)

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Awaitable[None]:
        return _until_hung_up(answer(reader, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 24)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


async def _until_hung_up(answering: Awaitable[None]) -> None:
    try:
        await answering
    except (asyncio.IncompleteReadError, ConnectionError):
        return


if __name__ == "__main__":
    asyncio.run(_serve())
