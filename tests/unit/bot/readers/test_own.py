"""What was learned from own messages moves the scores within bounds, and a file that does not fit is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.readers.builtin.linear import LinearModel, hashed
from bot.readers.builtin.own import FURTHEST, LIKELY_AT_MOST, OwnMessages, OwnWeightsError, load_own, mark_of, save_own

LABELS = ("ask_tier", "ask_payout")


def model(tier: float = 1.5, labels: tuple[str, ...] = LABELS) -> LinearModel:
    weights = np.zeros((1, len(labels)), np.float32)
    weights[0, 0] = tier
    return LinearModel(labels, np.array([hashed("rung")], np.uint32), weights, np.zeros(len(labels), np.float32))


def test_the_scores_are_moved_by_what_was_learned() -> None:
    moved = OwnMessages(model(), ()).corrected({"rung": 2.0, "other": 1.0}, np.array([-1.0, 1.0], np.float32))
    assert moved.tolist() == [2.0, 1.0]


def test_what_the_shipped_weights_are_sure_of_stays() -> None:
    moved = OwnMessages(model(tier=50.0), ()).corrected({"rung": 1.0}, np.array([-9.0, 0.0], np.float32))
    assert moved[0] == -9.0 + FURTHEST


def test_an_intent_that_acts_is_raised_to_a_question_and_no_further() -> None:
    own = OwnMessages(model(tier=3.0), ["ask_tier"])  # as if asking for the tier changed something
    assert own.corrected({"rung": 1.0}, np.array([-1.0, 0.0], np.float32))[0] == LIKELY_AT_MOST
    assert own.corrected({"rung": 1.0}, np.array([2.0, 0.0], np.float32))[0] == 2.0  # sure before, as sure now


def test_an_intent_that_acts_is_lowered_like_any_other() -> None:
    own = OwnMessages(model(tier=-3.0), ["ask_tier"])
    assert own.corrected({"rung": 1.0}, np.array([2.0, 0.0], np.float32))[0] == -1.0


def test_what_was_saved_is_loaded_again(tmp_path: Path) -> None:
    file = tmp_path / "not" / "there" / "own.npz"
    save_own(file, model(), "mark")
    loaded = load_own(file, LABELS, "mark", ())
    assert loaded.model.scores({"rung": 1.0}) == pytest.approx([1.5, 0.0])
    assert [each.name for each in file.parent.iterdir()] == ["own.npz"]


def test_another_version_of_the_shipped_weights_is_refused(tmp_path: Path) -> None:
    save_own(tmp_path / "own.npz", model(), "mark")
    with pytest.raises(OwnWeightsError, match="other shipped weights"):
        load_own(tmp_path / "own.npz", LABELS, "newer mark", ())
    with pytest.raises(OwnWeightsError, match="other shipped weights"):
        load_own(tmp_path / "own.npz", tuple(reversed(LABELS)), "mark", ())


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"no archive" * 1_000], ids=["empty", "cut", "text"])
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "own.npz").write_bytes(content)
    with pytest.raises(OwnWeightsError, match="damaged"):
        load_own(tmp_path / "own.npz", LABELS, "mark", ())


def test_a_file_cut_off_in_the_middle_is_refused(tmp_path: Path) -> None:
    save_own(tmp_path / "own.npz", model(), "mark")
    whole = (tmp_path / "own.npz").read_bytes()
    for length in range(0, len(whole), 97):
        (tmp_path / "own.npz").write_bytes(whole[:length])
        with pytest.raises(OwnWeightsError):
            load_own(tmp_path / "own.npz", LABELS, "mark", ())


@pytest.mark.parametrize("place", [8, 10], ids=["encrypted", "packed in another way"])
def test_a_flipped_bit_in_the_archive_is_refused(tmp_path: Path, place: int) -> None:
    save_own(tmp_path / "own.npz", model(), "mark")
    damaged = bytearray((tmp_path / "own.npz").read_bytes())
    damaged[damaged.find(b"PK\x01\x02") + place] |= 1
    (tmp_path / "own.npz").write_bytes(damaged)
    with pytest.raises(OwnWeightsError, match="damaged"):
        load_own(tmp_path / "own.npz", LABELS, "mark", ())


def test_tables_that_do_not_fit_each_other_are_refused(tmp_path: Path) -> None:
    save_own(tmp_path / "own.npz", model(labels=("ask_tier",)), "mark")
    with pytest.raises(OwnWeightsError, match="do not fit"):
        load_own(tmp_path / "own.npz", LABELS, "mark", ())


def test_numbers_that_are_none_are_refused(tmp_path: Path) -> None:
    packed = model().packed("own")
    packed["own.scale"] = np.array([np.nan, 1.0], np.float32)
    np.savez(tmp_path / "own.npz", allow_pickle=False, mark=np.array("mark"), **packed)
    with pytest.raises(OwnWeightsError):
        load_own(tmp_path / "own.npz", LABELS, "mark", ())


def test_pickled_objects_are_never_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "own.npz", mark=np.array([{"an": "object"}], dtype=object))
    with pytest.raises(OwnWeightsError):
        load_own(tmp_path / "own.npz", LABELS, "mark", ())


def test_the_mark_changes_with_the_weights(tmp_path: Path) -> None:
    file = tmp_path / "shipped.npz"
    file.write_bytes(b"one")
    before = mark_of([file])
    file.write_bytes(b"two")
    assert mark_of([file]) != before
