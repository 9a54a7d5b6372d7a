"""Labels are written one request a line, and held to the guide with words that say what would be right."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.evaluation.cases import Wanted
from bot.evaluation.label_form import FormError, line_of, request_in, requests_in
from bot.evaluation.labelling import FIELDS, answer_due, faults_of
from bot.vocabulary.requests import Intent

AT = datetime(2026, 11, 26, tzinfo=UTC)
SAID = "Please register Acme Foods for us, 45k EUR, signing in January. Ida Holm, ida@acme.example"


def faults(*lines: str, said: str = SAID, products: tuple[str, ...] = ("Lumora Core", "Lumora Insights")) -> list[str]:
    return list(faults_of(requests_in(lines), said, AT, products))


def test_a_value_reaches_to_the_next_field() -> None:
    assert request_in("register_deal customer=Acme Foods amount=45000") == Wanted(
        "register_deal", {"customer": "Acme Foods", "amount": "45000"}
    )


@pytest.mark.parametrize("line", ['x customer="Acme Foods"', "x customer=“Acme Foods”", "x customer='Acme Foods'"])
def test_quotation_marks_around_a_value_are_taken_off(line: str) -> None:
    assert request_in(line).fields == {"customer": "Acme Foods"}


def test_an_apostrophe_inside_a_name_is_part_of_it() -> None:
    assert request_in("x customer=L'Oréal d'Or").fields == {"customer": "L'Oréal d'Or"}


def test_a_request_without_fields_is_its_intent() -> None:
    assert request_in("  ASK_TIER ") == Wanted("ask_tier", {})


@pytest.mark.parametrize("line", ["register_deal Acme Foods", "register_deal Acme amount=5", "a b c"])
def test_words_that_belong_to_no_field_are_refused_with_an_example(line: str) -> None:
    with pytest.raises(FormError, match="NAME=VALUE"):
        request_in(line)


def test_a_field_given_twice_is_refused() -> None:
    with pytest.raises(FormError, match="twice"):
        request_in("update_deal stage=won stage=lost")


def test_what_is_written_is_read_again() -> None:
    fields = {"customer": "Acme\nFoods", "amount": "45000", "product": "Lumora Core; Lumora Insights"}
    assert request_in(line_of("register_deal", fields)).fields == fields | {"customer": "Acme Foods"}


def test_every_intent_of_the_product_has_its_fields() -> None:
    assert set(FIELDS) == {intent.value for intent in Intent}
    assert "product" in FIELDS["register_deal"]
    assert "deal_ref" in FIELDS["provide_field"]


def test_right_labels_have_no_fault() -> None:
    assert faults(
        "register_deal customer=acme foods customer_domain=acme.example contact_name=Ida Holm"
        " contact_email=ida@acme.example amount=45000 currency=EUR amount_basis=annual close_date=2027-01-31"
        " product=Lumora Core; Lumora Insights quantity=60 term_months=36",
        "ask_payout period=2026-Q3 statement_ref=S-2026-10",
        "update_deal deal_ref=D-1042 stage=on_hold",
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("regster_deal", "did you mean register_deal?"),
        ("register_deal custmer=Acme Foods", "did you mean customer?"),
        ("ask_tier customer=Acme Foods", "its fields: none"),
        ("register_deal customer=Acme Fodds", "as the message does"),
        ("register_deal customer=", "leave out"),
        ("register_deal amount=45k", "such as 45000"),
        ("register_deal amount=45,000", "such as 45000"),
        ("register_deal currency=eur", "such as EUR"),
        ("register_deal amount_basis=yearly", "total, annual, monthly, per_seat_month"),
        ("register_deal quantity=a dozen", "such as 60"),
        ("register_deal close_date=31.01.2027", "2027-01-31"),
        ("register_deal close_date=2207-01-31", "odd"),
        ("register_deal product=Lumora Cor", "did you mean Lumora Core?"),
        ("register_deal customer_domain=www.Acme.example", "without www."),
        ("update_deal stage=closed", "won"),
        ("update_deal deal_ref=1042", "D-1042"),
        ("ask_payout period=Q3 2026", "2026-Q3"),
        ("ask_payout period=2026-13", "2026-Q3"),
        ("answer_announcement answer=sure", "yes, no, maybe"),
    ],
)
def test_a_fault_says_what_would_be_right(line: str, said: str) -> None:
    assert said in " ".join(faults(line))


def test_what_stands_alone_does() -> None:
    assert "thanks stands alone" in faults("thanks", "ask_tier")[0]


def test_no_request_at_all_is_a_fault() -> None:
    assert "no request" in faults()[0]


def test_all_faults_are_told_at_once() -> None:
    assert len(faults("register_deal amount=45k currency=eur", "ask_teir")) == 3


def test_without_a_catalogue_any_product_will_do() -> None:
    assert list(faults_of([Wanted("ask_commission", {"product": "Anything"})], "", AT)) == []


def test_hostile_values_are_faults_and_nothing_else() -> None:
    for value in ("=" * 500, "\0", "9" * 10_000, "\u202e", "a" * 100_000):
        assert faults(f"register_deal amount={value}x")


def test_an_answer_is_due_unless_nothing_is_wanted() -> None:
    assert answer_due({"ask_tier"}, addressed=False)
    assert not answer_due({"thanks"}, addressed=True)
    assert not answer_due({"auto_reply"}, addressed=True)
    assert answer_due({"other"}, addressed=True)
    assert not answer_due({"other"}, addressed=False)
    assert not answer_due({"other"}, addressed=True, otherwise=False)  # spam
