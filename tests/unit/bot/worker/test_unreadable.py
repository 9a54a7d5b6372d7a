"""A mail that cannot be read is kept and shown, and answered once, in plain words, where an answer is allowed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.channels.email.inlet import MailInlet, TrustsThisMachine
from bot.channels.email.own import own_addresses
from bot.storage.inbox import Arrival
from bot.worker.housekeeping import replay
from mail_ingest.apart import ReaderApart
from tests.builders import contact, partner, program
from tests.unit.bot.worker.assembled import Assembled, assembled, mail

pytestmark = pytest.mark.slow

PARTS = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 201
SARA = b"From: Sara <sara@brightpath.example>\r\nTo: partners@lumora.example\r\nSubject: Our deals\r\n"
_ANSWERS = "select count(*) from outbox where destination = 'mail'"
_TASKS = "select count(*) from tasks where kind = 'shunted'"


def arrival(raw: bytes, **envelope: str) -> Arrival:
    plain = mail("", message_id="<1@x>")
    return replace(plain, raw=raw, envelope=plain.envelope | envelope)


async def _read(house: Assembled, *arrivals: Arrival) -> None:
    await house.inbox.accept(list(arrivals))
    for one in arrivals:
        await house.jobs.read(one.id, 0)


async def test_a_known_and_proven_sender_is_told_once_in_its_thread_and_can_be_replayed(database: str) -> None:
    async with assembled(database) as house:
        bad = arrival(SARA + b"Message-ID: <1@brightpath.example>\r\n" + PARTS)
        await _read(house, bad)
        assert await house.state(bad) == "shunted"
        ((key, payload, to),) = await house.rows("select key, payload, ordering from outbox")
        assert (key, to) == (f"unreadable:{bad.id}", "sara@brightpath.example")
        assert "could not read it" in payload["text"]
        assert bad.reference in payload["text"]
        assert payload["subject"] == "Our deals"
        assert payload["in_reply_to"] == "<1@brightpath.example>"
        ((summary, partner_id),) = await house.rows("select summary, partner_id from tasks")
        assert "more than 200 parts" in summary
        assert partner_id == partner().id

        assert await replay(house.database, house.queue, bad.id)
        await house.jobs.read(bad.id, 0)
        assert await house.state(bad) == "shunted"
        assert await house.value(_ANSWERS) == 1
        assert await house.value(_TASKS) == 1


async def test_the_same_mail_again_is_a_duplicate_and_others_that_day_are_shown_and_not_answered(database: str) -> None:
    async with assembled(database) as house:
        first, again, other = (arrival(SARA + b"Message-ID: <%d@x>\r\n" % n + PARTS) for n in (1, 1, 2))
        await _read(house, first, again, other)
        assert [await house.state(one) for one in (first, again, other)] == ["shunted", "duplicate", "shunted"]
        assert await house.value(_ANSWERS) == 1
        assert await house.value(_TASKS) == 2


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "nicht lesen"), ("fr", "pu le lire"), ("nl", "niet lezen"), ("es", "leerlo"), ("en", "could not read")],
)
async def test_it_is_told_in_the_language_on_file(database: str, language: str, words: str) -> None:
    async with assembled(database, contacts=(contact(language=language),)) as house:
        await _read(house, arrival(SARA + PARTS))
        assert words in await house.value("select payload ->> 'text' from outbox")


SILENT = {
    "nobody we know": (SARA.replace(b"sara@brightpath", b"eve@elsewhere") + PARTS, {}),
    "a known address that nothing proves": (SARA + PARTS, {"peer": "192.0.2.7"}),
    "several authors": (b"From: eve@elsewhere.example\r\n" + SARA + PARTS, {}),
    "an empty envelope sender": (SARA + PARTS, {"mail_from": ""}),
    "an automatic reply": (SARA + b"Auto-Submitted: auto-replied\r\n" + PARTS, {}),
    "a mailing list": (SARA + b"List-Id: <x.brightpath.example>\r\n" + PARTS, {}),
    "who wants no automatic answers": (SARA + b"X-Auto-Response-Suppress: All\r\n" + PARTS, {}),
    "a report": (SARA + PARTS.replace(b"mixed", b"report"), {}),
    "a header that may hide a sign of a machine": (SARA + b"X-A: b\r\n" * 1_001 + PARTS, {}),
}


@pytest.mark.parametrize("name", SILENT)
async def test_nobody_else_is_answered_and_the_mail_is_kept_and_shown(database: str, name: str) -> None:
    raw, envelope = SILENT[name]
    async with assembled(database) as house:
        bad = arrival(raw, **envelope)
        await _read(house, bad)
        assert await house.state(bad) == "shunted"
        assert await house.value(_ANSWERS) == 0
        assert await house.value(_TASKS) == 1
        assert bytes(await house.value("select raw from inbox")) == raw


async def test_our_own_mail_come_back_is_ignored_even_where_it_cannot_be_read(database: str) -> None:
    async with assembled(database) as house:
        own = arrival(SARA.replace(b"sara@brightpath", b"partners@lumora") + PARTS)
        await _read(house, own)
        assert await house.state(own) == "ignored"
        assert await house.value(_ANSWERS) + await house.value(_TASKS) == 0


async def test_a_large_mail_that_finds_no_place_to_be_read_in_comes_again_by_itself(database: str) -> None:
    reader = ReaderApart(processes=1, waiting=-1)  # every place is taken
    inlet = MailInlet(own_addresses(program().vendor, ""), TrustsThisMachine(), reader)
    async with assembled(database, inlet=inlet) as house:
        large = arrival(SARA + b"\r\n" + b"hello\r\n" * 10_000)
        await _read(house, large)
        assert await house.state(large) == "received"
        waits = "select scheduled_at > now() from procrastinate_jobs where lock = :lock"
        assert await house.value(waits, lock=f"read:{large.id}")
        small = await house.arrives("hello", message_id="<2@x>")
        await house.jobs.read(small.id, 0)
        assert await house.state(small) == "read"
