"""Home tabs over a real socket: shown when opened, kept true, shown once for the same, and empty for others."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import make_url, text

from bot.channels.slack.api.calls import slack_client
from bot.channels.slack.api.installation import Installation
from bot.channels.slack.outbound.homes import SlackHomes
from bot.channels.slack.people.identity import WebSlackUsers
from bot.desk.briefing import Briefing
from bot.operations.home_desk import HomeDesk
from bot.storage import mirror, registrations, tasks
from bot.storage.database import Database
from bot.storage.postgres import Postgres
from bot.storage.queue import Queue
from bot.vocabulary.briefs import Act, Brief, BriefKind
from crm.records import RegistrationState
from tests.builders import NOW, contact, partner, program, registration
from tests.fakes.slack.running import running_slack
from tests.fakes.slack.web_api import AWAY, BOT_USER, HOME, TOKEN, FakeSlack, Mood

NOOR, COLLEAGUE, OUTSIDER = "U0NOOR", "U0COLLEAGUE", "U0ALICE"
NUMBER = "D-123456"
OF_NOOR = next(one for one in program().managers if one.slack_user_id == NOOR)


@dataclass
class House:
    """The desk, with a clock that goes on when it is told to."""

    slack: FakeSlack
    storage: Database
    queue: Queue
    now: datetime = NOW
    desk: HomeDesk = field(init=False)

    def __post_init__(self) -> None:
        self.desk = self.another()

    def another(self) -> HomeDesk:
        """A desk in another process."""
        client = slack_client(TOKEN, base_url=self.slack.base_url)
        own = Installation(HOME, BOT_USER)
        return HomeDesk(
            self.storage, self.queue, program(), own, WebSlackUsers(client), SlackHomes(client), lambda: self.now
        )

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    async def opens(self, user: str) -> None:
        await self.desk.opened(user)
        await self.desk(user)

    async def waits(self, number: str = NUMBER, **changes: Any) -> None:
        """A registration that somebody was asked about."""
        said = {"submitted_at": NOW - timedelta(days=3), "decide_by": date(2026, 11, 27)} | changes
        found = registration(number=number, state=RegistrationState.SUBMITTED, customer="Kilbride Pharma", **said)
        async with self.storage.begin() as connection:
            await mirror.store(connection, [partner(), contact()])
            await registrations.adopt(connection, found)
            await Briefing("lumora.example").send(connection, _brief(number))

    async def asked(self) -> list[str]:
        """For whom a job waits."""
        async with self.storage.begin() as connection:
            query = "select args ->> 'user' from procrastinate_jobs where task_name = 'slack_home' and status = 'todo'"
            return list(await connection.scalars(text(query)))

    async def run_jobs(self) -> None:
        for user in await self.asked():
            async with self.storage.begin() as connection:
                await connection.execute(text("delete from procrastinate_jobs where task_name = 'slack_home'"))
            await self.desk(user)

    async def buttons(self) -> list[tuple[str, str, Any]]:
        """Those of the page that are there to be pressed, as (kind, whose, what about)."""
        async with self.storage.begin() as connection:
            rows = await connection.execute(text("select id::text, kind, channel, doc from slack_buttons"))
            shown = "".join(self.page(user) for user in self.slack.homes)
            return [(row.kind, row.channel, row.doc) for row in rows if f'"value": "{row.id}"' in shown]

    def page(self, user: str) -> str:
        home = self.slack.homes.get(user)
        return json.dumps(home.body, ensure_ascii=False) if home is not None else ""

    @property
    def published(self) -> int:
        return len(self.slack.called("views.publish"))


def _brief(number: str) -> Brief:
    return Brief(
        key=f"registration:{number}:1", kind=BriefKind.REGISTRATION, subject=number, manager=OF_NOOR,
        title=f"Registration {number}", acts=(Act.APPROVE, Act.REFUSE), partner_id="p-1",
    )  # fmt: skip


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    slack = FakeSlack()
    slack.add_user(NOOR, HOME, "Noor Haddad")
    slack.add_user(COLLEAGUE, HOME, "Carl Colleague")
    async with running_slack(slack):
        yield slack


@pytest.fixture
async def house(database: str, slack: FakeSlack) -> AsyncIterator[House]:
    storage = Database(Postgres(make_url(database), "a test's"))
    queue = Queue(storage.postgres)
    await queue.open()
    yield House(slack, storage, queue)
    await queue.aclose()
    await storage.aclose()


async def test_who_opens_the_tab_is_asked_for_once_however_often_he_opens_it(house: House) -> None:
    for _ in range(5):
        await house.desk.opened(NOOR)
    assert await house.asked() == [NOOR]
    assert house.published == 0


async def test_a_manager_sees_what_waits_with_the_button_of_its_brief(house: House) -> None:
    await house.waits()
    await house.opens(NOOR)
    page = house.page(NOOR)
    assert "Registrations to decide later" in page
    assert NUMBER in page
    assert "Kilbride Pharma" in page
    assert "due tomorrow" in page
    [(kind, user, about)] = await house.buttons()
    assert (kind, user, about) == ("form", NOOR, {"kind": "registration", "subject": NUMBER})


async def test_a_page_that_is_shown_again_needs_no_new_buttons(house: House) -> None:
    await house.waits()
    await house.opens(NOOR)
    before = house.page(NOOR)
    house.later(minutes=5)
    await house.opens(NOOR)
    assert len(await house.buttons()) == 1
    assert house.page(NOOR).replace("10:05", "10:00") == before


async def test_what_is_overdue_stands_first(house: House) -> None:
    await house.waits()
    await house.waits("D-222222", decide_by=date(2026, 11, 24))
    await house.waits("D-333333", decide_by=date(2026, 11, 26))
    await house.opens(NOOR)
    page = house.page(NOOR)
    assert page.index("D-222222") < page.index("D-333333") < page.index(NUMBER)
    assert "2 days late" in page


async def test_a_colleague_and_an_outsider_see_nothing_of_a_partner(house: House) -> None:
    await house.waits()
    for user in (COLLEAGUE, OUTSIDER, "U0NOBODY"):
        await house.opens(user)
        assert "Brightpath" not in house.page(user)
        assert NUMBER not in house.page(user)
    assert "Lumora" in house.page(COLLEAGUE)
    assert "Lumora" not in house.page(OUTSIDER)


async def test_a_managers_id_in_another_workspace_is_nobodys(house: House, slack: FakeSlack) -> None:
    await house.waits()
    slack.users[NOOR].team = AWAY
    await house.opens(NOOR)
    assert NUMBER not in house.page(NOOR)


async def test_the_same_page_is_not_published_twice_in_a_row(house: House) -> None:
    await house.waits()
    await house.opens(NOOR)
    await house.opens(NOOR)
    assert house.published == 1
    house.later(minutes=2)
    await house.opens(NOOR)
    assert house.published == 2
    await house.opens(COLLEAGUE)
    house.later(days=1)
    await house.opens(COLLEAGUE)
    assert house.published == 3


async def test_a_page_that_somebody_looks_at_follows_what_changes_and_else_stays(house: House) -> None:
    await house.opens(NOOR)
    await house.run_jobs()
    house.later(minutes=5)
    await house.desk.refresh()
    assert await house.asked() == []
    async with house.storage.begin() as connection:
        await tasks.open_task(connection, "t-1", "request", "Sara asks for a call", manager_email=OF_NOOR.email)
    await house.desk.refresh()
    await house.desk.refresh()
    assert await house.asked() == [NOOR]
    await house.run_jobs()
    assert "Sara asks for a call" in house.page(NOOR)
    assert "Handed over to you" in house.page(NOOR)


async def test_a_page_that_nobody_looked_at_for_long_is_let_be(house: House) -> None:
    await house.opens(NOOR)
    await house.run_jobs()
    house.later(hours=13)
    await house.waits()
    await house.desk.refresh()
    assert await house.asked() == []


async def test_what_slack_did_not_take_is_asked_for_again(house: House, slack: FakeSlack) -> None:
    slack.next_moods("views.publish", Mood.RATE_LIMITED, Mood.SERVER_ERROR)
    for _ in range(3):
        await house.opens(NOOR)
        await house.run_jobs()
        house.later(seconds=20)
    assert "Nothing waits for you, Noor" in house.page(NOOR)
    house.later(seconds=-1)
    await house.desk.refresh()
    assert await house.asked() == []


async def test_what_slack_refuses_is_not_asked_for_until_it_is_opened_again(house: House, slack: FakeSlack) -> None:
    slack.refuse["views.publish"] = "not_enabled"
    await house.opens(NOOR)
    await house.run_jobs()
    tried = house.published
    house.later(seconds=20)
    slack.refuse.clear()
    await house.opens(NOOR)
    assert house.published == tried + 1
    assert house.page(NOOR)


async def test_a_page_that_was_overtaken_takes_its_place(house: House, slack: FakeSlack) -> None:
    await house.opens(NOOR)
    slack.homes[NOOR].hash = "somebody else's"
    house.later(minutes=1)
    await house.waits()
    await house.opens(NOOR)
    assert NUMBER in house.page(NOOR)


async def test_the_chart_is_put_there_once_for_the_same_numbers_whoever_looks(house: House, slack: FakeSlack) -> None:
    await house.waits()
    await house.opens(NOOR)
    house.later(minutes=10)
    await house.waits("D-222222", submitted_at=NOW)
    await house.another()(NOOR)
    assert len(slack.called("files.completeUploadExternal")) == 1
    page = json.loads(house.page(NOOR))
    [image] = [block for block in page["blocks"] if block["type"] == "image"]
    assert slack.files[image["slack_file"]["id"]].content.startswith(b"\x89PNG")
    assert "Week of 23 Nov: 1 (1 not decided yet)" in image["alt_text"]


async def test_where_slack_takes_no_file_the_page_goes_without_a_chart(house: House, slack: FakeSlack) -> None:
    slack.refuse["files.getUploadURLExternal"] = "file_uploads_disabled"
    await house.waits()
    await house.opens(NOOR)
    house.later(minutes=1)
    await house.opens(NOOR)
    assert NUMBER in house.page(NOOR)
    assert '"image"' not in house.page(NOOR)
    assert len(slack.called("files.getUploadURLExternal")) == 1


async def test_where_slack_shows_no_picture_its_numbers_are_said(house: House, slack: FakeSlack) -> None:
    await house.waits()
    async with house.storage.begin() as connection:
        await connection.execute(text("truncate slack_uploads"))
    publish = house.desk.homes.publish

    class NoPictures(SlackHomes):
        async def publish(self, user: str, view: Any, instead_of: str) -> str:
            slack.refuse.clear()
            if '"image"' in json.dumps(view):
                slack.refuse["views.publish"] = "invalid_arguments"
            return await publish(user, view, instead_of)

    house.desk.homes = NoPictures(slack_client(TOKEN, base_url=slack.base_url))
    await house.opens(NOOR)
    assert "Week of 23 Nov: 1" in house.page(NOOR)
    assert '"image"' not in house.page(NOOR)


async def test_two_desks_at_the_same_moment_leave_one_true_page(house: House) -> None:
    await house.waits()
    await house.desk.opened(NOOR)
    await asyncio.gather(house.desk(NOOR), house.another()(NOOR))
    assert NUMBER in house.page(NOOR)
