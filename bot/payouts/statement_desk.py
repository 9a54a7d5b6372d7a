"""What managers decide about statements: approved, declined, put off, blocked, released, scheduled, paid."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.payouts import told
from bot.payouts.for_managers import AsksManagers
from bot.payouts.rights import payout_rights
from bot.payouts.states import worded
from bot.payouts.steps import Steps
from bot.storage import mirror, statements
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.storage.queue import Queue
from bot.vocabulary.decisions import Outcome
from bot.vocabulary.results import Done, NotDone
from crm.records import Partner
from knowledge.business_days import vendors_day
from knowledge.commission.statement import MAY_BECOME, Statement, StatementState
from knowledge.commission.statement_clock import pay_by
from knowledge.program import Manager, Program

_WORDS = 1_000  # characters of a reason
_REFERENCE = 140  # characters of a payment's reference


@dataclass(frozen=True, slots=True)
class _Matter:
    """A statement, locked, and the manager who decides about it."""

    connection: AsyncConnection
    statement: Statement
    partner: Partner
    who: Manager

    @property
    def named(self) -> str:
        return f"{self.statement.number} of {self.partner.name}"


_Act = Callable[[_Matter], Awaitable[Done | NotDone]]


@dataclass(frozen=True, slots=True)
class StatementDesk:
    """Decides about statements by their ids; `by` is always a manager's address.

    Only the legal steps are taken, each once, however often and wherever it is ordered. What stops or ends a statement
    is told to the partner with its reason.
    """

    database: Database
    queue: Queue
    program: Program
    now: Callable[[], datetime]
    steps: Steps
    asks: AsksManagers

    async def received(self, statement_id: str, by: str, invoice_number: str) -> Done | NotDone:
        """The partner's invoice came another way, and a person has seen that it fits."""
        number = " ".join(invoice_number.split())[:_REFERENCE]
        if not number:
            return NotDone("the number of the invoice is missing", "take it from the partner's invoice")
        return await self._decide(statement_id, by, lambda matter: self._received(matter, number))

    async def approve(self, statement_id: str, by: str) -> Done | NotDone:
        """The invoice is right: it will be paid, and the partner hears by when."""
        return await self._decide(statement_id, by, self._approve)

    async def decline(self, statement_id: str, by: str, reason: str) -> Done | NotDone:
        """`reason` is told to the partner in these words; another invoice of its brings the statement back."""
        return await self._stop(statement_id, by, StatementState.DECLINED, reason)

    async def postpone(self, statement_id: str, by: str, reason: str) -> Done | NotDone:
        """It is paid later; the partner is told why."""
        return await self._stop(statement_id, by, StatementState.POSTPONED, reason)

    async def block(self, statement_id: str, by: str, reason: str) -> Done | NotDone:
        """Nothing happens to it until it is released; the partner is told why."""
        return await self._stop(statement_id, by, StatementState.BLOCKED, reason)

    async def cancel(self, statement_id: str, by: str, reason: str) -> Done | NotDone:
        """It will not be paid, and its lines go on the next statement."""
        return await self._stop(statement_id, by, StatementState.VOID, reason)

    async def fail(self, statement_id: str, by: str, reason: str) -> Done | NotDone:
        """The payment came back; it can be scheduled or paid again."""
        return await self._stop(statement_id, by, StatementState.FAILED, reason)

    async def release(self, statement_id: str, by: str) -> Done | NotDone:
        """What was postponed, blocked or declined goes on where it stood."""
        return await self._decide(statement_id, by, self._release)

    async def schedule(self, statement_id: str, by: str) -> Done | NotDone:
        """The payment is ordered at the bank."""
        return await self._decide(statement_id, by, self._schedule)

    async def pay(
        self, statement_id: str, by: str, reference: str, on: date, *, shared: bool = False
    ) -> Done | NotDone:
        """`reference` is what the payment is known by at the bank; it stands for one statement, unless it is `shared`
        by several that were paid together. What is paid stays as it is for ever.
        """
        reference = " ".join(reference.split())[:_REFERENCE]
        if not reference:
            return NotDone("a payment needs its reference", "take it from the bank's or the accounting's record")
        return await self._decide(statement_id, by, lambda matter: self._pay(matter, reference, on, shared=shared))

    async def _decide(self, statement_id: str, by: str, act: _Act) -> Done | NotDone:
        who = self.program.manager(by)
        if who is None:
            known = ", ".join(manager.email for manager in self.program.managers)
            return NotDone(f"{by} is no manager of this program", f"managers are {known}")
        async with self.database.begin() as connection:
            matter = await self._locked(connection, statement_id, who)
            if isinstance(matter, NotDone):
                return matter
            total, today = matter.statement.total, vendors_day(self.now(), self.program.vendor)
            rights = await payout_rights(connection, self.program, total.currency, today)
            done = rights.refused(who, matter.partner, total) or await act(matter)
        if isinstance(done, Done):
            await self.queue.deliver(*Destination)
        return done

    async def _locked(self, connection: AsyncConnection, statement_id: str, who: Manager) -> _Matter | NotDone:
        seen = await statements.find(connection, statement_id)
        if seen is None:
            return NotDone("there is no such statement", "list them with `partnerline statements list`")
        await mirror.version(connection, seen.partner_id, lock=True)
        statement = await statements.find(connection, statement_id, lock=True)
        partner = await mirror.one(connection, Partner, seen.partner_id)
        if statement is None or partner is None:
            return NotDone("the partner is no longer in the CRM", "restore the partner there first")
        return _Matter(connection, statement, partner, who)

    async def _received(self, matter: _Matter, number: str) -> Done | NotDone:
        was, now = matter.statement, self.now()
        if no := cannot(was, StatementState.INVOICE_RECEIVED):
            return no
        becomes = replace(
            was, state=StatementState.INVOICE_RECEIVED, invoice_number=number, invoice_total=was.total, invoice_at=now
        )
        said = f"{matter.who.name} entered the invoice {number}"
        await self._take(matter, becomes, said)
        return Done(f"{matter.named}: {said}; it waits for approval", was.id)

    async def _approve(self, matter: _Matter) -> Done | NotDone:
        was, now, rules = matter.statement, self.now(), self.program.statements
        if no := cannot(was, StatementState.APPROVED):
            return no
        if rules is None:
            return NotDone("this program has no statements", "add [statements] to its program.toml")
        last = pay_by(now, rules, self.program.vendor)
        becomes = replace(
            was, state=StatementState.APPROVED, approved_at=now, approved_by=matter.who.email, pay_by=last, before=None,
            note="",
        )  # fmt: skip
        said = f"approved by {matter.who.name}"
        await self.steps.take(
            matter.connection, matter.partner, was, becomes, matter.who.email, said, told.approved(becomes)
        )
        return Done(f"{matter.named} {said}; it is to be paid by {last}", was.id)

    async def _stop(self, statement_id: str, by: str, state: StatementState, reason: str) -> Done | NotDone:
        reason = " ".join(reason.split())[:_WORDS]
        if not reason:
            return NotDone("this needs a reason", "say why in a sentence; the partner reads it")
        return await self._decide(statement_id, by, lambda matter: self._stopped(matter, state, reason))

    async def _stopped(self, matter: _Matter, state: StatementState, reason: str) -> Done | NotDone:
        """What is put off or blocked keeps the state that it returns to, and what managers were asked about it."""
        was = matter.statement
        if no := cannot(was, state):
            return no
        resumes = state in (StatementState.POSTPONED, StatementState.BLOCKED)
        before = (was.before or was.state) if resumes else None
        lines = was.lines if state.live else ()
        becomes = replace(was, state=state, note=reason, before=before, lines=lines)
        said = f"{_PAST[state]} by {matter.who.name}: {reason}"
        await self.steps.take(
            matter.connection, matter.partner, was, becomes, matter.who.email, said, _TOLD[state](becomes),
            settles=not resumes and state is not StatementState.FAILED,
        )  # fmt: skip
        return Done(f"{matter.named} {said}", was.id)

    async def _release(self, matter: _Matter) -> Done | NotDone:
        was = matter.statement
        if was.state not in (StatementState.POSTPONED, StatementState.BLOCKED, StatementState.DECLINED):
            return NotDone(f"{was.number} is {worded(was.state)}, so there is nothing to release it from")
        state = was.before or StatementState.ISSUED
        if state not in MAY_BECOME[was.state]:
            state = StatementState.APPROVED
        becomes = replace(was, state=state, before=None, note="")
        said = f"released by {matter.who.name}"
        await self.steps.take(
            matter.connection, matter.partner, was, becomes, matter.who.email, said, told.released(becomes),
            settles=False,
        )  # fmt: skip
        return Done(f"{matter.named} {said}; it is {worded(state)} now", was.id)

    async def _schedule(self, matter: _Matter) -> Done | NotDone:
        was = matter.statement
        if no := cannot(was, StatementState.SCHEDULED):
            return no
        said = f"payment scheduled by {matter.who.name}"
        await self._take(matter, replace(was, state=StatementState.SCHEDULED, note=""), said)
        return Done(f"{matter.named}: {said}", was.id)

    async def _take(self, matter: _Matter, becomes: Statement, said: str) -> None:
        """A step that the partner is not told of, and that leaves managers something to do."""
        await self.steps.take(
            matter.connection, matter.partner, matter.statement, becomes, matter.who.email, said, settles=False
        )

    async def _pay(self, matter: _Matter, reference: str, on: date, *, shared: bool) -> Done | NotDone:
        was, today = matter.statement, vendors_day(self.now(), self.program.vendor)
        if no := cannot(was, StatementState.PAID):
            return no
        if on > today:
            return NotDone(f"{on} is still to come", "give the day on which the money left")
        others = await statements.paid_under(matter.connection, reference)
        if others and not shared:
            return NotDone(
                f"{others[0].number} of partner {others[0].partner_id} was paid under {reference} already",
                "check the reference; where one payment covers both, say that it is shared (--shared)",
            )
        becomes = replace(was, state=StatementState.PAID, paid_on=on, reference=reference, note="", before=None)
        said = f"paid on {on} under {reference}, says {matter.who.name}"
        await self.steps.take(
            matter.connection, matter.partner, was, becomes, matter.who.email, said, told.paid(becomes)
        )
        return Done(f"{matter.named} {said}", was.id)


def cannot(statement: Statement, becomes: StatementState) -> NotDone | None:
    """Why a statement cannot come to this state from where it stands; None where it can."""
    if becomes in MAY_BECOME[statement.state]:
        return None
    if statement.state is becomes:
        return NotDone(f"{statement.number} is {worded(becomes)} already{_by(statement)}")
    return NotDone(f"{statement.number} is {worded(statement.state)}", _NEXT.get(statement.state, ""))


def _by(statement: Statement) -> str:
    match statement.state:
        case StatementState.APPROVED:
            return f", by {statement.approved_by}"
        case StatementState.PAID:
            return f", on {statement.paid_on} under {statement.reference}"
    return f": {statement.note}" if statement.note else ""


_TOLD: dict[StatementState, Callable[[Statement], tuple[Outcome, ...]]] = {
    StatementState.DECLINED: told.declined,
    StatementState.POSTPONED: told.postponed,
    StatementState.BLOCKED: told.blocked,
    StatementState.FAILED: told.failed,
    StatementState.VOID: told.cancelled,
}
_PAST = {
    StatementState.DECLINED: "declined",
    StatementState.POSTPONED: "postponed",
    StatementState.BLOCKED: "blocked",
    StatementState.FAILED: "marked as failed",
    StatementState.VOID: "cancelled",
}
_NEXT = {
    StatementState.ISSUED: "the partner's invoice has to come first; `partnerline statements invoice` enters one",
    StatementState.INVOICE_RECEIVED: "approve it first",
    StatementState.POSTPONED: "release it first",
    StatementState.BLOCKED: "release it first",
    StatementState.DECLINED: "release it first, or let the partner send another invoice",
    StatementState.PAID: "what was paid stays as it is; a correction is a new line on the next statement",
    StatementState.VOID: "its lines go on the next statement",
}
