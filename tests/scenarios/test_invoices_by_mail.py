"""A partner's invoice comes by mail: it is read, compared with the statement, and one that lies gains nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from benchmarks.invoices.layouts import Bill, classic, drawn
from bot.payouts.run import StatementRun
from bot.payouts.run_report import Issued, RunReport
from bot.storage import statements
from knowledge.commission.statement import Statement, StatementState
from tests.scenarios.doors import Doors
from tests.scenarios.house import House
from tests.scenarios.seats import take_seat
from tests.scenarios.test_attachments import Scene

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
async def scene(house: House, doors: Doors) -> Scene:
    return Scene(house, doors, await take_seat(house, "quaywise"))


async def issued(scene: Scene) -> Issued:
    """The statement in euros of last month."""
    app = scene.house.app
    last = app.today().replace(day=1) - timedelta(days=1)
    run = StatementRun(app.database, app.queue, app.programs, scene.house.clock, scene.house.mirror)
    report = await run(f"{last:%Y-%m}", partner_id=scene.seat.partner.id)
    assert isinstance(report, RunReport)
    await scene.house.quiet()
    return next(one for one in report.issued if one.total.currency == "EUR")


async def held(scene: Scene, issued: Issued) -> Statement:
    async with scene.house.app.database.reading() as connection:
        found = await statements.of_partner(connection, scene.seat.partner.id)
    return next(one for one in found if one.id == issued.id)


def bill(scene: Scene, issued: Issued, net: Decimal) -> Bill:
    return Bill(
        "en",
        "INV-2026-77",
        scene.house.app.today(),
        net,
        None,
        "EUR",
        issued.number,
        "PO-1",
        0,
        "point",
        "long",
        "behind",
    )


async def sent(scene: Scene, made: Bill, text: str = "Please find our invoice attached.") -> tuple[str, str]:
    came, said = await scene.answer(await scene.sends(text, "Our invoice", ("invoice.pdf", drawn(made, classic))))
    return came.outcome, said


async def test_an_invoice_that_differs_is_told_to_the_cent_and_the_right_one_waits_for_approval(scene: Scene) -> None:
    statement = await issued(scene)
    outcome, said = await sent(scene, bill(scene, statement, statement.total.amount - Decimal("0.01")))
    assert outcome == "invoice_differs"
    assert "€0.01 too little" in said
    assert (await held(scene, statement)).state is StatementState.ISSUED
    right = bill(scene, statement, statement.total.amount)
    outcome, said = await sent(scene, right)
    assert outcome == "invoice_matched"
    assert "pending approval" in said
    assert (await held(scene, statement)).state is StatementState.INVOICE_RECEIVED
    outcome, said = await sent(scene, right)
    assert outcome == "invoice_repeated"


async def test_an_invoice_for_a_statement_of_others_changes_nothing(scene: Scene) -> None:
    statement = await issued(scene)
    forged = replace(bill(scene, statement, statement.total.amount), statement="S-2019-01")
    outcome, said = await sent(scene, forged)
    assert outcome == "statement_unknown"
    assert "no statement of yours with that number" in said
    assert (await held(scene, statement)).state is StatementState.ISSUED
