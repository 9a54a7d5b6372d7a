"""Learns how sure the reader may be: on writers that it has not learnt from, which requests were right."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.reader.fitting import fit_labels
from benchmarks.reader.preparing import Prepared
from benchmarks.reader.samples import WRITTEN_HERE
from bot.evaluation.comparing import comparable
from bot.readers.builtin.confidence import RIGHT, Draft, evidence
from bot.readers.builtin.linear import LinearModel
from bot.readers.builtin.meaning import load_meanings
from bot.readers.builtin.understanding import Understanding
from bot.vocabulary.requests import ACTING, Request, labelled

FOLDS = 3
MOST_WRONG = 0.05
"""On what share of the messages of writers never seen the reader may act wrongly without asking."""
_STRENGTH = 0.3


@dataclass(frozen=True, slots=True)
class Tried:
    """One draft of a message that the models had not learnt from; `right` as the evaluation guide counts it."""

    message: str
    fold: int
    draft: Draft
    evidence: dict[str, float]
    right: bool


def is_right(draft: Draft, p: Prepared) -> bool:
    """Whether such a request is wanted and every field of it said."""
    row = labelled(Request(draft.intent, draft.fields))
    said = {(k, comparable(k, v)) for k, v in row["fields"].items()}
    wanted = [w for w in p.sample.requests if w.intent == draft.intent]
    return any(said <= {(k, comparable(k, v)) for k, v in w.fields.items()} for w in wanted)


def folds_of(data: Sequence[Prepared]) -> list[set[str]]:
    """The writers in parts: who is judged is left out together with others."""
    writers = sorted({p.sample.writer for p in data})
    return [set(writers[fold::FOLDS]) for fold in range(FOLDS)]


def tried(data: Sequence[Prepared], held: Collection[str], fold: int, arrays: Mapping[str, Any]) -> list[Tried]:
    """Every draft for every message of the held-out writers, by models that did not learn from them."""
    understanding = Understanding(arrays, load_meanings())
    found: list[Tried] = []
    for p in data:
        if p.sample.writer not in held:
            continue
        understood = understanding.of(p.document, p.sample.readable)
        for draft in understood.drafts:
            row = evidence(draft, p.document, p.sample.readable, understood.wishes, understood.roles)
            found.append(Tried(p.sample.id, fold, draft, row, is_right(draft, p)))
    return found


def _fitted(rows: Sequence[Tried]) -> LinearModel:
    wanted = [{RIGHT} if t.right else set() for t in rows]
    return fit_labels([t.evidence for t in rows], wanted, [RIGHT], _STRENGTH)


def confidence_arrays(rows: Sequence[Tried], messages: int) -> dict[str, Any]:
    """The model of confidence, and from which confidence each acting intent needs no question.

    The limit is found on the given messages, of which there are `messages`; those written beside them are harder than
    what comes in.
    """
    chances: dict[int, float] = {}
    for fold in sorted({t.fold for t in rows}):
        model = _fitted([t for t in rows if t.fold != fold])
        chances |= {i: model.probabilities(t.evidence)[RIGHT] for i, t in enumerate(rows) if t.fold == fold}
    acting = [
        (chances[i], t)
        for i, t in enumerate(rows)
        if t.draft.intent in ACTING and not t.message.startswith(WRITTEN_HERE)
    ]
    limit = _limit(acting, messages)
    intents = sorted(intent.value for intent in ACTING)
    return _fitted(rows).packed("confidence") | {
        "ask.intents": np.array(intents),
        "ask.below": np.array([limit] * len(intents)),
    }


def _limit(acting: Sequence[tuple[float, Tried]], messages: int) -> float:
    """The lowest confidence from which acting is wrong on no more messages than allowed."""
    wrong: set[str] = set()
    limit = 1.0
    for chance, t in sorted(acting, key=lambda row: -row[0]):
        if not t.right:
            wrong.add(t.message)
        if len(wrong) > MOST_WRONG * messages:
            break
        limit = chance
    return limit
