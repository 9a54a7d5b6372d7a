"""Fits linear models on named features: one logistic regression for each label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from bot.readers.builtin.linear import LinearModel, hashed

Rows = Sequence[dict[str, float]]
CORES = 2


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
    matrix.sum_duplicates()  # in place; afterwards the threads only read
    weights = np.zeros((len(hashes), len(labels)), dtype=np.float32)
    bias = np.full(len(labels), -6.0, dtype=np.float32)

    def fit(place: int) -> None:
        target = np.array([labels[place] in row for row in wanted])
        if 0 < target.sum() < len(target):
            fitted = LogisticRegression(C=strength, solver="liblinear", random_state=7, tol=1e-3).fit(matrix, target)
            weights[:, place] = fitted.coef_[0]
            bias[place] = fitted.intercept_[0]

    with ThreadPoolExecutor(CORES) as threads:  # the solver lets go of the interpreter
        list(threads.map(fit, range(len(labels))))
    return _pruned(labels, hashes, weights, bias)


def fit_choice(rows: Rows, wanted: Sequence[str], strength: float, least_seen: int = 2) -> LinearModel:
    """A model that chooses one of the labels seen."""
    labels = sorted(set(wanted))
    return fit_labels(rows, [{w} for w in wanted], labels, strength, least_seen)


def _pruned(labels: Sequence[str], hashes: np.ndarray, weights: np.ndarray, bias: np.ndarray) -> LinearModel:
    """Without features that hardly weigh, so that the file stays small."""
    kept = np.abs(weights).max(axis=1) > 0.02 * max(1e-9, float(np.abs(weights).max()))
    return LinearModel(labels, hashes[kept], weights[kept], bias)
