"""A vendor with two partners: Brightpath is Noor's, who heads the program, and Harbour is Jonas's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select, update

from bot.desk.unasked import Letters
from bot.digests.letters import PartnerLetters
from bot.digests.managers import ManagersDigests
from bot.digests.monthly import MonthlyDigests
from bot.digests.rules import DigestRules
from bot.digests.weekly import WeeklyDigests
from bot.storage import mirror, preferences, registrations, statements, tasks, threads
from bot.storage.announcement_tables import announcement_recipients, announcements
from bot.storage.database import Database
from bot.storage.queue import Queue
from bot.storage.tables import inbox, outbox
from bot.storage.tables import tasks as tasks_table
from crm.records import Channel, Contact, Deal, Milestone, MilestoneKind, Stage
from knowledge.commission.statement import Statement, StatementState
from knowledge.program import Manager
from knowledge.programs import Programs
from tests.builders import NOW, contact, deal, euro, partner, program, registration

NOOR, JONAS = program().managers
FIRST = partner(id="p-1", name="Brightpath")
SECOND = partner(
    id="p-2", name="Harbour", manager_email=JONAS.email, language="de", region="DACH", domains=("harbour.example",)
)
SARA = contact(id="c-1", partner_id="p-1", email="sara@brightpath.example", language="en")
BEN = contact(id="c-2", partner_id="p-2", name="Ben Haller", email="ben@harbour.example")
TODAY = NOW.date()
RULES = DigestRules()


@dataclass(repr=False)
class World:
    """`now` may be moved on."""

    storage: Database
    queue: Queue
    now: datetime = NOW
    rules: DigestRules = RULES

    def clock(self) -> datetime:
        return self.now

    @property
    def programs(self) -> Programs:
        return Programs((program(),))

    @property
    def managers(self) -> ManagersDigests:
        return ManagersDigests(self.storage, self.programs, self.rules, self.clock)

    @property
    def weekly(self) -> WeeklyDigests:
        return WeeklyDigests(self.managers, self.queue, self.clock)

    @property
    def monthly(self) -> MonthlyDigests:
        letters = PartnerLetters(Letters("lumora.example", self.clock))
        return MonthlyDigests(self.storage, self.queue, self.programs, self.rules, self.clock, letters)

    async def open(self) -> None:
        await self.enter(FIRST, SECOND, SARA, BEN)

    async def enter(self, *records: mirror.Mirrored) -> None:
        async with self.storage.begin() as connection:
            await mirror.store(connection, records)

    async def register(self, number: str, partner_id: str = "p-1", **changes: Any) -> None:
        async with self.storage.begin() as connection:
            given = {"number": number, "partner_id": partner_id, "contact_id": None} | changes
            await registrations.save(connection, registration(**given))

    async def task(
        self, key: str, kind: str, summary: str, partner_id: str | None = "p-1", days: int = 5, **changes: Any
    ) -> None:
        async with self.storage.begin() as connection:
            await tasks.open_task(connection, key, kind, summary, partner_id=partner_id, **changes)
            at = self.now - timedelta(days=days)
            await connection.execute(update(tasks_table).where(tasks_table.c.key == key).values(opened_at=at))

    async def answered(self) -> str:
        """A message of Brightpath in the thread of an announcement."""
        async with self.storage.begin() as connection:
            thread = await threads.open_thread(
                connection, Channel.EMAIL, "Day", partner_id="p-1", announcement_id=str(uuid4())
            )
        await self.wrote("p-1", 1, thread_id=thread)
        async with self.storage.reading() as connection:
            return str(await connection.scalar(select(inbox.c.id).where(inbox.c.thread_id == thread)))

    async def state(self, partner_id: str, days: int = 10) -> None:
        """A statement whose invoice came so many days ago and which nobody has approved."""
        invoiced = self.now - timedelta(days=days)
        made = Statement(
            str(uuid4()), "S-2026-10", partner_id, "2026-10", StatementState.ISSUED, euro(1200), date(2026, 10, 31)
        )
        async with self.storage.begin() as connection:
            await statements.issue(connection, made)
            there = replace(made, state=StatementState.INVOICE_RECEIVED, invoice_at=invoiced)
            await statements.save(connection, there)

    async def wrote(self, partner_id: str, *ages: int, **changes: Any) -> None:
        """Proven messages of the partner, so many days old."""
        given = {"state": "handled", "trust": "proven", "message": {}} | changes
        async with self.storage.begin() as connection:
            for days in ages:
                row = {"id": str(uuid4()), "channel": "email", "envelope": {}, "raw": b"", "reference": "M-1"}
                at = self.now - timedelta(days=days)
                await connection.execute(insert(inbox).values(**row, partner_id=partner_id, received_at=at, **given))

    async def announced(self, *answers: str, days: int = 20) -> None:
        """An announcement to so many people of Brightpath, and what each answered ("" for nothing)."""
        at, made = self.now - timedelta(days=days), str(uuid4())
        async with self.storage.begin() as connection:
            await connection.execute(
                insert(announcements).values(id=made, subject="Day", body="?", segment={}, created_by=NOOR.email)
            )
            for place, answer in enumerate(answers):
                await connection.execute(
                    insert(announcement_recipients).values(
                        announcement_id=made,
                        contact_id=f"{made}:{place}",
                        partner_id="p-1",
                        address="x@y.example",
                        queued_at=at,
                        answer=answer,
                        answered_at=at if answer else None,
                    )
                )

    async def wants(self, *people: Contact, digest: bool = True) -> None:
        async with self.storage.begin() as connection:
            for one in people:
                await preferences.say(connection, one, digest=digest, proof={"message": "m-1"})

    async def mails(self, to: str = "") -> list[dict[str, Any]]:
        """What was written by mail, in order: to everybody, or to that address."""
        query = select(outbox.c.payload).where(outbox.c.destination == "mail").order_by(outbox.c.seq)
        async with self.storage.reading() as connection:
            found = list(await connection.scalars(query))
        return [payload for payload in found if to in ("", payload["to"])]

    async def posts(self) -> list[dict[str, Any]]:
        query = select(outbox.c.payload).where(outbox.c.destination == "slack").order_by(outbox.c.seq)
        async with self.storage.reading() as connection:
            return list(await connection.scalars(query))

    async def lines(self, manager: Manager) -> dict[str, tuple[str, ...]]:
        """The exceptions of the manager's digest: heading -> lines."""
        return dict(replace(await self.managers.of(manager), moved=()).listed())


def certified(person: str, on: date, partner_id: str = "p-1") -> Milestone:
    return Milestone(f"ms-{person}", partner_id, MilestoneKind.CERTIFICATION, on, subject=person)


def won(number: str, partner_id: str, on: date) -> Deal:
    return deal(id=f"h-{number}", number=number, partner_id=partner_id, stage=Stage.WON, won_on=on)
