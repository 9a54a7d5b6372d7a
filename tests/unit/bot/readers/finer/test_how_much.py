"""What one deal brings, and when: one question, about that deal, in whatever words and under whatever subject."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from benchmarks.reader.catalogue import CATALOGUE
from bot.ports import Readable, Reader
from bot.readers.builtin.reader import BuiltinReader
from bot.readers.finer.reader import FinerReader
from bot.vocabulary.requests import Finer, Intent

RECEIVED = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return FinerReader(BuiltinReader(CATALOGUE))


@pytest.mark.parametrize("subject", ["", "Provision"])
@pytest.mark.parametrize(
    "said",
    [
        "Hello, what will we get for Globex, and when?",
        "Guten Tag, was bekommen wir für Globex und wann?",
        "Combien allons-nous toucher pour Globex, et quand ?",
        "Hoeveel krijgen we voor Globex en wanneer?",
        "¿Cuánto vamos a cobrar por Globex y cuándo?",
        "¿Cuánto y cuándo cobramos por Globex?",
        "Buenos días: ¿qué vamos a recibir por la Globex, y cuándo?",
        "¿Cuándo cobraremos por Globex y cuánto?",
        "¿Cuánto nos van a pagar por Globex y en qué fecha?",
        "What are we paid for Globex, and when?",
        "When do we get paid for Globex, and how much?",
        "Wie viel wird uns für Globex ausgezahlt, und wann?",
        "Combien sera versé pour Globex et quand ?",
        "Hoeveel wordt er voor Globex uitbetaald en wanneer?",
    ],
)
def test_what_and_when_is_one_question(reader: Reader, said: str, subject: str) -> None:
    found = reader.read(Readable(said, RECEIVED, subject=subject)).requests
    assert [(r.intent, getattr(r.fields, "customer", None)) for r in found] == [(Intent.ASK_COMMISSION, "Globex")]


@pytest.mark.parametrize("subject", ["", "Pagos"])
@pytest.mark.parametrize(
    "said",
    [
        "¿Cuánto vamos a cobrar por trimestre y cuándo?",
        "¿Cuánto cobraremos en octubre?",
        "¿Cuándo cobramos por transferencia y cuánto?",
        "¿Cuánto vamos a cobrar por Lumora Core?",
    ],
)
def test_what_is_no_customer_is_none_after_por(reader: Reader, said: str, subject: str) -> None:
    found = reader.read(Readable(said, RECEIVED, subject=subject)).requests
    assert not any(getattr(r.fields, "customer", None) for r in found)


def test_a_sentence_of_its_own_about_payment_is_answered_too(reader: Reader) -> None:
    said = "Was bekommen wir für Zeitwerk Verlag? Und wann werden wir bezahlt?"
    found = reader.read(Readable(said, RECEIVED)).requests
    assert [r.intent for r in found] == [Intent.ASK_COMMISSION, Intent.ASK_PAYOUT]


def test_why_keeps_the_customer_that_any_reading_of_it_names(reader: Reader) -> None:
    (found,) = reader.read(Readable("Warum so wenig für Tauber Logistik?", RECEIVED, subject="Provision")).requests
    assert found.finer is Finer.WHY_COMMISSION
    assert getattr(found.fields, "customer", None) == "Tauber Logistik"


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        ("When do we get paid?", "Commission"),
        ("Wann werden wir bezahlt?", "Provision"),
        ("Quand serons-nous payés ?", "Commission"),
        ("Wanneer krijgen we betaald?", "Commissie"),
        ("¿Cuándo nos pagan?", "Comisión"),
    ],
)
def test_when_the_money_comes_is_about_payouts_whatever_the_subject(reader: Reader, said: str, subject: str) -> None:
    found = reader.read(Readable(said, RECEIVED, subject=subject)).requests
    assert [r.intent for r in found] == [Intent.ASK_PAYOUT]


@pytest.mark.parametrize(
    "said",
    [
        "Could you send us our plan?",
        "Können Sie uns unseren Plan schicken?",
        "Pouvez-vous nous envoyer notre plan ?",
        "Kunt u ons plan sturen?",
        "¿Pueden enviarnos nuestro plan?",
    ],
)
@pytest.mark.parametrize("subject", ["", "Commission"])
def test_the_own_plan_is_sent(reader: Reader, said: str, subject: str) -> None:
    found = reader.read(Readable(said, RECEIVED, subject=subject)).requests
    assert [r.finer for r in found] == [Finer.SEND_PLAN]


def test_a_plan_that_the_partner_sends_to_a_customer_is_not_asked_for(reader: Reader) -> None:
    found = reader.read(Readable("We will send our plan to Globex next week.", RECEIVED)).requests
    assert all(r.finer is not Finer.SEND_PLAN for r in found)


@pytest.mark.parametrize(
    "said",
    [
        "What became of our dispute about Shannon Optics?",
        "Was ist aus unserem Einwand zu Globex geworden?",
        "Qu'en est-il de notre contestation pour Globex ?",
        "Hoe staat het met ons bezwaar over Globex?",
        "¿Cómo va nuestra reclamación por Globex?",
    ],
)
def test_what_became_of_a_dispute_is_not_the_state_of_the_deal(reader: Reader, said: str) -> None:
    found = reader.read(Readable(said, RECEIVED, subject="Commission")).requests
    assert [r.finer for r in found] == [Finer.DISPUTE_STATUS]
