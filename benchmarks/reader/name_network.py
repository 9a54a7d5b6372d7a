"""Trains the network that finds names: a tag for each token."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
import optax
from numpy.typing import NDArray

from benchmarks.reader.trunk import (
    BATCH,
    Arrays,
    batch_of,
    batches,
    drawn,
    filled,
    fresh_trunk,
    hidden_of,
    learnt,
)
from bot.readers.builtin.document import Document
from bot.readers.builtin.glance import glance_at
from bot.readers.builtin.meaning import WordMeanings
from bot.readers.builtin.networks.name_clues import CLUES, clues_of
from bot.readers.builtin.networks.name_network import STEPS
from bot.readers.builtin.networks.trunk import MOST_TOKENS, Hashes, Words, words_of
from bot.readers.builtin.tagging import TAGS

ROUNDS = 6
WIDE, TABLE = 160, 48
Tagged = tuple[Document, list[int]]
"""A document and the place in `TAGS` of each of its tokens."""


@dataclass(slots=True)
class _Row:
    words: Words
    clues: NDArray[np.float32]
    tags: NDArray[np.int32]


def train_name_network(
    lessons: Sequence[Tagged], vocabulary: Hashes, meanings: WordMeanings, seed: int, told: Callable[[str], None]
) -> Arrays:
    """The network's arrays; `vocabulary` are the words that get a row of their own."""
    rows = [
        _Row(
            words_of(document.tokens, meanings, vocabulary),
            clues_of(glance_at(document), MOST_TOKENS),
            np.array(tags[:MOST_TOKENS], np.int32),
        )
        for document, tags in lessons
    ]
    random = np.random.default_rng(seed)
    arrays = fresh_trunk(random, len(vocabulary), meanings.vectors.shape[1], WIDE, TABLE, len(STEPS)) | {
        "in_clues": drawn(random, CLUES, WIDE),
        "tag": drawn(random, WIDE, len(TAGS)),
        "tag_bias": np.array([2, *[0] * (len(TAGS) - 1)], np.float32),
    }

    def one_round() -> Iterator[Arrays]:
        for places in batches([row.words for row in rows], random):
            yield _batch([rows[i] for i in places])

    steps = ROUNDS * len(rows) // BATCH
    return learnt(arrays, _loss, meanings.vectors, [one_round] * ROUNDS, steps, seed, told)


def _loss(arrays: Arrays, table: Any, batch: Arrays, key: Any) -> Any:
    """The same reckoning as `bot.readers.builtin.networks.name_network.NameNetwork`, with parts left out at random."""
    inside = batch["clues"] @ arrays["in_clues"]
    hidden = hidden_of(arrays, table, batch, jax.random.split(key)[0], inside, 0.0, STEPS)
    said = hidden @ arrays["tag"] + arrays["tag_bias"]
    lost = optax.softmax_cross_entropy_with_integer_labels(said, batch["tags"]) * batch["there"]
    return lost.sum() / len(said)


def _batch(rows: Sequence[_Row]) -> Arrays:
    batch, length = batch_of([row.words for row in rows])
    batch["clues"] = np.stack([filled(row.clues, length) for row in rows])
    batch["tags"] = np.stack([filled(row.tags, length) for row in rows])
    return batch
