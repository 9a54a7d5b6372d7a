"""The console opens to the start-up token only, under its own names, and to its own pages' forms."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from bot.channels.console.guard import LARGEST_BODY
from bot.channels.console.session import Session
from tests.fakes.console import InMemoryConsole
from tests.unit.bot.channels.console.conftest import TOKEN, client_of

PAGES = ("/", "/desk/noor", "/registrations", "/partners", "/partners/p1", "/announcements", "/queue", "/seats/c1")
APPROVE = "/registrations/D-48213/approve"


def test_the_link_opens_the_console_and_leaves_no_token_in_the_address(stranger: TestClient) -> None:
    answer = stranger.get("/", params={"token": TOKEN}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert TOKEN not in cookie
    assert stranger.get("/").status_code == 200


@pytest.mark.parametrize("token", ["", "wrong", TOKEN + "x", TOKEN[:-1], "ü", "\x00", "x" * 10_000])
def test_a_wrong_token_says_where_the_right_link_is(stranger: TestClient, token: str) -> None:
    answer = stranger.get("/", params={"token": token})
    assert answer.status_code == 403
    assert "terminal where Partnerline runs" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("page", [*PAGES, "/metrics"])
def test_without_a_session_nothing_is_shown(stranger: TestClient, page: str) -> None:
    answer = stranger.get(page)
    assert answer.status_code == 403
    assert "Priya" not in answer.text
    assert "Castle Row" not in answer.text


def test_a_made_up_cookie_opens_nothing(stranger: TestClient) -> None:
    stranger.cookies.set(Session(TOKEN).cookie, "0" * 64)
    assert stranger.get("/").status_code == 403


def test_a_session_of_another_token_opens_nothing(stranger: TestClient) -> None:
    mine, other = Session(TOKEN), Session("another")
    assert mine.cookie != other.cookie


def test_a_console_without_a_token_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="token"):
        Session("")


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8081", "localhost", "LOCALHOST:9", "[::1]:8081", "localhost.", "console.lumora.example:443"]
)
def test_its_own_names_are_answered(console: TestClient, host: str) -> None:
    assert console.get("/static/console.css", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8081", "", "[", "a@127.0.0.1@b"]
)
def test_a_foreign_name_gets_nothing_even_with_the_token(console: TestClient, host: str) -> None:
    assert console.get("/", params={"token": TOKEN}, headers={"host": host}).status_code == 403


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:8080", "http://localhost:8081", ""]
)
def test_a_form_of_another_page_changes_nothing(console: TestClient, backend: InMemoryConsole, origin: str) -> None:
    answer = console.post(APPROVE, data={"by": "noor"}, headers={"origin": origin})
    assert answer.status_code == 403
    assert backend.calls == []


def test_a_post_that_names_no_origin_must_be_marked_same_origin(backend: InMemoryConsole) -> None:
    with client_of(backend) as console:
        del console.headers["origin"]
        assert console.post(APPROVE, data={"by": "noor"}).status_code == 403
        assert console.post(APPROVE, data={"by": "noor"}, headers={"sec-fetch-site": "same-site"}).status_code == 403
        assert backend.calls == []
        console.post(APPROVE, data={"by": "noor"}, headers={"sec-fetch-site": "same-origin"})
        assert backend.calls == [("approved", "D-48213", "noor", "")]


@pytest.mark.parametrize(
    "path",
    [
        APPROVE,
        "/registrations/D-48213/refuse",
        "/desk/noor/tasks/k1/close",
        "/queue/shunted/s1/replay",
        "/seats/c1/mail",
        "/seats/c1/slack",
    ],
)
def test_no_get_changes_anything(console: TestClient, backend: InMemoryConsole, path: str) -> None:
    answer = console.get(path, params={"by": "noor", "reason": "x", "text": "x", "subject": "x"})
    assert answer.status_code in (404, 405)
    assert backend.calls == []
    assert len(backend.tasks) == len(backend.failed) == 1


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1/static/?",
        "127.0.0.1/static/x",
        "127.0.0.1#",
        "x@127.0.0.1",
        "127.0.0.1\\@evil.example",
        "127.0.0.1:99999999",
    ],
)
def test_a_host_with_a_path_of_its_own_unlocks_nothing(stranger: TestClient, host: str) -> None:
    answer = stranger.get("/partners", headers={"host": host})
    assert answer.status_code == 403
    assert "Brightwater" not in answer.text


@pytest.mark.parametrize("path", ["/static/../partners", "/static/%2e%2e/partners", "/static//partners", "//partners"])
def test_no_way_round_through_the_open_files(stranger: TestClient, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code in (403, 404)
    assert "Brightwater" not in answer.text


def test_a_huge_form_is_turned_away_unread(console: TestClient, backend: InMemoryConsole) -> None:
    answer = console.post("/seats/c1/mail", data={"subject": "s", "text": "x" * LARGEST_BODY})
    assert answer.status_code == 413
    assert backend.calls == []


@pytest.mark.parametrize("length", [b"-1", "²".encode("latin-1"), b"1e3", b"9" * 400, b""])
def test_a_nonsense_length_is_turned_away(console: TestClient, length: bytes) -> None:
    headers = {b"content-length": length}
    assert console.post(APPROVE, content=b"", headers=headers).status_code in (411, 413)


@pytest.mark.parametrize("page", [*PAGES, "/nothing", "/metrics"])
def test_every_page_is_locked_down_and_not_kept(console: TestClient, page: str) -> None:
    headers = console.get(page).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


def test_no_page_carries_inline_script_or_style(console: TestClient) -> None:
    for page in PAGES:
        text = console.get(page).text
        assert " style=" not in text
        assert "<style" not in text
        assert "<script>" not in text
        assert "onclick" not in text


def test_a_failure_is_told_in_plain_words_and_locked_down_too(backend: InMemoryConsole) -> None:
    class Broken(InMemoryConsole):
        async def partners(self) -> tuple[()]:
            raise RuntimeError("secret detail")

    with client_of(Broken()) as console:
        answer = console.get("/partners")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "Partners are not affected" in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]
