"""A manager decides and hands back; every no is told in words and changes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

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
    assert console.post("/desk/nobody/announce", data={"action": "preview"}).status_code == 404


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
