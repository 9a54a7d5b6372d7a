"""How fast an announcement leaves the house: its mails to a sink over SMTP, beside a bare loop to the same sink.

The sink is a process of its own; the agent's part is the deliver job with its commits, on the same machine as the
database. How long it takes until all is queued is measured by `announcing_people`.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiosmtplib
import psutil
from sqlalchemy import delete

from bot.channels.email.bounce import BounceAddresses
from bot.channels.email.look import look_of
from bot.channels.email.outlet import MailOutlet, MailWriter
from bot.channels.email.own import own_addresses
from bot.channels.email.relay import Relay
from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.outbox import BULK, Destination, Outgoing
from bot.storage.postgres import Postgres
from bot.storage.tables import outbox as rows
from bot.worker.delivering import DeliverJob
from tests.builders import NOW, program

PEOPLE = (1_000, 5_000, 10_000)
STEPS = len(PEOPLE)
CONNECTIONS = 3
GOAL_RATE, WISH_RATE = 150, 300  # mails a second
_BARE = 500
_PORTION = 1_000
_BODY = "Dear Person \\#{number},\n\n" + "\n\n".join(
    f"The **{n}th** thing that is new for you: [read more](https://vendor.example/{n})." for n in range(12)
)


@dataclass(frozen=True, slots=True)
class Delivered:
    """`bare` and `rate` in mails a second, `cpu` of the agent in milliseconds a mail, `memory` in MB that the process
    grew by at most.
    """

    people: int
    bare: float
    rate: float
    cpu: float
    memory: float


async def measure(postgres: Postgres, step: Callable[[], None]) -> list[Delivered]:
    database = Database(postgres)
    await migrate(database.engine)
    found = []
    try:
        async with _sink() as port:
            for people in PEOPLE:
                found.append(await _delivered(database, port, people))
                step()
    finally:
        await database.aclose()
    return found


@asynccontextmanager
async def _sink() -> AsyncIterator[int]:
    """The port of an aiosmtpd that discards what it takes."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.servers", "bare", stdout=asyncio.subprocess.PIPE
    )
    try:
        if process.stdout is None:
            raise RuntimeError("the sink has no output")
        yield int(await process.stdout.readline())
    finally:
        process.kill()
        await process.wait()


async def _delivered(database: Database, port: int, people: int) -> Delivered:
    own = own_addresses(program().vendor, "", program().brand.sender)
    writer = MailWriter(own, "https://partners.example", look_of(program().brand, program().vendor.name))
    async with database.begin() as connection:
        await connection.execute(delete(rows))
    for start in range(0, people, _PORTION):
        async with database.begin() as connection:
            await outbox.put(connection, [_mail(number) for number in range(start, min(people, start + _PORTION))])
    one = _mail(0)
    bare = await _bare(port, writer.write(one.id, one.kind, one.payload, NOW))
    relay = Relay("127.0.0.1", port, tls="none", connections=CONNECTIONS)
    bounces = BounceAddresses(own.domain, "a secret of the benchmark's")
    job = DeliverJob(database, {Destination.MAIL: MailOutlet(relay, writer, own, lambda: NOW, bounces=bounces)})
    watch = asyncio.create_task(_grown())
    began, cpu = time.perf_counter(), time.process_time()
    done = await job(Destination.MAIL)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    watch.cancel()
    await relay.close()
    if done != people:
        raise RuntimeError(f"{done} of {people} mails went")
    return Delivered(people, bare, people / seconds, cpu / people * 1_000, await watch / 1e6)


async def _bare(port: int, raw: bytes) -> float:
    """Mails a second, one after the other over one connection, with nothing noted of them."""
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, use_tls=False, start_tls=False)
    await client.connect()
    began = time.perf_counter()
    for _ in range(_BARE):
        await client.mail("agent@vendor.example")
        await client.rcpt("person@partner.example")
        await client.data(raw)
    rate = _BARE / (time.perf_counter() - began)
    await client.quit()
    return rate


async def _grown() -> int:
    """Bytes that the process held more than at first, at most, until it is cancelled."""
    process = psutil.Process()
    first = most = process.memory_info().rss
    try:
        while True:
            await asyncio.sleep(0.05)
            most = max(most, process.memory_info().rss)
    except asyncio.CancelledError:
        return most - first


def _mail(number: int) -> Outgoing:
    to = f"person{number}@partner{number % 1_000}.example"
    payload = {
        "to": to, "subject": f"News for Partner {number % 1_000}", "text": _BODY.replace("{number}", str(number)),
        "reply_key": secrets.token_hex(16), "opt_out_token": secrets.token_urlsafe(24), "language": "en",
    }  # fmt: skip
    return Outgoing(
        f"announcement:{number}", Destination.MAIL, "announcement", payload, to, f"p-{number % 1_000}", priority=BULK
    )
