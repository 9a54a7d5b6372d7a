"""Posting: what a partner has earned is written down as lines that never change; what is in doubt goes to people."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.payouts import doubts
from bot.storage import accounts, instance, ledger, lines, mirror, parking
from bot.storage.database import Database, StorageUnavailable
from bot.storage.payout_tables import tier_changes
from bot.storage.tables import mirror as mirrored
from bot.storage.tables import registrations
from knowledge.business_days import beginning_of, vendors_day
from knowledge.commission.account import Account, Earnings, Line
from knowledge.commission.earning import earn
from knowledge.commission.exchange import RateTable
from knowledge.commission.statement import LineState
from knowledge.program import StatementRules
from knowledge.programs import Programs

log = logging.getLogger(__name__)

_POSTED_AT = "lines_posted_at"
_OVERLAP = timedelta(hours=1)  # a transaction that began before the last posting and was committed after it
_NIGHT = timedelta(hours=2)  # after the vendor's midnight


@dataclass(frozen=True, slots=True)
class Earned:
    """What a partner's account comes to on a day, and the account."""

    account: Account
    earnings: Earnings
    today: date


async def compute(
    connection: AsyncConnection, partner_id: str, programs: Programs, rates: RateTable, today: date
) -> Earned | None:
    """Nothing is written. None for a partner that the mirror does not hold."""
    account = await accounts.account(connection, partner_id)
    if account is None:
        return None
    return Earned(account, await asyncio.to_thread(earn, programs, account, rates, today, ahead=False), today)


def counts(line: Line, rules: StatementRules | None) -> bool:
    """Whether a line is to be paid here; one from before the first day of statements was settled elsewhere."""
    return rules is None or rules.earned_from is None or line.earned_on >= rules.earned_from


async def write(connection: AsyncConnection, earned: Earned, rules: StatementRules | None) -> int:
    """How many lines were new. The partner's version is locked by the caller since before the account was read.

    What was settled elsewhere is written as void: later lines of its series count on from it.
    """
    partner, new = earned.account.partner, earned.earnings.lines
    written = await lines.insert_new(connection, [line for line in new if not counts(line, rules)], LineState.VOID)
    written += await lines.insert_new(connection, [line for line in new if counts(line, rules)])
    await doubts.note(connection, partner, earned.earnings.doubts, earned.today)
    if written:
        await ledger.append(connection, "lines_posted", "rules", {"lines": written}, partner_id=partner.id)
        await mirror.bump(connection, [partner.id])
    return written


@dataclass(frozen=True, slots=True)
class NightlyPosting:
    """Once a night, for partners of whose records something changed since the last time; a run posts for everyone."""

    database: Database
    programs: Programs
    now: Callable[[], datetime]

    async def __call__(self) -> int:
        """For how many partners there was something new. Nothing is done where it was done this night already, nor
        while the CRM is away: a line never changes, and what is held here may be old.
        """
        now = self.now()
        async with self.database.reading() as connection:
            known = await instance.get(connection, _POSTED_AT)
            last = datetime.fromisoformat(known) if known else None
            if not self._is_due(now, last) or await _behind_the_crm(connection):
                return 0
            changed = await _changed_since(connection, last - _OVERLAP if last else None)
            rates = await accounts.rate_table(connection, self.programs.at(now).vendor.currency)
        posted = sum([await self._post(partner_id, rates, now) for partner_id in changed])
        async with self.database.begin() as connection:
            await instance.put(connection, _POSTED_AT, now.isoformat())
        return posted

    def _is_due(self, now: datetime, last: datetime | None) -> bool:
        vendor = self.programs.at(now).vendor
        night = beginning_of(vendors_day(now, vendor), vendor) + _NIGHT
        return now >= night and (last is None or last < night)

    async def _post(self, partner_id: str, rates: RateTable, now: datetime) -> bool:
        """One partner whose records are beyond computing holds up nobody else: the run will say so."""
        program = self.programs.at(now)
        today = vendors_day(now, program.vendor)
        try:
            async with self.database.begin() as connection:
                await mirror.version(connection, partner_id, lock=True)
                earned = await compute(connection, partner_id, self.programs, rates, today)
                return earned is not None and await write(connection, earned, program.statements) > 0
        except StorageUnavailable:
            raise
        except Exception:
            log.exception("the lines of partner %s could not be posted", partner_id)
            return False


async def _behind_the_crm(connection: AsyncConnection) -> bool:
    away = await parking.outages(connection, timedelta())
    return any(outage.dependency == parking.CRM_CHANGES for outage in away)


async def _changed_since(connection: AsyncConnection, since: datetime | None) -> tuple[str, ...]:
    """Partners of whose records something changed, in the order of their ids; all of them where `since` is None."""
    everyone = select(mirrored.c.id).where(mirrored.c.kind == "partner")
    if since is not None:
        touched = (
            select(mirrored.c.partner_id).where(mirrored.c.as_of >= since)
            .union(
                select(registrations.c.partner_id).where(registrations.c.changed_at >= since),
                select(tier_changes.c.partner_id).where(tier_changes.c.at >= since),
                select(func.jsonb_array_elements(mirrored.c.doc["others"]).op("->>")("partner_id")).where(
                    mirrored.c.kind == "deal", mirrored.c.as_of >= since
                ),
            )
        )  # fmt: skip
        everyone = everyone.where(mirrored.c.id.in_(touched))
    return tuple(await connection.scalars(everyone.order_by(mirrored.c.id)))
