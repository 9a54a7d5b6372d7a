"""The state of the machinery: jobs, outbox, what is parked, what was shunted, what was kept for want of a relay."""

from __future__ import annotations

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.console.views import JobCount, KeptMail, OutboxCount, ParkedWork, QueueView
from bot.operations.waiting import shunted
from bot.storage import parked_reads
from bot.storage.tables import outbox, parked

_MOST = 100


async def view(connection: AsyncConnection, mail_from: str) -> QueueView:
    jobs = await connection.execute(
        text("select task_name, status::text, count(*) from procrastinate_jobs group by 1, 2 order by 1, 2")
    )
    query = select(outbox.c.destination, outbox.c.state, func.count()).group_by(outbox.c.destination, outbox.c.state)
    counts = [OutboxCount(*row) for row in (await connection.execute(query.order_by("destination", "state"))).all()]
    waiting = {c.destination: c.count for c in counts if c.state == "pending"} | await parked_reads.counts(connection)
    resting = (await connection.execute(select(parked).order_by(parked.c.dependency))).all()
    return QueueView(
        jobs=tuple(JobCount(*row) for row in jobs.all()),
        outbox=tuple(counts),
        parked=tuple(
            ParkedWork(p.dependency, waiting.get(p.dependency, 0), p.reason, p.since, p.until) for p in resting
        ),
        shunted=await shunted(connection),
        kept=await _kept(connection, mail_from),
    )


async def _kept(connection: AsyncConnection, mail_from: str) -> tuple[KeptMail, ...]:
    query = (
        select(outbox.c.id, outbox.c.payload, outbox.c.created_at)
        .where(outbox.c.destination == "mail", outbox.c.state == "kept")
        .order_by(outbox.c.seq.desc())
        .limit(_MOST)
    )
    rows = (await connection.execute(query)).all()
    return tuple(
        KeptMail(row.id, str(row.payload["to"]), str(row.payload["subject"]), row.created_at, (("From", mail_from),))
        for row in rows
    )
