"""What is wrong with an announcement as it is composed is said all at once, with what would be right."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.announcements.composing.faults import LONGEST, announcer, fault_of, tidied
from bot.vocabulary.announcing import AnnouncementText, Call, CallKind, Composed, Timing
from bot.vocabulary.documents import PDF, Document
from bot.vocabulary.results import NotDone
from knowledge.program import Manager
from tests.builders import program

ENGLISH = AnnouncementText("en", "Prices", "New prices.")
GERMAN = AnnouncementText("de", "Preise", "Neue Preise.")
GOOD = Composed((ENGLISH, GERMAN), fallback="en")
DAYS = (date(2026, 12, 3), date(2026, 12, 10))


def test_nothing_is_wrong_with_one_that_is_whole() -> None:
    assert fault_of(GOOD) is None
    assert fault_of(replace(GOOD, call=Call(CallKind.DATE, DAYS), remind_after=5)) is None


@pytest.mark.parametrize(
    ("composed", "says"),
    [
        (Composed(()), "no text"),
        (Composed((replace(ENGLISH, subject=" "),)), "no subject"),
        (Composed((replace(ENGLISH, body="\n"),)), "is empty"),
        (Composed((replace(ENGLISH, body="x" * (LONGEST + 1)),)), "longer than"),
        (Composed((ENGLISH, replace(GERMAN, body=""))), "in de is empty"),
        (Composed((ENGLISH, ENGLISH)), "two texts in en"),
        (Composed((replace(ENGLISH, language="english"),)), "is no language"),
        (Composed((replace(ENGLISH, approved=False),)), "approved a text"),
        (Composed((ENGLISH, replace(GERMAN, approved=False)), fallback="de"), "no approved text in de"),
        (Composed((ENGLISH,), fallback="fr"), "no approved text in fr"),
        (replace(GOOD, call=Call(CallKind.DATE)), "no date to sign up for"),
        (replace(GOOD, call=Call(CallKind.ANSWER, DAYS)), "nobody is asked to choose"),
        (replace(GOOD, call=Call(CallKind.DATE, (*DAYS, *DAYS))), "named twice"),
        (replace(GOOD, call=Call(CallKind.ANSWER, question="Will {first_name} come?")), "question says {first_name}"),
        (replace(GOOD, remind_after=0), "reminder cannot come"),
        (replace(GOOD, timing=Timing(datetime(2026, 12, 1, tzinfo=UTC))), "time zone of its own"),
        (replace(GOOD, documents=(Document("big.pdf", PDF, 10_000_001, "", ""),)), "weigh more than"),
    ],
)
def test_each_fault_is_said(composed: Composed, says: str) -> None:
    fault = fault_of(composed)
    assert isinstance(fault, NotDone)
    assert says in fault.text
    assert fault.fix


def test_all_faults_are_said_at_once_and_unknown_fields_with_the_known_ones() -> None:
    fault = fault_of(Composed((replace(ENGLISH, subject="", body="{sum} and {margin}"),)))
    assert isinstance(fault, NotDone)
    assert "no subject" in fault.text
    assert "{margin}, {sum}" in fault.text
    assert "{first_name}, {name}, {partner}, {tier}, {manager}, {open_deals}" in fault.fix


def test_it_is_tidied_and_says_who_wrote_it() -> None:
    made = tidied(Composed((AnnouncementText(" EN ", "New\nprices ", "x"), replace(GERMAN, by="model"))), "jonas@x")
    assert (made.texts[0].language, made.texts[0].subject, made.texts[0].by) == ("en", "New prices", "jonas@x")
    assert made.texts[1].by == "model"


def test_only_managers_who_announce_do() -> None:
    made = program()
    assert isinstance(announcer(made, next(m.email for m in made.managers if m.announces)), Manager)
    refused = announcer(made, "nobody@x.example")
    assert isinstance(refused, NotDone)
    assert "may" in refused.fix


@pytest.mark.parametrize(
    ("subject", "spoken_of"),
    [
        ("Partner day, {first_name}", "Partner day"),
        ("{name}: prices for {partner} are here", "Prices for … are here"),
        ("{partner}", "…"),
        ("Prices, \\{soon} -", "Prices, \\{soon} -"),
    ],
)
def test_an_announcement_is_spoken_of_without_what_is_somebodys_own(subject: str, spoken_of: str) -> None:
    assert Composed((replace(ENGLISH, subject=subject),)).subject == spoken_of


def test_what_is_asked_in_one_language_stands_below_no_text_in_another() -> None:
    asked = replace(GOOD, call=Call(CallKind.ANSWER, question="Will you come?"))
    assert asked.call_in("en") == asked.call
    assert asked.call_in("de") == Call(CallKind.ANSWER)
