"""From words to one order: what they answer says about what, and whatever is not plain is explained or left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.managers.acts import Deed, Deeds, Order
from bot.managers.orders import Explanation, Heard, Meant, Silence, Understood, WordsWanted, understood
from bot.managers.verbs import Verb
from bot.managers.words import LONGEST, said
from bot.storage.briefs import SentBrief
from bot.vocabulary.briefs import BriefKind
from bot.vocabulary.results import Done, NotDone
from tests.builders import euro

NOOR = "noor@lumora.example"


async def _never(_order: Order) -> Done | NotDone:
    raise AssertionError("nothing is carried out here")


DEEDS: Deeds = {
    (BriefKind.REGISTRATION, Verb.APPROVE): Deed(_never),
    (BriefKind.REGISTRATION, Verb.REFUSE): Deed(_never, "the reason"),
    (BriefKind.REGISTRATION, Verb.ASK): Deed(_never, "your question"),
    (BriefKind.REGISTRATION, Verb.PROTECT): Deed(_never),
    (BriefKind.CONTACT, Verb.APPROVE): Deed(_never),
    (BriefKind.CONTACT, Verb.REFUSE): Deed(_never),
    (BriefKind.STATEMENT, Verb.APPROVE): Deed(_never),
    (BriefKind.STATEMENT, Verb.REFUSE): Deed(_never, "the reason"),
    (BriefKind.STATEMENT, Verb.PAY): Deed(_never, "the payment's reference", '"SEPA 4711"'),
    (BriefKind.ENTRY, Verb.RETRY): Deed(_never),
    (BriefKind.REGISTRATION, Verb.RETRY): Deed(_never),
    (BriefKind.DISPUTE, Verb.UPHOLD): Deed(_never, "the reason"),
    (BriefKind.DISPUTE, Verb.CORRECT): Deed(_never, "the right sum and the reason"),
}
BRIEF = SentBrief(
    "b-1", BriefKind.REGISTRATION, "D-123456", NOOR, "o-1", "0" * 32, "", "", None, "", {"about": "p-1"}
)  # fmt: skip
PERSON = replace(BRIEF, kind=BriefKind.CONTACT, subject="in-7")
STATEMENT = replace(
    BRIEF, kind=BriefKind.STATEMENT, subject="u-1", payload={"about": "p-1", "named": "S-2026-10 of Quaywise"}
)
DISPUTE = replace(STATEMENT, kind=BriefKind.DISPUTE, subject="u-2", payload={"named": "the dispute of Quaywise"})
OF_QUAYWISE = Meant(BriefKind.STATEMENT, "u-1", "S-2026-10 of Quaywise")
OF_HARBOUR = Meant(BriefKind.STATEMENT, "u-9", "S-2026-10 of Harbour")
NOTICE = replace(BRIEF, kind=BriefKind.NOTICE)
ENTRY = replace(BRIEF, kind=BriefKind.ENTRY, payload={"named": "registration D-123456 (Vega Foods)"})


def heard(text: str, brief: SentBrief | None = BRIEF, **more: Any) -> Understood:
    return understood(Heard(said(text), NOOR, brief, **more), DEEDS)


def test_an_answer_is_about_what_was_asked() -> None:
    assert heard("approve") == Order(BriefKind.REGISTRATION, Verb.APPROVE, "D-123456", NOOR)
    assert heard("yes", PERSON) == Order(BriefKind.CONTACT, Verb.APPROVE, "in-7", NOOR)
    assert heard("reject", PERSON) == Order(BriefKind.CONTACT, Verb.REFUSE, "in-7", NOOR)


def test_a_message_of_its_own_is_about_the_number_it_names() -> None:
    assert heard("refuse d-654321: too small", None) == Order(
        BriefKind.REGISTRATION, Verb.REFUSE, "D-654321", NOOR, "too small"
    )
    assert heard("protect D-654321 until 2027-03-01", NOTICE) == Order(
        BriefKind.REGISTRATION, Verb.PROTECT, "D-654321", NOOR, until=date(2027, 3, 1)
    )


def test_in_an_answer_the_number_may_be_left_out() -> None:
    found = heard("protect until 2027-03-01")
    assert isinstance(found, Order)
    assert (found.subject, found.until) == ("D-123456", date(2027, 3, 1))


@pytest.mark.parametrize(
    ("text", "brief", "log"),
    [
        ("approve D-654321", BRIEF, "other_subject"),
        ("approve", None, "no_number"),
        ("hello", None, "no_order"),
        ("What about D-654321?", None, "no_order"),
        ("cancel", None, "no_order"),
        ("hello", BRIEF, "unclear"),
        ("cancel", BRIEF, "cancelled"),
        ("attribution D-123456 influenced: met them", BRIEF, "not_possible"),
        ("ask: who is it?", PERSON, "not_possible"),
        ("approve L-12345678", None, "not_possible"),
        (f"refuse: {'x' * (LONGEST + 1)}", BRIEF, "too_long"),
    ],
)
def test_what_is_no_order_is_explained(text: str, brief: SentBrief | None, log: str) -> None:
    found = heard(text, brief)
    assert isinstance(found, Explanation)
    assert found.log == log
    assert "nothing" in found.text.lower()


def test_the_explanation_names_what_may_be_written() -> None:
    found = heard("hello", PERSON)
    assert isinstance(found, Explanation)
    assert 'Write "approve" or "refuse".' in found.text


def test_words_that_are_missing_are_asked_for_and_then_taken_as_they_are() -> None:
    assert heard("refuse") == WordsWanted("D-123456", Verb.REFUSE, "the reason")
    assert heard("Too small", expected=Verb.REFUSE) == Order(
        BriefKind.REGISTRATION, Verb.REFUSE, "D-123456", NOOR, "Too small"
    )


@pytest.mark.parametrize("text", ["yes", "ok", "no"])
def test_a_mere_yes_or_no_is_no_reason(text: str) -> None:
    assert heard(text, expected=Verb.REFUSE) == WordsWanted("D-123456", Verb.REFUSE, "the reason")


def test_who_is_asked_for_a_reason_may_still_order_something_else() -> None:
    assert heard("approve", expected=Verb.REFUSE) == Order(BriefKind.REGISTRATION, Verb.APPROVE, "D-123456", NOOR)
    found = heard("no, too small", expected=Verb.REFUSE)
    assert isinstance(found, Order)
    assert (found.verb, found.words) == (Verb.REFUSE, "too small")


@pytest.mark.parametrize("text", ["yes", "ok", "no: too small", "what do they pay?", ""])
def test_among_colleagues_only_plain_words_are_orders(text: str) -> None:
    assert heard(text, addressed=False) == Silence()
    assert isinstance(heard("approve", addressed=False), Order)
    assert isinstance(heard("Too small", addressed=False, expected=Verb.REFUSE), Order)


@pytest.mark.parametrize("expected", [None, Verb.REFUSE])
def test_thanks_are_no_order_and_no_reason(expected: Verb | None) -> None:
    assert heard("Thanks!", expected=expected) == Silence()


def test_an_ok_to_a_mere_notice_needs_no_answer() -> None:
    assert heard("ok", NOTICE) == Silence()


def test_a_statement_is_decided_in_answer_to_its_brief() -> None:
    assert heard("approve", STATEMENT) == Order(BriefKind.STATEMENT, Verb.APPROVE, "u-1", NOOR)
    assert heard("paid SEPA 4711 on 2026-11-30", STATEMENT) == Order(
        BriefKind.STATEMENT, Verb.PAY, "u-1", NOOR, "SEPA 4711", on=date(2026, 11, 30)
    )
    assert heard("correct EUR 12.50: seats", DISPUTE) == Order(
        BriefKind.DISPUTE, Verb.CORRECT, "u-2", NOOR, "seats", amount=euro("12.50")
    )


def test_the_number_in_an_answer_has_to_be_that_of_the_same_partner() -> None:
    assert isinstance(heard("approve S-2026-10 Quaywise", STATEMENT, meant=OF_QUAYWISE), Order)
    other = heard("approve S-2026-10 Harbour", STATEMENT, meant=OF_HARBOUR)
    assert isinstance(other, Explanation)
    assert other.log == "other_subject"
    assert isinstance(heard("approve S-2026-10 Quaywise", DISPUTE, meant=OF_QUAYWISE), Explanation)


def test_apart_a_statement_is_what_its_number_stands_for() -> None:
    assert heard("approve S-2026-10 Harbour", None, meant=OF_HARBOUR) == Order(
        BriefKind.STATEMENT, Verb.APPROVE, "u-9", NOOR
    )


@pytest.mark.parametrize(("text", "reference"), [("SEPA 4711", "SEPA 4711"), ("paid: 4712", "4712"), ("4713", "4713")])
def test_a_reference_that_was_asked_for_is_taken(text: str, reference: str) -> None:
    found = heard(text, STATEMENT, expected=Verb.PAY, addressed=False)
    assert isinstance(found, Order)
    assert (found.verb, found.words) == (Verb.PAY, reference)


@pytest.mark.parametrize("text", ["I shall look it up", "ok", "yes", "tomorrow", "4711 or 4712, which is it?"])
def test_what_is_no_reference_pays_nothing(text: str) -> None:
    assert not isinstance(heard(text, STATEMENT, expected=Verb.PAY), Order)


@pytest.mark.parametrize("text", ["Paid 3 competitors before", "Blocked. They are a competitor", "correct EUR 1.00: x"])
def test_a_reason_may_begin_like_an_order_that_has_no_place_there(text: str) -> None:
    found = heard(text, BRIEF, expected=Verb.REFUSE)
    assert isinstance(found, Order)
    assert (found.verb, found.words) == (Verb.REFUSE, text)


def test_what_is_asked_for_is_named_as_people_call_it() -> None:
    wanted = heard("paid", STATEMENT)
    assert isinstance(wanted, WordsWanted)
    assert "the payment's reference for S-2026-10 of Quaywise, such as" in wanted.here
    assert "u-1" not in wanted.here + wanted.at_once


def test_a_fault_is_told_with_how_it_is_written() -> None:
    found = heard("correct 12.50: seats", DISPUTE)
    assert isinstance(found, Explanation)
    assert "currency" in found.text
    assert "EUR 1234.50" in found.text


def test_what_the_crm_refused_is_tried_again_in_answer_or_by_its_number() -> None:
    assert heard("retry", ENTRY) == Order(BriefKind.ENTRY, Verb.RETRY, "D-123456", NOOR)
    assert heard("retry D-123456", None) == Order(BriefKind.REGISTRATION, Verb.RETRY, "D-123456", NOOR)
    unclear = heard("what is wrong with it?", ENTRY)
    assert isinstance(unclear, Explanation)
    assert 'Write "retry".' in unclear.text
    other = heard("hm", BRIEF)
    assert isinstance(other, Explanation)
    assert "retry" not in other.text


def test_what_takes_no_number_is_named_with_the_orders() -> None:
    found = heard("help", None)
    assert isinstance(found, Explanation)
    assert "\n- digest (" in found.text
    assert "write to the announcement address" in found.text
