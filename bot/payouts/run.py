"""The statement run: for each partner, in a transaction of its own, lines are posted and the period is closed.

Running twice, two at once, or after a crash in the middle changes nothing that was done: a line is posted once by its
key, sits on one live statement at most, and a partner has one statement a month and currency; the database holds all
three. What came too late for a period goes on the next statement.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.payouts import posting
from bot.payouts.posting import Earned
from bot.payouts.run_report import Issued, PartnerReport, RunReport
from bot.storage import accounts, ledger, lines, mirror, statement_steps, statements, tasks
from bot.storage.codec import to_doc
from bot.storage.database import Database, StorageUnavailable
from bot.storage.lines import FreeLine
from bot.storage.queue import Queue
from bot.storage.tables import mirror as mirrored
from bot.vocabulary.results import NotDone
from crm.errors import CrmError
from knowledge.business_days import vendors_day
from knowledge.commission.account import Line
from knowledge.commission.closing import Closing, Draft, PeriodError, close, cut_off, period_of
from knowledge.commission.exchange import RateTable
from knowledge.commission.statement import Statement, StatementState
from knowledge.commission.statement_clock import disputable_until
from knowledge.program import Program, StatementRules
from knowledge.programs import Programs

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Told how many of how many partners are done."""

_VALUES = 100_000  # made, and not gone yet, between two looks for rings
_AT_ONCE = 3  # one partner is computed while the database writes others


@dataclass(frozen=True, slots=True)
class StatementRun:
    """`refresh` takes over what changed in the CRM. Any number of runs may be under way. Without a `queue` statements
    are issued and nobody is sent one: their documents are made when somebody asks for them.
    """

    database: Database
    queue: Queue | None
    programs: Programs
    now: Callable[[], datetime]
    refresh: Callable[[], Awaitable[int]]

    async def __call__(
        self, period: str, *, dry: bool = False, partner_id: str = "", progress: Progress | None = None
    ) -> RunReport | NotDone:
        """Close a month for everyone, or for one partner. A dry run shows the same figures and writes none of them.

        What one partner's records make impossible is noted for a manager and stops nobody else. Raises
        StorageUnavailable; what was done by then stays, and the rest is done by running again.
        """
        now = self.now()
        program = self.programs.at(now)
        rules = program.statements
        if rules is None:
            return NotDone("this program has no statements", "add [statements] to its program.toml")
        try:
            last = cut_off(period)
        except PeriodError as fault:
            return NotDone(str(fault), "write it as in --period 2026-10")
        today = vendors_day(now, program.vendor)
        if last >= today:
            return NotDone(f"{period} is not over yet", f"run it after {last}; until then lines can still be earned")
        try:
            await self.refresh()
        except CrmError as fault:
            return NotDone(f"the CRM does not answer: {fault}", "nothing was issued; try again in a minute")
        async with self.database.reading() as connection:
            ids = [partner_id] if partner_id else await _partners(connection)
            rates = await accounts.rate_table(connection, program.vendor.currency)
        closing = _OnePartner(self.database, self.queue, self.programs, program, rules, rates, period, now, dry)
        return RunReport(period, dry, await _of_all(ids, closing, progress))


async def _partners(connection: AsyncConnection) -> list[str]:
    query = select(mirrored.c.id).where(mirrored.c.kind == "partner").order_by(mirrored.c.id)
    return list(await connection.scalars(query))


async def _of_all(ids: Sequence[str], closing: _OnePartner, progress: Progress | None) -> tuple[PartnerReport, ...]:
    """A few at a time; the first fault of the database ends them all."""
    found: dict[str, PartnerReport] = {}
    waiting = iter(ids)

    async def work() -> None:
        for partner_id in waiting:
            found[partner_id] = await closing(partner_id)
            if progress is not None:
                progress(len(found), len(ids))

    with _few_collections():
        workers = [asyncio.create_task(work()) for _ in range(_AT_ONCE)]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
    return tuple(found[partner_id] for partner_id in ids)


@contextmanager
def _few_collections() -> Iterator[None]:
    """A run makes millions of small values that go by themselves; looking for rings among them, and among everything
    else in this process, would take longer than computing them.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_VALUES, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@dataclass(frozen=True, slots=True)
class _OnePartner:
    """Closes the period for one partner after the other."""

    database: Database
    queue: Queue | None
    programs: Programs
    program: Program
    rules: StatementRules
    rates: RateTable
    period: str
    now: datetime
    dry: bool

    async def __call__(self, partner_id: str) -> PartnerReport:
        try:
            if self.dry:
                async with self.database.reading() as connection:
                    return await self._closed(connection, partner_id)
            async with self.database.begin() as connection:
                await mirror.version(connection, partner_id, lock=True)
                return await self._closed(connection, partner_id)
        except StorageUnavailable:
            raise
        except Exception as fault:
            log.exception("the statement of partner %s for %s could not be made", partner_id, self.period)
            said = f"{type(fault).__name__}: {fault}"
            await self._left_out(partner_id, said)
            return PartnerReport(partner_id, partner_id, fault=said)

    async def _left_out(self, partner_id: str, fault: str) -> None:
        if self.dry:
            return
        said = f"no statement for {self.period} could be made for partner {partner_id}: {fault}"
        async with self.database.begin() as connection:
            await tasks.open_task(
                connection, f"statement:{self.period}:{partner_id}", "commission", said, partner_id=partner_id
            )

    async def _closed(self, connection: AsyncConnection, partner_id: str) -> PartnerReport:
        today = vendors_day(self.now, self.program.vendor)
        earned = await posting.compute(connection, partner_id, self.programs, self.rates, today)
        if earned is None:
            return PartnerReport(partner_id, partner_id, fault="the CRM holds no such partner")
        known = await lines.free(connection, partner_id, cut_off(self.period))
        free = {
            line.key: line
            for line in (*known, *_free(line for line in earned.earnings.lines if posting.counts(line, self.rules)))
        }
        ordered = sorted(free.values(), key=lambda line: line.earned_on)
        closing = close(self.period, ordered, self.rules, self.rates)
        made = await statements.currencies_of(connection, partner_id, self.period)
        posted = len(earned.earnings.lines) if self.dry else await posting.write(connection, earned, self.rules)
        issued = [await self._issued(connection, earned, draft, free) for draft in _drafts(closing, made)]
        return PartnerReport(
            partner_id,
            earned.account.partner.name,
            issued=tuple(issued),
            carried=closing.carried,
            waiting=tuple(draft for draft in closing.drafts if draft.total.currency in made),
            posted=posted,
            doubts=earned.earnings.doubts,
        )

    async def _issued(
        self, connection: AsyncConnection, earned: Earned, draft: Draft, free: dict[str, FreeLine]
    ) -> Issued:
        late = sum(period_of(free[key].earned_on) < self.period for key in draft.lines)
        shown = Issued(draft.number, draft.total, len(draft.lines), late)
        if self.dry:
            return shown
        statement = self._statement(earned, draft)
        if not await statements.issue(connection, statement):
            raise RuntimeError(f"{draft.number} was issued meanwhile, though the partner's version is locked")
        await statement_steps.set_timers(connection, self.program, statement, self.now)
        keys = hashlib.sha256("\n".join(statement.lines).encode()).hexdigest()
        said = {"statement": to_doc(replace(statement, lines=())), "lines": len(statement.lines), "lines_sha256": keys}
        await ledger.append(connection, "statement", "rules", said, partner_id=statement.partner_id)
        await mirror.bump(connection, [statement.partner_id])
        if self.queue is not None:
            await self.queue.defer(connection, [statement_steps.documents_job(statement)])
        return replace(shown, id=statement.id)

    def _statement(self, earned: Earned, draft: Draft) -> Statement:
        return Statement(
            id=str(uuid4()),
            number=draft.number,
            partner_id=earned.account.partner.id,
            period=self.period,
            state=StatementState.ISSUED,
            total=draft.total,
            cut_off=cut_off(self.period),
            lines=draft.lines,
            versions=draft.versions,
            issued_at=self.now,
            disputable_until=disputable_until(self.now, self.rules, self.program.vendor),
        )


def _drafts(closing: Closing, made: frozenset[str]) -> Iterable[Draft]:
    """Those of currencies for which the partner has no statement of this month yet."""
    return (draft for draft in closing.drafts if draft.total.currency not in made)


def _free(new: Iterable[Line]) -> Iterable[FreeLine]:
    return (FreeLine(line.key, line.earned_on, line.amount, f"{line.plan_id}@{line.version}") for line in new)
