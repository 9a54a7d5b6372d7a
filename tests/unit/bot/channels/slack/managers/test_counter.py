"""The counter when things go wrong: strangers, a Slack or a database that is away, forms that are late, sent off twice
or not theirs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.channels.slack.api.calls import slack_client
from bot.channels.slack.api.errors import SlackUnavailable
from bot.channels.slack.api.installation import Installation
from bot.channels.slack.edge.interactions import NOTHING, Command, Person, Shortcut, Submission, ViewPress
from bot.channels.slack.managers import actions
from bot.channels.slack.managers.announcements.running import Running
from bot.channels.slack.managers.announcements.writing import Writing
from bot.channels.slack.managers.counter import SlackCounter
from bot.channels.slack.managers.deciding import Deciding
from bot.channels.slack.managers.gate import Gate
from bot.channels.slack.managers.orders import ManagerOrder
from bot.channels.slack.managers.ports import Blocks, CaseShown, Listed, Report
from bot.channels.slack.managers.windows import Windows
from bot.channels.slack.people.audience import Audience
from bot.channels.slack.people.identity import SlackUser
from bot.vocabulary.announcing import Announcement, AnnouncementState, Composed, Preview, Sample
from bot.vocabulary.briefs import Act, BriefKind
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import SegmentChoices
from knowledge.program import Manager
from tests.fakes.slack.web_api import BOT_USER, HOME, TOKEN, FakeSlack, Mood

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
NOOR = Manager("Noor", "noor@home.example", "U0MANAGER", announces=True)
QUIET = Manager("Quinn", "quinn@home.example", "U0QUIET", announces=False)
BY = Person("U0MANAGER", HOME)


class StorageAwayError(Exception):
    pass


@dataclass
class Backend:
    """Everything that the counter asks for, in memory. `fault` is raised by whatever is asked next."""

    docs: dict[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    orders: dict[str, ManagerOrder] = field(default_factory=dict)
    told: list[tuple[str, str]] = field(default_factory=list)
    kept: dict[str, Announcement] = field(default_factory=dict)
    sent: dict[str, Announcement] = field(default_factory=dict)
    acts: list[tuple[str, str]] = field(default_factory=list)
    count: int = 3
    fault: Exception | None = None
    slow: float = 0.0

    async def asked(self) -> None:
        await asyncio.sleep(self.slow)
        if self.fault:
            raise self.fault

    async def open(self, user: str, doc: Mapping[str, Any]) -> str:
        await self.asked()
        self.docs[name := f"f-{len(self.docs)}"] = (user, doc)
        return name

    async def find(self, form: str, user: str) -> Mapping[str, Any] | None:
        await self.asked()
        owner, doc = self.docs.get(form, ("", {}))
        return doc if owner == user else None

    async def keep(self, form: str, user: str, doc: Mapping[str, Any]) -> bool:
        self.docs[form] = (user, doc)
        return True

    async def named(self, words: str, by: str) -> CaseShown | NotDone:
        await self.asked()
        facts = (("Customer", "Kilbride"),)
        return CaseShown(BriefKind.REGISTRATION, words, words, f"Registration {words}", facts, acts=(Act.REFUSE,))

    async def behind(self, button: str, by: str) -> CaseShown | NotDone:
        return NotDone("this button is not current any more")

    async def overview(self, by: str) -> Report:
        await self.asked()
        return Report("What waits", (("Registrations", ("D-123456",)),))

    async def about(self, words: str, by: str) -> Report | NotDone:
        return NotDone(f"there is no partner {words}")

    async def take(self, order: ManagerOrder) -> None:
        await self.asked()
        self.orders.setdefault(order.key, order)

    async def tell(self, user: str, key: str, text: str, blocks: Blocks) -> None:
        self.told.append((user, text))


@dataclass
class DeskOf:
    """The same backend as `Announcements`, whose `find` and `keep` are of announcements."""

    backend: Backend

    async def choices(self) -> SegmentChoices:
        return SegmentChoices(("Elite",), (), (), ("en",))

    async def preview(self, by: str, composed: Composed) -> Preview | NotDone:
        await self.backend.asked()
        sample = Sample("Ada", "Quaywise", "en", composed.subject, composed.text_for("en").body)
        return Preview(
            1,
            self.backend.count,
            1,
            self.backend.count,
            str(composed.segment),
            samples=(sample,) if self.backend.count else (),
        )

    async def keep(self, by: str, composed: Composed, announcement_id: str | None = None) -> Announcement | NotDone:
        name = announcement_id or f"a-{len(self.backend.kept)}"
        self.backend.kept[name] = Announcement(name, composed, AnnouncementState.DRAFT, by, NOW)
        return self.backend.kept[name]

    async def find(self, announcement_id: str) -> Announcement | None:
        return self.backend.kept.get(announcement_id)

    async def test(self, by: str, composed: Composed) -> Done | NotDone:
        return Done(f"the test goes to {by}")

    async def confirm(
        self, by: str, announcement_id: str, count: int, seen: str = ""
    ) -> Announcement | Preview | NotDone:
        await self.backend.asked()
        found = self.backend.kept[announcement_id]
        if seen != found.composed.version:
            return NotDone("it was changed since you looked at it", "look at it as it is now")
        if self.backend.count != count:
            return await self.preview(by, found.composed)
        return self.backend.sent.setdefault(
            announcement_id, replace(found, state=AnnouncementState.SCHEDULED, send_at=NOW)
        )

    async def pause(self, by: str, announcement_id: str) -> Done | NotDone:
        return self._done("pause", announcement_id)

    async def resume(self, by: str, announcement_id: str) -> Done | NotDone:
        return self._done("resume", announcement_id)

    async def cancel(self, by: str, announcement_id: str) -> Done | NotDone:
        return self._done("cancel", announcement_id)

    async def remind(self, by: str, announcement_id: str) -> Done | NotDone:
        return self._done("remind", announcement_id)

    async def report(self, announcement_id: str, user: str, key: str) -> Done | NotDone:
        return self._done("report", announcement_id)

    async def listed(self) -> tuple[Listed, ...]:
        return tuple(Listed(one, 2, 3, "1 yes") for one in {**self.backend.kept, **self.backend.sent}.values())

    def _done(self, act: str, announcement_id: str) -> Done:
        self.backend.acts.append((act, announcement_id))
        return Done(f"it was done: {act}", announcement_id)


@dataclass
class CasesOf:
    """The same backend as `Cases`, whose `fault` is a question."""

    backend: Backend

    async def named(self, words: str, by: str) -> CaseShown | NotDone:
        return await self.backend.named(words, by)

    async def behind(self, button: str, by: str) -> CaseShown | NotDone:
        return await self.backend.behind(button, by)

    def fault(self, kind: BriefKind, act: Act, words: str) -> str:
        return "" if words else "Write the reason."


@dataclass
class People:
    users: dict[str, SlackUser]
    fault: Exception | None = None
    slow: float = 0.0

    async def user(self, user_id: str) -> SlackUser:
        await asyncio.sleep(self.slow)
        if self.fault:
            raise self.fault
        return self.users.get(user_id, SlackUser(user_id))


@dataclass
class Places:
    found: Audience | Exception

    async def audience(self, channel: str) -> Audience:
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


@dataclass
class House:
    slack: FakeSlack
    backend: Backend
    people: People
    places: Places
    counter: SlackCounter

    def trigger(self, user: str = "U0MANAGER") -> str:
        return self.slack.new_trigger(user)

    async def types(self, words: str, by: Person = BY) -> str:
        answer = await self.counter.command(Command(by, "/partners", words, "C0INTERNAL", self.trigger(by.user)))
        return str((answer.body or {}).get("text", ""))

    async def form(self, words: str) -> dict[str, Any]:
        assert await self.types(words) == ""
        return await self.shown()

    async def shown(self, user: str = "U0MANAGER") -> dict[str, Any]:
        await self.counter.windows.settled()
        view = self.slack.open_view(user)
        assert view is not None
        return view.body

    async def sends(self, view: Mapping[str, Any], by: Person = BY, **filled: str) -> Mapping[str, Any]:
        sent = Submission(
            by, view["callback_id"], "V1", view["private_metadata"], f"k-{sorted(filled.items())}", filled
        )
        return (await self.counter.submitted(sent)).body or {}


@pytest.fixture
async def house() -> AsyncIterator[House]:
    slack, backend, own = FakeSlack(), Backend(), Installation(HOME, BOT_USER)
    slack.add_user("U0QUIET", HOME, "Quinn")
    await slack.start()
    people = People({user: SlackUser(user, team=HOME) for user in ("U0MANAGER", "U0QUIET", "U0OTHER")})
    windows, cases = Windows(slack_client(TOKEN, base_url=slack.base_url)), CasesOf(backend)
    places = Places(Audience(confirmed=True))
    desk = DeskOf(backend)
    writing = Writing(backend, desk, windows, BERLIN, lambda: NOW)
    counter = SlackCounter(
        Gate(own, people, (NOOR, QUIET), patience=0.2), windows, writing, Running(desk, windows, writing, BERLIN),
        Deciding(backend, cases, backend, windows), backend, backend, places,
    )  # fmt: skip
    yield House(slack, backend, people, places, counter)
    await counter.windows.settled()
    await slack.stop()
    assert slack.violations == []


@pytest.mark.parametrize(
    "user",
    [
        SlackUser("U0MANAGER", team="T0AWAY"),
        SlackUser("U0MANAGER"),
        SlackUser("U0MANAGER", team=HOME, is_bot=True),
        SlackUser("U0MANAGER", enterprise="E0OTHER"),
    ],
)
async def test_whose_id_stands_in_the_program_but_who_is_not_ours_is_turned_away(house: House, user: SlackUser) -> None:
    house.people.users["U0MANAGER"] = user
    assert "for managers" in await house.types("approve D-123456")
    assert "for managers" in str(await house.sends({"callback_id": actions.CONFIRM, "private_metadata": "f-0"}))
    await house.counter.pressed(ViewPress(BY, actions.CANCEL, "a-1", house.trigger()))
    assert "for managers" in str(await house.shown())
    assert (house.backend.orders, house.backend.acts) == ({}, [])


async def test_the_team_that_a_request_names_is_not_believed(house: House) -> None:
    house.people.users["U0MANAGER"] = SlackUser("U0MANAGER", team="T0AWAY")
    assert "for managers" in await house.types("status", Person("U0MANAGER", HOME))
    assert "for managers" in await house.types("status", Person("", HOME))


@pytest.mark.parametrize("slow", [0.0, 1.0])
async def test_while_slack_cannot_be_asked_nothing_is_done(house: House, slow: float) -> None:
    house.people.fault, house.people.slow = SlackUnavailable("away"), slow
    assert "does not say just now" in await house.types("approve D-123456")
    assert house.backend.orders == {}


async def test_an_order_that_cannot_be_committed_is_not_acknowledged(house: House) -> None:
    house.backend.fault = StorageAwayError()
    with pytest.raises(StorageAwayError):
        await house.types("approve D-123456")


async def test_a_command_that_is_delivered_twice_is_one_order(house: House) -> None:
    command = Command(BY, "/partners", "approve D-123456", "C0INTERNAL", "1.2.x")
    answers = [await house.counter.command(command) for _ in range(3)]
    assert len(house.backend.orders) == 1
    assert all("On it: approve D-123456" in str(answer.body) for answer in answers)
    await house.counter.command(replace(command, trigger="1.3.x"))
    assert len(house.backend.orders) == 2


async def test_a_form_whose_content_cannot_be_read_says_so(house: House) -> None:
    house.backend.fault = StorageAwayError()
    assert "could not be loaded" in str(await house.form("decide D-123456"))


async def test_a_form_is_open_before_its_content_is_known(house: House) -> None:
    house.backend.slow = 0.2
    assert await house.types("decide D-123456") == ""
    view = house.slack.open_view("U0MANAGER")
    assert view is not None
    assert view.body["callback_id"] == actions.LOADING
    assert "Kilbride" in str(await house.shown())


async def test_a_form_is_filled_though_slack_was_away_for_a_moment(house: House) -> None:
    house.slack.next_moods("views.update", Mood.SERVER_ERROR)
    assert "Kilbride" in str(await house.form("decide D-123456"))


async def test_who_closes_a_form_while_it_is_filled_is_let_be(house: House) -> None:
    house.backend.slow = 0.1
    await house.types("announce")
    view = house.slack.open_view("U0MANAGER")
    assert view is not None
    view.open = False
    await house.counter.windows.settled()
    assert view.body["callback_id"] == actions.LOADING


async def test_who_may_not_announce_gets_no_form(house: House) -> None:
    by = Person("U0QUIET", HOME)
    assert "may not announce" in await house.types("announce", by)
    shortcut = Shortcut(by, actions.ANNOUNCE_THIS, house.trigger("U0QUIET"), "C0INTERNAL", "1.2", "News")
    assert await house.counter.shortcut(shortcut) == NOTHING
    assert "may not announce" in str(await house.shown("U0QUIET"))
    assert house.backend.docs == {}


async def test_a_long_message_is_not_cut_but_refused(house: House) -> None:
    shortcut = Shortcut(BY, actions.ANNOUNCE_THIS, house.trigger(), "C0INTERNAL", "1.2", "word " * 700)
    await house.counter.shortcut(shortcut)
    assert "3,499 characters" in str(await house.shown())
    unknown = replace(shortcut, callback="something_else", trigger=house.trigger())
    assert await house.counter.shortcut(unknown) == NOTHING


async def test_a_count_that_changed_is_shown_again_before_anything_goes(house: House) -> None:
    view = await house.form("announce")
    preview = (await house.sends(view, subject="News", text="New."))["view"]
    assert "Send to 3 people" in str(preview["submit"])
    house.backend.count = 4
    again = (await house.sends(preview))["view"]
    assert "Meanwhile the segment changed: it goes to 4 people" in str(again)
    assert house.backend.sent == {}
    assert "on its way to 4 people" in str(await house.sends(again))
    assert "on its way" in str(await house.sends(again))
    assert len(house.backend.sent) == 1


async def test_what_another_manager_changed_meanwhile_is_not_sent_by_who_did_not_see_it(house: House) -> None:
    view = await house.form("announce")
    preview = (await house.sends(view, subject="News", text="New."))["view"]
    (name,) = house.backend.kept
    shown = house.backend.kept[name]
    other = replace(shown.composed, texts=(replace(shown.composed.texts[0], body="Something else."),))
    house.backend.kept[name] = replace(shown, composed=other)
    assert "changed since you looked at it" in str(await house.sends(preview))
    assert house.backend.sent == {}


async def test_a_time_that_is_over_by_now_is_told_and_what_was_written_stays(house: House) -> None:
    view = await house.form("announce")
    preview = (await house.sends(view, subject="News", text="New words.", day="2026-11-27", hour="10:05"))["view"]
    assert "Schedule for 3 people" in str(preview)
    writing = replace(house.counter.writing, now=lambda: datetime(2026, 11, 27, 9, 5, tzinfo=UTC))
    house.counter = replace(house.counter, writing=writing)
    answer = await house.sends(preview)
    assert "That time is over" in str(answer)
    assert "New words." in str(answer)
    assert house.backend.sent == {}


async def test_an_empty_segment_is_told_at_a_field_that_is_there(house: House) -> None:
    house.backend.count = 0
    view = await house.form("announce")
    answer = await house.sends(view, subject="News", text="New.", tiers="Elite", languages="")
    assert list(answer["errors"]) == ["tiers"]
    assert answer["errors"]["tiers"].startswith("Nobody is in the segment tier=Elite")
    answer = await house.sends(view, subject="News", text="New.")
    assert list(answer["errors"]) == ["subject"]


@pytest.mark.parametrize("missing", ["subject", "text"])
async def test_subject_and_text_are_wanted(house: House, missing: str) -> None:
    view = await house.form("announce")
    said = {"subject": "News", "text": "New."} | {missing: "  \n"}
    answer = await house.sends(view, subject=said["subject"], text=said["text"])
    assert list(answer["errors"]) == [missing]


async def test_a_count_that_takes_too_long_is_told_and_nothing_is_lost(house: House) -> None:
    view = await house.form("announce")
    house.backend.slow = 0.1
    house.counter = replace(house.counter, writing=replace(house.counter.writing, patience=0.05))
    assert "takes longer" in str(await house.sends(view, subject="News", text="New.", tiers=""))


async def test_a_status_that_takes_too_long_is_told(house: House) -> None:
    house.backend.slow = 0.2
    house.counter = replace(house.counter, patience=0.05)
    assert "takes longer" in await house.types("status")


@pytest.mark.parametrize("meta", ["", "f-9", "../../x", "x" * 3_000])
@pytest.mark.parametrize("callback", [actions.WRITE, actions.LANGUAGE, actions.CONFIRM, actions.DECISION])
async def test_a_form_that_nobody_opened_does_nothing(house: House, callback: str, meta: str) -> None:
    sent = {"callback_id": callback, "private_metadata": meta}
    assert "not open any more" in str(await house.sends(sent, subject="x", text="y", act="approve", words="z"))
    assert (house.backend.orders, house.backend.sent) == ({}, {})


async def test_a_preview_cannot_be_skipped(house: House) -> None:
    view = await house.form("announce News")
    assert "not open any more" in str(await house.sends(view | {"callback_id": actions.CONFIRM}))
    assert house.backend.sent == {}


async def test_a_text_in_one_more_language_is_part_of_the_preview(house: House) -> None:
    view = await house.form("announce News")
    preview = (await house.sends(view, subject="News", text="New.", language="en"))["view"]
    await house.counter.pressed(
        ViewPress(BY, actions.ADD_LANGUAGE, "", house.trigger(), "V1", meta=preview["private_metadata"])
    )
    await house.counter.windows.settled()
    form = preview | {"callback_id": actions.LANGUAGE}
    assert list((await house.sends(form, text="Neu."))["errors"]) == ["language"]
    assert list((await house.sends(form, language="de", text="Neu."))["errors"]) == ["subject"]
    again = (await house.sends(form, language="de", subject="Neues", text="Neu."))["view"]
    assert "German …" in str(again)
    kept = house.backend.kept["a-0"].composed
    assert [(text.language, text.body) for text in kept.texts] == [("en", "New."), ("de", "Neu.")]
    await house.sends(form, language="de")
    assert len(house.backend.kept["a-0"].composed.texts) == 1


async def test_what_a_manager_presses_below_an_announcement_is_done_and_told(house: House) -> None:
    acts = (actions.PAUSE, actions.RESUME, actions.CANCEL, actions.REMIND, actions.REPORT)
    for act in acts:
        await house.counter.pressed(ViewPress(BY, act, "a-0", house.trigger()))
        assert "It was done" in str(await house.shown())
    assert house.backend.acts == [(act.removeprefix("counter:"), "a-0") for act in acts]


async def test_who_may_not_announce_pauses_and_cancels_nothing(house: House) -> None:
    for act in (actions.PAUSE, actions.CANCEL):
        await house.counter.pressed(ViewPress(Person("U0QUIET", HOME), act, "a-0", house.trigger("U0QUIET")))
        assert "may not announce" in str(await house.shown("U0QUIET"))
    assert house.backend.acts == []


async def test_a_report_is_asked_for_by_a_part_of_the_subject(house: House) -> None:
    preview = (await house.sends(await house.form("announce"), subject="Spring webinar", text="New."))["view"]
    await house.sends(preview)
    await house.sends(preview)
    assert "It was done: report" in str(await house.form("report spring"))
    assert "Which announcement" in await house.types("report autumn")


async def test_a_form_for_announcing_decides_nothing(house: House) -> None:
    view = await house.form("announce News")
    answer = await house.sends(view | {"callback_id": actions.DECISION}, act="approve")
    assert "not open any more" in str(answer)


async def test_only_what_the_form_offers_may_be_chosen(house: House) -> None:
    view = await house.form("decide D-123456")
    for act in ("approve", "", "delete everything"):
        assert "act" in (await house.sends(view, act=act, words="x"))["errors"]
    assert "words" in (await house.sends(view, act="refuse"))["errors"]
    assert house.backend.orders == {}
    await house.sends(view, act="refuse", words="Too late.")
    await house.sends(view, act="refuse", words="Too late.")
    (order,) = house.backend.orders.values()
    assert (order.action, order.filled) == ("decide:refuse", (("words", "Too late."),))


async def test_status_is_kept_from_places_that_others_read(house: House) -> None:
    for found in (
        Audience(confirmed=True, teams=frozenset({"T0AWAY"})), Audience(confirmed=False), SlackUnavailable("away"),
    ):  # fmt: skip
        house.places.found = found
        assert "D-123456" not in await house.types("status")
    assert [user for user, text in house.backend.told if "D-123456" in text] == ["U0MANAGER"] * 3


async def test_what_is_answered_calls_nobody(house: House) -> None:
    assert "<!channel>" not in await house.types("status <!channel>")
    assert "<!here>" not in await house.types("refuse D-123456: <!here>")


@pytest.mark.parametrize("action", ["counter:", "counter:nothing", "brief:approve", ""])
async def test_a_press_that_means_nothing_does_nothing(house: House, action: str) -> None:
    assert await house.counter.pressed(ViewPress(BY, action, "x", house.trigger())) == NOTHING
    assert house.slack.open_view("U0MANAGER") is None


async def test_a_press_in_the_home_tab_leaves_the_tab_as_it_is(house: House) -> None:
    press = ViewPress(BY, actions.CANCEL, "a-1", house.trigger(), view="V0HOME", home=True)
    await house.counter.pressed(press)
    assert "It was done: cancel." in str(await house.shown())
    assert not any(method == "views.update" for method, _ in house.slack.calls)


async def test_at_the_end_no_form_is_waited_for_long(house: House) -> None:
    house.backend.slow = 30
    await house.types("decide D-123456")
    async with asyncio.timeout(1):
        await house.counter.windows.close(within=0.05)
        await house.counter.windows.settled()
        await house.counter.close()


async def test_without_a_home_opening_it_is_nothing(house: House) -> None:
    await house.counter.home_opened("U0MANAGER")
