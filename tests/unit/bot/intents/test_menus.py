"""Menus below a question: each choice means what its words say, says what it needs to, and can be typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.bootstrap.understanding import make_finer, make_reader
from bot.intents.menus import with_menus
from bot.intents.phrases import text
from bot.ports import Readable, Reader
from bot.steps.decide import decide
from bot.steps.say import Listener, say
from bot.steps.understand import for_reader
from bot.texts.catalogue import LANGUAGES, catalogue
from bot.texts.wording import Wording
from bot.vocabulary import wish
from bot.vocabulary.decisions import Decision, Offer, Outcome, Value
from bot.vocabulary.message import ThreadContext, ThreadKind
from bot.vocabulary.reply import Choices
from bot.vocabulary.requests import (
    DealFields,
    DisputeDetails,
    Finer,
    Intent,
    InvoiceFields,
    PayoutFields,
    PersonFields,
    Request,
)
from config.settings import Settings
from crm.money import Money
from crm.records import Channel, RegistrationState
from tests.builders import complete_deal, facts, program, reading, registration, request

LISTENER = Listener("en", Channel.SLACK, "Sara Lind", "Lumora")
PRODUCTS = tuple(product.name for product in program().products)
DRAFTS = (
    registration(
        number="D-1", customer="Acme GmbH", customer_domain="acme.example", products=(), state=RegistrationState.DRAFT
    ),
    registration(
        number="D-2", customer="Bolt Oy", customer_domain="bolt.example", products=(), state=RegistrationState.DRAFT
    ),
)


def offered(asked: Request, key: str, **values: Value) -> tuple[Offer, ...]:
    decision = Decision((), (Outcome(key, values, figures=True),), "asked")
    return with_menus(asked, decision, facts()).outcomes[0].offers


def meant(choice: str) -> Request:
    found = wish.read(choice)
    assert found is not None
    return found.requests[0]


def groups(asked: Request) -> tuple[Choices, ...]:
    reply = say(decide(reading(asked), facts(channel=Channel.SLACK)), LISTENER)
    assert reply is not None
    return reply.choices


def test_a_product_that_is_missing_is_chosen_alone_or_with_others() -> None:
    deal = complete_deal()
    assert isinstance(deal.fields, DealFields)
    (menu,) = groups(replace(deal, fields=replace(deal.fields, products=None)))
    assert (menu.answers, menu.prompt) == (True, "Choose a product")
    assert [choice.label for choice in menu.choices][: len(PRODUCTS)] == list(PRODUCTS)
    together = [meant(choice.wish).fields for choice in menu.choices]
    assert DealFields(products=PRODUCTS[:2]) in together
    assert len(together) <= 25


def test_beside_a_yes_and_a_no_the_products_stand_apart() -> None:
    deal = replace(complete_deal(), ask=True)
    assert isinstance(deal.fields, DealFields)
    menu, yes_or_no = groups(replace(deal, fields=replace(deal.fields, products=None)))
    assert menu.prompt == "Choose a product"
    assert [choice.label for choice in yes_or_no.choices] == ["Yes, register it", "No"]
    assert yes_or_no.answers


def test_an_answer_in_which_no_product_was_found_is_asked_again_with_the_menu() -> None:
    draft = replace(DRAFTS[0], products=())
    asked = ThreadContext("t", ThreadKind.QUESTION, ("products",), "D-1", agent_took_part=True)
    known = facts(channel=Channel.SLACK, registrations=(draft,), thread=asked)
    reply = say(decide(reading(Request(Intent.PROVIDE_FIELD, DealFields())), known), LISTENER)
    assert reply is not None
    assert [group.prompt for group in reply.choices] == ["Choose a product"]


def test_the_statement_of_an_invoice_answers_the_question_for_it() -> None:
    rows = (text("invoice.choice", number="S-2026-09", total=Money(Decimal(5), "EUR")),)
    said = Request(Intent.SUBMIT_INVOICE, InvoiceFields(invoice_number="R-7"))
    (one,) = offered(said, "invoice.which", statements=rows)
    assert one.answers
    assert one.requests[0].fields == InvoiceFields(statement_ref="S-2026-09", invoice_number="R-7")


def test_no_product_is_offered_where_another_detail_is_missing() -> None:
    deal = complete_deal()
    assert isinstance(deal.fields, DealFields)
    assert groups(replace(deal, fields=replace(deal.fields, quantity=None))) == ()


def test_the_draft_that_is_meant_takes_what_was_said() -> None:
    known = facts(channel=Channel.SLACK, registrations=DRAFTS)
    said = Request(Intent.PROVIDE_FIELD, DealFields(quantity=60))
    reply = say(decide(reading(said), known), LISTENER)
    assert reply is not None
    (menu,) = reply.choices
    assert [choice.label for choice in menu.choices] == ["D-1: Acme GmbH", "D-2: Bolt Oy"]
    chosen = meant(menu.choices[1].wish)
    assert chosen.fields == DealFields(quantity=60, customer="Bolt Oy")
    (after,) = decide(reading(chosen), known)
    assert after.deal_numbers == ("D-2",)


def test_a_draft_without_a_customer_is_told_in_words() -> None:
    lines = (text("line.draft", number="D-1", customer=""), text("line.draft_of", number="D-2", customer="Bolt Oy"))
    assert len(offered(Request(Intent.PROVIDE_FIELD, DealFields()), "provide.which", drafts=lines)) == 1


def test_people_leads_statements_and_lines_are_chosen_by_what_tells_them_apart() -> None:
    left = Request(Intent.OTHER, PersonFields("Lena"), finer=Finer.PERSON_LEFT)
    line = text("people.person", name="Lena Braun", address="lena@acme.example")
    (person,) = offered(left, "people.which", people=(line,))
    assert person.requests == (replace(left, fields=PersonFields("Lena Braun", "lena@acme.example")),)

    leads = (text("lead.line", number="L-1042", customer="Acme"),)
    (taken,) = offered(request(Intent.OTHER), "lead.which", leads=leads)
    (left_alone,) = offered(replace(request(Intent.OTHER), finer=Finer.DECLINE_LEAD), "lead.which", leads=leads)
    assert [(o.requests[0].finer, o.requests[0].said) for o in (taken, left_alone)] == [
        (Finer.ACCEPT_LEAD, "L-1042"), (Finer.DECLINE_LEAD, "L-1042"),
    ]  # fmt: skip

    rows = (text("line.statement", number="S-2026-09", parts=()), text("line.statement", number="S-2026-10", parts=()))
    months = offered(request(Intent.ASK_PAYOUT), "payout.statements", statements=rows)
    assert [o.requests[0].fields for o in months] == [
        PayoutFields(statement_ref="S-2026-09"), PayoutFields(statement_ref="S-2026-10"),
    ]  # fmt: skip
    assert not months[0].answers

    choice = text("dispute.choice", place=2, deal="Acme", amount=Money(Decimal(5), "EUR"))
    wrong = request(Intent.DISPUTE_COMMISSION)
    (held,) = offered(wrong, "dispute.which", statement="S-2026-10", lines=(choice,))
    assert (held.answers, held.requests[0].fields) == (True, DisputeDetails(statement_ref="S-2026-10", lines=(2,)))


@pytest.mark.parametrize("lines", [(), "D-1", ("D-1", 7), (text("line.draft"),), None])
def test_what_lists_nothing_offers_nothing(lines: Value) -> None:
    values = {} if lines is None else {"drafts": lines}
    assert offered(Request(Intent.PROVIDE_FIELD, DealFields()), "provide.which", **values) == ()


@pytest.fixture(scope="module")
def reader() -> Reader:
    return make_finer(make_reader(Settings(profile="demo"), program().products))


def typed(reader: Reader, language: str, words: str, *asked: str) -> list[Request]:
    kind = ThreadKind.QUESTION if asked else None
    thread = ThreadContext("t", kind, asked, "D-1042", agent_took_part=True)
    readable = Readable(words, datetime(2026, 11, 27, tzinfo=UTC), Channel.SLACK, thread=for_reader(thread))
    return list(reader.read(readable).requests)


def said(language: str, key: str, **values: Value) -> str:
    return Wording.plain(catalogue(), language, Channel.SLACK).text(key, values)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("products", [PRODUCTS[:1], PRODUCTS[:2]])
def test_a_product_can_be_typed(reader: Reader, language: str, products: tuple[str, ...]) -> None:
    (found,) = typed(reader, language, said(language, "say.products", products=products), "products")
    assert set(getattr(found.fields, "products", None) or ()) == set(products)
    assert found.intent in (Intent.PROVIDE_FIELD, Intent.REGISTER_DEAL)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("key", "finer"), [("take", Finer.ACCEPT_LEAD), ("leave", Finer.DECLINE_LEAD)])
def test_a_lead_is_taken_or_left_in_words(reader: Reader, language: str, key: str, finer: Finer) -> None:
    (found,) = typed(reader, language, said(language, f"say.{key}_lead", lead="L-104233"))
    assert found.finer is finer


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_statement_and_a_line_can_be_typed(reader: Reader, language: str) -> None:
    (found,) = typed(reader, language, said(language, "say.statement", statement="S-2026-10"))
    assert (found.intent, getattr(found.fields, "statement_ref", None)) == (Intent.ASK_PAYOUT, "S-2026-10")
    words = said(language, "say.dispute_line", place=2, statement="S-2026-10")
    (line,) = typed(reader, language, words, "dispute_line")
    assert isinstance(line.fields, DisputeDetails)
    assert line.fields.lines == (2,)
