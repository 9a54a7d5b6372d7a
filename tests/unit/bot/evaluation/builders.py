"""Cases, predictions and evaluations made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from bot.evaluation.cases import Case, Wanted
from bot.evaluation.run import Evaluation
from bot.evaluation.scores import Prediction, score

Requests = Sequence[tuple[str, dict[str, str]]]


def case(
    name: str,
    *requests: tuple[str, dict[str, str]],
    language: str = "en",
    channel: Literal["email", "slack"] = "email",
    text: str = "hello",
    answer: bool = True,
) -> Case:
    wanted = tuple(Wanted(intent, fields) for intent, fields in requests)
    received = datetime(2026, 11, 1, tzinfo=UTC)
    return Case(name, channel, language, received, "", None, (), text, None, text, wanted, answer)


def said(name: str, *requests: tuple[str, dict[str, str]], text: str = "hello", answer: bool = True) -> Prediction:
    rows: tuple[dict[str, Any], ...] = tuple({"intent": intent, "fields": fields} for intent, fields in requests)
    return Prediction(name, text, rows, answer)


def evaluation(cases: Sequence[Case], predictions: Sequence[Prediction]) -> Evaluation:
    times = {each.id: 1.0 for each in cases}
    return Evaluation(
        tuple(cases), tuple(predictions), score(cases, predictions), 1000.0, 50.0, times, {"builtin": len(cases)}
    )
