"""A registration that the partner takes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.intents.table import decider
from bot.intents.withdraw import answered, decide
from bot.vocabulary.decisions import AwaitFields, Decision, HandOver, SaveRegistration
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Question, ThreadContext, ThreadKind
from bot.vocabulary.requests import Finer, Intent, Request, UpdateFields
from crm.records import Registration, RegistrationState, Stage
from tests.builders import contact, deal, draft, facts, registration

APPROVED = registration(state=RegistrationState.APPROVED, protected_until=date(2027, 2, 16))


def wish(*, ask: bool = False, **fields: Any) -> Request:
    return Request(Intent.UPDATE_DEAL, UpdateFields(**fields), ask=ask, finer=Finer.WITHDRAW)


def about(number: str, *asked: str, proposal: str = "") -> ThreadContext:
    return ThreadContext("t", ThreadKind.QUESTION if asked else None, asked, number, proposal=proposal)


def saved(decision: Decision) -> list[Registration]:
    return [c.registration for c in decision.commands if isinstance(c, SaveRegistration)]


def texts(decision: Decision) -> list[str]:
    return [o.text for o in decision.outcomes]


def after_yes_or_no(asked: Decision, known: Facts, *, yes: bool) -> Decision:
    [wait] = [c for c in asked.commands if isinstance(c, AwaitFields)]
    thread = about(wait.registration_number, *wait.fields, proposal=wait.proposal)
    bare = Request(Intent.OTHER, UpdateFields(), finer=Finer.CONFIRM if yes else Finer.DENY)
    return decider(bare)(bare, replace(known, thread=thread))


@pytest.mark.parametrize("state", [RegistrationState.SUBMITTED, RegistrationState.NEEDS_INFO])
@pytest.mark.parametrize("named", [{"deal_ref": "d 2001"}, {"customer": "Vega"}, {"customer": "vega.example"}])
def test_what_only_waits_is_withdrawn_at_once_and_the_manager_knows(
    state: RegistrationState, named: dict[str, Any]
) -> None:
    decision = decide(wish(**named), facts(registrations=(registration(state=state),)))
    [ended] = saved(decision)
    assert (ended.state, ended.reason) == (RegistrationState.WITHDRAWN, "withdrawn")
    assert texts(decision) == ["withdraw.done"]
    assert any(isinstance(c, HandOver) and c.deal_number == "D-2001" for c in decision.commands)


def test_the_threads_own_draft_is_withdrawn_without_troubling_anybody() -> None:
    decision = decide(wish(), facts(registrations=(draft(), registration()), thread=about("D-3001", "currency")))
    assert [r.number for r in saved(decision)] == ["D-3001"]
    assert texts(decision) == ["withdraw.done_draft"]
    assert not any(isinstance(c, HandOver) for c in decision.commands)
    assert AwaitFields("D-3001", ()) in decision.commands


def test_a_withdrawal_of_another_one_leaves_what_the_thread_waits_for() -> None:
    decision = decide(
        wish(deal_ref="D-2001"), facts(registrations=(draft(), registration()), thread=about("D-3001", "currency"))
    )
    assert [r.number for r in saved(decision)] == ["D-2001"]
    assert not any(isinstance(c, AwaitFields) for c in decision.commands)


def test_where_several_may_be_meant_it_is_asked_which() -> None:
    other = registration(number="D-2002", products=("Lumora Core",))
    decision = decide(wish(customer="Vega Foods"), facts(registrations=(registration(), other)))
    assert decision.commands == ()
    assert texts(decision) == ["withdraw.which"]


def test_one_that_nobody_named_is_asked_about() -> None:
    decision = decide(wish(), facts(registrations=(registration(),)))
    assert saved(decision) == []
    assert texts(decision) == ["withdraw.shall_we"]


def test_an_unsure_reading_asks_first() -> None:
    decision = decide(wish(ask=True, deal_ref="D-2001"), facts(registrations=(registration(),)))
    assert saved(decision) == []
    assert [c.fields for c in decision.commands if isinstance(c, AwaitFields)] == [(Question.WITHDRAW,)]


def test_before_a_protection_ends_it_is_asked() -> None:
    known = facts(registrations=(APPROVED,))
    asked = decide(wish(deal_ref="D-2001"), known)
    assert saved(asked) == []
    assert texts(asked) == ["withdraw.shall_we_unprotect"]
    done = after_yes_or_no(asked, known, yes=True)
    assert [r.state for r in saved(done)] == [RegistrationState.WITHDRAWN]
    assert any(isinstance(c, HandOver) and "protected until 2027-02-16" in c.summary for c in done.commands)
    assert AwaitFields("D-2001", ()) in done.commands


def test_a_no_keeps_it() -> None:
    known = facts(registrations=(APPROVED,))
    kept = after_yes_or_no(decide(wish(deal_ref="D-2001"), known), known, yes=False)
    assert saved(kept) == []
    assert texts(kept) == ["withdraw.kept"]
    assert AwaitFields("D-2001", ()) in kept.commands


def test_a_yes_that_comes_after_a_decision_withdraws_nothing() -> None:
    thread = about("D-2001", Question.WITHDRAW)
    refused = registration(state=RegistrationState.DECLINED)
    assert answered(True, facts(registrations=(refused,), thread=thread)) is None


@pytest.mark.parametrize("stage", [Stage.WON, Stage.LOST])
def test_a_closed_deal_is_told_to_be_closed(stage: Stage) -> None:
    closed = deal(number="D-2001", customer="Vega Foods BV", stage=stage)
    decision = decide(wish(deal_ref="D-2001"), facts(registrations=(APPROVED,), deals=(closed,)))
    assert decision.commands == ()
    assert texts(decision) == ["withdraw.closed"]


@pytest.mark.parametrize("state", [RegistrationState.DECLINED, RegistrationState.WITHDRAWN, RegistrationState.EXPIRED])
def test_what_is_over_is_not_withdrawn_again(state: RegistrationState) -> None:
    decision = decide(wish(deal_ref="D-2001"), facts(registrations=(registration(state=state),)))
    assert decision.commands == ()
    assert texts(decision) == ["withdraw.over"]


def test_a_foreign_number_and_one_that_does_not_exist_get_the_same_words() -> None:
    foreign = decide(wish(deal_ref="D-2001"), facts())
    unknown = decide(wish(deal_ref="D-9999"), facts())
    assert texts(foreign) == texts(unknown) == ["status.no_such_deal"]
    assert texts(decide(wish(customer="Vega"), facts())) == ["status.no_such_customer"]


def test_with_nothing_open_that_is_said() -> None:
    assert texts(decide(wish(), facts())) == ["withdraw.nothing"]


def test_an_open_deal_that_was_never_registered_is_a_persons_matter() -> None:
    decision = decide(wish(deal_ref="D-1042"), facts(deals=(deal(),)))
    assert isinstance(decision.commands[0], HandOver)


def test_without_the_right_nothing_is_withdrawn() -> None:
    junior = contact(main=False, rights=())
    decision = decide(wish(deal_ref="D-2001"), facts(contact=junior, registrations=(registration(),)))
    assert decision.commands == ()
    assert texts(decision)[0] == "rights.register"
