"""What is known of a mention besides its words, as a row of numbers for the network."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from bot.readers.builtin.document import Document
from bot.readers.builtin.mentions import Kind, Mention
from crm.records import AmountBasis

_KINDS = tuple(Kind)
_BASES = tuple(basis.value for basis in AmountBasis)
_SIZES = (1, 5, 20, 100, 500, 2000, 10_000, 100_000)
_AHEAD = (-30, 0, 15, 45, 90, 150, 240)
"""Days from the message to a date, between which dates are told apart."""
FACTS = 2 * len(_KINDS) + len(_BASES) + len(_SIZES) + len(_AHEAD) + 10


def facts_of(document: Document, mentions: Sequence[Mention]) -> NDArray[np.float32]:
    """A row of `FACTS` numbers for each mention, in order."""
    counts = Counter(m.kind for m in mentions)
    others = [min(counts[kind], 3) / 3 for kind in _KINDS]
    seen: Counter[Kind] = Counter()
    values: dict[Kind, set[str]] = {}
    rows = np.zeros((len(mentions), FACTS), np.float32)
    for row, mention in zip(rows, mentions, strict=True):
        kind = mention.kind
        seen[kind] += 1
        values.setdefault(kind, set()).add(mention.value)
        row[:] = [
            *(kind is k for k in _KINDS),
            *others,
            *(mention.basis == basis for basis in _BASES),
            *_size(mention),
            *_ahead(document, mention),
            bool(mention.currency),
            bool(mention.basis),
            mention.sure,
            mention.start < document.body,
            mention.start >= document.forwarded,
            seen[kind] == 1,
            seen[kind] == counts[kind],
            counts[kind] == 1,
            len(values[kind]) > 1,
            math.log1p(mention.start) / 6,
        ]
    return rows


def places_of(document: Document, mentions: Sequence[Mention]) -> NDArray[np.intp]:
    """The number of the token in which each mention begins."""
    starts = [token.start for token in document.tokens]
    return np.array([max(bisect_right(starts, m.start) - 1, 0) for m in mentions], np.intp)


def _size(mention: Mention) -> list[bool]:
    if mention.kind is not Kind.NUMBER:
        return [False] * len(_SIZES)
    value = Decimal(mention.value)
    return [value > limit for limit in _SIZES]


def _ahead(document: Document, mention: Mention) -> list[bool]:
    if mention.kind is not Kind.DATE:
        return [False] * len(_AHEAD)
    days = date.fromisoformat(mention.value).toordinal() - document.received.toordinal()
    return [days > limit for limit in _AHEAD]
