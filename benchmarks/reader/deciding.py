"""From which chance on each intent is taken for wanted: chosen on writers that the models had not learnt from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.reader.preparing import Prepared
from bot.readers.builtin.document import masking
from bot.readers.builtin.meaning import load_meanings
from bot.readers.builtin.mentions import Mention
from bot.readers.builtin.understanding import intent_model

START, STEPS, ROUNDS = 0.5, np.arange(0.3, 0.86, 0.05), 2
Chances = tuple[NDArray[np.float64], NDArray[np.bool_]]


def unseen_chances(
    data: Sequence[Prepared], found: Mapping[str, list[Mention]], held: Collection[str], arrays: Mapping[str, Any]
) -> Chances:
    """(the chance of each label, whether it is wanted), a row for each message of the held-out writers."""
    model = intent_model(arrays, load_meanings())
    chances, wanted = [], []
    for p in data:
        if p.sample.writer in held and p.document.tokens:
            said, _ = model.chances(masking(p.document, found[p.sample.id]), p.sample.readable)
            chances.append([said[intent] for intent in model.intents])
            wanted.append([intent in p.intents for intent in model.intents])
    return np.array(chances), np.array(wanted, bool)


def least_chances(parts: Sequence[Chances]) -> NDArray[np.float32]:
    """For each label the limit that makes most of F1 over all labels, the others' limits being what they are.

    A limit moves only half the way from the middle to where it is best, since it was chosen on few messages.
    """
    chances = np.concatenate([c for c, _ in parts])
    wanted = np.concatenate([w for _, w in parts])
    limits = np.full(chances.shape[1], START)
    for _ in range(ROUNDS):
        for label in range(len(limits)):
            gains = [_with(limits, label, float(step), chances, wanted) for step in STEPS]
            limits[label] = STEPS[gains.index(max(gains))]
    return np.asarray((limits + START) / 2, np.float32)


def _with(
    limits: NDArray[np.float64], label: int, step: float, chances: NDArray[np.float64], wanted: NDArray[np.bool_]
) -> tuple[float, float]:
    tried = limits.copy()
    tried[label] = step
    said = (chances >= tried) | (chances >= chances.max(axis=1, keepdims=True))
    return 2 * float((said & wanted).sum()) / float(said.sum() + wanted.sum()), -abs(float(step) - START)
