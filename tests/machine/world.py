"""A deal desk at work for a property test: two partners, managers and a clock, in one database and without any edge."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from pydantic import SecretStr
from sqlalchemy import insert, select, text

from bot.bootstrap import Application, application
from bot.ports import Readable
from bot.storage import threads
from bot.storage.codec import from_doc, to_doc
from bot.storage.inbox import new_reference
from bot.storage.outbox import Destination
from bot.storage.queue import DELIVER, SCREEN
from bot.storage.tables import inbox, ledger, outbox, registrations
from bot.vocabulary.message import Message, ReplyAddress, Sender
from bot.vocabulary.requests import Reading, Request
from bot.worker.handling import HandleJob
from config.settings import Settings
from crm.records import Channel, Contact, Deal, Partner, PartnerType, Registration
from tests.scenarios.house import MovableClock

_TAKE = text(
    "delete from procrastinate_jobs where id = (select min(id) from procrastinate_jobs where status = 'todo')"
    " returning task_name, args"
)


@dataclass
class ScriptedReader:
    """Reads from each message what was put there; whether words are understood is tested elsewhere."""

    name: str = "scripted"
    readings: dict[str, Reading] = field(default_factory=dict)

    def read(self, readable: Readable) -> Reading:
        return self.readings[readable.text]


@dataclass(frozen=True)
class Side:
    """A partner with one person, and the word and sum by which a leak of its data would be seen."""

    partner: Partner
    contact: Contact
    marker: str
    amount: int


class World:
    def __init__(self, app: Application, clock: MovableClock) -> None:
        self.app = app
        self.clock = clock
        self._reader = ScriptedReader()
        self._before = ""  # the CRM's cursor before the partners of this play came
        self._handle: HandleJob = replace(app.jobs.handle, agent=replace(app.agent, reader=self._reader))

    async def arrives(self, name: str, marker: str, amount: int) -> Side:
        """A partner that the CRM and the mirror know."""
        partner = Partner(
            id=name, name=f"Partner {name}", types=(PartnerType.RESELLER,), tier="Select", region="Benelux",
            country="BE", domains=(f"{name}.example",), manager_email="noor@lumora.example",
        )  # fmt: skip
        contact = Contact(f"{name}-1", name, f"{marker} Person", f"person@{name}.example", main=True)
        await self.app.crm.save_partner(partner)
        await self.app.crm.save_contact(contact)
        await self.app.jobs.housekeeping.mirror()
        return Side(partner, contact, marker, amount)

    async def begins(self) -> None:
        """From here on a new play: the clock is right again, and older records of the CRM are not looked at."""
        self.clock.ahead = timedelta()
        while True:
            page = await self.app.crm.changes(self._before)
            self._before = page.cursor
            if not page.more:
                return

    async def opens_thread(self, side: Side) -> str:
        async with self.app.database.begin() as connection:
            return await threads.open_thread(connection, Channel.EMAIL, "deals", partner_id=side.partner.id)

    async def writes(self, side: Side, thread_id: str, *requests: Request) -> str:
        """The id of a proven message, read and not yet handled, that wants these things."""
        inbox_id = str(uuid4())
        self._reader.readings[inbox_id] = Reading("en", requests, answer_expected=True)
        message = Message(
            inbox_id=inbox_id, channel=Channel.EMAIL, message_id=f"<{inbox_id}@{side.partner.id}.example>",
            received_at=self.clock(), sender=Sender(address=side.contact.email, name=side.contact.name, proof="dkim"),
            subject="deals", text=inbox_id, reply_to=ReplyAddress(to=side.contact.email, subject="Re: deals"),
        )  # fmt: skip
        async with self.app.database.begin() as connection:
            await connection.execute(
                insert(inbox).values(
                    id=inbox_id, channel="email", state="read", received_at=message.received_at, envelope={}, raw=b"",
                    reference=new_reference(), message_id=message.message_id, sender=side.contact.email,
                    message=to_doc(message), partner_id=side.partner.id, contact_id=side.contact.id,
                    thread_id=thread_id, trust="proven",
                )
            )  # fmt: skip
        return inbox_id

    async def handled(self, *inbox_ids: str) -> None:
        """Handle them, all at the same moment, and whatever follows."""
        await asyncio.gather(*(self._handle(inbox_id, 0) for inbox_id in inbox_ids))
        await self.quiet()

    async def quiet(self) -> None:
        """Have every job done that is due: screening, deliveries, writes to the CRM. A worker would take far longer."""
        while job := await self._next_job():
            name, arguments = job
            if name == SCREEN:
                await self.app.jobs.screening(arguments["number"], arguments.get("waited", 0), 0)
            elif name == DELIVER:
                await self.app.jobs.deliver(Destination(arguments["destination"]))

    async def _next_job(self) -> tuple[str, dict[str, Any]] | None:
        async with self.app.database.begin() as connection:
            row = (await connection.execute(_TAKE)).one_or_none()
        return (row.task_name, row.args) if row else None

    async def passes(self, days: float) -> None:
        self.clock.ahead += timedelta(days=days)
        await self.app.jobs.housekeeping("due")
        await self.quiet()

    async def kept(self, *sides: Side) -> list[Registration]:
        """Our registrations of these partners, by number."""
        owners = [side.partner.id for side in sides]
        query = select(registrations.c.doc).where(registrations.c.partner_id.in_(owners))
        async with self.app.database.begin() as connection:
            docs = await connection.scalars(query.order_by(registrations.c.number))
            return [from_doc(Registration, doc) for doc in docs]

    async def in_crm(self, *sides: Side) -> tuple[dict[str, Registration], dict[str, Deal]]:
        """What the CRM holds of these partners, by number."""
        owners, cursor = {side.partner.id for side in sides}, self._before
        known: dict[str, Registration] = {}
        deals: dict[str, Deal] = {}
        while True:
            page = await self.app.crm.changes(cursor)
            known |= {r.number: r for r in page.registrations if r.partner_id in owners}
            deals |= {d.number: d for d in page.deals if d.partner_id in owners}
            if not page.more:
                return known, deals
            cursor = page.cursor

    async def history(self, side: Side) -> dict[str, list[Registration]]:
        """Each registration of a partner as the ledger wrote it down, from its first state to its last."""
        query = select(ledger.c.body).where(ledger.c.kind == "registration", ledger.c.partner_id == side.partner.id)
        found: dict[str, list[Registration]] = {}
        async with self.app.database.begin() as connection:
            for body in await connection.scalars(query.order_by(ledger.c.id)):
                one = from_doc(Registration, body["registration"])
                found.setdefault(one.number, []).append(one)
        return found

    async def told(self, side: Side) -> list[str]:
        """Every word that was sent to a partner, in the order in which it was written."""
        query = select(outbox.c.payload, outbox.c.destination).where(
            outbox.c.partner_id == side.partner.id, outbox.c.destination != "crm"
        )
        async with self.app.database.begin() as connection:
            rows = (await connection.execute(query.order_by(outbox.c.seq))).all()
        return [_words(row.payload) for row in rows if row.payload.get("to") == side.contact.email]


def _words(payload: dict[str, Any]) -> str:
    return f"{payload.get('subject', '')}\n{payload.get('text', '')}"


@asynccontextmanager
async def open_world(database_url: str, data_dir: Path) -> AsyncIterator[World]:
    clock = MovableClock()
    settings = Settings(data_dir=data_dir, database_url=SecretStr(database_url), onboarding="off")
    async with application(settings, clock=clock) as app:
        yield World(app, clock)
