"""A house in which time passes: registrations saved as messages and managers save them, and what comes of it later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from bot.bootstrap.due import due_desk
from bot.desk import contradicted
from bot.desk.briefing import Briefing
from bot.desk.contradicted import ContradictedUpdates
from bot.desk.due import DueDesk
from bot.desk.telling import Telling
from bot.storage import claims, mirror, registrations, threads
from bot.storage.claims import Claim
from bot.storage.database import Database
from bot.storage.following import follow
from bot.storage.queue import Queue
from bot.storage.threads import Thread
from crm.ports import CrmPort
from crm.records import Channel, Contact, Deal, Partner, Registration
from knowledge.program import Program
from tests.builders import contact, partner, program
from tests.fakes.crm import InMemoryCrm

ZONE = ZoneInfo("Europe/Brussels")
DOMAIN = "lumora.example"


def at(day: str, hour: int = 12, minute: int = 0) -> datetime:
    """A moment by the vendor's clock."""
    return datetime.combine(date.fromisoformat(day), time(hour, minute), ZONE)


@dataclass
class TimedHouse:
    """`now` is what every part takes for the time."""

    storage: Database
    queue: Queue
    now: datetime = field(default_factory=lambda: at("2026-11-26"))
    program: Program = field(default_factory=program)
    crm: CrmPort = field(default_factory=InMemoryCrm)

    @property
    def desk(self) -> DueDesk:
        telling = Telling(self.program, DOMAIN, lambda: self.now)
        others = {contradicted.KIND: ContradictedUpdates(self.crm, self.program, telling)}
        return due_desk(self.storage, self.queue, self.program, lambda: self.now, telling, Briefing(DOMAIN), others)

    async def has(self, *records: Partner | Contact | Deal) -> None:
        async with self.storage.begin() as connection:
            await mirror.store(connection, records)

    async def moves_in(self) -> None:
        await self.has(partner(), contact())

    async def opens_thread(self, channel: Channel = Channel.EMAIL) -> str:
        async with self.storage.begin() as connection:
            return await threads.open_thread(connection, channel, "Vega", partner_id="p-1")

    async def saves(self, registration: Registration, thread_id: str | None = None) -> None:
        """As a message or a manager saves it, with what follows; one that is accepted has its claims."""
        async with self.storage.begin() as connection:
            await mirror.version(connection, registration.partner_id, lock=True)
            await registrations.save(connection, registration, thread_id=thread_id)
            if registration.protected_until:
                await claims.claim(connection, registration, self.now.date())
            await follow(connection, self.queue, self.program, registration, self.now)

    async def comes_from_the_crm(self, registration: Registration) -> None:
        async with self.storage.begin() as connection:
            await registrations.adopt(connection, registration)

    async def passes(self, until: datetime, step: timedelta = timedelta(hours=6)) -> int:
        """Time passes in steps, and the desk looks at each of them; how many things were seen to."""
        done = 0
        while self.now < until:
            self.now = min(self.now.astimezone(UTC) + step, until.astimezone(UTC)).astimezone(ZONE)
            done += await self.desk()
        return done

    async def wakes(self, at: datetime) -> int:
        """After an outage: nobody looked until then."""
        self.now = at
        return await self.desk()

    async def registration(self, number: str) -> Registration:
        async with self.storage.begin() as connection:
            kept = await registrations.find(connection, number)
        assert kept is not None
        return kept.registration

    async def changes(self, number: str, **values: Any) -> None:
        await self.saves(replace(await self.registration(number), **values))

    async def thread(self, thread_id: str) -> Thread:
        async with self.storage.begin() as connection:
            found = await threads.get(connection, thread_id)
        assert found is not None
        return found

    async def holder(self, registration: Registration) -> Claim | None:
        async with self.storage.begin() as connection:
            return await claims.holder(connection, claims.key_of(registration), registration.products[0])

    async def told(self, to: str = "sara@brightpath.example") -> list[str]:
        """The mails to a partner, the oldest first."""
        query = "select payload ->> 'text' from outbox where kind = 'notice' and payload ->> 'to' = :to order by seq"
        return [row[0] for row in await self._rows(query, to=to)]

    async def briefed(self) -> list[tuple[str, str]]:
        """The mails to managers as (address, title), in their order."""
        query = "select payload ->> 'to', payload ->> 'subject' from outbox where kind = 'brief' "
        return [(row[0], row[1]) for row in await self._rows(query + "and destination = 'mail' order by seq")]

    async def logged(self) -> list[tuple[str, str]]:
        """What goes to the CRM, as (kind, state or outcome)."""
        query = (
            "select kind, coalesce(payload -> 'record' ->> 'outcome', payload -> 'record' ->> 'state') from outbox "
            "where destination = 'crm' order by seq"
        )
        return [(row[0], row[1]) for row in await self._rows(query)]

    async def in_ledger(self) -> list[str]:
        return [row[0] for row in await self._rows("select kind from ledger order by id")]

    async def waiting(self) -> list[str]:
        """The keys of timers that are not done."""
        return [row[0] for row in await self._rows("select key from timers where done_at is null order by key")]

    async def _rows(self, query: str, **values: Any) -> Sequence[Any]:
        async with self.storage.begin() as connection:
            return (await connection.execute(text(query), values)).all()
