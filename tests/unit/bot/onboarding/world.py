"""A vendor whose partners come one after the other, with what they do and what they are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select, text

from bot.desk.unasked import Letters
from bot.onboarding.desk import OnboardingDesk
from bot.onboarding.letters import NewPartnersLetters
from bot.onboarding.rules import OnboardingRules
from bot.onboarding.welcoming import Onboarding
from bot.storage import mirror, onboarding, registrations, slack_channels
from bot.storage.database import Database
from bot.storage.queue import Queue
from bot.storage.slack_channels import SlackChannel
from bot.storage.tables import inbox, outbox
from crm.records import Contact, Partner, PartnerType
from knowledge.programs import Programs
from tests.builders import NOW, contact, partner, program, registration

OLD = partner(id="p-0", name="Harbour")
NEW = partner(id="p-1", name="Brightpath", types=(PartnerType.RESELLER,), country="BE")
SARA = contact(id="c-1", partner_id="p-1", email="sara@brightpath.example", language="en")
RULES = OnboardingRules()


@dataclass(repr=False)
class World:
    """`now` is a Thursday at ten, and may be moved on."""

    storage: Database
    queue: Queue
    now: datetime = NOW
    rules: OnboardingRules = RULES

    def clock(self) -> datetime:
        return self.now

    @property
    def onboarding(self) -> Onboarding:
        letters = NewPartnersLetters(Letters("lumora.example", self.clock))
        return Onboarding(self.storage, self.queue, Programs((program(),)), self.rules, self.clock, letters)

    @property
    def desk(self) -> OnboardingDesk:
        return OnboardingDesk(self.storage, self.rules, self.clock)

    async def look(self, days: int = 0) -> int:
        """One tick of the clock, so many days later."""
        self.now += timedelta(days=days)
        return await self.onboarding()

    async def enter(self, *records: mirror.Mirrored, whole: bool = True) -> None:
        async with self.storage.begin() as connection:
            await mirror.store(connection, records)
            if whole:
                await mirror.is_taken_over(connection)

    async def begin(self, *records: Partner | Contact) -> None:
        """The CRM as it was at first, then these, who are welcomed."""
        await self.enter(OLD)
        assert await self.look() == 0
        await self.enter(*(records or (NEW, SARA)))
        await self.look()

    async def state(self, partner_id: str) -> str:
        async with self.storage.reading() as connection:
            found = await onboarding.find(connection, partner_id)
        return found.state.value if found else ""

    async def told(self, partner_id: str = "p-1") -> list[str]:
        """What check-ins of the partner were about."""
        async with self.storage.reading() as connection:
            found = await onboarding.find(connection, partner_id)
        return list(found.steps.get("told", ())) if found else []

    async def wrote(self, partner_id: str = "p-1") -> None:
        """A proven message of the partner, now."""
        row: dict[str, Any] = {
            "id": str(uuid4()), "channel": "email", "envelope": {}, "raw": b"", "reference": "M-1", "state": "handled",
            "trust": "proven", "message": {}, "partner_id": partner_id, "received_at": self.now,
        }  # fmt: skip
        async with self.storage.begin() as connection:
            await connection.execute(insert(inbox).values(row))

    async def register(self, number: str, partner_id: str = "p-1", **changes: Any) -> None:
        given = {"number": number, "partner_id": partner_id, "contact_id": None} | changes
        async with self.storage.begin() as connection:
            await registrations.save(connection, registration(**given))

    async def channel(self, partner_id: str = "p-1") -> None:
        async with self.storage.begin() as connection:
            await slack_channels.save(connection, SlackChannel("T0US", "C0THEM", "ext-them", partner_id, "T0THEM"))

    async def sent(self, destination: str = "mail") -> list[dict[str, Any]]:
        query = select(outbox.c.payload).where(outbox.c.destination == destination).order_by(outbox.c.seq)
        async with self.storage.reading() as connection:
            return list(await connection.scalars(query))

    async def subjects(self) -> list[str]:
        return [str(mail["subject"]) for mail in await self.sent()]

    async def tasks(self) -> list[str]:
        async with self.storage.reading() as connection:
            return list(await connection.scalars(text("select summary from tasks where closed_at is null")))
