"""What a partner does about a statement by a message: its invoice, a dispute, and taking a dispute back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import disputes, invoices, ledger, lines, mirror, statement_steps, statements, timers
from bot.storage.codec import to_doc
from bot.storage.invoices import PartnerInvoice
from bot.storage.queue import Queue
from bot.vocabulary.decisions import OpenDispute, TakeInvoice, WithdrawDispute
from bot.vocabulary.identity import Identity
from bot.vocabulary.message import Message
from bot.vocabulary.money import InvoiceRead
from crm.money import Money
from knowledge.business_days import vendors_day
from knowledge.commission.account import Line
from knowledge.commission.statement import Dispute, DisputeState, LineState, Statement, StatementState
from knowledge.commission.statement_clock import opened, over
from knowledge.program import Program

_STOPPED = (StatementState.POSTPONED, StatementState.BLOCKED)


_ENOUGH = 2  # invoices that did not fit one statement


def _net(read: InvoiceRead) -> str:
    return f"{read.net.currency} {read.net.amount:,.2f}" if read.net else "an unknown sum"


@dataclass(frozen=True, slots=True)
class PartnersSteps:
    """Writes in the transaction of the message, in which the partner's version is locked.

    Each returns what a manager has to see to because it could not be done, or "".
    """

    connection: AsyncConnection
    queue: Queue
    program: Program
    message: Message
    identity: Identity
    thread_id: str | None

    @property
    def now(self) -> datetime:
        """When the message came: what it brings about happened then, however long it waited to be handled."""
        return self.message.received_at

    @property
    def _partner_id(self) -> str:
        return self.identity.proven_partner_id or ""

    async def take_invoice(self, command: TakeInvoice) -> str:
        """Kept as it was read; where it matches, the statement waits for approval, or will once it is released."""
        statement = await self._own(command.statement_id)
        # What stood before it in the same message may have taken a line off the statement.
        matches = command.matches and statement is not None and command.invoice.net == statement.total
        kept = PartnerInvoice(
            self._partner_id, statement.id if statement else "", self.message.inbox_id, command.sha256,
            command.invoice, matches, self.message.received_at,
        )  # fmt: skip
        if not await invoices.keep(self.connection, kept):
            return ""
        said = {
            "statement": statement.number if statement else "",
            "invoice": to_doc(command.invoice),
            "matches": kept.matched,
        }
        await ledger.append(
            self.connection, "invoice", self.message.channel.value, said,
            partner_id=self._partner_id, inbox_id=self.message.inbox_id,
        )  # fmt: skip
        if statement is None:
            return ""
        if command.matches and not matches:
            read, sum_ = command.invoice, f"{statement.total.currency} {statement.total.amount:,.2f}"
            return f"an invoice {read.number} over {_net(read)} came for {statement.number}, which is over {sum_} now"
        return await (self._received(statement, command) if matches else self._unfitting(statement))

    async def _unfitting(self, statement: Statement) -> str:
        """The first one that does not fit is the partner's to mend, who is told how; more of them need a person."""
        unlike = [one.read for one in await invoices.of_statement(self.connection, statement.id) if not one.matched]
        if len(unlike) < _ENOUGH:
            return ""
        total = f"{statement.total.currency} {statement.total.amount:,.2f}"
        sums = ", ".join(f"{r.number or r.file} over {_net(r)}" for r in unlike)
        return f"{len(unlike)} invoices for {statement.number} did not fit its {total}: {sums}"

    async def _received(self, statement: Statement, command: TakeInvoice) -> str:
        read = command.invoice
        with_invoice = replace(
            statement, invoice_number=read.number, invoice_total=read.net or read.total, invoice_at=self.now
        )
        if statement.state is StatementState.DECLINED:
            asked = replace(statement, state=StatementState.ISSUED, note="")
            await self._write(statement, asked)
            statement, with_invoice = asked, replace(with_invoice, state=StatementState.ISSUED, note="")
        if statement.state is StatementState.ISSUED:
            await self._write(statement, replace(with_invoice, state=StatementState.INVOICE_RECEIVED))
        elif statement.state in _STOPPED and statement.before is StatementState.ISSUED:
            await self._write(statement, replace(with_invoice, before=StatementState.INVOICE_RECEIVED))
        else:
            return f"an invoice {read.number} came for {statement.number}, which is {statement.state} already"
        return await self._used_before(statement, read.number, command.sha256)

    async def _used_before(self, statement: Statement, number: str, sha256: str) -> str:
        other = await invoices.matched_before(self.connection, self._partner_id, number, sha256, statement.id)
        known = await statements.find(self.connection, other) if other else None
        return f"the invoice {number} for {statement.number} came for {known.number} before" if known else ""

    async def open_dispute(self, command: OpenDispute) -> str:
        """The lines are held and taken off the statement; it goes on with the rest."""
        statement = await self._own(command.statement_id)
        if statement is None:
            return "a dispute is about a statement that the partner does not have"
        if why := self._undisputable(statement, command.lines):
            return f"a dispute about {statement.number} could not be opened: {why}; the partner wrote: {command.words}"
        disputed = [await self._line(statement, key) for key in command.lines]
        if any([await lines.is_settled(self.connection, line) for line in disputed]):
            return f"a line of {statement.number} is disputed that was corrected already; they wrote: {command.words}"
        taken = sum((line.amount for line in disputed), Money.zero(statement.total.currency))
        for line in disputed:
            await self._open(statement, line.key, command.words)
        await statement_steps.without(
            self.connection, self.queue, self.program, statement, command.lines, taken, self.message.channel.value,
            self.now,
        )  # fmt: skip
        return ""

    async def _line(self, statement: Statement, key: str) -> Line:
        found = await lines.find(self.connection, key)
        if found is None:
            raise LookupError(f"{key} is on {statement.number} and is no line")
        return found.line

    def _undisputable(self, statement: Statement, keys: tuple[str, ...]) -> str:
        last = statement.disputable_until
        if not keys or not set(keys) <= set(statement.lines):
            return "the line is not on it"
        if last is not None and vendors_day(self.now, self.program.vendor) > last:
            return f"that was possible until {last}"
        return "" if statement_steps.may_be_disputed(statement) else f"it is {statement.state} already"

    async def _open(self, statement: Statement, key: str, words: str) -> None:
        contact = self.identity.contact
        dispute = Dispute(
            id=str(uuid5(NAMESPACE_URL, f"partnerline:dispute:{self.message.inbox_id}:{key}")),
            statement_id=statement.id,
            statement_number=statement.number,
            line=key,
            partner_id=self._partner_id,
            contact_id=contact.id if contact else None,
            words=words,
            state=DisputeState.OPEN,
            opened_at=self.now,
        )
        await disputes.open_(self.connection, dispute, self.thread_id)
        await lines.set_state(self.connection, key, LineState.EARNED, LineState.DISPUTED)
        await timers.schedule(self.connection, opened(dispute))
        await self._noted(dispute)

    async def withdraw_dispute(self, command: WithdrawDispute) -> str:
        """The line is free for the next statement; a dispute that was decided meanwhile stays as it was."""
        dispute = await disputes.find(self.connection, command.dispute_id, lock=True)
        if dispute is None or dispute.partner_id != self._partner_id or dispute.state is not DisputeState.OPEN:
            return ""
        contact = self.identity.contact
        ended = replace(
            dispute, state=DisputeState.WITHDRAWN, resolved_at=self.now, resolved_by=contact.email if contact else ""
        )
        await disputes.save(self.connection, ended)
        await lines.set_state(self.connection, ended.line, LineState.DISPUTED, LineState.EARNED)
        await timers.schedule(self.connection, over(ended))
        await self._noted(ended)
        await mirror.bump(self.connection, [self._partner_id])
        return ""

    async def _own(self, statement_id: str) -> Statement | None:
        found = await statements.find(self.connection, statement_id, lock=True) if statement_id else None
        return found if found is not None and found.partner_id == self._partner_id else None

    async def _write(self, was: Statement, becomes: Statement) -> None:
        by = self.message.channel.value
        await statement_steps.write(self.connection, self.program, was, becomes, by, self.now)

    async def _noted(self, dispute: Dispute) -> None:
        await ledger.append(
            self.connection, "dispute", self.message.channel.value, {"dispute": to_doc(dispute)},
            partner_id=dispute.partner_id, inbox_id=self.message.inbox_id,
        )  # fmt: skip
