"""Statements can be read: by where they stand, line by line with how each came about, and as they were sent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from tests.fakes.console import InMemoryConsole
from tests.fakes.console_statements import PDF


def test_they_are_listed_by_state(console: TestClient) -> None:
    everything = console.get("/statements").text
    paid = console.get("/statements", params={"state": "paid"}).text
    assert "S-2026-10" in everything
    assert "EUR 2,100.00" in everything
    assert "S-2026-10" not in paid.split("</nav>", 2)[-1].split("No statements")[0]
    assert "S-2026-09" in paid


@pytest.mark.parametrize("state", ["'; drop", "draft", "PAID"])
def test_an_unknown_state_shows_all(console: TestClient, state: str) -> None:
    assert "S-2026-10" in console.get("/statements", params={"state": state}).text


def test_where_there_are_none_the_page_says_how_they_come_about(console: TestClient) -> None:
    assert "partnerline statements run" in console.get("/statements", params={"state": "failed"}).text


def test_each_line_says_how_it_comes_about(console: TestClient) -> None:
    page = console.get("/statements/s-waiting").text
    for words in (
        "Castle Row Hotels",
        "EUR 1,050.00",
        "17.5 %",
        "which makes 17.5 %",
        "How it comes about",
        "5 Dec 2026",
    ):
        assert words in page
    assert 'href="/partners/p1/deals/D-48213"' in page


def test_a_dispute_is_shown_in_the_partners_words(console: TestClient, backend: InMemoryConsole) -> None:
    first = backend.stated[0]
    said = replace(first.disputes[0], words="<script>boom()</script> half is missing")
    backend.stated[0] = replace(first, disputes=(said,))
    page = console.get("/statements/s-waiting").text
    assert "&lt;script&gt;boom()&lt;/script&gt; half is missing" in page
    assert "line 2" in page


def test_a_document_is_given_out_as_it_was_sent(console: TestClient) -> None:
    assert 'href="/statements/s-waiting/1/pdf"' in console.get("/statements/s-waiting").text
    answer = console.get("/statements/s-waiting/1/pdf")
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="S-2026-10.pdf"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/statements/none", "/statements/s-waiting/1/exe", "/statements/s-waiting/2/pdf", "/statements/x/y/pdf"]
)
def test_what_is_not_there_is_not_found(console: TestClient, path: str) -> None:
    assert console.get(path).status_code == 404


def test_nobody_reads_them_without_the_link(stranger: TestClient) -> None:
    for path in ("/statements", "/statements/s-waiting", "/statements/s-waiting/1/pdf"):
        answer = stranger.get(path)
        assert answer.status_code >= 400
        assert "2,100" not in answer.text


def test_they_cannot_be_changed_here(console: TestClient) -> None:
    assert console.post("/statements/s-waiting").status_code == 405


def test_a_kept_mail_names_what_is_attached_to_it(console: TestClient, backend: InMemoryConsole) -> None:
    backend.kept[0] = replace(backend.kept[0], files=("S-2026-10.pdf", "<b>.csv"))
    page = console.get(f"/queue/kept/{backend.kept[0].id}").text
    assert "S-2026-10.pdf" in page
    assert "&lt;b&gt;.csv" in page
