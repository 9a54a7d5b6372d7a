"""Trains the tagger: an averaged structured perceptron over hashed features."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.readers.builtin.linear import LinearModel, places_in
from bot.readers.builtin.tagging import TAGS, allowed_transitions, best_path, feature_hashes

Sequences = Sequence[tuple[list[list[str]], list[int]]]
ROUNDS = 6
LEAST_SEEN = 3


def train_tagger(sequences: Sequences, seed: int = 7) -> tuple[LinearModel, NDArray[np.float32]]:
    """The tagger's model and transitions, learnt from features and tags of whole texts."""
    rows = [[np.array(feature_hashes(names), dtype=np.uint32) for names in features] for features, _ in sequences]
    counts = Counter(int(h) for row in rows for token in row for h in token)
    hashes = np.array(sorted(h for h, n in counts.items() if n >= LEAST_SEEN), dtype=np.uint32)
    known = [[_places(hashes, token) for token in row] for row in rows]
    flat = [(np.concatenate(row), np.repeat(np.arange(len(row)), [len(t) for t in row])) for row in known]
    weights = np.zeros((len(hashes), len(TAGS)), dtype=np.float32)
    summed = np.zeros_like(weights)
    moves = np.zeros((len(TAGS), len(TAGS)), dtype=np.float32)
    moves_summed = np.zeros_like(moves)
    order = np.arange(len(sequences))
    random = np.random.default_rng(seed)
    allowed = allowed_transitions()
    step = 1
    for _ in range(ROUNDS):
        random.shuffle(order)
        for number in order:
            features, owners = flat[number]
            gold = sequences[int(number)][1]
            scores = np.zeros((len(gold), len(TAGS)), dtype=np.float32)
            for tag in range(len(TAGS)):
                scores[:, tag] = np.bincount(owners, weights=weights[features, tag], minlength=len(gold))
            said = best_path(scores, moves + allowed)
            if said != gold:
                _update(known[number], gold, said, weights, summed, step)
                _update_moves(gold, said, moves, moves_summed, step)
            step += 1
    averaged = weights - summed / step
    kept = np.abs(averaged).max(axis=1) > 0.02
    model = LinearModel(TAGS, hashes[kept], averaged[kept], np.zeros(len(TAGS), dtype=np.float32))
    return model, (moves - moves_summed / step).astype(np.float32)


def _places(hashes: NDArray[np.uint32], wanted: NDArray[np.uint32]) -> NDArray[np.intp]:
    places, known = places_in(hashes, wanted)
    return places[known]


def _update(
    known: list[NDArray[np.intp]],
    gold: list[int],
    said: list[int],
    weights: NDArray[np.float32],
    summed: NDArray[np.float32],
    step: int,
) -> None:
    for place, (right, wrong) in enumerate(zip(gold, said, strict=True)):
        if right != wrong:
            rows = known[place]
            weights[rows, right] += 1
            weights[rows, wrong] -= 1
            summed[rows, right] += step
            summed[rows, wrong] -= step


def _update_moves(
    gold: list[int], said: list[int], moves: NDArray[np.float32], summed: NDArray[np.float32], step: int
) -> None:
    for path, sign in ((gold, 1), (said, -1)):
        for before, after in zip([0, *path], path, strict=False):
            moves[before, after] += sign
            summed[before, after] += sign * step
