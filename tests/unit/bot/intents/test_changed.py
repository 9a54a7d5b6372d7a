"""A message that was changed after it was acted on: what is done anew, what is asked, and what stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.intents.changed import anew, only_noted, says_the_same, taken_back, unsaid, weighed
from bot.vocabulary.changed import Before
from bot.vocabulary.decisions import AwaitFields, Decision, Outcome, SaveRegistration
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Question, ThreadContext, ThreadKind
from bot.vocabulary.requests import DealFields, Intent, NoFields, Reading, Request, labelled
from crm.records import RegistrationState
from tests.builders import facts as builders_facts
from tests.builders import registration

DRAFT = registration(number="D-1", state=RegistrationState.DRAFT)
ASKED = ThreadContext(id="t", kind=ThreadKind.QUESTION, asked=("amount",), subject_ref="D-1", agent_took_part=True)
TIER = Request(Intent.ASK_TIER, NoFields())
DEAL = Request(Intent.REGISTER_DEAL, DealFields(customer="Acme", quantity=40))


def facts() -> Facts:
    return replace(builders_facts(), registrations=(DRAFT,), thread=ASKED, fresh_numbers=("D-8", "D-9"))


def reading(*requests: Request) -> Reading:
    return Reading("en", requests, answer_expected=True)


def before(*requests: Request, drafts: tuple[str, ...] = (), stands: bool = False) -> Before:
    return Before(requests=tuple(labelled(one) for one in requests), drafts=drafts, stands=stands)


def test_a_slip_of_the_pen_changes_no_wish() -> None:
    assert says_the_same(reading(DEAL, TIER), before(TIER, DEAL))
    assert not says_the_same(reading(DEAL), before(replace(DEAL, fields=DealFields(customer="Acme", quantity=60))))
    assert not says_the_same(reading(DEAL), before(replace(DEAL, ask=True)))
    assert only_noted(reading(DEAL), before(DEAL), deleted=False) == "edited_same"


def test_what_a_database_made_of_the_first_reading_compares_whatever_it_is() -> None:
    for odd in ({}, {"intent": None}, {"intent": "ask_tier", "fields": None}, {"fields": ["x"]}):
        says_the_same(reading(TIER), Before(requests=(odd,)))


def test_that_it_stands_is_said_once() -> None:
    late = before(TIER, stands=True)
    assert only_noted(reading(DEAL), late, deleted=False) == ""
    assert only_noted(reading(DEAL), replace(late, told=True), deleted=False) == "edited_noted"


def test_a_deletion_is_heard_of_only_where_a_draft_hangs_on_it() -> None:
    assert only_noted(reading(DEAL), before(DEAL), deleted=True) == "deleted"
    assert only_noted(reading(DEAL), before(DEAL, drafts=("D-1",)), deleted=True) == ""


def test_a_draft_that_only_the_first_form_opened_is_as_if_it_had_never_been() -> None:
    seen = unsaid(facts(), before(DEAL, drafts=("D-1",)))
    assert seen.registrations == ()
    assert seen.fresh_numbers == ("D-1", "D-8", "D-9")
    assert (seen.thread.asked, seen.thread.kind, seen.thread.subject_ref) == ((), None, "")
    assert seen.thread.agent_took_part


def test_a_thread_that_is_about_something_else_stays_so() -> None:
    other = replace(ASKED, subject_ref="D-7")
    assert unsaid(replace(facts(), thread=other), before(DEAL, drafts=("D-1",))).thread == other
    assert unsaid(facts(), before(DEAL)) == facts()


def test_an_answer_anew_says_that_it_is_one() -> None:
    told = anew((Decision((), (Outcome("tier.current"),), "told"),), facts(), before(TIER))
    assert [decision.log for decision in told] == ["edited", "told"]
    assert anew((Decision((), (), "thanks"),), facts(), before(TIER)) == (Decision((), (), "thanks"),)


def test_a_draft_without_a_place_in_the_new_form_is_dropped_and_that_is_said() -> None:
    dropped, told = anew((Decision((), (Outcome("x"),), "told"),), facts(), before(DEAL, drafts=("D-1",)))
    saved, waits = dropped.commands
    assert isinstance(saved, SaveRegistration)
    assert saved.registration.state is RegistrationState.WITHDRAWN
    assert waits == AwaitFields("D-1", ())
    assert (dropped.outcomes[0].text, told.log) == ("edited.dropped", "told")


def test_a_draft_that_is_written_anew_is_not_dropped() -> None:
    again = Decision((SaveRegistration(replace(DRAFT, quantity=60)),), (Outcome("x"),), "fields_asked")
    assert [d.log for d in anew((again,), facts(), before(DEAL, drafts=("D-1",)))] == ["edited", "fields_asked"]


def test_whether_the_draft_of_a_deleted_message_goes_is_asked() -> None:
    said, asked = taken_back(facts(), before(DEAL, drafts=("D-1",)))
    assert said.outcomes[0].text == "deleted.draft"
    (waits,) = asked.commands
    assert isinstance(waits, AwaitFields)
    assert (waits.registration_number, waits.fields) == ("D-1", (Question.WITHDRAW,))
    assert len(asked.outcomes[-1].offers) == 2  # to press a yes or a no


@pytest.mark.parametrize("state", [s for s in RegistrationState if s is not RegistrationState.DRAFT])
def test_what_is_no_draft_any_more_is_not_asked_about(state: RegistrationState) -> None:
    done = replace(facts(), registrations=(replace(DRAFT, state=state),))
    assert taken_back(done, before(DEAL, drafts=("D-1",))) == ()


def test_one_way_to_weigh_them_all() -> None:
    def decide(_reading: Reading, seen: Facts) -> tuple[Decision, ...]:
        return (Decision((), (Outcome("x"),), f"{len(seen.registrations)} known"),)

    def logs(known: Before, *, deleted: bool = False) -> list[str]:
        return [decision.log for decision in weighed(decide, known, deleted=deleted)(reading(TIER), facts())]

    opened = before(DEAL, drafts=("D-1",))
    assert logs(opened) == ["draft_dropped", "0 known"]
    assert logs(opened, deleted=True) == ["deleted", "confirmation_asked"]
    assert logs(replace(opened, stands=True)) == ["edited_too_late"]
