"""Cues spare work and never a find: a text in which a form stands holds what the form needs."""

from __future__ import annotations

from datetime import date

import pytest

from benchmarks.reader.samples import load_samples
from bot.readers.builtin.cues import DIGIT, Look, shortest
from bot.readers.builtin.dates import FORMS, find_dates
from bot.readers.builtin.day_words import ANY_WEEKDAY, WEEKDAY
from bot.readers.builtin.months import ANY_MONTH, MONTH
from bot.readers.builtin.periods import find_periods

DAY = date(2026, 11, 27)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    given = [sample.readable.text for sample in load_samples()[::9]]
    return [*given, *(text.upper() for text in given[::5])]


def test_every_form_of_a_day_is_found_only_where_its_cues_are(texts: list[str]) -> None:
    found = 0
    for form in FORMS:
        for text in texts:
            for match in form.pattern.finditer(text):
                found += 1
                assert Look(match.group()).holds(*form.needs), (form.pattern.pattern[:60], match.group())
    assert found > 1_000


@pytest.mark.parametrize(("names", "cues"), [(ANY_MONTH, MONTH), (ANY_WEEKDAY, WEEKDAY)])
def test_every_name_holds_a_cue(names: str, cues: tuple[str, ...]) -> None:
    assert all(Look(name).holds(cues) for name in names.split("|"))


def test_a_text_is_asked_for_one_of_each_need() -> None:
    assert Look("12 MARZO").holds(DIGIT, MONTH)
    assert not Look("zwölfter März").holds(DIGIT, MONTH)
    assert Look("anything").holds()


def test_what_holds_another_is_no_cue() -> None:
    assert shortest("marzo|mar|sept|sep|mai") == ("mar", "sep", "mai")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("In drei Wochen", ["2026-12-18"]),
        ("EOQ", ["2026-12-31"]),
        ("dans une quinzaine", ["2026-12-11"]),
        ("avant Noël", ["2026-12-24"]),
        ("heute", []),
    ],
)
def test_days_are_found_by_their_cues(text: str, days: list[str]) -> None:
    assert [m.value for m in find_dates(text, "de", DAY)] == days


@pytest.mark.parametrize(
    ("text", "period"),
    [("l'an dernier", "2025"), ("YTD", "2026"), ("Vormonat", "2026-10"), ("dernier trimestre", "2026-Q3")],
)
def test_periods_are_found_by_their_cues(text: str, period: str) -> None:
    assert [m.value for m in find_periods(text, DAY)] == [period]
