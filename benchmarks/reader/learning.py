"""What the reader's parts learn from labelled messages: each gives arrays of the reader's weights."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from benchmarks.reader.catalogue import CATALOGUE
from benchmarks.reader.fitting import fit_choice, fit_labels
from benchmarks.reader.inventing import NameStock, renamed, stock_of
from benchmarks.reader.labels import basis_of, labels_of
from benchmarks.reader.message_network import Lesson, Marks, train_network
from benchmarks.reader.name_network import train_name_network
from benchmarks.reader.perceptron import train_tagger
from benchmarks.reader.preparing import Prepared
from benchmarks.reader.trunk import Arrays, vocabulary_of
from bot.readers.builtin.companies import same_company
from bot.readers.builtin.deals import Stretches, deals_of
from bot.readers.builtin.document import Document, masking, with_names
from bot.readers.builtin.glance import glance_at
from bot.readers.builtin.intents import ALONE, intent_features
from bot.readers.builtin.linear import Encoded, encoded
from bot.readers.builtin.meaning import WordMeanings, load_meanings
from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.name_features import token_features
from bot.readers.builtin.networks.mention_facts import facts_of, places_of
from bot.readers.builtin.networks.message_network import BASES, KIND, SAID
from bot.readers.builtin.networks.name_network import NAME
from bot.readers.builtin.networks.trunk import MOST_TOKENS, packed, said_words
from bot.readers.builtin.products import ProductFinder
from bot.readers.builtin.roles import LABELS, MOST_MENTIONS, Role, mention_features
from bot.readers.builtin.stages import NO_STAGE, answer_features, stage_features
from bot.readers.builtin.tagging import tag_path
from bot.readers.builtin.wording import wording
from bot.vocabulary.company_names import name_key
from bot.vocabulary.requests import Intent
from crm.records import Channel

NETWORKS = 2
START = 0.5
"""The chance from which an intent is taken for wanted before limits are found."""


@dataclass(frozen=True, slots=True)
class Material:
    """A message to learn from: with the names that a tagger found in it, one that has not learnt from its writer where
    the writer is left out, and with what the linear model of intents sees of it then.
    """

    of: Prepared
    found: list[Mention]
    features: Encoded

    @property
    def masked(self) -> Document:
        """The document in which each name found is one word."""
        return masking(self.of.document, self.found)


def material_of(p: Prepared, found: list[Mention], table: WordMeanings) -> Material:
    features = encoded(intent_features(masking(p.document, found), p.sample.readable, table))
    return Material(p, found, Encoded({}, features.hashes, features.values))


def _intents(data: Sequence[Material]) -> Arrays:
    """A linear model and networks."""
    labels = [i.value for i in Intent]
    wanted = [{i.value for i in m.of.intents} for m in data]
    arrays = fit_labels([m.features for m in data], wanted, labels, 3.0).packed("intents")
    arrays["intents.least"] = np.full(len(labels), START, np.float32)
    lessons = [_lesson(m) for m in data if m.of.document.tokens]
    for seed in range(NETWORKS):
        arrays |= packed(f"{KIND}{seed}", *train_network(lessons, load_meanings(), seed, _say))
    return arrays


def _lesson(material: Material) -> Lesson:
    p, document = material.of, material.masked
    mentions = with_names(p.document, material.found)[:MOST_MENTIONS]
    places = places_of(document, mentions)
    kept = [m for m, place in zip(mentions, places, strict=True) if place < MOST_TOKENS]
    roles = [labels_of(p.sample, m) for m in kept]
    bases = [basis_of(p.sample, m) if m.kind is Kind.NUMBER else None for m in kept]
    marks = Marks(
        places[: len(kept)],
        facts_of(p.document, mentions)[: len(kept)],
        np.array([[label in row for label in LABELS] for row in roles], np.float32).reshape(-1, len(LABELS)),
        np.array([-1 if basis is None else BASES.index(basis) for basis in bases], np.intp),
    )
    said = {w.intent for w in p.sample.requests}
    said |= {f"{k}:{w.fields[k]}" for w in p.sample.requests for k in ("stage", "answer") if w.fields.get(k)}
    wanted = np.array([one in said for one in SAID], np.float32)
    alone = any(i in ALONE for i in p.intents)
    return Lesson(document, p.sample.readable, p.sample.language, wanted, marks, alone)


def _roles(data: Sequence[Material]) -> Arrays:
    rows: list[dict[str, float]] = []
    wanted: list[set[str]] = []
    for material in data:
        p = material.of
        mentions = p.mentions_with([m for m in material.found if not _overlaps(m, p.names)])
        features = mention_features(p.document, mentions, p.intents, p.sample.readable.thread.asked)
        rows.extend(features)
        wanted.extend(labels_of(p.sample, m) for m in mentions)
    return fit_labels(rows, wanted, LABELS, 1.0).packed("roles")


def _stages(data: Sequence[Material]) -> Arrays:
    rows, wanted = [], []
    for p in (m.of for m in data):
        updates = [w for w in p.sample.requests if w.intent == Intent.UPDATE_DEAL]
        if not updates:
            continue
        roles = [Role(m, dict.fromkeys(labels_of(p.sample, m), 1.0)) for m in p.mentions]
        deals = [d for d in deals_of(p.document, roles) if any(r.chances for r in d.roles)]
        for update in updates:
            key, ref = name_key(update.fields.get("customer", "")), update.fields.get("deal_ref", "-")
            own = next((d for d in deals if d.ref == ref or (key and same_company(name_key(d.name), key))), None)
            segments = Stretches(p.document, deals).of(own) if own else list(range(len(p.document.segments)))
            rows.append(stage_features(p.document, segments))
            wanted.append(update.fields.get("stage", NO_STAGE))
    return fit_choice(rows, wanted, 10.0).packed("stages")


def _answers(data: Sequence[Material]) -> Arrays:
    chosen = [(m.of, w.fields["answer"]) for m in data for w in m.of.sample.requests if w.fields.get("answer")]
    return fit_choice([answer_features(p.document) for p, _ in chosen], [a for _, a in chosen], 10.0).packed("answers")


def _spam(data: Sequence[Material]) -> Arrays:
    rows, wanted = [], []
    for p in (m.of for m in data):
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


def _machines(data: Sequence[Material]) -> Arrays:
    """Tells machines from people by their words; the only part that learns from machines, too."""
    wanted = [{"machine"} if Intent.AUTO_REPLY in m.of.intents else set() for m in data]
    return fit_labels([m.features for m in data], wanted, ["machine"], 30.0).packed("machine")


def _stock(data: Sequence[Prepared]) -> NameStock:
    named = [
        (kind, w.fields[field])
        for p in data
        for w in p.sample.requests
        for kind, field in ((Kind.CUSTOMER, "customer"), (Kind.PERSON, "contact_name"))
        if w.fields.get(field)
    ]
    return stock_of(named)


def tagger_arrays(data: Sequence[Prepared]) -> Arrays:
    """The linear tagger and the network, both learnt from the texts as they are and with other names."""
    random, stock, products = Random(7), _stock(data), ProductFinder(CATALOGUE)
    lessons = []
    for p in data:
        if not p.document.tokens:
            continue
        lessons.append((p.document, tag_path(p.document, p.names)))
        if any(p.names.values()):
            document, names = renamed(p.document, p.names, stock, products, random)
            lessons.append((document, tag_path(document, names)))
    model, transitions = train_tagger([(token_features(glance_at(document)), path) for document, path in lessons])
    # Invented names get no rows of their own: as words they come from nowhere.
    vocabulary = vocabulary_of(said_words(p.document.tokens) for p in data)
    network = packed(NAME, train_name_network(lessons, vocabulary, load_meanings(), 0, _say), vocabulary)
    return model.packed("tagger") | {"tagger.transitions": transitions} | network


def _overlaps(mention: Mention, names: dict[Kind, list[tuple[int, int]]]) -> bool:
    return any(s < mention.end and mention.start < e for places in names.values() for s, e in places)


def learn(data: Sequence[Material]) -> Arrays:
    """The arrays of everything but the tagger and the confidence, learnt from the messages."""
    spoken = [m for m in data if Intent.AUTO_REPLY not in m.of.intents]
    arrays = _machines(data)
    for part in (_intents, _roles, _stages, _answers, _spam):
        began = time.perf_counter()
        arrays |= part(spoken)
        print(f"  {part.__name__[1:]}: {time.perf_counter() - began:.0f} s", flush=True)
    return arrays
