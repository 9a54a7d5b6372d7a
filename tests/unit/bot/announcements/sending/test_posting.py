"""An announcement in a partner's channel: the post, its buttons by language, its thread, its files, its timeline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.storage import mirror
from bot.storage.database import Database
from bot.storage.documents import keep_file
from bot.storage.queue import Queue
from bot.storage.slack_tables import slack_buttons
from bot.storage.tables import threads
from bot.vocabulary import wish
from bot.vocabulary.announcing import AnnouncementText, Call, CallKind, Route
from bot.vocabulary.requests import AnswerFields, DayFields, DaySaid, Finer, Intent
from tests.builders import partner
from tests.fakes.slack.contract import block_faults
from tests.unit.bot.announcements.house import ENGLISH, GERMAN, PRICES, House, furnished
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]

IN_SLACK = replace(PRICES, route=Route.SLACK)


@pytest.fixture
async def house(storage: Database, queue: Queue) -> House:
    house = await furnished(storage, queue)
    await house.map_channel()
    return house


async def posted(house: House, composed: Any) -> dict[str, Any]:
    await house.sent(composed)
    (row,) = await house.rows("slack")
    assert block_faults(row.payload["blocks"]) == []
    return dict(row.payload)


async def button(house: House) -> dict[str, Any]:
    """What the buttons of the post mean."""
    async with house.storage.reading() as connection:
        return dict((await connection.execute(select(slack_buttons))).one()._mapping)


async def test_the_post_opens_a_thread_that_knows_its_announcement_and_is_for_that_team_alone(house: House) -> None:
    payload = await posted(house, IN_SLACK)
    assert (payload["channel"], payload["only_team"]) == ("C-1", "T-theirs")
    assert payload["text"].startswith("Prices\n\nFrom ")
    assert "Hello everyone, new prices." in payload["text"]
    (row,) = await house.rows("slack")
    async with house.storage.reading() as connection:
        thread = (await connection.execute(select(threads).where(threads.c.id == row.thread_id))).one()
    assert (thread.kind, thread.announcement_id, thread.partner_id) == ("announcement", row.announcement_id, "p-1")
    lines = [line.payload["record"] for line in await house.rows("crm", "log_interaction")]
    assert [line["key"] for line in lines if line["channel"] == "slack"] == [row.key]


async def test_a_press_says_words_and_stays(house: House) -> None:
    await posted(house, IN_SLACK)
    made = (await button(house))["doc"]
    assert made["stays"] is True
    assert [(one["label"], one["words"]) for one in made["choices"]] == [
        ("Yes", "Yes, thank you."), ("No", "No, thank you."), ("Maybe", "Maybe, I do not know yet."),
    ]  # fmt: skip
    meant = [AnswerFields("yes"), AnswerFields("no"), AnswerFields("maybe")]
    for one, fields in zip(made["choices"], meant, strict=True):
        (request,) = wish.read(one["wish"]).requests  # type: ignore[union-attr]
        assert (request.intent, request.fields) == (Intent.ANSWER_ANNOUNCEMENT, fields)


async def test_days_are_named_in_the_language_of_the_channel(house: House) -> None:
    german = replace(IN_SLACK, texts=(GERMAN,), call=Call(CallKind.DATE, (date(2026, 12, 3), date(2026, 12, 10))))
    payload = await posted(house, german)
    said = str(payload["blocks"])
    for words in ("Donnerstag, 3. Dezember 2026", "Keiner dieser Tage", "abmelden"):
        assert words in said, words
    first = (await button(house))["doc"]["choices"][0]
    assert first["words"] == "Ja, am Donnerstag, 3. Dezember 2026."
    (request,) = wish.read(first["wish"]).requests  # type: ignore[union-attr]
    assert (request.finer, request.fields) == (Finer.DAY, DayFields(days=(DaySaid(3, 12, 2026),)))


async def test_a_question_is_answered_in_the_thread(house: House) -> None:
    payload = await posted(house, replace(IN_SLACK, call=Call(CallKind.QUESTION, question="What do you need?")))
    assert "What do you need? Please answer in the thread." in str(payload["blocks"])
    assert "actions" not in [block["type"] for block in payload["blocks"]]


async def test_the_rest_of_a_long_text_and_the_files_stand_below_the_post(house: House) -> None:
    async with house.storage.begin() as connection:
        document = await keep_file(connection, "prices.pdf", "application/pdf", b"%PDF-1.7")
    text = AnnouncementText("en", "Prices", "\n\n".join(["word " * 500] * 8))
    await posted(house, replace(IN_SLACK, texts=(text,), documents=(document,)))
    (first,) = await house.rows("slack")
    more = await house.rows("slack", "more")
    assert len(more) > 2
    assert {row.payload["under"] for row in more} == {first.id}
    assert more[-1].payload["document"]["name"] == "prices.pdf"
    assert {row.announcement_id for row in more} == {first.announcement_id}


async def test_nothing_of_the_partners_data_is_a_mark_or_a_mention(house: House) -> None:
    async with house.storage.begin() as connection:
        await mirror.store(connection, [partner(id="p-1", name="*One* <!channel> https://evil.example")])
    payload = await posted(house, replace(IN_SLACK, texts=(replace(ENGLISH, body="Dear {partner}"),)))
    (said,) = (block for block in payload["blocks"] if block["type"] == "rich_text")
    (section,) = said["elements"]
    assert section["elements"] == [{"type": "text", "text": "Dear *One* <!channel> https://evil.example"}]


async def test_what_is_asked_in_another_language_is_not_asked_in_a_channel(house: House) -> None:
    asked = replace(IN_SLACK, texts=(GERMAN, ENGLISH), call=Call(CallKind.ANSWER, question="Kommen Sie?"))
    payload = await posted(house, asked)
    assert "new prices" in payload["text"]
    assert "Kommen Sie?" not in str(payload)
