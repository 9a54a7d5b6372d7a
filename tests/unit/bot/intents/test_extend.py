"""Longer protection: by the program's rule, with exact days, and otherwise told what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intents import extend
from bot.steps.decide import decide as decide_all
from bot.steps.say import Listener, say
from bot.texts.catalogue import LANGUAGES
from bot.vocabulary.decisions import AwaitFields, ChangeDeal, Decision, HandOver, SaveRegistration
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Question, ThreadContext
from bot.vocabulary.requests import AnswerFields, Finer, Intent, Request
from crm.records import Channel, Deal, Registration, RegistrationState, Stage
from tests.builders import NOW, TODAY, contact, deal, facts, reading, registration, request

END, LATER = date(2027, 2, 16), date(2027, 4, 17)


def moved(days_ago: int = 10, **changes: Any) -> Deal:
    return deal(stage_since=TODAY - timedelta(days=days_ago), **changes)


def accepted(**changes: Any) -> Registration:
    said: dict[str, Any] = {"number": "D-1042", "customer": "Acme GmbH", "customer_domain": "acme.example"}
    return registration(**{**said, "state": RegistrationState.APPROVED, "protected_until": END, **changes})


def world(one: Deal | None = None, held: Registration | None = None, **changes: Any) -> Facts:
    deals = (moved() if one is None else one,)
    return facts(**{"deals": deals, "registrations": (held or accepted(),), **changes})


def wish(*, ask: bool = False, **fields: Any) -> Request:
    return replace(request(Intent.UPDATE_DEAL, ask=ask, **fields), finer=Finer.EXTEND)


def saved(*decisions: Decision) -> list[Registration]:
    return [c.registration for d in decisions for c in d.commands if isinstance(c, SaveRegistration)]


def told(decision: Decision, language: str = "en") -> str:
    reply = say((decision,), Listener(language, Channel.EMAIL, "Sara Lind", "Lumora"))
    assert reply is not None
    return " ".join(reply.text.split())


def reminded(**changes: Any) -> Facts:
    """The world in the thread of a reminder, which asks whether to extend."""
    return world(thread=ThreadContext("t", asked=(Question.EXTEND,), subject_ref="D-1042"), **changes)


def test_the_protection_lasts_sixty_days_longer_than_its_old_end() -> None:
    decision = extend.decide(wish(deal_ref="D-1042"), world())
    assert saved(decision) == [accepted(protected_until=LATER, extensions=1)]
    assert "now runs until 17 April 2027" in told(decision)
    assert decision.log == "protection_extended"


@pytest.mark.parametrize("fields", [{"customer": "Acme"}, {}])
def test_it_is_found_by_its_customer_and_as_the_only_protected_one(fields: dict[str, Any]) -> None:
    assert saved(extend.decide(wish(**fields), world()))


def test_of_several_protected_deals_it_is_asked_which() -> None:
    other = accepted(number="D-1043", customer="Vega", customer_domain="vega.example")
    both = world(deals=(moved(), moved(number="D-1043", id="h-2")), registrations=(accepted(), other))
    decision = extend.decide(wish(), both)
    assert decision.log == "deal_asked"
    assert set(decision.deal_numbers) == {"D-1042", "D-1043"}
    here = replace(both, thread=ThreadContext("t", subject_ref="D-1043"))
    assert saved(extend.decide(wish(), here))[0].number == "D-1043"


def test_a_yes_to_the_reminder_extends_and_closes_the_question() -> None:
    answer = Request(Intent.ANSWER_ANNOUNCEMENT, AnswerFields("yes"), finer=Finer.CONFIRM)
    [decision] = decide_all(reading(answer), reminded())
    assert saved(decision)[0].protected_until == LATER
    assert AwaitFields("D-1042", ()) in decision.commands


def test_a_no_leaves_the_end_as_it_is() -> None:
    decision = extend.answered(False, reminded())
    assert decision is not None
    assert saved(decision) == []
    assert "It ends on 16 February 2027" in told(decision)


def test_a_question_about_what_is_gone_settles_nothing() -> None:
    assert extend.answered(True, replace(reminded(), registrations=(), deals=())) is None


def test_who_is_not_sure_asks_first() -> None:
    decision = extend.decide(wish(deal_ref="D-1042", ask=True), world())
    assert saved(decision) == []
    [wait] = [c for c in decision.commands if isinstance(c, AwaitFields)]
    assert "until 17 April 2027?" in told(decision)
    asked = world(thread=ThreadContext("t", asked=wait.fields, subject_ref="", proposal=wait.proposal))
    yes = extend.answered(True, asked)
    assert yes is not None
    assert saved(yes)[0].protected_until == LATER


def test_on_the_last_day_it_still_can_be_extended_and_the_day_after_no_more() -> None:
    last = extend.decide(wish(deal_ref="D-1042"), world(held=accepted(protected_until=TODAY)))
    gone = extend.decide(wish(deal_ref="D-1042"), world(held=accepted(protected_until=TODAY - timedelta(days=1))))
    assert saved(last)[0].protected_until == TODAY + timedelta(days=60)
    assert saved(gone) == []
    assert "ended on 25 November 2026" in told(gone)


def test_it_is_extended_once() -> None:
    once = extend.decide(wish(deal_ref="D-1042"), world())
    twice = extend.decide(wish(deal_ref="D-1042"), world(held=saved(once)[0]))
    assert saved(twice) == []
    assert "has been extended before and now runs until 17 April 2027" in told(twice)


@pytest.mark.parametrize(("days_ago", "granted"), [(0, True), (30, True), (31, False)])
def test_the_deal_has_to_have_moved_within_thirty_days(days_ago: int, granted: bool) -> None:
    decision = extend.decide(wish(deal_ref="D-1042"), world(moved(days_ago)))
    assert bool(saved(decision)) is granted
    if not granted:
        assert "in the stage “negotiation” since 26 October 2026" in told(decision)
        assert "tell us the new stage" in told(decision)
        assert "discuss this with somebody" in told(decision)


def test_a_deal_that_never_left_its_first_stage_has_not_moved() -> None:
    fresh = moved(5, created_on=TODAY - timedelta(days=5), stage=Stage.QUALIFIED)
    assert extend.decide(wish(deal_ref="D-1042"), world(fresh)).log == "extension_refused"


def test_being_put_on_hold_is_no_move() -> None:
    decision = extend.decide(wish(deal_ref="D-1042"), world(moved(stage=Stage.ON_HOLD)))
    assert saved(decision) == []
    assert "is on hold" in told(decision)


def test_the_new_stage_and_the_wish_in_one_message_are_enough() -> None:
    news = request(Intent.UPDATE_DEAL, deal_ref="D-1042", stage=Stage.NEGOTIATION)
    decisions = decide_all(reading(news, wish(deal_ref="D-1042")), world(moved(60, stage=Stage.PROPOSAL)))
    assert saved(*decisions)[0].protected_until == LATER
    assert any(isinstance(c, ChangeDeal) for d in decisions for c in d.commands)


@pytest.mark.parametrize("one", [deal(stage_since=None), None])
def test_where_nobody_knows_when_it_moved_the_manager_decides(one: Deal | None) -> None:
    deals = (one,) if one else ()
    decision = extend.decide(wish(deal_ref="D-1042"), world(deals=deals))
    assert saved(decision) == []
    [note] = [c for c in decision.commands if isinstance(c, HandOver)]
    assert "D-1042 (Acme GmbH)" in note.summary
    assert "2027-02-16" in note.summary
    assert "Noor Haddad" in told(decision)


def test_nothing_is_granted_on_what_may_be_old() -> None:
    decision = extend.decide(wish(), replace(world(), as_of=NOW))
    assert saved(decision) == []
    [passed] = [command for command in decision.commands if isinstance(command, HandOver)]
    assert "the CRM has not answered since 2026-11-26 09:00 UTC" in passed.summary
    assert decision.log == "extension_handed_over"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_crm_says_otherwise_is_for_the_manager_alone(language: str) -> None:
    why = "the CRM has no such deal of this partner any more"
    decision = extend.decide(wish(deal_ref="D-1042"), world(unsettled={"D-1042": why}))
    assert saved(decision) == []
    [passed] = [command for command in decision.commands if isinstance(command, HandOver)]
    assert why in passed.summary
    assert "D-1042" in told(decision, language)
    assert "CRM" not in told(decision, language)
    elsewhere = extend.decide(wish(deal_ref="D-1042"), world(unsettled={"D-9": why}))
    assert saved(elsewhere)


@pytest.mark.parametrize("stage", [Stage.WON, Stage.LOST])
def test_a_closed_deal_needs_no_protection(stage: Stage) -> None:
    assert "is closed" in told(extend.decide(wish(deal_ref="D-1042"), world(moved(stage=stage))))


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        (accepted(state=RegistrationState.SUBMITTED, protected_until=None), "is not protected"),
        (accepted(state=RegistrationState.DECLINED, protected_until=None), "is not protected"),
        (accepted(state=RegistrationState.EXPIRED), "ended on 16 February 2027"),
        (accepted(state=RegistrationState.WITHDRAWN), "is not protected"),
    ],
)
def test_what_is_not_protected_cannot_be_extended(held: Registration, shown: str) -> None:
    decision = extend.decide(wish(deal_ref="D-1042"), world(deals=(), held=held))
    assert saved(decision) == []
    assert shown in told(decision)


def test_a_deal_of_no_registration_has_no_protection() -> None:
    assert "does not come from a registration" in told(extend.decide(wish(), world(registrations=(), thread=HERE)))


HERE = ThreadContext("t", subject_ref="D-1042")


def test_a_foreign_number_is_as_unknown_as_a_made_up_one() -> None:
    theirs = accepted(number="D-7", partner_id="p-2")
    [foreign] = decide_all(reading(wish(deal_ref="D-7")), world(registrations=(theirs,)))
    made_up = extend.decide(wish(deal_ref="D-8"), world())
    assert told(foreign).replace("D-7", "D-8") == told(made_up)


def test_nothing_protected_is_said() -> None:
    assert "None of your deals is protected" in told(extend.decide(wish(), facts()))


def test_whoever_may_not_register_may_not_extend() -> None:
    may_not = contact(main=False, rights=())
    assert extend.decide(wish(deal_ref="D-1042"), world(contact=may_not)).log == "no_right"
    decision = extend.answered(True, reminded(contact=may_not))
    assert decision is not None
    assert decision.log == "no_right"


@given(
    st.integers(-40, 200),
    st.integers(0, 3),
    st.sampled_from(RegistrationState),
    st.sampled_from(Stage),
    st.one_of(st.none(), st.integers(0, 120)),
    st.sampled_from(LANGUAGES),
)
@settings(max_examples=200, deadline=None)
def test_only_what_the_rule_allows_is_extended(
    ends_in: int, extensions: int, state: RegistrationState, stage: Stage, since: int | None, language: str
) -> None:
    end = TODAY + timedelta(days=ends_in)
    one = deal(stage=stage, stage_since=None if since is None else TODAY - timedelta(days=since))
    held = accepted(protected_until=end, extensions=extensions, state=state)
    decision = extend.decide(wish(deal_ref="D-1042"), world(one, held))
    may = (
        state is RegistrationState.APPROVED
        and end >= TODAY
        and extensions < 1
        and stage in (Stage.QUALIFIED, Stage.PROPOSAL, Stage.NEGOTIATION)
        and since is not None
        and since <= 30
    )
    expected = [replace(held, protected_until=end + timedelta(days=60), extensions=1)] if may else []
    assert saved(decision) == expected
    assert told(decision, language)
