"""The CRM's page says what waits, since when and why, and has what was refused tried again."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.fakes.console import InMemoryConsole


def test_it_says_how_far_behind_the_crm_is_and_why(console: TestClient) -> None:
    page = console.get("/crm").text
    for words in ("HubSpot does not answer", "answered 502", "214 entries wait", "the oldest since", "next try"):
        assert words in page


def test_what_was_refused_stands_there_in_the_crms_words(console: TestClient) -> None:
    page = console.get("/crm").text
    assert "registration D-48213 (Castle Row Hotels)" in page
    assert "cost_centre is required" in page
    assert "may or may not have arrived" in page
    assert "2 earlier states of it as well" in page


def test_one_is_tried_again_and_then_it_is_gone(console: TestClient, backend: InMemoryConsole) -> None:
    page = console.post("/crm/e1/retry").text
    assert "is tried again" in page
    assert "cost_centre" not in page
    assert backend.tried == ["e1"]
    assert "waits for another try" in console.post("/crm/e1/retry").text


def test_all_are_tried_again_with_one_button(console: TestClient, backend: InMemoryConsole) -> None:
    assert "2 entries are tried again" in console.post("/crm/retry").text
    assert backend.tried == ["e1", "e2"]
    assert "Nothing was refused" in console.get("/crm").text


def test_where_all_is_well_it_says_so(console: TestClient, backend: InMemoryConsole) -> None:
    backend.well = True
    page = console.get("/crm").text
    assert "Everything is written." in page
    assert "does not answer" not in page
    assert "1,204 of 240,000" in page


def test_a_stranger_tries_nothing_again(stranger: TestClient, backend: InMemoryConsole) -> None:
    assert stranger.get("/crm").status_code == 403
    assert stranger.post("/crm/retry").status_code == 403
    assert backend.tried == []


def test_the_queue_and_the_crm_lead_to_each_other(console: TestClient) -> None:
    assert 'href="/crm"' in console.get("/queue").text
    assert 'href="/queue"' in console.get("/crm").text
