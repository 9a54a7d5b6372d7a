"""Trains small networks with JAX, seeded: the levels they have in common, and the steps of learning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray

from bot.readers.builtin.linear import hashed
from bot.readers.builtin.networks.trunk import MEANING_WEIGHT, MOST_TOKENS, PIECES, Hashes, Words

Arrays = dict[str, Any]
Loss = Callable[[Arrays, Any, Arrays, Any], Any]
"""From (arrays, table of meanings, batch, random key) to the loss."""
LEAST_SEEN = 3
BATCH, RATE = 32, 2e-3
FORGETTING, DEAF, WORDLESS = 0.3, 0.15, 0.3
"""How often a part of the inner state, a whole word, and a word's own row are left out in training."""
_LENGTHS = (24, 48, 72, 96, 144, MOST_TOKENS)
"""Lengths to which batches are filled up; each size that occurs costs a second or two of compiling."""


def vocabulary_of(texts: Iterable[Iterable[str]]) -> Hashes:
    """The sorted hashes of the words that stand in several texts."""
    counts = Counter(word for words in texts for word in set(words))
    return np.array(sorted({hashed(w) for w, n in counts.items() if n >= LEAST_SEEN}), np.uint32)


def learnt(
    arrays: Arrays,
    loss: Loss,
    table: NDArray[np.float32],
    rounds: Sequence[Callable[[], Iterable[Arrays]]],
    steps: int,
    seed: int,
    told: Callable[[str], None],
) -> Arrays:
    """The arrays after learning from the batches of each round; `steps` is about how many batches there are in all."""
    rate = optax.warmup_cosine_decay_schedule(0, RATE, steps // 10, steps, RATE / 50)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, weight_decay=0.02))
    state = optimiser.init(arrays)
    meanings = jnp.asarray(table)

    def learn(arrays: Arrays, state: Any, batch: Arrays, key: Any) -> tuple[Arrays, Any, Any]:
        value, slopes = jax.value_and_grad(loss)(arrays, meanings, batch, key)
        updates, state = optimiser.update(slopes, state, arrays)
        return optax.apply_updates(arrays, updates), state, value

    step = jax.jit(learn)
    key = jax.random.PRNGKey(seed)
    for number, one_round in enumerate(rounds, 1):
        losses = []
        for batch in one_round():
            key, used = jax.random.split(key)
            arrays, state, value = step(arrays, state, batch, used)
            losses.append(value)
        told(f"round {number} of {len(rounds)}: loss {float(np.mean([float(x) for x in losses])):.3f}")
    return {name: np.asarray(array) for name, array in arrays.items()}


def drawn(random: np.random.Generator, *shape: int, spread: float = 1.0) -> NDArray[np.float32]:
    """A random matrix to start from, as wide as keeps what goes through it of one size."""
    values: NDArray[np.float32] = np.asarray(random.standard_normal(shape) * spread / np.sqrt(shape[-2]), np.float32)
    return values


def fresh_trunk(random: np.random.Generator, words: int, meaning: int, wide: int, table: int, depth: int) -> Arrays:
    """What every network starts with: its tables and its levels."""
    arrays: Arrays = {
        "known": (random.standard_normal((words + 1, table)) * 0.1).astype(np.float32),
        "pieces": (random.standard_normal((PIECES + 1, table)) * 0.05).astype(np.float32),
        "in": drawn(random, meaning + 2 * table, wide),
        "in_bias": np.zeros(wide, np.float32),
    }
    for level in range(depth):
        arrays[f"turn{level}"] = drawn(random, 3 * wide, wide)
        arrays[f"turn_bias{level}"] = np.zeros(wide, np.float32)
        arrays[f"gain{level}"] = np.ones(wide, np.float32)
    return arrays


def without(values: Any, share: float, key: Any) -> Any:
    """The values with a share of them left out, the rest so much larger."""
    return values * jax.random.bernoulli(key, 1 - share, values.shape) / (1 - share)


def hidden_of(
    arrays: Arrays, table: Any, batch: Arrays, key: Any, inside: Any, beside: Any, steps: Sequence[int]
) -> Any:
    """The same reckoning as `bot.readers.builtin.networks.trunk.hidden_of`, with parts left out at random."""
    keys = jax.random.split(key, 3 + len(steps))
    there, words = batch["there"][..., None], batch["words"]
    present = (batch["pieces"] > 0)[..., None]
    pieces = (arrays["pieces"][batch["pieces"]] * present).sum(1) / jnp.sqrt(jnp.maximum(present.sum(1), 1))
    known = arrays["known"][batch["known"]] * (batch["known"] > 0)[:, None]
    own = jax.random.bernoulli(keys[0], 1 - WORDLESS, words.shape)[..., None]
    pieces, known = pieces[words], known[words] * own
    heard = jax.random.bernoulli(keys[1], 1 - DEAF, words.shape)[..., None]
    joined = jnp.concatenate([table[batch["meanings"]] * MEANING_WEIGHT, pieces, known], -1) * heard
    hidden = _levelled(joined @ arrays["in"] + arrays["in_bias"] + inside) + beside
    hidden = without(hidden, FORGETTING, keys[2]) * there
    for depth, step in enumerate(steps):
        edged = jnp.pad(hidden, ((0, 0), (step, step), (0, 0)))
        around = jnp.concatenate([edged[:, : -2 * step], hidden, edged[:, 2 * step :]], -1)
        turned = jax.nn.relu(around @ arrays[f"turn{depth}"] + arrays[f"turn_bias{depth}"])
        turned = without(turned, FORGETTING, keys[3 + depth])
        hidden = _levelled(hidden + turned) * arrays[f"gain{depth}"] * there
    return hidden


def _levelled(rows: Any) -> Any:
    rows = rows - rows.mean(-1, keepdims=True)
    return rows * jax.lax.rsqrt((rows * rows).mean(-1, keepdims=True) + 1e-5)


def batch_of(words: Sequence[Words]) -> tuple[Arrays, int]:
    """The words of several messages side by side, and how long the batch is.

    `known` and `pieces` have a row for each different word, `words` says which word each token is: far fewer rows of
    the tables are to be learnt that way than there are tokens.
    """
    longest = max(map(len, words))
    length = next(size for size in _LENGTHS if size >= longest)
    batch: Arrays = {
        "meanings": np.stack([filled(row.meanings.astype(np.int32), length) for row in words]),
        "there": np.stack([np.arange(length) < len(row) for row in words]),
    }
    rows = [np.column_stack([row.known.astype(np.int32), row.pieces]) for row in words]
    different, which = np.unique(np.concatenate(rows), axis=0, return_inverse=True)
    size = BATCH * length // 2 if len(different) <= BATCH * length // 2 else BATCH * length
    batch["known"] = filled(different[:, 0], size)
    batch["pieces"] = filled(different[:, 1:], size)
    ends = np.cumsum([len(row) for row in words])[:-1]
    batch["words"] = np.stack([filled(part.astype(np.int32), length) for part in np.split(which.reshape(-1), ends)])
    return batch, length


def batches(words: Sequence[Words], random: np.random.Generator) -> list[list[int]]:
    """Places of messages of about equal length, in random order; what is left over is other messages every time.

    Raises ValueError for fewer messages than make a batch.
    """
    if len(words) < BATCH:
        raise ValueError(f"a network learns from {BATCH} messages at least, here are {len(words)}")
    jitter = random.random(len(words)) * 12
    order = sorted(range(len(words)), key=lambda i: len(words[i]) + jitter[i])
    first = int(random.integers(len(order) % BATCH + 1))
    made = [order[i : i + BATCH] for i in range(first, len(order) - BATCH + 1, BATCH)]
    return [made[i] for i in random.permutation(len(made))]


def filled(values: NDArray[Any], size: int, filling: int = 0) -> NDArray[Any]:
    """The values, followed by as many of the filling as make `size`."""
    return np.concatenate([values, np.full((size - len(values), *values.shape[1:]), filling, values.dtype)])
