"""How many milliseconds the built-in reader takes for a message, parsing included."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median, quantiles

from bot.bootstrap import read_program
from bot.evaluation.mails import mail_text
from bot.evaluation.run import evaluate
from bot.readers.builtin.reader import BuiltinReader
from config.loading import load_settings

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """Milliseconds a message, of `messages`."""

    messages: int
    p50: float
    p99: float
    slowest: float
    mean: float


def measure(cases: Path, step: Callable[[], None]) -> Reading:
    """The best of some rounds for each message: what else the machine does is not the reader's."""
    reader = BuiltinReader(read_program(load_settings(Path(os.devnull), environ={})).products)
    rounds = []
    for _ in range(ROUNDS):
        rounds.append(evaluate(cases, reader, mail_text).milliseconds)
        step()
    best = sorted(min(its[case] for its in rounds) for case in rounds[0])
    return Reading(len(best), median(best), quantiles(best, n=100, method="inclusive")[98], best[-1], fmean(best))
