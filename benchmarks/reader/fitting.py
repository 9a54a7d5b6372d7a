"""Fits linear models on named features: one logistic regression for each label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from bot.readers.builtin.linear import LinearModel, hashed

Rows = Sequence[dict[str, float]]


def _matrix(rows: Rows, least_seen: int) -> tuple[csr_matrix, np.ndarray]:
    encoded = [{hashed(name): value for name, value in row.items()} for row in rows]
    counts = Counter(h for row in encoded for h in row)
    hashes = np.array(sorted(h for h, n in counts.items() if n >= least_seen), dtype=np.uint32)
    column = {int(h): i for i, h in enumerate(hashes)}
    data: list[float] = []
    places: list[int] = []
    starts = [0]
    for row in encoded:
        for h, value in row.items():
            if h in column:
                places.append(column[h])
                data.append(value)
        starts.append(len(data))
    return csr_matrix((data, places, starts), shape=(len(rows), len(hashes)), dtype=np.float32), hashes


def fit_labels(
    rows: Rows, wanted: Sequence[set[str]], labels: Sequence[str], strength: float, least_seen: int = 3
) -> LinearModel:
    """A model with an independent chance for each label."""
    matrix, hashes = _matrix(rows, least_seen)
    weights = np.zeros((len(hashes), len(labels)), dtype=np.float32)
    bias = np.full(len(labels), -6.0, dtype=np.float32)
    for place, label in enumerate(labels):
        target = np.array([label in row for row in wanted])
        if 0 < target.sum() < len(target):
            fitted = LogisticRegression(C=strength, solver="liblinear", random_state=7, tol=1e-3).fit(matrix, target)
            weights[:, place] = fitted.coef_[0]
            bias[place] = fitted.intercept_[0]
    return _pruned(labels, hashes, weights, bias)


def fit_known(
    rows: Rows, known: Sequence[dict[str, bool]], labels: Sequence[str], strength: float, heed: Sequence[float]
) -> LinearModel:
    """As `fit_labels`, where a row counts only for the labels known of it, with its own weight."""
    matrix, hashes = _matrix(rows, 3)
    weights = np.zeros((len(hashes), len(labels)), dtype=np.float32)
    bias = np.full(len(labels), -6.0, dtype=np.float32)
    counted = np.array(heed)
    for place, label in enumerate(labels):
        chosen = np.array([i for i, row in enumerate(known) if label in row])
        target = np.array([known[i][label] for i in chosen])
        if 0 < target.sum() < len(target):
            fitting = LogisticRegression(C=strength, solver="liblinear", random_state=7, tol=1e-3)
            fitted = fitting.fit(matrix[chosen], target, sample_weight=counted[chosen])
            weights[:, place] = fitted.coef_[0]
            bias[place] = fitted.intercept_[0]
    return _pruned(labels, hashes, weights, bias)


def fit_choice(rows: Rows, wanted: Sequence[str], strength: float, least_seen: int = 2) -> LinearModel:
    """A model that chooses one of the labels seen."""
    labels = sorted(set(wanted))
    return fit_labels(rows, [{w} for w in wanted], labels, strength, least_seen)


def _pruned(labels: Sequence[str], hashes: np.ndarray, weights: np.ndarray, bias: np.ndarray) -> LinearModel:
    """Without features that hardly weigh, so that the file stays small."""
    kept = np.abs(weights).max(axis=1) > 0.02 * max(1e-9, float(np.abs(weights).max()))
    return LinearModel(labels, hashes[kept], weights[kept], bias)
