"""The figures of an evaluation by name: titles, speed, and readers side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.evaluation.confusion import confusion
from bot.evaluation.run import Evaluation
from bot.evaluation.scores import Scores
from bot.evaluation.wrong import wrong_messages

TITLES = {
    "intent_micro_f1": "Intents, micro F1",
    "intent_macro_f1": "Intents, macro F1",
    "intent_exact": "Messages with all intents right",
    "field_f1": "Fields, F1",
    "deal_all_fields_right": "Deals with all fields right",
    "text_exact": "Visible text exactly right",
    "text_token_f1": "Visible text, token F1",
    "answer_accuracy": "Whether an answer is due",
    "answers_to_machines": "Answers to machines",
    "wrong_actions": "Messages acted on wrongly",
    "acted_without_asking": "Actions done without asking",
}
LESS_IS_BETTER = frozenset({"answers_to_machines", "wrong_actions"})
COUNTS = frozenset({"answers_to_machines"})


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of several readers, in their order."""

    name: str
    title: str
    values: tuple[float, ...]

    def shown(self, place: int) -> str:
        return _plain(self.name, self.values[place])

    def difference(self, place: int) -> str:
        """Against the first reader, signed; empty for the first itself."""
        if place == 0:
            return ""
        change = self.values[place] - self.values[0]
        return f"{change:+.0f}" if self.name in COUNTS else f"{change:+.3f}"

    def better(self, place: int) -> bool | None:
        """Whether a reader is better here than the first; None where they are alike."""
        change = round(self.values[place] - self.values[0], 3)
        return None if not change else (change < 0) == (self.name in LESS_IS_BETTER)


def _plain(name: str, value: float) -> str:
    return f"{value:.0f}" if name in COUNTS else f"{value:.3f}"


def figures(results: Sequence[Scores]) -> tuple[Figure, ...]:
    """Every figure of the readers, those of the groups last."""
    main = [Figure(name, title, tuple(getattr(r, name) for r in results)) for name, title in TITLES.items()]
    groups = [
        Figure(f"intent_exact.{group}", f"All intents right: {group}", tuple(
            r.by_group[group].intent_exact for r in results
        ))
        for group in results[0].by_group
    ]  # fmt: skip
    return (*main, *groups)


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least `share` of all reach; 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def speed(result: Evaluation) -> dict[str, float]:
    """Messages a second, milliseconds a message, and the process's memory."""
    times = list(result.milliseconds.values())
    return {
        "messages_per_second": round(result.messages_per_second, 1),
        "ms_p50": round(percentile(times, 0.50), 2),
        "ms_p99": round(percentile(times, 0.99), 2),
        "peak_memory_mb": round(result.peak_memory_mb, 1),
    }


def as_json(results: Mapping[str, Evaluation]) -> dict[str, Any]:
    """One reader's figures; of several each reader's by its name, and the differences to the first."""
    each = {name: _of_one(name, result) for name, result in results.items()}
    if len(each) == 1:
        return next(iter(each.values()))
    first, *others = results
    against = figures([result.scores for result in results.values()])
    return {
        "readers": each,
        "compared_with": first,
        "difference": {
            name: {figure.name: round(figure.values[place] - figure.values[0], 6) for figure in against}
            for place, name in enumerate(others, 1)
        },
    }


def _of_one(name: str, result: Evaluation) -> dict[str, Any]:
    return {
        "reader": name,
        "read_by": dict(result.read_by),
        "scores": asdict(result.scores),
        "speed": speed(result),
        "confusion": {group: c.row() for group, c in confusion(result.cases, result.predictions).items()},
        "wrong": [message.id for message in wrong_messages(result)],
    }
