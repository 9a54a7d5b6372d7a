"""Reminders: only to those who have not answered, in the thread of the first copy, twice at most, whatever restarts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.announcements.following_up.reminding import Reminding
from bot.desk.due import DueDesk
from bot.storage import absences, preferences, slack_channels
from bot.storage.announcement_tables import announcement_recipients
from bot.storage.announcing import taken_back
from bot.storage.announcing.pace import Pace
from bot.storage.database import Database
from bot.storage.mail_tables import bounces
from bot.storage.queue import Queue
from bot.storage.slack_channels import SlackChannel
from bot.storage.tables import outbox
from bot.vocabulary.announcing import Call, CallKind, Route
from bot.vocabulary.results import Done, NotDone
from knowledge.program import Program
from tests.builders import program
from tests.unit.bot.announcements.sent import WENT, YES_OR_NO, SentAnnouncement, one
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]

FRIDAY = datetime(2026, 11, 27, 10, tzinfo=UTC)
ANOTHER = "3b0c9d52-5f1c-4a31-8f0a-0a4b8f3f9f11"  # of a message


@dataclass
class House:
    storage: Database
    queue: Queue
    sent: SentAnnouncement
    program: Program = field(default_factory=program)
    now: datetime = FRIDAY
    portion: int = 500

    @property
    def desk(self) -> Reminding:
        pace = Pace(60)
        return Reminding(self.storage, self.queue, self.program, lambda: self.now, "vendor.example", pace, self.portion)

    async def remind(self, count: int | None = None) -> Done | NotDone:
        return await self.desk.remind(self.sent.by, self.sent.id, count)

    async def fall_due(self) -> None:
        await DueDesk(self.storage, self.queue, lambda: self.now, self.desk.handlers, self.desk.plan)()

    async def reminders(self) -> list[dict[str, Any]]:
        """The payloads of all reminders, with when each may go, by address or channel."""
        query = select(outbox.c.payload, outbox.c.not_before, outbox.c.ordering).where(
            outbox.c.key.startswith("announcement_reminder:"), outbox.c.destination != "crm"
        )
        async with self.storage.reading() as connection:
            rows = (await connection.execute(query.order_by(outbox.c.ordering, outbox.c.seq))).all()
        return [row.payload | {"not_before": row.not_before, "to": row.ordering} for row in rows]

    async def whom(self) -> list[str]:
        return sorted(payload["to"].removesuffix("@x.example") for payload in await self.reminders())


@pytest.fixture
async def house(storage: Database, queue: Queue) -> House:
    managers = program()
    sent = SentAnnouncement(storage, next(m.email for m in managers.managers if m.announces))
    await sent.make()
    await sent.partners(one(1), one(2))
    return House(storage, queue, sent, managers)


ANSWERED: dict[str, Any] = {"answered_at": WENT + timedelta(hours=3)}
PEOPLE: dict[str, dict[str, Any]] = {
    "silent": {},
    "asked": {"said": ["question"], **ANSWERED},
    "chatted": {"said": ["other"], **ANSWERED},
    "moved": {"about": {"email": "moved-on@x.example"}},
    "unsure": {"mail": "unknown"},
    "later": {"said": ["later"], **ANSWERED},
    "later-is-over": {"said": ["later:2026-11-26"], **ANSWERED},
}
NOBODY: dict[str, tuple[str, dict[str, Any]]] = {
    "yes": ("answered", {"answer": "yes", **ANSWERED}),
    "no": ("answered", {"answer": "no", **ANSWERED}),
    "maybe": ("answered", {"answer": "maybe", **ANSWERED}),
    "day": ("answered", {"answer": "2026-12-03", **ANSWERED}),
    "later-ahead": ("wants to answer later", {"said": ["later:2026-11-28"], **ANSWERED}),
    "later-just-now": ("wants to answer later", {"said": ["later"], "answered_at": FRIDAY - timedelta(days=2)}),
    "wrong": ("not there any more", {"said": ["wrong_person"], **ANSWERED}),
    "left": ("not there any more", {"said": ["left"], **ANSWERED}),
    "inactive": ("not there any more", {"about": {"active": False}}),
    "unsubscribed": ("opted out", {"said": ["unsubscribed"], **ANSWERED}),
    "link": ("opted out", {"opted_out": True}),
    "in-the-crm": ("opted out", {"about": {"opted_out": True}}),
    "refused": ("takes no mail", {"mail": "refused"}),
    "cancelled": ("takes no mail", {"mail": "cancelled"}),
    "bounced": ("takes no mail", {}),
    "waiting": ("has not got it yet", {"mail": "pending"}),
    "away": ("away", {}),
    "slack": ("gets it in Slack alone", {"mail": "", "by_slack": True}),
}


async def test_who_is_reminded_and_who_is_not(house: House) -> None:
    for name, row in (PEOPLE | {name: row for name, (_, row) in NOBODY.items()}).items():
        await house.sent.person(name, **row)
    async with house.storage.begin() as connection:
        await absences.note(connection, "away", "p-1", date(2026, 11, 27), "", ANOTHER, WENT)
        await absences.note(connection, "silent", "p-1", date(2026, 11, 26), "", ANOTHER, WENT)  # is back
        came_back = {"inbox_id": ANOTHER, "address": "bounced@x.example", "outbox_id": house.sent.mail_id("bounced")}
        await connection.execute(bounces.insert().values(**came_back, hard=True))
    waited = await house.desk.awaited(house.sent.id)
    assert waited is not None
    assert waited.people == len(PEOPLE)
    reasons = [why for why, _ in NOBODY.values()]
    assert waited.left_out == {why: reasons.count(why) for why in reasons}
    result = await house.remind()
    assert isinstance(result, Done)
    assert "7 people are reminded" in result.text
    await house.fall_due()
    assert await house.whom() == sorted("moved-on" if name == "moved" else name for name in PEOPLE)


async def test_a_reminder_is_the_first_copy_in_its_thread_with_a_line_above(house: House) -> None:
    await house.sent.person("kim", about={"language": "de"})
    await house.remind()
    await house.fall_due()
    (mail,) = await house.reminders()
    assert mail["text"].startswith("Eine kurze Erinnerung: ")
    assert mail["text"].endswith("\n\nKommen Sie?")
    first = house.sent.mail_id("kim")
    assert mail["in_reply_to"] == f"<{first}@vendor.example>"
    async with house.storage.reading() as connection:
        query = select(outbox).where(outbox.c.announcement_id == house.sent.id).order_by(outbox.c.seq)
        one_, two = (await connection.execute(query)).all()
        told = await connection.scalar(select(outbox.c.payload).where(outbox.c.key.startswith("crm:log_interaction:")))
    assert two.thread_id == one_.thread_id
    same = ("reply_key", "opt_out_token", "subject")
    assert [two.payload[name] for name in same] == [one_.payload[name] for name in same]
    assert told is not None
    assert told["record"]["outcome"] == "reminded"


async def test_around_a_text_in_another_language_the_readers_own_is_spoken_as_in_the_first_copy(house: House) -> None:
    await house.sent.person("kim", about={"language": "de"}, language="en")
    await house.remind()
    await house.fall_due()
    (mail,) = await house.reminders()
    assert mail["language"] == "de"
    assert mail["text"].startswith("Eine kurze Erinnerung: ")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (YES_OR_NO, "A short reply is enough: yes, no or maybe."),
        (Call(CallKind.DATE, (date(2026, 12, 3), date(2026, 12, 10))), "3 December 2026, 10 December 2026?"),
        (Call(CallKind.QUESTION, question="What do you need?"), "We would be glad of a short reply."),
    ],
)
async def test_what_was_asked_is_asked_again(storage: Database, queue: Queue, call: Call, said: str) -> None:
    managers = program()
    sent = SentAnnouncement(storage, next(m.email for m in managers.managers if m.announces), call)
    await sent.make()
    await sent.partners(one(1))
    await sent.person("kim")
    await sent.person("lee", said=["other"], **ANSWERED)
    house = House(storage, queue, sent, managers)
    await house.remind()
    await house.fall_due()
    mails = await house.reminders()
    assert said in mails[0]["text"]
    in_words = call.kind is CallKind.QUESTION
    assert await house.whom() == (["kim"] if in_words else ["kim", "lee"]), "an answer in words answers a question"


async def test_it_is_reminded_of_twice_at_most_and_not_twice_in_a_day(house: House) -> None:
    await house.sent.person("kim")
    await house.sent.person("lee")
    both = await asyncio.gather(house.remind(), house.remind())
    assert sorted(isinstance(one_, Done) for one_ in both) == [False, True]
    await house.fall_due()
    await house.fall_due()
    assert await house.whom() == ["kim", "lee"]
    house.now += timedelta(hours=23)
    soon = await house.remind()
    assert isinstance(soon, NotDone)
    assert "within the last day" in soon.text
    house.now += timedelta(hours=2)
    await house.sent.change("kim", answer="yes", answered_at=house.now)
    assert isinstance(await house.remind(count=2), NotDone), "it is one by now"
    assert isinstance(await house.remind(count=1), Done)
    await house.fall_due()
    assert await house.whom() == ["kim", "lee", "lee"]
    house.now += timedelta(days=3)
    third = await house.remind()
    assert isinstance(third, NotDone)
    assert "2 times" in third.text


async def test_it_comes_by_itself_so_many_days_after_it_has_gone_out(storage: Database, queue: Queue) -> None:
    managers = program()
    sent = SentAnnouncement(storage, next(m.email for m in managers.managers if m.announces), remind_after=3)
    await sent.make()
    await sent.partners(one(1))
    await sent.person("kim")
    house = House(storage, queue, sent, managers, WENT + timedelta(days=2, hours=23))
    assert await house.desk.plan() == 1
    assert await house.desk.plan() == 0
    await house.fall_due()
    assert await house.whom() == []
    house.now = WENT + timedelta(days=3)
    await house.fall_due()
    assert await house.whom() == ["kim"]
    assert isinstance(await house.remind(), NotDone), "within a day"


async def test_an_order_by_hand_takes_the_place_of_the_one_that_comes_by_itself(
    storage: Database, queue: Queue
) -> None:
    managers = program()
    sent = SentAnnouncement(storage, next(m.email for m in managers.managers if m.announces), remind_after=5)
    await sent.make()
    await sent.partners(one(1))
    await sent.person("kim")
    house = House(storage, queue, sent, managers, WENT + timedelta(days=3))
    await house.desk.plan()
    assert isinstance(await house.remind(), Done)
    await house.fall_due()
    house.now = WENT + timedelta(days=6)
    await house.desk.plan()
    await house.fall_due()
    assert await house.whom() == ["kim"]


async def test_killed_between_portions_it_goes_on_with_the_rest_as_things_stand_then(house: House) -> None:
    for number in range(7):
        await house.sent.person(f"n{number}")
    house.portion = 2
    await house.remind()
    desk = house.desk
    stopped = DueDesk(house.storage, house.queue, lambda: house.now, {**desk.handlers, **_only(desk, 2)}, desk.plan)
    await stopped()
    assert await house.whom() == ["n0", "n1", "n2", "n3"]
    await house.sent.change("n4", opted_out=True)
    await house.sent.change("n5", answer="no", answered_at=house.now)
    house.now += timedelta(hours=1)  # what failed is tried again
    await asyncio.gather(house.fall_due(), house.fall_due())
    await house.fall_due()
    assert await house.whom() == ["n0", "n1", "n2", "n3", "n6"]
    async with house.storage.reading() as connection:
        noted = select(func.count()).where(announcement_recipients.c.reminded_at.is_not(None))
        assert await connection.scalar(noted) == 5


def _only(desk: Reminding, parts: int) -> dict[str, Any]:
    """The process ends after so many portions, in the middle of one."""

    async def go_on(connection: Any, timer: Any, now: datetime) -> None:
        await desk.go_on(connection, timer, now)
        if int(timer.payload["part"]) > parts:
            raise RuntimeError("killed")

    return {"announcement_reminder_portion": go_on}


async def test_it_waits_for_working_hours_where_the_partner_is_and_keeps_the_pace_of_a_domain(house: House) -> None:
    await house.sent.partners(one(3, time_zone="America/New_York", country="US"), one(4, time_zone="Asia/Tokyo"))
    await house.sent.person("ny", "p-3", about={"email": "ny@ny.example"})
    await house.sent.person("tokyo", "p-4", about={"email": "t@tokyo.example"})
    await house.sent.person("first")
    await house.sent.person("second")
    house.now = datetime(2026, 11, 27, 9, tzinfo=UTC)  # a Friday: 4:00 in New York, 18:00 in Tokyo
    await house.remind()
    await house.fall_due()
    times = {mail["to"]: mail["not_before"] for mail in await house.reminders()}
    assert times["first@x.example"] is None
    assert times["second@x.example"] == house.now + timedelta(seconds=1)
    quiet_until = house.program.vendor.quiet_until
    assert times["ny@ny.example"].astimezone(UTC) > house.now
    assert times["ny@ny.example"].astimezone(UTC).hour == quiet_until.hour + 5


async def test_a_reminder_that_waits_for_the_morning_is_taken_back_by_an_answer_and_all_of_it_by_opting_out(
    house: House,
) -> None:
    house.now = datetime(2026, 11, 26, 23, tzinfo=UTC)  # nobody works
    async with house.storage.begin() as connection:
        await slack_channels.save(connection, SlackChannel("T-own", "C1", "#p1", "p-1", "T1"))
    await house.sent.post("C1", "p-1")
    for name in ("ann", "bea", "cleo"):
        await house.sent.person(name, by_slack=True)
    await house.sent.person("dora", mail="pending")
    await house.remind()
    await house.fall_due()
    assert await house.whom() == ["C1", "ann", "bea", "cleo"]
    async with house.storage.begin() as connection:
        assert await taken_back.after_answer(connection, house.sent.id, "ann", "p-1") == 2
        assert await taken_back.after_opting_out(connection, "bea") == 1
        assert await taken_back.after_opting_out(connection, "dora") == 1, "the first copy, which has not gone"
    query = select(outbox.c.ordering, outbox.c.destination).where(outbox.c.state == "pending")
    async with house.storage.reading() as connection:
        left = (await connection.execute(query)).all()
    assert sorted(left) == [("cleo@x.example", "mail"), ("p-1", "crm")], "with its line on the timeline"


async def test_a_post_is_reminded_of_below_it_where_nobody_of_the_partner_answered(house: House) -> None:
    for number in (1, 2):
        channel = SlackChannel("T-own", f"C{number}", f"#p{number}", f"p-{number}", f"T{number}")
        async with house.storage.begin() as connection:
            await slack_channels.save(connection, channel)
        await house.sent.post(f"C{number}", f"p-{number}")
    await house.sent.person("ann", "p-1", mail="", by_slack=True)
    await house.sent.person("bea", "p-2", mail="", by_slack=True)
    await house.sent.person("cleo", "p-2", mail="", by_slack=True, answer="yes", **ANSWERED)
    result = await house.remind()
    assert isinstance(result, Done)
    assert "1 channel is reminded" in result.text
    await house.fall_due()
    (post,) = await house.reminders()
    assert (post["channel"], post["thread_ts"], post["only_team"]) == ("C1", "17.C1", "T1")
    async with house.storage.reading() as connection:
        c = announcement_recipients.c
        assert (await connection.scalars(select(c.contact_id).where(c.reminded_at.is_not(None)))).all() == ["ann"]


async def test_a_reminder_goes_where_its_reader_wants_it_by_now(house: House) -> None:
    async with house.storage.begin() as connection:
        await slack_channels.save(connection, SlackChannel("T-own", "C1", "#p1", "p-1", "T1"))
    await house.sent.post("C1", "p-1")
    people = [
        await house.sent.person("ann", "p-1"),  # only Slack please
        await house.sent.person("bea", "p-1"),
        await house.sent.person("cleo", "p-2"),  # only Slack please, and there is no post
    ]
    async with house.storage.begin() as connection:
        for person in (people[0], people[2]):
            await preferences.say(connection, person, route=Route.SLACK, proof={"inbox": ANOTHER})
    waited = await house.desk.awaited(house.sent.id)
    assert waited is not None
    assert (waited.people, waited.channels, waited.left_out) == (2, 1, {"gets it in Slack alone": 1})
    await house.remind()
    await house.fall_due()
    assert await house.whom() == ["C1", "bea", "cleo"]
    async with house.storage.begin() as connection:
        c = announcement_recipients.c
        assert await connection.scalar(select(c.reminded_at).where(c.contact_id == "ann")) is not None
        await preferences.say(connection, people[0], route=Route.MAIL, proof={"inbox": ANOTHER})
    again = await house.desk.awaited(house.sent.id)
    assert again is not None
    assert (again.people, again.channels) == (3, 0)


@pytest.mark.parametrize(
    ("by", "announcement_id", "why"),
    [
        ("nobody@x.example", "", "may not announce"),
        ("", "x", "no such announcement"),
        ("", ANOTHER, "no such announcement"),
        ("", "", "nobody to remind"),
    ],
)
async def test_what_cannot_be_reminded_of_says_why(house: House, by: str, announcement_id: str, why: str) -> None:
    await house.sent.person("yes", answer="yes", **ANSWERED)
    result = await house.desk.remind(by or house.sent.by, announcement_id or house.sent.id)
    assert isinstance(result, NotDone)
    assert why in result.text


async def test_what_asks_nothing_is_not_reminded_of(storage: Database, queue: Queue) -> None:
    managers = program()
    by = next(m.email for m in managers.managers if m.announces)
    sent = SentAnnouncement(storage, by, Call(), remind_after=1)
    await sent.make()
    await sent.partners(one(1))
    await sent.person("kim")
    house = House(storage, queue, sent, managers)
    result = await house.remind()
    assert isinstance(result, NotDone)
    assert "asks for no answer" in result.text
    await house.fall_due()
    await house.fall_due()
    assert await house.whom() == []
