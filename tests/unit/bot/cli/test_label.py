"""`partnerline label`: what was read is corrected in lines, and messages go to a folder once."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.codec import to_doc
from bot.storage.tables import inbox
from bot.vocabulary.message import Attachment, Message, Sender
from crm.records import Channel
from tests.unit.bot.cli.conftest import Partnerline
from tests.unit.bot.cli.records import on, shunt

TEXT = "Please register Acme Foods for us, 45k EUR. What is our tier?"
RIGHT = ("register_deal customer=Acme Foods amount=45000 currency=EUR", "ask_tier")


@pytest.fixture
def message(tmp_path: Path) -> Path:
    (tmp_path / "m.txt").write_text(TEXT)
    return tmp_path / "m.txt"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts lines on standard input."""

    def put(*lines: str) -> None:
        raw = "".join(line + "\n" for line in lines).encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))

    return put


def rows(tmp_path: Path) -> list[dict[str, Any]]:
    listed = tmp_path / "ours" / "cases.jsonl"
    return [json.loads(line) for line in listed.read_text().splitlines()] if listed.exists() else []


def test_a_message_is_labelled_without_asking(partnerline: Partnerline, message: Path, tmp_path: Path) -> None:
    shown = partnerline("label", "ours", message, "--sender", "aoife@q.example", "--set", RIGHT[0], "--set", RIGHT[1])
    assert shown.code == 0
    (row,) = rows(tmp_path)
    assert [request["intent"] for request in row["gold"]["requests"]] == ["register_deal", "ask_tier"]
    assert row["gold"]["requests"][0]["fields"] == {"customer": "Acme Foods", "amount": "45000", "currency": "EUR"}
    assert (row["language"], row["sender"], row["gold"]["answer_expected"]) == ("en", "aoife@q.example", True)
    again = partnerline("label", "ours", message, "--sender", "Aoife@Q.example", "--set", "ask_tier")
    assert f"already, as {row['id']}" in again.out
    assert len(rows(tmp_path)) == 1


def test_wrong_labels_are_told_all_at_once_and_nothing_is_added(
    partnerline: Partnerline, message: Path, tmp_path: Path
) -> None:
    shown = partnerline("label", "ours", message, "--set", "register_deal amount=45k", "--set", "ask_teir")
    assert shown.code == 2
    assert "such as 45000" in shown.err
    assert "did you mean ask_tier?" in shown.err
    assert rows(tmp_path) == []


def test_words_without_a_field_are_told(partnerline: Partnerline, message: Path) -> None:
    shown = partnerline("label", "ours", message, "--set", "register_deal Acme Foods")
    assert shown.code == 2
    assert "NAME=VALUE" in shown.err


def test_a_text_on_standard_input_is_labelled(partnerline: Partnerline, typed: Any, tmp_path: Path) -> None:
    typed("was ist unser Status & <mehr>?")
    shown = partnerline("label", "ours", "-", "--channel", "slack", "--language", "de", "--set", "ask_tier")
    assert shown.code == 0
    (row,) = rows(tmp_path)
    assert (row["channel"], row["language"], row["addressed"]) == ("slack", "de", True)
    assert row["text"] == row["gold"]["visible_text"] == "was ist unser Status & <mehr>?"


def test_a_text_that_is_cut_says_what_was_left_out_and_where_the_whole_is(
    partnerline: Partnerline, typed: Any, tmp_path: Path
) -> None:
    long = "tier? " + "ä" * 600_000
    (tmp_path / "long.txt").write_text(long, encoding="utf-8")
    shown = partnerline("label", "ours", "long.txt", "--set", "ask_tier")
    assert shown.code == 0
    assert "only the first 1,000,000 of 1,200,006 bytes are taken" in shown.out
    assert "the whole stays in long.txt" in shown.out
    (row,) = rows(tmp_path)
    assert row["text"] == long[: len(row["text"])]
    assert len(row["text"].encode()) in (999_999, 1_000_000)
    typed("another " + long)
    piped = partnerline("label", "ours", "-", "--set", "ask_tier")
    assert "standard input are taken; the rest is left out" in piped.out


def test_a_text_that_just_fits_is_taken_whole(partnerline: Partnerline, tmp_path: Path) -> None:
    (tmp_path / "fits.txt").write_text("tier? ".ljust(1_000_000, "x"))
    shown = partnerline("label", "ours", "fits.txt", "--set", "ask_tier")
    assert "left out" not in shown.out
    assert len(rows(tmp_path)[0]["text"]) == 1_000_000


def test_what_was_left_out_is_shown_before_anybody_is_asked(
    partnerline: Partnerline, typed: Any, tmp_path: Path
) -> None:
    (tmp_path / "long.txt").write_text("tier? " + "x\n" * 600_000)
    typed("s")
    shown = partnerline("label", "ours", "long.txt")
    assert "the whole stays in long.txt" in shown.out


def test_a_text_in_another_encoding_is_not_taken_with_holes(partnerline: Partnerline, tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes("Größe?".encode("latin-1"))
    shown = partnerline("label", "ours", "old.txt", "--set", "ask_tier")
    assert shown.code == 1
    assert "old.txt is not UTF-8" in shown.err
    assert rows(tmp_path) == []


def test_the_folder_is_made_for_one_account_and_an_open_one_is_told(
    partnerline: Partnerline, message: Path, tmp_path: Path
) -> None:
    assert "chmod" not in partnerline("label", "ours", message, "--set", "ask_tier").out
    assert (tmp_path / "ours").stat().st_mode & 0o777 == 0o700
    (tmp_path / "ours").chmod(0o755)
    assert "chmod -R go= ours" in partnerline("label", "ours", message, "--set", "ask_tier").out


def test_standard_input_cannot_be_asked_as_well(partnerline: Partnerline, typed: Any) -> None:
    typed("hello")
    shown = partnerline("label", "ours", "-")
    assert shown.code == 2
    assert "--set" in shown.err


def test_enter_keeps_what_was_read(partnerline: Partnerline, message: Path, typed: Any, tmp_path: Path) -> None:
    (tmp_path / "thanks.eml").write_text("From: x@y.example\nDate: Wed, 25 Nov 2026 10:00:00 +0100\n\nThank you!\n")
    typed("")
    shown = partnerline("label", "ours", "thanks.eml")
    assert shown.code == 0
    assert "1 added" in shown.out
    (row,) = rows(tmp_path)
    assert (row["sender"], row["received"]) == ("x@y.example", "2026-11-25T10:00:00+01:00")
    assert (tmp_path / "ours" / row["mail"]).exists()


def test_a_correction_is_taken_when_it_is_right(
    partnerline: Partnerline, message: Path, typed: Any, tmp_path: Path
) -> None:
    typed("register_deal customer=Acme Fods", "", *RIGHT, "no answer", "")
    shown = partnerline("label", "ours", message)
    assert shown.code == 0
    assert "as the message does" in shown.out
    assert "1 of 1" in shown.out
    (row,) = rows(tmp_path)
    assert [request["intent"] for request in row["gold"]["requests"]] == ["register_deal", "ask_tier"]
    assert row["gold"]["answer_expected"] is False


def test_messages_are_skipped_and_the_rest_left_for_later(
    partnerline: Partnerline, message: Path, typed: Any, tmp_path: Path
) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"What is our tier? {name}")
    typed("s", "?", "ask_tier", "", "q")
    shown = partnerline("label", "ours", "m.txt", "a.txt", "b.txt")
    assert shown.code == 0
    assert "register_deal" in shown.out
    assert [row["text"] for row in rows(tmp_path)] == ["What is our tier? a.txt"]


def test_where_nobody_answers_the_way_for_scripts_is_told(
    partnerline: Partnerline, message: Path, typed: Any, tmp_path: Path
) -> None:
    typed()
    shown = partnerline("label", "ours", message)
    assert shown.code == 2
    assert "--set" in shown.err
    assert rows(tmp_path) == []


def test_orders_to_the_terminal_are_not_passed_on(partnerline: Partnerline, typed: Any, tmp_path: Path) -> None:
    (tmp_path / "evil.txt").write_text("tier?\x1b]0;owned\x07 [red]x[/red]")
    typed("s")
    shown = partnerline("label", "ours", "evil.txt")
    assert "\x1b" not in shown.out
    assert "[red]x[/red]" in shown.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nothing to label"),
        (("m.txt", "--from-ledger"), "not both"),
        (("m.txt", "m.txt", "--set", "ask_tier"), "labels one message"),
        (("m.txt", "--asked", "amount", "--set", "ask_tier"), "--in-reply-to question"),
        (("m.txt", "--received", "yesterday", "--set", "ask_tier"), "no time"),
        (("m.txt", "--language", "German", "--set", "ask_tier"), "no language code"),
        (("m.txt", "--in-reply-to", "question", "--asked", "colour", "--set", "ask_tier"), "no field colour"),
        (("m.txt", "--channel", "cli", "--set", "ask_tier"), "slack"),
        (("m.eml", "--channel", "slack", "--set", "ask_tier"), "no Slack message"),
        (("m.txt", "--answer"), "go with --set"),
        (("--from-ledger", "--set", "ask_tier"), "one after the other"),
        (("--from-ledger", "--sender", "x@y.example"), "one after the other"),
    ],
)
def test_usage_that_makes_no_sense_is_told(
    partnerline: Partnerline, message: Path, words: tuple[str, ...], said: str
) -> None:
    shown = partnerline("label", "ours", *words)
    assert shown.code == 2
    assert said in shown.err


def test_a_file_where_the_folder_belongs_is_told(partnerline: Partnerline, message: Path) -> None:
    shown = partnerline("label", message, "--set", "ask_tier")
    assert shown.code == 2
    assert "a folder is named first" in shown.err
    assert message.read_text() == TEXT


def test_a_file_that_is_not_there_is_named(partnerline: Partnerline) -> None:
    shown = partnerline("label", "ours", "none.txt", "--set", "ask_tier")
    assert shown.code == 1
    assert "none.txt" in shown.err


def test_a_broken_folder_is_told(partnerline: Partnerline, message: Path, tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "cases.jsonl").write_text("{")
    shown = partnerline("label", "ours", message, "--set", "ask_tier")
    assert shown.code == 2
    assert "cases.jsonl:1" in shown.err


def read_by_the_agent(
    url: str, reading: dict[str, Any] | None, text: str, state: str, attachments: tuple[Attachment, ...] = ()
) -> None:
    """A Slack message as the inbox keeps it after it was read."""
    name = shunt(url, "boom")
    at = datetime(2026, 11, 26, tzinfo=UTC)
    message = Message(
        name, Channel.SLACK, "C1:1", at, Sender(slack_user="U7"), "", text, addressed=True, attachments=attachments
    )

    async def put(connection: AsyncConnection) -> None:
        values = {"message": to_doc(message), "channel": "slack", "reading": reading, "state": state}
        await connection.execute(update(inbox).where(inbox.c.id == name).values(**values))

    on(url, put)


def test_what_the_agent_has_read_is_gone_through_the_doubtful_first(
    partnerline: Partnerline, on_database: str, typed: Any, tmp_path: Path
) -> None:
    asked = {"language": "en", "requests": [{"intent": "update_deal", "fields": {}, "ask": True}]}
    thread = {"kind": "question", "asked": ["products"], "agent_took_part": True}
    sure = {"language": "de", "requests": [{"intent": "ask_tier", "fields": {}}], "thread": thread}
    read_by_the_agent(on_database, sure, "Status & Stufe?", "handled")
    read_by_the_agent(on_database, asked, "and acme?", "handled")
    read_by_the_agent(on_database, None, "could not be handled", "shunted")
    shunt(on_database, "never parsed")
    typed("request_human", "", "ask_deal_status", "", "")
    shown = partnerline("label", "ours", "--from-ledger")
    assert shown.code == 0, shown.err
    assert "failed: boom" in shown.out
    assert "the agent asked before acting" in shown.out
    labelled = rows(tmp_path)
    assert [row["gold"]["visible_text"] for row in labelled] == ["could not be handled", "and acme?", "Status & Stufe?"]
    assert [row["gold"]["requests"][0]["intent"] for row in labelled] == [
        "request_human", "ask_deal_status", "ask_tier",
    ]  # fmt: skip
    assert (labelled[2]["in_reply_to"], labelled[2]["asked"], labelled[2]["sender"]) == ("question", ["product"], "U7")
    again = partnerline("label", "ours", "--from-ledger")
    assert again.code == 0
    assert "3 of 3 are in the folder already" in again.out


def test_files_of_a_slack_message_are_shown_and_kept(
    partnerline: Partnerline, on_database: str, typed: Any, tmp_path: Path
) -> None:
    reading = {"language": "en", "requests": [{"intent": "submit_invoice", "fields": {}}]}
    invoice = Attachment("invoice *7*.pdf", "application/pdf", 5, "")
    read_by_the_agent(on_database, reading, "attached, *please*", "handled", (invoice,))
    typed("")
    shown = partnerline("label", "ours", "--from-ledger", "--most", "1")
    assert "[file] invoice *7*.pdf" in shown.out
    assert "--most 2" in shown.out
    (row,) = rows(tmp_path)
    assert (row["text"], row["attachments"]) == ("attached, *please*", ["invoice *7*.pdf"])
    assert row["gold"]["visible_text"] == "attached, *please*"


def test_a_ledger_without_messages_is_told(partnerline: Partnerline, on_database: str) -> None:
    shown = partnerline("label", "ours", "--from-ledger")
    assert shown.code == 0
    assert "no message yet" in shown.out
