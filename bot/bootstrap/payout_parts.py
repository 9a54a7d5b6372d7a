"""Statements and disputes, put together: what managers decide, what falls due, and what the clock runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime

from bot.desk.briefing import Briefing
from bot.desk.due import Handler
from bot.desk.telling import Telling
from bot.payouts.dispute_desk import DisputeDesk
from bot.payouts.doubts import DOUBTS, DoubtBriefs
from bot.payouts.manager_briefs import ManagerBriefs
from bot.payouts.payout_clock import PayoutClock
from bot.payouts.posting import NightlyPosting
from bot.payouts.run import StatementRun
from bot.payouts.statement_desk import StatementDesk
from bot.payouts.statement_timers import StatementTimers
from bot.payouts.steps import Steps
from bot.storage.database import Database
from bot.storage.queue import Queue
from knowledge.business_days import vendors_day
from knowledge.program import Program
from knowledge.programs import Programs


@dataclass(frozen=True, slots=True)
class PayoutParts:
    statements: StatementDesk
    disputes: DisputeDesk
    timers: StatementTimers
    doubts: DoubtBriefs

    def today(self) -> date:
        """The vendor's date."""
        return vendors_day(self.statements.now(), self.statements.program.vendor)

    @property
    def handlers(self) -> dict[str, Handler]:
        """By kind of timer."""
        return {**self.timers.by_kind, DOUBTS: self.doubts}


def payout_parts(
    database: Database,
    queue: Queue,
    program: Program,
    clock: Callable[[], datetime],
    telling: Telling,
    briefing: Briefing,
    programs: Programs,
) -> PayoutParts:
    steps = Steps(program, telling, briefing, clock)
    asks = ManagerBriefs(programs, briefing, clock)
    return PayoutParts(
        StatementDesk(database, queue, program, clock, steps, asks),
        DisputeDesk(database, queue, program, clock, telling, briefing),
        StatementTimers(program, steps, briefing, asks),
        DoubtBriefs(programs, briefing),
    )


def payout_clock(
    database: Database,
    queue: Queue,
    programs: Programs,
    clock: Callable[[], datetime],
    refresh: Callable[[], Awaitable[int]],
) -> PayoutClock:
    """`refresh` takes over what changed in the CRM: a run looks there first."""
    run = StatementRun(database, queue, programs, clock, refresh)
    return PayoutClock(database, queue, programs, clock, run, NightlyPosting(database, programs, clock))
