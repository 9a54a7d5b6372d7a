"""Scores follow the guide's definitions, and agree with its own scorer where that is at hand."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation.cases import Case, Wanted, load_cases
from bot.evaluation.comparing import comparable, comparable_text
from bot.evaluation.scores import Prediction, score
from tests.shared_folder import shared

FOLDER = shared()
SHARED = (FOLDER or Path()) / "eval"


def case(*requests: tuple[str, dict[str, str]], answer: bool = True, text: str = "hello") -> Case:
    wanted = tuple(Wanted(i, f) for i, f in requests)
    received = datetime(2026, 11, 1, tzinfo=UTC)
    return Case("c", "email", "en", received, "", None, (), None, None, text, wanted, answer)


def said(
    *requests: tuple[str, dict[str, str]], answer: bool = True, ask: bool = False, text: str = "hello"
) -> Prediction:
    rows = tuple({"intent": i, "fields": f, "ask": ask} for i, f in requests)
    return Prediction("c", text, rows, answer)


REGISTER = ("register_deal", {"customer": "Acme GmbH", "amount": "1200"})


def test_a_perfect_prediction_scores_one_everywhere() -> None:
    scores = score([case(REGISTER)], [said(REGISTER)])
    assert scores.intent_micro_f1 == scores.field_f1 == scores.text_exact == scores.deal_all_fields_right == 1.0
    assert scores.wrong_actions == 0.0
    assert scores.acted_without_asking == 1.0


def test_legal_form_case_and_number_format_do_not_count() -> None:
    other = ("register_deal", {"customer": "ACME", "amount": "1200.0"})
    assert score([case(REGISTER)], [said(other)]).field_f1 == 1.0


def test_two_deals_are_counted_apart_but_two_questions_are_one() -> None:
    assert score([case(REGISTER, REGISTER)], [said(REGISTER)]).intent_exact == 0.0
    ask: tuple[str, dict[str, str]] = ("ask_tier", {})
    assert score([case(ask, ask)], [said(ask)]).intent_exact == 1.0


def test_acting_with_a_value_that_is_not_said_is_wrong_unless_it_is_asked_first() -> None:
    invented = ("register_deal", {"customer": "Acme", "quantity": "5"})
    assert score([case(REGISTER)], [said(invented)]).wrong_actions == 1.0
    assert score([case(REGISTER)], [said(invented, ask=True)]).wrong_actions == 0.0


def test_an_answer_to_a_machine_is_counted() -> None:
    machine = case(("auto_reply", {}), answer=False)
    assert score([machine], [said(("auto_reply", {}), answer=True)]).answers_to_machines == 1
    assert score([machine], [said(("auto_reply", {}), answer=False)]).answers_to_machines == 0


def test_a_case_without_prediction_is_missing_and_wrong() -> None:
    scores = score([case(REGISTER)], [])
    assert scores.missing == 1
    assert scores.intent_exact == 0.0
    assert scores.answer_accuracy == 0.0


def test_no_cases_give_no_division_by_zero() -> None:
    assert score([], []).cases == 0


def test_greeting_and_closing_are_not_part_of_the_compared_text() -> None:
    assert comparable_text("Hi all,\n\nSend the deck.\n\nBest regards\nPat") == "send the deck"


def test_topics_are_compared_by_presence_and_phones_by_their_last_nine_digits() -> None:
    assert comparable("topic", "anything") == comparable("topic", "else")
    assert comparable("contact_phone", "+49 40 5550 2214 ext 3") == comparable("contact_phone", "040/55502214")


@pytest.mark.shared
@pytest.mark.skipif(FOLDER is None, reason="the shared folder is not present")
def test_figures_agree_with_the_guides_own_scorer(tmp_path: Path) -> None:
    cases = load_cases(SHARED)
    chance = random.Random(3)  # repeatable predictions, partly wrong
    predictions = []
    for known in cases:
        requests: list[dict[str, Any]] = [{"intent": w.intent, "fields": dict(w.fields)} for w in known.requests]
        if chance.random() < 0.3:
            requests = requests[1:] or [{"intent": "other", "fields": {}}]
        for request in requests:
            fields = request["fields"]
            if fields and chance.random() < 0.3:
                fields[next(iter(fields))] = "12"
            if chance.random() < 0.2:
                request["ask"] = True
        text = known.visible_text if chance.random() < 0.7 else known.visible_text + " more"
        predictions.append(Prediction(known.id, text, tuple(requests), chance.random() < 0.8))
    path = tmp_path / "predictions.jsonl"
    path.write_text("\n".join(json.dumps(p.row()) for p in predictions[:-2]))
    command = [sys.executable, str(SHARED / "score.py"), str(SHARED), str(path), "--json"]
    theirs = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    ours = score(cases, predictions[:-2])
    for name in ("cases", "missing", "answers_to_machines", "by_intent", "by_field"):
        assert getattr(ours, name) == theirs[name], name
    for name in (
        "intent_micro_f1",
        "intent_macro_f1",
        "intent_exact",
        "field_f1",
        "deal_all_fields_right",
        "text_exact",
        "text_token_f1",
        "answer_accuracy",
        "wrong_actions",
        "acted_without_asking",
    ):
        assert getattr(ours, name) == pytest.approx(theirs[name]), name
    for name, group in theirs["by_group"].items():
        mine = ours.by_group[name]
        assert (mine.cases, mine.intent_exact, mine.field_f1) == (
            group["cases"],
            group["intent_exact"],
            group["field_f1"],
        )
