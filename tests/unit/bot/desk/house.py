"""A deal desk on a database of the test's own, with two partners, their people, and a CRM that can fail at will."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, text

from bot.bootstrap.deal_desk import DealDesk, deal_desk
from bot.storage import desk_tables, mirror, registrations, tables
from bot.storage.claims import claim
from bot.storage.database import Database
from bot.storage.following import follow
from bot.storage.queue import Queue
from crm.records import Deal, Partner, Registration, RegistrationState
from knowledge.program import DealRules, Program
from tests.builders import NOW, TODAY, contact, partner, program, registration
from tests.fakes.crm import InMemoryCrm

NOOR, JONAS = "noor@lumora.example", "jonas@lumora.example"
FIRST = partner(id="p-1", name="Brightpath", region="Benelux")
SECOND = partner(id="p-2", name="Harbour", region="DACH", tier="Elite", manager_email=JONAS)
PEOPLE = (
    contact(id="c-1", partner_id="p-1", email="sara@brightpath.example"),
    contact(id="c-2", partner_id="p-2", email="ben@harbour.example"),
)


@dataclass(repr=False)
class House:
    """`now` may be moved; what is made afterwards goes by it."""

    storage: Database
    queue: Queue
    crm: InMemoryCrm
    program: Program
    now: datetime = NOW

    @property
    def desk(self) -> DealDesk:
        return deal_desk(self.storage, self.queue, self.crm, self.program, self.clock, "lumora.example")

    def clock(self) -> datetime:
        return self.now

    async def furnish(self) -> None:
        for one in (FIRST, SECOND):
            await self.crm.save_partner(one)
        for person in PEOPLE:
            await self.crm.save_contact(person)
        async with self.storage.begin() as connection:
            await mirror.store(connection, [FIRST, SECOND, *PEOPLE])

    async def clear(self) -> None:
        """As if nothing had ever happened."""
        names = [t.name for t in (*tables.metadata.sorted_tables,) if t.name != "alembic_version"]
        async with self.storage.begin() as connection:
            await connection.execute(text("set local session_replication_role = replica"))
            await connection.execute(text(f"truncate {', '.join(names)}, procrastinate_jobs cascade"))
        self.crm = InMemoryCrm()
        await self.furnish()

    async def submitted(
        self, number: str, owner: Partner = FIRST, *, thread_id: str | None = None, **changes: Any
    ) -> Registration:
        """A registration as a message leaves it: saved, and to be screened."""
        contact_id = next(person.id for person in PEOPLE if person.partner_id == owner.id)
        made = registration(number=number, partner_id=owner.id, contact_id=contact_id)
        given = {"submitted_at": self.now, "priority_at": self.now} | changes
        return await self.kept(replace(made, **given), thread_id)

    async def kept(self, made: Registration, thread_id: str | None = None) -> Registration:
        async with self.storage.begin() as connection:
            await mirror.version(connection, made.partner_id, lock=True)
            await registrations.save(connection, made, thread_id=thread_id)
            await follow(connection, self.queue, self.program, made, self.now)
        return made

    async def accepted(self, number: str, owner: Partner, **changes: Any) -> Registration:
        """Accepted and protected some time ago, with its claim."""
        given: dict[str, Any] = {"state": RegistrationState.APPROVED, "decided_at": self.now}
        given["protected_until"] = TODAY.replace(day=30)
        made = await self.submitted(number, owner, **(given | changes))
        async with self.storage.begin() as connection:
            assert await claim(connection, made, TODAY) is None
        return made

    async def screen(self, number: str) -> Registration:
        """The job, and what it left of the registration."""
        await self.desk.screening(number, 0, 0)
        return await self.registration(number)

    async def registration(self, number: str) -> Registration:
        async with self.storage.begin() as connection:
            kept = await registrations.find(connection, number)
        assert kept is not None
        return kept.registration

    async def deals(self, partner_id: str) -> tuple[Deal, ...]:
        async with self.storage.begin() as connection:
            return await mirror.of_partner(connection, Deal, partner_id)

    async def told(self, partner_id: str) -> list[dict[str, Any]]:
        """What was written to a partner, in order."""
        query = select(tables.outbox.c.payload).where(
            tables.outbox.c.partner_id == partner_id, tables.outbox.c.destination != "crm"
        )
        async with self.storage.begin() as connection:
            return list(await connection.scalars(query.order_by(tables.outbox.c.seq)))

    async def said(self, partner_id: str) -> str:
        return "\n\n".join(str(payload["text"]) for payload in await self.told(partner_id))

    async def briefs(self, number: str, *, open_only: bool = True) -> list[tuple[str, str]]:
        """Address of the manager and text of each mail that puts the registration before somebody."""
        query = (
            select(desk_tables.briefs.c.manager_email, tables.outbox.c.payload)
            .join(tables.outbox, tables.outbox.c.id == desk_tables.briefs.c.outbox_id)
            .where(desk_tables.briefs.c.subject == number, tables.outbox.c.destination == "mail")
            .order_by(tables.outbox.c.seq)
        )
        if open_only:
            query = query.where(desk_tables.briefs.c.settled_at.is_(None))
        async with self.storage.begin() as connection:
            rows = (await connection.execute(query)).all()
        return [(row.manager_email, str(row.payload["text"])) for row in rows]

    async def jobs(self, task: str) -> list[dict[str, Any]]:
        query = text("select args, scheduled_at from procrastinate_jobs where task_name = :task order by id")
        async with self.storage.begin() as connection:
            rows = (await connection.execute(query, {"task": task})).all()
        return [dict(row.args) | {"waits": row.scheduled_at is not None} for row in rows]

    async def to_crm(self) -> list[str]:
        """Keys of what is on its way to the CRM."""
        query = select(tables.outbox.c.key).where(tables.outbox.c.destination == "crm").order_by(tables.outbox.c.seq)
        async with self.storage.begin() as connection:
            return list(await connection.scalars(query))


def with_rules(**changes: Any) -> Program:
    """The sample program with other rules for deals."""
    rules: DealRules = replace(program().deal_rules, **changes)
    return replace(program(), deal_rules=rules)
