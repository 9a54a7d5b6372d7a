"""Trains the built-in reader: `python -m benchmarks.reader.train [--data FOLDER] [--out FILE]`; seeded, a few minutes."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.reader.catalogue import CATALOGUE
from benchmarks.reader.fitting import fit_choice, fit_labels
from benchmarks.reader.labels import labels_of, names_in
from benchmarks.reader.perceptron import train_tagger
from benchmarks.reader.samples import DATA, Sample, collect, load_samples, write_rows
from bot.readers.builtin.companies import company_key, same_company
from bot.readers.builtin.deals import deals_of, stretch_of
from bot.readers.builtin.document import Document, cleaned
from bot.readers.builtin.intents import intent_features
from bot.readers.builtin.language import language_of
from bot.readers.builtin.linear import pack
from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.products import ProductFinder
from bot.readers.builtin.reader import WEIGHTS, document_of, with_names
from bot.readers.builtin.roles import LABELS, Role, mention_features
from bot.readers.builtin.stages import NO_STAGE, answer_features, stage_features
from bot.readers.builtin.tagging import tag_path, token_features
from bot.readers.builtin.wording import wording
from bot.vocabulary.requests import Intent
from crm.records import Channel


@dataclass(frozen=True, slots=True)
class Prepared:
    """A sample with its document and the places of its labelled names."""

    sample: Sample
    document: Document
    names: dict[Kind, list[tuple[int, int]]]

    @property
    def mentions(self) -> list[Mention]:
        text = self.document.text
        named = [Mention(k, s, e, text[s:e]) for k, places in self.names.items() for s, e in places]
        return with_names(self.document, sorted(named, key=lambda m: m.start))

    @property
    def intents(self) -> list[Intent]:
        return list(dict.fromkeys(Intent(w.intent) for w in self.sample.requests))


def prepare(samples: Sequence[Sample]) -> list[Prepared]:
    products = ProductFinder(CATALOGUE)
    prepared = []
    for sample in samples:
        text, subject = cleaned(sample.readable.text), cleaned(sample.readable.subject).replace("\n", " ")
        language = language_of(f"{subject}\n{text}" if len(text) < 200 else text)
        document = document_of(sample.readable, subject, text, language, products)
        prepared.append(Prepared(sample, document, names_in(sample, document)))
    return prepared


def _intents(data: Sequence[Prepared]) -> dict[str, Any]:
    rows = [intent_features(p.document, p.sample.readable) for p in data]
    wanted = [{i.value for i in p.intents} for p in data]
    return pack(fit_labels(rows, wanted, [i.value for i in Intent], 12.0), "intents")


def _roles(data: Sequence[Prepared]) -> dict[str, Any]:
    rows, wanted = [], []
    for p in data:
        mentions = p.mentions
        features = mention_features(p.document, mentions, p.intents, p.sample.readable.thread.asked)
        rows.extend(features)
        wanted.extend(labels_of(p.sample, m) for m in mentions)
    return pack(fit_labels(rows, wanted, LABELS, 1.0), "roles")


def _stages(data: Sequence[Prepared]) -> dict[str, Any]:
    rows, wanted = [], []
    for p in data:
        updates = [w for w in p.sample.requests if w.intent == Intent.UPDATE_DEAL]
        if not updates:
            continue
        roles = [Role(m, {label: 1.0 for label in labels_of(p.sample, m)}) for m in p.mentions]
        deals = [d for d in deals_of(p.document, roles) if any(r.chances for r in d.roles)]
        for update in updates:
            key, ref = company_key(update.fields.get("customer", "")), update.fields.get("deal_ref", "-")
            own = next((d for d in deals if d.ref == ref or (key and same_company(company_key(d.name), key))), None)
            segments = stretch_of(p.document, deals, own) if own else list(range(len(p.document.segments)))
            rows.append(stage_features(p.document, segments))
            wanted.append(update.fields.get("stage", NO_STAGE))
    return pack(fit_choice(rows, wanted, 10.0), "stages")


def _answers(data: Sequence[Prepared]) -> dict[str, Any]:
    chosen = [(p, w.fields["answer"]) for p in data for w in p.sample.requests if w.fields.get("answer")]
    return pack(fit_choice([answer_features(p.document) for p, _ in chosen], [a for _, a in chosen], 10.0), "answers")


def _spam(data: Sequence[Prepared]) -> dict[str, Any]:
    rows, wanted = [], []
    for p in data:
        if p.sample.readable.channel is Channel.EMAIL and Intent.AUTO_REPLY not in p.intents and Intent.THANKS not in p.intents:
            rows.append(wording(p.document.tokens))
            wanted.append("answer" if p.sample.answer_expected else "silence")
    only_other = [i for i, p in enumerate(data) if Intent.OTHER in p.intents]
    del only_other
    return pack(fit_choice(rows, wanted, 10.0), "spam")


def _tagger(data: Sequence[Prepared]) -> dict[str, Any]:
    sequences = [(token_features(p.document), tag_path(p.document, p.names)) for p in data if p.document.tokens]
    model, transitions = train_tagger(sequences)
    return pack(model, "tagger") | {"tagger.transitions": transitions}


def train(samples: Sequence[Sample]) -> dict[str, Any]:
    """All arrays of the reader's weights, learnt from the samples."""
    spoken = [p for p in prepare(samples) if Intent.AUTO_REPLY not in p.intents]
    arrays: dict[str, Any] = {}
    for part in (_intents, _roles, _stages, _answers, _spam, _tagger):
        began = time.perf_counter()
        arrays |= part(spoken)
        print(f"{part.__name__.strip('_')}: {time.perf_counter() - began:.1f} s", flush=True)
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
