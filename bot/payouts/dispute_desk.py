"""What managers decide about disputes: a line stays as it is, or is taken back and entered anew."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.briefing import Briefing
from bot.desk.telling import Telling
from bot.payouts import told
from bot.payouts.rights import payout_rights, sees_statements
from bot.storage import disputes, ledger, lines, mirror, statements
from bot.storage.codec import to_doc
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.storage.queue import Queue
from bot.vocabulary.briefs import BriefKind
from bot.vocabulary.decisions import Outcome
from bot.vocabulary.results import Done, NotDone
from crm.money import Money
from crm.records import Partner
from knowledge.business_days import vendors_day
from knowledge.commission.account import Line
from knowledge.commission.correcting import correction
from knowledge.commission.statement import Dispute, DisputeState, LineState, StatedLine
from knowledge.program import Manager, Program

_WORDS = 1_000  # characters of a reason


@dataclass(frozen=True, slots=True)
class _Matter:
    """An open dispute, locked, its line, and the manager who decides it."""

    connection: AsyncConnection
    dispute: Dispute
    line: Line
    partner: Partner
    who: Manager

    @property
    def named(self) -> str:
        about = self.line.customer or self.line.deal_number or self.line.plan
        return f"the dispute of {self.partner.name} about {about} on {self.dispute.statement_number}"


_Act = Callable[[_Matter], Awaitable[Done | NotDone]]


@dataclass(frozen=True, slots=True)
class DisputeDesk:
    """Decides disputes by their ids; `by` is always a manager's address. Deciding twice acts once.

    Whatever comes of it is on the next statement: the line as it was, or with its reversal and the right sum.
    """

    database: Database
    queue: Queue
    program: Program
    now: Callable[[], datetime]
    telling: Telling
    briefing: Briefing

    async def uphold(self, dispute_id: str, by: str, reason: str) -> Done | NotDone:
        """The line was right. `reason` is told to the partner in these words."""
        return await self._decide(dispute_id, by, reason, (), lambda matter: self._uphold(matter, _one_line(reason)))

    async def correct(self, dispute_id: str, by: str, amount: Money, reason: str) -> Done | NotDone:
        """`amount` is what the line comes to; `reason` is told to the partner in these words."""
        return await self._decide(
            dispute_id, by, reason, (amount,), lambda matter: self._correct(matter, amount, _one_line(reason))
        )

    async def adjust(self, line_key: str, by: str, amount: Money, reason: str) -> Done | NotDone:
        """Correct a line that nobody disputes, or not in time: one that was paid, for example. It stays as it is, and
        the next statement has its reversal and the right sum.
        """
        reason = _one_line(reason)
        who = self.program.manager(by)
        if no := _unfit(by, who, reason, self.program):
            return no
        async with self.database.begin() as connection:
            done = await self._adjust(connection, line_key, who, amount, reason) if who else NotDone("")
        if isinstance(done, Done):
            await self.queue.deliver(*Destination)
        return done

    async def _decide(
        self, dispute_id: str, by: str, reason: str, sums: tuple[Money, ...], act: _Act
    ) -> Done | NotDone:
        """`sums` are those that the manager decides on besides the line's own."""
        who = self.program.manager(by)
        if no := _unfit(by, who, _one_line(reason), self.program):
            return no
        async with self.database.begin() as connection:
            matter = await self._locked(connection, dispute_id, who) if who else NotDone("")
            if isinstance(matter, NotDone):
                return matter
            no = await self._not_his(connection, matter.who, matter.partner, matter.line, *sums)
            done = no or await act(matter)
        if isinstance(done, Done):
            await self.queue.deliver(*Destination)
        return done

    async def _locked(self, connection: AsyncConnection, dispute_id: str, who: Manager) -> _Matter | NotDone:
        seen = await disputes.find(connection, dispute_id)
        if seen is None:
            return NotDone("there is no such dispute", "list them with `partnerline disputes list`")
        await mirror.version(connection, seen.partner_id, lock=True)
        dispute = await disputes.find(connection, dispute_id, lock=True)
        partner = await mirror.one(connection, Partner, seen.partner_id)
        stated = await lines.find(connection, seen.line)
        if dispute is None or stated is None or partner is None:
            return NotDone("the partner is no longer in the CRM", "restore the partner there first")
        if dispute.state is not DisputeState.OPEN:
            by = f" by {dispute.resolved_by}" if dispute.resolved_by else ""
            return NotDone(f"this dispute was {dispute.state.value}{by} already")
        return _Matter(connection, dispute, stated.line, partner, who)

    async def _uphold(self, matter: _Matter, reason: str) -> Done | NotDone:
        ended = await self._ended(matter, DisputeState.UPHELD, reason, lambda d: told.upheld(d, matter.line))
        return Done(f"{matter.named} is over: the line stays as it is", ended.id)

    async def _correct(self, matter: _Matter, amount: Money, reason: str) -> Done | NotDone:
        if no := await self._not_once_more(matter.connection, matter.line) or _no_correction(matter.line, amount):
            return no
        made = correction(matter.line, amount, matter.dispute.id, reason, self._today())
        await self._ended(matter, DisputeState.CORRECTED, reason, lambda d: told.corrected(d, matter.line, amount))
        await lines.insert_new(matter.connection, made)
        return Done(f"{matter.named} is over: the line is corrected to {_said(amount)}", matter.dispute.id)

    async def _ended(
        self, matter: _Matter, state: DisputeState, reason: str, words: Callable[[Dispute], tuple[Outcome, ...]]
    ) -> Dispute:
        """The line is free for the next statement, the partner is told in the thread where it asked."""
        connection, partner = matter.connection, matter.partner
        ended = replace(
            matter.dispute, state=state, reason=reason, resolved_at=self.now(), resolved_by=matter.who.email
        )
        await disputes.save(connection, ended)
        await lines.set_state(connection, ended.line, LineState.DISPUTED, LineState.EARNED)
        thread = await disputes.thread_of(connection, ended.id)
        await self.telling.tell(
            connection, f"dispute:{ended.id}:{state.value}", partner, ended.contact_id, thread, words(ended),
            ended.statement_number, (matter.line.deal_number,) if matter.line.deal_number else (),
            f"dispute_{state.value}", may=sees_statements(partner),
        )  # fmt: skip
        said = f"{state.value} by {matter.who.name}: {reason}"
        await self.briefing.settle(connection, BriefKind.DISPUTE, ended.id, matter.who.email, said)
        await ledger.append(connection, "dispute", matter.who.email, {"dispute": to_doc(ended)}, partner_id=partner.id)
        await mirror.bump(connection, [partner.id])
        return ended

    async def _adjust(
        self, connection: AsyncConnection, line_key: str, who: Manager, amount: Money, reason: str
    ) -> Done | NotDone:
        seen = await lines.find(connection, line_key)
        if seen is None:
            return NotDone("there is no such line", "`partnerline statements show … --lines` has them with their keys")
        await mirror.version(connection, seen.line.partner_id, lock=True)
        partner = await mirror.one(connection, Partner, seen.line.partner_id)
        stated = await lines.find(connection, line_key)
        if partner is None or stated is None:
            return NotDone("the partner is no longer in the CRM", "restore the partner there first")
        no = await self._not_his(connection, who, partner, stated.line, amount)
        no = no or await self._not_once_more(connection, stated.line)
        if no := no or _unadjustable(stated, amount):
            return no
        made = correction(stated.line, amount, "adjusted", reason, self._today())
        await lines.insert_new(connection, made)
        await self._adjusted(connection, stated, partner, who, amount, reason)
        return Done(f"the line is corrected to {_said(amount)} on the next statement of {partner.name}", line_key)

    async def _adjusted(
        self,
        connection: AsyncConnection,
        stated: StatedLine,
        partner: Partner,
        who: Manager,
        amount: Money,
        reason: str,
    ) -> None:
        line = stated.line
        of_partner = await statements.numbered(connection, stated.statement, partner.id) if stated.statement else ()
        thread = await statements.thread_of(connection, of_partner[0].id) if of_partner else None
        await self.telling.tell(
            connection, f"adjusted:{line.key}", partner, partner.finance_contact_id, thread,
            told.adjusted(line, amount, reason), stated.statement or line.plan,
            (line.deal_number,) if line.deal_number else (), "line_adjusted",
            may=sees_statements(partner),
        )  # fmt: skip
        said = {"line": line.key, "becomes": to_doc(amount), "reason": reason}
        await ledger.append(connection, "line_adjusted", who.email, said, partner_id=partner.id)
        await mirror.bump(connection, [partner.id])

    async def _not_once_more(self, connection: AsyncConnection, line: Line) -> NotDone | None:
        """What was taken back is never taken back again."""
        if not await lines.is_settled(connection, line):
            return None
        return NotDone("this line was corrected already", "correct the line that took its place")

    async def _not_his(
        self, connection: AsyncConnection, who: Manager, partner: Partner, line: Line, *sums: Money
    ) -> NotDone | None:
        """Sums in another currency than the line's are refused for that."""
        rights = await payout_rights(connection, self.program, line.amount.currency, self._today())
        return rights.refused(who, partner, line.amount, *(s for s in sums if s.currency == line.amount.currency))

    def _today(self) -> date:
        return vendors_day(self.now(), self.program.vendor)


def _unfit(by: str, who: Manager | None, reason: str, program: Program) -> NotDone | None:
    if who is None:
        known = ", ".join(manager.email for manager in program.managers)
        return NotDone(f"{by} is no manager of this program", f"managers are {known}")
    return None if reason else NotDone("this needs a reason", "say why in a sentence; the partner reads it")


def _no_correction(line: Line, amount: Money) -> NotDone | None:
    if amount.currency != line.amount.currency:
        return NotDone(f"the line is in {line.amount.currency}", f"give the amount in {line.amount.currency}")
    if amount != amount.rounded():
        return NotDone(f"{_said(amount)} is finer than the currency's smallest unit", "round it")
    if amount == line.amount:
        return NotDone(f"the line comes to {_said(amount)} already", "uphold it instead")
    return None


def _unadjustable(stated: StatedLine, amount: Money) -> NotDone | None:
    if stated.state is LineState.DISPUTED:
        return NotDone("the partner disputes this line", "decide the dispute instead")
    return _no_correction(stated.line, amount)


def _said(amount: Money) -> str:
    return f"{amount.currency} {amount.amount:,.2f}"


def _one_line(said: str) -> str:
    return " ".join(said.split())[:_WORDS]
