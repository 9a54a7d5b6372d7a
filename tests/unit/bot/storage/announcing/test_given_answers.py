"""What people answer to an announcement: the latest answer counts, and nothing that is said beside it takes it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text

from bot.storage import mirror, opting_out, preferences
from bot.storage.announcing import given_answers, kept
from bot.storage.announcing.given_answers import Answer
from bot.storage.database import Database
from bot.storage.opting_out import Proof
from bot.vocabulary.announcing import AnnouncementText, Call, CallKind, Composed, Said
from crm.records import Channel, Contact
from tests.builders import contact, partner

ID = "0b0e5d1c-6d0e-4a38-9a57-6b8d8a3a4c01"
AT = datetime(2026, 11, 27, 10, tzinfo=UTC)
BY_MAIL = Answer(ID, "c-1", "p-1", Channel.EMAIL, AT)
CALL = Call(CallKind.DATE, (date(2026, 12, 3),))
TEXTS = (
    AnnouncementText("en", "Partner day", "We meet."),
    AnnouncementText("de", "Partnertag, {name}", "Wir treffen {name}."),
)


async def _announced(storage: Database) -> None:
    async with storage.begin() as connection:
        await kept.create(connection, ID, Composed(TEXTS, call=CALL), "noor@lumora.example", AT)


async def test_each_reads_the_announcement_in_his_language_and_it_is_quoted_without_fields(storage: Database) -> None:
    await _announced(storage)
    async with storage.begin() as connection:
        german = await given_answers.fact(connection, ID, "de")
        other = await given_answers.fact(connection, ID, "pt")
    assert german is not None
    assert other is not None
    assert (german.subject, german.text, german.call, german.by) == (
        "Partnertag", "Wir treffen ….", CALL, "noor@lumora.example",
    )  # fmt: skip
    assert other.subject == "Partner day"


async def test_the_latest_answer_counts_and_a_question_takes_none_back(storage: Database) -> None:
    await _announced(storage)
    async with storage.begin() as connection:
        await given_answers.record(connection, replace(BY_MAIL, said=Said.LATER))
        assert await given_answers.of(connection, ID, "c-1") == ("", ("later",))
        await given_answers.record(connection, replace(BY_MAIL, answer="yes", at=AT + timedelta(hours=2)))
        await given_answers.record(connection, replace(BY_MAIL, answer="no", at=AT + timedelta(hours=1)))
        for _ in range(2):
            await given_answers.record(connection, replace(BY_MAIL, said=Said.QUESTION, at=AT + timedelta(hours=3)))
        assert await given_answers.of(connection, ID, "c-1") == ("yes", ("later", "question"))
        await given_answers.record(connection, replace(BY_MAIL, day=date(2026, 12, 3), at=AT + timedelta(hours=4)))
        assert await given_answers.of(connection, ID, "c-1") == ("2026-12-03", ("later", "question"))


async def test_who_answers_in_the_channel_and_got_none_is_counted_and_gets_no_mail(storage: Database) -> None:
    await _announced(storage)
    async with storage.begin() as connection:
        in_slack = replace(BY_MAIL, contact_id="slack:U7", channel=Channel.SLACK, answer="yes")
        await given_answers.record(connection, in_slack)
        row = (await connection.execute(text("select answer, answered_in, by_mail from announcement_recipients"))).one()
    assert tuple(row) == ("yes", "slack", False)


async def test_leaving_and_coming_back_each_have_their_proof(storage: Database) -> None:
    await _announced(storage)
    said = Proof("link:abcd1234", "link", AT)
    async with storage.begin() as connection:
        await mirror.store(connection, [partner(), contact()])
        await given_answers.record(connection, replace(BY_MAIL, answer="yes"))
        for _ in range(2):
            await opting_out.opt_out(connection, "c-1", said, ID)
        assert await given_answers.of(connection, ID, "c-1") == ("yes", ("unsubscribed",))
        gone = await mirror.one(connection, Contact, "c-1")
        assert gone is not None
        assert gone.opted_out
        await opting_out.opt_in(connection, gone, Proof("in-9", "email", AT))
        back = await mirror.one(connection, Contact, "c-1")
        assert back == contact()
        proofs = (await preferences.proofs(connection, ["c-1"]))["c-1"]
        notes = (await connection.execute(text("select kind, body ->> 'by' from ledger order by id"))).all()
    assert {what: proof["by"] for what, proof in proofs.items()} == {"opted_out": "link:abcd1234", "opted_in": "in-9"}
    assert [tuple(note) for note in notes] == [("opt_out", "link:abcd1234"), ("opt_in", "in-9")]
