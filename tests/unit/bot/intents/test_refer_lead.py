"""Leads that partners refer: kept at once, asked about once, never twice for one customer, never guessed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents import refer_lead
from bot.intents.leads import lead_status
from bot.intents.table import TABLE
from bot.vocabulary.decisions import AwaitFields, Decision, HandOver, SaveLead
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Question, ThreadContext, ThreadKind
from bot.vocabulary.requests import Intent
from crm.records import (
    Attribution,
    ContactRight,
    Lead,
    LeadSource,
    LeadState,
    Registration,
    RegistrationState,
    Stage,
)
from tests.builders import NOW, contact, deal, facts, registration, request

NUMBER, SECOND = "L-12345678", "L-23456789"
FRESH_LEADS = (NUMBER, SECOND)


def lead(**changes: Any) -> Lead:
    made = Lead(
        NUMBER,
        LeadSource.PARTNER,
        LeadState.NEW,
        partner_id="p-1",
        customer="Globex",
        customer_domain="globex.example",
        created_at=NOW,
    )
    return replace(made, **changes)


def known(**changes: Any) -> Facts:
    return facts(**({"fresh_leads": FRESH_LEADS} | changes))


def referred(given: Facts, **said: Any) -> Decision:
    return refer_lead.decide(request(Intent.REFER_LEAD, **said), given)


def saved(decision: Decision) -> Lead | None:
    return next((c.lead for c in decision.commands if isinstance(c, SaveLead)), None)


def asked(decision: Decision) -> tuple[str, ...]:
    return next((c.fields for c in decision.commands if isinstance(c, AwaitFields)), ())


def told(decision: Decision) -> tuple[str, ...]:
    return tuple(o.text for o in decision.outcomes)


def continued(decision: Decision, given: Facts, **said: Any) -> Decision:
    """The partner's reply to what was asked."""
    waits = next(c for c in decision.commands if isinstance(c, AwaitFields))
    thread = ThreadContext("t-1", ThreadKind.QUESTION, waits.fields, waits.registration_number, proposal=waits.proposal)
    now_known = saved(decision)
    leads = (*given.leads, now_known) if now_known else given.leads
    later = replace(given, thread=thread, leads=leads)
    return TABLE[Intent.PROVIDE_FIELD].decide(request(Intent.PROVIDE_FIELD, **said), later)


def test_a_lead_is_the_partners_and_sourced_by_it() -> None:
    decision = referred(known(), customer="Globex", contact_email="Jane@Globex.example", quantity=40)
    made = saved(decision)
    assert made is not None
    assert (made.number, made.source, made.state, made.partner_id) == (
        NUMBER,
        LeadSource.PARTNER,
        LeadState.NEW,
        "p-1",
    )
    assert (made.attribution, made.contact_email, made.quantity) == (
        Attribution.SOURCED,
        "jane@globex.example",
        40,
    )
    assert made.customer_domain == "globex.example"
    assert told(decision) == ("lead.received",)
    assert asked(decision) == ()


def test_the_manager_gets_what_was_said() -> None:
    decision = referred(known(), customer="Globex", contact_name="Jane Roe")
    [note] = [c for c in decision.commands if isinstance(c, HandOver)]
    assert note.intent is Intent.REFER_LEAD
    assert note.summary == f"Refers a lead, {NUMBER}: customer Globex; contact name Jane Roe"


def test_what_a_lead_has_no_field_for_is_kept_as_a_note() -> None:
    made = saved(referred(known(), customer="Globex", customer_domain="globex.example", amount=Decimal(9000)))
    assert made is not None
    assert (made.amount, made.notes) == (None, "value 9000")


def test_whom_to_reach_is_asked_for_once_and_the_lead_is_kept_meanwhile() -> None:
    first = referred(known(), customer="Globex")
    assert saved(first) is not None
    assert told(first) == ("lead.received", "lead.whom_to_reach")
    assert asked(first) == ("contact_name", "contact_email", "contact_phone")
    second = continued(first, known(), contact_phone="+32 2 555 0100")
    completed = saved(second)
    assert completed is not None
    assert (completed.number, completed.contact_phone) == (NUMBER, "+32 2 555 0100")
    assert told(second) == ("lead.added",)
    assert asked(second) == ()


@pytest.mark.parametrize("intent", [Intent.PROVIDE_FIELD, Intent.REGISTER_DEAL])
def test_details_in_the_thread_of_a_lead_correct_it_though_nothing_was_asked(intent: Intent) -> None:
    first = referred(known(), customer="Globex", contact_name="Jane Row")
    lead = saved(first)
    assert lead is not None
    later = replace(known(), thread=ThreadContext("t-1", ThreadKind.QUESTION, (), lead.number), leads=(lead,))
    perhaps = replace(request(intent, contact_name="Jane Roe"), ask=intent is Intent.REGISTER_DEAL)
    corrected = saved(TABLE[intent].decide(perhaps, later))
    assert corrected is not None
    assert (corrected.number, corrected.contact_name) == (lead.number, "Jane Roe")


def test_a_customer_that_is_missing_is_asked_for_and_what_was_said_before_stays() -> None:
    first = referred(known(), contact_name="Jane Roe", contact_phone="555 0100")
    assert saved(first) is None
    assert told(first) == ("lead.which_customer",)
    second = continued(first, known(), customer="Globex")
    made = saved(second)
    assert made is not None
    assert (made.customer, made.contact_name, made.contact_phone) == ("Globex", "Jane Roe", "555 0100")
    assert told(second) == ("lead.received",)


def test_who_answers_without_a_customer_reaches_a_person_instead_of_another_question() -> None:
    first = referred(known(), contact_name="Jane Roe")
    second = continued(first, known(), contact_phone="555 0100")
    assert saved(second) is None
    assert told(second) == ("handed_over.to_manager",)
    assert asked(second) == ()


def test_another_customer_in_the_reply_is_another_lead() -> None:
    first = referred(known(), customer="Globex")
    mine = saved(first)
    assert mine is not None
    thread = ThreadContext("t-1", ThreadKind.QUESTION, ("contact_name",), NUMBER)
    later = known(leads=(mine,), fresh_leads=(SECOND,), thread=thread)
    decision = refer_lead.decide(request(Intent.REFER_LEAD, customer="Initech", contact_name="Bill"), later)
    made = saved(decision)
    assert made is not None
    assert (made.number, made.customer) == (SECOND, "Initech")


@pytest.mark.parametrize("again", [{"customer": "Globex B.V."}, {"customer": "globex", "contact_phone": "1"}])
def test_the_same_customer_twice_points_to_the_first(again: dict[str, str]) -> None:
    decision = referred(known(leads=(lead(contact_phone="555"),)), **again)
    assert saved(decision) is None
    assert told(decision) == ("lead.exists", "lead_fate.new")


def test_what_the_second_mention_adds_fills_gaps_and_replaces_nothing() -> None:
    mine = lead(contact_name="Jane Roe")
    decision = referred(known(leads=(mine,)), customer="Globex", contact_name="Bill", contact_phone="555")
    made = saved(decision)
    assert made is not None
    assert (made.number, made.contact_name, made.contact_phone) == (NUMBER, "Jane Roe", "555")
    assert told(decision)[-1] == "lead.added"


def test_a_customer_of_a_lead_that_the_partner_took_is_pointed_to() -> None:
    held = lead(source=LeadSource.VENDOR, state=LeadState.ACCEPTED)
    decision = referred(known(leads=(held,)), customer="Globex", contact_phone="555")
    assert (saved(decision), told(decision)) == (None, ("lead_fate.accepted",))


def test_a_lead_that_was_given_up_may_be_referred_again() -> None:
    old = lead(number="L-99999999", state=LeadState.REJECTED)
    assert saved(referred(known(leads=(old,)), customer="Globex", contact_name="Jane")) is not None


def test_a_customer_of_an_own_registration_is_pointed_to() -> None:
    decision = referred(known(registrations=(registration(),)), customer="Vega Foods", contact_name="Jan")
    assert saved(decision) is None
    assert decision.deal_numbers == ("D-2001",)


def test_a_customer_of_an_own_deal_that_is_over_is_a_new_lead() -> None:
    over = deal(stage=Stage.LOST)
    assert saved(referred(known(deals=(over,)), customer="Acme", contact_name="Jan")) is not None


def test_who_may_not_register_refers_no_lead_and_learns_nothing_of_those_there_are() -> None:
    reads_only = contact(main=False, rights=(ContactRight.SEE_DEALS,))
    decision = referred(known(contact=reads_only, colleagues=(contact(),), leads=(lead(),)), customer="Globex")
    assert decision.commands == ()
    assert told(decision)[0] == "rights.register"


def test_an_unsure_reading_asks_first_and_a_yes_then_refers_it() -> None:
    wish = request(Intent.REFER_LEAD, ask=True, customer="Globex", contact_name="Jane")
    first = refer_lead.decide(wish, known())
    assert (saved(first), asked(first)) == (None, (Question.LEAD,))
    waits = next(c for c in first.commands if isinstance(c, AwaitFields))
    thread = ThreadContext("t-1", ThreadKind.QUESTION, waits.fields, waits.registration_number, proposal=waits.proposal)
    yes = refer_lead.answered(True, known(thread=thread))
    no = refer_lead.answered(False, known(thread=thread))
    assert yes is not None
    assert no is not None
    assert (saved(yes) is not None, saved(no), told(no)) == (True, None, ("lead.not_taken",))


def test_a_proposal_that_names_another_partner_is_nobodys() -> None:
    theirs = refer_lead._dumped(lead(partner_id="p-2"))
    thread = ThreadContext("t-1", ThreadKind.QUESTION, (Question.LEAD,), NUMBER, proposal=theirs)
    assert refer_lead.answered(True, known(thread=thread)) is None


@pytest.mark.parametrize("broken", ["", "{", "[]", "null", '{"number": 1}', "9" * 5000])
def test_a_broken_proposal_is_no_lead(broken: str) -> None:
    thread = ThreadContext("t-1", ThreadKind.QUESTION, (Question.LEAD,), NUMBER, proposal=broken)
    assert refer_lead.answered(True, known(thread=thread)) is None


@pytest.mark.parametrize(
    ("state", "more", "text"),
    [
        (LeadState.NEW, {}, "lead_fate.new"),
        (LeadState.WORKING, {}, "lead_fate.working"),
        (LeadState.CONVERTED, {"deal_number": "D-5"}, "lead_fate.converted_into"),
        (LeadState.CONVERTED, {}, "lead_fate.converted"),
        (LeadState.REJECTED, {"reason": "No budget."}, "lead_fate.rejected_because"),
        (LeadState.REJECTED, {}, "lead_fate.rejected"),
    ],
)
def test_what_became_of_a_lead_is_told_by_customer_and_number(
    state: LeadState, more: dict[str, str], text: str
) -> None:
    given = known(leads=(lead(state=state, **more),))
    for said in ("Globex", "globex.example", NUMBER, "L12345678"):
        decision = lead_status(given, said)
        assert decision is not None
        assert told(decision) == (text,)
        assert decision.outcomes[0].figures


def test_a_lead_of_nobodys_name_has_no_status() -> None:
    assert lead_status(known(leads=(lead(),)), "Initech") is None
    assert lead_status(known(leads=(lead(),)), "L-87654321") is None
    assert lead_status(known()) is None


def test_where_a_customer_stands_holds_the_lead_and_the_deal_it_became() -> None:
    converted = lead(customer="Acme", customer_domain="acme.example", state=LeadState.CONVERTED, deal_number="D-1042")
    given = known(leads=(converted,), deals=(deal(),))
    decision = TABLE[Intent.ASK_DEAL_STATUS].decide(request(Intent.ASK_DEAL_STATUS, customer="Acme"), given)
    assert told(decision) == ("status.one", "lead_fate.converted_into")


def test_in_the_thread_of_a_lead_its_fate_is_asked_for_without_a_name() -> None:
    given = known(leads=(lead(state=LeadState.WORKING),), thread=ThreadContext("t-1", subject_ref=NUMBER))
    decision = TABLE[Intent.ASK_DEAL_STATUS].decide(request(Intent.ASK_DEAL_STATUS), given)
    assert told(decision) == ("lead_fate.working",)


@pytest.mark.parametrize("said", [{"customer": "Globex"}, {"deal_ref": NUMBER}])
def test_a_lead_is_told_where_no_deal_is_meant(said: dict[str, Any]) -> None:
    given = known(leads=(lead(),), deals=(deal(),))
    decision = TABLE[Intent.ASK_DEAL_STATUS].decide(request(Intent.ASK_DEAL_STATUS, **said), given)
    assert told(decision) == ("lead_fate.new",)


@given(said=st.fixed_dictionaries({}, optional=dict.fromkeys(
    ("customer", "customer_domain", "contact_name", "contact_email", "contact_phone"), st.text(max_size=60)
)))  # fmt: skip
def test_whatever_is_said_no_lead_is_kept_without_a_customer(said: dict[str, str]) -> None:
    decision = referred(known(), **said)
    made = saved(decision)
    if made is not None:
        assert made.customer or made.customer_domain
        assert made.partner_id == "p-1"
    assert decision.outcomes


def test_a_draft_for_comparison_takes_no_number_of_a_deal() -> None:
    mine = refer_lead._as_registration(lead())
    assert isinstance(mine, Registration)
    assert mine.state is RegistrationState.DRAFT


@pytest.mark.parametrize("intent", [Intent.PROVIDE_FIELD, Intent.REFER_LEAD])
def test_a_colleague_without_the_right_adds_nothing_to_a_lead(intent: Intent) -> None:
    reader = contact(main=False, rights=(ContactRight.SEE_DEALS,))
    thread = ThreadContext("t-1", ThreadKind.QUESTION, ("contact_name",), NUMBER)
    theirs = known(contact=reader, colleagues=(contact(),), leads=(lead(),), thread=thread)
    decision = TABLE[intent].decide(request(intent, contact_name="Eve"), theirs)
    assert decision.commands == ()
    assert told(decision)[0] == "rights.register"


@pytest.mark.parametrize("said", [{"customer_domain": "brightpath.example"}, {"customer": "Brightpath"}])
def test_the_partner_itself_is_no_lead(said: dict[str, str]) -> None:
    decision = referred(known(), contact_name="Mia Wong", **said)
    assert [type(c) for c in decision.commands] == [HandOver]
