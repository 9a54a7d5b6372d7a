"""The messages that went wrong: what was wanted, what was said, and the difference in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from bot.evaluation.cases import Case
from bot.evaluation.label_form import lines_of
from bot.evaluation.run import Evaluation
from bot.evaluation.scores import Prediction, counted_intents, triples, wanted_rows, wrongly_acted

EXCERPT = 600  # characters of a message that are shown


@dataclass(frozen=True, slots=True)
class WrongMessage:
    """`wanted` and `said` are requests, a line each; `faults` the differences; `intents` those on either side."""

    id: str
    language: str
    channel: str
    excerpt: str
    wanted: tuple[str, ...]
    said: tuple[str, ...]
    faults: tuple[str, ...]
    intents: tuple[str, ...]
    acted_wrongly: bool


def wrong_messages(result: Evaluation) -> tuple[WrongMessage, ...]:
    """Those with any request, field or expectation of an answer that differs; wrongly acted ones first."""
    said = {prediction.id: prediction for prediction in result.predictions}
    judged = (_judged(case, said[case.id]) for case in result.cases if case.id in said)
    return tuple(sorted((message for message in judged if message.faults), key=lambda m: not m.acted_wrongly))


def _judged(case: Case, said: Prediction) -> WrongMessage:
    gold = wanted_rows(case.requests)
    intents = sorted({request["intent"] for request in (*gold, *said.requests)})
    return WrongMessage(
        case.id,
        case.language,
        case.channel,
        _clipped(said.visible_text or case.visible_text),
        lines_of(gold),
        lines_of(said.requests),
        (*_intent_faults(case, said), *_field_faults(case, said), *_answer_fault(case, said)),
        tuple(intents),
        wrongly_acted(gold, said.requests),
    )


def _intent_faults(case: Case, said: Prediction) -> tuple[str, ...]:
    want, got = counted_intents(wanted_rows(case.requests)), counted_intents(said.requests)
    return tuple([f"missed {name}" for name in want - got] + [f"not wanted: {name}" for name in got - want])


def _field_faults(case: Case, said: Prediction) -> tuple[str, ...]:
    """Of the intents that were found; the fields of a wrong one follow from it."""
    wanted = wanted_rows(case.requests)
    both = {request["intent"] for request in wanted} & {request["intent"] for request in said.requests}
    want, got = triples(wanted), triples(said.requests)
    sides: Mapping[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for intent, name, _ in (want | got) - (want & got):
        sides[intent, name].update(
            missed=sum(t[:2] == (intent, name) for t in want - got),
            invented=sum(t[:2] == (intent, name) for t in got - want),
        )
    return tuple(
        f"{name}: {'wrong value' if c['missed'] and c['invented'] else 'missed' if c['missed'] else 'invented'}"
        for (intent, name), c in sorted(sides.items())
        if intent in both
    )


def _answer_fault(case: Case, said: Prediction) -> tuple[str, ...]:
    if said.answer_expected == case.answer_expected:
        return ()
    return ("no answer where one is due" if case.answer_expected else "an answer where none is due",)


def _clipped(text: str) -> str:
    text = text.strip()
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1].rstrip() + "…"
