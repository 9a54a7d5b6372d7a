"""How many automatic answers go to one place: an address, a domain somebody only names, a thread, a Slack channel."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from bot.storage import inbox, threads
from bot.storage.answers import NOTICE, REPLY, put_answer
from bot.storage.caps import Answering, over_cap
from bot.storage.database import Database
from bot.storage.inbox import Arrival, Inbox, InboxState
from bot.storage.queue import Queue
from bot.vocabulary.message import ReplyAddress
from bot.vocabulary.reply import Reply
from crm.records import Channel
from tests.builders import NOW

CAPS = Answering(
    "lumora.example", proven_per_hour=4, proven_per_day=6, unproven_per_day=2, unproven_domain_per_day=3,
    domain_per_hour=7, domain_per_day=9, channel_per_hour=4, thread_per_hour=3, thread_per_day=5,
)  # fmt: skip


def mail(name: str = "sara", domain: str = "brightpath.example") -> ReplyAddress:
    return ReplyAddress(to=f"{name}@{domain}", subject="Hello")


def slack(thread: str = "1.0", channel: str = "C1") -> ReplyAddress:
    return ReplyAddress(slack_channel=channel, slack_thread_ts=thread)


@dataclass
class House:
    storage: Database
    queue: Queue

    async def thread(self) -> str:
        async with self.storage.begin() as connection:
            return await threads.open_thread(connection, Channel.EMAIL, "Hello", partner_id=None)

    async def answered(
        self, to: ReplyAddress, *, proven: bool = True, thread: str | None = None, kind: str = REPLY,
        ago: timedelta = timedelta(),
    ) -> None:  # fmt: skip
        arrival = Arrival(Channel.EMAIL, b"raw", {}, NOW, lock="a")
        await Inbox(self.storage, self.queue).accept([arrival])
        async with self.storage.begin() as connection:
            trust = "proven" if proven else "claimed"
            await inbox.mark(connection, arrival.id, InboxState.HANDLED, trust=trust)
            row = await put_answer(
                connection, str(uuid4()), kind, to, Reply("answer", "en"), mail_domain="lumora.example",
                thread_id=thread, partner_id=None, inbox_id=arrival.id,
            )  # fmt: skip
            when = {"id": row.id, "at": datetime.now(UTC) - ago}
            await connection.execute(text("update outbox set created_at = :at where id = :id"), when)

    async def why_not(
        self, to: ReplyAddress, *, proven: bool = True, thread: str | None = None, later: timedelta = timedelta()
    ) -> str:
        async with self.storage.begin() as connection:
            now = datetime.now(UTC) + later
            over = await over_cap(connection, CAPS, to, thread_id=thread, proven=proven, now=now)
        return over.words if over else ""


@pytest.fixture
def house(storage: Database, queue: Queue) -> House:
    return House(storage, queue)


async def test_a_proven_address_gets_so_many_in_an_hour(house: House) -> None:
    for _ in range(3):
        await house.answered(mail())
    assert not await house.why_not(mail())
    await house.answered(mail())
    assert await house.why_not(mail()) == "sara@brightpath.example got too many already"
    assert not await house.why_not(mail("tom"))
    assert not await house.why_not(mail(), later=timedelta(minutes=61))


async def test_an_address_is_the_same_however_it_is_written(house: House) -> None:
    for to in (mail("sara"), mail("SARA"), mail("Sara"), mail("sARA")):
        await house.answered(to)
    assert await house.why_not(mail("SaRa"))


async def test_what_nobody_asked_for_just_now_does_not_count(house: House) -> None:
    for _ in range(4):
        await house.answered(mail(), kind=NOTICE)
    assert not await house.why_not(mail())


async def test_an_unproven_address_gets_few_in_a_day(house: House) -> None:
    for _ in range(2):
        await house.answered(mail(), proven=False)
    assert await house.why_not(mail(), proven=False)
    assert await house.why_not(mail(), proven=False, later=timedelta(hours=23))
    assert not await house.why_not(mail(), proven=False, later=timedelta(hours=25))


async def test_a_domain_that_is_only_named_gets_few_in_a_day_whatever_the_addresses(house: House) -> None:
    for name in ("ann", "bob", "cem"):
        await house.answered(mail(name), proven=False)
    assert "brightpath.example" in await house.why_not(mail("dora"), proven=False)
    assert not await house.why_not(mail("dora"), proven=True)
    assert not await house.why_not(mail("dora", "other.example"), proven=False)


async def test_answers_to_proven_senders_do_not_use_up_their_domain(house: House) -> None:
    for name in ("ann", "bob", "cem"):
        await house.answered(mail(name))
    assert not await house.why_not(mail("dora"), proven=False)


async def test_a_mail_thread_gets_so_many_in_an_hour_whoever_writes_in_it(house: House) -> None:
    thread = await house.thread()
    for name in ("ann", "bob", "cem"):
        await house.answered(mail(name), thread=thread)
    assert await house.why_not(mail("dora"), thread=thread) == "the thread got too many already"
    assert not await house.why_not(mail("dora"), thread=await house.thread())


async def test_a_slack_thread_gets_so_many_in_an_hour(house: House) -> None:
    thread = await house.thread()
    for _ in range(3):
        await house.answered(slack(), thread=thread)
    assert await house.why_not(slack(), thread=thread) == "the thread got too many already"
    assert not await house.why_not(slack("2.0"), thread=await house.thread())


async def test_a_slack_channel_gets_so_many_in_an_hour_in_all_its_threads(house: House) -> None:
    for n in range(4):
        await house.answered(slack(f"{n}.0"), thread=await house.thread())
    assert await house.why_not(slack("9.0"), thread=await house.thread()) == "C1 got too many already"
    assert await house.why_not(slack("9.0"), proven=False)
    assert not await house.why_not(slack("9.0", "C2"))
    assert not await house.why_not(slack("9.0"), proven=False, later=timedelta(minutes=61))


async def test_a_proven_address_gets_so_many_in_a_day(house: House) -> None:
    for hours in (1.1, 5, 9, 13, 17, 21):
        await house.answered(mail(), ago=timedelta(hours=hours))
    assert await house.why_not(mail()) == "sara@brightpath.example got too many already"
    assert not await house.why_not(mail(), later=timedelta(hours=4))


async def test_a_thread_gets_so_many_in_a_day(house: House) -> None:
    thread = await house.thread()
    for hours in (1.1, 5, 9, 13, 17):
        await house.answered(mail(), thread=thread, ago=timedelta(hours=hours))
    assert await house.why_not(mail(), thread=thread) == "the thread got too many already"


async def test_a_domain_gets_so_many_in_an_hour_however_the_address_varies(house: House) -> None:
    """A program that gives each mail an address of its own and opens a thread with it, as CRM relays do."""
    for n in range(7):
        assert not await house.why_not(mail(f"case-{n}"), thread=await house.thread())
        await house.answered(mail(f"case-{n}"), thread=await house.thread())
    why = await house.why_not(mail("case-8"), thread=await house.thread())
    assert why == "the domain brightpath.example got too many already"
    assert not await house.why_not(mail("ann", "other.example"))
    assert not await house.why_not(mail("case-8"), later=timedelta(minutes=61))


async def test_a_domain_gets_so_many_in_a_day(house: House) -> None:
    for n in range(9):
        await house.answered(mail(f"case-{n}"), ago=timedelta(hours=1.1 + n))
    assert await house.why_not(mail("ann")) == "the domain brightpath.example got too many already"


async def test_workers_at_once_do_not_exceed_a_cap(house: House) -> None:
    """Each looks and answers in a transaction of its own; nobody waits for anybody's names in a ring."""
    thread, held = await house.thread(), asyncio.Barrier(8)

    async def one(n: int) -> bool:
        to = mail(f"case-{n}")
        await held.wait()
        async with house.storage.begin() as connection:
            over = await over_cap(connection, CAPS, to, thread_id=thread, proven=True, now=datetime.now(UTC))
            await asyncio.sleep(0.05)
            if over is None:
                await put_answer(
                    connection, str(uuid4()), REPLY, to, Reply("answer", "en"), mail_domain="lumora.example",
                    thread_id=thread, partner_id=None,
                )  # fmt: skip
            return over is None

    assert sum(await asyncio.gather(*(one(n) for n in range(8)))) == 3


async def test_a_manager_is_told_of_a_cap_once_a_day(house: House) -> None:
    for _ in range(4):
        await house.answered(mail())
    now = datetime.now(UTC)
    async with house.storage.begin() as connection:
        over = await over_cap(connection, CAPS, mail(), thread_id=None, proven=True, now=now)
        again = await over_cap(connection, CAPS, mail(), thread_id=None, proven=True, now=now)
    assert over is not None
    assert again is not None
    assert over.key(now) == again.key(now)
    assert over.key(now) != over.key(now + timedelta(days=1))
