"""What the CRM holds can be read: registrations by state, partners, the timelines of partners and deals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from starlette.testclient import TestClient

from bot.channels.console.views import Reach
from crm.records import RegistrationState
from tests.fakes.console import InMemoryConsole
from tests.fakes.console_data import CONTACTS


def test_registrations_are_listed_by_state(console: TestClient) -> None:
    everything = console.get("/registrations").text
    approved = console.get("/registrations", params={"state": "approved"}).text
    assert "Castle Row Hotels" in everything
    assert "Castle Row Hotels" not in approved
    assert "Quayside Foods" in approved


def test_an_unknown_state_shows_all(console: TestClient) -> None:
    assert "Castle Row Hotels" in console.get("/registrations", params={"state": "'; drop"}).text


def test_a_registration_can_be_decided_while_it_waits_and_not_after(console: TestClient) -> None:
    assert "Accept" in console.get("/registrations/D-48213").text
    decided = console.get("/registrations/D-51877").text
    assert "Accept" not in decided
    assert "already has an open deal" in decided


def test_a_question_to_the_partner_is_shown_and_does_not_keep_a_manager_from_deciding(
    console: TestClient, backend: InMemoryConsole
) -> None:
    waiting = backend.records["D-48213"]
    backend.records["D-48213"] = replace(waiting, state=RegistrationState.NEEDS_INFO, question="Who <b>signs</b>?")
    page = console.get("/registrations/D-48213").text
    assert "Waits for the partner's answer" in page
    assert "Who &lt;b&gt;signs&lt;/b&gt;?" in page
    assert "Accept" in page
    assert "Waits for the partner" in console.get("/registrations").text


def test_a_partners_channel_is_shown_with_how_much_is_answered_there(console: TestClient) -> None:
    assert "#lumora-harbour, mode agent" in console.get("/partners/p6").text


def test_a_partner_is_shown_with_its_own_records_only(console: TestClient) -> None:
    page = console.get("/partners/p1").text
    for words in ("EUR 90,000", "Fenwick Print", "Castle Row Hotels", "Tom Ashby", "handed over"):
        assert words in page
    assert "Quayside" not in page


def test_who_takes_no_mail_and_who_is_away_is_shown(console: TestClient, backend: InMemoryConsole) -> None:
    first, second = (next(c.id for c in CONTACTS if c.partner_id == partner) for partner in ("p1", "p6"))
    backend.reach = {
        first: Reach(returned="550 <b>unknown</b> user"),
        second: Reach(away=True, until=date(2026, 12, 7), instead="Anke, anke@b.example"),
    }
    dead, away = console.get("/partners/p1").text, console.get("/partners/p6").text
    assert "Takes no mail" in dead
    assert "550 &lt;b&gt;unknown&lt;/b&gt; user" in dead
    assert "Away until 7 Dec 2026; meanwhile <bdi>Anke, anke@b.example</bdi>" in away
    assert "Takes no mail" not in away


def test_a_deals_timeline_holds_what_was_said_about_it(console: TestClient) -> None:
    page = console.get("/partners/p6/deals/D-3306").text
    assert "protected for 90 days" in page
    assert "Gletscher" not in page


def test_a_registration_that_is_no_deal_yet_has_a_timeline_too(console: TestClient) -> None:
    assert "decision by 26 November" in console.get("/partners/p1/deals/D-48213").text


@pytest.mark.parametrize(
    "path", ["/partners/none", "/registrations/D-1", "/partners/p1/deals/D-3306", "/x", "/static/x"]
)
def test_what_is_not_there_is_said_kindly(console: TestClient, path: str) -> None:
    answer = console.get(path)
    assert answer.status_code == 404
    assert "To the start" in answer.text


def test_announcements_show_their_answers(console: TestClient) -> None:
    page = console.get("/announcements").text
    assert "Partner summit in Antwerp" in page
    assert "14 of 14 people" in page
    assert "6 yes" in page
    assert "1 opted out" in page
