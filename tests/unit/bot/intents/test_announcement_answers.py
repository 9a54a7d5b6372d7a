"""What follows from an answer to an announcement: the day that is meant, a question, somebody else, a preference."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

import pytest

from bot.intents.table import decider
from bot.steps.decide import decide as decide_message
from bot.vocabulary.announcing import Call, CallKind, Route, Said
from bot.vocabulary.decisions import Decision, HandOver, NoteAbsence, OptIn, Prefer, RecordAnswer, SaveContact
from bot.vocabulary.facts import AnnouncementFact, Facts
from bot.vocabulary.requests import (
    MYSELF,
    Absence,
    AnswerFields,
    DayFields,
    DaySaid,
    Finer,
    Intent,
    NoFields,
    PersonFields,
    PreferenceFields,
    Reading,
    Request,
    TopicFields,
)
from crm.records import Channel
from tests.builders import contact, facts

DAYS = (date(2026, 12, 3), date(2026, 12, 10), date(2026, 12, 17))
TEXT = """Hello {first_name},

We meet in Ghent, at Hotel Carlton, Sint-Pietersplein 4.

## Programme

It starts at 9:30 and ends at 17:00. Taking part is free.

Bring the laptop with the sandbox tenant installed, since the workshop uses dashboards of Insights."""
DAY_CALL = AnnouncementFact(
    "a-1", "Partner day", "Which day?", Call(CallKind.DATE, DAYS), TEXT, "en", "noor@lumora.example"
)
WORDS_CALL = replace(DAY_CALL, call=Call(CallKind.QUESTION, question="What do you need?"))


def decided(request: Request, known: Facts) -> Decision:
    return decider(request)(request, known)


def day(*said: DaySaid, answer: Literal["yes"] | None = None, any_of_them: bool = False) -> Request:
    return Request(Intent.ANSWER_ANNOUNCEMENT, DayFields(answer, said, any_of_them), finer=Finer.DAY)


def asked(question: str) -> Request:
    return Request(Intent.ASK_PROGRAM, TopicFields(question), finer=Finer.ABOUT_ANNOUNCEMENT, said=question)


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        ((DaySaid(day=10),), DAYS[1]),
        ((DaySaid(place=2),), DAYS[1]),
        ((DaySaid(place=-1),), DAYS[2]),
        ((DaySaid(day=3, place=3),), DAYS[0]),  # "the 3rd" is a day where there is one
        ((DaySaid(day=2, place=2),), DAYS[1]),  # else a place among them
        ((DaySaid(day=12, month=10, either_way=True),), DAYS[1]),
        ((DaySaid(day=3, denied=True), DaySaid(day=10)), DAYS[1]),
    ],
)
def test_the_day_that_is_meant_is_one_of_those_that_were_announced(said: tuple[DaySaid, ...], chosen: date) -> None:
    decision = decided(day(*said), facts(announcement=DAY_CALL))
    assert decision.commands == (RecordAnswer("a-1", "c-1", "", chosen),)
    assert decision.log == f"day {chosen.isoformat()}"


@pytest.mark.parametrize(
    "unclear",
    [
        day(DaySaid(weekday=4)),  # all three are Thursdays
        day(DaySaid(day=3), DaySaid(day=10)),
        day(DaySaid(day=24)),
        day(DaySaid(day=10, denied=True)),
        day(any_of_them=True),
    ],
)
def test_where_the_day_is_not_plain_it_is_asked_for_with_the_days_to_press(unclear: Request) -> None:
    decision = decided(unclear, facts(announcement=DAY_CALL))
    assert (decision.commands, decision.log) == ((), "day_asked")
    assert [offer.requests[0].said for offer in decision.outcomes[0].offers] == [one.isoformat() for one in DAYS]


def test_a_yes_without_a_day_is_kept_while_the_day_is_asked_for() -> None:
    yes = Request(Intent.ANSWER_ANNOUNCEMENT, AnswerFields("yes"))
    decision = decided(yes, facts(announcement=DAY_CALL))
    assert (decision.commands, decision.log) == ((RecordAnswer("a-1", "c-1", "yes"),), "day_asked")


def test_who_refuses_every_day_says_no() -> None:
    decision = decided(day(*(DaySaid(day=one.day, denied=True) for one in DAYS)), facts(announcement=DAY_CALL))
    assert decision.commands == (RecordAnswer("a-1", "c-1", "no"),)


def test_a_day_below_a_call_for_yes_or_no_is_the_yes_beside_it() -> None:
    plain = replace(DAY_CALL, call=Call(CallKind.ANSWER))
    decision = decided(day(DaySaid(weekday=4), answer="yes"), facts(announcement=plain))
    assert decision.commands == (RecordAnswer("a-1", "c-1", "yes"),)


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("Where is it?", "Hotel Carlton"),
        ("Um wie viel Uhr geht es los?", "9:30"),
        ("Combien ça coûte ?", "free"),
        ("Do we need a laptop with the sandbox tenant for the Insights workshop?", "sandbox tenant"),
    ],
)
def test_a_question_is_answered_from_the_announcement_and_takes_no_yes_back(question: str, quoted: str) -> None:
    decision = decided(asked(question), facts(announcement=DAY_CALL))
    assert decision.commands == (RecordAnswer("a-1", "c-1", said=Said.QUESTION),)
    assert decision.outcomes[0].text == "announcement.passage"
    assert quoted in str(decision.outcomes[0].values["passage"])
    assert "first_name" not in str(decision.outcomes)


def test_what_the_announcement_does_not_say_goes_to_whoever_announced_it() -> None:
    decision = decided(asked("May we bring our dog Bello?"), facts(announcement=DAY_CALL))
    counted, note = decision.commands
    assert counted == RecordAnswer("a-1", "c-1", said=Said.QUESTION)
    assert isinstance(note, HandOver)
    assert (note.to, "May we bring our dog Bello?" in note.summary) == ("noor@lumora.example", True)
    assert decision.outcomes[0].text == "announcement.asked"


def test_what_the_programs_pages_answer_is_answered_from_them() -> None:
    question = "How long is a deal registration protected?"
    decision = decided(asked(question), facts(announcement=DAY_CALL))
    assert decision.outcomes[0].text == "program.passage"
    assert decision.commands == (RecordAnswer("a-1", "c-1", said=Said.QUESTION),)


def test_later_is_counted_and_no_answer() -> None:
    later = Request(Intent.ANSWER_ANNOUNCEMENT, AnswerFields("maybe"), finer=Finer.LATER)
    decision = decided(later, facts(announcement=DAY_CALL))
    assert (decision.commands, decision.log) == ((RecordAnswer("a-1", "c-1", said=Said.LATER),), "later")


def test_the_wrong_person_is_counted_and_whom_he_names_goes_to_whoever_announced_it() -> None:
    named = PersonFields("Maria Lopez", "maria@brightpath.example")
    decision = decided(Request(Intent.OTHER, named, finer=Finer.WRONG_PERSON), facts(announcement=DAY_CALL))
    counted, note = decision.commands
    assert counted == RecordAnswer("a-1", "c-1", said=Said.WRONG_PERSON)
    assert isinstance(note, HandOver)
    assert "names Maria Lopez <maria@brightpath.example>" in note.summary


def test_who_says_that_he_has_left_is_a_task_and_stays_a_contact() -> None:
    gone = Request(Intent.OTHER, NoFields(), finer=Finer.PERSON_LEFT, source=MYSELF)
    decision = decided(gone, facts(announcement=DAY_CALL))
    assert [type(command) for command in decision.commands] == [RecordAnswer, HandOver]


@pytest.mark.parametrize(
    ("said", "kinds", "log"),
    [
        (Absence(date(2026, 12, 7)), [RecordAnswer, NoteAbsence], "away_until_2026-12-07"),
        (Absence(instead="mia@brightpath.example", for_good=True), [RecordAnswer, HandOver], "left_says_machine"),
    ],
)
def test_what_a_machine_says_is_counted_closes_nobody_and_is_not_answered(
    said: Absence, kinds: list[type], log: str
) -> None:
    reading = Reading("en", (Request(Intent.AUTO_REPLY, NoFields()),), answer_expected=False, absence=said)
    [decision] = decide_message(reading, facts(announcement=DAY_CALL))
    assert ([type(command) for command in decision.commands], decision.outcomes, decision.log) == (kinds, (), log)


def test_an_answer_in_words_is_noted_where_words_were_asked_for() -> None:
    known = facts(announcement=WORDS_CALL, words="A demo tenant in Dutch.")
    decision = decided(Request(Intent.OTHER, NoFields()), known)
    counted, note = decision.commands
    assert counted == RecordAnswer("a-1", "c-1", said=Said.OTHER)
    assert isinstance(note, HandOver)
    assert "A demo tenant in Dutch." in note.summary


def test_somebody_in_slack_whom_no_contact_stands_for_is_counted_and_a_stranger_by_mail_is_not() -> None:
    yes = Request(Intent.ANSWER_ANNOUNCEMENT, AnswerFields("yes"))
    plain = replace(DAY_CALL, call=Call(CallKind.ANSWER))
    in_slack = decided(yes, facts(announcement=plain, contact=None, channel=Channel.SLACK))
    assert in_slack.commands == (RecordAnswer("a-1", "", "yes"),)
    by_mail = decided(yes, facts(announcement=plain, contact=None, channel=Channel.EMAIL))
    assert [type(command) for command in by_mail.commands] == [HandOver]


def test_preferences_are_kept_at_once_for_the_sender_himself() -> None:
    said = Request(Intent.OTHER, PreferenceFields(route="slack"), finer=Finer.PREFER_ROUTE)
    assert decided(said, facts()).commands == (Prefer(contact(), route=Route.SLACK),)
    said = Request(Intent.OTHER, PreferenceFields(digest=False), finer=Finer.DIGEST)
    assert decided(said, facts()).commands == (Prefer(contact(), digest=False),)
    said = Request(Intent.OTHER, PreferenceFields(language="de"), finer=Finer.PREFER_LANGUAGE)
    assert decided(said, facts()).commands == (SaveContact(replace(contact(), language="de")),)


def test_who_left_comes_back_on_his_own_word_and_who_is_there_is_told_so() -> None:
    back = Request(Intent.OTHER, PreferenceFields(), finer=Finer.REJOIN)
    gone = contact(opted_out=True)
    assert decided(back, facts(contact=gone, colleagues=(gone,))).commands == (OptIn(gone),)
    assert decided(back, facts()).commands == ()
    assert [type(c) for c in decided(back, facts(contact=None)).commands] == [HandOver]
