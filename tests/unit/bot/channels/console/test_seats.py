"""Writing as a partner: what is sent, what is given back when it cannot be, and how the answer is looked for."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from bot.channels.console.views import ConversationThread, MessageState, ThreadMessage
from crm.records import Channel, Direction
from tests.fakes.console import InMemoryConsole
from tests.unit.bot.channels.console.conftest import client_of


def test_the_start_page_offers_three_things_to_try_and_every_seat(console: TestClient) -> None:
    page = console.get("/").text
    assert "Three things to try" in page
    for name in ("Priya Nair", "Lena Hofer", "Noor Haddad", "#lumora-harbour"):
        assert name in page
    for link in re.findall(r'href="(/[^"]+)"', page):
        assert console.get(link.replace("&amp;", "&")).status_code == 200, link


def test_an_example_is_filled_in_ready_to_send(console: TestClient) -> None:
    page = console.get("/seats/c1", params={"compose": "mail", "example": "register"}).text
    assert "Deal registration: Northwind Bakeries" in page
    assert "60 seats of Lumora Core" in page


def test_a_mail_is_written_and_its_thread_is_shown_with_the_answer(
    console: TestClient, backend: InMemoryConsole
) -> None:
    sent = console.post("/seats/c2/mail", data={"subject": "New deal", "text": "Café Oost\r\nwants Core"})
    assert backend.calls == [("mail", "c2", "New deal", "Café Oost\nwants Core", None)]
    assert sent.status_code == 200
    assert "Lumora partner team" in sent.text
    assert "Register deal" in sent.text
    assert 'data-waiting="no"' in sent.text


def test_while_an_answer_is_awaited_the_page_keeps_looking() -> None:
    backend = InMemoryConsole(answer_after=3600)
    with client_of(backend) as console:
        page = console.post("/seats/c2/mail", data={"subject": "New deal", "text": "Café Oost"}).text
        assert 'data-waiting="yes"' in page
        assert "Lumora is reading" in page


def test_a_message_that_no_thread_holds_yet_is_waited_for(console: TestClient) -> None:
    fragment = console.get("/seats/c2/thread", params={"message": "<not-yet@demo>"}).text
    assert 'data-waiting="yes"' in fragment
    assert "Waiting to be picked up" in fragment


def test_the_fragment_changes_its_version_only_with_its_words(console: TestClient) -> None:
    def version() -> str:
        found = re.search('data-version="([^"]+)"', console.get("/seats/c1/thread", params={"thread": "t1"}).text)
        assert found
        return found[1]

    before = version()
    assert version() == before
    console.post(
        "/seats/c1/mail", data={"subject": "Re", "text": "One more thing", "in_reply_to": "<m2@lumora.example>"}
    )
    assert version() != before


def test_a_reply_names_what_it_answers(console: TestClient, backend: InMemoryConsole) -> None:
    console.post("/seats/c1/mail", data={"subject": "Re: x", "text": "Yes", "in_reply_to": "<m2@lumora.example>"})
    console.post("/seats/c7/slack", data={"text": "Thanks", "thread_ts": "1764.1"})
    assert [call[-1] for call in backend.calls] == ["<m2@lumora.example>", "1764.1"]


def test_a_line_end_in_a_subject_starts_no_header(console: TestClient, backend: InMemoryConsole) -> None:
    console.post("/seats/c1/mail", data={"subject": "Hi\r\nBcc: all@lumora.example", "text": "x\x00y"})
    assert backend.calls[0][2:4] == ("Hi Bcc: all@lumora.example", "xy")


@pytest.mark.parametrize(("subject", "text"), [("", "text"), ("subject", "  \n "), ("\r\n", "\x00")])
def test_an_unfinished_mail_is_not_sent_and_what_was_typed_is_given_back(
    console: TestClient, backend: InMemoryConsole, subject: str, text: str
) -> None:
    answer = console.post("/seats/c1/mail", data={"subject": subject, "text": text})
    assert answer.status_code == 422
    assert "Fill in both" in answer.text
    assert f">{text.strip()}</textarea>" in answer.text or not text.strip("\x00 \n")
    assert backend.calls == []


def test_what_the_edge_refuses_is_said_with_the_fix_and_the_text_is_kept(console: TestClient) -> None:
    answer = console.post("/seats/c1/mail", data={"subject": "unreachable", "text": "my long text"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "Check that Partnerline still runs" in answer.text
    assert "my long text</textarea>" in answer.text


def test_a_partner_without_a_channel_cannot_write_in_one(console: TestClient, backend: InMemoryConsole) -> None:
    assert "compose=slack" not in console.get("/seats/c1").text
    assert console.post("/seats/c1/slack", data={"text": "hi"}).status_code == 422
    assert backend.calls == []


def test_a_file_in_place_of_a_text_is_turned_away(console: TestClient, backend: InMemoryConsole) -> None:
    assert console.post("/seats/c1/mail", data={"subject": "s"}, files={"text": b"x"}).status_code == 400
    assert backend.calls == []


@pytest.mark.parametrize("seat", ["nobody", "%2e%2e%2fqueue", "c1%00", "%F0%9F%92%A9"])
def test_a_seat_nobody_has_is_not_here(console: TestClient, seat: str) -> None:
    assert console.get(f"/seats/{seat}").status_code == 404


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (MessageState.PARKED, "Parked"),
        (MessageState.SHUNTED, "Shunted"),
        (MessageState.HELD, "Held until confirmed"),
    ],
)
def test_a_message_that_is_stuck_says_so(
    console: TestClient, backend: InMemoryConsole, state: MessageState, words: str
) -> None:
    stuck = ThreadMessage(
        "<a@b>", Direction.IN, backend.now(), "Tom Ashby", "Hello?", state, "Hi", note="Why it waits."
    )
    backend.threads["c2"] = [ConversationThread("t9", Channel.EMAIL, "Hi", (stuck,), "<a@b>")]
    page = console.get("/seats/c2", params={"thread": "t9"}).text
    assert words in page
    assert "Why it waits." in page


def test_production_has_no_seats_and_no_way_to_write(production: TestClient, backend: InMemoryConsole) -> None:
    for path in ("/", "/partners/p1", "/desk/noor", "/queue"):
        assert "/seats/" not in production.get(path).text
    assert production.get("/seats/c1").status_code == 404
    assert production.get("/seats/c1/thread").status_code == 404
    for path in ("/seats/c1/mail", "/seats/c1/slack"):
        assert production.post(path, data={"subject": "s", "text": "t"}).status_code == 404
    assert backend.calls == []
