"""How many mails the edge takes, each committed before its 250, against a bare server that discards them."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median

import psutil

SESSIONS = (1, 20)
ROUNDS = 3
BYTES = 5_000
_MAILS = {1: 400, 20: 2_000}
_WARM = 100


@dataclass(frozen=True, slots=True)
class Rate:
    """Mails a second, and the server's own milliseconds of processor for each."""

    per_second: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Accepting:
    """The rounds of one number of sessions, a bare run and an edge run in each."""

    sessions: int
    rounds: tuple[tuple[Rate, Rate], ...]

    @property
    def bare(self) -> Rate:
        return _median([bare for bare, _ in self.rounds])

    @property
    def edge(self) -> Rate:
        return _median([edge for _, edge in self.rounds])

    @property
    def ratio(self) -> float:
        """Of each round's two rates, so that what else the machine does weighs on both."""
        return median(edge.per_second / bare.per_second for bare, edge in self.rounds)


def _median(rates: list[Rate]) -> Rate:
    return Rate(median(r.per_second for r in rates), median(r.cpu_ms for r in rates))


async def measure(database_url: str, step: Callable[[], None]) -> list[Accepting]:
    async with _server("bare", database_url) as bare, _server("edge", database_url) as edge:
        for server in (bare, edge):
            await _rate(server, 4, _WARM)
        found = []
        for sessions in SESSIONS:
            rounds = []
            for _ in range(ROUNDS):
                mails = _MAILS[sessions]
                rounds.append((await _rate(bare, sessions, mails), await _rate(edge, sessions, mails)))
                step()
            found.append(Accepting(sessions, tuple(rounds)))
        return found


@dataclass(frozen=True, slots=True)
class _Server:
    process: psutil.Process
    port: int

    def cpu(self) -> float:
        spent = self.process.cpu_times()
        return float(spent.user + spent.system)


@asynccontextmanager
async def _server(name: str, database_url: str) -> AsyncIterator[_Server]:
    environment = {**os.environ, "DATABASE_URL": database_url}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.servers", name, stdout=asyncio.subprocess.PIPE, env=environment
    )
    try:
        if process.stdout is None:
            raise RuntimeError("the server has no output")
        port = int(await asyncio.wait_for(process.stdout.readline(), 60))
        yield _Server(psutil.Process(process.pid), port)
    finally:
        process.kill()
        await process.wait()


async def _rate(server: _Server, sessions: int, mails: int) -> Rate:
    cpu, began = server.cpu(), time.perf_counter()
    await asyncio.gather(*(_session(server.port, mails // sessions) for _ in range(sessions)))
    took = time.perf_counter() - began
    return Rate(mails / took, (server.cpu() - cpu) / mails * 1_000)


async def _session(port: int, mails: int) -> None:
    """One connection that sends its mails one after the other, in as few writes as the protocol allows."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def say(line: bytes, code: bytes) -> None:
        writer.write(line)
        while not (answer := await reader.readline()).startswith(code + b" "):
            if not answer.startswith(code + b"-"):
                raise RuntimeError(f"the server said {answer!r}")

    await say(b"", b"220")
    await say(b"EHLO benchmark\r\n", b"250")
    for number in range(mails):
        await say(b"MAIL FROM:<sara@brightpath.example>\r\n", b"250")
        await say(b"RCPT TO:<partners@lumora.example>\r\n", b"250")
        await say(b"DATA\r\n", b"354")
        await say(_mail(number), b"250")
    writer.write(b"QUIT\r\n")
    writer.close()
    await writer.wait_closed()


def _mail(number: int) -> bytes:
    head = (
        "From: Sara Lind <sara@brightpath.example>\r\nTo: partners@lumora.example\r\nSubject: Hello\r\n"
        f"Message-ID: <{os.getpid()}.{number}.{time.perf_counter_ns()}@brightpath.example>\r\n\r\n"
    ).encode()
    line = b"We would like to know how long a deal is protected once it is registered.\r\n"
    return head + line * ((BYTES - len(head)) // len(line) + 1) + b".\r\n"
