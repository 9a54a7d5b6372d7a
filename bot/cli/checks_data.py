"""The doctor's checks of the database: version, migrations, ledger, queue, what is parked or shunted, clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bootstrap import now, read_program
from bot.storage import rates
from bot.storage.database import Database, StorageError
from bot.storage.migrate import latest_revision, revision
from bot.storage.postgres import Postgres, PostgresError, find_postgres, place, release, server_version
from bot.storage.queue import live_workers
from bot.storage.tables import inbox, outbox, parked
from bot.storage.verifying import verify
from config import Settings
from crm.findings import Finding, fault, hint, ok
from knowledge.commission.exchange import RateTable
from knowledge.errors import ProgramError

_STALLED = 30.0  # seconds without a sign of life; the clock puts such jobs back after 15
_SKEW = 5.0  # seconds
_ROWS = 20_000  # of the ledger
_FAILED = "select count(*) from procrastinate_jobs where status = 'failed'"
_LOST = """
select count(*) from procrastinate_jobs j left join procrastinate_workers w on w.id = j.worker_id
where j.status = 'doing' and (w.id is null or w.last_heartbeat < now() - make_interval(secs => :seconds))
"""
_WAITING = (
    "select count(*) from procrastinate_jobs where status = 'todo' and (scheduled_at is null or scheduled_at <= now())"
)


async def data(given: Settings) -> AsyncIterator[Finding]:
    """Everything about the database; only that there is none yet, where no `serve` ever ran here."""
    external = given.database_url.get_secret_value()
    if not external and not (given.data_dir / "pg" / "PG_VERSION").exists():
        yield hint("Database", f"there are no data in {given.data_dir} yet", "`partnerline serve` makes them")
        return
    try:
        postgres = await find_postgres(external, given.data_dir)
        yield ok("Database", f"{postgres.kind}, version {await server_version(postgres)}, {place(postgres)}")
    except PostgresError as found:
        yield fault("Database", str(found), "mend what the message names")
        return
    try:
        async for finding in _inside(postgres, given):
            yield finding
    except StorageError as found:
        yield fault("Database", str(found), "see that it runs, then examine it again")
    finally:
        await release(postgres, given.data_dir)


async def _inside(postgres: Postgres, given: Settings) -> AsyncIterator[Finding]:
    database = Database(postgres, pool_size=1)
    try:
        async with database.begin() as connection:
            yield (migrated := await _migrations(connection))
            yield await _clock(connection)
            if migrated.fix:
                return
            yield await _chain(connection)
            for finding in (*await _queue(connection), *await _parked(connection), *await _messages(connection)):
                yield finding
            for finding in await _rates(connection, given):
                yield finding
    finally:
        await database.aclose()


async def _migrations(connection: AsyncConnection) -> Finding:
    kept, newest = await revision(connection), latest_revision()
    if kept == newest:
        return ok("Migrations", f"at {kept}, the newest")
    if kept is None:
        return hint("Migrations", "the database is empty", "`partnerline serve` fills it")
    return fault("Migrations", f"at {kept}, this version needs {newest}", "start `partnerline serve` once: it migrates")


async def _clock(connection: AsyncConnection) -> Finding:
    """Both clocks decide what is due; a worker and its database must agree."""
    theirs = await connection.scalar(text("select clock_timestamp()"))
    apart = abs((datetime.now(UTC) - theirs).total_seconds())
    if apart > _SKEW:
        return fault("Clock", f"{apart:,.0f} s apart from the database's", "set both machines' clocks by NTP")
    return ok("Clock", "agrees with the database's")


async def _chain(connection: AsyncConnection) -> Finding:
    """The newest rows: all of them take `ledger verify` a while."""
    found = await verify(connection, newest=_ROWS)
    if found.broken is not None:
        said = f"row {found.broken.row_id}: {found.broken.why}"
        return fault("Ledger", said, "compare it with a backup; from there on nothing is proven")
    every = found.rows == found.head.position
    return ok("Ledger", "its chain is whole" if every else f"the newest {found.rows:,} rows of its chain are whole")


async def _queue(connection: AsyncConnection) -> list[Finding]:
    alive = await live_workers(connection)
    waiting = await connection.scalar(text(_WAITING)) or 0
    lost = await connection.scalar(text(_LOST), {"seconds": _STALLED}) or 0
    failed = await connection.scalar(text(_FAILED)) or 0
    findings = [_workers(alive, waiting)]
    if lost:
        findings.append(
            fault("Queue", f"{lost} job(s) of a lost worker", "start `partnerline serve`: it puts them back")
        )
    if failed:
        findings.append(hint("Queue", f"{failed} job(s) failed in the last week", "see the log of that time"))
    if not lost and not failed:
        findings.append(ok("Queue", "no job is stalled or failed"))
    return findings


def _workers(alive: int, waiting: int) -> Finding:
    if alive:
        return ok("Workers", f"{alive} alive, {waiting} job(s) waiting")
    return hint(
        "Workers", f"none is alive, {waiting} job(s) waiting", "start `partnerline serve` or `partnerline worker`"
    )


async def _parked(connection: AsyncConnection) -> list[Finding]:
    resting = (await connection.execute(select(parked).order_by(parked.c.dependency))).all()
    refused = await connection.scalar(select(func.count()).where(outbox.c.state.in_(["refused", "unknown"])))
    findings = [
        fault(
            "Parked",
            f"{row.dependency} since {row.since:%Y-%m-%d %H:%M} UTC: {row.reason}",
            "mend it; work goes on by itself",
        )
        for row in resting
    ] or [ok("Parked", "nothing is parked")]
    if refused:
        findings.append(hint("Deliveries", f"{refused} refused or of unknown outcome", "the console's desk shows them"))
    return findings


async def _rates(connection: AsyncConnection, given: Settings) -> list[Finding]:
    """Whether money in each currency of the program can be computed today; nothing where the program is broken."""
    try:
        vendor = read_program(given).vendor
    except ProgramError:
        return []
    known = RateTable.of(vendor.currency, await rates.latest(connection))
    lacking = [currency for currency in vendor.currencies if known.on(currency, now().date()) is None]
    if not lacking:
        return [ok("Exchange rates", "recent for every currency of the program")]
    said = f"none of the last ten days for {', '.join(lacking)}: commission in them waits"
    return [hint("Exchange rates", said, "`partnerline rates import FILE`, with the central bank's file for example")]


async def _messages(connection: AsyncConnection) -> list[Finding]:
    shunted = await connection.scalar(select(func.count()).where(inbox.c.state == "shunted")) or 0
    if shunted:
        return [
            fault("Shunted", f"{shunted} message(s) could not be handled", "`partnerline shunted list`, then replay")
        ]
    return [ok("Shunted", "no message is shunted")]
