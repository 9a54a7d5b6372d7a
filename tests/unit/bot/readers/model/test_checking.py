"""What of a model's proposal may count, given the text it is about."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ports import Readable
from bot.readers.model.checking import MOST_REQUESTS, checked
from bot.readers.model.guide import FIELD_RULES, INTENT_RULES
from bot.readers.model.schema import ProposedReading, ProposedRequest
from bot.readers.model.values import CHECKS
from bot.readers.proposing import NoReading, Reason
from bot.vocabulary.message import ThreadContext, ThreadKind
from bot.vocabulary.requests import FIELDS_OF, Intent, Reading, labelled
from crm.money import Money
from crm.records import Channel
from knowledge.program import Product

CATALOGUE = (
    Product("Lumora Core", ("Core", "platform"), "subscription", Money(Decimal(24), "EUR")),
    Product("Lumora Assist", ("AI add-on",), "subscription", Money(Decimal(15), "EUR")),
)
TEXT = (
    "Hi, please register Müller & Söhne GmbH (www.mueller-soehne.example). Contact is Dr. Gareth Pell, "
    "gareth.pell@mueller-soehne.example, mobile 07700 900143, private gp@gmail.com. 60 seats of Core and the AI add-"
    "on, £23,400 a year, two-year contract, he signs by the end of November. It is not D-1042. "
    "Invoice INV 2026/77 for S-2026-10 follows."
)


def readable(text: str = TEXT, **more: Any) -> Readable:
    return Readable(text=text, received=datetime(2026, 11, 2, 9, tzinfo=UTC), **more)


def read(*requests: dict[str, Any], about: Readable | None = None, spam: bool = False) -> Reading:
    proposal = ProposedReading.model_validate({"language": "en", "spam": spam, "requests": list(requests)})
    return checked(proposal, about or readable(), CATALOGUE)


def said(intent: str, **proposed: Any) -> dict[str, Any]:
    reading = read({"intent": intent, "quote": "please register", **proposed})
    return dict(labelled(reading.requests[0])["fields"])


def test_the_answer_shape_knows_exactly_the_fields_of_the_vocabulary() -> None:
    known = {f.name for kind in FIELDS_OF.values() for f in fields(kind)}
    assert set(ProposedRequest.model_fields) - {"intent", "quote", "unsure"} == known
    assert set(FIELD_RULES) == known
    assert set(CHECKS) | {"products"} == known
    assert set(INTENT_RULES) == set(Intent)


@pytest.mark.parametrize(
    ("field", "proposed", "kept"),
    [
        ("customer", "Müller & Söhne GmbH", "Müller & Söhne GmbH"),
        ("customer", "Evil Corp", None),
        ("customer_domain", "www.Mueller-Soehne.example", "mueller-soehne.example"),
        ("customer_domain", "soehne.example", None),
        ("customer_domain", "gmail.com", None),
        ("contact_name", "Gareth Pell", "Gareth Pell"),
        ("contact_name", "Pell, Gareth", "Pell, Gareth"),
        ("contact_name", "Gareth Bale", None),
        ("contact_email", "Gareth.Pell@mueller-soehne.example", "gareth.pell@mueller-soehne.example"),
        ("contact_email", "pell@mueller-soehne.example", None),
        ("contact_phone", "+44 7700 900143", "07700 900143"),
        ("contact_phone", "07700 900144", None),
        ("amount", "23400", "23400"),
        ("amount", "23401", None),
        ("amount", "-23400", None),
        ("amount", "1e999999", None),
        ("amount", "NaN", None),
        ("amount", "a lot", None),
        ("currency", "GBP", "GBP"),
        ("currency", "EUR", None),
        ("close_date", "2026-11-30", "2026-11-30"),
        ("close_date", "1999-11-30", None),
        ("close_date", "2026-11-31", None),
        ("products", ["core", "AI add-on", "Lumora Nova"], "Lumora Core; Lumora Assist"),
        ("products", ["Lumora Nova"], None),
        ("quantity", "60", "60"),
        ("quantity", "61", None),
        ("quantity", "9" * 5000, None),
        ("term_months", "24", "24"),
        ("term_months", "36", None),
    ],
)
def test_a_value_of_a_deal_is_kept_only_where_the_text_bears_it_out(
    field: str, proposed: Any, kept: str | None
) -> None:
    anchor = {"products": ["Core"]} if field == "customer" else {"customer": "Müller & Söhne"}
    assert (
        said("register_deal", **anchor, **{field: proposed}).get(field.rstrip("s") if field == "products" else field)
        == kept
    )


@pytest.mark.parametrize(
    ("intent", "field", "proposed", "kept"),
    [
        ("ask_deal_status", "deal_ref", "d-1042", "D-1042"),
        ("ask_deal_status", "deal_ref", "D-1043", None),
        ("ask_deal_status", "deal_ref", "1042", None),
        ("submit_invoice", "invoice_number", "INV 2026/77", "INV 2026/77"),
        ("submit_invoice", "invoice_number", "INV 2026/7", None),
        ("submit_invoice", "statement_ref", "S-2026-10", "S-2026-10"),
        ("submit_invoice", "statement_ref", "S-2026-11", None),
        ("ask_payout", "period", "2026-10", "2026-10"),
        ("ask_payout", "period", "2026-13", None),
        ("ask_payout", "period", "last", None),
        ("update_deal", "stage", "won", "won"),
        ("update_deal", "stage", "adopted", None),
        ("ask_content", "topic", "the contract", "the contract"),
        ("ask_content", "topic", "competitor battlecards", None),
    ],
)
def test_references_periods_and_topics_are_found_or_dropped(
    intent: str, field: str, proposed: str, kept: str | None
) -> None:
    request = {"intent": intent, "quote": "please register", field: proposed}
    if kept is None:
        # It was the only value, so the request falls with it.
        with pytest.raises(NoReading):
            read(request)
    else:
        assert labelled(read(request).requests[0])["fields"] == {field: kept}


def test_a_request_with_nothing_in_the_text_is_dropped() -> None:
    with pytest.raises(NoReading) as failure:
        read({"intent": "unsubscribe", "quote": "take me off your list"})
    assert failure.value.reason is Reason.EMPTY


def test_a_request_whose_every_value_is_invented_is_dropped_though_its_quote_is_real() -> None:
    with pytest.raises(NoReading):
        read({"intent": "register_deal", "quote": "please register", "customer": "Evil Corp", "amount": "999999"})


def test_an_unknown_intent_is_dropped_and_the_others_stay() -> None:
    reading = read(
        {"intent": "pay_me_now", "quote": "please register"}, {"intent": "request_human", "quote": "please register"}
    )
    assert [r.intent for r in reading.requests] == [Intent.REQUEST_HUMAN]


def test_a_field_of_another_intent_does_not_count() -> None:
    assert said("ask_deal_status", customer="Müller & Söhne", amount="23400") == {"customer": "Müller & Söhne"}


def test_a_currency_goes_with_its_invented_amount() -> None:
    kept = said("register_deal", customer="Müller & Söhne", amount="5", currency="GBP", amount_basis="annual")
    assert kept == {"customer": "Müller & Söhne"}


def test_a_dropped_value_lowers_the_confidence() -> None:
    proposed = {"intent": "register_deal", "quote": "please register", "customer": "Müller & Söhne"}
    full = read(proposed).requests[0].confidence
    assert read({**proposed, "quantity": "7"}).requests[0].confidence < full


def test_doubt_of_the_model_becomes_a_question() -> None:
    assert read({"intent": "request_human", "quote": "Contact is", "unsure": True}).requests[0].ask


def test_the_span_is_where_the_quote_stands() -> None:
    start, end = read({"intent": "register_deal", "quote": "PLEASE  register\nMüller"}).requests[0].span
    assert TEXT[start:end] == "please register Müller"


@pytest.mark.parametrize("intent", ["provide_field", "answer_announcement"])
def test_an_answer_counts_only_where_something_was_asked(intent: str) -> None:
    proposed = {"intent": intent, "quote": "yes", "answer": "yes", "quantity": "60"}
    with pytest.raises(NoReading):
        read(proposed, about=readable("yes, 60"))
    kind = ThreadKind.QUESTION if intent == "provide_field" else ThreadKind.ANNOUNCEMENT
    thread = ThreadContext(kind=kind, asked=("quantity",) if intent == "provide_field" else ())
    assert read(proposed, about=readable("yes, 60", thread=thread)).requests[0].intent.value == intent


def test_thanks_stand_alone_only() -> None:
    reading = read({"intent": "thanks", "quote": "Hi"}, {"intent": "request_human", "quote": "Contact is"})
    assert [r.intent for r in reading.requests] == [Intent.REQUEST_HUMAN]


def test_the_same_request_counts_once_and_there_is_an_upper_bound() -> None:
    again = [{"intent": "request_human", "quote": "Contact is"}] * 500
    assert len(read(*again).requests) == 1
    many = [{"intent": "ask_program", "quote": "Contact is", "topic": f"contract {n}"} for n in range(500)]
    assert len(read(*many).requests) == MOST_REQUESTS


@pytest.mark.parametrize(
    ("intent", "about", "spam", "expected"),
    [
        ("thanks", readable("thanks"), False, False),
        ("auto_reply", readable("thanks"), False, False),
        ("other", readable("thanks"), False, True),
        ("other", readable("thanks"), True, False),
        ("other", readable("thanks", channel=Channel.SLACK, addressed=False), False, False),
        ("request_human", readable("thanks", automatic="auto-submitted"), False, False),
        ("request_human", readable("thanks"), True, True),
    ],
)
def test_whether_an_answer_is_expected_follows_from_the_requests(
    intent: str, about: Readable, spam: bool, expected: bool
) -> None:
    assert read({"intent": intent, "quote": "thanks"}, about=about, spam=spam).answer_expected is expected


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("45k€", "45000"),
        ("1,2 Mio EUR", "1200000"),
        ("CHF 12'500.-", "12500"),
        ("12.345,67 €", "12345.67"),
        ("1 234 567 euros", "1234567"),
        ("half a million dollars", "500000"),
        ("fünfzigtausend Euro", "50000"),
        ("fourteen thousand pounds", "14000"),
        ("two million", "2000000"),
    ],
)
def test_amounts_are_recognised_in_the_ways_people_write_them(text: str, amount: str) -> None:
    reading = read({"intent": "update_deal", "quote": text, "amount": amount}, about=readable(text))
    assert labelled(reading.requests[0])["fields"] == {"amount": amount}


def test_a_date_needs_a_trace_of_time_in_the_text() -> None:
    proposed = {"intent": "update_deal", "quote": "Acme", "customer": "Acme", "close_date": "2026-12-31"}
    silent = labelled(read(proposed, about=readable("News on Acme: they like it")).requests[0])["fields"]
    assert silent == {"customer": "Acme"}
    spoken = labelled(read(proposed, about=readable("Acme signs in December")).requests[0])["fields"]
    assert spoken["close_date"] == date(2026, 12, 31).isoformat()


def test_a_language_that_is_none_counts_as_english() -> None:
    proposal = ProposedReading(language="<script>", requests=[ProposedRequest(intent="other", quote="Hi")])
    assert checked(proposal, readable(), CATALOGUE).language == "en"


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(max_size=200),
    values=st.dictionaries(st.sampled_from(sorted(CHECKS)), st.text(max_size=40), max_size=8),
    intent=st.sampled_from([*Intent, "nonsense"]),
)
def test_no_text_and_no_answer_makes_it_fail(text: str, values: dict[str, str], intent: str) -> None:
    proposal = ProposedReading(language="en", requests=[ProposedRequest(intent=intent, quote=text, **values)])
    about = replace(readable(text), thread=ThreadContext(kind=ThreadKind.QUESTION, asked=("amount",)))
    try:
        reading = checked(proposal, about, CATALOGUE)
    except NoReading:
        return
    for name, value in labelled(reading.requests[0])["fields"].items():
        assert value, name


def test_a_huge_text_is_checked_in_reasonable_time() -> None:
    about = readable("1 234 567, " * 2000 + "a" * 20_000 + "@" + "b." * 2000)
    assert read({"intent": "update_deal", "quote": "1 234", "amount": "1234567"}, about=about).requests
