"""Judges readings of labelled messages: predictions, figures, and what was read wrongly."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from benchmarks.reader.catalogue import CATALOGUE
from benchmarks.reader.samples import Sample
from bot.evaluation.cases import Case
from bot.evaluation.comparing import comparable
from bot.evaluation.scores import Prediction, Scores
from bot.readers.builtin.reader import BuiltinReader
from bot.vocabulary.requests import labelled
from crm.records import Channel

FIGURES = (
    "cases",
    "intent_micro_f1",
    "intent_macro_f1",
    "intent_exact",
    "field_f1",
    "deal_all_fields_right",
    "answer_accuracy",
    "answers_to_machines",
    "wrong_actions",
    "acted_without_asking",
)


def case_of(sample: Sample) -> Case:
    """The sample as a case, its text being what the reader saw."""
    r = sample.readable
    channel: Literal["email", "slack"] = "slack" if r.channel is Channel.SLACK else "email"
    kind = r.thread.kind.value if r.thread.kind else None
    return Case(
        sample.id, channel, sample.language, r.received, r.sender, kind, r.thread.asked, r.text, None, r.text,
        sample.requests, sample.answer_expected,
    )  # fmt: skip


def predicted(arrays: Mapping[str, Any], samples: Sequence[Sample]) -> list[Prediction]:
    """What a reader with these weights makes of the samples."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weights.npz"
        np.savez(path, **arrays)
        reader = BuiltinReader(CATALOGUE, path)
    return [_prediction(reader, sample) for sample in samples]


def _prediction(reader: BuiltinReader, sample: Sample) -> Prediction:
    reading = reader.read(sample.readable)
    requests = tuple(labelled(r) for r in reading.requests)
    return Prediction(sample.id, sample.readable.text, requests, reading.answer_expected)


def report(scores: Scores) -> None:
    """Print the figures, by group, intent and field."""
    for name in FIGURES:
        print(f"{name} {getattr(scores, name):.3f}", end="  ")
    print()
    for name, group in scores.by_group.items():
        print(f"  {name}: {group.cases} intent F1 {group.intent_f1} exact {group.intent_exact} fields {group.field_f1}")
    print("  intents", dict(scores.by_intent))
    print("  fields", dict(scores.by_field))


def errors(samples: Sequence[Sample], predictions: Sequence[Prediction]) -> Iterator[str]:
    """A line for each sample read wrongly: wanted and said."""
    for sample, said in zip(samples, predictions, strict=True):
        gold = [(w.intent, k, comparable(k, v)) for w in sample.requests for k, v in w.fields.items()]
        mine = [(r["intent"], k, comparable(k, v)) for r in said.requests for k, v in r["fields"].items()]
        want, got = sorted(w.intent for w in sample.requests), sorted(r["intent"] for r in said.requests)
        missed, wrong = sorted(set(gold) - set(mine)), sorted(set(mine) - set(gold))
        if want != got or missed or wrong:
            asked = [r["intent"] for r in said.requests if r.get("ask")]
            differs = f"{want} -> {got}" if want != got else ""
            yield f"{sample.id} {differs} | missed {missed} | wrong {wrong} | ask {asked} | {sample.readable.text!r}"
