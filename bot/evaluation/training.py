"""Learns from a folder of the vendor's own messages, and judges on parts held out whether that makes it better."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.cases import Case, MailReader, load_cases, readable_of
from bot.evaluation.labelling import require_known
from bot.evaluation.learning import Lesson, Lessons
from bot.evaluation.run import Progress
from bot.evaluation.scores import Prediction, Scores, score
from bot.ports import Readable, Reader
from bot.readers.builtin.linear import Features, LinearModel
from bot.readers.builtin.own import Correction, OwnMessages
from bot.vocabulary.requests import ACTING, labelled

FEWEST, MOST = 20, 5_000
PARTS = 5


class TooFewMessages(ValueError):
    """Too little to learn from and to judge by; the text says how many are needed."""


@dataclass(frozen=True, slots=True)
class Trained:
    """`before` and `after` are scores over all messages, each read by what the other parts taught.

    `model` is learned from all of them. `by_sender` is False where there were too few senders to part them.
    `untaught` are messages that rules alone decide (machines, bare signs), and `left_out` those beyond `MOST`.
    """

    model: LinearModel
    before: Scores
    after: Scores
    by_sender: bool
    untaught: int
    left_out: int

    @property
    def worse(self) -> tuple[str, ...]:
        """What got worse on the parts held out, in words; nothing where it did not."""
        checks = (
            ("fewer intents are right", self.after.intent_micro_f1 < self.before.intent_micro_f1),
            ("fewer messages have all intents right", self.after.intent_exact < self.before.intent_exact),
            ("more messages are acted on wrongly", self.after.wrong_actions > self.before.wrong_actions),
            ("more machines are answered", self.after.answers_to_machines > self.before.answers_to_machines),
        )
        return tuple(words for words, true in checks if true)


class _Listening:
    """A correction that hears what the intent model sees, and moves the scores by the model put into it, if any."""

    def __init__(self) -> None:
        self.model: LinearModel | None = None
        self.heard: tuple[Features, NDArray[np.float32]] | None = None

    def corrected(self, features: Features, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        self.heard = (features, scores)
        return scores if self.model is None else OwnMessages(self.model, ACTING).corrected(features, scores)


def train(
    folder: Path,
    labels: Sequence[str],
    make_reader: Callable[[Correction], Reader],
    read_mail: MailReader,
    progress: Progress,
) -> Trained:
    """Learn from every message of the folder; `labels` are those of the shipped intents.

    Raises CasesError, and TooFewMessages.
    """
    cases = load_cases(folder)
    require_known(cases)
    if len(cases) < FEWEST:
        raise TooFewMessages(f"{len(cases)} messages are too few to learn from and to judge by: {FEWEST} are needed")
    taught = cases[-MOST:]
    listening = _Listening()
    reader = make_reader(listening)
    steps = _Steps(progress, 2 * len(taught) + PARTS + 1)
    readables = [readable_of(case, read_mail) for case in taught]
    before, lessons = _heard(taught, readables, reader, listening, steps)
    known = [place for place, lesson in enumerate(lessons) if lesson is not None]
    if len(known) < FEWEST:
        raise TooFewMessages(f"only {len(known)} messages hold words to learn from: {FEWEST} are needed")
    learning = Lessons(labels, [lesson for lesson in lessons if lesson is not None])
    seats = {place: seat for seat, place in enumerate(known)}
    parts, by_sender = _parts(taught)
    after: list[Prediction] = []
    for part in parts:
        held_out = set(part)
        listening.model = learning.fitted([seats[place] for place in known if place not in held_out])
        steps.done()
        for place in part:
            after.append(_predicted(taught[place], readables[place], reader))
            steps.done()
    model = learning.fitted(range(len(known)))
    steps.done()
    left_out = len(cases) - len(taught)
    return Trained(
        model, score(taught, before), score(taught, after), by_sender, len(taught) - len(known), left_out
    )  # fmt: skip


class _Steps:
    """Counts what is done."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self._count = 0

    def done(self) -> None:
        self._count += 1
        self._progress(self._count, self._total)


def _heard(
    cases: Sequence[Case], readables: Sequence[Readable], reader: Reader, listening: _Listening, steps: _Steps
) -> tuple[list[Prediction], list[Lesson | None]]:
    """What the shipped weights alone say of each message, and the lesson in it; None where rules decided."""
    predictions: list[Prediction] = []
    lessons: list[Lesson | None] = []
    for case, readable in zip(cases, readables, strict=True):
        listening.heard = None
        predictions.append(_predicted(case, readable, reader))
        wanted = frozenset(request.intent for request in case.requests)
        lessons.append(Lesson(*listening.heard, wanted) if listening.heard is not None else None)
        steps.done()
    return predictions, lessons


def _predicted(case: Case, readable: Readable, reader: Reader) -> Prediction:
    reading = reader.read(readable)
    requests = tuple(labelled(request) for request in reading.requests)
    return Prediction(case.id, readable.text, requests, reading.answer_expected)


def _parts(cases: Sequence[Case]) -> tuple[list[list[int]], bool]:
    """Places of the messages in parts of like size, and whether each sender's are together.

    A sender words things alike, so that one standing on both sides would make any learning look good. The order is
    drawn from the names, so that the same folder is always parted alike.
    """
    senders = [case.sender.casefold() or case.id for case in cases]
    often = Counter(senders)
    by_sender = len(often) >= PARTS and max(often.values()) <= len(cases) / 2
    keys = senders if by_sender else [case.id for case in cases]
    sizes = Counter(keys)
    parts: list[list[int]] = [[] for _ in range(PARTS)]
    filled = [0] * PARTS
    home: dict[str, int] = {}
    for key in sorted(sizes, key=lambda k: (-sizes[k], hashlib.sha256(k.encode("utf-8", "replace")).digest())):
        home[key] = filled.index(min(filled))
        filled[home[key]] += sizes[key]
    for place, key in enumerate(keys):
        parts[home[key]].append(place)
    return [part for part in parts if part], by_sender
