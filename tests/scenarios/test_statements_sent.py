"""A month is closed: each partner's finance gets its statement by mail, the vendor's a copy, Slack a word."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from email.message import Message

import pypdfium2
import pytest
import pytest_asyncio
from sqlalchemy import URL

from bot.demo.seed import demo_records
from bot.payouts.run import StatementRun
from bot.payouts.run_report import RunReport
from bot.storage import statements
from knowledge.commission.statement import Statement
from tests.scenarios.relayed import Scene, relayed_scene, words

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("statements-sent")]

FINANCE = "finance@lumora.example"
QUAYWISE = "demo-quaywise"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(
    postgres_server: URL, partners_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    """After the run of a month in which partners earned something."""
    async with relayed_scene(postgres_server, partners_template, tmp_path_factory.mktemp("statements")) as scene:
        await close_last_month(scene)
        yield scene


async def close_last_month(scene: Scene) -> RunReport:
    app, today = scene.house.app, scene.house.app.today()
    month = f"{today.year}-{today.month - 1:02}" if today.month > 1 else f"{today.year - 1}-12"
    run = StatementRun(app.database, app.queue, app.programs, scene.house.clock, scene.house.mirror)
    report = await run(month)
    assert isinstance(report, RunReport)
    await scene.house.quiet()
    return report


async def of_partner(scene: Scene, partner_id: str) -> Statement:
    async with scene.house.app.database.reading() as connection:
        return (await statements.of_partner(connection, partner_id))[0]


def files(mail: Message) -> dict[str, bytes]:
    """What is attached, by its ending."""
    return {
        (part.get_filename() or "").rpartition(".")[2]: bytes(part.get_payload(decode=True))
        for part in mail.walk()
        if part.get_content_disposition() == "attachment"
    }


def read(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    said = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return " ".join(said.split())


def written(statement: Statement) -> str:
    return f"{statement.total.amount:,.2f}"


async def the_mail(scene: Scene) -> Message:
    statement = await of_partner(scene, QUAYWISE)
    return next(
        taken.mail
        for taken in scene.relay.taken
        if taken.to != (FINANCE,)
        and "quaywise" in taken.to[0]
        and f"{statement.number} for" in str(taken.mail["Subject"])
    )


async def test_the_partners_finance_can_read_every_figure_in_the_pdf(scene: Scene) -> None:
    statement, mail = await of_partner(scene, QUAYWISE), await the_mail(scene)
    said = read(files(mail)["pdf"])
    assert written(statement) in words(mail)
    assert written(statement) in said
    assert "Page 1 of" in said
    async with scene.house.app.database.reading() as connection:
        kept = {file.kind: file for file in await statements.files_of(connection, statement.id)}
    assert files(mail)["pdf"] == kept["pdf"].content
    assert hashlib.sha256(files(mail)["pdf"]).hexdigest() == statement.pdf


async def test_the_csv_sums_up_to_the_same_total(scene: Scene) -> None:
    statement, mail = await of_partner(scene, QUAYWISE), await the_mail(scene)
    rows = files(mail)["csv"].decode("utf-8-sig").strip().split("\r\n")
    assert len(rows) == 1 + len(statement.lines)


async def test_nobody_gets_more_than_the_relay_was_given_once(scene: Scene) -> None:
    before = len(scene.relay.taken)
    again = await close_last_month(scene)
    assert again.issued == ()
    assert len(scene.relay.taken) == before


async def test_the_vendors_finance_gets_one_copy_of_each_with_its_data(scene: Scene) -> None:
    copies = scene.to(FINANCE)
    sent = [taken.mail for taken in scene.relay.taken if taken.to != (FINANCE,) and "pdf" in files(taken.mail)]
    assert len(copies) == len(sent) > 1
    for copy in copies:
        assert set(files(copy)) == {"pdf", "csv", "json"}
        assert json.loads(files(copy)["json"])["schema"] == "partnerline.statement/1"
        assert "reply+" not in str(copy["Reply-To"])


async def test_each_partner_reads_its_own_figures_and_nobody_elses(scene: Scene) -> None:
    app, mail = scene.house.app, await the_mail(scene)
    said = read(files(mail)["pdf"]) + words(mail) + files(mail)["csv"].decode()
    known = demo_records(app.today(), app.program)
    others = {partner.name for partner in known.partners if partner.id != QUAYWISE}
    own = {deal.customer for deal in known.deals if deal.partner_id == QUAYWISE}
    foreign = {deal.customer for deal in known.deals if deal.partner_id != QUAYWISE} - own
    assert [name for name in others | foreign if name in said] == []
    assert [name for name in own if name in said]


async def test_it_stands_on_the_partners_timeline(scene: Scene) -> None:
    statement = await of_partner(scene, QUAYWISE)
    told = [row.body for row in await scene.house.timeline(QUAYWISE) if row.outcome == "statement_sent"]
    assert len([body for body in told if statement.pdf in body]) == 1
