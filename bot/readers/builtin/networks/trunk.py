"""What the small networks have in common: tables of words and of pieces of words, and levels of convolution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.readers.builtin.document import Token
from bot.readers.builtin.linear import hashed, hashes_of, places_in
from bot.readers.builtin.meaning import WordMeanings
from bot.readers.builtin.wording import masked

Floats = NDArray[np.float32]
Hashes = NDArray[np.uint32]
MOST_TOKENS, LONGEST_WORD = 320, 30
PIECES, MOST_PIECES = 20_000, 12
"""How many different pieces of words are told apart, and how many of one word count."""
MEANING_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Words:
    """What a network sees of the words of a message, a row for each token: `meanings` are rows of the table of
    meanings, `known` rows of the vocabulary, `pieces` (tokens, 12) rows of the table of pieces; 0 is none.
    """

    meanings: NDArray[np.intp]
    known: NDArray[np.intp]
    pieces: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.known)


def said_words(tokens: Sequence[Token]) -> list[str]:
    """The words as the networks know them: lower case, marks included, mentions by their kind."""
    return [masked(token)[:LONGEST_WORD] for token in tokens[:MOST_TOKENS]]


def words_of(tokens: Sequence[Token], meanings: WordMeanings, vocabulary: Hashes) -> Words:
    """`vocabulary` are the sorted hashes of the words known from training; there is a token at least."""
    words = said_words(tokens)
    places, met = places_in(vocabulary, hashes_of(words))
    known = np.where(met, places + 1, 0)
    pieces = np.array([_pieces_of(word) for word in words], np.int32).reshape(-1, MOST_PIECES)
    return Words(meanings.rows(words), known, pieces)


@lru_cache(maxsize=20_000)
def _pieces_of(word: str) -> tuple[int, ...]:
    if not word[0].isalpha():
        return (0,) * MOST_PIECES
    edged = f"^{word}$"
    found = [hashed(edged[i : i + n]) % PIECES + 1 for n in (3, 4, 5) for i in range(len(edged) - n + 1)]
    return (*found[:MOST_PIECES], *[0] * (MOST_PIECES - len(found)))


def hidden_of(
    of: Mapping[str, Floats], words: Words, meanings: WordMeanings, inside: Floats, beside: Floats, steps: Sequence[int]
) -> Floats:
    """The inner state (tokens, width) of a network with these arrays.

    `inside` and `beside` are what is known besides the words, before and behind the first levelling; `steps` how far
    each level of convolution looks.
    """
    present = words.pieces > 0
    pieces = (of["pieces"][words.pieces] * present[..., None]).sum(axis=1)
    pieces /= np.sqrt(np.maximum(present.sum(axis=1, keepdims=True), 1)).astype(np.float32)
    known = of["known"][words.known] * (words.known > 0)[:, None]
    joined = np.concatenate([meanings.vectors[words.meanings] * MEANING_WEIGHT, pieces, known], axis=1)
    hidden: Floats = levelled(joined @ of["in"] + of["in_bias"] + inside) + beside
    for depth, step in enumerate(steps):
        edged = np.zeros((len(hidden) + 2 * step, hidden.shape[1]), np.float32)
        edged[step:-step] = hidden
        around = np.concatenate([edged[: -2 * step], hidden, edged[2 * step :]], axis=1)
        turned = np.maximum(around @ of[f"turn{depth}"] + of[f"turn_bias{depth}"], 0)
        hidden = levelled(hidden + turned) * of[f"gain{depth}"]
    return hidden


def levelled(rows: Floats) -> Floats:
    """Each row with mean nought and spread one."""
    share = np.full(rows.shape[1], 1 / rows.shape[1], np.float32)
    rows = rows - (rows @ share)[:, None]
    spread: Floats = np.sqrt((rows * rows) @ share + np.float32(1e-5), dtype=np.float32)
    return rows / spread[:, None]


def networks_in(arrays: Mapping[str, object], kind: str) -> list[str]:
    """The names of the networks of a kind stored among the arrays."""
    return sorted(
        key.removesuffix(".vocabulary") for key in arrays if key.startswith(kind) and key.endswith(".vocabulary")
    )


def packed(name: str, arrays: Mapping[str, Floats], vocabulary: Hashes) -> dict[str, NDArray[np.generic]]:
    """The network's arrays for `numpy.savez`: tables as whole numbers of 8 bits with a scale for each column."""
    stored: dict[str, NDArray[np.generic]] = {f"{name}.vocabulary": vocabulary}
    for key, array in arrays.items():
        if array.ndim == 1:
            stored[f"{name}.{key}"] = array.astype(np.float32)
            continue
        scale = np.maximum(np.abs(array).max(axis=tuple(range(array.ndim - 1))), 1e-9) / 127
        stored[f"{name}.{key}"] = np.rint(array / scale).astype(np.int8)
        stored[f"{name}.{key}.scale"] = scale.astype(np.float32)
    return stored


def unpacked(arrays: Mapping[str, NDArray[np.generic]], name: str) -> tuple[dict[str, Floats], Hashes]:
    """The arrays and the vocabulary of the network that `packed` stored under the name."""
    of: dict[str, Floats] = {}
    for key, array in arrays.items():
        if not key.startswith(f"{name}.") or key.endswith((".scale", ".vocabulary")):
            continue
        scale = arrays.get(f"{key}.scale")
        whole = array.astype(np.float32)
        of[key.removeprefix(f"{name}.")] = whole if scale is None else whole * scale.astype(np.float32)
    return of, arrays[f"{name}.vocabulary"].astype(np.uint32)
