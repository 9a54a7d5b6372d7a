"""Intervals against published tables, against each other, and against what chance does."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.intervals import Estimate, mean, mean_ratio, middle, rank_test, share, share_ratio, shift, student

DAYS = st.lists(st.integers(0, 400), min_size=1, max_size=40)


def near(found: Estimate, *wanted: float) -> bool:
    return (found.value, found.low, found.high) == pytest.approx(wanted, abs=5e-4)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (15, 148, 0.0624, 0.1605)],
)
def test_a_share_has_wilsons_interval(hits: int, of: int, low: float, high: float) -> None:
    """The last is the example of Newcombe (1998)."""
    assert near(share(hits, of), hits / of, low, high)


@pytest.mark.parametrize(("hits", "of"), [(0, 0), (3, 2), (-1, 4)])
def test_what_is_no_share_is_refused(hits: int, of: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        share(hits, of)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 40), st.integers(0, 40))
def test_a_ratio_of_shares_turned_round_is_its_reciprocal(of: int, of_other: int, hits: int, hits_other: int) -> None:
    one, other = (min(hits, of), of), (min(hits_other, of_other), of_other)
    if not one[0] or not other[0]:
        return
    there, back = share_ratio(one, other), share_ratio(other, one)
    assert there.low <= there.value <= there.high
    assert back.low == pytest.approx(1 / there.high, rel=1e-6)
    assert back.high == pytest.approx(1 / there.low, rel=1e-6)


def test_a_ratio_to_nothing_has_no_upper_end_and_of_nothing_no_lower() -> None:
    assert share_ratio((5, 10), (0, 10)).high == math.inf
    assert share_ratio((5, 10), (0, 10)).low > 1
    none = share_ratio((0, 10), (5, 10))
    assert (none.value, none.low) == (0, 0)
    assert 0 < none.high < 1


@pytest.mark.parametrize(
    ("freedom", "t"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (9, 2.262), (30, 2.042), (math.inf, 1.960)],
)
def test_students_t_is_that_of_the_tables(freedom: float, t: float) -> None:
    assert student(freedom) == pytest.approx(t, abs=1.1e-3)


def test_a_mean_and_a_ratio_of_means_lie_inside_what_they_are_given() -> None:
    assert mean([10.0, 10.0, 10.0]) == Estimate(10, 10, 10)
    assert near(mean([8.0, 10.0, 12.0]), 10, 6.0844, 16.4355)
    same = mean_ratio([8.0, 10.0, 12.0], [8.0, 10.0, 12.0])
    assert same.value == 1
    assert same.low * same.high == pytest.approx(1)
    with pytest.raises(ValueError, match="no ratio"):
        mean([0.0, 0.0])


def test_a_median_lies_between_the_values_that_the_binomial_gives() -> None:
    """Of ten values it is the second and the ninth (97.9 %); of five none bound it."""
    assert middle(list(range(1, 11))) == Estimate(5.5, 2, 9)
    assert middle([1, 2, 3, 4, 5]) == Estimate(3, -math.inf, math.inf)
    wide = middle(list(range(2_000)))
    assert 950 < wide.low < 960
    assert 1_040 < wide.high < 1_050


@given(DAYS, DAYS)
def test_a_shift_is_the_median_of_all_differences(one: list[int], other: list[int]) -> None:
    differences = sorted(a - b for a in one for b in other)
    found = shift(one, other)
    assert found.value == median(differences)
    assert found.low <= found.value <= found.high
    back = shift(other, one)
    assert (back.value, back.low, back.high) == (-found.value, -found.high, -found.low)


@given(DAYS, st.integers(-200, 200))
def test_what_is_moved_by_so_many_days_is_found_moved_by_them(one: list[int], days: int) -> None:
    assert shift([value + days for value in one], one).value == days


def test_the_rank_test_agrees_with_worked_examples() -> None:
    """With equal values, and with none differing (figures of SciPy's mannwhitneyu, asymptotic, with continuity)."""
    assert rank_test([1, 2, 3, 4, 5, 6], [5, 6, 7, 8, 9, 10]) == pytest.approx(0.01281, abs=2e-4)
    assert rank_test([4, 4, 4], [4, 4]) == 1.0
    assert rank_test([1, 2, 3], [1, 2, 3]) == 1.0


def drawn(make: Callable[[random.Random], Estimate], truth: float) -> float:
    chance = random.Random(7)
    return sum(make(chance).holds(truth) for _ in range(800)) / 800


def test_the_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    def rates(chance: random.Random) -> Estimate:
        one = sum(chance.random() < 0.6 for _ in range(40))
        return share_ratio((one, 40), (sum(chance.random() < 0.2 for _ in range(70)), 70))

    def sizes(chance: random.Random) -> Estimate:
        one = [chance.lognormvariate(0.3, 0.7) for _ in range(40)]
        return mean_ratio(one, [chance.lognormvariate(0, 0.7) for _ in range(60)])

    def cycles(chance: random.Random) -> Estimate:
        one = [round(chance.lognormvariate(4, 0.6)) for _ in range(30)]
        return shift(one, [round(chance.lognormvariate(4, 0.6)) for _ in range(45)])

    assert 0.93 <= drawn(rates, 3.0) <= 0.975
    assert 0.92 <= drawn(sizes, math.exp(0.3)) <= 0.975
    assert 0.93 <= drawn(cycles, 0) <= 0.975
