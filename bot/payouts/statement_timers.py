"""A statement or dispute whose timer fell due: looked at as it stands now, then told or put before managers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.briefing import Briefing
from bot.desk.due import Handler
from bot.payouts import told
from bot.payouts.for_managers import AsksManagers
from bot.payouts.steps import Steps
from bot.storage import disputes, mirror, statements, timers
from bot.vocabulary.briefs import BriefKind
from crm.records import Partner
from knowledge.commission.statement import DisputeState, Statement, StatementState
from knowledge.commission.statement_clock import StatementTimer, timers_of
from knowledge.deal_clock import Timer
from knowledge.program import Program


@dataclass(frozen=True, slots=True)
class StatementTimers:
    """Sees to what falls due for statements and disputes; what no longer holds is passed over."""

    program: Program
    steps: Steps
    briefing: Briefing
    asks: AsksManagers

    @property
    def by_kind(self) -> dict[str, Handler]:
        """As rows of the desk's table."""
        return {
            StatementTimer.INVOICE_MISSING: self.of_statement,
            StatementTimer.APPROVAL: self.of_statement,
            StatementTimer.PAYMENT_DUE: self.of_statement,
            StatementTimer.PAYMENT_OVERDUE: self.of_statement,
            StatementTimer.WITHDRAWN: self.withdrawn,
            StatementTimer.DISPUTE_OPENED: self.dispute_opened,
            StatementTimer.DISPUTE_OVER: self.dispute_over,
        }

    async def of_statement(self, connection: AsyncConnection, timer: Timer, now: datetime) -> None:
        """One of those that the statement has as it stands; moved where that day is another one by now."""
        found = await self._found(connection, timer)
        if found is None:
            return
        statement, partner = found
        planned = timers_of(statement, self.program.vendor, partner.time_zone)
        still = next((one for one in planned if one.key == timer.key), None)
        if still is None:
            return
        if still.due_at > now:
            await timers.again(connection, timer.key, still.due_at)
            return
        await self._due(connection, StatementTimer(timer.kind), timer, statement, partner)

    async def _due(
        self, connection: AsyncConnection, kind: StatementTimer, timer: Timer, statement: Statement, partner: Partner
    ) -> None:
        if kind is StatementTimer.INVOICE_MISSING:
            vendor = self.program.vendor
            words = told.invoice_missing(statement, vendor.legal_name, vendor.invoices_address)
            await self.steps.tell(connection, partner, statement, timer.key, words)
        elif kind is StatementTimer.APPROVAL:
            await self.asks.approval_wanted(connection, statement, partner)
        else:
            overdue = kind is StatementTimer.PAYMENT_OVERDUE
            await self.asks.payment_due(connection, statement, partner, overdue=overdue)

    async def withdrawn(self, connection: AsyncConnection, timer: Timer, now: datetime) -> None:  # noqa: ARG002 - a handler
        """Nothing of it is left to be paid; what managers were asked about it is over, too."""
        found = await self._found(connection, timer)
        if found is None or found[0].state is not StatementState.VOID:
            return
        statement, partner = found
        await self.steps.tell(connection, partner, statement, timer.key, told.withdrawn(statement))
        said = "withdrawn: without the disputed line nothing is due"
        await self.briefing.settle(connection, BriefKind.STATEMENT, statement.id, "rules", said)

    async def dispute_opened(self, connection: AsyncConnection, timer: Timer, now: datetime) -> None:  # noqa: ARG002
        """What was asked about its statement before is over: the sum is another one."""
        dispute = await disputes.find(connection, timer.subject)
        partner = await mirror.one(connection, Partner, dispute.partner_id) if dispute else None
        if dispute is None or partner is None or dispute.state is not DisputeState.OPEN:
            return
        said = f"the partner disputes a line of {dispute.statement_number}, so its sum is another one"
        await self.briefing.settle(connection, BriefKind.STATEMENT, dispute.statement_id, "rules", said)
        await self.asks.dispute_opened(connection, dispute, partner)

    async def dispute_over(self, connection: AsyncConnection, timer: Timer, now: datetime) -> None:  # noqa: ARG002
        await self.briefing.settle(
            connection, BriefKind.DISPUTE, timer.subject, "partner", "withdrawn by the partner: the line stands"
        )

    async def _found(self, connection: AsyncConnection, timer: Timer) -> tuple[Statement, Partner] | None:
        statement = await statements.find(connection, timer.subject, lock=True)
        partner = await mirror.one(connection, Partner, statement.partner_id) if statement else None
        return None if statement is None or partner is None else (statement, partner)
