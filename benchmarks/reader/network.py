"""Trains the network that reads intents: JAX on the processor, seeded, a few minutes for ten thousand messages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray

from bot.ports import Readable
from bot.readers.builtin.linear import hashed
from bot.readers.builtin.meaning import WordMeanings
from bot.readers.builtin.network import MEANING_WEIGHT, MOST_TOKENS, PIECES, Seen, seen

Arrays = dict[str, Any]
LEAST_SEEN = 3
BATCH, ROUNDS, RATE = 32, 8, 2e-3
WIDE, TABLE, INNER, DEPTH = 192, 64, 48, 2
FORGETTING, DEAF, WORDLESS = 0.3, 0.15, 0.3
"""How often a part of the inner state, a whole word, and a word's own row are left out in training."""
JOINED = 0.3
"""How many messages are made by putting two together, for each real one: a second wish may follow any other."""
_LENGTHS = (16, 32, 48, 64, 96, 128, 192, MOST_TOKENS)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A message to learn from: its words, what else is known of it, and its intents as ones and zeros."""

    words: Sequence[str]
    readable: Readable
    language: str
    wanted: NDArray[np.float32]
    alone: bool


@dataclass(slots=True)
class _Row:
    seen: Seen
    wanted: NDArray[np.float32]


def vocabulary_of(lessons: Sequence[Lesson]) -> NDArray[np.uint32]:
    """The sorted hashes of the words that stand in several messages."""
    counts = Counter(word for lesson in lessons for word in set(lesson.words))
    return np.array(sorted({hashed(w) for w, n in counts.items() if n >= LEAST_SEEN}), np.uint32)


def train_network(
    lessons: Sequence[Lesson], meanings: WordMeanings, seed: int, told: Callable[[str], None]
) -> tuple[Arrays, NDArray[np.uint32]]:
    """The network's arrays and vocabulary."""
    vocabulary = vocabulary_of(lessons)
    rows = [_Row(seen(lesson.words, lesson.readable, meanings, vocabulary), lesson.wanted) for lesson in lessons]
    random = np.random.default_rng(seed)
    partners = _partners(lessons, rows)
    arrays = _fresh(random, len(vocabulary), meanings.vectors.shape[1], len(rows[0].seen.context), len(rows[0].wanted))
    steps = ROUNDS * int(len(rows) * (1 + JOINED)) // BATCH
    rate = optax.warmup_cosine_decay_schedule(0, RATE, steps // 10, steps, RATE / 50)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, weight_decay=0.02))
    state = optimiser.init(arrays)
    table = jnp.asarray(meanings.vectors)

    def learn(arrays: Arrays, state: Any, batch: Arrays, key: Any) -> tuple[Arrays, Any, Any]:
        loss, slopes = jax.value_and_grad(_loss)(arrays, table, batch, key)
        updates, state = optimiser.update(slopes, state, arrays)
        return optax.apply_updates(arrays, updates), state, loss

    step = jax.jit(learn)

    key = jax.random.PRNGKey(seed)
    for number in range(ROUNDS):
        losses = []
        chosen = rows + list(_joined(lessons, rows, partners, random))
        for places in _batches(chosen, random):
            key, used = jax.random.split(key)
            arrays, state, loss = step(arrays, state, _batch([chosen[i] for i in places]), used)
            losses.append(loss)
        told(f"round {number + 1} of {ROUNDS}: loss {float(np.mean([float(x) for x in losses])):.3f}")
    return {name: np.asarray(array) for name, array in arrays.items()}, vocabulary


def _fresh(random: np.random.Generator, words: int, meaning: int, context: int, labels: int) -> Arrays:
    def drawn(*shape: int, spread: float = 1.0) -> NDArray[np.float32]:
        values: NDArray[np.float32] = np.asarray(
            random.standard_normal(shape) * spread / np.sqrt(shape[-2]), np.float32
        )
        return values

    arrays: Arrays = {
        "known": (random.standard_normal((words + 1, TABLE)) * 0.1).astype(np.float32),
        "pieces": (random.standard_normal((PIECES + 1, TABLE)) * 0.05).astype(np.float32),
        "in": drawn(meaning + 2 * TABLE, WIDE),
        "in_bias": np.zeros(WIDE, np.float32),
        "in_context": drawn(context, WIDE, spread=0.5),
        "look": drawn(WIDE, labels),
        "inner": drawn(labels, WIDE, INNER, spread=0.7),
        "inner_bias": np.zeros((labels, INNER), np.float32),
        "out": drawn(INNER, labels),
        "out_bias": np.full(labels, -2, np.float32),
        "out_context": np.zeros((context, labels), np.float32),
    }
    for depth in range(DEPTH):
        arrays[f"turn{depth}"] = drawn(3 * WIDE, WIDE)
        arrays[f"turn_bias{depth}"] = np.zeros(WIDE, np.float32)
        arrays[f"gain{depth}"] = np.ones(WIDE, np.float32)
    return arrays


def _without(values: Any, share: float, key: Any) -> Any:
    return values * jax.random.bernoulli(key, 1 - share, values.shape) / (1 - share)


def _level(rows: Any) -> Any:
    rows = rows - rows.mean(-1, keepdims=True)
    return rows * jax.lax.rsqrt((rows * rows).mean(-1, keepdims=True) + 1e-5)


def _loss(arrays: Arrays, table: Any, batch: Arrays, key: Any) -> Any:
    """The same reckoning as `bot.readers.builtin.network.Network`, with parts left out at random."""
    keys = jax.random.split(key, 5 + DEPTH)
    there = batch["there"][..., None]
    present = (batch["pieces"] > 0)[..., None]
    pieces = (arrays["pieces"][batch["pieces"]] * present).sum(2) / jnp.sqrt(jnp.maximum(present.sum(2), 1))
    own = (batch["known"] > 0) & jax.random.bernoulli(keys[0], 1 - WORDLESS, batch["known"].shape)
    known = arrays["known"][batch["known"]] * own[..., None]
    heard = jax.random.bernoulli(keys[1], 1 - DEAF, batch["known"].shape)[..., None]
    joined = jnp.concatenate([table[batch["meanings"]] * MEANING_WEIGHT, pieces, known], -1) * heard
    hidden = _level(joined @ arrays["in"] + arrays["in_bias"]) + (batch["context"] @ arrays["in_context"])[:, None]
    hidden = _without(hidden, FORGETTING, keys[2]) * there
    for depth in range(DEPTH):
        edged = jnp.pad(hidden, ((0, 0), (1, 1), (0, 0)))
        around = jnp.concatenate([edged[:, :-2], hidden, edged[:, 2:]], -1)
        turned = jax.nn.relu(around @ arrays[f"turn{depth}"] + arrays[f"turn_bias{depth}"])
        hidden = _level(hidden + _without(turned, FORGETTING, keys[3 + depth])) * arrays[f"gain{depth}"] * there
    shares = jax.nn.softmax(hidden @ arrays["look"] + jnp.where(there, 0, -1e9), 1)
    gathered = _without(jnp.einsum("btl,btd->bld", shares, hidden), FORGETTING, keys[-1])
    inner = jnp.tanh(jnp.einsum("bld,ldk->blk", gathered, arrays["inner"]) + arrays["inner_bias"])
    scores = jnp.einsum("blk,kl->bl", inner, arrays["out"]) + arrays["out_bias"]
    scores = scores + batch["context"] @ arrays["out_context"]
    return optax.sigmoid_binary_cross_entropy(scores, batch["wanted"]).sum(-1).mean()


def _batch(rows: Sequence[_Row]) -> Arrays:
    longest = max(len(row.seen.known) for row in rows)
    length = next(size for size in _LENGTHS if size >= longest)
    width = rows[0].seen.pieces.shape[1]
    batch: Arrays = {
        "meanings": np.zeros((len(rows), length), np.int32),
        "known": np.zeros((len(rows), length), np.int32),
        "pieces": np.zeros((len(rows), length, width), np.int32),
        "there": np.zeros((len(rows), length), bool),
        "context": np.stack([row.seen.context for row in rows]),
        "wanted": np.stack([row.wanted for row in rows]),
    }
    for place, row in enumerate(rows):
        size = len(row.seen.known)
        batch["there"][place, :size] = True
        for name in ("meanings", "known", "pieces"):
            batch[name][place, :size] = getattr(row.seen, name)
    return batch


def _batches(rows: Sequence[_Row], random: np.random.Generator) -> list[list[int]]:
    """Places of rows of about equal length, in random order."""
    jitter = random.random(len(rows)) * 12
    order = sorted(range(len(rows)), key=lambda i: len(rows[i].seen.known) + jitter[i])
    batches = [order[i : i + BATCH] for i in range(0, len(order) - BATCH + 1, BATCH)]
    return [batches[i] for i in random.permutation(len(batches))]


def _partners(lessons: Sequence[Lesson], rows: Sequence[_Row]) -> dict[str, list[_Row]]:
    """By language, short messages outside of any thread that may follow another one's wish."""
    found: dict[str, list[_Row]] = defaultdict(list)
    for lesson, row in zip(lessons, rows, strict=True):
        if not lesson.alone and lesson.readable.thread.kind is None and len(lesson.words) < 60:
            found[lesson.language].append(row)
    return found


def _joined(
    lessons: Sequence[Lesson], rows: Sequence[_Row], partners: dict[str, list[_Row]], random: np.random.Generator
) -> Iterator[_Row]:
    for place in random.choice(len(rows), int(JOINED * len(rows)), replace=False):
        lesson, first = lessons[place], rows[place]
        others = partners.get(lesson.language)
        if lesson.alone or len(lesson.words) > 90 or not others:
            continue
        second = others[random.integers(len(others))]
        yield _Row(
            Seen(
                np.concatenate([first.seen.meanings, second.seen.meanings]),
                np.concatenate([first.seen.known, second.seen.known]),
                np.concatenate([first.seen.pieces, second.seen.pieces]),
                first.seen.context,
            ),
            np.maximum(first.wanted, second.wanted),
        )
