"""From which chance on each intent is taken for wanted: chosen on writers that the models had not learnt from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.reader.assuring import group_of
from benchmarks.reader.learning import START, Material
from bot.readers.builtin.meaning import load_meanings
from bot.readers.builtin.networks.message_network import Networks
from bot.readers.builtin.understanding import intent_model

STEPS, ROUNDS = np.arange(0.3, 0.86, 0.05), 2
Chances = tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.intp]]
"""(the chance of each label, whether it is wanted, the group of the writer), a row for each message."""


def unseen_chances(data: Sequence[Material], held: Collection[str], arrays: Mapping[str, Any]) -> Chances:
    """What a reader that had not learnt from the held-out writers makes of their messages."""
    model, networks = intent_model(arrays), Networks(arrays, load_meanings())
    chances, wanted, groups = [], [], []
    for m in data:
        if m.of.sample.writer in held and m.of.document.tokens:
            said = model.chances(m.features, networks.impressions(m.masked, m.of.sample.readable))
            chances.append([said[intent] for intent in model.intents])
            wanted.append([intent in m.of.intents for intent in model.intents])
            groups.append(group_of(m.of.sample.writer))
    return np.array(chances), np.array(wanted, bool), np.array(groups, np.intp)


def least_chances(parts: Sequence[Chances], without: int | None = None) -> dict[str, NDArray[np.float32]]:
    """For each label the limit that makes most of F1 over all labels, the others' limits being what they are.

    The messages of one group can be left out, so that they are not judged by limits chosen on them.

    A limit moves only half the way from the middle to where it is best, since it was chosen on few messages.
    """
    groups = np.concatenate([part[2] for part in parts])
    chances = np.concatenate([part[0] for part in parts])[groups != without]
    wanted = np.concatenate([part[1] for part in parts])[groups != without]
    limits = np.full(chances.shape[1], START)
    for _ in range(ROUNDS):
        for label in range(len(limits)):
            gains = [_with(limits, label, float(step), chances, wanted) for step in STEPS]
            limits[label] = STEPS[gains.index(max(gains))]
    return {"intents.least": np.asarray((limits + START) / 2, np.float32)}


def _with(
    limits: NDArray[np.float64], label: int, step: float, chances: NDArray[np.float64], wanted: NDArray[np.bool_]
) -> tuple[float, float]:
    tried = limits.copy()
    tried[label] = step
    said = (chances >= tried) | (chances >= chances.max(axis=1, keepdims=True))
    return 2 * float((said & wanted).sum()) / float(said.sum() + wanted.sum()), -abs(float(step) - START)
