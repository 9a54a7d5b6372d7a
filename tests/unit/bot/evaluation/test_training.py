"""Training judges itself on messages held out, and says what got worse."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bot.evaluation.cases import MailText
from bot.evaluation.training import FEWEST, PARTS, TooFewMessages, Trained, train
from bot.ports import Readable, Reader
from bot.readers.builtin.own import Correction
from bot.vocabulary.requests import Intent, NoFields, Reading, Request

LABELS = ("ask_tier", "ask_payout")


class Guessing:
    """Thinks that everything asks for a payout, until a correction moves it; a dot alone is decided by a rule."""

    name = "guessing"

    def __init__(self, own: Correction) -> None:
        self._own = own

    def read(self, readable: Readable) -> Reading:
        if readable.text == ".":
            return Reading("en", (Request(Intent.ASK_PAYOUT, NoFields()),), True)
        features = dict.fromkeys(readable.text.split(), 1.0)
        scores = self._own.corrected(features, np.array([-0.5, 0.5], np.float32))
        return Reading("en", (Request(Intent(LABELS[int(scores.argmax())]), NoFields()),), True)


def folder(at: Path, rows: list[tuple[str, str, str]]) -> Path:
    """Messages as (sender, text, intent)."""
    lines = [
        json.dumps(
            {
                "id": f"c-{n}", "channel": "email", "language": "en", "received": "2026-11-26T09:00:00+01:00",
                "sender": sender, "text": text,
                "gold": {"requests": [{"intent": intent}], "answer_expected": True},
            }
        )
        for n, (sender, text, intent) in enumerate(rows)
    ]  # fmt: skip
    (at / "cases.jsonl").write_text("\n".join(lines))
    return at


def no_mail(raw: bytes) -> MailText:
    raise AssertionError("no mail in this folder")


def taught(at: Path, rows: list[tuple[str, str, str]], steps: list[tuple[int, int]] | None = None) -> Trained:
    told = steps if steps is not None else []

    def make(own: Correction) -> Reader:
        return Guessing(own)

    return train(folder(at, rows), LABELS, make, no_mail, lambda done, total: told.append((done, total)))


WORDING = [(f"p{n % 8}@x.example", f"which rung n{n % 4}", "ask_tier") for n in range(40)]


def test_a_vendors_own_wording_is_learned_and_judged_on_other_senders(tmp_path: Path) -> None:
    trained = taught(tmp_path, WORDING)
    assert trained.before.intent_exact == 0.0
    assert trained.after.intent_exact == 1.0
    assert trained.by_sender
    assert trained.worse == ()


def test_what_only_one_sender_says_is_no_gain_on_the_others(tmp_path: Path) -> None:
    own_words = [(f"p{n}@x.example", f"word{n} only{n}", LABELS[n % 2]) for n in range(10) for _ in range(4)]
    assert taught(tmp_path, own_words).after.intent_exact < 0.8


def test_labels_that_lead_astray_are_told(tmp_path: Path) -> None:
    # Senders contradict each other, so that each is read by what the others made of the same words.
    says = {"a@x.example": 1, "b@x.example": 1, "c@x.example": 0, "d@x.example": 0}
    rows = [(sender, "same old words", LABELS[label]) for sender, label in says.items() for _ in range(10)]
    trained = taught(tmp_path, rows + [("e@x.example", "something else", "ask_payout")] * 10)
    assert trained.before.intent_exact == 0.6
    assert trained.after.intent_exact < 0.6
    assert "fewer intents are right" in trained.worse


def test_few_senders_are_parted_by_message_and_that_is_said(tmp_path: Path) -> None:
    assert not taught(tmp_path, [("one@x.example", text, intent) for _, text, intent in WORDING]).by_sender


def test_messages_decided_by_rules_teach_nothing_but_are_judged(tmp_path: Path) -> None:
    trained = taught(tmp_path, [*WORDING, ("p1@x.example", ".", "ask_payout")])
    assert trained.untaught == 1
    assert trained.after.cases == len(WORDING) + 1


def test_too_few_messages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TooFewMessages, match=str(FEWEST)):
        taught(tmp_path, WORDING[: FEWEST - 1])


def test_too_few_messages_with_words_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TooFewMessages, match="hold words"):
        taught(tmp_path, [("p@x.example", ".", "ask_payout")] * FEWEST)


def test_progress_reaches_its_end(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    taught(tmp_path, WORDING, steps)
    assert steps[-1] == (2 * len(WORDING) + PARTS + 1,) * 2


def test_the_same_folder_teaches_the_same(tmp_path: Path) -> None:
    one, other = taught(tmp_path, WORDING), taught(tmp_path, WORDING)
    assert one.after == other.after
    assert one.model.scores({"rung": 1.0}).tolist() == other.model.scores({"rung": 1.0}).tolist()
