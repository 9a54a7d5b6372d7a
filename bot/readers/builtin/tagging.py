"""Finds the names of companies and people: a linear tagger and a network, and the best path through their tags."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.readers.builtin.document import Document
from bot.readers.builtin.glance import glance_at
from bot.readers.builtin.linear import LinearModel, hashed
from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.name_features import token_features
from bot.readers.builtin.networks.name_network import NameNetwork
from bot.readers.builtin.networks.trunk import Floats

TAGS = ("O", "B-customer", "I-customer", "B-person", "I-person")
NAMELESS = frozenset({Kind.EMAIL, Kind.DOMAIN, Kind.PHONE, Kind.DEAL_REF, Kind.STATEMENT_REF})
"""What is never part of a name, though it may spell one."""
_FORBIDDEN = -1e6
UNKNOWN = 0.5
"""The chance of a name that stands behind what the network reads."""
# A missed name costs more than a wrong one, which the roles can still set aside; less where the linear tagger is alone.
_RELUCTANCE, _ALONE = 4.0, 2.0
_SAY = 8.0
"""What the network's logarithm of a chance is worth beside the linear tagger's scores."""


class Tagger:
    """`transitions[a, b]` is what going from tag a to tag b is worth."""

    def __init__(self, model: LinearModel, transitions: NDArray[np.float32], network: NameNetwork) -> None:
        self._model = model
        self._network = network
        self._transitions = transitions + allowed_transitions()

    def find(self, document: Document) -> list[Mention]:
        """The names of companies and people in the document."""
        if not document.tokens:
            return []
        glance = glance_at(document)
        scores = self._model.rows(token_features(glance))
        said = self._network.scores(glance)
        scores[: len(said)] += _SAY * said
        scores[: len(said), 0] -= _RELUCTANCE
        scores[len(said) :, 0] -= _ALONE
        scores[[t.mention is not None and t.mention.kind in NAMELESS for t in document.tokens], 1:] = _FORBIDDEN
        path = best_path(scores, self._transitions)
        return [replace(name, chance=_chance(name, document, path, said)) for name in spans(document, path)]


def _chance(name: Mention, document: Document, path: list[int], said: Floats) -> float:
    """The chance, by the network, of the least likely tag of a name's tokens and of the name ending where it does."""
    inside = [i for i, t in enumerate(document.tokens[: len(said)]) if name.start <= t.start < name.end]
    if not inside:
        return UNKNOWN
    least = min(float(said[i, path[i]]) for i in inside)
    behind = inside[-1] + 1
    going_on = math.exp(said[behind, TAGS.index(f"I-{name.kind.value}")]) if behind < len(said) else 0.0
    return math.exp(least) * (1 - going_on)


def allowed_transitions() -> NDArray[np.float32]:
    """Zero where one tag may follow another, far below zero where it may not."""
    table = np.zeros((len(TAGS), len(TAGS)), dtype=np.float32)
    for b, after in enumerate(TAGS):
        if after[0] == "I":
            for a, before in enumerate(TAGS):
                if before[2:] != after[2:]:
                    table[a, b] = _FORBIDDEN
    return table


def best_path(scores: NDArray[np.float32], transitions: NDArray[np.float32]) -> list[int]:
    """The tags with the highest sum of scores and transitions; the text starts as after O."""
    best = scores[0] + transitions[0]
    back: list[NDArray[np.intp]] = []
    for row in scores[1:]:
        reach = best[:, None] + transitions
        came = reach.argmax(axis=0)
        back.append(came)
        best = reach[came, np.arange(len(row))] + row
    tag = int(best.argmax())
    path = [tag]
    for came in reversed(back):
        tag = int(came[tag])
        path.append(tag)
    return path[::-1]


def spans(document: Document, path: list[int]) -> list[Mention]:
    """The stretches that a path of tags marks."""
    found: list[Mention] = []
    start = -1
    for i, tag in enumerate([*path, 0]):
        label = TAGS[tag]
        if start >= 0 and label[0] != "I":
            kind = Kind(TAGS[path[start]][2:])
            first, last = document.tokens[start], document.tokens[i - 1]
            found.append(Mention(kind, first.start, last.end, document.text[first.start : last.end]))
            start = -1
        if label[0] == "B":
            start = i
    return found


def tag_path(document: Document, wanted: Mapping[Kind, list[tuple[int, int]]]) -> list[int]:
    """The tags of the tokens for known stretches of text: what the tagger learns from."""
    path = [0] * len(document.tokens)
    for kind, stretches in wanted.items():
        for start, end in stretches:
            inside = [i for i, t in enumerate(document.tokens) if t.start < end and t.end > start]
            for place, i in enumerate(inside):
                path[i] = TAGS.index(f"{'I' if place else 'B'}-{kind.value}")
    return path


def feature_hashes(names: list[str]) -> list[int]:
    """The hashes of features, for training."""
    return [hashed(name) for name in names]
