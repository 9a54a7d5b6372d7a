"""What an answer to a manager's question does to the place of a registration among rivals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.intents import under_review
from bot.intents.draft import check
from bot.steps.say import Listener, say
from bot.vocabulary.decisions import Decision, SaveRegistration
from bot.vocabulary.requests import DealFields, Intent
from crm.records import Channel, Registration, RegistrationState
from tests.builders import NOW, facts, registration

HELD = NOW - timedelta(days=2)
ASKED = registration(
    state=RegistrationState.NEEDS_INFO,
    question="For what?",
    priority_at=HELD,
    products=("Lumora Core", "Lumora Insights"),
)
CAME = NOW - timedelta(minutes=5)


def answered(received: Any = CAME, **said: Any) -> Decision:
    world = facts(registrations=(ASKED,), received_at=received, words="for this")
    return under_review.decide(ASKED, check(DealFields(**said), world), Intent.PROVIDE_FIELD, world)


def saved(decision: Decision) -> Registration:
    [command] = [c for c in decision.commands if isinstance(c, SaveRegistration)]
    return command.registration


def texts(decision: Decision) -> list[str]:
    return [o.text for o in decision.outcomes]


def test_an_answer_that_adds_a_product_counts_from_the_answer_and_says_so() -> None:
    decision = answered(products=("Lumora Core", "Lumora Insights", "Lumora Assist"))
    assert saved(decision).priority_at == CAME
    assert texts(decision)[0] == "register.answered_anew"
    assert "register.answered" not in texts(decision)


def test_a_clock_ahead_of_ours_gains_nothing_by_an_answer() -> None:
    wider = ("Lumora Core", "Lumora Insights", "Lumora Assist")
    assert saved(answered(NOW + timedelta(hours=1), products=wider)).priority_at == NOW


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"quantity": 60},
        {"products": ("Lumora Core",)},
        {"products": ("Lumora Core", "Lumora Assist")},
        {"products": ("Lumora Assist",)},
        {"products": ("Lumora Insights", "Lumora Core")},
    ],
)
def test_any_other_answer_keeps_the_time(said: dict[str, Any]) -> None:
    decision = answered(**said)
    assert saved(decision).priority_at == HELD
    assert texts(decision)[0] == "register.answered"


def test_a_product_added_by_an_answer_that_leaves_something_open_counts_from_then_too() -> None:
    wider = ("Lumora Core", "Lumora Insights", "Lumora Assist")
    decision = answered(products=wider, amount=ASKED.amount, currency="SEK")
    assert saved(decision).state is RegistrationState.NEEDS_INFO
    assert saved(decision).priority_at == CAME
    assert "register.answered_anew" in texts(decision)


@pytest.mark.parametrize("language", ["en", "de", "fr", "nl", "es"])
def test_the_new_time_is_told_in_every_language(language: str) -> None:
    decision = answered(products=("Lumora Core", "Lumora Insights", "Lumora Assist"))
    reply = say((decision,), Listener(language, Channel.EMAIL, "Sara Lind", "Lumora"))
    assert reply is not None
    assert "8:55" in reply.text
