"""`partnerline evaluate`: scores, speed and predictions of a cases folder, without a database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.evaluation.mails import mail_text
from mail_ingest.limits import DEFAULT
from tests.unit.bot.cli.conftest import Partnerline

SAID = {"language": "en", "received": "2026-11-26T09:00:00+01:00", "sender": "aoife@quaywise.example"}
CASES = [
    {
        **SAID, "id": "s-1", "channel": "slack", "text": "<@U1> what is our tier?",
        "gold": {"requests": [{"intent": "ask_tier", "fields": {}}], "answer_expected": True},
    },
    {
        **SAID, "id": "m-1", "channel": "email", "mail": "mail/m-1.eml",
        "gold": {"visible_text": "Thank you!", "requests": [{"intent": "thanks"}], "answer_expected": False},
    },
]  # fmt: skip


def folder(at: Path) -> Path:
    made = at / "cases"
    (made / "mail").mkdir(parents=True)
    (made / "mail" / "m-1.eml").write_text("From: aoife@quaywise.example\nSubject: Re: your answer\n\nThank you!\n")
    (made / "cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in CASES))
    return made


def test_predictions_have_one_line_for_each_case(partnerline: Partnerline, tmp_path: Path) -> None:
    shown = partnerline("evaluate", folder(tmp_path), "--out", "predictions.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "predictions.jsonl").read_text().splitlines()]
    assert shown.code == 0
    assert [row["id"] for row in rows] == ["s-1", "m-1"]
    assert all(set(row) == {"id", "visible_text", "requests", "answer_expected"} for row in rows)
    assert rows[1]["visible_text"] == "Thank you!"
    assert "messages/s" in shown.out
    assert "2 predictions are in predictions.jsonl" in shown.out


def test_figures_come_as_json_on_request(partnerline: Partnerline, tmp_path: Path) -> None:
    figures = json.loads(partnerline("evaluate", folder(tmp_path), "--json").out)
    assert figures["scores"]["cases"] == 2
    assert 0 <= figures["scores"]["intent_micro_f1"] <= 1
    assert figures["speed"]["ms_p99"] >= figures["speed"]["ms_p50"] > 0
    assert figures["speed"]["peak_memory_mb"] > 0


def test_a_folder_without_cases_is_a_fault_of_usage(partnerline: Partnerline, tmp_path: Path) -> None:
    shown = partnerline("evaluate", tmp_path)
    assert shown.code == 2
    assert "cases.jsonl" in shown.err


def test_earlier_predictions_stay_where_a_folder_cannot_be_read(partnerline: Partnerline, tmp_path: Path) -> None:
    (tmp_path / "predictions.jsonl").write_text("earlier\n")
    assert partnerline("evaluate", tmp_path, "--out", "predictions.jsonl").code == 2
    assert (tmp_path / "predictions.jsonl").read_text() == "earlier\n"


def test_a_broken_line_is_named(partnerline: Partnerline, tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text("{\n")
    shown = partnerline("evaluate", tmp_path)
    assert shown.code == 2
    assert "cases.jsonl:1" in shown.err


def test_an_unwritable_place_is_told_before_the_work(partnerline: Partnerline, tmp_path: Path) -> None:
    shown = partnerline("evaluate", tmp_path / "nothing", "--out", tmp_path / "no" / "folder.jsonl")
    assert shown.code == 1
    assert "cannot be written" in shown.err


def test_a_mail_beyond_the_limits_counts_as_one_without_text() -> None:
    assert mail_text(b"x" * (DEFAULT.raw + 1)).text == ""


def test_a_folder_without_messages_has_no_figures(partnerline: Partnerline, tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").touch()
    shown = partnerline("evaluate", tmp_path)
    assert shown.code == 2
    assert "holds no messages" in shown.err
    assert "partnerline label" in shown.err
    assert shown.out.strip() == ""


def test_a_field_that_no_request_has_is_told(partnerline: Partnerline, tmp_path: Path) -> None:
    gold = {"requests": [{"intent": "register_deal", "fields": {"customr": "Acme"}}], "answer_expected": True}
    (tmp_path / "cases.jsonl").write_text(json.dumps({**CASES[0], "gold": gold}))
    shown = partnerline("evaluate", tmp_path)
    assert shown.code == 2
    assert "s-1: register_deal has no field customr; did you mean customer?" in shown.err


def test_a_mail_that_is_not_there_is_named(partnerline: Partnerline, tmp_path: Path) -> None:
    made = folder(tmp_path)
    (made / "mail" / "m-1.eml").unlink()
    shown = partnerline("evaluate", made)
    assert shown.code == 2
    assert "m-1.eml cannot be read: No such file" in shown.err


def test_mails_are_never_written_over(partnerline: Partnerline, tmp_path: Path) -> None:
    mail = folder(tmp_path) / "mail" / "m-1.eml"
    before = mail.read_bytes()
    assert partnerline("evaluate", tmp_path / "cases", "--out", mail).code == 2
    assert mail.read_bytes() == before


def test_predictions_and_report_cannot_be_one_file(partnerline: Partnerline, tmp_path: Path) -> None:
    shown = partnerline("evaluate", folder(tmp_path), "--out", "x.html", "--report", "x.html")
    assert shown.code == 2
    assert "name two files" in shown.err
    assert not (tmp_path / "x.html").exists()


def test_confusion_and_the_wrong_messages_are_part_of_the_json(partnerline: Partnerline, tmp_path: Path) -> None:
    figures = json.loads(partnerline("evaluate", folder(tmp_path), "--json").out)
    assert figures["reader"] == "builtin"
    assert set(figures["confusion"]) == {"all", "en", "email", "slack"}
    assert figures["confusion"]["all"]["intents"]["ask_tier"]["wanted"] == 1
    assert isinstance(figures["wrong"], list)


def test_a_message_that_went_wrong_is_shown_with_both_sides(partnerline: Partnerline, tmp_path: Path) -> None:
    made = folder(tmp_path)
    case = {**CASES[0], "id": "odd", "text": "<@U1> [bold]thank you[/bold]!"}
    (made / "cases.jsonl").write_text(json.dumps(case) + "\n")
    shown = partnerline("evaluate", made, "--wrong", "1", "--report", "report.html")
    assert shown.code == 0
    assert "odd" in shown.out
    assert "[bold]thank you[/bold]!" in shown.out  # what a partner wrote is text, not markup
    assert "missed ask_tier" in shown.out
    assert "the report is in report.html" in shown.out
    assert "missed ask_tier" in (tmp_path / "report.html").read_text()


def test_a_reader_that_needs_a_model_says_what_to_set(partnerline: Partnerline, tmp_path: Path) -> None:
    shown = partnerline("evaluate", folder(tmp_path), "--reader", "builtin", "--reader", "both")
    assert shown.code == 2
    assert "PARTNERLINE_MODEL_URL" in shown.err


def test_readers_are_shown_side_by_side_and_a_silent_model_is_told(
    partnerline: Partnerline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("langchain_openai")
    monkeypatch.setenv("PARTNERLINE_MODEL_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("PARTNERLINE_MODEL_NAME", "nobody")
    readers = ("--reader", "builtin", "--reader", "model")
    shown = partnerline("evaluate", folder(tmp_path), *readers, "--out", "said.jsonl")
    assert shown.code == 0, shown.err
    assert "(+0.000)" in shown.out
    assert "the model took part in 0 of 2 messages" in shown.out
    assert (tmp_path / "said-builtin.jsonl").exists()
    assert (tmp_path / "said-model.jsonl").exists()
    compared = json.loads(partnerline("evaluate", tmp_path / "cases", *readers, "--json").out)
    assert compared["readers"]["model"]["read_by"] == {"builtin": 2}
    assert compared["difference"]["model"]["intent_exact"] == 0.0


def test_an_unknown_reader_is_a_fault_of_usage(partnerline: Partnerline, tmp_path: Path) -> None:
    shown = partnerline("evaluate", folder(tmp_path), "--reader", "oracle")
    assert shown.code == 2
    assert "builtin" in shown.err


@pytest.mark.parametrize("way", ["--out", "--report"])
def test_the_labels_themselves_are_never_written_over(partnerline: Partnerline, tmp_path: Path, way: str) -> None:
    labels = folder(tmp_path) / "cases.jsonl"
    before = labels.read_bytes()
    shown = partnerline("evaluate", labels.parent, way, labels)
    assert shown.code == 2
    assert "name another file" in shown.err
    assert labels.read_bytes() == before
