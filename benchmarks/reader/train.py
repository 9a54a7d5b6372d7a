"""Trains the built-in reader: `python -m benchmarks.reader.train [--data FOLDER]`; seeded, a few minutes."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from benchmarks.reader.assuring import confidence_arrays, tried
from benchmarks.reader.catalogue import CATALOGUE
from benchmarks.reader.fitting import fit_choice, fit_known, fit_labels
from benchmarks.reader.inventing import NameStock, renamed, stock_of
from benchmarks.reader.labels import labels_of
from benchmarks.reader.perceptron import train_tagger
from benchmarks.reader.preparing import Prepared, prepare
from benchmarks.reader.samples import DATA, Sample, collect, load_samples, write_rows
from bot.readers.builtin.apart import told_apart
from bot.readers.builtin.companies import same_company
from bot.readers.builtin.deals import deals_of, stretch_of
from bot.readers.builtin.document import masking
from bot.readers.builtin.intents import intent_features, segment_features
from bot.readers.builtin.linear import LinearModel
from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.name_features import token_features
from bot.readers.builtin.products import ProductFinder
from bot.readers.builtin.reader import WEIGHTS
from bot.readers.builtin.roles import LABELS, Role, mention_features
from bot.readers.builtin.stages import NO_STAGE, answer_features, stage_features
from bot.readers.builtin.tagging import Tagger, tag_path
from bot.readers.builtin.wording import wording
from bot.vocabulary.company_names import name_key
from bot.vocabulary.requests import Intent
from crm.records import Channel

VARIANTS = 2
Found = dict[str, list[Mention]]


def _intents(data: Sequence[Prepared], found: Found) -> dict[str, Any]:
    """Learnt from whole messages first; then their segments, each labelled by that model, are learnt from as well."""
    labels = [i.value for i in Intent]
    masked = [masking(p.document, found[p.sample.id]) for p in data]
    rows = [intent_features(d, p.sample.readable) for d, p in zip(masked, data, strict=True)]
    wanted = [{i.value for i in p.intents} for p in data]
    first = fit_labels(rows, wanted, labels, 3.0)
    parts: list[dict[str, float]] = []
    known: list[dict[str, bool]] = []
    for p, document, gold in zip(data, masked, wanted, strict=True):
        segments = list(segment_features(document, p.sample.readable).values())
        parts.extend(segments)
        known.extend(_segment_labels([first.scores(f) for f in segments], labels, gold))
    targets = [dict.fromkeys(labels, False) | dict.fromkeys(gold, True) for gold in wanted]
    weights = [1.0] * len(rows) + [0.5] * len(parts)
    return fit_known([*rows, *parts], [*targets, *known], labels, 3.0, weights).packed("intents")


def _segment_labels(scores: list[Any], labels: list[str], gold: set[str]) -> list[dict[str, bool]]:
    """What each segment of a message wants, as far as that is clear: a label left out is not known."""
    wanted = [place for place, label in enumerate(labels) if label in gold]
    tops = {place: max(row[place] for row in scores) for place in wanted} if scores else {}
    result = []
    for row in scores:
        best = max(wanted, key=lambda place: row[place])
        known = {label: False for label in labels if label not in gold}
        for place in wanted:
            if row[place] >= tops[place] or row[place] > 0:
                known[labels[place]] = True
            elif place != best and row[best] > 0 and row[place] < -1:
                known[labels[place]] = False
        result.append(known)
    return result


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
    for part in (_intents, _roles, _stages, _answers, _spam, _tagger):
        arrays |= part(data, found)
    return arrays


def train(samples: Sequence[Sample]) -> dict[str, Any]:
    """All arrays of the reader's weights, learnt from the samples."""
    spoken = [p for p in prepare(samples) if Intent.AUTO_REPLY not in p.intents]
    began = time.perf_counter()
    found = names_found(spoken)
    rows = tried(spoken, lambda learnt: learn(learnt, found))
    print(f"confidence: {time.perf_counter() - began:.0f} s", flush=True)
    arrays = learn(spoken, found) | confidence_arrays(rows, len(spoken))
    print(f"in all: {time.perf_counter() - began:.0f} s", flush=True)
    return arrays


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a cases folder to take messages from first")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    chosen = parser.parse_args()
    if chosen.data:
        print(f"{write_rows(collect(chosen.data))} messages stored in {DATA}")
    np.savez_compressed(chosen.out, **train(load_samples()))
    print(f"{chosen.out}: {chosen.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
