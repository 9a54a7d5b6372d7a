"""Estimates with 95 % intervals, each by a method that needs no random numbers: the same data give the same answer.

Shares: Wilson's score interval; their ratio by MOVER (Donner and Zou 2012) from two of these, which takes zeros, too.
Means: on the logarithmic scale with Student's t, their ratio with Welch's degrees of freedom. Medians: order
statistics, by the binomial distribution; their difference as the shift of Hodges and Lehmann with the interval that
belongs to the rank test of Mann and Whitney. None of the last three asks for a bell curve.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, median, variance

import numpy as np
from numpy.typing import NDArray

_LEVEL = 0.95
_Z = NormalDist().inv_cdf(0.5 + _LEVEL / 2)
_EXACT = 1_000  # values up to which a median's ranks come from the binomial distribution itself


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and its 95 % interval; an end that the data do not bound is infinite."""

    value: float
    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def share(hits: int, of: int) -> Estimate:
    """ValueError where there is nothing to take a share of."""
    if not 0 <= hits <= of or not of:
        raise ValueError(f"{hits} of {of} is no share")
    rate, spread = hits / of, _Z * _Z / of
    middle = (rate + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * math.sqrt(rate * (1 - rate) / of + spread / of / 4)
    return Estimate(rate, max(middle - half, 0.0) if hits else 0.0, min(middle + half, 1.0) if hits < of else 1.0)


def share_ratio(one: tuple[int, int], other: tuple[int, int]) -> Estimate:
    """How many times the second share the first is; both are (hits, of). Infinite where the second is zero."""
    a, b = share(*one), share(*other)
    if not b.value:
        return Estimate(math.inf, _low(a, b), math.inf)
    return Estimate(a.value / b.value, _low(a, b), math.inf if not b.low else _high(a, b))


def _low(a: Estimate, b: Estimate) -> float:
    product = a.value * b.value
    below = b.high * (2 * b.value - b.high)
    root = math.sqrt(max(product * product - a.low * (2 * a.value - a.low) * below, 0.0))
    if abs(below) < 1e-12:
        return a.low * (2 * a.value - a.low) / (2 * product) if product else 0.0
    return max((product - root) / below, 0.0)


def _high(a: Estimate, b: Estimate) -> float:
    product = a.value * b.value
    below = b.low * (2 * b.value - b.low)
    root = math.sqrt(max(product * product - a.high * (2 * a.value - a.high) * below, 0.0))
    return (product + root) / below


def mean(values: Sequence[float]) -> Estimate:
    """Of at least two values with a mean above zero; ValueError otherwise."""
    centre, error = _relative(values)
    wide = math.exp(student(len(values) - 1) * error)
    return Estimate(centre, centre / wide, centre * wide)


def mean_ratio(one: Sequence[float], other: Sequence[float]) -> Estimate:
    """How many times the second mean the first is."""
    (a, error_a), (b, error_b) = _relative(one), _relative(other)
    both = error_a**2 + error_b**2
    parts = error_a**4 / (len(one) - 1) + error_b**4 / (len(other) - 1)
    wide = math.exp(student(both * both / parts if parts else math.inf) * math.sqrt(both))
    return Estimate(a / b, a / b / wide, a / b * wide)


def _relative(values: Sequence[float]) -> tuple[float, float]:
    """The mean, and its standard error as a part of it, which is that of its logarithm."""
    centre = fmean(values)
    if centre <= 0:
        raise ValueError("a mean of zero or less has no ratio")
    return centre, math.sqrt(variance(values) / len(values)) / centre


def middle(values: Sequence[int]) -> Estimate:
    """The median, with the two values between which it lies."""
    ordered = sorted(values)
    place = _rank(len(ordered))
    low, high = (ordered[place], ordered[-1 - place]) if place is not None else (-math.inf, math.inf)
    return Estimate(float(median(ordered)), float(low), float(high))


def _rank(count: int) -> int | None:
    """How many values may be cut off at either end; None where so few bound nothing."""
    if count > _EXACT:
        return max(math.floor((count - _Z * math.sqrt(count)) / 2) - 1, 0)
    below, tail = 0.0, (1 - _LEVEL) / 2
    for place in range(count):
        below += math.comb(count, place) / 2**count
        if below > tail:
            return place - 1 if place else None
    return None


def shift(one: Sequence[int], other: Sequence[int]) -> Estimate:
    """By how much the first values are larger: the median of all differences between one of each."""
    first, second = np.sort(np.asarray(one, np.int64)), np.sort(np.asarray(other, np.int64))
    pairs = first.size * second.size
    spread = _Z * math.sqrt(pairs * (first.size + second.size + 1) / 12)
    place = math.floor(pairs / 2 - spread - 0.5)
    count = _counting(first, second)
    lower, upper = _nth(count, first, second, (pairs - 1) // 2), _nth(count, first, second, pairs // 2)
    if place < 0:
        return Estimate((lower + upper) / 2, -math.inf, math.inf)
    low, high = _nth(count, first, second, place), _nth(count, first, second, pairs - 1 - place)
    return Estimate((lower + upper) / 2, float(low), float(high))


def _counting(first: NDArray[np.int64], second: NDArray[np.int64]) -> Callable[[int], int]:
    """How many differences are at most so large."""
    return lambda most: int(np.searchsorted(first, second + most, side="right").sum())


def _nth(count: Callable[[int], int], first: NDArray[np.int64], second: NDArray[np.int64], place: int) -> int:
    """The difference that stands at that place when all are in order, found by halving."""
    low, high = int(first[0] - second[-1]), int(first[-1] - second[0])
    while low < high:
        half = (low + high) // 2
        low, high = (low, half) if count(half) > place else (half + 1, high)
    return low


def rank_test(one: Sequence[int], other: Sequence[int]) -> float:
    """How likely so different ranks are where nothing differs (two-sided, by the bell curve, equal values considered).

    1 where all values are equal.
    """
    first, second = np.asarray(one, np.int64), np.sort(np.asarray(other, np.int64))
    wins = float((np.searchsorted(second, first, "left") + np.searchsorted(second, first, "right")).sum()) / 2
    everyone = first.size + second.size
    _, ties = np.unique(np.concatenate([first, second]), return_counts=True)
    tied = float((ties.astype(float) ** 3 - ties).sum()) / (everyone * (everyone - 1))
    spread = math.sqrt(first.size * second.size / 12 * max(everyone + 1 - tied, 0.0))
    if not spread:
        return 1.0
    distance = max(abs(wins - first.size * second.size / 2) - 0.5, 0.0) / spread
    return min(2 * (1 - NormalDist().cdf(distance)), 1.0)


def student(freedom: float) -> float:
    """Student's t for 95 %, two-sided: the expansion of Cornish and Fisher, within 0.1 % from 4 degrees on; the exact
    figures below that.
    """
    if freedom < 1:
        raise ValueError("two values are the least")
    if freedom < _FEW:
        whole = math.floor(freedom)
        return _T[whole - 1]
    z, inverse = _Z, 1 / freedom
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160,
    )
    return z + sum(term * inverse ** (power + 1) for power, term in enumerate(terms))


_T = (12.7062, 4.3027, 3.1824)
_FEW = len(_T) + 1
