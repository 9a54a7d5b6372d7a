"""What single words mean: a table that puts words of like meaning side by side, over all languages."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.readers.builtin.linear import block, hashes_of, load_arrays, places_in

WORDS = Path(__file__).with_name("weights") / "words.npz"
UNKNOWN = 0


class WordMeanings:
    """`vectors` has a row for each word; `groups` the number of each word's group, from coarse to fine, (words, 3).

    Words are known by their hashes, lower case. Row 0 of `vectors` and `groups` is that of every other word.
    """

    def __init__(self, hashes: NDArray[np.uint32], vectors: NDArray[np.float32], groups: NDArray[np.int32]) -> None:
        self._hashes = hashes
        self.vectors = np.concatenate([np.zeros((1, vectors.shape[1]), np.float32), vectors])
        self._groups = [(-1, -1, -1), *(tuple(row) for row in groups.tolist())]

    def rows(self, words: Sequence[str]) -> NDArray[np.intp]:
        """The row of each word."""
        places, known = places_in(self._hashes, hashes_of(words))
        found: NDArray[np.intp] = np.where(known, places + 1, UNKNOWN)
        return found

    def groups(self, words: Sequence[str]) -> list[Sequence[int] | None]:
        """The groups of each word, from coarse to fine; None for a word that the table does not know."""
        return [self._groups[row] if row else None for row in self.rows(words).tolist()]

    def features(self, words: Sequence[str], thread: str) -> dict[str, float]:
        """The groups of the words, alone and in twos: what is said, whatever the words and the language."""
        groups = self.groups(words)
        known = [g for g in groups if g]
        coarse = [_name(word, group, 0) for word, group in zip(words, groups, strict=True)]
        middle = [_name(word, group, 1) for word, group in zip(words, groups, strict=True)]
        near = [f"ke {a} {b}" for a, b in itertools.pairwise(coarse)]
        near += [f"ks {a} {b}" for a, b in zip(coarse, coarse[2:], strict=False)]
        return (
            block((f"k0 {g[0]}" for g in known), 0.6)
            | block((f"k1 {g[1]}" for g in known), 0.8)
            | block((f"k2 {g[2]}" for g in known), 0.8)
            | block((f"kb {a} {b}" for a, b in itertools.pairwise(middle)), 0.7)
            | block(near, 0.7)
            | block((f"kt {thread} {g[1]}" for g in known), 0.5)
        )


def _name(word: str, group: Sequence[int] | None, fineness: int) -> str:
    """The group as a name; a kind of mention and a mark speak for themselves."""
    if group:
        return str(group[fineness])
    return word if word[0] in "<?!" else "_"


@cache
def load_meanings() -> WordMeanings:
    """The table that `benchmarks.reader.meanings` made; all readers of a process share it."""
    arrays: Mapping[str, NDArray[np.generic]] = load_arrays(WORDS)
    vectors = arrays["vectors"].astype(np.float32) * arrays["scale"].astype(np.float32)
    return WordMeanings(arrays["hashes"].astype(np.uint32), vectors, arrays["groups"].astype(np.int32))
