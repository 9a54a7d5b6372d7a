"""The stage a partner reports for a deal, and the answer it gives to an announcement; both from the wording."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from bot.readers.builtin.document import Document
from bot.readers.builtin.lexicon import meanings
from bot.readers.builtin.linear import LinearModel, block
from bot.readers.builtin.networks.message_network import ANSWERS, SAID, STAGES, Impression
from bot.readers.builtin.wording import wording, words
from crm.records import Stage

NO_STAGE = "none"


def stage_features(document: Document, segments: list[int]) -> dict[str, float]:
    """The wording of the segments that speak of the deal."""
    wanted = set(segments)
    said = " ".join(document.text[s.start : s.end] for n, s in enumerate(document.segments) if n in wanted)
    features = wording([t for t in document.tokens if document.segment_of(t.start) in wanted])
    return features | dict.fromkeys((f"m {name}" for name in meanings(said)), 0.8)


def answer_features(document: Document) -> dict[str, float]:
    """The wording of the message, its beginning once more."""
    said = words(document.tokens)
    body = document.text[document.body :]
    return (
        wording(document.tokens)
        | block((f"first {w}" for w in said[:10]), 0.8)
        | block((f"start {w}" for w in said[:3]), 0.6)
        | dict.fromkeys((f"m {name}" for name in meanings(body)), 0.6)
        | dict.fromkeys((f"m first {name}" for name in meanings(body[:80])), 0.8)
    )


def stage_odds(impressions: Sequence[Impression], segments: Collection[int]) -> dict[str, float] | None:
    """What the networks make of these sentences: log-odds of each stage, and of none; None where they read none."""
    scores = [found for one in impressions if (found := one.within(segments)) is not None]
    if not scores:
        return None
    said = np.mean(scores, axis=0)[_places(STAGES)]
    return dict(zip((stage.value for stage in Stage), said.tolist(), strict=True)) | {
        NO_STAGE: -float(np.logaddexp.reduce(said))
    }


def answer_odds(impressions: Sequence[Impression]) -> dict[str, float]:
    """What the networks make of the message: log-odds of each answer."""
    said = np.mean([one.scores[_places(ANSWERS)] for one in impressions], axis=0)
    return {name.partition(":")[2]: odds for name, odds in zip(ANSWERS, said.tolist(), strict=True)}


def _places(names: Sequence[str]) -> list[int]:
    return [SAID.index(name) for name in names]


class ChoiceModel:
    """Chooses one of the model's labels."""

    def __init__(self, model: LinearModel) -> None:
        self._model = model

    def best(self, features: dict[str, float], beside: Mapping[str, float] | None = None) -> tuple[str, float]:
        """The label and its share among all; `beside` is what the networks say, with as much weight."""
        scores = self._model.scores(features).astype(np.float64)
        if beside is not None:
            scores = (scores + np.array([beside[label] for label in self._model.labels])) / 2
        shares = np.exp(scores - scores.max())
        place = int(scores.argmax())
        return self._model.labels[place], float(shares[place] / shares.sum())
