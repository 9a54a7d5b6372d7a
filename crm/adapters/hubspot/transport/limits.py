"""Keeps all workers of all machines together below what HubSpot allows in ten seconds, in a second and in a day.

Each limit is a row of `hubspot.budgets`. One statement takes from all rows that a call draws on, or from none: a token
may be taken before it is there, and the caller waits until then; of the day's calls none is. The database's clock is
everybody's.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.options import HubSpotOptions
from crm.adapters.hubspot.transport.calls import Budget
from crm.errors import CrmUnavailable

PATIENCE = 15.0
"""Seconds that a call waits for its turn; beyond, it had better be made later."""

DAILY = "daily"
_ZONE_STAYS = 600.0

# Not synced to disk: what a crash of the database forgets is a few calls, for which there is room.
_TAKE = text("""
WITH wanted AS (
    SELECT * FROM unnest(CAST(:names AS text[]), CAST(:caps AS float8[]), CAST(:rates AS float8[]))
        AS w(name, cap, rate)
), held AS MATERIALIZED (
    SELECT * FROM hubspot.budgets WHERE name = ANY(CAST(:names AS text[])) ORDER BY name FOR UPDATE
), clock AS MATERIALIZED (
    SELECT coalesce(CAST(:now AS timestamptz), clock_timestamp()) AS at FROM (SELECT count(*) FROM held) AS locked
), level AS MATERIALIZED (
    SELECT name, cap, rate, at, reason, closed_until, coalesce(closed_until > at, false) AS closed,
        CASE
            WHEN name = 'daily' THEN cap + CASE WHEN refilled_at < :day THEN 0 ELSE tokens END
            WHEN refilled_at > at THEN least(cap, tokens)
            ELSE least(cap, tokens + extract(epoch FROM at - refilled_at) * rate)
        END - 1 AS rest,
        CASE WHEN coalesce(closed_until > at, false) THEN refilled_at ELSE at END AS refilled
    FROM held JOIN wanted USING (name) CROSS JOIN clock
), due AS MATERIALIZED (
    SELECT level.*, CASE WHEN closed THEN extract(epoch FROM closed_until - at) ELSE 0 END
        + CASE WHEN rest >= 0 THEN 0 WHEN name = 'daily' THEN :day_left ELSE -rest / rate END AS wait
    FROM level
), taken AS (
    UPDATE hubspot.budgets AS b
    SET tokens = CASE WHEN due.name = 'daily' THEN due.rest - due.cap ELSE due.rest END, refilled_at = due.refilled
    FROM due WHERE b.name = due.name
        AND (SELECT max(wait) <= :patience AND NOT bool_or(name = 'daily' AND wait > 0) FROM due)
    RETURNING b.name
)
SELECT name, CAST(wait AS float8) AS wait, closed, reason, (SELECT count(*) FROM taken) > 0 AS taken,
    set_config('synchronous_commit', 'off', true)
FROM due ORDER BY wait DESC, name LIMIT 1
""")

_BEGIN = text("""
INSERT INTO hubspot.budgets (name, tokens, refilled_at)
SELECT name, tokens, coalesce(CAST(:now AS timestamptz), clock_timestamp())
FROM unnest(CAST(:names AS text[]), CAST(:tokens AS float8[])) AS b(name, tokens)
ON CONFLICT (name) DO NOTHING
""")

# Empty at its reopening: those that waited for it are not let through all at once.
_CLOSE = text("""
UPDATE hubspot.budgets SET closed_until = until, reason = :reason,
    tokens = CASE WHEN name = 'daily' THEN tokens ELSE 0 END,
    refilled_at = CASE WHEN name = 'daily' THEN refilled_at ELSE until END
FROM (SELECT coalesce(CAST(:now AS timestamptz), clock_timestamp()) + make_interval(secs => :seconds) AS until) AS shut
WHERE name = :name AND coalesce(closed_until < until, true)
""")

_STATE = text("""
SELECT name, tokens, refilled_at, closed_until, reason FROM hubspot.budgets
""")


@dataclass(frozen=True, slots=True)
class Rate:
    """`size` calls may be made at once, then `per_second`: so chosen that no window of `seconds` has more than `most`.

    In the half-open window that begins with a full bucket there are size + ceil(seconds * per_second) - 1 of them.
    """

    size: int
    per_second: float

    @classmethod
    def of(cls, most: int, seconds: int, at_once: int) -> Rate:
        size = max(1, min(at_once, most))
        return cls(size, max(most - size + 1, 1) / seconds)


@dataclass(frozen=True, slots=True)
class Used:
    """What of the day's calls is used, and which limits are closed until when, with the reason."""

    today: int
    daily: int
    closed: tuple[tuple[str, datetime, str], ...]


class Limits:
    """`clock` in place of the database's: for tests, where it has to move on by what is slept."""

    def __init__(
        self,
        engine: AsyncEngine,
        options: HubSpotOptions,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._daily = options.daily
        self._rates = {
            Budget.BURST: Rate.of(options.burst, 10, options.burst // 6),
            Budget.SEARCH: Rate.of(options.searches, 1, 1),
        }
        self._sleep = sleep
        self._given_clock = clock
        self._zone: tuple[ZoneInfo, float] | None = None
        self._closings = 0

    async def take(self, budget: Budget) -> float:
        """Returns when the call may be made, with the seconds waited. CrmUnavailable where that is too far away."""
        waited = 0.0
        while True:
            known = self._closings
            wait = await self._reserve(budget, PATIENCE - waited)
            if wait > 0:
                await self._sleep(wait)
                waited += wait
            # What was reserved before HubSpot asked everybody to wait counts no more.
            if wait <= 0 or known == self._closings:
                return waited

    async def close(self, name: str, seconds: float, reason: str) -> None:
        """Nobody draws on that limit for so long, as HubSpot asked; a later end that is known already stays."""
        self._closings += 1
        await self._execute(_CLOSE, {"name": name, "seconds": seconds, "reason": reason, "now": self._given_now()})

    async def seconds_of_day_left(self) -> float:
        return (await self._day())[1]

    async def used(self) -> Used:
        day, _ = await self._day()
        now = self._now()
        rows = await self._execute(_STATE, {})
        today = next((int(-row.tokens) for row in rows if row.name == DAILY and row.refilled_at >= day), 0)
        closed = ((row.name, row.closed_until, row.reason) for row in rows if row.closed_until)
        return Used(today, self._daily, tuple(sorted(shut for shut in closed if shut[1] > now)))

    async def _reserve(self, budget: Budget, patience: float) -> float:
        day, day_left = await self._day()
        names = list(dict.fromkeys((Budget.BURST, budget)))
        given = {
            "names": [*names, DAILY],
            "caps": [*(float(self._rates[name].size) for name in names), float(self._daily)],
            "rates": [*(self._rates[name].per_second for name in names), 1.0],
            "now": self._given_now(),
            "day": day,
            "day_left": day_left,
            "patience": patience,
        }
        rows = await self._execute(_TAKE, given)
        if len(rows) == 0:
            await self._begin()
            rows = await self._execute(_TAKE, given)
        row = rows[0]
        if not row.taken:
            raise CrmUnavailable(_why(row, self._daily), row.wait)
        return float(row.wait)

    async def _begin(self) -> None:
        names = [*self._rates, DAILY]
        tokens = [*(float(rate.size) for rate in self._rates.values()), 0.0]
        await self._execute(_BEGIN, {"names": names, "tokens": tokens, "now": self._given_now()})

    async def _day(self) -> tuple[datetime, float]:
        """When the portal's day began, and the seconds until it ends."""
        now = self._now()
        local = now.astimezone(await self._portal_zone())
        begins = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        ends = begins + timedelta(days=1)
        return begins.astimezone(UTC), max((ends.astimezone(UTC) - now).total_seconds(), 0.0)

    async def _portal_zone(self) -> ZoneInfo:
        """As the account's facts have it; UTC until they are read."""
        if self._zone is None or self._zone[1] < time.monotonic():
            rows = await self._execute(
                text("SELECT value->>'timeZone' AS zone FROM hubspot.account WHERE value ? 'timeZone'"), {}
            )
            self._zone = (_zone(rows[0].zone if rows else "UTC"), time.monotonic() + _ZONE_STAYS)
        return self._zone[0]

    async def _execute(self, statement: Any, given: dict[str, Any]) -> list[Any]:
        with _translated():
            async with self._engine.connect() as connection:
                result = await connection.execute(statement, given)
                return list(result.all()) if result.returns_rows else []

    def _given_now(self) -> datetime | None:
        return self._given_clock() if self._given_clock else None

    def _now(self) -> datetime:
        """For days and what is shown, where a second more or less is no matter."""
        return self._given_now() or datetime.now(UTC)


def _why(row: Any, daily: int) -> str:
    if row.closed:
        return f"HubSpot asked to wait: {row.reason}"
    if row.name == DAILY:
        return f"the {daily:,} calls to HubSpot of this day are used up; they begin anew at its midnight"
    return "too many calls to HubSpot are waiting for their turn"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, PoolTimeout) as fault:
        raise CrmUnavailable("the HubSpot adapter's database does not answer") from fault
