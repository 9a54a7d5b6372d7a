"""A manager composes, looks, tests and sends once; nothing that was typed is lost, and every no stands at its field."""

from __future__ import annotations

import re
from datetime import date, datetime
from html import unescape

import pytest
from starlette.testclient import TestClient

from bot.channels.console.announcing.views import PartFault
from bot.vocabulary.announcing import Announcement, AnnouncementState, CallKind, Route, Zone
from bot.vocabulary.results import NotDone
from bot.vocabulary.segment import Segment
from tests.fakes import console_data
from tests.fakes.console import InMemoryConsole

COMPOSE = "/desk/noor/announce"
FORM: dict[str, object] = {
    "draft": "7d1f60c4-6c0b-4b7e-9c39-4f3f6f1f2a10", "language-0": "en", "subject-0": "Summit",
    "body-0": "Come, {first_name}.\r\n\r\nYes or no?", "tier": ["Select", "Elite"], "language": ["en"],
}  # fmt: skip
GERMAN = {"language-1": "de", "subject-1": "Gipfel", "body-1": "Kommen Sie?"}


def kept(backend: InMemoryConsole) -> Announcement:
    return backend.announcing.kept[str(FORM["draft"])]


def acts(backend: InMemoryConsole) -> list[object]:
    return [call[0] for call in backend.calls]


def field_of(page: str, name: str) -> str:
    """What stands in a field of the page."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    text = re.search(rf'name="{name}"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    return unescape(found[1] if found else text[1] if text else "")


def send(console: TestClient, **change: object) -> str:
    """Kept, looked at, and where the count fits confirmed."""
    page = console.post(COMPOSE, data={**FORM, "action": "preview", **change})
    count = re.search(r'name="count" value="(\d+)"', page.text)
    assert count, page.text
    shown = {"count": count[1], "seen": field_of(page.text, "seen")}
    return console.post(page.url.path, data={"action": "confirm", **shown}).text


def test_all_that_is_chosen_stands_in_the_draft(console: TestClient, backend: InMemoryConsole) -> None:
    chosen = {
        **GERMAN, "call": "date", "question": "Which day?", "date": ["2026-12-10", "", "2026-12-03"], "when": "later",
        "at": "2026-12-01T09:00", "zone": "partner", "quiet": "ignore", "route": "mail", "fallback": "de",
        "remind": "5", "not-tier": "Registered", "country": [], "partner": ["", "harbour distribution"],
    }  # fmt: skip
    page = console.post(COMPOSE, data={**FORM, **chosen, "action": "save"})
    assert page.url.query == f"draft={FORM['draft']}".encode(), page.text
    composed = kept(backend).composed
    assert [(t.language, t.subject, t.body) for t in composed.texts] == [
        ("en", "Summit", "Come, {first_name}.\n\nYes or no?"), ("de", "Gipfel", "Kommen Sie?"),
    ]  # fmt: skip
    assert composed.segment == Segment(
        tiers=("Select", "Elite"), languages=("en",), partners=("Harbour Distribution",), without=("tier!=Registered",)
    )
    assert (composed.call.kind, composed.call.question) == (CallKind.DATE, "Which day?")
    assert composed.call.dates == (date(2026, 12, 3), date(2026, 12, 10))
    assert (composed.timing.at, composed.timing.zone) == (datetime(2026, 12, 1, 9), Zone.PARTNER)  # noqa: DTZ001
    assert (composed.timing.keep_quiet, composed.route, composed.fallback, composed.remind_after) == (
        False, Route.MAIL, "de", 5,
    )  # fmt: skip
    assert acts(backend) == ["keep"]
    again = console.post(COMPOSE, data={**FORM, **chosen, "action": "look"}).text
    assert "2026-12-03" in page.text
    assert field_of(page.text, "subject-1") == field_of(again, "subject-1") == "Gipfel"


def test_languages_come_and_go_and_nothing_typed_is_lost(console: TestClient, backend: InMemoryConsole) -> None:
    page = console.post(COMPOSE, data={**FORM, "action": "add-language", "new_language": "de"}).text
    assert 'name="subject-1"' in page
    assert field_of(page, "body-0") == "Come, {first_name}.\n\nYes or no?"
    page = console.post(COMPOSE, data={**FORM, **GERMAN, "action": "remove-language:0"}).text
    assert field_of(page, "subject-0") == "Gipfel"
    assert field_of(page, "subject-aside") == "Summit"
    aside = {f"{name}-aside": field_of(page, f"{name}-aside") for name in ("language", "subject", "body")}
    back = console.post(COMPOSE, data={**aside, "subject-0": "Gipfel", "action": "put-back"}).text
    assert field_of(back, "subject-1") == "Summit"
    assert backend.calls == []


@pytest.mark.parametrize(
    ("change", "name", "fix"),
    [
        ({"subject-0": " "}, "subject-0", "Write it in one line."),
        ({"body-0": ""}, "body-0", "Write what partners should know."),
        ({"subject-1": "Nur ein Betreff", "language-1": "de"}, "body-1", "Write what partners should know."),
        ({"when": "later", "at": "next Tuesday"}, "at", "2026-12-01 09:00"),
        ({"when": "later", "at": ""}, "at", "2026-12-01 09:00"),
        ({"call": "date", "date": "tomorrow"}, "call", "2026-12-03"),
        ({"remind": "400"}, "remind", "1 to 90 days"),
        ({"partner": "Harbor Distribution"}, "segment", "did you mean"),
        ({"words": "tier=Elit"}, "words", "did you mean"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_kept(
    console: TestClient, backend: InMemoryConsole, change: dict[str, object], name: str, fix: str
) -> None:
    page = console.post(COMPOSE, data={**FORM, "action": "preview", **change})
    assert page.status_code == 422
    fault = re.search(rf'id="fault-{name}">(.*?)</p>', page.text, re.DOTALL)
    assert fault
    assert fix in unescape(fault[1])
    assert backend.calls == []
    for typed in ("subject-0", "body-0"):
        assert field_of(page.text, typed) == str(change.get(typed, FORM[typed])).replace("\r", "").strip()


def test_what_the_desk_finds_wrong_stands_at_the_text_that_it_is_wrong_with(
    console: TestClient, backend: InMemoryConsole
) -> None:
    backend.announcing.wrong = (PartFault("text-1", NotDone("nothing is known as {firstname}", "there is {name}")),)
    page = console.post(COMPOSE, data={**FORM, **GERMAN, "action": "save"}).text
    assert 'id="fault-body-1">nothing is known as {firstname} there is {name}' in page
    assert backend.calls == []


def test_words_take_the_place_of_what_is_chosen(console: TestClient) -> None:
    page = console.post(COMPOSE, data={**FORM, "action": "look", "words": "tier=elite; region!=DACH"}).text
    assert re.findall(r'name="(?:not-)?(\w+)" value="([^"]+)" checked', page) == [
        ("tier", "Elite"), ("region", "DACH"), ("call", "none"), ("when", "now"),
    ]  # fmt: skip
    assert "<b>1</b> person" in page


def test_segments_are_saved_used_and_deleted(console: TestClient, backend: InMemoryConsole) -> None:
    page = console.post(COMPOSE, data={**FORM, "action": "save-segment", "segment_name": "Ours"}).text
    assert "“Ours” is saved" in page
    assert field_of(page, "subject-0") == "Summit"
    used = console.post(COMPOSE, data={"subject-0": "Summit", "saved": "Ours", "action": "use-saved"}).text
    assert 'name="tier" value="Elite" checked' in used
    assert "Ours" in console.get("/desk/noor/segments").text
    assert "is deleted" in console.post("/desk/noor/segments", data={"name": "Ours"}).text
    assert [one.name for one in backend.announcing.saved] == ["Elite in DACH"]
    nameless = console.post(COMPOSE, data={**FORM, "action": "save-segment"}).text
    assert 'id="fault-segment_name">The segment has no name.' in nameless


def test_files_stay_with_the_form_and_what_is_refused_is_said(console: TestClient, backend: InMemoryConsole) -> None:
    sent = [("file", ("prices.pdf", b"%PDF-1.7", "application/pdf")), ("file", ("game.exe", b"MZ", ""))]
    page = console.post(COMPOSE, data={**FORM, "action": "preview"}, files=sent)
    assert 'id="fault-files">game.exe: programs are not taken' in page.text
    document = field_of(page.text, "document")
    console.post(COMPOSE, data={**FORM, "action": "save", "document": document})
    assert [one.name for one in kept(backend).composed.documents] == ["prices.pdf"]
    out = console.post(COMPOSE, data={**FORM, "action": "remove-file:0", "document": document}).text
    assert "prices.pdf" not in out


@pytest.mark.parametrize(
    "document",
    [
        "", "{", "[]", '{"name": 1}', '{"name":1,"content_type":2,"size":"x","sha256":3,"kept":4}',
        pytest.param("[" * 200_000, id="deep"),
        '{"name":"a.pdf\\r\\nBcc: eve@evil.com","content_type":"text/plain","size":1,"sha256":"a","kept":"page/a"}',
    ],
)  # fmt: skip
def test_a_made_up_file_is_none(console: TestClient, backend: InMemoryConsole, document: str) -> None:
    console.post(COMPOSE, data={**FORM, "action": "save", "document": document})
    assert kept(backend).composed.documents == ()


def test_a_whole_text_fills_the_form_and_a_draft_is_given_out_as_one(
    console: TestClient, backend: InMemoryConsole
) -> None:
    text = b"Segment: tier=Elite\nCall: yes/no\n\n# Prices\n\nNew ones.\n\n[de]\n# Preise\n\nNeue.\n"
    page = console.post(COMPOSE, data={**FORM, "action": "read-text"}, files={"whole": ("a.md", text, "text/markdown")})
    assert (field_of(page.text, "subject-0"), field_of(page.text, "subject-1")) == ("Prices", "Preise")
    assert 'name="call" value="answer" checked' in page.text
    wrong = console.post(COMPOSE, data={**FORM, "action": "read-text"}, files={"whole": ("a.md", b"Sgment: x", "")})
    assert 'id="fault-whole"' in wrong.text
    assert field_of(wrong.text, "subject-0") == "Summit"
    console.post(COMPOSE, data={**FORM, "action": "save"})
    given = console.get(f"/announcements/{FORM['draft']}/text.md")
    assert "# Summit" in given.text
    assert given.headers["content-disposition"].startswith("attachment")


def test_the_preview_says_whom_it_reaches_and_sends_nothing(console: TestClient, backend: InMemoryConsole) -> None:
    page = console.post(COMPOSE, data={**FORM, "tier": [], "language": [], "action": "preview"}).text
    assert "1 opted out" in page
    assert re.search(r"Send to \d+ people", page)
    frame = re.findall(r'src="(/announcement-samples/[^"]+)"', page)[0]
    sample = console.get(frame)
    assert "Come, {first_name}" in sample.text
    assert sample.headers["content-security-policy"].startswith("sandbox;")
    assert console.get("/announcement-samples/made-up").status_code == 404
    assert acts(backend) == ["keep"]


def test_the_test_goes_to_the_manager_alone(console: TestClient, backend: InMemoryConsole) -> None:
    page = console.post(COMPOSE, data={**FORM, "action": "preview"})
    assert "The test goes to noor@lumora.example" in console.post(page.url.path, data={"action": "test"}).text
    assert acts(backend) == ["keep", "test"]


def test_what_was_shown_is_sent_once_however_often_it_is_confirmed(
    console: TestClient, backend: InMemoryConsole
) -> None:
    assert "is confirmed, for 3 people" in send(console)
    again = console.post(f"{COMPOSE}/{FORM['draft']}", data={"action": "confirm", "count": "3"})
    assert again.url.path == f"/announcements/{FORM['draft']}"
    assert acts(backend).count("confirm") == 1


@pytest.mark.parametrize("count", ["", "2", "-3", "３", "9" * 5_000])
def test_another_count_sends_nothing_and_shows_the_new_one(
    console: TestClient, backend: InMemoryConsole, count: str
) -> None:
    page = console.post(COMPOSE, data={**FORM, "action": "preview"})
    seen = field_of(page.text, "seen")
    shown = console.post(page.url.path, data={"action": "confirm", "count": count, "seen": seen})
    assert shown.status_code == 409
    assert "Nothing was sent: it reaches 3 people by now" in shown.text
    assert "Send to 3 people" in shown.text
    assert acts(backend) == ["keep"]


@pytest.mark.parametrize("seen", ["before", ""])
def test_what_was_changed_since_it_was_shown_is_shown_and_not_sent(
    console: TestClient, backend: InMemoryConsole, seen: str
) -> None:
    page = console.post(COMPOSE, data={**FORM, "action": "preview"})
    before = field_of(page.text, "seen") if seen else ""
    console.post(COMPOSE, data={**FORM, "body-0": "Something else.", "action": "preview"})
    shown = console.post(page.url.path, data={"action": "confirm", "count": "3", "seen": before})
    assert (shown.status_code, acts(backend)) == (422, ["keep", "keep"])
    assert "Something else." in shown.text
    console.post(page.url.path, data={"action": "confirm", "count": "3", "seen": field_of(shown.text, "seen")})
    assert acts(backend) == ["keep", "keep", "confirm"]


def test_what_a_model_proposes_reaches_nobody_before_it_is_approved(
    console: TestClient, backend: InMemoryConsole
) -> None:
    page = console.post(COMPOSE, data={**FORM, "action": "preview"})
    here = page.url.path
    assert "Propose translations" not in page.text
    backend.announcing.can_propose = True
    assert "Propose translations" in console.get(here).text
    assert "Approve German" in console.post(here, data={"action": "propose", "language": "de"}).text
    assert [text.approved for text in kept(backend).composed.texts] == [True, False]
    edited = console.post(COMPOSE, data={**FORM, **GERMAN, "proposed-1": "yes", "action": "save"})
    assert edited.status_code == 200
    assert [text.approved for text in kept(backend).composed.texts] == [True, False]
    refused = console.post(here, data={"action": "approve", "language": "de", "subject": "", "body": "Mein Text"})
    assert refused.status_code == 422
    assert "Mein Text" in refused.text
    console.post(here, data={"action": "approve", "language": "de", "subject": "Gipfel", "body": "Kommen Sie?"})
    assert kept(backend).composed.texts[1].approved


def test_a_manager_who_may_not_announce_is_told_who_may(console: TestClient, backend: InMemoryConsole) -> None:
    page = console.post("/desk/jonas/announce", data={**FORM, "action": "preview"}).text
    assert "Ask Noor Haddad" in page
    assert field_of(page, "subject-0") == "Summit"
    assert backend.calls == []


def test_it_is_paused_resumed_and_cancelled_in_a_managers_name(console: TestClient, backend: InMemoryConsole) -> None:
    send(console)
    here = f"/announcements/{FORM['draft']}"
    for act, shown in (("pause", "Resume"), ("resume", "Pause"), ("cancel", "Cancelled")):
        assert shown in console.post(here, data={"action": act, "by": "noor"}).text
    assert backend.calls[-3:] == [
        (act, "noor@lumora.example", FORM["draft"]) for act in ("pause", "resume", "cancel")
    ]  # fmt: skip
    for nobody in ({"action": "pause"}, {"action": "pause", "by": "jonas"}, {"action": "delete", "by": "noor"}):
        assert "Nothing was done" in console.post(here, data=nobody).text


def test_the_pages_script_gets_the_progress_alone(console: TestClient) -> None:
    send(console)
    answer = console.get(f"/announcements/{FORM['draft']}", headers={"x-partial": "1"}).text
    assert 'data-live="yes"' in answer
    assert "<html" not in answer
    assert 'data-live="no"' in console.get("/announcements/a1", headers={"x-partial": "1"}).text


def test_what_came_back_is_counted_named_and_given_out(console: TestClient, backend: InMemoryConsole) -> None:
    page = console.get("/announcements/a1").text
    for words in ("Priya Oakeshott", "<dt>Yes</dt><dd>6</dd>", "5 people would hear of it", "13 of 14 delivered"):
        assert words in page
    for name in ("signups.csv", "report.csv", "chart.png"):
        answer = console.get(f"/announcements/a1/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].startswith("attachment")
    console.post("/announcements/a1", data={"action": "remind", "by": "noor", "count": "5"})
    assert backend.calls == [("remind", "noor@lumora.example", "a1", 5)]
    assert "Nobody was reminded" in console.post("/announcements/a1", data={"action": "remind", "by": "noor"}).text


@pytest.mark.parametrize(
    "path", ["/announcements/none", "/announcements/none/report.csv", "/announcements/a1/else.csv"]
)
def test_what_is_not_there_is_not_here(console: TestClient, path: str) -> None:
    assert console.get(path).status_code == 404


def test_one_that_has_gone_out_begins_a_new_draft(console: TestClient, backend: InMemoryConsole) -> None:
    page = console.get(f"{COMPOSE}?draft=a1").text
    assert field_of(page, "subject-0") == "Partner summit in Antwerp"
    assert field_of(page, "draft") not in ("a1", "")
    assert "was not sent" not in page
    assert backend.announcing.kept["a1"].state is AnnouncementState.SENT


ACTS = (
    (COMPOSE, {**FORM, "action": "preview"}), (f"{COMPOSE}/a1", {"action": "confirm", "count": "3"}),
    ("/announcements/a1", {"action": "cancel", "by": "noor"}), ("/desk/noor/segments", {"name": "Elite in DACH"}),
)  # fmt: skip
FILES = ("/announcements/a1/signups.csv", "/announcements/a1/report.csv", "/announcements/a1/text.md")


@pytest.mark.parametrize(("path", "form"), ACTS)
def test_neither_a_stranger_nor_another_page_announces_or_stops_anything(
    stranger: TestClient, console: TestClient, backend: InMemoryConsole, path: str, form: dict[str, object]
) -> None:
    assert stranger.post(path, data=form).status_code == 403
    assert console.post(path, data=form, headers={"origin": "https://evil.example"}).status_code == 403
    assert backend.calls == []


@pytest.mark.parametrize("path", FILES)
def test_a_stranger_gets_no_file(stranger: TestClient, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 403
    assert "Antwerp" not in answer.text


def test_only_where_files_are_sent_a_body_may_be_large(console: TestClient) -> None:
    large = {"file": ("big.pdf", b"%PDF" + b"x" * 9_000_000, "application/pdf")}
    assert console.post(COMPOSE, data={**FORM, "action": "look"}, files=large).status_code == 200
    larger = {"file": ("big.pdf", b"x" * 14_000_000, "application/pdf")}
    assert console.post(COMPOSE, data=FORM, files=larger).status_code == 413
    assert console.post(f"{COMPOSE}/a1", data={"body": "x" * 600_000}).status_code == 413


def test_who_is_left_out_is_named_behind_a_fold(console: TestClient) -> None:
    out = next(contact for contact in console_data.CONTACTS if contact.opted_out)
    page = console.post(COMPOSE, data={**FORM, "tier": [], "language": [], "action": "look"}).text
    assert f'<summary>1 opted out</summary><ul class="recipients"><li><b><bdi>{out.name}</bdi></b>' in page
