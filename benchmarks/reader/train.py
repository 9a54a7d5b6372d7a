"""Trains the built-in reader and judges it on writers left out: `python -m benchmarks.reader.train`; seeded."""

from __future__ import annotations

import argparse
import time
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from benchmarks.reader.assuring import GROUPS, confidence_arrays, folds_of, group_of, tried
from benchmarks.reader.deciding import least_chances, unseen_chances
from benchmarks.reader.judging import case_of, errors, predicted, report
from benchmarks.reader.learning import Material, learn, material_of, tagger_arrays
from benchmarks.reader.preparing import Prepared, prepare
from benchmarks.reader.samples import DATA, WRITTEN_HERE, Sample, collect, load_samples, write_rows
from benchmarks.reader.trunk import Arrays
from bot.evaluation.scores import Prediction, score
from bot.readers.builtin.meaning import load_meanings
from bot.readers.builtin.reader import WEIGHTS
from bot.readers.builtin.understanding import names_in, tagger_of
from bot.vocabulary.requests import Intent


def train(samples: Sequence[Sample], parts: int) -> tuple[Arrays, list[Prediction]]:
    """All arrays of the weights, and what readers that had not learnt from their writers made of given messages.

    The writers are in thirds; so many of these `parts` are left out, one after another, and judged.
    """
    prepared = prepare(samples)
    spoken = [p for p in prepared if Intent.AUTO_REPLY not in p.intents]
    folds = folds_of(spoken)[:parts]
    began = time.perf_counter()

    def told(what: str) -> None:
        print(f"{what}: {time.perf_counter() - began:.0f} s", flush=True)

    taggers: list[Arrays] = []
    material: list[Material] = []
    for number, held in enumerate(folds):
        taggers.append(tagger_arrays(_outside(spoken, held)))
        material += _read(taggers[-1], [p for p in prepared if p.sample.writer in held])
        told(f"names, part {number + 1} of {len(folds)} left out")
    everyone = set().union(*folds)
    material += _read(taggers[0], [p for p in prepared if p.sample.writer not in everyone])
    learnt: list[Arrays] = []
    for number, held in enumerate(folds):
        learnt.append(taggers[number] | learn([m for m in material if m.of.sample.writer not in held] or material))
        told(f"wishes, part {number + 1} of {len(folds)} left out")
    given = [m for m in material if not _is_own(m.of.sample) and Intent.AUTO_REPLY not in m.of.intents]
    unseen = [unseen_chances(given, *one) for one in zip(folds, learnt, strict=True)]
    limits = least_chances(unseen)
    rows = [row for held, arrays in zip(folds, learnt, strict=True) for row in tried(spoken, held, arrays | limits)]
    predictions: list[Prediction] = []
    for held, arrays in zip(folds, learnt, strict=True):
        for group in range(GROUPS):
            sure = confidence_arrays([row for row in rows if row.group != group]) | least_chances(unseen, group)
            judged = [s for s in samples if s.writer in held and not _is_own(s) and group_of(s.writer) == group]
            predictions += predicted(arrays | sure, judged)
    told("judged")
    arrays = tagger_arrays(spoken) | learn(material) | limits
    told("in all")
    return arrays | confidence_arrays(rows), predictions


def strangers_of(samples: Sequence[Sample], third: int) -> list[Sample]:
    """The given messages by one third of the given writers."""
    given = [s for s in samples if not _is_own(s)]
    writers = sorted({s.writer for s in given})[third - 1 :: 3]
    return [s for s in given if s.writer in writers]


def _is_own(sample: Sample) -> bool:
    return sample.id.startswith(WRITTEN_HERE)


def _outside(data: Sequence[Prepared], held: Collection[str]) -> list[Prepared]:
    """The messages of the other writers; all of them where there are no others."""
    return [p for p in data if p.sample.writer not in held] or list(data)


def _read(arrays: Arrays, data: Sequence[Prepared]) -> list[Material]:
    """The messages with the names that this tagger finds."""
    table = load_meanings()
    tagger = tagger_of(arrays, table)
    return [material_of(p, names_in(p.document, tagger), table) for p in data]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a cases folder to take messages from first")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument(
        "--parts", type=int, choices=(1, 2, 3), default=1, help="how many thirds of the writers to leave out and judge"
    )
    parser.add_argument(
        "--strangers",
        type=int,
        choices=(1, 2, 3),
        help="learn nothing at all from this third of the given writers, "
        "and judge on them alone: what --out is worth to people it has never met",
    )
    parser.add_argument("--errors", type=Path, help="a file for the messages that were read wrongly")
    chosen = parser.parse_args()
    if chosen.data:
        print(f"{write_rows(collect(chosen.data))} messages stored in {DATA}")
    samples = load_samples()
    strangers = strangers_of(samples, chosen.strangers) if chosen.strangers else []
    unmet = {s.id for s in strangers}
    met = [s for s in samples if s.id not in unmet]
    arrays, predictions = train(met, chosen.parts)
    if strangers:
        predictions = predicted(arrays, strangers)
    np.savez_compressed(chosen.out, **arrays)
    print(f"{chosen.out}: {chosen.out.stat().st_size / 1e6:.2f} MB")
    said = {p.id: p for p in predictions}
    given = [s for s in samples if s.id in said]
    report(score([case_of(s) for s in given], [said[s.id] for s in given]))
    if chosen.errors:
        chosen.errors.write_text("\n".join(errors(given, [said[s.id] for s in given])), encoding="utf-8")


if __name__ == "__main__":
    main()
