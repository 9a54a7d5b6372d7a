"""The clock's part in payouts: statements on their day of the month, missed months caught up, lines posted."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.payouts.posting import NightlyPosting
from bot.payouts.run import StatementRun
from bot.storage import instance, ledger
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.storage.queue import STATEMENT_RUN, Queue
from bot.vocabulary.results import NotDone
from knowledge.business_days import vendors_day
from knowledge.commission.closing import due_period, next_period
from knowledge.programs import Programs

log = logging.getLogger(__name__)

_DONE = "statements_until"


@dataclass(frozen=True, slots=True)
class PayoutClock:
    """Any number of nodes may ask: a month is run once, by whoever is first, and a run that died is taken up again."""

    database: Database
    queue: Queue
    programs: Programs
    now: Callable[[], datetime]
    run: StatementRun
    nightly: NightlyPosting

    async def __call__(self) -> None:
        """Ask for the run of the earliest month that is due and was not run, if there is one; post what is new.

        The first time ever, months that are due already count as settled before this installation: a run of one of
        them is for a person to ask for.
        """
        await self.nightly()
        program = self.programs.at(self.now())
        if program.statements is None:
            return
        due = due_period(vendors_day(self.now(), program.vendor), program.statements)
        async with self.database.begin() as connection:
            done = await _done_until(connection, due)
        if done < due:
            await self.queue.nudge(STATEMENT_RUN, "statement_run", period=next_period(done))

    async def run_period(self, period: str) -> None:
        """The job: run one month, and remember that it was run to its end.

        Where the CRM is away nothing is remembered: the clock asks again.
        """
        report = await self.run(period)
        if isinstance(report, NotDone):
            log.warning("the statements of %s wait: %s", period, report.text)
            return
        async with self.database.begin() as connection:
            if period > await _done_until(connection, period):
                await instance.put(connection, _DONE, period)
            said = {"period": period, "issued": len(report.issued), "faults": len(report.faults)}
            await ledger.append(connection, "statement_run", "clock", said)
        await self.queue.deliver(*Destination)


async def _done_until(connection: AsyncConnection, otherwise: str) -> str:
    """The last month that was run, or counts as settled; `otherwise` where none ever was."""
    known = await instance.get(connection, _DONE)
    if known is None:
        await instance.put(connection, _DONE, otherwise)
    return known or otherwise
