"""What was taken for what: intents and fields wanted against those said, over all messages and by group."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.evaluation.cases import Case
from bot.evaluation.scores import Prediction, counted_intents, triples, wanted_rows

NOTHING = "nothing"
"""Stands for the other side where an intent was missed and none said instead."""
ALL = "all"


@dataclass(frozen=True, slots=True)
class IntentCounts:
    """How often an intent was wanted and said; `instead` are the intents said where this one was missed."""

    wanted: int
    said: int
    hits: int
    instead: Mapping[str, int] = field(default_factory=dict)

    @property
    def precision(self) -> float:
        """The share of what was said that was wanted; 1 where nothing was said."""
        return self.hits / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        """The share of what was wanted that was said; 1 where nothing was wanted."""
        return self.hits / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.hits / (self.said + self.wanted) if self.said + self.wanted else 1.0

    @property
    def most_confused(self) -> tuple[str, int] | None:
        """The intent most often said instead, and how often; None where this one was never missed."""
        return max(self.instead.items(), key=lambda item: (item[1], item[0])) if self.instead else None


@dataclass(frozen=True, slots=True)
class FieldCounts:
    """`wrong` has another value than the message's, `missed` none, `invented` one that is not wanted."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    invented: int = 0


@dataclass(frozen=True, slots=True)
class Confusion:
    """Of one group of messages, by intent and by field.

    `exact` have all intents right; `added` are the intents said in messages where none was missed.
    """

    messages: int
    exact: int
    intents: Mapping[str, IntentCounts]
    fields: Mapping[str, FieldCounts]
    added: Mapping[str, int]

    def row(self) -> dict[str, Any]:
        """As JSON, with the figures that follow from the counts."""
        intents = {
            name: asdict(c) | {"precision": round(c.precision, 3), "recall": round(c.recall, 3), "f1": round(c.f1, 3)}
            for name, c in self.intents.items()
        }
        fields = {name: asdict(c) for name, c in self.fields.items()}
        return {
            "messages": self.messages,
            "exact": self.exact,
            "intents": intents,
            "fields": fields,
            "added": dict(self.added),
        }


class _Sums:
    """Adds up case by case."""

    def __init__(self) -> None:
        self.messages = 0
        self.exact = 0
        self.wanted: Counter[str] = Counter()
        self.said: Counter[str] = Counter()
        self.hits: Counter[str] = Counter()
        self.instead: dict[str, Counter[str]] = defaultdict(Counter)
        self.added: Counter[str] = Counter()
        self.fields: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, case: Case, prediction: Prediction) -> None:
        gold = wanted_rows(case.requests)
        want, got = counted_intents(gold), counted_intents(prediction.requests)
        self.messages += 1
        self.exact += want == got
        self.wanted += want
        self.said += got
        self.hits += want & got
        for missed, often in (want - got).items():
            self.instead[missed].update(dict.fromkeys(got - want or [NOTHING], often))
        if not want - got:
            self.added += got - want
        for name, outcome in field_outcomes(gold, prediction.requests):
            self.fields[name].update(outcome)

    def total(self) -> Confusion:
        counts = {
            name: (self.wanted[name], self.said[name], self.hits[name], dict(self.instead[name].most_common()))
            for name in sorted({*self.wanted, *self.said})
        }
        return Confusion(
            self.messages,
            self.exact,
            {name: IntentCounts(*counted) for name, counted in counts.items()},
            {name: FieldCounts(**self.fields[name]) for name in sorted(self.fields)},
            dict(self.added.most_common()),
        )


def field_outcomes(
    gold: Sequence[Mapping[str, Any]], said: Sequence[Mapping[str, Any]]
) -> Iterable[tuple[str, dict[str, int]]]:
    """By field of each intent: how many values are right, wrong, missed and invented, as `FieldCounts` names them."""
    values: dict[tuple[str, str], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for place, requests in enumerate((gold, said)):
        for intent, name, value in triples(requests):
            values[intent, name][place].add(value)
    for (_, name), (want, got) in sorted(values.items()):
        right = len(want & got)
        left, others = len(want) - right, len(got) - right
        wrong = min(left, others)
        yield name, {"right": right, "wrong": wrong, "missed": left - wrong, "invented": others - wrong}


def confusion(cases: Sequence[Case], predictions: Iterable[Prediction]) -> dict[str, Confusion]:
    """By group: `all` (always there), each language and each channel.

    A case without prediction counts as one that says nothing.
    """
    said = {prediction.id: prediction for prediction in predictions}
    groups: dict[str, _Sums] = defaultdict(_Sums, {ALL: _Sums()})
    for case in cases:
        prediction = said.get(case.id) or Prediction(case.id, "", (), None)
        for name in (ALL, case.language, case.channel):
            groups[name].add(case, prediction)
    ordered = sorted(groups, key=lambda name: (name != ALL, name))
    return {name: groups[name].total() for name in ordered}
