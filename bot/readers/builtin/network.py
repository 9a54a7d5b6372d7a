"""A small convolutional network over the words of a message: which intents they say, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.ports import Readable
from bot.readers.builtin.document import Token
from bot.readers.builtin.linear import hashed, hashes_of
from bot.readers.builtin.meaning import WordMeanings
from bot.readers.builtin.wording import masked
from bot.vocabulary.message import ThreadKind
from crm.records import Channel

Floats = NDArray[np.float32]
MOST_TOKENS = 320
LONGEST_WORD = 30
PIECES, MOST_PIECES = 20_000, 12
"""How many different pieces of words are told apart, and how many of one word count."""
MEANING_WEIGHT = 0.3
_FIELDS = (
    "amount", "contact_email", "close_date", "customer_domain", "contact_name", "product", "quantity", "currency",
    "term_months", "customer", "contact_phone", "deal_ref",
)  # fmt: skip
_THREADS = (None, *ThreadKind)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the network sees of a message, a row for each token: `meanings` are rows of the table of meanings,
    `known` rows of the vocabulary, `pieces` (tokens, 12) rows of the table of pieces; `context` what is known besides.
    """

    meanings: NDArray[np.intp]
    known: NDArray[np.intp]
    pieces: NDArray[np.int32]
    context: Floats


def said_words(tokens: Sequence[Token]) -> list[str]:
    """The words as the network knows them: lower case, marks included, mentions by their kind."""
    return [masked(token)[:LONGEST_WORD] for token in tokens[:MOST_TOKENS]]


@lru_cache(maxsize=20_000)
def _pieces_of(word: str) -> tuple[int, ...]:
    if not word[0].isalpha():
        return (0,) * MOST_PIECES
    edged = f"^{word}$"
    found = [hashed(edged[i : i + n]) % PIECES + 1 for n in (3, 4, 5) for i in range(len(edged) - n + 1)]
    return (*found[:MOST_PIECES], *[0] * (MOST_PIECES - len(found)))


def context_of(readable: Readable) -> Floats:
    """The thread, the channel and what was asked, as ones and zeros."""
    facts = [readable.thread.kind is kind for kind in _THREADS]
    facts += [readable.channel is not Channel.SLACK, readable.channel is Channel.SLACK]
    facts += [name in readable.thread.asked for name in _FIELDS]
    return np.array([*facts, bool(readable.attachments), readable.addressed], np.float32)


def seen(words: Sequence[str], readable: Readable, meanings: WordMeanings, vocabulary: NDArray[np.uint32]) -> Seen:
    """`words` as `said_words` gives them; `vocabulary` are the sorted hashes of the words known from training."""
    hashes = hashes_of(words)
    places = np.minimum(np.searchsorted(vocabulary, hashes), len(vocabulary) - 1)
    known = np.where(vocabulary[places] == hashes, places + 1, 0)
    pieces = np.array([_pieces_of(word) for word in words], np.int32).reshape(-1, MOST_PIECES)
    return Seen(meanings.rows(words), known, pieces, context_of(readable))


class Network:
    """`arrays` are the trained weights under their names in training; one row a label in what comes out."""

    def __init__(self, arrays: Mapping[str, Floats], vocabulary: NDArray[np.uint32]) -> None:
        self.vocabulary = vocabulary
        self._of = dict(arrays)
        self._depth = sum(name.startswith("gain") for name in arrays)

    def read(self, message: Seen, meanings: WordMeanings) -> tuple[Floats, Floats]:
        """(a score for each label, how much each token counts for each label: (tokens, labels))."""
        of = self._of
        hidden = self._hidden(message, meanings)
        looks = hidden @ of["look"]
        looks = np.exp(looks - looks.max(axis=0))
        shares: Floats = looks / looks.sum(axis=0)
        gathered = shares.T @ hidden
        inner = np.tanh(np.einsum("ld,ldk->lk", gathered, of["inner"]) + of["inner_bias"])
        scores: Floats = np.einsum("lk,kl->l", inner, of["out"]) + of["out_bias"] + message.context @ of["out_context"]
        return scores, shares

    def _hidden(self, message: Seen, meanings: WordMeanings) -> Floats:
        of = self._of
        present = message.pieces > 0
        pieces = (of["pieces"][message.pieces] * present[..., None]).sum(axis=1)
        pieces /= np.sqrt(np.maximum(present.sum(axis=1, keepdims=True), 1)).astype(np.float32)
        known = of["known"][message.known] * (message.known > 0)[:, None]
        joined = np.concatenate([meanings.vectors[message.meanings] * MEANING_WEIGHT, pieces, known], axis=1)
        hidden: Floats = _level(joined @ of["in"] + of["in_bias"]) + message.context @ of["in_context"]
        for depth in range(self._depth):
            before = np.concatenate([np.zeros_like(hidden[:1]), hidden[:-1]])
            after = np.concatenate([hidden[1:], np.zeros_like(hidden[:1])])
            around = np.concatenate([before, hidden, after], axis=1)
            turned = np.maximum(around @ of[f"turn{depth}"] + of[f"turn_bias{depth}"], 0)
            hidden = _level(hidden + turned) * of[f"gain{depth}"]
        return hidden


def _level(rows: Floats) -> Floats:
    """Each row with mean nought and spread one."""
    rows = rows - rows.mean(axis=1, keepdims=True)
    levelled: Floats = rows / np.sqrt((rows * rows).mean(axis=1, keepdims=True) + 1e-5)
    return levelled


def networks_in(arrays: Mapping[str, object]) -> list[str]:
    """The names of the networks stored among the arrays."""
    return sorted(key.removesuffix(".vocabulary") for key in arrays if key.endswith(".vocabulary"))


def packed(name: str, arrays: Mapping[str, Floats], vocabulary: NDArray[np.uint32]) -> dict[str, NDArray[np.generic]]:
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


def unpacked(arrays: Mapping[str, NDArray[np.generic]], name: str) -> Network:
    """The network that `packed` stored under the name."""
    of: dict[str, Floats] = {}
    for key, array in arrays.items():
        if not key.startswith(f"{name}.") or key.endswith((".scale", ".vocabulary")):
            continue
        scale = arrays.get(f"{key}.scale")
        whole = array.astype(np.float32)
        of[key.removeprefix(f"{name}.")] = whole if scale is None else whole * scale.astype(np.float32)
    return Network(of, arrays[f"{name}.vocabulary"].astype(np.uint32))
