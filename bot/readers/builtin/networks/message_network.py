"""A small convolutional network over a message: what it wants, where that stands, and what each mention is for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.ports import Readable
from bot.readers.builtin.document import Document
from bot.readers.builtin.meaning import WordMeanings
from bot.readers.builtin.networks.trunk import (
    MOST_TOKENS,
    Floats,
    Hashes,
    Words,
    hidden_of,
    networks_in,
    unpacked,
    words_of,
)
from bot.vocabulary.message import ThreadKind
from bot.vocabulary.requests import Intent
from crm.records import AmountBasis, Channel, Stage

KIND = "network"
STEPS = (1, 2)
"""How far each level of convolution looks."""
STAGES = tuple(f"stage:{stage.value}" for stage in Stage)
ANSWERS = ("answer:yes", "answer:no", "answer:maybe")
SAID = (*(intent.value for intent in Intent), *STAGES, *ANSWERS)
"""What a message may say, in the order of the network's scores."""
BASES = ("", *AmountBasis)
_FIELDS = (
    "amount", "contact_email", "close_date", "customer_domain", "contact_name", "product", "quantity", "currency",
    "term_months", "customer", "contact_phone", "deal_ref",
)  # fmt: skip
_THREADS = (None, *ThreadKind)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the network sees of a message: its words, for each the number of its sentence or line, and `context`, what
    is known besides.
    """

    words: Words
    segments: NDArray[np.intp]
    context: Floats


def context_of(readable: Readable) -> Floats:
    """The thread, the channel and what was asked, as ones and zeros."""
    facts = [readable.thread.kind is kind for kind in _THREADS]
    facts += [readable.channel is not Channel.SLACK, readable.channel is Channel.SLACK]
    facts += [name in readable.thread.asked for name in _FIELDS]
    return np.array([*facts, bool(readable.attachments), readable.addressed], np.float32)


def seen(document: Document, readable: Readable, meanings: WordMeanings, vocabulary: Hashes) -> Seen:
    """A message as a network with this vocabulary sees it; the document has a token at least."""
    segments = [document.segment_of(t.start) for t in document.tokens[:MOST_TOKENS]]
    return Seen(words_of(document.tokens, meanings, vocabulary), np.array(segments, np.intp), context_of(readable))


class Networks:
    """All networks that the weights hold, each with an impression of its own."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]], table: WordMeanings) -> None:
        self._networks = [unpacked(arrays, name) for name in networks_in(arrays, KIND)]
        self._table = table
        self._alike = len({vocabulary.tobytes() for _, vocabulary in self._networks}) == 1

    def impressions(self, document: Document, readable: Readable) -> list[Impression]:
        """What each network makes of a document that has a token at least."""
        if self._alike:
            message = seen(document, readable, self._table, self._networks[0][1])
            return [Impression(of, message, self._table) for of, _ in self._networks]
        return [
            Impression(of, seen(document, readable, self._table, known), self._table) for of, known in self._networks
        ]


class Impression:
    """What the network with the arrays `of` makes of one message.

    `scores` are log-odds of what `SAID` lists, `shares` (tokens, said) how much each token counts for each.
    """

    def __init__(self, of: Mapping[str, Floats], message: Seen, meanings: WordMeanings) -> None:
        self._of = of
        self._message = message
        beside = message.context @ of["in_context"]
        self._hidden = hidden_of(of, message.words, meanings, np.zeros(1, np.float32), beside, STEPS)
        self._looks: Floats = self._hidden @ of["look"]
        self.shares = _shares(self._looks)
        self.scores = self._scored(self.shares)

    def within(self, segments: Collection[int]) -> Floats | None:
        """The scores of the message as if it had only these sentences; None where all lie behind what was read."""
        inside = np.isin(self._message.segments, list(segments))
        if not inside.any():
            return None
        if inside.all():
            return self.scores
        return self._scored(_shares(np.where(inside[:, None], self._looks, np.float32(-1e9))))

    def _scored(self, shares: Floats) -> Floats:
        of = self._of
        gathered = shares.T @ self._hidden
        inner = np.tanh(np.einsum("ld,ldk->lk", gathered, of["inner"]) + of["inner_bias"])
        scores: Floats = np.einsum("lk,kl->l", inner, of["out"]) + of["out_bias"]
        return scores + self._message.context @ of["out_context"]

    def marked(self, places: NDArray[np.intp], facts: Floats, intents: Collection[Intent]) -> tuple[Floats, Floats]:
        """(log-odds of each role, of each basis) for the mentions at these tokens, given what the message wants.

        `facts` holds a row for each mention. Every place is below `MOST_TOKENS`.
        """
        of, hidden, segments = self._of, self._hidden, self._message.segments
        same = (segments[None, :] == segments[places][:, None]).astype(np.float32)
        around = (same @ hidden) / same.sum(axis=1, keepdims=True)
        whole = np.broadcast_to(hidden.mean(axis=0), around.shape)
        wishes = np.array([intent in intents for intent in Intent], np.float32)
        read = np.concatenate([hidden[places], around, whole], axis=1) @ of["mark"]
        inner = np.maximum(read + facts @ of["mark_facts"] + wishes @ of["mark_wishes"] + of["mark_bias"], 0)
        said: Floats = inner @ of["role"] + of["role_bias"]
        return said[:, : -len(BASES)], said[:, -len(BASES) :]


def _shares(looks: Floats) -> Floats:
    looks = np.exp(looks - looks.max(axis=0))
    shares: Floats = looks / looks.sum(axis=0)
    return shares
