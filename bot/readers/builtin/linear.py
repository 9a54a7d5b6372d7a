"""A linear model over hashed text features: scores for each label, with numpy alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Features = Mapping[str, float]


def hashed(name: str) -> int:
    """The 32-bit hash under which a feature is stored."""
    return crc32(name.encode("utf-8", "replace"))


def hashes_of(names: Iterable[str]) -> NDArray[np.uint32]:
    """The hash of each name."""
    listed = list(names)
    try:
        return np.fromiter(map(crc32, map(str.encode, listed)), np.uint32, len(listed))
    except UnicodeEncodeError:  # half a surrogate pair
        return np.array([hashed(name) for name in listed], np.uint32)


def places_in(table: NDArray[np.uint32], wanted: NDArray[np.uint32]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """(place of each hash in a sorted table, whether it stands there)."""
    places = np.minimum(table.searchsorted(wanted), len(table) - 1)
    return places, table[places] == wanted


@dataclass(frozen=True, slots=True)
class Encoded:
    """Features looked up once for several models: their hashes and values beside their names."""

    names: Features
    hashes: NDArray[np.uint32]
    values: NDArray[np.float32]


def encoded(features: Features) -> Encoded:
    """The features with their hashes."""
    return Encoded(features, hashes_of(features), np.fromiter(features.values(), np.float32, len(features)))


class LinearModel:
    """`hashes` are sorted feature hashes, `weights` a row for each; a sample's scores are bias plus weighted rows."""

    def __init__(
        self,
        labels: Sequence[str],
        hashes: NDArray[np.uint32],
        weights: NDArray[np.float32],
        bias: NDArray[np.float32],
    ) -> None:
        self.labels = tuple(labels)
        self._hashes = hashes
        self._weights = weights
        self._bias = bias

    def scores(self, features: Features | Encoded) -> NDArray[np.float32]:
        """A raw score for each label; features never seen in training count nothing."""
        coded = features if isinstance(features, Encoded) else encoded(features)
        if not len(coded.hashes):
            return self._bias.copy()
        rows, known = places_in(self._hashes, coded.hashes)
        result: NDArray[np.float32] = self._bias + coded.values[known] @ self._weights[rows[known]]
        return result

    def many(self, samples: Sequence[Features]) -> NDArray[np.float32]:
        """The scores of many samples, a row for each."""
        result: NDArray[np.float32] = np.tile(self._bias, (len(samples), 1))
        places, known = places_in(self._hashes, hashes_of(name for features in samples for name in features))
        values = np.array([value for features in samples for value in features.values()], np.float32)[known]
        self._add(result, samples, known, self._weights[places[known]] * values[:, None])
        return result

    def rows(self, samples: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """The scores of many samples whose features each count one, a row for each."""
        places, known = places_in(self._hashes, hashes_of(name for names in samples for name in names))
        result: NDArray[np.float32] = np.tile(self._bias, (len(samples), 1))
        self._add(result, samples, known, self._weights[places[known]])
        return result

    @staticmethod
    def _add(
        result: NDArray[np.float32],
        samples: Sequence[Sized],
        known: NDArray[np.bool_],
        weighed: NDArray[np.float32],
    ) -> None:
        """To the row of each sample add what its known features weigh."""
        owners = np.repeat(np.arange(len(samples)), [len(sample) for sample in samples])[known]
        if len(owners):
            starts = np.flatnonzero(np.diff(owners, prepend=-1))
            result[owners[starts]] += np.add.reduceat(weighed, starts, axis=0)

    def probabilities(self, features: Features | Encoded) -> dict[str, float]:
        """Each label's own probability; they need not add up to one."""
        scores = np.clip(self.scores(features), -30, 30)
        return dict(zip(self.labels, (1 / (1 + np.exp(-scores))).tolist(), strict=True))

    def best_chance(self, features: Features | Encoded) -> float:
        """The probability of the likeliest label."""
        return max(self.probabilities(features).values())

    def packed(self, name: str) -> dict[str, NDArray[np.generic]]:
        """The model's arrays for `numpy.savez`, weights as whole numbers of 8 bits with one scale for each label."""
        scale = np.maximum(np.abs(self._weights).max(axis=0), 1e-9) / 127
        return {
            f"{name}.labels": np.array(self.labels),
            f"{name}.hashes": self._hashes,
            f"{name}.weights": np.rint(self._weights / scale).astype(np.int8),
            f"{name}.scale": scale.astype(np.float32),
            f"{name}.bias": self._bias.astype(np.float32),
        }


def unpack(arrays: Mapping[str, NDArray[np.generic]], name: str) -> LinearModel:
    """The model that `LinearModel.packed` stored under the name."""
    weights = arrays[f"{name}.weights"].astype(np.float32) * arrays[f"{name}.scale"].astype(np.float32)
    return LinearModel(
        [str(label) for label in arrays[f"{name}.labels"]],
        arrays[f"{name}.hashes"].astype(np.uint32),
        weights,
        arrays[f"{name}.bias"].astype(np.float32),
    )


def load_arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    """Every array of an npz file, in memory; no pickled objects are read."""
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


DAMPING = 0.25


def block(names: Iterable[str], weight: float, damping: float = DAMPING) -> dict[str, float]:
    """The features as one block, each once.

    With `damping` 0.5 all blocks are equally long, with 0 all features are equal.
    """
    once = dict.fromkeys(names)
    if not once:
        return {}
    return dict.fromkeys(once, weight / float(len(once)) ** damping)
