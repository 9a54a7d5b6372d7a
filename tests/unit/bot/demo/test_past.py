"""The demo looks like a program that has been running: statements of earlier months, tiers that rose, work waiting."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.channels.slack.api.installation import Installation
from bot.demo.first_start import seed_once
from bot.payouts.run import StatementRun
from bot.payouts.run_report import RunReport
from bot.storage import disputes, mirror, statements, tiers
from bot.storage.database import Database
from bot.storage.desk_tables import timers
from bot.storage.payout_tables import commission_lines
from bot.storage.payout_tables import statements as issued_statements
from bot.storage.queue import Queue
from bot.storage.tables import outbox
from bot.worker.mirroring import MirrorJob
from config.errors import ConfigError
from crm.records import Partner
from knowledge.business_days import beginning_of
from knowledge.commission.closing import month_before
from knowledge.commission.statement import DisputeState, Statement, StatementState
from knowledge.programs import Programs
from tests.builders import program
from tests.fakes.crm import InMemoryCrm, Mood

DAYS = [date(2026, 11, 27), date(2027, 1, 1)]
OWN = Installation("T0LUMORA", "U0PARTNERLINE")


@dataclass(frozen=True)
class Demo:
    storage: Database
    queue: Queue
    today: date

    @property
    def now(self) -> datetime:
        return beginning_of(self.today, program().vendor) + timedelta(hours=12)

    async def statements(self) -> tuple[Statement, ...]:
        async with self.storage.begin() as connection:
            return await statements.in_states(connection, list(StatementState), 5_000)

    async def rows(self, query: Any) -> list[Any]:
        async with self.storage.begin() as connection:
            return list((await connection.execute(query)).all())

    async def run(self) -> RunReport:
        async def nothing() -> int:
            return 0

        run = StatementRun(self.storage, self.queue, Programs((program(),)), lambda: self.now, nothing)
        report = await run(month_before(self.today), dry=True)
        assert isinstance(report, RunReport)
        return report


async def start(storage: Database, queue: Queue, today: date, crm: InMemoryCrm | None = None) -> Demo:
    crm = crm or InMemoryCrm()
    assert await seed_once(storage, crm, MirrorJob(storage, crm), Programs((program(),)), OWN, today)
    return Demo(storage, queue, today)


@pytest.fixture(params=DAYS, ids=str)
async def demo(request: pytest.FixtureRequest, storage: Database, queue: Queue) -> Demo:
    return await start(storage, queue, request.param)


async def test_earlier_months_are_closed_and_the_last_one_is_left_to_be_run(demo: Demo) -> None:
    found = await demo.statements()
    last = month_before(demo.today)
    assert last not in {one.period for one in found}
    assert len({one.period for one in found}) >= 12
    assert max(Counter(one.number for one in found if one.partner_id == "demo-halvemaan").values()) == 1
    assert all(len(one.lines) <= 4 for one in found), "none holds all of the past"
    report = await demo.run()
    assert not report.faults
    late = [one.late for one in report.issued if one.late]
    assert late in ([], [1]), "only a refund, which alone is no statement, is carried"


async def test_the_month_to_be_run_has_something_of_every_kind(demo: Demo) -> None:
    report = await demo.run()
    lines = {partner.partner_id: sum(one.lines for one in partner.issued) for partner in report.partners}
    assert {one.total.currency for one in report.issued} == {"EUR", "GBP", "USD"}
    assert [name for name, count in lines.items() if count > 2] == [
        "demo-cassin", "demo-halvemaan", "demo-lindgruen", "demo-quaywise", "demo-waterkant",
    ]  # fmt: skip


async def test_what_is_past_was_invoiced_approved_and_paid_in_that_order(demo: Demo) -> None:
    found = await demo.statements()
    paid = [one for one in found if one.state is StatementState.PAID]
    assert len(paid) > 40
    assert len({one.reference for one in paid}) == len(paid)
    assert len({(one.partner_id, one.invoice_number) for one in paid}) == len(paid)
    for one in paid:
        days = [moment.date() for moment in (one.issued_at, one.invoice_at, one.approved_at) if moment]
        days += [day for day in (one.paid_on, one.pay_by) if day]
        assert len(days) == 5
        assert days == sorted(days)
        assert one.paid_on
        assert one.paid_on < demo.today
        assert program().manager(one.approved_by)


async def test_something_waits_for_each_who_has_to_act(demo: Demo) -> None:
    waiting = [one for one in await demo.statements() if one.state is not StatementState.PAID]
    expected = {
        "demo-quaywise": StatementState.ISSUED,
        "demo-halvemaan": StatementState.INVOICE_RECEIVED,
        "demo-lindgruen": StatementState.APPROVED,
        "demo-alcazar": StatementState.ISSUED,
    }
    assert {one.partner_id: one.state for one in waiting if one.partner_id in expected} == expected
    others = [one for one in waiting if one.partner_id not in expected]
    assert all(one.state is StatementState.APPROVED for one in others)
    assert all(one.pay_by and one.pay_by > demo.today for one in waiting if one.state is StatementState.APPROVED)
    async with demo.storage.begin() as connection:
        [dispute] = await disputes.in_state(connection, DisputeState.OPEN)
    assert dispute.partner_id == "demo-alcazar"
    [held] = await demo.rows(select(commission_lines.c.key).where(commission_lines.c.state == "disputed"))
    assert held.key == dispute.line


async def test_nobody_hears_of_the_past_and_only_managers_of_what_waits(demo: Demo) -> None:
    assert await demo.rows(select(outbox.c.id)) == []
    due = await demo.rows(select(timers.c.kind).where(timers.c.due_at <= demo.now, timers.c.done_at.is_(None)))
    assert sorted({row.kind for row in due}) == ["commission_doubts", "dispute_opened", "statement_approval"]


async def test_tiers_are_known_since_the_first_quarter_and_end_in_the_one_of_the_crm(demo: Demo) -> None:
    async with demo.storage.begin() as connection:
        histories = await tiers.histories(connection)
        partners = await mirror.everyone(connection, Partner)
    assert {partner.id: histories[partner.id].on(demo.today) for partner in partners} == {
        partner.id: partner.tier for partner in partners
    }
    rose = [entry.tier for entry in histories["demo-lindgruen"].entries]
    assert rose == ["Select", "Elite"]
    assert histories["demo-lindgruen"].entries[0].since < demo.today - timedelta(days=365)


async def test_the_same_day_has_the_same_past(storage: Database, queue: Queue) -> None:
    demo = await start(storage, queue, DAYS[0])
    query = select(issued_statements.c.number, issued_statements.c.partner_id, issued_statements.c.doc["reference"])
    totals = [(one.number, one.partner_id, str(one.total.amount), one.reference) for one in await demo.statements()]
    assert len(await demo.rows(query)) == len(totals)
    assert ("S-2026-08", "demo-quaywise", "3398.40", "") in totals
    assert ("S-2026-08", "demo-alcazar") in {one[:2] for one in totals}


async def test_a_second_start_finds_it(storage: Database, queue: Queue) -> None:
    crm = InMemoryCrm()
    demo = await start(storage, queue, DAYS[0], crm)
    before = await demo.statements()
    assert not await seed_once(storage, crm, MirrorJob(storage, crm), Programs((program(),)), OWN, DAYS[0])
    assert await demo.statements() == before


async def test_a_crm_that_has_forgotten_the_demo_is_told_and_not_answered_from_its_copy(
    storage: Database, queue: Queue
) -> None:
    await start(storage, queue, DAYS[0])
    crm = InMemoryCrm()
    with pytest.raises(ConfigError, match="knows nothing of the demo's data here any more"):
        await seed_once(storage, crm, MirrorJob(storage, crm), Programs((program(),)), OWN, DAYS[0])


async def test_nor_does_one_that_is_away_keep_the_demo_from_starting(storage: Database, queue: Queue) -> None:
    crm = InMemoryCrm()
    await start(storage, queue, DAYS[0], crm)
    crm.mood = Mood.UNAVAILABLE
    assert not await seed_once(storage, crm, MirrorJob(storage, crm), Programs((program(),)), OWN, DAYS[0])


async def test_the_demo_of_one_crm_is_not_started_on_another(storage: Database, queue: Queue) -> None:
    crm = InMemoryCrm()
    await start(storage, queue, DAYS[0], crm)
    crm.name = "another"
    with pytest.raises(ConfigError, match="are of the CRM `memory`, not of `another`"):
        await seed_once(storage, crm, MirrorJob(storage, crm), Programs((program(),)), OWN, DAYS[0])


async def test_a_crm_is_made_ready_before_anything_is_written_to_it(storage: Database, queue: Queue) -> None:
    crm, seen = InMemoryCrm(), []

    async def prepare() -> None:
        seen.append(list(crm.calls))

    await seed_once(storage, crm, MirrorJob(storage, crm), Programs((program(),)), OWN, DAYS[0], prepare=prepare)
    assert seen == [[]]
