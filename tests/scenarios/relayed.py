"""A production agent behind a mail server that proves senders, and the mails that it hands to its relay."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import URL

from config.settings import Settings
from crm.records import Contact
from tests.database import create_database, drop_database
from tests.fakes.relay import FakeRelay
from tests.scenarios.doors import Doors
from tests.scenarios.house import House, open_house
from tests.scenarios.seats import Seat

AUTHSERV = "mx.lumora.example"
STATUS = "Where do all our deals stand?"


@dataclass
class Scene:
    """A production agent behind a mail server that proves senders, and the mails it sent."""

    house: House
    doors: Doors
    relay: FakeRelay

    async def claimed(self, contact: Contact, words: str = STATUS, subject: str = "Deals", **more: str) -> str:
        """The Message-ID of a mail that names this contact and that nothing proves."""
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        key = await self.doors.mail(f"{contact.name} <{contact.email}>", words, subject, headers=headers)
        await self.house.quiet()
        return key

    async def proven(self, contact: Contact, words: str, subject: str, **more: str) -> str:
        return await self.claimed(contact, words, subject, Authentication_Results=passed(contact.email), **more)

    def to(self, address: str) -> list[Message]:
        return [taken.mail for taken in self.relay.taken if taken.to == (address,)]

    def question(self, contact: Contact) -> Message:
        return [mail for mail in self.to(contact.email) if "confirm" in str(mail["Subject"])][-1]

    async def answer(self, sender: str, question: Message, words: str, **headers: str) -> str:
        """An answer to the question, by its Reply-To, from any address."""
        key = await self.doors.mail(
            sender, words, f"Re: {question['Subject']}", to=str(question["Reply-To"]).rpartition("<")[2].rstrip(">"),
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )  # fmt: skip
        await self.house.quiet()
        return key

    async def state(self, key: str) -> tuple[str, str]:
        came = await self.house.one(key)
        return came.trust, came.state

    async def notices(self, seat: Seat) -> list[str]:
        return [t["summary"] for t in await self.house.tasks(partner_id=seat.partner.id, kind="notice")]


def passed(address: str) -> str:
    """The verdict of the mail server in front on a mail that truly comes from this address."""
    return f"{AUTHSERV}; dmarc=pass header.from={address.partition('@')[2]}"


def words(mail: Message) -> str:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    return bytes(part.get_payload(decode=True)).decode()


@asynccontextmanager
async def relayed_house(
    server: URL, template: str, folder: Path, **chosen: Any
) -> AsyncIterator[tuple[House, FakeRelay]]:
    """A production agent on a copy of `template`, and the relay that takes its mails; `chosen` are more settings."""
    relay = FakeRelay()
    await relay.start()
    url = create_database(server, template)
    settings = Settings(
        profile="production",
        data_dir=folder,
        database_url=SecretStr(url.render_as_string(hide_password=False)),
        smtp_port=0,
        http_port=0,
        console_port=0,
        mail_domain="lumora.example",
        relay_host=relay.host,
        relay_port=relay.port,
        relay_tls="none",
        onboarding="off",  # every seat is a new partner
        **chosen,
    )
    async with open_house(settings, seeded=False) as house:
        yield house, relay
    await relay.stop()
    drop_database(server, url)


@asynccontextmanager
async def relayed_scene(server: URL, template: str, folder: Path) -> AsyncIterator[Scene]:
    async with relayed_house(server, template, folder, trusted_authserv_id=AUTHSERV) as (house, relay):
        yield Scene(house, Doors(house), relay)
