"""What managers are asked about statements and disputes: what to look at, and what may be done about it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.briefing import Briefing
from bot.payouts import dispute_facts, statement_facts
from bot.payouts.dispute_facts import DisputeFacts
from bot.payouts.posting import compute, counts
from bot.payouts.rights import PayoutRights, payout_rights
from bot.payouts.statement_facts import StatementFacts, in_words
from bot.payouts.states import acts_about
from bot.storage import accounts
from bot.storage.database import StorageUnavailable
from bot.vocabulary.briefs import Act, Brief, BriefKind
from crm.records import Partner
from knowledge.business_days import add_business_days, vendors_day
from knowledge.commission.account import Line
from knowledge.commission.statement import Dispute, Statement
from knowledge.program import Manager, Program
from knowledge.programs import Programs

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ManagerBriefs:
    """Implements `bot.payouts.for_managers.AsksManagers`: each matter goes to whoever may decide it."""

    programs: Programs
    briefing: Briefing
    now: Callable[[], datetime]

    async def approval_wanted(self, connection: AsyncConnection, statement: Statement, partner: Partner) -> None:
        came = statement.invoice_at.isoformat() if statement.invoice_at else ""
        found = await statement_facts.facts_of(connection, statement, partner)
        who = (await self._rights(connection, statement.total.currency)).approver(partner, statement.total)
        await self._about(
            connection, found, who, f"approve:{statement.revision}:{came}",
            f"Statement {statement.number} of {partner.name} waits for approval: {in_words(statement.total)}",
            statement_facts.approval(found), Act.APPROVE if found.clear else None, _why(found),
        )  # fmt: skip

    async def payment_due(
        self, connection: AsyncConnection, statement: Statement, partner: Partner, *, overdue: bool
    ) -> None:
        found = await statement_facts.facts_of(connection, statement, partner)
        who = (await self._rights(connection, statement.total.currency)).payer(partner, statement.total)
        what = f"{in_words(statement.total)} to {partner.name} for {statement.number}"
        title = f"Overdue since {statement.pay_by}: pay {what}" if overdue else f"Pay {what} by {statement.pay_by}"
        await self._about(
            connection, found, who, f"{'overdue' if overdue else 'due'}:{statement.pay_by}", title,
            statement_facts.payment(found), None,
            "Once it is paid, answer with the reference of the payment; the partner is told both.",
        )  # fmt: skip

    async def dispute_opened(self, connection: AsyncConnection, dispute: Dispute, partner: Partner) -> None:
        found = await self._dispute_facts(connection, dispute, partner)
        if found is None:
            return
        who = (await self._rights(connection, found.line.amount.currency)).approver(partner, found.line.amount)
        if who is not None:
            await self.briefing.send(connection, self._dispute_brief(dispute, found, who))

    async def about_dispute(
        self, connection: AsyncConnection, dispute: Dispute, partner: Partner, who: Manager
    ) -> Brief | None:
        """The same for a manager who looks it up; None where its line is gone. Nothing is sent."""
        found = await self._dispute_facts(connection, dispute, partner)
        return self._dispute_brief(dispute, found, who) if found is not None else None

    async def _dispute_facts(
        self, connection: AsyncConnection, dispute: Dispute, partner: Partner
    ) -> DisputeFacts | None:
        return await dispute_facts.facts_of(connection, dispute, partner, await self._new_lines(connection, partner))

    def _dispute_brief(self, dispute: Dispute, found: DisputeFacts, who: Manager) -> Brief:
        suggestion, why = _suggested(found)
        return Brief(
            key=f"dispute:{dispute.id}:{who.email.lower()}",
            kind=BriefKind.DISPUTE,
            subject=dispute.id,
            manager=who,
            title=f"{found.partner.name} disputes {in_words(found.line.amount)} for {found.about} on "
            f"{dispute.statement_number}",
            facts=(*dispute_facts.both_views(found), *self._answer_by(dispute)),
            suggestion=suggestion,
            why=f"{why} The line is held until it is decided; the rest of the statement goes on.",
            acts=(Act.UPHOLD, Act.CORRECT),
            partner_id=found.partner.id,
            named=f"the dispute of {found.partner.name} about {found.about} on {dispute.statement_number}",
        )

    async def _about(
        self,
        connection: AsyncConnection,
        found: StatementFacts,
        who: Manager | None,
        occasion: str,
        title: str,
        facts: tuple[tuple[str, str], ...],
        suggestion: Act | None,
        why: str,
    ) -> None:
        if who is None:
            return
        statement, partner = found.statement, found.partner
        key = f"statement:{statement.id}:{occasion}:{who.email.lower()}"
        brief = Brief(
            key, BriefKind.STATEMENT, statement.id, who, title, facts, suggestion, why, acts_about(statement.state),
            partner.id, named=f"{statement.number} of {partner.name}",
        )  # fmt: skip
        await self.briefing.send(connection, brief)

    async def _new_lines(self, connection: AsyncConnection, partner: Partner) -> tuple[Line, ...] | None:
        """What the rules would post now; None where the records are beyond computing, which decides nothing here."""
        program = self._program
        today = vendors_day(self.now(), program.vendor)
        try:
            rates = await accounts.rate_table(connection, program.vendor.currency)
            earned = await compute(connection, partner.id, self.programs, rates, today)
        except StorageUnavailable:
            raise
        except Exception:
            log.exception("what partner %s earns could not be computed for a dispute", partner.id)
            return None
        if earned is None:
            return None
        return tuple(line for line in earned.earnings.lines if counts(line, program.statements))

    def _answer_by(self, dispute: Dispute) -> tuple[tuple[str, str], ...]:
        rules, vendor = self._program.statements, self._program.vendor
        if rules is None:
            return ()
        opened = vendors_day(dispute.opened_at, vendor)
        return (("Answer by", str(add_business_days(opened, rules.dispute_answer_business_days, vendor))),)

    async def _rights(self, connection: AsyncConnection, currency: str) -> PayoutRights:
        program = self._program
        return await payout_rights(connection, program, currency, vendors_day(self.now(), program.vendor))

    @property
    def _program(self) -> Program:
        return self.programs.at(self.now())


def _why(found: StatementFacts) -> str:
    if found.clear:
        return "The invoice fits the statement to the cent, and nothing is in doubt."
    if found.unlike:
        return "Look at the invoice first: what stands above under To look at."
    return "The invoice fits; look at what is in doubt first."


def _suggested(found: DisputeFacts) -> tuple[Act | None, str]:
    difference = found.difference
    if difference is None:
        return None, "Today's records could not be computed, so nothing is suggested."
    if not difference.amount:
        return Act.UPHOLD, "Today's records come to the same sum."
    more = in_words(difference)
    return None, f"The records have changed since: {more} follows by itself, and a correction would come on top of it."
