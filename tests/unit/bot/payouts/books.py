"""The books of a vendor on a database of the test's own: partners are paid for cash collected on deals they won."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, text

from bot.payouts.run import StatementRun
from bot.payouts.run_report import RunReport
from bot.storage import lines, mirror, statements, tables
from bot.storage.database import Database
from bot.storage.queue import STATEMENT_DOCUMENTS, Queue
from crm.errors import CrmUnavailable
from crm.money import Money
from crm.records import Deal, Partner, Payment, Stage
from knowledge.commission.statement import LineState, StatedLine, Statement
from knowledge.programs import Programs
from tests.builders import contact, deal, partner, program

BRUSSELS = ZoneInfo("Europe/Brussels")
RUN_DAY = datetime(2026, 11, 5, 9, 0, tzinfo=BRUSSELS)
FIRST = partner(id="p-1", name="Brightpath", tier="Registered")
SECOND = partner(id="p-2", name="Harbour", tier="Registered", manager_email="jonas@lumora.example")
PEOPLE = (
    contact(id="c-1", partner_id="p-1", email="sara@brightpath.example"),
    contact(id="c-2", partner_id="p-2", email="ben@harbour.example"),
)


@dataclass(repr=False)
class Books:
    """`now` may be moved; `crm_away` lets the CRM not answer."""

    storage: Database
    queue: Queue
    now: datetime = RUN_DAY
    crm_away: bool = False
    refreshed: int = 0

    @property
    def programs(self) -> Programs:
        return Programs((program(),))

    @property
    def run(self) -> StatementRun:
        return StatementRun(self.storage, self.queue, self.programs, self.clock, self.refresh)

    def clock(self) -> datetime:
        return self.now

    async def refresh(self) -> int:
        if self.crm_away:
            raise CrmUnavailable("it does not answer")
        self.refreshed += 1
        return 0

    async def open(self) -> None:
        """Each partner has one won deal of EUR 24,000 a year, and nothing paid on it yet."""
        await self.enter(FIRST, SECOND, *PEOPLE, won("h-1", "p-1"), won("h-2", "p-2"))

    async def enter(self, *records: mirror.Mirrored) -> None:
        async with self.storage.begin() as connection:
            await mirror.store(connection, records)

    async def pay(self, payment_id: str, amount: str = "6000", on: date = date(2026, 10, 12), **changes: Any) -> None:
        """Cash on Brightpath's deal, unless said otherwise; at 15 %."""
        given = {"deal_id": "h-1", "partner_id": "p-1"} | changes
        currency = given.pop("currency", "EUR")
        await self.enter(Payment(id=payment_id, amount=Money(Decimal(amount), currency), received_on=on, **given))

    async def close(self, period: str = "2026-10", **how: Any) -> RunReport:
        report = await self.run(period, **how)
        assert isinstance(report, RunReport), report
        return report

    async def statements(self, partner_id: str = "p-1") -> tuple[Statement, ...]:
        async with self.storage.reading() as connection:
            return await statements.of_partner(connection, partner_id)

    async def lines(self, partner_id: str = "p-1") -> tuple[StatedLine, ...]:
        async with self.storage.reading() as connection:
            return await lines.stated(connection, partner_id)

    async def standing(self, partner_id: str = "p-1") -> dict[str, tuple[str, LineState, str]]:
        """Event -> amount, where the line stands, and on which statement."""
        return {
            one.line.event: (str(one.line.amount.amount), one.state, one.statement)
            for one in await self.lines(partner_id)
        }

    async def documents(self) -> list[tuple[str, int]]:
        """Statement and revision of each job that makes documents."""
        query = text("select args from procrastinate_jobs where task_name = :task order by id")
        async with self.storage.reading() as connection:
            rows = await connection.scalars(query, {"task": STATEMENT_DOCUMENTS})
            return [(str(args["statement_id"]), int(args["revision"])) for args in rows]

    async def jobs(self, task: str) -> list[dict[str, Any]]:
        query = text("select args from procrastinate_jobs where task_name = :task order by id")
        async with self.storage.reading() as connection:
            return [dict(args) for args in await connection.scalars(query, {"task": task})]

    async def count(self, table: str) -> int:
        async with self.storage.reading() as connection:
            return int(await connection.scalar(text(f"select count(*) from {table}")) or 0)

    async def tasks(self) -> list[str]:
        async with self.storage.reading() as connection:
            return list(await connection.scalars(select(tables.tasks.c.summary).order_by(tables.tasks.c.opened_at)))

    async def version(self, partner_id: str = "p-1") -> int:
        async with self.storage.reading() as connection:
            return await mirror.version(connection, partner_id)

    async def said(self, partner_id: str = "p-1") -> str:
        """What was written to a partner, in order."""
        query = select(tables.outbox.c.payload).where(
            tables.outbox.c.partner_id == partner_id, tables.outbox.c.destination != "crm"
        )
        async with self.storage.reading() as connection:
            found = await connection.scalars(query.order_by(tables.outbox.c.seq))
            return "\n\n".join(str(payload["text"]) for payload in found)

    async def to_crm(self) -> list[str]:
        """Outcomes that were logged to the CRM's timelines."""
        query = select(tables.outbox.c.payload).where(tables.outbox.c.kind == "log_interaction")
        async with self.storage.reading() as connection:
            found = await connection.scalars(query.order_by(tables.outbox.c.seq))
            return [str(payload["record"]["outcome"]) for payload in found]


def won(deal_id: str, partner_id: str, **changes: Any) -> Deal:
    given: dict[str, Any] = {
        "number": f"D-{1000 + int(deal_id.split('-')[1])}",
        "stage": Stage.WON,
        "won_on": date(2026, 9, 15),
        "amount": Money(Decimal(24_000), "EUR"),
        "quantity": None,
    }
    return deal(id=deal_id, partner_id=partner_id, **(given | changes))


def partners(count: int) -> tuple[Partner, ...]:
    return tuple(partner(id=f"q-{place}", name=f"Partner {place}", tier="Registered") for place in range(count))
