"""Runs a reader over a cases folder: predictions, scores, speed and memory."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.evaluation.cases import Case, MailReader, load_cases, readable_of
from bot.evaluation.labelling import require_known
from bot.evaluation.scores import Prediction, Scores, score
from bot.ports import Reader
from bot.vocabulary.requests import labelled

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`milliseconds` by case id: parsing and reading together; `peak_memory_mb` is the whole process's.

    `read_by` counts who read: where a model does not answer, the built-in reader did.
    """

    cases: tuple[Case, ...]
    predictions: tuple[Prediction, ...]
    scores: Scores
    messages_per_second: float
    peak_memory_mb: float
    milliseconds: dict[str, float]
    read_by: Mapping[str, int]


def _peak_memory_mb() -> float:
    """The most memory this process ever held; 0 where the system does not tell."""
    if importlib.util.find_spec("resource") is None:
        return 0.0
    resource = importlib.import_module("resource")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak / 2**20 if sys.platform == "darwin" else peak / 2**10)


def evaluate(cases_dir: Path, reader: Reader, read_mail: MailReader, progress: Progress | None = None) -> Evaluation:
    """Read every case of the folder; `progress` is told how many of how many are done. Raises CasesError."""
    cases = load_cases(cases_dir)
    require_known(cases)
    predictions: list[Prediction] = []
    milliseconds: dict[str, float] = {}
    read_by: Counter[str] = Counter()
    for done, case in enumerate(cases, 1):
        began = time.perf_counter()
        readable = readable_of(case, read_mail)
        reading = reader.read(readable)
        milliseconds[case.id] = (time.perf_counter() - began) * 1000
        read_by[reading.reader] += 1
        requests = tuple(labelled(request) for request in reading.requests)
        predictions.append(Prediction(case.id, readable.text, requests, reading.answer_expected))
        if progress is not None:
            progress(done, len(cases))
    seconds = sum(milliseconds.values()) / 1000
    return Evaluation(
        cases,
        tuple(predictions),
        score(cases, predictions),
        len(cases) / seconds if seconds else 0.0,
        _peak_memory_mb(),
        milliseconds,
        dict(read_by),
    )
