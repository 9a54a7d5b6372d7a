"""How long a statement run takes and what memory it needs, for ever more deals of the same 500 partners."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from psycopg import AsyncConnection
from sqlalchemy import make_url, text

from bot.payouts.run import StatementRun
from bot.payouts.run_report import RunReport
from bot.storage import mirror
from bot.storage.codec import to_doc
from bot.storage.database import Database, raw
from bot.storage.migrate import migrate
from bot.storage.postgres import Postgres
from bot.storage.queue import Queue
from crm.money import Money
from crm.records import AmountBasis, Deal, Partner, PartnerType, Payment, Stage
from knowledge.loading import load_programs

PARTNERS = 500
DEALS = (10_000, 30_000, 100_000)
PAYMENTS_EACH = 3
ROUNDS = 3
SECONDS, MEGABYTES = 60.0, 500.0
"""What a run over the most deals may take."""
_PROGRAM = Path(__file__).parents[1] / "config" / "program"
_RUN_DAY = datetime(2026, 11, 5, 9, tzinfo=UTC)
_PAID = (date(2026, 10, 5), date(2026, 10, 15), date(2026, 10, 25))


@dataclass(frozen=True, slots=True)
class Ran:
    """`seconds` and `cpu_seconds` of a run over `deals`, the most `megabytes` that its process ever held, and
    `baseline` seconds in which the same rows are only copied in; `again` is a second run, for which nothing is new.
    """

    deals: int
    lines: int
    statements: int
    seconds: float
    cpu_seconds: float
    megabytes: float
    baseline: float
    again: float

    @property
    def lines_per_second(self) -> float:
        return self.lines / self.seconds

    @property
    def ratio(self) -> float:
        return self.seconds / self.baseline


async def measure(database_url: str, step: Callable[[], None]) -> list[Ran]:
    """Each size in a process of its own, so that memory is what that run needed and nothing before it."""
    found = []
    for deals in DEALS:
        rounds = []
        for _ in range(ROUNDS if deals < DEALS[-1] else 1):
            done = await asyncio.to_thread(
                subprocess.run,
                [sys.executable, "-m", "benchmarks.statements", database_url, str(deals)],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
            rounds.append(Ran(**json.loads(done.stdout.splitlines()[-1])))
        found.append(sorted(rounds, key=lambda one: one.seconds)[len(rounds) // 2])
        step()
    return found


def _partners() -> Iterator[Partner]:
    """Referral partners and resellers in turn, of the sample program's tiers: each payment earns a line."""
    kinds = (PartnerType.REFERRAL, PartnerType.RESELLER)
    for place in range(PARTNERS):
        yield Partner(
            f"p-{place:03}", f"Partner {place}", (kinds[place % 2],), ("Registered", "Select", "Elite")[place % 3]
        )


def _deal(place: int) -> Deal:
    return Deal(
        id=f"d-{place}", number=f"D-{place:06}", partner_id=f"p-{place % PARTNERS:03}", customer=f"Customer {place}",
        customer_domain=f"c{place}.example", products=("Lumora Core",), amount=Money(Decimal(24_000), "EUR"),
        amount_basis=AmountBasis.ANNUAL, stage=Stage.WON, close_date=date(2026, 9, 30), created_on=date(2026, 6, 1),
        quantity=83, term_months=12, won_on=date(2026, 9, 15),
    )  # fmt: skip


def _payments(place: int) -> Iterator[Payment]:
    for number, day in enumerate(_PAID):
        amount = Money(Decimal(2_000 + (place * 7 + number * 13) % 900) / 10, "EUR")
        yield Payment(f"m-{place}-{number}", f"d-{place}", f"p-{place % PARTNERS:03}", amount, day)


async def _fill(database: Database, deals: int) -> None:
    async with database.begin() as connection:
        await mirror.store(connection, list(_partners()))
        direct = await raw(connection)
        copy = "copy mirror (kind, id, partner_id, key, doc) from stdin"
        async with direct.cursor() as cursor, cursor.copy(copy) as rows:
            for place in range(deals):
                deal = _deal(place)
                await rows.write_row(("deal", deal.id, deal.partner_id, deal.number, json.dumps(to_doc(deal))))
                for payment in _payments(place):
                    doc = json.dumps(to_doc(payment))
                    await rows.write_row(("payment", payment.id, payment.partner_id, payment.deal_id, doc))
    async with database.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("vacuum analyze mirror"))


async def _baseline(database: Database) -> float:
    """The same rows copied in from here, into a table with the same indexes: nothing is read, computed or encoded."""
    columns = "key, partner_id, series, event, part, deal_id, earned_on, amount, currency, state, doc"
    async with database.begin() as connection:
        await connection.execute(text("create table copied (like commission_lines including all)"))
        rows = (
            await connection.execute(text(f"select {columns.replace('doc', 'doc::text')} from commission_lines"))
        ).all()
        direct = await raw(connection)
        started = time.perf_counter()
        async with direct.cursor() as cursor, cursor.copy(f"copy copied ({columns}) from stdin") as copy:
            for row in rows:
                await copy.write_row(tuple(row))
    return time.perf_counter() - started


@asynccontextmanager
async def _fresh(server_url: str) -> AsyncIterator[Postgres]:
    """A database of its own on that server."""
    name = f"run_{os.getpid()}"
    admin = make_url(server_url)
    dsn = admin.set(drivername="postgresql").render_as_string(hide_password=False)
    async with await AsyncConnection.connect(dsn, autocommit=True) as connection:
        await connection.execute(f"create database {name}")
    try:
        yield Postgres(admin.set(drivername="postgresql+psycopg", database=name), "the benchmark's")
    finally:
        async with await AsyncConnection.connect(dsn, autocommit=True) as connection:
            await connection.execute(f"drop database {name} with (force)")


async def _one(server_url: str, deals: int) -> Ran:
    async with _fresh(server_url) as postgres:
        database, queue = Database(postgres), Queue(postgres)
        await migrate(database.engine)
        await queue.open()
        await _fill(database, deals)
        programs = load_programs(_PROGRAM)

        async def refreshed() -> int:
            return 0

        run = StatementRun(database, queue, programs, lambda: _RUN_DAY, refreshed)
        before = resource.getrusage(resource.RUSAGE_SELF)
        started = time.perf_counter()
        report = await run("2026-10")
        seconds = time.perf_counter() - started
        after = resource.getrusage(resource.RUSAGE_SELF)
        if not isinstance(report, RunReport) or report.faults:
            raise RuntimeError(f"the run failed: {report}")
        started = time.perf_counter()
        await run("2026-10")
        again = time.perf_counter() - started
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        ran = Ran(
            deals, sum(one.posted for one in report.partners), len(report.issued), seconds, cpu, after.ru_maxrss / 1024,
            await _baseline(database), again,
        )  # fmt: skip
        await queue.aclose()
        await database.aclose()
        return ran


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_one(sys.argv[1], int(sys.argv[2]))))))
