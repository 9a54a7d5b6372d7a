"""Judges the reader on writers it has not learnt from: `python -m benchmarks.reader.judge [--writers de3,en5]`."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from benchmarks.reader.catalogue import CATALOGUE
from benchmarks.reader.samples import DATA, Sample, load_samples
from benchmarks.reader.train import train
from bot.evaluation.cases import Case
from bot.evaluation.comparing import comparable
from bot.evaluation.scores import Prediction, Scores, score
from bot.readers.builtin.reader import WEIGHTS, BuiltinReader
from bot.vocabulary.requests import labelled
from crm.records import Channel

SAMPLE_WRITERS = "de3,en5,en7,fr3,nl3,es3,thr"
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


def judged(reader: BuiltinReader, samples: Sequence[Sample]) -> tuple[list[Prediction], Scores, list[float]]:
    """Predictions, scores and milliseconds for each sample."""
    predictions, times = [], []
    for sample in samples:
        began = time.perf_counter()
        reading = reader.read(sample.readable)
        times.append((time.perf_counter() - began) * 1000)
        requests = tuple(labelled(r) for r in reading.requests)
        predictions.append(Prediction(sample.id, sample.readable.text, requests, reading.answer_expected))
    return predictions, score([case_of(s) for s in samples], predictions), times


def report(scores: Scores, times: list[float]) -> None:
    for name in FIGURES:
        print(f"{name} {getattr(scores, name):.3f}", end="  ")
    print(f"ms {np.median(times):.1f} (p99 {np.percentile(times, 99):.1f})")
    for name, group in scores.by_group.items():
        print(f"  {name}: {group.cases} intent F1 {group.intent_f1} exact {group.intent_exact} fields {group.field_f1}")
    print("  intents", dict(scores.by_intent))
    print("  fields", dict(scores.by_field))


def list_errors(samples: Sequence[Sample], predictions: Sequence[Prediction]) -> None:
    """Each sample read wrongly: wanted and said."""
    for sample, said in zip(samples, predictions, strict=True):
        gold = [(w.intent, k, comparable(k, v)) for w in sample.requests for k, v in w.fields.items()]
        mine = [(r["intent"], k, comparable(k, v)) for r in said.requests for k, v in r["fields"].items()]
        want, got = sorted(w.intent for w in sample.requests), sorted(r["intent"] for r in said.requests)
        missed, wrong = sorted(set(gold) - set(mine)), sorted(set(mine) - set(gold))
        if want != got or missed or wrong:
            print(sample.id, f"{want} -> {got}" if want != got else "", "| missed", missed, "| wrong", wrong)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writers", default=SAMPLE_WRITERS, help="held out; 'none' judges the shipped weights")
    parser.add_argument("--on", type=Path, default=DATA, help="the samples file to judge on")
    parser.add_argument("--errors", action="store_true")
    chosen = parser.parse_args()
    samples = load_samples(chosen.on, None)
    if chosen.writers == "none":
        reader = BuiltinReader(CATALOGUE, WEIGHTS)
    else:
        out = set(chosen.writers.split(","))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "weights.npz"
            np.savez_compressed(path, **train([s for s in load_samples() if s.writer not in out]))
            reader = BuiltinReader(CATALOGUE, path)
        samples = [s for s in samples if s.writer in out]
    predictions, scores, times = judged(reader, samples)
    report(scores, times)
    if chosen.errors:
        list_errors(samples, predictions)


if __name__ == "__main__":
    main()
