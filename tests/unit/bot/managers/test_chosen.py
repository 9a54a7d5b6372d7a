"""What is chosen in a form is the order that would have been typed, and lacks what that would lack."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.managers.acts import Deed, Deeds, Order
from bot.managers.chosen import VERBS, chosen, lacking, of_form
from bot.managers.orders import Explanation, Meant, WordsWanted
from bot.managers.verbs import Verb
from bot.vocabulary.briefs import Act, BriefKind
from bot.vocabulary.results import Done
from crm.money import Money

STATEMENT = Meant(BriefKind.STATEMENT, "s-1", "S-2026-10 of Quaywise")


async def perform(order: Order) -> Done:
    return Done(str(order))


DEEDS: Deeds = {
    (BriefKind.STATEMENT, Verb.APPROVE): Deed(perform),
    (BriefKind.STATEMENT, Verb.REFUSE): Deed(perform, "the reason"),
    (BriefKind.STATEMENT, Verb.PAY): Deed(perform, "the payment's reference", '"SEPA 4711"'),
    (BriefKind.DISPUTE, Verb.CORRECT): Deed(perform, "the right sum and the reason", '"EUR 1234.50: reason"'),
}


def test_every_act_orders_something() -> None:
    assert set(VERBS) == set(Act)


def test_words_are_the_reason_as_they_are_written() -> None:
    order = of_form(Act.DECLINE, "approve it? No:\n the VAT ID is missing", STATEMENT, "noor@x.example", DEEDS)
    assert order == Order(
        BriefKind.STATEMENT, Verb.REFUSE, "s-1", "noor@x.example", "approve it? No: the VAT ID is missing"
    )


def test_what_takes_no_words_drops_them() -> None:
    order = of_form(Act.APPROVE, "but ask for the price first", STATEMENT, "noor@x.example", DEEDS)
    assert order == Order(BriefKind.STATEMENT, Verb.APPROVE, "s-1", "noor@x.example")


def test_a_payment_has_its_reference_and_day_and_a_correction_its_sum() -> None:
    paid = of_form(Act.PAY, "SEPA 4711 on 2026-11-30", STATEMENT, "", DEEDS)
    assert isinstance(paid, Order)
    assert (paid.words, paid.on) == ("SEPA 4711", date(2026, 11, 30))
    corrected = of_form(Act.CORRECT, "EUR 1234.50: seats", Meant(BriefKind.DISPUTE, "d-1", "it"), "", DEEDS)
    assert isinstance(corrected, Order)
    assert (corrected.amount, corrected.words) == (Money(Decimal("1234.50"), "EUR"), "seats")


@pytest.mark.parametrize(
    ("kind", "act", "words", "said"),
    [
        (BriefKind.STATEMENT, Act.DECLINE, "", "Write the reason."),
        (BriefKind.STATEMENT, Act.DECLINE, " \n ", "Write the reason."),
        (BriefKind.STATEMENT, Act.PAY, "", 'Write the payment\'s reference, such as "SEPA 4711".'),
        (BriefKind.DISPUTE, Act.CORRECT, "", "Write the right sum and the reason"),
        (BriefKind.DISPUTE, Act.CORRECT, "a bit more", ""),
        (BriefKind.STATEMENT, Act.DECLINE, "x" * 1_001, "too many"),
        (BriefKind.STATEMENT, Act.UPHOLD, "x", "cannot be done"),
    ],
)
def test_what_is_lacking_is_said(kind: BriefKind, act: Act, words: str, said: str) -> None:
    found = lacking(kind, act, words, DEEDS)
    assert found
    assert said in found


@given(st.sampled_from(BriefKind), st.sampled_from(Act), st.text(max_size=1_200))
def test_what_lacks_nothing_is_an_order(kind: BriefKind, act: Act, words: str) -> None:
    found = of_form(act, words, Meant(kind, "s-1", "it"), "noor@x.example", DEEDS)
    if lacking(kind, act, words, DEEDS):
        assert isinstance(found, WordsWanted | Explanation)
    else:
        assert isinstance(found, Order)
        assert found.verb is VERBS[act]


def test_words_that_are_an_order_of_another_kind_are_words() -> None:
    assert chosen(Act.ASK, "approve D-123456").words == "approve D-123456"
