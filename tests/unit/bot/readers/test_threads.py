"""Short messages: answers to the agent's questions, plain wishes, and words that mean nothing, in five languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from benchmarks.reader.catalogue import CATALOGUE
from bot.ports import Readable, Reader
from bot.readers.builtin.reader import BuiltinReader
from bot.vocabulary.message import ThreadContext, ThreadKind
from bot.vocabulary.requests import ACTING, DealFields, Intent, Reading

RECEIVED = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return BuiltinReader(CATALOGUE)


def mail(text: str, **more: Any) -> Readable:
    return replace(Readable(text, RECEIVED), **more)


def wanted(reading: Reading) -> list[Intent]:
    return [request.intent for request in reading.requests]


def given(reader: Reader, asked: str, text: str) -> DealFields:
    thread = ThreadContext(kind=ThreadKind.QUESTION, asked=(asked,))
    reading = reader.read(mail(text, thread=thread))
    assert wanted(reading) == [Intent.PROVIDE_FIELD]
    fields = reading.requests[0].fields
    assert isinstance(fields, DealFields)
    return fields


@pytest.mark.parametrize(
    "text", ["EUR", "It's in euros", "in Euro", "En euros.", "in euro's", "Euros, por favor", "Das ist in Euro"]
)
def test_a_currency_alone_answers_the_question_for_it(reader: Reader, text: str) -> None:
    assert given(reader, "currency", text).currency == "EUR"


@pytest.mark.parametrize("text", ["45k", "45.000", "rund 45.000", "environ 45k", "ongeveer 45.000", "unos 45.000"])
def test_a_sum_alone_answers_the_question_for_it(reader: Reader, text: str) -> None:
    assert given(reader, "amount", text).amount == Decimal(45000)


@pytest.mark.parametrize("text", ["end of March", "Ende März", "fin mars", "eind maart", "a finales de marzo"])
def test_a_day_alone_answers_the_question_for_it(reader: Reader, text: str) -> None:
    assert given(reader, "close_date", text).close_date == date(2027, 3, 31)


@pytest.mark.parametrize("text", ["Core", "nur Core", "Core, c'est tout", "alleen Core", "solo Core"])
def test_a_product_alone_answers_the_question_for_it(reader: Reader, text: str) -> None:
    assert given(reader, "product", text).products == ("Lumora Core",)


@pytest.mark.parametrize(
    "text",
    [
        "it's Anna Meyer, anna@meyer-optik.example",
        "das ist Anna Meyer, anna@meyer-optik.example",
        "c'est Anna Meyer, anna@meyer-optik.example",
        "dat is Anna Meyer, anna@meyer-optik.example",
        "es Anna Meyer, anna@meyer-optik.example",
        "Anna Meyer\nanna@meyer-optik.example",
    ],
)
def test_a_contact_alone_answers_the_question_for_it(reader: Reader, text: str) -> None:
    fields = given(reader, "contact_name", text)
    assert (fields.contact_name, fields.contact_email) == ("Anna Meyer", "anna@meyer-optik.example")


@pytest.mark.parametrize(
    "text",
    [
        "Where does it stand?",
        "how long does it take?",
        "Wie lange dauert das?",
        "Ça prend combien de temps ?",
        "Hoe lang duurt dat?",
        "¿Cuánto tarda?",
    ],
)
def test_a_question_back_is_no_answer(reader: Reader, text: str) -> None:
    thread = ThreadContext(kind=ThreadKind.QUESTION, asked=("amount",))
    said = wanted(reader.read(mail(text, thread=thread)))
    assert said
    assert Intent.PROVIDE_FIELD not in said


@pytest.mark.parametrize(
    "text",
    [
        "unsubscribe",
        "please unsubscribe me",
        "abmelden",
        "Bitte melden Sie mich ab",
        "Désabonnez-moi svp",
        "Graag uitschrijven",
        "darme de baja por favor",
    ],
)
def test_a_plain_wish_for_no_more_mail_needs_no_question(reader: Reader, text: str) -> None:
    [request] = reader.read(mail(text)).requests
    assert request.intent is Intent.UNSUBSCRIBE
    assert request.confidence >= 0.9
    assert not request.ask


@pytest.mark.parametrize(
    "text",
    [
        "No idea, sorry",
        "I don't know.",
        "Keine Ahnung",
        "Das weiß ich leider nicht",
        "Aucune idée, désolé",
        "Je ne sais pas",
        "Geen idee",
        "Dat weet ik niet",
        "Ni idea, lo siento",
        "No lo sé",
    ],
)
def test_who_does_not_know_a_name_gives_none(reader: Reader, text: str) -> None:
    asked = ("contact_name", "contact_email", "contact_phone")
    thread = ThreadContext(kind=ThreadKind.QUESTION, asked=asked)
    found = reader.read(mail(text, thread=thread))
    assert not any(getattr(request.fields, "contact_name", None) for request in found.requests)


@pytest.mark.parametrize("text", ["word word word", "lorem ipsum dolor", "Quentin Abelard", "blue seven window"])
def test_words_that_mean_nothing_change_nothing(reader: Reader, text: str) -> None:
    for request in reader.read(mail(text)).requests:
        assert request.intent not in ACTING or request.ask


def test_requests_come_in_the_order_of_the_message_and_know_their_place(reader: Reader) -> None:
    text = (
        "Where does the deal with Norwick Dairy stand?\n\n"
        "Please register Halden Optics for us, 20 seats Core.\n\n"
        "And when is our statement S-2026-10 paid?"
    )
    requests = reader.read(mail(text)).requests
    assert [r.intent for r in requests] == [Intent.ASK_DEAL_STATUS, Intent.REGISTER_DEAL, Intent.ASK_PAYOUT]
    for request, begins in zip(requests, ("Where", "Please", "And"), strict=True):
        assert text[slice(*request.span)].startswith(begins)


def test_a_person_beside_a_company_is_its_contact(reader: Reader) -> None:
    text = (
        "Please register Norwick Dairy, 40 seats Core.\n"
        "Also Pine & Tar Outfitters, Buck Tillery is our man there, 12 Assist seats."
    )
    deals = [r.fields for r in reader.read(mail(text)).requests if isinstance(r.fields, DealFields)]
    assert [d.customer for d in deals] == ["Norwick Dairy", "Pine & Tar Outfitters"]
    assert deals[1].quantity == 12
    assert deals[1].products == ("Lumora Assist",)


@pytest.mark.parametrize(
    "text",
    [
        "can you protect Harrow Mills for us? 40 seats at 24 EUR a month each, signing in March",
        "Könnt ihr uns Brauerei Stenzel sichern? 40 Plätze, 960 Euro im Monat, Unterschrift im März",
        "Pouvez-vous nous réserver Cartonnages Vidal ? 40 postes, 960 € par mois, signature en mars",
        "Kunnen jullie Drukkerij Bos voor ons vastleggen? 40 plekken, 960 euro per maand, tekenen in maart",
        "¿Podéis registrarnos Muebles Arce? 40 puestos, 960 € al mes, firma en marzo",
    ],
)
def test_a_wish_put_as_a_question_is_a_registration(reader: Reader, text: str) -> None:
    assert Intent.REGISTER_DEAL in wanted(reader.read(mail(text)))


@pytest.mark.parametrize(
    "text",
    [
        "Can you tell me how to register a deal?",
        "Can you please not register Harrow Mills yet? 40 seats, March, they still think about it.",
        "Könnt ihr Brauerei Stenzel bitte noch nicht registrieren? 40 Plätze, Unterschrift im März ist offen.",
    ],
)
def test_a_question_or_a_wish_to_wait_registers_nothing_unasked(reader: Reader, text: str) -> None:
    sure = [r for r in reader.read(mail(text)).requests if r.intent is Intent.REGISTER_DEAL and not r.ask]
    assert sure == []


@pytest.mark.parametrize(
    "text", ["Sorry, 25 seats.", "Nein, es sind 25 Plätze.", "Nee sorry, 25 medewerkers.", "Non, 25 utilisateurs."]
)
def test_seats_are_not_taken_for_the_value_that_was_asked_for(reader: Reader, text: str) -> None:
    thread = ThreadContext(kind=ThreadKind.QUESTION, asked=("amount", "currency", "close_date"))
    fields = reader.read(mail(text, thread=thread)).requests[0].fields
    assert isinstance(fields, DealFields)
    assert (fields.quantity, fields.amount) == (25, None)
