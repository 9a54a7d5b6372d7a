"""How well and how fast the built-in reader reads, parsing included, beside the simplest linear classifier."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median, quantiles

import psutil

from benchmarks.baseline import LinearBaseline
from bot.bootstrap import read_program
from bot.evaluation.mails import mail_text
from bot.evaluation.run import evaluate
from bot.ports import Reader
from bot.readers.builtin.reader import BuiltinReader
from config.loading import load_settings

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """Milliseconds a message, of `messages`; shares of the scores are 0 to 1, `mb` what the reader adds to memory."""

    name: str
    messages: int
    p50: float
    p99: float
    slowest: float
    mean: float
    load_seconds: float
    mb: float
    intents: float
    fields: float


def measure(cases: Path, step: Callable[[], None]) -> tuple[Reading, ...]:
    """Both readers on the same messages, the best of some rounds for each message: the rest is other programs'."""
    products = read_program(load_settings(Path(os.devnull), environ={})).products
    made: tuple[Callable[[], Reader], ...] = (lambda: BuiltinReader(products), LinearBaseline)
    return tuple(_measured(cases, make, step) for make in made)


def _measured(cases: Path, make: Callable[[], Reader], step: Callable[[], None]) -> Reading:
    before, began = _megabytes(), time.perf_counter()
    reader = make()
    seconds = time.perf_counter() - began
    rounds = []
    for _ in range(ROUNDS):
        rounds.append(evaluate(cases, reader, mail_text))
        step()
    best = sorted(min(its.milliseconds[case] for its in rounds) for case in rounds[0].milliseconds)
    scores = rounds[0].scores
    p99 = quantiles(best, n=100, method="inclusive")[98]
    return Reading(
        reader.name, len(best), median(best), p99, best[-1], fmean(best), seconds, _megabytes() - before,
        scores.intent_micro_f1, scores.field_f1,
    )  # fmt: skip


def _megabytes() -> float:
    return float(psutil.Process().memory_info().rss / 2**20)
