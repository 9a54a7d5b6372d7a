"""Colleagues who came or left: done for who manages the contacts, put before a manager for everybody else."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents import people
from bot.intents.table import decider
from bot.vocabulary.decisions import AwaitFields, Decision, HandOver, SaveContact
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Question, ThreadContext, ThreadKind
from bot.vocabulary.requests import Finer, Intent, PersonFields, Request
from crm.records import EVERYDAY_RIGHTS, Contact, ContactRight
from tests.builders import contact, facts, partner

SARA = contact()
DECLAN = Contact("c-2", "p-1", "Declan Moore", "declan@brightpath.example")
LEA = Contact("c-3", "p-1", "Lea Moore", "lea@brightpath.example", rights=(ContactRight.MANAGE_CONTACTS,))
EVERYBODY = (SARA, DECLAN, LEA)


def known(sender: Contact | None = SARA, **changes: Any) -> Facts:
    return facts(**({"contact": sender, "colleagues": EVERYBODY} | changes))


def left(given: Facts, name: str | None = None, email: str | None = None) -> Decision:
    return decider(_wish(Finer.PERSON_LEFT, name, email))(_wish(Finer.PERSON_LEFT, name, email), given)


def joined(given: Facts, name: str | None = None, email: str | None = None) -> Decision:
    return decider(_wish(Finer.PERSON_JOINED, name, email))(_wish(Finer.PERSON_JOINED, name, email), given)


def _wish(finer: Finer, name: str | None, email: str | None) -> Request:
    return Request(Intent.OTHER, PersonFields(name, email), finer=finer)


def told(decision: Decision | None) -> tuple[str, ...]:
    return tuple(o.text for o in decision.outcomes) if decision else ()


def saved(decision: Decision | None) -> Contact | None:
    commands = decision.commands if decision else ()
    return next((c.contact for c in commands if isinstance(c, SaveContact)), None)


def notes(decision: Decision | None) -> list[str]:
    return [c.summary for c in decision.commands if isinstance(c, HandOver)] if decision else []


def after(decision: Decision, given: Facts, *, yes: bool) -> Decision | None:
    waits = next(c for c in decision.commands if isinstance(c, AwaitFields))
    thread = ThreadContext("t-1", ThreadKind.QUESTION, waits.fields, waits.registration_number, proposal=waits.proposal)
    return people.answered(yes, replace(given, thread=thread))


@pytest.mark.parametrize("said", [{"name": "Declan"}, {"name": "declan moore"}, {"email": "Declan@Brightpath.example"}])
def test_who_left_is_closed_after_a_yes_and_not_before(said: dict[str, str]) -> None:
    first = left(known(), **said)
    assert (saved(first), told(first)) == (None, ("people.shall_we_close",))
    closed = saved(after(first, known(), yes=True))
    assert closed is not None
    assert (closed.id, closed.active) == ("c-2", False)


def test_a_no_leaves_everybody_where_he_is() -> None:
    second = after(left(known(), "Declan"), known(), yes=False)
    assert (saved(second), told(second)) == (None, ("people.kept",))


@pytest.mark.parametrize("sender", [DECLAN, None])
def test_who_does_not_manage_contacts_has_it_passed_on(sender: Contact | None) -> None:
    decision = left(known(sender), "Lea")
    assert told(decision) == ("people.to_manager",)
    assert notes(decision) == ["Says that a colleague left: Lea = Lea Moore <lea@brightpath.example>"]


def test_who_does_not_manage_learns_nothing_of_who_is_on_file() -> None:
    assert told(left(known(DECLAN), "Nobody Atall")) == told(left(known(DECLAN), "Lea")) == ("people.to_manager",)


def test_the_main_contact_is_closed_by_a_manager_alone() -> None:
    decision = left(known(LEA), "Sara Lind")
    assert told(decision) == ("people.to_manager",)
    assert "(main contact)" in notes(decision)[0]


def test_nobody_closes_himself_out_as_the_last_who_manages() -> None:
    alone = known(LEA, colleagues=(replace(SARA, active=False), DECLAN, LEA))
    assert told(left(alone, "Lea Moore")) == ("people.to_manager",)
    with_another = known(LEA)
    assert told(left(with_another, "Lea Moore")) == ("people.shall_we_close",)


def test_rights_that_were_lost_before_the_yes_count() -> None:
    first = left(known(LEA), "Declan")
    demoted = replace(LEA, rights=EVERYDAY_RIGHTS)
    second = after(first, known(demoted, colleagues=(SARA, DECLAN, demoted)), yes=True)
    assert saved(second) is None
    assert told(second) == ("people.to_manager",)


def test_who_is_closed_meanwhile_is_no_longer_asked_about() -> None:
    first = left(known(), "Declan")
    assert after(first, known(colleagues=(SARA, replace(DECLAN, active=False))), yes=True) is None


def test_two_who_share_a_name_are_told_apart_by_the_address() -> None:
    assert told(left(known(), "Moore")) == ("people.which",)


def test_a_name_that_nobody_has_is_asked_about() -> None:
    assert told(left(known(), "Nobody Atall")) == ("people.unknown",)
    assert told(left(known())) == ("people.unknown",)


@pytest.mark.parametrize("broken", ["", "{", "[1]", '"x"', '{"close": null}', json.dumps({"close": "c-99"})])
def test_a_proposal_that_names_no_colleague_closes_nobody(broken: str) -> None:
    thread = ThreadContext("t-1", ThreadKind.QUESTION, (Question.CONTACT,), proposal=broken)
    assert people.answered(True, known(thread=thread)) is None


def test_who_came_is_opened_with_everyday_rights_where_the_address_is_the_partners() -> None:
    opened = saved(joined(known(), "Mia Wong", "Mia@brightpath.example"))
    assert opened is not None
    assert (opened.name, opened.email, opened.partner_id, opened.active, opened.main) == (
        "Mia Wong",
        "mia@brightpath.example",
        "p-1",
        True,
        False,
    )
    assert opened.rights == EVERYDAY_RIGHTS


@pytest.mark.parametrize(
    ("address", "domains"),
    [
        ("mia@gmail.com", ("brightpath.example", "gmail.com")),
        ("mia@elsewhere.example", ("brightpath.example",)),
        ("mia@evilbrightpath.example", ("brightpath.example",)),
        ("mia@brightpath.example.evil.example", ("brightpath.example",)),
        ("mia@brightpath.onmicrosoft.com", ("brightpath.onmicrosoft.com",)),
        ("mia@onmicrosoft.com", ("onmicrosoft.com",)),
        ("mia@co.uk", ("co.uk",)),
        ("", ("brightpath.example",)),
        ("no address", ("brightpath.example",)),
    ],
)
def test_other_addresses_go_to_a_manager(address: str, domains: tuple[str, ...]) -> None:
    decision = joined(known(partner=partner(domains=domains)), "Mia Wong", address)
    assert (saved(decision), told(decision)) == (None, ("people.to_manager",))
    assert notes(decision)[0].startswith("Names a new colleague: Mia Wong")


def test_who_does_not_manage_opens_nobody() -> None:
    decision = joined(known(DECLAN), "Mia Wong", "mia@brightpath.example")
    assert (saved(decision), told(decision)) == (None, ("people.to_manager",))


def test_an_unsure_reading_of_who_came_is_asked_about_first() -> None:
    wish = replace(_wish(Finer.PERSON_JOINED, "Mia Wong", "mia@brightpath.example"), ask=True)
    first = people.joined(wish, known())
    assert (saved(first), told(first)) == (None, ("people.shall_we_open",))
    yes, no = after(first, known(), yes=True), after(first, known(), yes=False)
    assert saved(yes) == saved(joined(known(), "Mia Wong", "mia@brightpath.example"))
    assert (saved(no), told(no)) == (None, ("people.not_opened",))


@pytest.mark.parametrize("new", [{}, {"name": "X", "email": "x@elsewhere.example"}, {"email": ["x"]}])
def test_a_proposal_opens_nobody_whom_the_words_would_not(new: dict[str, Any]) -> None:
    proposal = json.dumps({"open": new})
    thread = ThreadContext("t-1", ThreadKind.QUESTION, (Question.CONTACT,), proposal=proposal)
    assert saved(people.answered(True, known(thread=thread))) is None


def test_who_is_a_contact_already_is_not_opened_twice() -> None:
    assert told(joined(known(), "Declan", "declan@brightpath.example")) == ("people.exists",)


def test_who_comes_back_is_the_contact_that_he_was() -> None:
    gone = replace(DECLAN, active=False)
    opened = saved(joined(known(colleagues=(SARA, gone)), "Declan", "declan@brightpath.example"))
    assert opened == DECLAN


@pytest.mark.parametrize(
    "before",
    [
        {"main": True},
        {"rights": (ContactRight.MANAGE_CONTACTS,)},
        {"rights": (*EVERYDAY_RIGHTS, ContactRight.MANAGE_CONTACTS), "main": True, "opted_out": True},
        {"rights": (), "opted_out": True},
    ],
)
def test_who_comes_back_has_everyday_rights_whatever_he_had_and_stays_opted_out(before: dict[str, Any]) -> None:
    gone = replace(DECLAN, active=False, **before)
    opened = saved(joined(known(colleagues=(SARA, gone)), "Declan", "declan@brightpath.example"))
    assert opened == replace(DECLAN, opted_out=gone.opted_out)
    assert not opened.may(ContactRight.MANAGE_CONTACTS)


@given(name=st.none() | st.text(max_size=40), email=st.none() | st.text(max_size=40), yes=st.booleans())
def test_whatever_is_said_the_main_contact_stays_and_nobody_of_another_domain_comes(
    name: str | None, email: str | None, yes: bool
) -> None:
    for decision in (left(known(LEA), name, email), joined(known(LEA), name, email)):
        person = saved(decision)
        if any(isinstance(c, AwaitFields) for c in decision.commands):
            person = saved(after(decision, known(LEA), yes=yes))
        assert person is None or person.id != SARA.id
        assert person is None or person.email.endswith("brightpath.example")
