"""Trains the built-in reader: `python -m benchmarks.reader.train [--data FOLDER]`; seeded, a few minutes."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from benchmarks.reader.catalogue import CATALOGUE
from benchmarks.reader.fitting import fit_choice, fit_known, fit_labels
from benchmarks.reader.labels import labels_of, names_in
from benchmarks.reader.perceptron import train_tagger
from benchmarks.reader.samples import DATA, Sample, collect, load_samples, write_rows
from bot.readers.builtin.companies import company_key, same_company
from bot.readers.builtin.deals import deals_of, stretch_of
from bot.readers.builtin.document import Document, Token, cleaned
from bot.readers.builtin.intents import intent_features, segment_features
from bot.readers.builtin.language import language_of
from bot.readers.builtin.linear import LinearModel
from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.products import ProductFinder
from bot.readers.builtin.reader import WEIGHTS, document_of, with_names
from bot.readers.builtin.roles import LABELS, Role, mention_features
from bot.readers.builtin.stages import NO_STAGE, answer_features, stage_features
from bot.readers.builtin.tagging import LEGAL_FORMS, Tagger, tag_path, token_features
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
        return self.mentions_with([])

    def mentions_with(self, others: list[Mention]) -> list[Mention]:
        """What rules find, the labelled names, and these others."""
        text = self.document.text
        named = [Mention(k, s, e, text[s:e]) for k, places in self.names.items() for s, e in places]
        return with_names(self.document, [*named, *others])

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
    """Learnt from whole messages first; then their segments, each labelled by that model, are learnt from as well."""
    labels = [i.value for i in Intent]
    rows = [intent_features(p.document, p.sample.readable) for p in data]
    wanted = [{i.value for i in p.intents} for p in data]
    first = fit_labels(rows, wanted, labels, 3.0)
    parts: list[dict[str, float]] = []
    known: list[dict[str, bool]] = []
    for p, gold in zip(data, wanted, strict=True):
        segments = segment_features(p.document, p.sample.readable)
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


def _roles(data: Sequence[Prepared]) -> dict[str, Any]:
    rows: list[dict[str, float]] = []
    wanted: list[set[str]] = []
    mistaken = _mistaken_names(data)
    for p in data:
        mentions = p.mentions_with(mistaken[p.sample.id])
        features = mention_features(p.document, mentions, p.intents, p.sample.readable.thread.asked)
        rows.extend(features)
        wanted.extend(labels_of(p.sample, m) for m in mentions)
    return fit_labels(rows, wanted, LABELS, 1.0).packed("roles")


def _stages(data: Sequence[Prepared]) -> dict[str, Any]:
    rows, wanted = [], []
    for p in data:
        updates = [w for w in p.sample.requests if w.intent == Intent.UPDATE_DEAL]
        if not updates:
            continue
        roles = [Role(m, dict.fromkeys(labels_of(p.sample, m), 1.0)) for m in p.mentions]
        deals = [d for d in deals_of(p.document, roles) if any(r.chances for r in d.roles)]
        for update in updates:
            key, ref = company_key(update.fields.get("customer", "")), update.fields.get("deal_ref", "-")
            own = next((d for d in deals if d.ref == ref or (key and same_company(company_key(d.name), key))), None)
            segments = stretch_of(p.document, deals, own) if own else list(range(len(p.document.segments)))
            rows.append(stage_features(p.document, segments))
            wanted.append(update.fields.get("stage", NO_STAGE))
    return fit_choice(rows, wanted, 10.0).packed("stages")


def _answers(data: Sequence[Prepared]) -> dict[str, Any]:
    chosen = [(p, w.fields["answer"]) for p in data for w in p.sample.requests if w.fields.get("answer")]
    return fit_choice([answer_features(p.document) for p, _ in chosen], [a for _, a in chosen], 10.0).packed("answers")


def _spam(data: Sequence[Prepared]) -> dict[str, Any]:
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


def _disguised(p: Prepared, random: Random) -> Document:
    """The document with the words of its labelled names made up, so that the tagger heeds what stands around them."""
    places = [place for stretches in p.names.values() for place in stretches]

    def swap(token: Token) -> Token:
        inside = token.mention is None and any(s <= token.start and token.end <= e for s, e in places)
        if not inside or not token.text[0].isalpha() or token.text.casefold() in LEGAL_FORMS or random.random() < 0.2:
            return token
        made = "".join(random.choice("bdfgklmnprstvz" if i % 2 else "aeiou") for i in range(max(3, len(token.text))))
        shaped = made.upper() if token.text.isupper() else made.capitalize() if token.text[0].isupper() else made
        return replace(token, text=shaped)

    return replace(p.document, tokens=tuple(swap(t) for t in p.document.tokens))


def fit_tagger(data: Sequence[Prepared]) -> tuple[LinearModel, Any]:
    """The tagger's model and transitions, learnt from the texts as they are and with names made up."""
    random = Random(7)
    sequences = []
    for p in data:
        if p.document.tokens:
            path = tag_path(p.document, p.names)
            sequences.append((token_features(p.document), path))
            if any(p.names.values()):
                sequences.append((token_features(_disguised(p, random)), path))
    return train_tagger(sequences)


def _tagger(data: Sequence[Prepared]) -> dict[str, Any]:
    model, transitions = fit_tagger(data)
    return model.packed("tagger") | {"tagger.transitions": transitions}


def _mistaken_names(data: Sequence[Prepared]) -> dict[str, list[Mention]]:
    """By sample id, what a tagger that has not learnt from its writer wrongly takes for a name."""
    writers = sorted({p.sample.writer for p in data})
    found: dict[str, list[Mention]] = {}
    for fold in range(3):
        held = set(writers[fold::3])
        learnt = [p for p in data if p.sample.writer not in held]
        tagger = Tagger(*fit_tagger(learnt or data))
        for p in data:
            if p.sample.writer in held:
                found[p.sample.id] = [m for m in tagger.find(p.document) if not _overlaps(m, p.names)]
    return found


def _overlaps(mention: Mention, names: dict[Kind, list[tuple[int, int]]]) -> bool:
    return any(s < mention.end and mention.start < e for places in names.values() for s, e in places)


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
