"""Sign-up lists: who comes on which day, in words, for a spreadsheet, and as a day for the calendar."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.announcements.following_up.signing_up import SigningUp
from bot.documents.calendar_day import calendar_day
from bot.storage.database import Database
from bot.vocabulary.announcement_report import SignUps
from bot.vocabulary.announcing import Call, CallKind
from tests.builders import program
from tests.unit.bot.announcements.sent import WENT, SentAnnouncement, one
from tests.unit.bot.storage.conftest import storage

__all__ = ["storage"]

FIRST, SECOND = date(2026, 12, 3), date(2026, 12, 10)
AT = WENT + timedelta(hours=5, minutes=30)


def desk(storage: Database) -> SigningUp:
    return SigningUp(storage, program(), lambda: AT)


@pytest.fixture
async def listed(storage: Database) -> SignUps:
    sent = SentAnnouncement(storage, "noor@lumora.example", Call(CallKind.DATE, (FIRST, SECOND)))
    await sent.make()
    await sent.partners(one(1, name="=cmd|' /C calc'!A0", tier="Elite"), one(2, name="Two", tier="Select"))
    said: dict[str, Any] = {"answered_at": AT, "answered_in": "email"}
    await sent.person("zoe", "p-2", answer="2026-12-03", **said)
    await sent.person("bo", "p-1", about={"name": "@SUM(1;2)"}, answer="2026-12-03", **said | {"answered_in": "slack"})
    await sent.person("cy", "p-1", answer="no", **said)
    await sent.person("di", "p-2", said=["question"])
    await sent.person("slack:U7", "p-2", about={"name": ""}, mail="", due_at=None, answer="2027-01-05", **said)
    found = await desk(storage).listed(sent.id)
    assert found is not None
    return found


async def test_each_day_has_its_people_and_a_day_that_nobody_chose_is_said(storage: Database, listed: SignUps) -> None:
    assert [(p.answer, p.email) for p in listed.people][:2] == [
        ("2026-12-03", "bo@x.example"),
        ("2026-12-03", "zoe@x.example"),
    ]
    text = desk(storage).text(listed)
    for said in (
        "Thursday, 3 December 2026: 2\n- @SUM(1;2), =cmd|' /C calc'!A0 (Elite): 23 Nov 15:30 in Slack\n- Zoe, Two (",
        "Thursday, 10 December 2026: 0",
        "Tuesday, 5 January 2027: 1\n- somebody without a name, Two (Select)",
        "No: 1",
        "No answer yet: 1",
    ):
        assert said in text, text
    assert await desk(storage).listed("x") is None


async def test_a_spreadsheet_runs_nothing_of_it(storage: Database, listed: SignUps) -> None:
    rows = list(csv.reader(io.StringIO(desk(storage).csv(listed).decode("utf-8-sig"))))
    assert rows[1][:4] == ["2026-12-03", "'@SUM(1;2)", "bo@x.example", "'=cmd|' /C calc'!A0"]
    assert rows[1][6] == "2026-11-23T15:30+01:00"
    assert len(rows) == 5


async def test_a_day_for_the_calendar_says_who_comes(storage: Database, listed: SignUps) -> None:
    file = desk(storage).ics(listed, FIRST)
    assert file is not None
    unfolded = file.decode().replace("\r\n ", "").split("\r\n")
    assert "DTSTART;VALUE=DATE:20261203" in unfolded
    assert "DTEND;VALUE=DATE:20261204" in unfolded
    assert "DESCRIPTION:2 signed up\\n@SUM(1\\;2)\\, =cmd|' /C calc'!A0\\nZoe\\, Two" in unfolded
    assert desk(storage).ics(listed, date(2026, 12, 4)) is None


def test_no_line_of_a_calendar_is_longer_than_it_may_be_and_none_begins_with_what_somebody_is_called() -> None:
    names = ["Zoë\r\nATTENDEE:mailto:eve@x.example", "é" * 200]
    file = calendar_day("u", FIRST, "Day", names, datetime(2026, 11, 27, tzinfo=UTC))
    lines = file.split(b"\r\n")
    assert max(map(len, lines)) == 75
    assert not [line for line in lines if line.startswith(b"ATTENDEE")]
    assert "é" * 200 in file.replace(b"\r\n ", b"").decode()
