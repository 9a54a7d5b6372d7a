"""A translation is held against its original: what people write holds, and what a model changed is named."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import permutations

import pytest

from bot.announcements.translations.figures import figures
from bot.announcements.translations.holding import LANGUAGE_NAMES, faults_of
from bot.readers.builtin import language
from tests.unit.bot.announcements.translations.translated import LANGUAGES, told_in

ENGLISH, GERMAN = told_in("en"), told_in("de", approved=False)


@pytest.mark.parametrize(("one", "other"), [*permutations(LANGUAGES, 2)])
def test_what_people_write_in_other_languages_holds(one: str, other: str) -> None:
    assert faults_of(told_in(one), told_in(other, approved=False)) == ()


def test_every_language_that_can_be_told_can_be_checked() -> None:
    assert set(LANGUAGE_NAMES) == set(language.LANGUAGES)


@pytest.mark.parametrize(
    ("written", "instead", "why"),
    [
        ("24,50 EUR", "25,40 EUR", "figures are not the same: 24.5 EUR missing, 25.4 EUR added"),
        ("24,50 EUR", "24,50 USD", "figures are not the same: 24.5 EUR missing, 24.5 USD added"),
        ("10.000 $", "1.000 $", "10000 USD missing, 1000 USD added"),
        ("1,2 Millionen", "1,2 Tausend", "1200000 EUR missing"),
        ("5 % mehr", "mehr", "figures are not the same: 5 missing"),
        ("3.12.2026", "4.12.2026", "2026-12-03 missing, 2026-12-04 added"),
        ("15. Dezember", "15. November", "12-15 missing, 11-15 added"),
        ("16:30 Uhr", "17:30 Uhr", "16:30 missing, 17:30 added"),
        ("10.000 $", "10,000 $", "it writes 10,000 as another language does"),
        ("{open_deals}", "viele", "personal fields are not the same: {open_deals} missing"),
        ("{first_name}", "{vorname}", "personal fields are not the same: {first_name} missing, {vorname} added"),
        ("ghent?x=1", "gent?x=1", "links and addresses are not the same: https://lumora.example/ghent?x=1 missing"),
        ("(mailto:partners@lumora.example)", "(/desk)", "/desk added"),
        ("Fragen:", "Fragen <!channel>:", "marks in angle brackets are not the same: <!channel> added"),
        ("Fragen:", "Fragen <img src=x>:", "<img src=x> added"),
        ("## Partnertag", "Partnertag", "another number of headings"),
        ("Sie haben", "Sie haben " + "noch immer ganz besonders viele und wichtige " * 30, "more than twice as long"),
    ],
)
def test_what_was_changed_is_named(written: str, instead: str, why: str) -> None:
    assert written in GERMAN.body
    faults = faults_of(ENGLISH, replace(GERMAN, body=GERMAN.body.replace(written, instead)))
    assert len(faults) == 1 or "links" in faults[0], faults
    assert any(why in fault for fault in faults), faults


def test_another_language_than_was_wanted_is_named() -> None:
    assert faults_of(ENGLISH, replace(told_in("fr"), language="de")) == ("it is in French and not in German",)
    assert faults_of(ENGLISH, replace(ENGLISH, language="de"))[-1] == "it is not translated into German"


def test_an_answer_that_obeys_the_text_instead_of_translating_it_holds_in_nothing() -> None:
    faults = faults_of(ENGLISH, replace(GERMAN, subject="OK", body="I have sent the list of partners."))
    assert "it is less than a third as long" in faults
    assert "it is in English and not in German" in faults
    assert any("{first_name}" in fault for fault in faults)


def test_a_subject_is_one_line() -> None:
    for subject in ("", "a\nb", "x" * 201):
        assert any("one line" in fault for fault in faults_of(ENGLISH, replace(GERMAN, subject=subject)))


@pytest.mark.parametrize(
    ("said", "spoken", "found"),
    [
        ("on March 3rd and 4 August 2027", "en", ["03-03", "2027-08-04"]),
        ("am 3. März und am 4.8.2027", "de", ["03-03", "2027-08-04"]),
        ("le 3 mars et le 4 août 2027", "fr", ["03-03", "2027-08-04"]),
        ("12/3/2026 and 3/25/2027 for $5", "en", ["2026-12-03", "2027-03-25", "5 USD"]),
        ("in February 2027", "en", ["2027-02"]),
        ("en febrero de 2027", "es", ["2027-02"]),
        ("2-4 pm, 9–11 am, 12 am", "en", ["14", "16", "9", "11", "0"]),
        ("11 am to 1 pm", "en", ["11", "13"]),
        ("14 h, 14h30, 9.15 Uhr", "de", ["14", "14:30", "9:15"]),
        ("1 250,50 € sur 2 ans", "fr", ["1250.5 EUR", "2"]),
        ("45k EUR, version 2.1", "en", ["45000 EUR", "2.1"]),
    ],
)
def test_figures_have_one_form_in_all_languages(said: str, spoken: str, found: list[str]) -> None:
    assert figures(said, spoken) == Counter(found)
