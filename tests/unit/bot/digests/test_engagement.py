"""The score of a partner: within its bounds whatever the figures are, its parts shown, and no guess without data."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digests.engagement import WEIGHTS, Activity, score

_COUNT = st.integers(0, 10_000)
_ACTIVITIES = st.builds(
    Activity, reached=_COUNT, answered=_COUNT, messages=_COUNT, registrations=_COUNT, won=_COUNT, certified=_COUNT,
    certified_needed=_COUNT, last_days=st.none() | st.integers(-3, 20_000), ever=_COUNT,
)  # fmt: skip


@settings(max_examples=60)
@given(_ACTIVITIES)
def test_a_score_lies_between_0_and_100_and_so_does_each_part_within_its_weight(known: Activity) -> None:
    found = score(known)
    assert found.value is None or 0 <= found.value <= 100
    assert [part.name for part in found.parts] == list(WEIGHTS)
    assert all(part.points is None or 0 <= part.points <= part.weight for part in found.parts)


@settings(max_examples=60)
@given(_ACTIVITIES, st.sampled_from(["messages", "registrations", "won", "certified"]))
def test_doing_more_never_lowers_a_score(known: Activity, what: str) -> None:
    before, after = score(known), score(replace(known, **{what: getattr(known, what) + 1}))
    assert before.value is None or (after.value is not None and after.value >= before.value)


def test_the_weights_come_to_a_hundred() -> None:
    assert sum(WEIGHTS.values()) == 100


def test_who_does_all_that_counts_has_100_and_each_part_says_for_what() -> None:
    found = score(Activity(4, 4, 12, 4, 3, 3, 3, 2, 20))
    assert found.value == 100
    assert [(part.figure, part.points) for part in found.parts] == [
        ("4 of 4 in 90 days", 25), ("12 in 90 days", 15), ("4 in 180 days", 20), ("3 in 365 days", 20),
        ("3 of 3 for the highest tier", 10), ("heard 2 days ago", 10),
    ]  # fmt: skip


def test_a_partner_that_was_never_told_anything_is_not_blamed_for_not_answering() -> None:
    found = score(Activity(messages=12, registrations=4, won=3, certified=3, certified_needed=3, last_days=1, ever=7))
    assert (found.value, found.parts[0].points, found.parts[0].figure) == (100, None, "no announcement in 90 days")


def test_of_whom_nothing_is_known_there_is_no_score() -> None:
    found = score(Activity(certified_needed=3))
    assert (found.value, found.in_words) == (None, "no data yet")
    assert all(part.points is None for part in found.parts)


def test_silence_after_business_is_a_low_score_and_not_an_unknown_one() -> None:
    assert score(Activity(reached=3, last_days=200, ever=5)).value == 0
