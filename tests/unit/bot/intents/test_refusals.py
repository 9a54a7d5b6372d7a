"""Who asks about a refused registration reads the words of the refusal again, and nothing more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.intents.ask_deal_status import decide
from bot.vocabulary.requests import Intent
from crm.records import ReasonCode, Registration, RegistrationState
from tests.builders import facts, registration, request


def refused(code: ReasonCode | None, reason: str) -> Registration:
    return registration(state=RegistrationState.DECLINED, code=code, reason=reason)


def told(known: Registration, *, told_apart: bool = False) -> list[str]:
    known_facts = facts(registrations=(known,))
    rules = replace(known_facts.program.deal_rules, blocker_told=told_apart)
    known_facts = replace(known_facts, program=replace(known_facts.program, deal_rules=rules))
    wish = request(Intent.ASK_DEAL_STATUS, customer="Vega Foods")
    return [o.text for o in decide(wish, known_facts).outcomes]


@pytest.mark.parametrize("code", [ReasonCode.CUSTOMER_IN_PROGRESS, ReasonCode.ALREADY_PROTECTED])
def test_both_blockers_are_told_in_the_same_neutral_words(code: ReasonCode) -> None:
    known = refused(code, "already being worked on or protected")
    assert told(known) == ["status.one", "decision.blocked", "decision.next_steps"]


def test_where_the_program_tells_them_apart_they_are_told_apart_again() -> None:
    known = refused(ReasonCode.ALREADY_PROTECTED, "already being worked on or protected")
    assert told(known, told_apart=True)[1] == "decision.blocked_protected"


def test_a_managers_reason_is_told_in_his_words() -> None:
    known = refused(ReasonCode.DECLINED_BY_PERSON, "We know them already.")
    wish = request(Intent.ASK_DEAL_STATUS, customer="Vega Foods")
    reason = decide(wish, facts(registrations=(known,))).outcomes[1]
    assert (reason.text, reason.values["reason"]) == ("decision.declined", "We know them already.")


@pytest.mark.parametrize("code", [None, ReasonCode.POLICY])
def test_a_reason_that_was_never_told_to_the_partner_stays_untold(code: ReasonCode | None) -> None:
    assert told(refused(code, "Lumora already has an open deal with this customer.")) == ["status.one"]
