"""The table of intents is whole."""

from __future__ import annotations

from bot.intents.table import TABLE
from bot.vocabulary.requests import FIELDS_OF, Intent
from tests.builders import facts, request


def test_every_intent_has_its_row() -> None:
    assert set(TABLE) == set(Intent) == set(FIELDS_OF)


def test_every_row_counts_as_a_label_of_the_evaluation_guide() -> None:
    assert {row.label for row in TABLE.values()} == {i.value for i in Intent}


def test_every_answered_intent_says_something_even_without_any_field() -> None:
    for intent, row in TABLE.items():
        assert bool(row.decide(request(intent), facts()).outcomes) is row.answered, intent
