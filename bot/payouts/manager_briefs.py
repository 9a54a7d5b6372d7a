"""What managers are asked about statements and disputes: what to look at, and what may be done about it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.briefing import Briefing
from bot.payouts.rights import approver
from bot.storage import lines
from bot.vocabulary.briefs import Brief, BriefKind
from crm.money import Money
from crm.records import Partner
from knowledge.commission.statement import Dispute, Statement
from knowledge.program import Program


@dataclass(frozen=True, slots=True)
class ManagerBriefs:
    """Implements `bot.payouts.for_managers.AsksManagers`: each matter goes to whoever may decide it."""

    program: Program
    briefing: Briefing

    async def approval_wanted(self, connection: AsyncConnection, statement: Statement, partner: Partner) -> None:
        came = statement.invoice_at.isoformat() if statement.invoice_at else ""
        await self._about(
            connection, statement, partner, f"approve:{statement.revision}:{came}",
            f"Statement {statement.number} of {partner.name} waits for approval", _approval(statement),
            f"Approve it with `partnerline statements approve {statement.number} --partner {partner.id}`.",
        )  # fmt: skip

    async def payment_due(
        self, connection: AsyncConnection, statement: Statement, partner: Partner, *, overdue: bool
    ) -> None:
        when = f"was due by {statement.pay_by}" if overdue else f"is due by {statement.pay_by}"
        await self._about(
            connection, statement, partner, f"{'overdue' if overdue else 'due'}:{statement.pay_by}",
            f"{'Overdue: ' if overdue else ''}the payment of {statement.number} of {partner.name} {when}",
            _approval(statement),
            f"When it is paid, enter it with `partnerline statements pay {statement.number} --partner {partner.id} "
            "--reference …`.",
        )  # fmt: skip

    async def dispute_opened(self, connection: AsyncConnection, dispute: Dispute, partner: Partner) -> None:
        stated = await lines.find(connection, dispute.line)
        if stated is None:
            return
        line = stated.line
        who = approver(self.program, partner, line.amount)
        if who is None:
            return
        about = line.customer or line.deal_number or line.plan
        facts = (
            ("Statement", dispute.statement_number),
            ("Line", f"{about}, {_sum(line.amount)}, {line.plan}, earned on {line.earned_on}"),
            ("The partner says", dispute.words),
        )
        await self.briefing.send(
            connection,
            Brief(
                key=f"dispute:{dispute.id}:{who.email.lower()}",
                kind=BriefKind.DISPUTE,
                subject=dispute.id,
                manager=who,
                title=f"{partner.name} disputes {about} on {dispute.statement_number}",
                facts=facts,
                why="The line is held until it is decided; the rest of the statement goes on.",
                partner_id=partner.id,
            ),
        )

    async def _about(
        self,
        connection: AsyncConnection,
        statement: Statement,
        partner: Partner,
        occasion: str,
        title: str,
        facts: tuple[tuple[str, str], ...],
        why: str,
    ) -> None:
        who = approver(self.program, partner, statement.total)
        if who is None:
            return
        key = f"statement:{statement.id}:{occasion}:{who.email.lower()}"
        await self.briefing.send(
            connection,
            Brief(key, BriefKind.STATEMENT, statement.id, who, title, facts, why=why, partner_id=partner.id),
        )


def _approval(statement: Statement) -> tuple[tuple[str, str], ...]:
    said = (
        ("Total, net", _sum(statement.total)),
        ("Lines", str(len(statement.lines))),
        ("Invoice", statement.invoice_number),
        ("Invoiced, net", _sum(statement.invoice_total) if statement.invoice_total else ""),
        ("Pay by", str(statement.pay_by or "")),
    )
    return tuple((label, value) for label, value in said if value)


def _sum(amount: Money) -> str:
    return f"{amount.currency} {amount.amount:,.2f}"
