"""Cases folders are read as the guide says, and faults name their line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation.cases import CasesError, MailText, load_cases, readable_of
from bot.vocabulary.message import ThreadKind
from crm.records import Channel

SLACK: dict[str, Any] = {
    "id": "a-1",
    "channel": "slack",
    "language": "en",
    "received": "2026-11-18T09:12:00+01:00",
    "sender": "sara@brightpath.example",
    "in_reply_to": None,
    "text": "hi <@U0BOT>, see <https://acme.example|acme.example>",
    "mail": None,
    "gold": {"visible_text": "", "requests": [{"intent": "other", "fields": {}}], "answer_expected": True},
}


def write(folder: Path, *rows: Any) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (folder / "cases.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def no_mail(raw: bytes) -> MailText:
    raise AssertionError("no mail in this folder")


def test_a_slack_case_is_read_as_plain_text_and_addressed_by_its_mention(tmp_path: Path) -> None:
    (case,) = load_cases(write(tmp_path, SLACK))
    readable = readable_of(case, no_mail)
    assert readable.text == "hi @U0BOT, see acme.example"
    assert readable.channel is Channel.SLACK
    assert readable.addressed


def test_a_slack_message_that_mentions_nobody_is_not_addressed(tmp_path: Path) -> None:
    (case,) = load_cases(write(tmp_path, SLACK | {"text": "lunch?"}))
    assert not readable_of(case, no_mail).addressed


def test_an_answer_in_a_thread_is_addressed_and_knows_what_was_asked(tmp_path: Path) -> None:
    row = SLACK | {"text": "Q1", "in_reply_to": "question", "asked": "close_date"}
    (case,) = load_cases(write(tmp_path, row))
    readable = readable_of(case, no_mail)
    assert readable.addressed
    assert readable.thread.kind is ThreadKind.QUESTION
    assert readable.thread.asked == ("close_date",)


def test_a_mail_case_goes_through_the_given_parser(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "x.eml").write_bytes(b"Subject: Hi\n\nbody")
    row = SLACK | {"channel": "email", "text": None, "mail": "mail/x.eml"}
    (case,) = load_cases(write(tmp_path, row))
    readable = readable_of(case, lambda raw: MailText(raw.decode().split("\n\n")[1], "Hi", automatic="bounce"))
    assert (readable.text, readable.subject, readable.automatic) == ("body", "Hi", "bounce")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{broken", "cases.jsonl:2"),
        ({"id": "x"}, "cases.jsonl:2"),
        (SLACK | {"channel": "fax"}, "channel"),
        (SLACK | {"mail": "../../etc/passwd", "text": None}, "outside"),
        (SLACK | {"text": None}, "either text or mail"),
        (SLACK, "the id a-1 stands in a line above already"),
        ('{"id": ' + "9" * 5_000 + "}", "cases.jsonl:2 is not JSON"),
        ("[" * 100_000, "cases.jsonl:2 is not JSON"),
        (SLACK | {"id": "b", "text": None, "mail": "a\0.eml"}, "no file name"),
        ([], "cases.jsonl:2"),
    ],
)
def test_a_faulty_line_is_named(tmp_path: Path, row: Any, said: str) -> None:
    with pytest.raises(CasesError, match=said):
        load_cases(write(tmp_path, SLACK, row))


def test_a_faulty_line_is_told_in_words_that_quote_no_partner(tmp_path: Path) -> None:
    row = SLACK | {"text": 1, "sender": ["our secret"], "gold": {"requests": [{}]}}
    with pytest.raises(CasesError) as told:
        load_cases(write(tmp_path, row))
    assert "gold.requests.0.intent: Field required" in str(told.value)
    assert "secret" not in str(told.value)
    assert "pydantic" not in str(told.value)


def test_a_plain_slack_text_is_not_cleaned_again(tmp_path: Path) -> None:
    row = SLACK | {"text": "<@U1> says *5* &amp; more", "plain": True, "attachments": ["a.pdf"]}
    (case,) = load_cases(write(tmp_path, row))
    readable = readable_of(case, no_mail)
    assert (readable.text, readable.attachments) == ("<@U1> says *5* &amp; more", ("a.pdf",))
    assert not readable.addressed


def test_a_byte_order_mark_and_absent_values_are_taken_as_nothing(tmp_path: Path) -> None:
    gold = {"requests": [{"intent": "ask_payout", "fields": {"period": None}}], "answer_expected": True}
    (tmp_path / "cases.jsonl").write_text(json.dumps(SLACK | {"gold": gold}), encoding="utf-8-sig")
    (case,) = load_cases(tmp_path)
    assert case.requests[0].fields == {}


def test_a_list_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_bytes("ü".encode("latin-1"))
    with pytest.raises(CasesError, match="not UTF-8"):
        load_cases(tmp_path)


def test_a_folder_without_cases_is_a_cases_error(tmp_path: Path) -> None:
    with pytest.raises(CasesError, match=r"cases\.jsonl cannot be read: No such file"):
        load_cases(tmp_path)


def test_a_missing_mail_is_a_cases_error(tmp_path: Path) -> None:
    row = SLACK | {"channel": "email", "text": None, "mail": "mail/none.eml"}
    (case,) = load_cases(write(tmp_path, row))
    with pytest.raises(CasesError, match="a-1"):
        readable_of(case, no_mail)
