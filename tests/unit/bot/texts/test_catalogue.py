"""The texts of five languages fit each other, and whatever the engine can say has a text."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from bot.intents.table import TABLE
from bot.texts.catalogue import LANGUAGES, CatalogueError, catalogue, checked, placeholders
from bot.vocabulary.requests import DealFields
from crm.records import AmountBasis, RegistrationState, Stage
from knowledge.commission.derivation import Said
from knowledge.commission.rate_line import RateKey
from tests.builders import program

HOWS = {"", "list", "commas", "bullets", "percent", "share", "passage", "weekday", "moment", "brief", "table"}


def test_the_shipped_texts_load_in_all_five_languages() -> None:
    assert set(catalogue().texts) == set(LANGUAGES)
    assert all(text for texts in catalogue().texts.values() for text in texts.values())


@pytest.mark.parametrize(
    ("other", "fault"),
    [
        ("[a]\nb = 'x {n}'", "de lacks a.c"),
        ("[a]\nb = 'x {n}'\nc = 'y'\nd = 'z'", "de has a.d, which en does not"),
        ("[a]\nb = 'x {m}'\nc = 'y'", "de uses other values in a.b"),
        ("[a]\nb = 'x {n:list}'\nc = 'y'", "de uses other values in a.b"),
    ],
)
def test_a_language_that_differs_is_refused_and_the_fault_named(other: str, fault: str) -> None:
    with pytest.raises(CatalogueError, match=re.escape(fault)):
        checked({"en": ["[a]\nb = 'x {n}'\nc = 'y'"], "de": [other]})


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(CatalogueError, match=r"lacks a.b.*has a.c"):
        checked({"en": ["[a]\nb = 'x'"], "fr": ["[a]\nc = 'x'"]})


def test_every_way_of_writing_a_value_is_known() -> None:
    assert {how for text in catalogue().texts["en"].values() for _, how in placeholders(text)} <= HOWS


def test_whatever_can_be_said_has_a_text() -> None:
    wanted = {f"stage.{x.value}" for x in Stage} | {f"basis.{x.value}" for x in AmountBasis}
    wanted |= {f"state.{x.value}" for x in RegistrationState}
    wanted |= {f"said.{x.value}" for x in Said} | {f"rate.{x.value}" for x in RateKey}
    wanted |= {f"matter.{row.intent.value}" for row in TABLE.values() if row.answered}
    wanted |= {f"field.{name}" for name in (*program().deal_rules.required, *(f.name for f in fields(DealFields)))}
    assert wanted <= catalogue().keys()


INFORMAL = {
    "de": r"\b(du|dein\w*|dir|dich)\b",
    "fr": r"\b(tu|ton|tes|toi)\b",
    "nl": r"\b(je|jij|jouw|jullie)\b",
    "es": r"\b(tú|tus|tuyo)\b",
}


@pytest.mark.parametrize(("language", "informal"), INFORMAL.items())
def test_partners_are_addressed_formally(language: str, informal: str) -> None:
    for key, text in catalogue().texts[language].items():
        assert not re.search(informal, text, re.IGNORECASE), key
