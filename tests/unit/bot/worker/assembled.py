"""The jobs with a worker on a database of their own, put together from parts a test may choose."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import make_url, text

from bot.bootstrap.deal_desk import deal_desk, orders_of
from bot.bootstrap.payout_parts import payout_clock
from bot.channels.email.inlet import MailInlet, TrustsThisMachine
from bot.channels.email.own import own_addresses
from bot.channels.kept import KeptOutlet
from bot.desk.live import LiveDeals
from bot.desk.pressed import PartnerPresses
from bot.managers.messages import ManagerMessages
from bot.payouts.sending import StatementDocuments
from bot.pipeline import Agent
from bot.ports import FileSource, Inlet, Outlet, Reader
from bot.storage import mirror
from bot.storage.caps import Answering
from bot.storage.database import Database
from bot.storage.directory import StoredDirectory, StoredRecords
from bot.storage.inbox import Arrival, Inbox
from bot.storage.outbox import Destination
from bot.storage.postgres import Postgres
from bot.storage.queue import Queue
from bot.storage.units import StoredUnits
from bot.texts.own import worded
from bot.worker.crm_outlet import CrmOutlet
from bot.worker.delivering import DeliverJob
from bot.worker.handling import HandleJob
from bot.worker.housekeeping import Housekeeping
from bot.worker.mirroring import MirrorJob
from bot.worker.pace import Pace
from bot.worker.reading import ReadJob
from bot.worker.tasks import Jobs, Worker, register
from bot.worker.unreadable import SetsAside
from crm.records import Channel, Contact, Partner
from knowledge.programs import Programs
from mail_ingest.apart import ReaderApart
from tests.builders import NOW, contact, partner, program
from tests.fakes.crm import InMemoryCrm
from tests.unit.bot.worker.readers import Thankful

QUICK = Pace(beat=0.5, stalled=2.0, pruned=10.0, polling=0.3, pause=0.2)


@dataclass
class Assembled:
    """`crm` is the far side; its records are mirrored."""

    database: Database
    queue: Queue
    jobs: Jobs
    worker: Worker
    inbox: Inbox
    crm: InMemoryCrm = field(default_factory=InMemoryCrm)

    async def arrives(self, body: str, *, message_id: str, sender: str = "sara@brightpath.example") -> Arrival:
        arrival = mail(body, message_id=message_id, sender=sender)
        await self.inbox.accept([arrival])
        return arrival

    async def rows(self, query: str, **values: Any) -> list[Any]:
        async with self.database.begin() as connection:
            return list((await connection.execute(text(query), values)).all())

    async def value(self, query: str, **values: Any) -> Any:
        return (await self.rows(query, **values))[0][0]

    async def change(self, query: str, **values: Any) -> None:
        async with self.database.begin() as connection:
            await connection.execute(text(query), values)

    async def state(self, arrival: Arrival) -> str:
        return str(await self.value("select state from inbox where id = :id", id=arrival.id))

    async def worked(self, query: str, within: float = 20.0) -> None:
        """Return once the query, which counts what is left to do, says 0."""
        async with asyncio.timeout(within):
            while True:
                if not await self.value(query):
                    return
                await asyncio.sleep(0.1)


def mail(body: str, *, message_id: str, sender: str = "sara@brightpath.example") -> Arrival:
    raw = (
        f"From: {sender}\r\nTo: partners@lumora.example\r\nSubject: Hello\r\nMessage-ID: {message_id}\r\n"
        f"Date: Thu, 26 Nov 2026 10:00:00 +0100\r\n\r\n{body}\r\n"
    )
    envelope = {"mail_from": sender, "rcpt_tos": ["partners@lumora.example"], "peer": "127.0.0.1", "helo": "test"}
    return Arrival(Channel.EMAIL, raw.encode(), envelope, NOW, lock=sender)


@asynccontextmanager
async def assembled(
    database_url: str,
    *,
    reader: Reader | None = None,
    inlet: Inlet | None = None,
    outlets: Mapping[Destination, Outlet] | None = None,
    partners: tuple[Partner, ...] = (partner(),),
    contacts: tuple[Contact, ...] = (contact(),),
    caps: Mapping[str, int] | None = None,
    files: FileSource | None = None,
    crm: InMemoryCrm | None = None,
) -> AsyncIterator[Assembled]:
    postgres = Postgres(make_url(database_url), "a test's")
    database, queue, crm = Database(postgres), Queue(postgres), crm or InMemoryCrm()
    await queue.open()
    try:
        for one in partners:
            await crm.save_partner(one)
        for person in contacts:
            await crm.save_contact(person)
        async with database.begin() as connection:
            await mirror.store(connection, [*partners, *contacts])
        jobs = _jobs(database, queue, crm, reader or Thankful(), inlet, outlets or {}, caps or {}, files)
        register(queue, jobs)
        yield Assembled(database, queue, jobs, Worker(queue, 4, QUICK), Inbox(database, queue), crm)
    finally:
        await queue.aclose()
        await database.aclose()


def _jobs(
    database: Database,
    queue: Queue,
    crm: InMemoryCrm,
    reader: Reader,
    inlet: Inlet | None,
    outlets: Mapping[Destination, Outlet],
    caps: Mapping[str, int],
    files: FileSource | None,
) -> Jobs:
    own = own_addresses(program().vendor, "")
    answering = Answering(own.domain, **caps)
    directory = StoredDirectory(database)
    units = StoredUnits(database, queue, program(), answering)
    agent = Agent(
        Programs((program(),)),
        reader,
        directory,
        StoredRecords(database, Programs((program(),))),
        units,
        LiveDeals(database, crm),
        lambda: datetime.now(UTC),
    )
    mail = inlet or MailInlet(own, TrustsThisMachine(), ReaderApart())
    inlets: dict[Channel, Inlet] = {Channel.EMAIL: mail} | ({Channel.SLACK: inlet} if inlet else {})
    aside = SetsAside(answering, program().vendor.name, worded({}), lambda: datetime.now(UTC))
    every: dict[Destination, Outlet] = {Destination.MAIL: KeptOutlet(), Destination.CRM: CrmOutlet(crm), **outlets}
    desk = deal_desk(database, queue, crm, program(), lambda: datetime.now(UTC), own.domain)
    managers = ManagerMessages(
        database, directory, program().managers, orders_of(desk), answering, lambda: datetime.now(UTC)
    )
    programs = Programs((program(),))
    follow_crm = MirrorJob(database, crm, desk.fates)
    payouts = payout_clock(database, queue, programs, lambda: datetime.now(UTC), follow_crm)
    presses = PartnerPresses(database, directory, agent.program, answering, agent.now)
    return Jobs(
        database,
        ReadJob(database, queue, inlets, directory, program().managers, aside),
        HandleJob(database, queue, agent, answering, managers, presses, {Channel.EMAIL: files} if files else {}),
        DeliverJob(database, every),
        Housekeeping(database, queue, follow_crm, desk.due, payouts, QUICK.stalled),
        desk.screening,
        StatementDocuments(database, queue, programs, desk.telling),
        payouts,
    )
