"""A correction agrees with the labels, is the same every time, and leaves alone what it was not taught."""

from __future__ import annotations

import numpy as np
import pytest

from bot.evaluation.learning import Lesson, Lessons

LABELS = ("ask_tier", "ask_payout")


def lesson(words: str, wanted: str, tier: float = -1.0, payout: float = -1.0) -> Lesson:
    return Lesson(
        dict.fromkeys(words.split(), 1.0), np.array([tier, payout], np.float32), frozenset([wanted] if wanted else [])
    )


def test_words_that_ask_for_something_raise_its_score() -> None:
    taught = Lessons(LABELS, [lesson("our rung please", "ask_tier") for _ in range(30)])
    model = taught.fitted(range(30))
    tier, payout = model.scores({"our": 1.0, "rung": 1.0})
    assert tier > 1.0
    assert payout < 0.0


def test_what_the_shipped_weights_know_already_moves_hardly_anything() -> None:
    known = [lesson("our tier", "ask_tier", tier=9.0, payout=-9.0) for _ in range(30)]
    model = Lessons(LABELS, known).fitted(range(30))
    assert np.abs(model.scores({"our": 1.0, "tier": 1.0})).max() < 0.01


def test_words_never_seen_count_no_more_than_the_bias() -> None:
    model = Lessons(LABELS, [lesson("a b", "ask_tier"), lesson("a c", "ask_tier")]).fitted([0, 1])
    assert model.scores({"z": 1.0}) == pytest.approx(model.scores({}))


def test_a_word_of_a_single_message_is_not_learned_by_heart() -> None:
    model = Lessons(LABELS, [lesson("a odd", "ask_tier"), lesson("a b", ""), lesson("a b", "")]).fitted([0, 1, 2])
    assert model.scores({"odd": 1.0}) == pytest.approx(model.scores({}))


def test_the_same_messages_teach_the_same() -> None:
    lessons = [lesson(f"a w{n % 3}", LABELS[n % 2]) for n in range(40)]
    one, other = (Lessons(LABELS, lessons).fitted(range(40)).scores({"a": 1.0, "w1": 1.0}) for _ in range(2))
    assert one.tolist() == other.tolist()


def test_only_the_messages_named_teach() -> None:
    lessons = [lesson("x y", "ask_tier")] * 20 + [lesson("x y", "ask_payout")] * 20
    tier, payout = Lessons(LABELS, lessons).fitted(range(20)).scores({"x": 1.0, "y": 1.0})
    assert tier > payout


def test_messages_without_any_feature_in_common_make_a_model_all_the_same() -> None:
    model = Lessons(LABELS, [lesson("a", "ask_tier"), lesson("b", "ask_tier")]).fitted([0, 1])
    assert np.isfinite(model.scores({"a": 1.0})).all()


def test_many_features_are_worked_through_in_blocks() -> None:
    words = " ".join(f"w{n}" for n in range(5_000))
    model = Lessons(LABELS, [lesson(words, "ask_tier"), lesson(words, "ask_tier")]).fitted([0, 1])
    tier, payout = model.scores(dict.fromkeys(words.split(), 1.0))
    assert tier > 3.0
    assert payout < tier
