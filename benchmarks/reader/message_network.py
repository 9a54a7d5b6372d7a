"""Trains the network that reads wishes and what mentions are for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray

from benchmarks.reader.trunk import (
    BATCH,
    FORGETTING,
    Arrays,
    batch_of,
    batches,
    drawn,
    filled,
    fresh_trunk,
    hidden_of,
    learnt,
    vocabulary_of,
    without,
)
from bot.ports import Readable
from bot.readers.builtin.document import Document
from bot.readers.builtin.meaning import WordMeanings
from bot.readers.builtin.networks.mention_facts import FACTS
from bot.readers.builtin.networks.message_network import BASES, SAID, STEPS, Seen, seen
from bot.readers.builtin.networks.trunk import Hashes, Words, said_words
from bot.readers.builtin.roles import LABELS
from bot.vocabulary.requests import Intent

ROUNDS = 6
WIDE, TABLE, INNER, MARKED = 192, 64, 48, 96
ROLES_COUNT, BASES_COUNT = 0.4, 0.4
"""How much what a mention is for, and what a sum is for, count beside what the message wants."""
MOST_SEGMENTS = 48
"""Sentences from here on are taken for one."""
JOINED = 0.3
"""How many messages are made by putting two together, for each real one: a second wish may follow any other."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The mentions of a message: the token each stands at, what is known of it, its roles as ones and zeros, and what
    a sum is for: a place in `BASES`, -1 where that is not asked.
    """

    places: NDArray[np.intp]
    facts: NDArray[np.float32]
    roles: NDArray[np.float32]
    bases: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A message to learn from: its words, what else is known of it, and what it says as ones and zeros."""

    document: Document
    readable: Readable
    language: str
    wanted: NDArray[np.float32]
    marks: Marks
    alone: bool


@dataclass(slots=True)
class _Row:
    seen: Seen
    wanted: NDArray[np.float32]
    marks: Marks


def train_network(
    lessons: Sequence[Lesson], meanings: WordMeanings, seed: int, told: Callable[[str], None]
) -> tuple[Arrays, Hashes]:
    """The network's arrays and vocabulary."""
    vocabulary = vocabulary_of(said_words(lesson.document.tokens) for lesson in lessons)
    rows = [_Row(seen(n.document, n.readable, meanings, vocabulary), n.wanted, n.marks) for n in lessons]
    random = np.random.default_rng(seed)
    partners = _partners(lessons, rows)
    arrays = _fresh(random, len(vocabulary), meanings.vectors.shape[1], len(rows[0].seen.context))

    def one_round() -> Iterator[Arrays]:
        chosen = rows + list(_joined(lessons, rows, partners, random))
        for places in batches([row.seen.words for row in chosen], random):
            yield _batch([chosen[i] for i in places])

    steps = ROUNDS * int(len(rows) * (1 + JOINED)) // BATCH
    return learnt(arrays, _loss, meanings.vectors, [one_round] * ROUNDS, steps, seed, told), vocabulary


def _fresh(random: np.random.Generator, words: int, meaning: int, context: int) -> Arrays:
    labels, marked = len(SAID), len(LABELS) + len(BASES)
    make = partial(drawn, random)
    return fresh_trunk(random, words, meaning, WIDE, TABLE, len(STEPS)) | {
        "in_context": make(context, WIDE, spread=0.5),
        "look": make(WIDE, labels),
        "inner": make(labels, WIDE, INNER, spread=0.7),
        "inner_bias": np.zeros((labels, INNER), np.float32),
        "out": make(INNER, labels),
        "out_bias": np.full(labels, -2, np.float32),
        "out_context": np.zeros((context, labels), np.float32),
        "mark": make(3 * WIDE, MARKED),
        "mark_facts": make(FACTS, MARKED),
        "mark_wishes": make(len(Intent), MARKED),
        "mark_bias": np.zeros(MARKED, np.float32),
        "role": make(MARKED, marked),
        "role_bias": np.full(marked, -1, np.float32),
    }


def _loss(arrays: Arrays, table: Any, batch: Arrays, key: Any) -> Any:
    """The same reckoning as `bot.readers.builtin.networks.message_network`, with parts left out at random."""
    keys = jax.random.split(key, 3)
    beside = (batch["context"] @ arrays["in_context"])[:, None]
    hidden = hidden_of(arrays, table, batch, keys[0], 0.0, beside, STEPS)
    scores = _scores(arrays, hidden, batch, keys[1])
    said = optax.sigmoid_binary_cross_entropy(scores, batch["wanted"]).sum(-1).mean()
    roles, bases = _marked(arrays, hidden, batch, keys[2])
    of_roles = optax.sigmoid_binary_cross_entropy(roles, batch["roles"]).sum(-1) * batch["marked"]
    of_bases = optax.softmax_cross_entropy_with_integer_labels(bases, jnp.maximum(batch["bases"], 0))
    of_bases = of_bases * (batch["bases"] >= 0)
    return said + (ROLES_COUNT * of_roles.sum() + BASES_COUNT * of_bases.sum()) / len(scores)


def _scores(arrays: Arrays, hidden: Any, batch: Arrays, key: Any) -> Any:
    there = batch["there"][..., None]
    shares = jax.nn.softmax(hidden @ arrays["look"] + jnp.where(there, 0, -1e9), 1)
    gathered = without(jnp.einsum("btl,btd->bld", shares, hidden), FORGETTING, key)
    inner = jnp.tanh(jnp.einsum("bld,ldk->blk", gathered, arrays["inner"]) + arrays["inner_bias"])
    scores = jnp.einsum("blk,kl->bl", inner, arrays["out"]) + arrays["out_bias"]
    return scores + batch["context"] @ arrays["out_context"]


def _marked(arrays: Arrays, hidden: Any, batch: Arrays, key: Any) -> tuple[Any, Any]:
    """The scores of all mentions of the batch, one after another, for roles and for bases."""
    keys = jax.random.split(key)
    inside = jax.nn.one_hot(batch["segments"], MOST_SEGMENTS) * batch["there"][..., None]
    sizes = jnp.maximum(inside.sum(1), 1)
    segments = jnp.einsum("bts,btd->bsd", inside, hidden) / sizes[..., None]
    whole = hidden.sum(1) / jnp.maximum(batch["there"].sum(1), 1)[:, None]
    rows, places = batch["rows"], batch["places"]
    around = segments[rows, batch["segments"][rows, places]]
    read = without(jnp.concatenate([hidden[rows, places], around, whole[rows]], -1), FORGETTING, keys[0])
    inner = read @ arrays["mark"] + batch["facts"] @ arrays["mark_facts"]
    inner = jax.nn.relu(inner + batch["wanted"][rows, : len(Intent)] @ arrays["mark_wishes"] + arrays["mark_bias"])
    said = without(inner, FORGETTING, keys[1]) @ arrays["role"] + arrays["role_bias"]
    return said[:, : -len(BASES)], said[:, -len(BASES) :]


def _batch(rows: Sequence[_Row]) -> Arrays:
    batch, length = batch_of([row.seen.words for row in rows])
    numbers = [np.minimum(row.seen.segments, MOST_SEGMENTS - 1).astype(np.int32) for row in rows]
    batch["segments"] = np.stack([filled(row, length) for row in numbers])
    batch["context"] = np.stack([row.seen.context for row in rows])
    batch["wanted"] = np.stack([row.wanted for row in rows])
    return batch | _marks_of(rows, BATCH * length)


def _marks_of(rows: Sequence[_Row], most: int) -> Arrays:
    """The mentions of all rows in one list, filled up to a size that few other batches differ from."""
    number = sum(len(row.marks.places) for row in rows)
    size = most // 4 if number <= most // 4 else most
    owners = np.repeat(np.arange(len(rows)), [len(row.marks.places) for row in rows])
    return {
        "rows": filled(owners.astype(np.int32), size),
        "places": filled(np.concatenate([row.marks.places for row in rows]).astype(np.int32), size),
        "facts": filled(np.concatenate([row.marks.facts for row in rows]), size),
        "roles": filled(np.concatenate([row.marks.roles for row in rows]), size),
        "bases": filled(np.concatenate([row.marks.bases for row in rows]).astype(np.int32), size, -1),
        "marked": filled(np.ones(number, np.float32), size),
    }


def _partners(lessons: Sequence[Lesson], rows: Sequence[_Row]) -> dict[str, list[_Row]]:
    """By language, short messages outside of any thread that may follow another one's wish."""
    found: dict[str, list[_Row]] = defaultdict(list)
    for lesson, row in zip(lessons, rows, strict=True):
        if not lesson.alone and lesson.readable.thread.kind is None and len(lesson.document.tokens) < 60:
            found[lesson.language].append(row)
    return found


def _joined(
    lessons: Sequence[Lesson], rows: Sequence[_Row], partners: dict[str, list[_Row]], random: np.random.Generator
) -> Iterator[_Row]:
    for place in random.choice(len(rows), int(JOINED * len(rows)), replace=False):
        lesson, first = lessons[place], rows[place]
        others = partners.get(lesson.language)
        if lesson.alone or len(lesson.document.tokens) > 90 or not others:
            continue
        yield _together(first, others[random.integers(len(others))])


def _together(first: _Row, second: _Row) -> _Row:
    """One message behind the other; what both say, it says."""
    one, other = first.seen, second.seen
    behind = other.segments + one.segments[-1] + 1
    return _Row(
        Seen(
            Words(
                np.concatenate([one.words.meanings, other.words.meanings]),
                np.concatenate([one.words.known, other.words.known]),
                np.concatenate([one.words.pieces, other.words.pieces]),
            ),
            np.concatenate([one.segments, behind]),
            one.context,
        ),
        np.maximum(first.wanted, second.wanted),
        Marks(
            np.concatenate([first.marks.places, second.marks.places + len(one.words)]),
            np.concatenate([first.marks.facts, second.marks.facts]),
            np.concatenate([first.marks.roles, second.marks.roles]),
            np.concatenate([first.marks.bases, second.marks.bases]),
        ),
    )
