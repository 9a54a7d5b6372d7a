"""Trains the built-in reader and judges it on writers left out: `python -m benchmarks.reader.train`; seeded."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from benchmarks.reader.assuring import confidence_arrays, folds_of, tried
from benchmarks.reader.catalogue import CATALOGUE
from benchmarks.reader.deciding import START, least_chances, unseen_chances
from benchmarks.reader.fitting import fit_choice, fit_labels
from benchmarks.reader.inventing import NameStock, renamed, stock_of
from benchmarks.reader.judging import case_of, errors, predicted, report
from benchmarks.reader.labels import labels_of
from benchmarks.reader.network import Lesson, train_network
from benchmarks.reader.perceptron import train_tagger
from benchmarks.reader.preparing import Prepared, prepare
from benchmarks.reader.samples import DATA, WRITTEN_HERE, Sample, collect, load_samples, write_rows
from bot.evaluation.scores import Prediction, score
from bot.readers.builtin.apart import told_apart
from bot.readers.builtin.automatic import machine_features
from bot.readers.builtin.companies import same_company
from bot.readers.builtin.deals import deals_of, stretch_of
from bot.readers.builtin.document import masking
from bot.readers.builtin.intents import ALONE, intent_features
from bot.readers.builtin.linear import LinearModel
from bot.readers.builtin.meaning import load_meanings
from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.name_features import token_features
from bot.readers.builtin.network import packed, said_words
from bot.readers.builtin.products import ProductFinder
from bot.readers.builtin.reader import WEIGHTS
from bot.readers.builtin.roles import LABELS, Role, mention_features
from bot.readers.builtin.stages import NO_STAGE, answer_features, stage_features
from bot.readers.builtin.tagging import Tagger, tag_path
from bot.readers.builtin.wording import wording
from bot.vocabulary.company_names import name_key
from bot.vocabulary.requests import Intent
from crm.records import Channel

VARIANTS = 1
NETWORKS = 1
Found = dict[str, list[Mention]]


def _intents(data: Sequence[Prepared], found: Found) -> dict[str, Any]:
    """A linear model and networks, of texts in which the names found are one word each."""
    table = load_meanings()
    labels = [i.value for i in Intent]
    masked = [masking(p.document, found[p.sample.id]) for p in data]
    rows = [intent_features(d, p.sample.readable, table) for d, p in zip(masked, data, strict=True)]
    wanted = [{i.value for i in p.intents} for p in data]
    arrays = fit_labels(rows, wanted, labels, 3.0).packed("intents")
    arrays["intents.least"] = np.full(len(labels), START, np.float32)
    lessons = [
        Lesson(
            said_words(document.tokens),
            p.sample.readable,
            p.sample.language,
            np.array([label in gold for label in labels], np.float32),
            alone=any(i in ALONE for i in p.intents),
        )
        for p, document, gold in zip(data, masked, wanted, strict=True)
        if document.tokens
    ]
    for seed in range(NETWORKS):
        arrays |= packed(f"network{seed}", *train_network(lessons, table, seed, _say))
    return arrays


def _roles(data: Sequence[Prepared], found: Found) -> dict[str, Any]:
    rows: list[dict[str, float]] = []
    wanted: list[set[str]] = []
    for p in data:
        mentions = p.mentions_with([m for m in found[p.sample.id] if not _overlaps(m, p.names)])
        features = mention_features(p.document, mentions, p.intents, p.sample.readable.thread.asked)
        rows.extend(features)
        wanted.extend(labels_of(p.sample, m) for m in mentions)
    return fit_labels(rows, wanted, LABELS, 1.0).packed("roles")


def _stages(data: Sequence[Prepared], _: Found) -> dict[str, Any]:
    rows, wanted = [], []
    for p in data:
        updates = [w for w in p.sample.requests if w.intent == Intent.UPDATE_DEAL]
        if not updates:
            continue
        roles = [Role(m, dict.fromkeys(labels_of(p.sample, m), 1.0)) for m in p.mentions]
        deals = [d for d in deals_of(p.document, roles) if any(r.chances for r in d.roles)]
        for update in updates:
            key, ref = name_key(update.fields.get("customer", "")), update.fields.get("deal_ref", "-")
            own = next((d for d in deals if d.ref == ref or (key and same_company(name_key(d.name), key))), None)
            segments = stretch_of(p.document, deals, own) if own else list(range(len(p.document.segments)))
            rows.append(stage_features(p.document, segments))
            wanted.append(update.fields.get("stage", NO_STAGE))
    return fit_choice(rows, wanted, 10.0).packed("stages")


def _answers(data: Sequence[Prepared], _: Found) -> dict[str, Any]:
    chosen = [(p, w.fields["answer"]) for p in data for w in p.sample.requests if w.fields.get("answer")]
    return fit_choice([answer_features(p.document) for p, _ in chosen], [a for _, a in chosen], 10.0).packed("answers")


def _spam(data: Sequence[Prepared], _: Found) -> dict[str, Any]:
    rows, wanted = [], []
    for p in data:
        if (
            p.sample.readable.channel is Channel.EMAIL
            and Intent.AUTO_REPLY not in p.intents
            and Intent.THANKS not in p.intents
        ):
            rows.append(wording(p.document.tokens))
            wanted.append("answer" if p.sample.answer_expected else "silence")
    return fit_choice(rows, wanted, 10.0).packed("spam")


def _say(words: str) -> None:
    print(f"    {words}", flush=True)


def machines(data: Sequence[Prepared]) -> dict[str, Any]:
    """Tells machines from people by their words; the only part that learns from machines, too."""
    table = load_meanings()
    rows = [machine_features(p.document, p.sample.readable, table) for p in data]
    wanted = [{"machine"} if Intent.AUTO_REPLY in p.intents else set() for p in data]
    return fit_labels(rows, wanted, ["machine"], 30.0).packed("machine")


def _stock(data: Sequence[Prepared]) -> NameStock:
    named = [
        (kind, w.fields[field])
        for p in data
        for w in p.sample.requests
        for kind, field in ((Kind.CUSTOMER, "customer"), (Kind.PERSON, "contact_name"))
        if w.fields.get(field)
    ]
    return stock_of(named)


def fit_tagger(data: Sequence[Prepared], variants: int = VARIANTS) -> tuple[LinearModel, Any]:
    """The tagger's model and transitions, learnt from the texts as they are and with other names."""
    random, stock, products = Random(7), _stock(data), ProductFinder(CATALOGUE)
    sequences = []
    for p in data:
        if not p.document.tokens:
            continue
        sequences.append((token_features(p.document), tag_path(p.document, p.names)))
        for _ in range(variants if any(p.names.values()) else 0):
            document, names = renamed(p.document, p.names, stock, products, random)
            sequences.append((token_features(document), tag_path(document, names)))
    return train_tagger(sequences)


def _tagger(data: Sequence[Prepared], _: Found) -> dict[str, Any]:
    model, transitions = fit_tagger(data)
    return model.packed("tagger") | {"tagger.transitions": transitions}


def names_found(data: Sequence[Prepared]) -> Found:
    """By sample id, the names that a tagger finds which has not learnt from the sample's writer."""
    writers = sorted({p.sample.writer for p in data})
    found: Found = {}
    for fold in range(3):
        held = set(writers[fold::3])
        learnt = [p for p in data if p.sample.writer not in held]
        tagger = Tagger(*fit_tagger(learnt or data, 1))
        for p in data:
            if p.sample.writer in held:
                found[p.sample.id] = told_apart(p.document, tagger.find(p.document))
    return found


def _overlaps(mention: Mention, names: dict[Kind, list[tuple[int, int]]]) -> bool:
    return any(s < mention.end and mention.start < e for places in names.values() for s, e in places)


def learn(data: Sequence[Prepared], found: Found) -> dict[str, Any]:
    """The arrays of everything but the confidence, learnt from the messages."""
    arrays: dict[str, Any] = {}
    for part in (_tagger, _intents, _roles, _stages, _answers, _spam):
        began = time.perf_counter()
        arrays |= part(data, found)
        print(f"  {part.__name__[1:]}: {time.perf_counter() - began:.0f} s", flush=True)
    return arrays


def train(samples: Sequence[Sample]) -> tuple[dict[str, Any], list[Prediction]]:
    """All arrays of the reader's weights, and what readers that had not learnt from a message's writer made of it."""
    prepared = prepare(samples)
    spoken = [p for p in prepared if Intent.AUTO_REPLY not in p.intents]
    began = time.perf_counter()
    found = names_found(spoken)
    print(f"names: {time.perf_counter() - began:.0f} s", flush=True)
    folds = folds_of(spoken)
    learnt = [learn([p for p in spoken if p.sample.writer not in held] or spoken, found) for held in folds]
    given = [p for p in spoken if not p.sample.id.startswith(WRITTEN_HERE)]
    limits = {
        "intents.least": least_chances([unseen_chances(given, found, *one) for one in zip(folds, learnt, strict=True)])
    }
    learnt = [
        arrays | limits | machines([p for p in prepared if p.sample.writer not in held] or prepared)
        for held, arrays in zip(folds, learnt, strict=True)
    ]
    rows = [row for number, arrays in enumerate(learnt) for row in tried(spoken, folds[number], number, arrays)]
    predictions: list[Prediction] = []
    for number, (held, arrays) in enumerate(zip(folds, learnt, strict=True)):
        sure = confidence_arrays([row for row in rows if row.fold != number], _given_outside(given, held))
        predictions += predicted(arrays | sure, [s for s in samples if s.writer in held])
    arrays = learn(spoken, found) | limits | machines(prepared) | confidence_arrays(rows, len(given))
    print(f"in all: {time.perf_counter() - began:.0f} s", flush=True)
    return arrays, predictions


def _given_outside(given: Sequence[Prepared], held: set[str]) -> int:
    return sum(p.sample.writer not in held for p in given)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a cases folder to take messages from first")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--errors", type=Path, help="a file for the messages that were read wrongly")
    chosen = parser.parse_args()
    if chosen.data:
        print(f"{write_rows(collect(chosen.data))} messages stored in {DATA}")
    samples = load_samples()
    arrays, predictions = train(samples)
    np.savez_compressed(chosen.out, **arrays)
    print(f"{chosen.out}: {chosen.out.stat().st_size / 1e6:.2f} MB")
    given = [s for s in samples if not s.id.startswith(WRITTEN_HERE)]
    said = {p.id: p for p in predictions}
    report(score([case_of(s) for s in given], [said[s.id] for s in given]))
    if chosen.errors:
        chosen.errors.write_text("\n".join(errors(given, [said[s.id] for s in given])), encoding="utf-8")


if __name__ == "__main__":
    main()
