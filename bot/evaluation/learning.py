"""Fits a correction to the shipped intents: regularised logistic regression over whole messages, with numpy alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.readers.builtin.linear import Features, LinearModel, hashes_of

STRENGTH = 8.0
"""How much a weight costs beside an error: the larger, the more messages it takes to move a score."""
STEPS = 300
_WIDE = 2_048  # columns of the feature table that are held at once


@dataclass(frozen=True, slots=True)
class Lesson:
    """One message as the intent model saw it, its shipped scores as log-odds, and the intents it should have."""

    features: Features
    scores: NDArray[np.float32]
    wanted: frozenset[str]


class Lessons:
    """Messages to learn from, with how alike every two of them are worked out once for all fits.

    A feature that a single message has is left out: it would only learn that message by heart.
    """

    def __init__(self, labels: Sequence[str], lessons: Sequence[Lesson]) -> None:
        self._labels = tuple(labels)
        self._shipped = np.array([lesson.scores for lesson in lessons], np.float64).reshape(len(lessons), len(labels))
        self._targets = np.array([[label in lesson.wanted for label in labels] for lesson in lessons], np.float64)
        self._targets = self._targets.reshape(len(lessons), len(labels))
        self._rows, hashes, self._values = _flat(lessons)
        self._hashes, columns, often = np.unique(hashes, return_inverse=True, return_counts=True)
        shared = often[columns] > 1
        self._rows, self._values = self._rows[shared], self._values[shared]
        kept = np.cumsum(often > 1) - 1
        self._columns = kept[columns[shared]]
        self._hashes = self._hashes[often > 1]
        order = np.argsort(self._columns, kind="stable")
        self._rows, self._columns, self._values = self._rows[order], self._columns[order], self._values[order]
        self._alike = self._likeness(len(lessons))

    def _likeness(self, size: int) -> NDArray[np.float64]:
        """The inner product of every two messages; the bias counts as a feature of all."""
        alike = np.ones((size, size))
        for first in range(0, len(self._hashes), _WIDE):
            inside = slice(*np.searchsorted(self._columns, (first, first + _WIDE)))
            block = np.zeros((size, _WIDE), np.float32)
            block[self._rows[inside], self._columns[inside] - first] = self._values[inside]
            alike += block @ block.T
        return alike

    def fitted(self, places: Sequence[int]) -> LinearModel:
        """The correction that the messages at these places teach; the same ones always teach the same."""
        own = np.array(places, np.intp)
        alike = self._alike[np.ix_(own, own)]
        shares = _solved(alike, self._shipped[own], self._targets[own])
        everyone = np.zeros((len(self._alike), len(self._labels)))
        everyone[own] = shares
        weights = np.zeros((len(self._hashes), len(self._labels)))
        np.add.at(weights, self._columns, self._values[:, None] * everyone[self._rows])
        if not len(self._hashes):
            return LinearModel(self._labels, np.zeros(1, np.uint32), np.zeros((1, len(self._labels)), np.float32),
                               shares.sum(axis=0).astype(np.float32))  # fmt: skip
        bias = shares.sum(axis=0).astype(np.float32)
        return LinearModel(self._labels, self._hashes.astype(np.uint32), weights.astype(np.float32), bias)


def _flat(lessons: Sequence[Lesson]) -> tuple[NDArray[np.intp], NDArray[np.uint32], NDArray[np.float32]]:
    """(message, feature hash, value) of everything that any message has; of two features with one hash both."""
    lengths = [len(lesson.features) for lesson in lessons]
    hashes = hashes_of(name for lesson in lessons for name in lesson.features)
    values = np.fromiter((v for lesson in lessons for v in lesson.features.values()), np.float32, sum(lengths))
    return np.repeat(np.arange(len(lessons)), lengths), hashes, values


def _solved(
    alike: NDArray[np.float64], shipped: NDArray[np.float64], targets: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How much each message adds to each label's weights, by Nesterov's accelerated descent from zero."""
    steepest = STRENGTH + 0.25 * _largest(alike)
    smooth = np.sqrt(STRENGTH / steepest)
    momentum = (1 - smooth) / (1 + smooth)
    shares = ahead = np.zeros_like(shipped)
    for _ in range(STEPS):
        scores = np.clip(shipped + alike @ ahead, -30, 30)
        slope = 1 / (1 + np.exp(-scores)) - targets + STRENGTH * ahead
        before, shares = shares, ahead - slope / steepest
        ahead = shares + momentum * (shares - before)
    return shares


def _largest(alike: NDArray[np.float64]) -> float:
    """A bound on the largest eigenvalue: no row's sum of sizes is smaller than it."""
    return float(np.abs(alike).sum(axis=1).max()) if len(alike) else 1.0
