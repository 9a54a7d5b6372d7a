"""Hostile mail through the front door: kept and shown, answered once where that is allowed, in nobody's way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import Message

import pytest
import pytest_asyncio
from sqlalchemy import URL, text

from benchmarks.hostile_mails import READABLE
from tests.fakes.relay import FakeRelay
from tests.scenarios.doors import Doors
from tests.scenarios.house import House
from tests.scenarios.relayed import AUTHSERV, relayed_house
from tests.scenarios.seats import Seat, take_seat

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("hostile mail")]

BEYOND = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 300


@dataclass
class Scene:
    """A production agent behind a mail server that proves senders."""

    house: House
    doors: Doors
    relay: FakeRelay

    async def send(self, sender: str, rest: bytes, *, proven: bool = True) -> None:
        domain = sender.partition("@")[2]
        verdict = f"Authentication-Results: {AUTHSERV}; dmarc=pass header.from={domain}\r\n" if proven else ""
        raw = f"{verdict}From: {sender}\r\nTo: {self.to}\r\nSubject: Our deals\r\n".encode() + rest
        await self.doors.raw_mail(raw, sender, self.to)

    @property
    def to(self) -> str:
        return self.house.app.own.author.address

    def sent_to(self, address: str) -> list[Message]:
        return [taken.mail for taken in self.relay.taken if taken.to == (address,)]

    async def answered(self, address: str, message_id: str, within: float) -> None:
        async with asyncio.timeout(within):
            while True:
                if any(mail["In-Reply-To"] == message_id for mail in self.sent_to(address)):
                    return
                await asyncio.sleep(0.1)

    async def shunted(self, sender: str) -> list[str]:
        async with self.house.app.database.begin() as connection:
            query = "select error from inbox where state = 'shunted' and envelope ->> 'mail_from' = :sender"
            return list(await connection.scalars(text(query), {"sender": sender}))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(
    postgres_server: URL, partners_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("hostile")
    async with relayed_house(postgres_server, partners_template, folder, trusted_authserv_id=AUTHSERV) as (
        house,
        relay,
    ):
        yield Scene(house, Doors(house), relay)


async def _known(scene: Scene) -> tuple[Seat, str]:
    seat = await take_seat(scene.house, "quaywise")
    return seat, seat.contacts[seat.main].email


async def test_who_is_proven_is_told_once_and_the_next_mail_is_answered(scene: Scene) -> None:
    _, address = await _known(scene)
    await scene.send(address, b"Message-ID: <bad-1@sender.example>\r\n" + BEYOND)
    await scene.send(address, b"Message-ID: <bad-2@sender.example>\r\n" + BEYOND)
    await scene.send(address, b"Message-ID: <good@sender.example>\r\n\r\nWhere do all our deals stand?\r\n")
    await scene.house.quiet()
    assert await scene.shunted(address) == ["more than 200 parts"] * 2
    answers = {str(mail["In-Reply-To"]): str(mail) for mail in scene.sent_to(address)}
    assert set(answers) == {"<bad-1@sender.example>", "<good@sender.example>"}
    assert "could not read it" in answers["<bad-1@sender.example>"].replace("=\n", "").replace("\n", " ")
    tasks = [task for task in await scene.house.tasks() if task["kind"] == "shunted"]
    assert len(tasks) == 2


async def test_who_only_claims_to_be_known_and_who_is_unknown_are_told_nothing(scene: Scene) -> None:
    _, address = await _known(scene)
    before = len(scene.relay.taken)
    await scene.send(address, b"Message-ID: <claimed@sender.example>\r\n" + BEYOND, proven=False)
    await scene.send("eve@elsewhere.example", b"Message-ID: <unknown@sender.example>\r\n" + BEYOND)
    await scene.house.quiet()
    assert len(scene.relay.taken) == before
    assert await scene.shunted("eve@elsewhere.example") == ["more than 200 parts"]


async def test_many_large_hostile_mails_do_not_hold_up_an_ordinary_one(scene: Scene) -> None:
    _, address = await _known(scene)
    slow = READABLE["introductions beside formatting"]
    for number in range(10):
        await scene.doors.raw_mail(b"X-N: %d\r\n" % number + slow, f"n{number}@elsewhere.example", scene.to)
    await scene.send(address, b"Message-ID: <prompt@sender.example>\r\n\r\nWhere do all our deals stand?\r\n")
    await scene.answered(address, "<prompt@sender.example>", within=20)
    await scene.house.quiet()
    async with scene.house.app.database.begin() as connection:
        left = await connection.scalar(text("select count(*) from inbox where state in ('received', 'read')"))
    assert left == 0
