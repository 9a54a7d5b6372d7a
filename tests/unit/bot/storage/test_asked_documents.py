"""A document that was asked for: with the answer by mail, to the finance contact from Slack, never beside outsiders."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import select, update

from bot.storage import lines, mirror, statements, tables
from bot.storage.documents import StoredDocuments
from bot.storage.payout_tables import statements as statements_table
from bot.vocabulary.decisions import DocumentKind, SendDocument
from bot.vocabulary.documents import Document, from_payload
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import Message, ReplyAddress, Sender, ThreadContext
from bot.vocabulary.reply import Reply
from bot.vocabulary.requests import Reading
from crm.records import Channel
from tests.builders import contact, partner
from tests.unit.bot.payouts.made import line, statement
from tests.unit.bot.storage.test_units import House, house

__all__ = ["house"]

ANN = contact(id="c-9", name="Ann Books", email="accounts@brightpath.example", main=False)
BRIGHTPATH = partner(finance_contact_id="c-9")
READING = Reading("en", (), True)
STATEMENT = statement(line())
OWN = SendDocument(DocumentKind.STATEMENT, STATEMENT.id, "en")
PLAN = SendDocument(DocumentKind.PLAN, "", "en")
BY_MAIL = ReplyAddress(to="sara@brightpath.example", subject="Hello")
IN_SLACK = ReplyAddress(slack_channel="C1", slack_thread_ts="1.0")


@pytest.fixture
async def asked(house: House) -> House:
    async with house.storage.begin() as connection:
        await mirror.store(connection, [BRIGHTPATH, ANN])
        await lines.insert_new(connection, [line()])
        await statements.issue(connection, STATEMENT)
    return house


async def answered(house: House, *commands: SendDocument, to: ReplyAddress = BY_MAIL) -> list[dict[str, Any]]:
    """What goes out by mail and in Slack for a message that asked for these."""
    message: Message = replace(await house.message(), reply_to=to)
    if to.slack_channel:
        message = replace(message, channel=Channel.SLACK, sender=Sender(proof="slack"))
    identity = Identity(Trust.PROVEN, partner=BRIGHTPATH, contact=contact())
    async with house.units.open(message, identity, ThreadContext(), await house.version()) as unit:
        for command in commands:
            await unit.send_document(command)
        assert await unit.answer(Reply("Here it is.", "en"))
        await unit.log(READING, "sent", (), Reply("Here it is.", "en"))
    return await out(house)


async def out(house: House, destination: str = "") -> list[dict[str, Any]]:
    wanted = tables.outbox.c.destination == destination if destination else tables.outbox.c.destination != "crm"
    async with house.storage.reading() as connection:
        return list(
            await connection.scalars(select(tables.outbox.c.payload).where(wanted).order_by(tables.outbox.c.seq))
        )


def attached(payload: dict[str, Any]) -> tuple[Document, ...]:
    return from_payload(payload.get("documents"))


async def test_a_statement_goes_with_the_answer(asked: House) -> None:
    (mail,) = await answered(asked, OWN)
    assert mail["text"] == "Here it is."
    assert [document.name for document in attached(mail)] == ["S-2026-10.pdf", "S-2026-10.csv"]
    content = await StoredDocuments(asked.storage).load(attached(mail)[0])
    assert content is not None
    assert content.startswith(b"%PDF")


async def test_what_was_sent_before_is_what_is_sent_again(asked: House) -> None:
    (first,) = await answered(asked, OWN)
    second = (await answered(asked, replace(OWN, language="de")))[-1]
    assert attached(first) == attached(second)


async def test_the_plan_goes_with_the_answer_as_a_page(asked: House) -> None:
    (mail,) = await answered(asked, PLAN)
    (page,) = attached(mail)
    content = await StoredDocuments(asked.storage).load(page)
    assert content is not None
    document = pypdfium2.PdfDocument(content)
    assert "Referral" in document[0].get_textpage().get_text_range()
    document.close()
    assert page.name.endswith(".pdf")


async def test_a_plan_of_a_type_that_has_none_goes_without(asked: House) -> None:
    async with asked.storage.begin() as connection:
        await mirror.store(connection, [replace(BRIGHTPATH, types=())])
    (mail,) = await answered(asked, PLAN)
    assert attached(mail) == ()


async def test_both_go_together_and_each_once(asked: House) -> None:
    (mail,) = await answered(asked, OWN, PLAN)
    assert len(attached(mail)) == 3


async def test_nobody_elses_statement_goes_to_anyone(asked: House) -> None:
    async with asked.storage.begin() as connection:
        await connection.execute(
            update(statements_table).values(doc=statements_table.c.doc.concat({"partner_id": "p-2"}))
        )
    (mail,) = await answered(asked, OWN)
    assert attached(mail) == ()
    assert await answered(asked, OWN, to=IN_SLACK)
    assert not [payload for payload in await out(asked) if attached(payload)]


async def test_one_that_is_not_there_changes_nothing(asked: House) -> None:
    (mail,) = await answered(asked, replace(OWN, subject="7c9e6679-7425-40de-944b-e07fc1f90ae7"))
    assert attached(mail) == ()


async def test_beside_outsiders_nothing_is_attached(asked: House) -> None:
    (mail,) = await answered(asked, OWN, PLAN, to=replace(BY_MAIL, outsiders=True))
    assert attached(mail) == ()


async def test_from_slack_a_statement_goes_to_the_finance_contact_by_mail(asked: House) -> None:
    sent = await answered(asked, OWN, to=IN_SLACK)
    (mail,) = [payload for payload in sent if "to" in payload]
    (post,) = [payload for payload in sent if "channel" in payload]
    assert mail["to"] == ANN.email
    assert mail["reply_key"]
    assert mail["subject"] == "Your commission statement S-2026-10"
    assert len(attached(mail)) == 2
    assert "documents" not in post


async def test_from_slack_a_plan_is_not_mailed(asked: House) -> None:
    (post,) = await answered(asked, PLAN, to=IN_SLACK)
    assert "documents" not in post


async def test_the_timeline_and_the_ledger_name_what_went(asked: House) -> None:
    (mail,) = await answered(asked, OWN)
    pdf = attached(mail)[0]
    rows = await out(asked, "crm")
    assert any(pdf.sha256 in row["record"]["body"] for row in rows)
    async with asked.storage.reading() as connection:
        bodies = await connection.scalars(select(tables.ledger.c.body).where(tables.ledger.c.kind == "message_out"))
        assert {"name": pdf.name, "sha256": pdf.sha256} in next(iter(bodies))["files"]
