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
from bot.readers.builtin.linear import LinearModel, hashed
from bot.readers.builtin.meaning import load_meanings
from bot.readers.builtin.understanding import Understanding
from bot.vocabulary.requests import ACTING, Request, labelled

FOLDS = GROUPS = 3
MOST_WRONG = 0.035
"""On what share of the messages of writers never seen the reader may act wrongly without asking."""
_STRENGTH = 0.05


@dataclass(frozen=True, slots=True)
class Tried:
    """One draft of a message that the models had not learnt from; `right` as the evaluation guide counts it.

    `group` is that of the message's writer: who is judged is not learnt from.
    """

    message: str
    group: int
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


def group_of(writer: str) -> int:
    """One of `GROUPS`, always the same for a writer."""
    return hashed(writer) % GROUPS


def tried(data: Sequence[Prepared], held: Collection[str], arrays: Mapping[str, Any]) -> list[Tried]:
    """Every draft for every message of the held-out writers, by models that did not learn from them."""
    understanding = Understanding(arrays, load_meanings())
    found: list[Tried] = []
    for p in data:
        if p.sample.writer not in held or not p.document.tokens:
            continue
        understood = understanding.of(p.document, p.sample.readable)
        if understood is None:
            continue
        for draft in understood.drafts:
            row = evidence(draft, p.document, p.sample.readable, understood.wishes, understood.roles)
            found.append(Tried(p.sample.id, group_of(p.sample.writer), draft, row, is_right(draft, p)))
    return found


def _fitted(rows: Sequence[Tried]) -> LinearModel:
    wanted = [{RIGHT} if t.right else set() for t in rows]
    return fit_labels([t.evidence for t in rows], wanted, [RIGHT], _STRENGTH)


def confidence_arrays(rows: Sequence[Tried]) -> dict[str, Any]:
    """The model of confidence, and from which confidence each acting intent needs no question.

    The limit is found on the given messages; those written beside them are harder than what comes in.
    """
    chances: dict[int, float] = {}
    for group in sorted({t.group for t in rows}):
        model = _fitted([t for t in rows if t.group != group])
        chances |= {i: model.probabilities(t.evidence)[RIGHT] for i, t in enumerate(rows) if t.group == group}
    given = [(chances[i], t) for i, t in enumerate(rows) if not t.message.startswith(WRITTEN_HERE)]
    acting = [(chance, t) for chance, t in given if t.draft.intent in ACTING]
    limit = _limit(acting, len({t.message for _, t in given}))
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
