"""The books of a vendor on a database of the test's own: partners are paid for cash collected on deals they won."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.briefing import Briefing
from bot.desk.due import DueDesk
from bot.desk.telling import Telling
from bot.payouts.dispute_desk import DisputeDesk
from bot.payouts.run import StatementRun
from bot.payouts.run_report import RunReport
from bot.payouts.statement_desk import StatementDesk
from bot.payouts.statement_timers import StatementTimers
from bot.payouts.steps import Steps
from bot.storage import disputes, inbox, lines, mirror, rates, statements, tables, threads
from bot.storage.codec import to_doc
from bot.storage.database import Database
from bot.storage.disputing import PartnersSteps
from bot.storage.inbox import Arrival, Inbox, InboxState
from bot.storage.queue import STATEMENT_DOCUMENTS, Queue
from bot.vocabulary.decisions import OpenDispute, TakeInvoice
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import Message, ReplyAddress, Sender
from bot.vocabulary.money import InvoiceRead
from crm.errors import CrmUnavailable
from crm.money import Money
from crm.records import Channel, Contact, Deal, Partner, Payment, Stage
from knowledge.commission.exchange import ExchangeRate
from knowledge.commission.statement import Dispute, DisputeState, LineState, StatedLine, Statement
from knowledge.program import StatementRules
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


OF_FIRST = Identity(Trust.PROVEN, partner=FIRST, contact=PEOPLE[0])
OF_SECOND = Identity(Trust.PROVEN, partner=SECOND, contact=PEOPLE[1])
NOOR, JONAS = "noor@lumora.example", "jonas@lumora.example"


@dataclass
class Asked:
    """What managers were asked, in order."""

    matters: list[tuple[str, str]] = field(default_factory=list)

    async def approval_wanted(self, connection: AsyncConnection, statement: Statement, partner: Partner) -> None:
        self.matters.append(("approve", statement.number))

    async def payment_due(
        self, connection: AsyncConnection, statement: Statement, partner: Partner, *, overdue: bool
    ) -> None:
        self.matters.append(("overdue" if overdue else "pay", statement.number))

    async def dispute_opened(self, connection: AsyncConnection, dispute: Dispute, partner: Partner) -> None:
        self.matters.append(("dispute", dispute.words))


@dataclass(repr=False)
class Books:
    """`now` may be moved; `crm_away` lets the CRM not answer."""

    storage: Database
    queue: Queue
    now: datetime = RUN_DAY
    crm_away: bool = False
    refreshed: int = 0
    rules: StatementRules | None = None
    asked: Asked = field(default_factory=Asked)
    briefing: Briefing = field(default_factory=lambda: Briefing("lumora.example"))

    @property
    def programs(self) -> Programs:
        made = program()
        return Programs((replace(made, statements=self.rules or made.statements),))

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

    @property
    def telling(self) -> Telling:
        return Telling(program(), "lumora.example", self.clock)

    @property
    def steps(self) -> Steps:
        return Steps(program(), self.telling, self.briefing, self.clock)

    @property
    def desk(self) -> StatementDesk:
        return StatementDesk(self.storage, self.queue, program(), self.clock, self.steps, self.asked)

    @property
    def disputes(self) -> DisputeDesk:
        return DisputeDesk(self.storage, self.queue, program(), self.clock, self.telling, self.briefing)

    async def fall_due(self) -> int:
        """Everything that has fallen due by now is seen to."""
        timers = StatementTimers(program(), self.steps, self.briefing, self.asked)

        async def none_overlooked() -> int:
            return 0

        return await DueDesk(self.storage, self.queue, self.clock, timers.by_kind, none_overlooked)()

    async def issued(self, amount: str = "6000") -> Statement:
        """The statement of October over 15 % of what was paid."""
        await self.pay("m-1", amount)
        await self.close()
        return (await self.statements())[0]

    async def steps_of(self, act: Callable[[PartnersSteps], Awaitable[str]], by: Identity = OF_FIRST) -> str:
        """What a message of a partner does to its statements, and what it leaves to a person."""
        arrival = Arrival(Channel.EMAIL, b"raw", {}, self.now, lock="a")
        await Inbox(self.storage, self.queue).accept([arrival])
        message = Message(
            arrival.id, Channel.EMAIL, f"<{arrival.id}@x>", self.now, Sender("sara@brightpath.example"), "", ""
        )
        async with self.storage.begin() as connection:
            await mirror.version(connection, by.proven_partner_id or "", lock=True)
            return await act(PartnersSteps(connection, self.queue, program(), message, by, None))

    async def invoiced(self, statement: Statement, number: str = "INV-7", by: Identity = OF_FIRST) -> str:
        """The partner's invoice has come, and it fits."""
        return await self.sent(statement, InvoiceRead(number=number, net=statement.total), by=by)

    async def sent(self, statement: Statement, read: InvoiceRead, sha256: str = "", by: Identity = OF_FIRST) -> str:
        """An invoice that fits, in a file that is known by its number where nothing else is said."""
        command = TakeInvoice(sha256 or f"file of {read.number}", statement.id, read, matches=True)
        return await self.steps_of(lambda steps: steps.take_invoice(command), by)

    async def wrote_in_thread_of(self, statement: Statement, writer: Contact) -> None:
        """The statement was sent, and this contact answered in its thread, proven."""
        arrival = Arrival(Channel.EMAIL, b"raw", {}, self.now, lock="a")
        await Inbox(self.storage, self.queue).accept([arrival])
        message = Message(
            arrival.id, Channel.EMAIL, "<w@x>", self.now, Sender(writer.email, proof="dmarc"), "", "When?",
            reply_to=ReplyAddress(writer.email, "Re: statement"),
        )  # fmt: skip
        async with self.storage.begin() as connection:
            thread = await threads.open_thread(
                connection, Channel.EMAIL, statement.number, partner_id=statement.partner_id
            )
            await statements.in_thread(connection, statement.id, thread)
            await inbox.mark(
                connection, arrival.id, InboxState.HANDLED, message=to_doc(message), thread_id=thread, trust="proven"
            )

    async def disputed(self, statement: Statement, *events: str, by: Identity = OF_FIRST) -> str:
        """The partner disputes the lines of these payments."""
        keys = tuple(one.line.key for one in await self.lines() if one.line.event in events)
        return await self.disputed_keys(statement, keys, by)

    async def disputed_keys(self, statement: Statement, keys: tuple[str, ...], by: Identity = OF_FIRST) -> str:
        """The partner disputes these lines."""
        return await self.steps_of(lambda steps: steps.open_dispute(OpenDispute(statement.id, keys, "Not right!")), by)

    async def open_disputes(self, partner_id: str = "p-1") -> tuple[Dispute, ...]:
        async with self.storage.reading() as connection:
            found = await disputes.of_partner(connection, partner_id)
        return tuple(one for one in found if one.state is DisputeState.OPEN)

    async def statement(self, statement_id: str) -> Statement:
        async with self.storage.reading() as connection:
            found = await statements.find(connection, statement_id)
        assert found is not None
        return found

    async def enter(self, *records: mirror.Mirrored) -> None:
        async with self.storage.begin() as connection:
            await mirror.store(connection, records)

    async def pay(self, payment_id: str, amount: str = "6000", on: date = date(2026, 10, 12), **changes: Any) -> None:
        """Cash on Brightpath's deal, unless said otherwise; at 15 %."""
        given = {"deal_id": "h-1", "partner_id": "p-1"} | changes
        currency = given.pop("currency", "EUR")
        await self.enter(Payment(id=payment_id, amount=Money(Decimal(amount), currency), received_on=on, **given))

    async def rate(self, currency: str, rate: str, day: date = date(2026, 9, 15)) -> None:
        """Stored for that day and the payment's default one."""
        days = (day, date(2026, 10, 12))
        async with self.storage.begin() as connection:
            await rates.store(connection, [ExchangeRate(currency, on, Decimal(rate), "bank") for on in days])

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

    async def forget_jobs(self) -> None:
        """As if a worker had taken them and died."""
        async with self.storage.begin() as connection:
            await connection.execute(text("delete from procrastinate_jobs"))

    async def age(self, partner_id: str, at: datetime) -> None:
        """Let the mirror have taken over this partner's records at that time."""
        change = update(tables.mirror).where(tables.mirror.c.partner_id == partner_id)
        async with self.storage.begin() as connection:
            await connection.execute(change.values(as_of=at))

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
