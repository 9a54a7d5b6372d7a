"""The customer's own choice of partner, handed in in writing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.intents.evidence import decide
from bot.vocabulary.decisions import Decision, HandOver, SaveRegistration
from bot.vocabulary.message import Attachment, ThreadContext
from bot.vocabulary.requests import DealFields, Finer, Intent, NoFields, Request, UpdateFields
from crm.records import ReasonCode, Registration, RegistrationState
from tests.builders import complete_deal, contact, facts, registration

LETTER = Attachment("choice.pdf", "application/pdf", 9, "0" * 64, kind="pdf")
WORDS = "The customer confirms in writing that they want to work with us."


def choice(**fields: Any) -> Request:
    return Request(Intent.OTHER, DealFields(**fields) if fields else NoFields(), finer=Finer.CHOICE, said=WORDS)


def saved(decision: Decision) -> list[Registration]:
    return [c.registration for c in decision.commands if isinstance(c, SaveRegistration)]


def notes(decision: Decision) -> list[HandOver]:
    return [c for c in decision.commands if isinstance(c, HandOver)]


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (RegistrationState.SUBMITTED, "evidence.kept"),
        (RegistrationState.NEEDS_INFO, "evidence.kept"),
        (RegistrationState.DECLINED, "evidence.kept_declined"),
    ],
)
def test_it_is_kept_with_the_registration_and_a_manager_weighs_it(state: RegistrationState, told: str) -> None:
    known = registration(state=state)
    decision = decide(
        choice(customer="Vega Foods"),
        facts(registrations=(known,), words=WORDS, forwarded="Dear Brightpath, we chose you.", attachments=(LETTER,)),
    )
    [kept] = saved(decision)
    assert kept == replace(known, evidence=kept.evidence)  # nothing else changes, least of all its state
    for part in (WORDS, "we chose you", "choice.pdf"):
        assert part in kept.evidence
    [note] = notes(decision)
    assert note.intent is Intent.REGISTER_DEAL
    assert note.summary.startswith("The customer chose this partner in writing: D-2001")
    assert [o.text for o in decision.outcomes] == [told, "handed_over.to_manager"]


def test_in_a_thread_it_belongs_to_the_threads_registration() -> None:
    other = registration(number="D-2002", customer="Helios", customer_domain="helios.example")
    thread = ThreadContext("t", subject_ref="D-2001")
    [kept] = saved(decide(choice(), facts(registrations=(other, registration()), thread=thread)))
    assert kept.number == "D-2001"


def test_it_belongs_to_the_registration_whose_number_is_said() -> None:
    other = registration(number="D-2002", customer="Helios", customer_domain="helios.example")
    wish = Request(Intent.UPDATE_DEAL, UpdateFields(deal_ref="D-2001"), finer=Finer.CHOICE, said=WORDS)
    [kept] = saved(decide(wish, facts(registrations=(other, registration()))))
    assert kept.number == "D-2001"


def test_of_one_customer_an_open_registration_comes_before_a_refused_one() -> None:
    refused = registration(number="D-2002", state=RegistrationState.DECLINED)
    [kept] = saved(decide(choice(customer="Vega Foods"), facts(registrations=(registration(), refused))))
    assert kept.number == "D-2001"


def test_what_was_handed_in_before_stays() -> None:
    [kept] = saved(decide(choice(customer="Vega Foods"), facts(registrations=(registration(evidence="first"),))))
    assert kept.evidence.startswith("first\n")


def test_a_deal_that_comes_with_it_is_registered_with_it() -> None:
    wish = replace(complete_deal(), finer=Finer.CHOICE, said=WORDS)
    decision = decide(wish, facts(words=WORDS))
    [made] = saved(decision)
    assert made.state is RegistrationState.SUBMITTED
    assert WORDS in made.evidence
    assert len(notes(decision)) == 1


def test_without_a_registration_it_goes_to_the_manager_alone() -> None:
    decision = decide(choice(), facts())
    assert saved(decision) == []
    assert len(notes(decision)) == 1


def test_a_file_that_was_refused_is_no_evidence() -> None:
    bad = replace(LETTER, name="bad.exe", refused="kind")
    [kept] = saved(decide(choice(customer="Vega Foods"), facts(registrations=(registration(),), attachments=(bad,))))
    assert "bad.exe" not in kept.evidence


def test_endless_words_are_cut() -> None:
    known = registration(evidence="x" * 20_000)
    [kept] = saved(decide(choice(customer="Vega Foods"), facts(registrations=(known,), words="y " * 50_000)))
    assert len(kept.evidence) <= 8_000
    assert "y y" in kept.evidence


def test_without_the_right_nothing_is_stored() -> None:
    decision = decide(
        choice(customer="Vega Foods"), facts(contact=contact(main=False, rights=()), registrations=(registration(),))
    )
    assert decision.commands == ()


def blocked(**changes: Any) -> Registration:
    return registration(
        state=RegistrationState.DECLINED, code=ReasonCode.ALREADY_PROTECTED, decided_by="rules", **changes
    )


def test_what_the_rules_refused_is_registered_anew_with_the_choice() -> None:
    refused = blocked()
    thread = ThreadContext("t", subject_ref=refused.number)
    decision = decide(choice(), facts(registrations=(refused,), thread=thread, fresh_numbers=("D-9",), words=WORDS))
    [new] = saved(decision)
    assert (new.number, new.state, new.code, new.decided_by) == ("D-9", RegistrationState.SUBMITTED, None, "")
    assert (new.customer, new.customer_domain, new.products) == (
        refused.customer, refused.customer_domain, refused.products,
    )  # fmt: skip
    assert new.evidence == WORDS
    assert new.priority_at == new.submitted_at
    assert decision.outcomes[0].text == "register.received"
    assert decision.outcomes[-1].text == "handed_over.to_manager"
    assert notes(decision)[0].summary.startswith("The customer chose this partner in writing: D-9")


def test_who_says_the_whole_deal_again_with_the_choice_has_it_registered_as_he_says_it() -> None:
    again = replace(complete_deal(quantity=99), finer=Finer.CHOICE)
    customer = again.fields.customer if isinstance(again.fields, DealFields) else ""
    refused = blocked(customer=customer or "", customer_domain="")
    [new] = saved(decide(again, facts(registrations=(refused,), fresh_numbers=("D-9",))))
    assert (new.number, new.quantity, new.state) == ("D-9", 99, RegistrationState.SUBMITTED)


def test_a_second_choice_joins_what_was_registered_anew() -> None:
    new = registration(number="D-9", state=RegistrationState.SUBMITTED, evidence="first")
    thread = ThreadContext("t", subject_ref="D-9")
    [kept] = saved(decide(choice(), facts(registrations=(blocked(), new), thread=thread, fresh_numbers=("D-10",))))
    assert kept.number == "D-9"
