"""Fits linear models on named features: one logistic regression for each label."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from bot.readers.builtin.linear import Encoded, Features, LinearModel, encoded

Rows = Sequence[Features | Encoded]
CORES = 2


def _matrix(rows: Rows, least_seen: int) -> tuple[csr_matrix, np.ndarray]:
    coded = [row if isinstance(row, Encoded) else encoded(row) for row in rows]
    everything = np.concatenate([row.hashes for row in coded])
    seen, places, counts = np.unique(everything, return_inverse=True, return_counts=True)
    kept = counts >= least_seen
    column = np.cumsum(kept) - 1
    used = kept[places]
    owners = np.repeat(np.arange(len(coded)), [len(row.hashes) for row in coded])
    values = np.concatenate([row.values for row in coded])[used]
    shape = (len(rows), int(kept.sum()))
    return csr_matrix((values, (owners[used], column[places[used]])), shape=shape, dtype=np.float32), seen[kept]


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
    kept[:1] = True  # a table without a row could not be looked up
    return LinearModel(labels, hashes[kept], weights[kept], bias)
