"""A manager decides, hands back and announces; every no is told in words and changes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from bot.channels.console.views import AnnouncementView
from bot.vocabulary.segment import Segment
from crm.records import RegistrationState
from tests.fakes.console import InMemoryConsole


def test_the_desk_shows_all_that_waits(console: TestClient) -> None:
    page = console.get("/desk").text
    for words in ("Castle Row Hotels", "Decide today", "co-marketing money", "no valid signature", "214 parts"):
        assert words in page


@pytest.mark.parametrize("profile", ["console", "production"])
def test_accepting_is_recorded_under_the_managers_name(
    profile: str, backend: InMemoryConsole, request: pytest.FixtureRequest
) -> None:
    client: TestClient = request.getfixturevalue(profile)
    page = client.post("/registrations/D-48213/approve", data={"by": "noor", "at": "desk"})
    assert page.url.path == "/desk/noor"
    assert "D-48213 is approved" in page.text
    assert backend.records["D-48213"].decided_by == "noor"


def test_a_notice_is_shown_once(console: TestClient) -> None:
    console.post("/registrations/D-48213/approve", data={"by": "noor", "at": "desk"})
    assert "D-48213 is approved" not in console.get("/desk/noor").text


def test_a_second_decision_is_told_no(console: TestClient, backend: InMemoryConsole) -> None:
    console.post("/registrations/D-48213/approve", data={"by": "noor"})
    page = console.post("/registrations/D-48213/refuse", data={"by": "jonas", "reason": "Too late"})
    assert page.url.path == "/registrations/D-48213"
    assert "approved already" in page.text
    assert backend.records["D-48213"].state is RegistrationState.APPROVED


@pytest.mark.parametrize("reason", ["", "   ", "\r\n", "\x00"])
def test_refusing_needs_a_reason(console: TestClient, backend: InMemoryConsole, reason: str) -> None:
    page = console.post("/registrations/D-48213/refuse", data={"by": "noor", "at": "desk", "reason": reason})
    assert "the reason is missing" in page.text
    assert backend.calls == []


def test_the_reason_is_passed_on_as_written(console: TestClient, backend: InMemoryConsole) -> None:
    console.post("/registrations/D-48213/refuse", data={"by": "noor", "reason": " Already <open> & ours \r\n"})
    assert backend.calls == [("declined", "D-48213", "noor", "Already <open> & ours")]


def test_a_hand_over_is_closed_once(console: TestClient, backend: InMemoryConsole) -> None:
    assert "The hand-over is closed." in console.post("/desk/noor/tasks/k1/close").text
    assert "closed already" in console.post("/desk/noor/tasks/k1/close").text
    assert backend.tasks == []


def test_a_desk_nobody_has_is_not_here(console: TestClient) -> None:
    assert console.get("/desk/nobody").status_code == 404
    assert console.post("/desk/nobody/announce", data={"action": "send"}).status_code == 404


def sent(backend: InMemoryConsole) -> list[tuple[object, ...]]:
    return [call for call in backend.calls if call[0] == "announce" and call[-1] is False]


FORM = {"subject": "Summit", "markdown": "# Come\n\nYes or no?", "tier": ["Select", "Elite"], "language": ["en"]}


def test_a_preview_counts_and_sends_nothing(console: TestClient, backend: InMemoryConsole) -> None:
    page = console.post("/desk/noor/announce", data={**FORM, "action": "preview"}).text
    assert "<b>3</b> people" in page
    assert "Send to 3 people" in page
    assert "# Come" in page
    assert sent(backend) == []


def test_the_pages_script_gets_the_count_alone(console: TestClient) -> None:
    answer = console.post("/desk/noor/announce", data={**FORM, "action": "send"}, headers={"x-partial": "1"})
    assert "<b>3</b> people" in answer.text
    assert "<html" not in answer.text


def test_what_was_previewed_is_sent(console: TestClient, backend: InMemoryConsole) -> None:
    page = console.post("/desk/noor/announce", data={**FORM, "action": "send", "confirmed": "3"})
    assert page.url.path == "/announcements"
    assert "on its way to 3 people" in page.text
    segment = Segment(tiers=("Select", "Elite"), languages=("en",))
    assert sent(backend) == [("announce", "noor", segment, "Summit", "# Come\n\nYes or no?", False)]


@pytest.mark.parametrize(
    "change",
    [
        {"confirmed": ""},
        {"confirmed": "2"},
        {"confirmed": "3", "subject": " "},
        {"confirmed": "3", "markdown": ""},
        {"confirmed": "0", "tier": ["Nobody"]},
    ],
)
def test_nothing_is_sent_unseen_or_unfinished(
    console: TestClient, backend: InMemoryConsole, change: dict[str, object]
) -> None:
    page = console.post("/desk/noor/announce", data={**FORM, "action": "send", **change})
    assert page.status_code == 422
    assert "Nothing was sent" in page.text
    assert sent(backend) == []


def test_what_is_announced_later_is_shown_and_cancelled(console: TestClient, backend: InMemoryConsole) -> None:
    later = AnnouncementView(
        "a-9", "Prices", "New.", "noor@x.example", backend.now(), "everyone", 0, state="scheduled"
    )  # fmt: skip
    backend.announced.insert(0, later)
    page = console.get("/announcements").text
    assert "goes out" in page
    assert "/announcements/a-9/cancel" in page
    page = console.post("/announcements/a-9/cancel").text
    assert "It was cancelled." in page
    assert "/announcements/a-9/cancel" not in page
    assert "no such announcement" in console.post("/announcements/a-9/cancel").text


def test_a_manager_who_may_not_announce_is_told_who_may(console: TestClient, backend: InMemoryConsole) -> None:
    page = console.post("/desk/jonas/announce", data={**FORM, "action": "send", "confirmed": "3"}).text
    assert "Ask Noor Haddad" in page
    assert sent(backend) == []


def test_of_very_many_registrations_the_less_urgent_wait_behind_a_click(
    backend: InMemoryConsole, console: TestClient
) -> None:
    waiting = next(r for r in backend.records.values() if r.state is RegistrationState.SUBMITTED)
    more = [f"D-1000{n:03}" for n in range(200)]
    backend.records |= {number: replace(waiting, number=number) for number in more}
    page = console.get("/desk/noor").text
    shown, _, behind = page.partition('<details class="more">')
    assert (shown.count('<li class="card"'), behind.count("less urgent")) == (24, 1)
    assert all(f'id="{number}"' in page for number in more)
