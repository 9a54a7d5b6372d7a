"""The demo's statements of earlier months: issued, invoiced, approved and paid, as far as each came by today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.demo.files import PartnerFile
from bot.payouts.rights import PayoutRights
from bot.payouts.run import StatementRun
from bot.storage import accounts, disputes, lines, mirror, statement_steps, statements, timers
from bot.storage.database import Database
from crm.a_few_at_once import save_each
from crm.records import Partner
from knowledge.business_days import add_business_days
from knowledge.commission.closing import cut_off, month_before, next_period, period_of
from knowledge.commission.statement import Dispute, DisputeState, LineState, Statement, StatementState
from knowledge.commission.statement_clock import opened, pay_by
from knowledge.effect import since_ever
from knowledge.program import Program, StatementRules
from knowledge.programs import Programs

_MORNING = time(10)
_PAID_BEFORE = timedelta(days=4)  # the last day for it
_SINCE = timedelta(days=2)  # what still waits does so since then
_A_DAY = timedelta(days=1)

Step = tuple[Statement, str]
"""A statement as it became, and by whom."""


async def past_statements(
    database: Database, programs: Programs, files: Sequence[PartnerFile], first: date, today: date
) -> None:
    """Every month from that of `first` to the one before last; the last one is left to be run. Nobody is told.

    The demo's deals are older than the program's first day where that was lately: it counts as if it had always held.
    """
    programs = Programs((since_ever(programs.on(today)),))
    program = programs.versions[0]
    if program.statements is None:
        return
    last = month_before(date.fromisoformat(f"{month_before(today)}-01"))
    for period in _periods(period_of(first), last):
        moment = _morning(_run_on(period, program.statements), program)
        await StatementRun(database, None, programs, partial(_stopped, moment), _nothing_new)(period)
    async with database.reading() as connection:
        rights = PayoutRights(program, await accounts.rate_table(connection, program.vendor.currency), today)
    following = [_OnePartner(database, program, program.statements, rights, file, today) for file in files]
    await save_each(_OnePartner.__call__, following)


def _stopped(at: datetime) -> datetime:
    """A clock that stands still."""
    return at


async def _nothing_new() -> int:
    """The mirror holds all that the demo was given."""
    return 0


def _periods(first: str, last: str) -> Iterator[str]:
    while first <= last:
        yield first
        first = next_period(first)


def _run_on(period: str, rules: StatementRules) -> date:
    return cut_off(period) + timedelta(days=rules.day_of_month)


def _morning(day: date, program: Program) -> datetime:
    return datetime.combine(day, _MORNING, ZoneInfo(program.vendor.time_zone))


@dataclass(frozen=True, slots=True)
class _OnePartner:
    """Takes the statements of a partner through their states, each on its day."""

    database: Database
    program: Program
    rules: StatementRules
    rights: PayoutRights
    file: PartnerFile
    today: date

    async def __call__(self) -> None:
        async with self.database.begin() as connection:
            await mirror.version(connection, self.file.partner_id, lock=True)
            partner = await mirror.one(connection, Partner, self.file.partner_id)
            if partner is None:
                return
            found = (await statements.of_partner(connection, partner.id))[::-1]
            for place, statement in enumerate(found, start=1):
                if statement.state is StatementState.ISSUED:
                    state = "paid" if statement is not found[-1] else self.file.latest_statement.state
                    await self._taken(connection, statement, self._steps(statement, partner, place, state))
            if found and self.file.latest_statement.disputed:
                await self._disputed(connection, found[-1])

    async def _taken(self, connection: AsyncConnection, was: Statement, steps: Iterator[Step]) -> None:
        """What fell due for it before today was seen to then."""
        now = self._at(self.today)
        await timers.set_for(connection, was.id, (), now)
        for becomes, by in steps:
            await statement_steps.write(connection, self.program, was, becomes, by, now)
            was = becomes

    def _steps(self, statement: Statement, partner: Partner, place: int, state: str) -> Iterator[Step]:
        """Up to that state; `place` is the statement's among those of the partner, whose invoices are numbered so."""
        drawn = Random(f"partnerline demo {statement.number} {partner.id}")  # noqa: S311 - to look random
        if state == "issued" or statement.issued_at is None:
            return
        issued = statement.issued_at.date()
        late = self.today - _SINCE
        invoice = late if state != "paid" else self._business_day(issued, drawn.randrange(1, 5))
        received = replace(
            statement,
            state=StatementState.INVOICE_RECEIVED,
            invoice_number=f"{invoice.year}-{drawn.randrange(3, 9)}{place:02}",
            invoice_total=statement.total,
            invoice_at=self._at(invoice),
        )
        yield received, "email"
        if state == "invoice_received":
            return
        yield from self._paid(received, partner, invoice, drawn)

    def _paid(self, received: Statement, partner: Partner, invoice: date, drawn: Random) -> Iterator[Step]:
        """Approved soon after its invoice, and paid before the last day where that is past."""
        at = self._at(min(self._business_day(invoice, drawn.randrange(1, 3)), self.today - _A_DAY))
        approver = self.rights.approver(partner, received.total)
        by = approver.email if approver else partner.manager_email
        due = pay_by(at, self.rules, self.program.vendor)
        approved = replace(received, state=StatementState.APPROVED, approved_at=at, approved_by=by, pay_by=due)
        yield approved, by
        paid_on = self._business_day(due - _PAID_BEFORE - timedelta(days=drawn.randrange(3, 9)), 0)
        payer = self.rights.payer(partner, received.total)
        if paid_on < self.today:
            reference = f"LUM-{paid_on:%Y%m%d}-{drawn.randrange(1000, 10_000)}"
            paid = replace(approved, state=StatementState.PAID, paid_on=paid_on, reference=reference)
            yield paid, payer.email if payer else by

    async def _disputed(self, connection: AsyncConnection, statement: Statement) -> None:
        """The last line, lately; the rest of the statement, where there is any, goes on without it."""
        if len(statement.lines) == 1:
            return
        key = statement.lines[-1]
        found = await lines.find(connection, key)
        if found is None:
            return
        day = min(self.today - _SINCE, statement.disputable_until or self.today)
        dispute = Dispute(
            id=str(uuid5(NAMESPACE_URL, f"partnerline:demo:dispute:{statement.partner_id}")),
            statement_id=statement.id,
            statement_number=statement.number,
            line=key,
            partner_id=statement.partner_id,
            contact_id=self.file.main_contact_id,
            words=self.file.latest_statement.disputed,
            state=DisputeState.OPEN,
            opened_at=self._at(day),
        )
        if not await disputes.open_(connection, dispute, None):
            return
        await lines.set_state(connection, key, LineState.EARNED, LineState.DISPUTED)
        await timers.schedule(connection, opened(dispute))
        await statement_steps.without(
            connection, None, self.program, statement, (key,), found.line.amount, "email", self._at(self.today)
        )

    def _at(self, day: date) -> datetime:
        return _morning(day, self.program)

    def _business_day(self, day: date, count: int) -> date:
        return add_business_days(day, count, self.program.vendor)
