"""The queue shows what is stuck and lets it go again; metrics are numbers that Prometheus can read."""

from __future__ import annotations

import re
from datetime import timedelta

from starlette.testclient import TestClient

from bot.channels.console.crm_views import CrmView, Outage, WaitingEntries
from bot.channels.console.queue import exposition
from bot.channels.console.views import JobCount, QueueView
from tests.builders import NOW
from tests.fakes.console import InMemoryConsole
from tests.unit.bot.channels.console.conftest import TOKEN


def test_the_queue_shows_parked_shunted_and_kept(console: TestClient) -> None:
    page = console.get("/queue").text
    for words in ("Slack has not answered", "214 parts", "Re: Castle Row Hotels", "CRM", "418"):
        assert words in page


def test_a_shunted_message_is_replayed_once(console: TestClient, backend: InMemoryConsole) -> None:
    page = console.post("/queue/shunted/s1/replay")
    assert "on its way through again" in page.text
    assert backend.failed == []
    assert "replayed already" in console.post("/queue/shunted/s1/replay").text


def test_a_shunted_message_is_saved_as_it_came_and_never_shown_by_a_browser(
    console: TestClient, stranger: TestClient, backend: InMemoryConsole
) -> None:
    assert 'href="/queue/shunted/s1/source" download' in console.get("/queue/shunted/s1").text
    saved = console.get("/queue/shunted/s1/source")
    assert saved.content == next(s.text.encode() for s in backend.failed if s.id == "s1")
    assert saved.headers["content-type"].startswith("text/plain")
    assert saved.headers["content-disposition"] == 'attachment; filename="message.txt"'
    assert saved.headers["x-content-type-options"] == "nosniff"
    assert console.get("/queue/shunted/nobody/source").status_code == 404
    assert stranger.get("/queue/shunted/s1/source").status_code == 403


def test_a_kept_mail_is_read_in_full(console: TestClient) -> None:
    page = console.get("/queue/kept/k77").text
    assert "we received your registration" in page
    assert "auto-replied" in page


def test_it_is_shown_as_its_reader_sees_it_in_a_frame_where_nothing_runs(console: TestClient) -> None:
    assert '<iframe class="mail" sandbox="" src="/queue/kept/k77/html"' in console.get("/queue/kept/k77").text
    framed = console.get("/queue/kept/k77/html")
    assert "<p>Hello Priya,</p>" in framed.text
    policy = framed.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'; img-src data:;")
    assert "script-src" not in policy
    assert framed.headers["x-frame-options"] == "SAMEORIGIN"
    assert framed.headers["cache-control"] == "no-store"
    assert console.get("/queue/kept/nobody/html").status_code == 404


def test_its_frame_is_for_the_operator_alone(stranger: TestClient) -> None:
    assert stranger.get("/queue/kept/k77/html").status_code == 403


def test_an_empty_queue_says_that_all_is_well(console: TestClient, backend: InMemoryConsole) -> None:
    backend.failed = []
    assert "Nothing is shunted" in console.get("/queue").text


def test_metrics_take_the_token_as_a_bearer(stranger: TestClient) -> None:
    assert stranger.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 403
    assert stranger.get("/metrics", headers={"authorization": f"Basic {TOKEN}"}).status_code == 403
    answer = stranger.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'partnerline_jobs{task="handle",state="succeeded"} 209' in answer.text
    assert "partnerline_shunted 1" in answer.text


def test_the_bearer_opens_the_metrics_only(stranger: TestClient) -> None:
    assert stranger.get("/partners", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 403


def test_every_line_of_the_metrics_keeps_the_format_whatever_a_name_holds() -> None:
    text = exposition(QueueView(jobs=(JobCount('a"b\\c\nd', "todo", 3),)), CrmView("HubSpot", ""), NOW)
    assert 'task="a\\"b\\\\c\\nd"' in text
    sample = re.compile(r'[a-z_]+(\{([a-z]+="(?:[^"\\\n]|\\.)*",?)+\})? \d+')
    for line in text.splitlines():
        assert line.startswith("# ") or sample.fullmatch(line), line


def test_metrics_say_how_far_behind_the_crm_is() -> None:
    since = NOW - timedelta(minutes=10)
    waiting = (WaitingEntries("registrations", 2, NOW - timedelta(minutes=1)), WaitingEntries("deals", 3, since))
    behind = CrmView("HubSpot", "", writing=Outage(since, None, "down"), looked=since, kinds=waiting, refused_count=4)
    text = exposition(QueueView(), behind, NOW)
    for line in (
        'partnerline_crm_waiting{what="deals"} 3', "partnerline_crm_behind_seconds 600", "partnerline_crm_refused 4",
        'partnerline_crm_away{way="writing"} 1', 'partnerline_crm_away{way="reading"} 0',
        "partnerline_crm_looked_seconds 600",
    ):  # fmt: skip
        assert f"{line}\n" in text
