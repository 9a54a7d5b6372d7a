"""Reports on announcements: each figure as one counts it by hand, in words, for a spreadsheet and as a picture."""

from __future__ import annotations

import csv
import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.announcements.following_up.reporting.desk import Reporting
from bot.announcements.following_up.signing_up import SigningUp
from bot.channels.slack.outbound.outlet import CARD
from bot.desk.due import DueDesk
from bot.documents.announcement_chart import SIZE, AnnouncementChart, CountBar, CountPanel, png
from bot.storage import registrations
from bot.storage.database import Database
from bot.storage.documents import StoredDocuments
from bot.storage.mail_tables import bounces
from bot.storage.queue import Queue
from bot.storage.tables import outbox
from bot.vocabulary.announcement_report import AnnouncementReport, Copies, Registered, Slice
from bot.vocabulary.announcing import Call, CallKind
from bot.vocabulary.documents import from_payload
from bot.vocabulary.results import Done, NotDone
from knowledge.brand import Colours
from knowledge.program import Program
from tests.builders import program, registration
from tests.unit.bot.announcements.sent import WENT, SentAnnouncement, one
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]

NOW = WENT + timedelta(days=30)
DELIVERED = WENT + timedelta(seconds=1)


@dataclass
class House:
    storage: Database
    queue: Queue
    sent: SentAnnouncement
    program: Program = field(default_factory=program)
    now: datetime = NOW

    @property
    def desk(self) -> Reporting:
        return Reporting(self.storage, self.queue, self.program, lambda: self.now)

    async def report(self, days: int = 14) -> AnnouncementReport:
        found = await self.desk.report(self.sent.id, days)
        assert found is not None
        return found

    async def register(self, number: str, partner_id: str, submitted: timedelta | None) -> None:
        at = WENT + submitted if submitted is not None else None
        async with self.storage.begin() as connection:
            made = registration(number=number, partner_id=partner_id, submitted_at=at)
            await registrations.save(connection, made)

    async def fall_due(self) -> None:
        await DueDesk(self.storage, self.queue, lambda: self.now, self.desk.handlers, self.desk.plan)()

    async def parcels(self) -> Sequence[Any]:
        query = select(outbox).where(outbox.c.key.startswith("announcement-report:")).order_by(outbox.c.seq)
        async with self.storage.reading() as connection:
            return (await connection.execute(query)).all()


@pytest.fixture
async def house(storage: Database, queue: Queue) -> House:
    managers = program()
    sent = SentAnnouncement(storage, next(m.email for m in managers.managers if m.announces))
    await sent.make()
    return House(storage, queue, sent, managers)


def answered(answer: str, hours: int, where: str = "email", **more: Any) -> dict[str, Any]:
    return {"answer": answer, "answered_at": DELIVERED + timedelta(hours=hours), "answered_in": where} | more


@pytest.fixture
async def world(house: House) -> House:
    """Three partners, nine recipients: six get a mail alone, one it and the post, two the post alone."""
    sent = house.sent
    await sent.partners(
        one(1, tier="Select", region="DACH"), one(2, tier="Elite", region="DACH"), one(3, tier="Select", region="")
    )
    await sent.person("a", "p-1", **answered("yes", 1, reminded_at=None))
    await sent.person("b", "p-1", about={"language": "de"}, **answered("no", 2, said=["question"]))
    await sent.person("c", "p-1", about={"language": "de"}, mail="refused")
    await sent.person("d", "p-1")  # bounced
    await sent.person("e", "p-2", by_slack=True, **answered("maybe", 100, reminded_at=DELIVERED + timedelta(hours=72)))
    await sent.person("f", "p-2", mail="", by_slack=True, **answered("yes", 4, "slack"))
    await sent.person(
        "g", "p-2", mail="", by_slack=True, said=["later:2026-12-01"], reminded_at=WENT + timedelta(days=3)
    )
    await sent.person("h", "p-3", mail="pending", opted_out=True, said=["unsubscribed"])
    await sent.person("i", "p-3", mail="sent", left_out="")
    await sent.person("gone", "p-3", mail="", by_slack=True, left_out="opted out")
    await sent.person("slack:U7", "p-2", mail="", by_slack=True, due_at=None, **answered("yes", 6, "slack"))
    await sent.post("C2", "p-2")
    await sent.post("C3", "p-3", "pending")
    async with house.storage.begin() as connection:
        came_back = {"inbox_id": sent.id, "address": "d@x.example", "outbox_id": sent.mail_id("d")}
        await connection.execute(bounces.insert().values(**came_back, hard=True))
    for number, partner_id, submitted in (
        ("D-1", "p-1", timedelta(days=1)), ("D-2", "p-2", timedelta(days=13)), ("D-3", "p-2", timedelta(days=2)),
        ("D-4", "p-3", timedelta(days=-2)),
        ("D-5", "p-1", timedelta(days=15)), ("D-6", "p-1", timedelta(days=-15)),  # too late, too early
        ("D-7", "p-9", timedelta(days=1)), ("D-8", "p-1", None),  # not reached; a draft
    ):  # fmt: skip
        await house.register(number, partner_id, submitted)
    return house


async def test_every_figure_is_the_one_counted_by_hand(world: House) -> None:
    found = await world.report()
    assert found.people == Slice("", recipients=9, answered=4, yes=2, no=1, maybe=1)
    assert found.partners == 3
    assert found.mails == Copies(total=7, delivered=4, came_back=1, failed=1, waiting=1)
    assert found.posts == Copies(total=2, delivered=1, waiting=1)
    assert found.answers == (("yes", 3), ("no", 1), ("maybe", 1))
    assert dict(found.said) == {"question": 1, "later": 1, "unsubscribed": 1}
    assert found.by_tier == (Slice("Select", 6, 2, yes=1, no=1), Slice("Elite", 3, 2, yes=1, maybe=1))
    assert found.by_region == (Slice("DACH", 7, 4, yes=2, no=1, maybe=1), Slice("", 2, 0))
    assert found.by_language == (Slice("en", 7, 3, yes=2, maybe=1), Slice("de", 2, 1, no=1))
    assert found.by_channel == (Slice("mail", 7, 3, yes=1, no=1, maybe=1), Slice("Slack", 3, 1, yes=1))
    assert (found.others, found.opted_out, found.reminded, found.after_reminder) == (1, 1, 2, 1)
    assert found.median == timedelta(hours=3), "of 1, 2, 4 and 100 hours"
    assert found.registered == Registered(timedelta(days=14), before=1, after=3, partners_before=1, partners_after=2)
    assert found.is_over


async def test_before_and_after_are_as_long_while_the_days_are_not_over(world: House) -> None:
    world.now = WENT + timedelta(days=1, hours=12)
    found = await world.report()
    assert found.registered == Registered(timedelta(hours=36), before=0, after=1, partners_before=0, partners_after=1)
    assert not found.is_over
    text = world.desk.text(found)
    assert "14 days are not over yet" in text


async def test_in_words_it_is_honest_about_what_is_not_known(world: House) -> None:
    text = world.desk.text(await world.report())
    for said in (
        "Recipients: 9 people at 3 partners",
        "Mails: 4 of 7 delivered, 1 came back, 1 failed, 1 waiting",
        "Answered: 4 of 9 (44 %)",
        "Reminded: 2, of whom 1 answered after it",
        "- Select: 2 of 6 answered (33 %): 1 yes, 1 no",
        "- unknown: 0 of 2 answered (0 %)",
        "- after the announcement: 3 by 2 partners",
        "- before it, in as much time: 1 by 1 partner",
        "At the same time, not because of it",
    ):
        assert said in text, text


async def test_nothing_in_the_spreadsheet_runs(world: House) -> None:
    found = replace(
        await world.report(), subject='=HYPERLINK("http://evil.example")', by_tier=(Slice("+cmd|' /C x'!A0", 1, 0),)
    )
    content = world.desk.csv(found)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert next(r["value"] for r in rows if r["measure"] == "subject") == '\'=HYPERLINK("http://evil.example")'
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    values = {(r["part"], r["of"], r["measure"]): r["value"] for r in rows}
    assert values["registered", "after", "deals"] == "3"
    assert values["region", "DACH", "answered"] == "4"
    assert values["people", "all", "median_hours_to_answer"] == "3.0"


def size_of(picture: bytes) -> tuple[int, int]:
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", picture[16:24])
    return int(width), int(height)


async def test_the_picture_is_a_png_of_one_size_and_the_same_each_time(world: House) -> None:
    found = await world.report()
    picture = world.desk.chart_png(found)
    assert size_of(picture) == SIZE
    assert picture == world.desk.chart_png(found)


def test_there_is_a_picture_of_nothing_and_of_far_too_much() -> None:
    many = tuple(CountBar(f"$x^{n} a very long name of a region {n}", n, f"{n}") for n in range(300))
    panels = (
        *(CountPanel("$\\frac", ()) for _ in range(3)),
        *(CountPanel("Answered", many, most=1.0) for _ in range(3)),
    )
    assert size_of(png(AnnouncementChart("$\\bad{" * 40, "", panels), Colours())) == SIZE
    with pytest.raises(ValueError, match="six panels"):
        png(AnnouncementChart("", "", ()), Colours())


async def test_what_has_not_gone_out_has_no_report(storage: Database, queue: Queue) -> None:
    sent = SentAnnouncement(storage, program().managers[0].email)
    await sent.make("scheduled")
    house = House(storage, queue, sent)
    assert await house.desk.report(sent.id) is None
    assert await SigningUp(storage, house.program, lambda: NOW).listed(sent.id) is None
    await house.desk.plan()
    house.now += timedelta(days=100)
    await house.fall_due()
    assert await house.parcels() == []


async def test_what_asks_nothing_has_a_report_too(storage: Database, queue: Queue) -> None:
    sent = SentAnnouncement(storage, program().managers[0].email, Call())
    await sent.make()
    house = House(storage, queue, sent)
    found = await house.report()
    assert (found.call, found.people, found.median) == (CallKind.NONE, Slice("", 0, 0), None)
    assert "Answered" not in house.desk.text(found)


async def test_whoever_announced_gets_it_when_the_days_are_over_once_and_with_its_files(world: House) -> None:
    managers = tuple(replace(m, slack_user_id=f"U{n}") for n, m in enumerate(world.program.managers))
    world.program = replace(world.program, managers=managers)
    assert await world.desk.plan() == 1
    world.now = WENT + timedelta(days=13)
    await world.fall_due()
    assert await world.parcels() == []
    world.now = WENT + timedelta(days=14)
    await world.fall_due()
    await world.desk.plan()
    await world.fall_due()
    mail, line, picture = await world.parcels()
    assert mail.payload["to"] == world.sent.by
    assert "after the announcement: 3 by 2 partners" in mail.payload["text"]
    sheet, chart = from_payload(mail.payload["documents"])
    assert (sheet.name, chart.name) == ("report-partner-day-2026-11-23.csv", "report-partner-day-2026-11-23.png")
    kept = await StoredDocuments(world.storage).load(chart)
    assert kept is not None
    assert size_of(kept) == SIZE
    assert (line.kind, picture.kind) == (CARD, CARD), "no partner reads it"
    assert picture.payload["document"]["sha256"] == chart.sha256


async def test_it_is_sent_to_the_manager_who_asks_for_it(world: House) -> None:
    other = [m.email for m in world.program.managers if m.announces][1]
    assert isinstance(await world.desk.send(other, world.sent.id, 7), Done)
    (mail, *_) = await world.parcels()
    assert mail.payload["to"] == other
    count = len(await world.parcels())
    for by, announcement_id, days in (
        ("eve@x.example", world.sent.id, 7), (other, "x", 7), (other, world.sent.id, 0),
    ):  # fmt: skip
        assert isinstance(await world.desk.send(by, announcement_id, days), NotDone)
    assert len(await world.parcels()) == count
