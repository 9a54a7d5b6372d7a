"""Without a mail server in front: the agent takes mail from anybody and finds out itself who wrote it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

import pytest
import pytest_asyncio
from sqlalchemy import URL

from tests.fakes.dkim_keys import ed25519_key, rsa_key, sign
from tests.fakes.dns_server import FakeDnsServer
from tests.fakes.relay import FakeRelay
from tests.fakes.zone import Zone
from tests.scenarios.doors import Doors
from tests.scenarios.house import House
from tests.scenarios.relayed import STATUS, relayed_house
from tests.scenarios.seats import Seat, take_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("own check")]


@dataclass
class Scene:
    """A production agent that asks a DNS of the test's."""

    house: House
    doors: Doors
    relay: FakeRelay
    zone: Zone

    async def seat(self) -> tuple[Seat, str]:
        """A partner, and its main contact's domain, which publishes a key and a policy."""
        seat = await take_seat(self.house, "quaywise")
        domain = seat.contacts[seat.main].email.partition("@")[2]
        self.zone.add(f"k1._domainkey.{domain}", "TXT", rsa_key().record)
        self.zone.add(f"_dmarc.{domain}", "TXT", "v=DMARC1; p=reject")
        return seat, domain

    async def send(self, raw: bytes, envelope: str) -> str:
        """The trust that the mail ends up with."""
        await self.doors.raw_mail(raw, envelope, self.house.app.own.author.address)
        await self.house.quiet()
        return await self.trust(raw)

    async def trust(self, raw: bytes) -> str:
        message_id = raw.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode()
        return (await self.house.one(message_id)).trust

    def letter(self, seat: Seat, *, shown: str = "") -> bytes:
        contact = seat.contacts[seat.main]
        message = EmailMessage()
        message["From"] = shown or f"{contact.name} <{contact.email}>"
        message["To"] = self.house.app.own.author.address
        message["Subject"] = "Deals"
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain="sender.example")
        message["Authentication-Results"] = f"{self.house.app.own.domain}; dmarc=pass header.from={contact.email}"
        message["X-Partnerline-Proof"] = "dmarc"
        message.set_content(STATUS)
        return message.as_bytes().replace(b"\n", b"\r\n")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(
    postgres_server: URL, partners_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    server = FakeDnsServer(Zone())
    await server.start()
    folder = tmp_path_factory.mktemp("own")
    async with relayed_house(
        postgres_server, partners_template, folder, sender_check="own", dns_servers=server.address
    ) as (house, relay):
        yield Scene(house, Doors(house), relay, server.zone)
    await server.stop()


async def test_a_signed_mail_is_proven_and_answered(scene: Scene) -> None:
    seat, domain = await scene.seat()
    contact = seat.contacts[seat.main]
    raw = sign(scene.letter(seat), rsa_key(), domain)
    assert await scene.send(raw, "bounces@service.example") == "proven"
    answers = [taken.mail for taken in scene.relay.taken if taken.to == (contact.email,)]
    assert "Pelican" in str(answers[0])


async def test_a_spoofed_mail_is_claimed_whatever_verdict_it_brings(scene: Scene) -> None:
    seat, domain = await scene.seat()
    contact = seat.contacts[seat.main]
    scene.zone.add("k1._domainkey.evil.example", "TXT", ed25519_key().record)
    for raw in (
        scene.letter(seat),
        sign(scene.letter(seat), ed25519_key(), "evil.example"),
        sign(scene.letter(seat), ed25519_key(), domain),
    ):
        assert await scene.send(raw, contact.email) == "claimed"
    told = [str(taken.mail) for taken in scene.relay.taken if taken.to == (contact.email,)]
    assert not any("Pelican" in mail for mail in told)


async def test_a_forger_with_a_name_that_looks_like_a_partner_is_a_stranger(scene: Scene) -> None:
    seat, _ = await scene.seat()
    contact = seat.contacts[seat.main]
    scene.zone.add("k1._domainkey.looks.example", "TXT", ed25519_key().record)
    raw = sign(scene.letter(seat, shown=f'"{contact.email}" <eve@looks.example>'), ed25519_key(), "looks.example")
    assert await scene.send(raw, "eve@looks.example") == "unknown"


async def test_a_record_that_names_this_very_machine_proves_nobody(scene: Scene) -> None:
    seat, domain = await scene.seat()
    scene.zone.add(domain, "TXT", "v=spf1 ip4:127.0.0.1 -all")
    assert await scene.send(scene.letter(seat), f"bounces@{domain}") == "claimed"
