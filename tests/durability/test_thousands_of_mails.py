"""Mails by the thousand while the database restarts and dies: what got 250 is there, and nothing happens twice."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from tests.durability.crowd import Crowd
from tests.durability.mails import AUTHSERV, Sent
from tests.durability.processes import Mortal, free_port
from tests.durability.sender import LOST
from tests.durability.server import OwnServer, own_server

MAILS = int(os.environ.get("DURABLE_MAILS", "1500"))  # `make plays` sends 5,000
SESSIONS = 20
DEAF_TO = 100  # of each so many the sender loses an answer

_KEPT = """
select substring(convert_from(raw, 'UTF8') from 'Message-ID: (<[^>]+>)') as message_id, id::text, state from inbox
"""
_FORGET_OTHERS = "delete from procrastinate_jobs where args ->> 'inbox_id' <> all(:ids)"


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_what_got_250_is_there_and_nothing_happens_twice(tmp_path: Path) -> None:
    sent = [_mail(number) for number in range(MAILS)]
    with own_server() as server:
        environment = _environment(server, tmp_path)
        accepting = Mortal("accept", environment, tmp_path / "accept.log")
        crowd = Crowd(int(environment["PARTNERLINE_SMTP_PORT"]), sent, deaf_to=DEAF_TO)
        try:
            await accepting.start()
            async with asyncio.TaskGroup() as group:
                group.create_task(crowd.send(SESSIONS))
                group.create_task(_when(crowd, MAILS // 4, server.restart))
                group.create_task(_when(crowd, MAILS // 2, server.kill))
        finally:
            await accepting.end()
        _every_mail_got_its_250(crowd, sent)
        kept = await _kept(server)
        _each_is_there(crowd, kept)
        doubled = [message_id for message_id, ids in kept.items() if len(ids) > 1]
        assert len(doubled) >= MAILS // DEAF_TO // 2
        handled = await _worked_off(server, environment, tmp_path, [i for m in doubled for i in kept[m]])
    once = {message_id: its.total() - its["duplicate"] for message_id, its in handled.items()}
    assert once == dict.fromkeys(doubled, 1)


def _every_mail_got_its_250(crowd: Crowd, sent: list[Sent]) -> None:
    assert set(crowd.codes) == {mail.message_id for mail in sent}
    assert {codes[-1] for codes in crowd.codes.values()} == {250}
    every = Counter(code for codes in crowd.codes.values() for code in codes)
    assert every[250] == MAILS
    assert every[451] > 0
    assert set(every) == {250, 451, LOST}


def _each_is_there(crowd: Crowd, kept: dict[str, list[str]]) -> None:
    """Once; more often only where the sender had heard no 250 and sent it again, and never more often than it did."""
    assert set(kept) == set(crowd.codes)
    assert all(len(kept[m]) == 1 for m, codes in crowd.codes.items() if codes == [250])
    assert all(len(kept[m]) <= len(codes) for m, codes in crowd.codes.items())


async def _when(crowd: Crowd, taken: int, happens: Callable[[], None]) -> None:
    await crowd.has_taken(taken)
    await asyncio.to_thread(happens)


async def _kept(server: OwnServer) -> dict[str, list[str]]:
    """The ids of the rows under each Message-ID."""
    found: dict[str, list[str]] = {}
    async with _connected(server) as connection:
        for message_id, inbox_id, _ in await connection.execute(text(_KEPT)):
            found.setdefault(message_id, []).append(inbox_id)
    return found


async def _worked_off(
    server: OwnServer, environment: dict[str, str], folder: Path, ids: list[str]
) -> dict[str, Counter[str]]:
    """The states of these rows, by Message-ID, once a worker has read and handled them."""
    async with _connected(server) as connection:
        await connection.execute(text(_FORGET_OTHERS), {"ids": ids})
        await connection.commit()
    working = Mortal("work", environment, folder / "work.log")
    try:
        await working.start()
        async with asyncio.timeout(120):
            while True:
                states = await _states(server, ids)
                if _settled(states.values()):
                    return states
                await asyncio.sleep(0.5)
    finally:
        await working.end()


def _settled(states: Iterable[Counter[str]]) -> bool:
    return not any(its["received"] or its["read"] for its in states)


async def _states(server: OwnServer, ids: list[str]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    async with _connected(server) as connection:
        for message_id, _, state in await connection.execute(text(f"{_KEPT} where id::text = any(:ids)"), {"ids": ids}):
            found.setdefault(message_id, Counter())[state] += 1
    return found


@asynccontextmanager
async def _connected(server: OwnServer) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(make_url(server.dsn).set(drivername="postgresql+psycopg"))
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


def _environment(server: OwnServer, folder: Path) -> dict[str, str]:
    """Production without a limit on rates, since a few senders write everything."""
    return {
        "DATABASE_URL": server.dsn,
        "PARTNERLINE_PROFILE": "production",
        "PARTNERLINE_DATA_DIR": str(folder),
        "PARTNERLINE_MAIL_DOMAIN": "lumora.example",
        "PARTNERLINE_TRUSTED_AUTHSERV_ID": AUTHSERV,
        "PARTNERLINE_SMTP_PORT": str(free_port()),
        "PARTNERLINE_HTTP_PORT": "0",
        "PARTNERLINE_CONSOLE_PORT": "0",
        "PARTNERLINE_SMTP_SENDER_MAILS_PER_HOUR": "0",
        "PARTNERLINE_SMTP_DOMAIN_MAILS_PER_HOUR": "0",
    }


def _mail(number: int) -> Sent:
    domain = f"partner{number % 40}.example"
    message_id, sender = f"<{number}@{domain}>", f"person{number % 200}@{domain}"
    raw = (
        f"From: {sender}\r\nTo: partners@lumora.example\r\nSubject: Question {number}\r\n"
        f"Date: Thu, 26 Nov 2026 10:00:00 +0100\r\nMessage-ID: {message_id}\r\n\r\n"
        f"How long is a deal protected? This is question {number}.\r\n"
    )
    return Sent(message_id, sender, "", raw.encode())
