"""Wishes that end with a person, and answers to announcements."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.intents import answer_announcement, hand_over, request_human, unsubscribe
from bot.intents.table import TABLE
from bot.vocabulary.decisions import HandOver, OptOut, RecordAnswer, SaveRegistration
from bot.vocabulary.message import ThreadContext, ThreadKind
from bot.vocabulary.requests import Intent, Request
from crm.records import RegistrationState, Stage
from tests.builders import ANNOUNCEMENT, deal, draft, facts, request

PASSED_ON = [i for i, row in TABLE.items() if row.decide is hand_over.decide]


@pytest.mark.parametrize("intent", PASSED_ON)
def test_what_a_person_answers_goes_to_the_named_manager(intent: Intent) -> None:
    decision = hand_over.decide(request(intent), facts())
    assert isinstance(decision.commands[0], HandOver)
    assert decision.commands[0].intent is intent
    assert decision.outcomes[0].values["manager"] == "Noor Haddad"


def test_the_summary_holds_every_field_that_was_read() -> None:
    wish = request(Intent.UPDATE_DEAL, deal_ref="D-1042", amount=Decimal(50000), currency="EUR", stage=Stage.PROPOSAL)
    [note] = hand_over.decide(wish, facts(deals=(deal(),))).commands
    assert isinstance(note, HandOver)
    assert note.summary == ("Reports a change on a deal: deal ref D-1042; amount 50000; currency EUR; stage proposal")
    assert note.deal_number == "D-1042"


def test_a_number_that_is_not_the_partners_own_links_to_no_deal() -> None:
    [note] = hand_over.decide(request(Intent.UPDATE_DEAL, deal_ref="D-9"), facts(deals=(deal(),))).commands
    assert isinstance(note, HandOver)
    assert note.deal_number == ""


def test_a_summary_stays_one_line_of_sane_length() -> None:
    [note] = hand_over.decide(request(Intent.ASK_CONTENT, topic="deck\n" * 2000), facts()).commands
    assert isinstance(note, HandOver)
    assert "\n" not in note.summary
    assert len(note.summary) <= 1000


def test_without_a_manager_the_team_is_named() -> None:
    assert hand_over.decide(request(Intent.OTHER), facts(manager=None)).outcomes[0].text == "handed_over.to_team"
    assert request_human.decide(request(Intent.REQUEST_HUMAN), facts(manager=None)).outcomes[0].text == "human.team"


def test_who_wants_a_person_learns_name_and_address() -> None:
    decision = request_human.decide(request(Intent.REQUEST_HUMAN), facts())
    assert decision.outcomes[0].values == {"manager": "Noor Haddad", "address": "noor@lumora.example"}
    assert isinstance(decision.commands[0], HandOver)


def test_no_more_announcements_takes_effect_at_once_for_this_person() -> None:
    assert unsubscribe.decide(request(Intent.UNSUBSCRIBE), facts()).commands == (OptOut("c-1"),)


def test_an_unsure_reading_asks_before_it_opts_out() -> None:
    assert unsubscribe.decide(request(Intent.UNSUBSCRIBE, ask=True), facts()).commands == ()


def test_a_person_without_a_record_is_opted_out_by_a_colleague() -> None:
    assert isinstance(unsubscribe.decide(request(Intent.UNSUBSCRIBE), facts(contact=None)).commands[0], HandOver)


@pytest.mark.parametrize("answer", ["yes", "no", "maybe"])
def test_an_answer_to_an_announcement_is_recorded_and_confirmed(answer: str) -> None:
    decision = answer_announcement.decide(
        request(Intent.ANSWER_ANNOUNCEMENT, answer=answer), facts(announcement=ANNOUNCEMENT)
    )
    [command] = decision.commands
    assert isinstance(command, RecordAnswer)
    assert (command.announcement_id, command.contact_id, command.answer) == ("a-1", "c-1", answer)
    assert decision.outcomes[0].text == f"announcement.{answer}"


@pytest.mark.parametrize(
    "unsure", [request(Intent.ANSWER_ANNOUNCEMENT), request(Intent.ANSWER_ANNOUNCEMENT, ask=True, answer="yes")]
)
def test_an_answer_that_is_none_of_the_three_or_read_unsurely_is_asked_for(unsure: Request) -> None:
    decision = answer_announcement.decide(unsure, facts(announcement=ANNOUNCEMENT))
    assert decision.outcomes[0].text == "announcement.unclear"
    assert decision.commands == ()


def test_a_yes_without_an_announcement_goes_to_a_person() -> None:
    decision = answer_announcement.decide(request(Intent.ANSWER_ANNOUNCEMENT, answer="yes"), facts())
    assert isinstance(decision.commands[0], HandOver)


@pytest.mark.parametrize(
    ("answer", "state"), [("yes", RegistrationState.SUBMITTED), ("no", RegistrationState.WITHDRAWN)]
)
def test_a_plain_yes_or_no_answers_shall_we_register(answer: str, state: RegistrationState) -> None:
    whole = draft(currency="EUR", close_date=date(2027, 3, 31))
    thread = ThreadContext("t", ThreadKind.QUESTION, ("confirmation",), "D-3001")
    decision = answer_announcement.decide(
        request(Intent.ANSWER_ANNOUNCEMENT, answer=answer), facts(registrations=(whole,), thread=thread)
    )
    [saved] = [c.registration for c in decision.commands if isinstance(c, SaveRegistration)]
    assert saved.state is state
