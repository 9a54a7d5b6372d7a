"""`partnerline train`: learns a folder, judges itself, and the reader takes what was learned."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.bootstrap import make_reader, read_program
from bot.readers.choice import Mode
from config import load_settings
from tests.unit.bot.cli.conftest import Partnerline

pytestmark = pytest.mark.slow

# Wording of one vendor's own that no shipped reader can know.
WORDS = ("frobnicate", "our", "zorblat", "quux")


def folder(at: Path, count: int = 30) -> Path:
    made = at / "ours"
    made.mkdir()
    rows = [
        {
            "id": f"o-{n}", "channel": "email", "language": "en", "received": "2026-11-26T09:00:00+01:00",
            "sender": f"p{n % 10}@quaywise.example", "text": f"{' '.join(WORDS)} {n}",
            "gold": {"visible_text": "", "requests": [{"intent": "ask_tier"}], "answer_expected": True},
        }
        for n in range(count)
    ]  # fmt: skip
    (made / "cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return made


def test_what_was_learned_is_kept_and_read_with(partnerline: Partnerline, tmp_path: Path) -> None:
    made = folder(tmp_path)
    shown = partnerline("--data-dir", "data", "train", made)
    assert shown.code == 0
    assert "judged in 5 parts, by sender" in shown.out
    assert (tmp_path / "data" / "own-messages.npz").exists()
    figures = json.loads(partnerline("--data-dir", "data", "evaluate", made, "--json").out)
    assert figures["scores"]["intent_exact"] == 1.0


def test_too_few_messages_are_refused_with_how_many_are_needed(partnerline: Partnerline, tmp_path: Path) -> None:
    shown = partnerline("--data-dir", "data", "train", folder(tmp_path, count=19))
    assert shown.code == 1
    assert "20 are needed" in shown.err
    assert not (tmp_path / "data").exists()


def test_a_folder_without_cases_is_a_fault_of_usage(partnerline: Partnerline, tmp_path: Path) -> None:
    assert partnerline("train", tmp_path).code == 2


def test_it_may_go_to_a_file_of_its_own(partnerline: Partnerline, tmp_path: Path) -> None:
    shown = partnerline("--data-dir", "data", "train", folder(tmp_path), "--out", "tried.npz")
    assert shown.code == 0
    assert "PARTNERLINE_OWN_WEIGHTS=" in shown.out
    assert (tmp_path / "tried.npz").exists()
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("out", "said"),
    [("ours/cases.jsonl", "no .npz file"), ("theirs.npz", "not from `partnerline train`"), ("ours", "is a folder")],
)
def test_nothing_else_is_written_over(partnerline: Partnerline, tmp_path: Path, out: str, said: str) -> None:
    made = folder(tmp_path)
    (tmp_path / "theirs.npz").write_bytes(b"theirs")
    place = tmp_path / out
    before = place.read_bytes() if place.is_file() else None
    shown = partnerline("--data-dir", "data", "train", made, "--out", out)
    assert shown.code == 2
    assert said in shown.err
    assert before is None or place.read_bytes() == before


def test_what_was_learned_before_is_replaced(partnerline: Partnerline, tmp_path: Path) -> None:
    made = folder(tmp_path)
    for _ in range(2):
        assert partnerline("--data-dir", "data", "train", made, "--out", "tried.npz").code == 0


def test_labels_that_nothing_can_read_as_are_told(partnerline: Partnerline, tmp_path: Path) -> None:
    made = folder(tmp_path)
    listed = made / "cases.jsonl"
    listed.write_text(listed.read_text().replace("ask_tier", "ask_teir"))
    shown = partnerline("--data-dir", "data", "train", made)
    assert shown.code == 2
    assert "o-0: there is no intent ask_teir; did you mean ask_tier?" in shown.err
    assert "and 25 more" in shown.err
    assert not (tmp_path / "data").exists()


def wanting(at: Path, intents: dict[str, str]) -> Path:
    """Ten messages of each sender; all but the last sender use the same words, whatever they want by them."""
    at.mkdir(exist_ok=True)
    rows = [
        {
            "id": f"{sender}-{n}", "channel": "email", "language": "en", "received": "2026-11-26T09:00:00+01:00",
            "sender": f"{sender}@quaywise.example", "text": "zorblat lorem" if sender == "e" else " ".join(WORDS),
            "gold": {"visible_text": "", "requests": [{"intent": intent}], "answer_expected": True},
        }
        for sender, intent in intents.items()
        for n in range(10)
    ]  # fmt: skip
    (at / "cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return at


def test_what_makes_messages_worse_is_not_kept_unless_forced(partnerline: Partnerline, tmp_path: Path) -> None:
    made = wanting(tmp_path / "astray", dict.fromkeys("abcde", "other"))
    partnerline("--data-dir", "data", "evaluate", made, "--out", "said.jsonl")
    said = [json.loads(line) for line in (tmp_path / "said.jsonl").read_text().splitlines()]
    shipped = {row["id"][0]: row["requests"][0]["intent"] for row in said}
    another = "ask_content" if shipped["a"] != "ask_content" else "ask_program"
    # Two senders contradict two others, so that each is read by what the contrary two taught.
    wanting(made, shipped | {"c": another, "d": another})
    shown = partnerline("--data-dir", "data", "train", made)
    assert shown.code == 1
    assert "nothing was kept" in shown.err
    assert "--force" in shown.err
    assert not (tmp_path / "data").exists()
    assert partnerline("--data-dir", "data", "train", made, "--force").code == 0
    assert (tmp_path / "data" / "own-messages.npz").exists()


@pytest.mark.parametrize("damage", [b"", b"damaged"])
def test_a_damaged_file_is_ignored_with_a_warning(
    tmp_path: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "own-messages.npz").write_bytes(damage)
    settings = load_settings(environ={"PARTNERLINE_DATA_DIR": str(tmp_path)})
    reader = make_reader(settings, read_program(settings).products)
    assert reader.name == Mode.BUILTIN.value
    assert "own-messages.npz is damaged" in caplog.text
    assert "partnerline train" in caplog.text


def test_a_file_that_was_named_and_is_not_there_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = load_settings(environ={"PARTNERLINE_OWN_WEIGHTS": str(tmp_path / "none.npz")})
    make_reader(settings, read_program(settings).products)
    assert "none.npz is not there" in caplog.text
