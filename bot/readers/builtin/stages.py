"""The stage a partner reports for a deal, and the answer it gives to an announcement; both from the wording."""

from __future__ import annotations

from bot.readers.builtin.document import Document
from bot.readers.builtin.lexicon import meanings
from bot.readers.builtin.linear import LinearModel, block
from bot.readers.builtin.wording import wording, words

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


class ChoiceModel:
    """Chooses one of the model's labels."""

    def __init__(self, model: LinearModel) -> None:
        self._model = model

    def best(self, features: dict[str, float]) -> tuple[str, float]:
        """The label and its share among all."""
        return self._model.best(features)
