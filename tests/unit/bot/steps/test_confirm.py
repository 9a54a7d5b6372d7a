"""What the answer to a question of ours says: yes, no, neither for sure, or nothing a person wrote."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.steps.confirm import Consent, asked_again, consent, question, thanks_for_no, too_late, used_already
from bot.steps.say import Listener, heading, say
from bot.texts.catalogue import LANGUAGES
from bot.vocabulary.requests import Intent
from crm.records import Channel
from tests.builders import reading, request

NOTHING = reading()


@pytest.mark.parametrize(
    "text",
    [
        "Yes", "yes, please", "Hello team,\nyes that was me\nAnn", "OK", "Confirmed.", "It was me", "I confirm",
        "Ja", "Ja, das war ich.", "Guten Tag, ja", "Bestätigt", "Die Nachricht kommt von mir",
        "Oui", "Oui, c'est bien moi", "Bonjour,\noui", "Je confirme",
        "Ja hoor, klopt", "Dat was ik", "Ik bevestig dit",
        "Sí", "Si, fui yo", "Sí, lo escribí yo", "Confirmo",
        "Please go ahead", "Stimmt so", "C'est bien moi", "Akkoord", "Adelante", "Si, lo escribí yo",
        "Yes. And could you also tell me when the statement comes?",
    ],
)  # fmt: skip
def test_yes_in_any_form(text: str) -> None:
    assert consent(text, NOTHING) is Consent.YES


@pytest.mark.parametrize(
    "text",
    [
        "No", "No.", "Nope", "Hello,\nno.", "That wasn't me", "That was not me!", "I did not write this.",
        "I haven't sent anything", "we never sent that, looks like phishing", "I did not\nwrite that",
        "Nein", "Nein, das war ich nicht", "Die ist nicht von mir", "Ich habe Ihnen keine Mail geschickt",
        "Non", "Non, ce n'est pas moi", "Je n'ai rien envoyé", "Ce n’est pas moi",
        "Nee", "Nee, dat was ik niet", "Ik heb dit niet gestuurd",
        "No, no fui yo", "No lo he escrito", "Yo no escribí este mensaje", "Es una estafa",
    ],
)  # fmt: skip
def test_no_in_any_form(text: str) -> None:
    assert consent(text, NOTHING) is Consent.NO


@pytest.mark.parametrize(
    "text",
    [
        "No problem, it was me", "Yes, but I did not write the second part", "I confirm I did not write it",
        "What is this?", "who are you", "I don't know", "I cannot confirm this", "please stop", "Ich weiß nicht",
        "Was soll das", "Je ne sais pas", "Qui êtes-vous", "Wat is dit", "No sé qué es", "Geen idee",
        "Thank you for contacting Acme support. Your ticket 4711 was opened and an agent will answer within two days.",
    ],
)  # fmt: skip
def test_what_is_neither_is_no_consent(text: str) -> None:
    assert consent(text, NOTHING) in (Consent.UNCLEAR, Consent.NO)


@pytest.mark.parametrize(
    "text",
    [
        "", "Thanks!", "hmm", "FYI", "Forwarded to IT security", "Please check this, Bob", "forged", "hoax", "scam",
        "Thank you for your message.", "We have received your email.", "Ticket #4711 created", "I confirm receipt",
        "OK, your message was received", "Confirmed: ticket 4711 was opened", "I am on holiday until Monday",
        "Ihre Nachricht ist bei uns eingegangen.", "Hiermit bestätige ich den Eingang Ihrer E-Mail",
        "Merci pour votre message, nous vous répondrons bientôt.", "Je confirme la réception de votre mail",
        "Bedankt, wij antwoorden snel", "Ik bevestig de ontvangst van uw e-mail", "Ok, wat is dit voor een bericht",
        "Gracias por su mensaje.", "Si es urgente, llame al 911 22 33", "Si lo desea, escriba a ventas@acme.example",
        "Si por algún motivo es urgente, llámeme", "OK who is this",
    ],
)  # fmt: skip
def test_words_of_a_machine_or_of_somebody_who_passes_it_on_confirm_nothing(text: str) -> None:
    """Whoever forges the address of such a mailbox would have his wish done by its automatic answer."""
    assert consent(text, NOTHING) in (Consent.UNCLEAR, Consent.NO)


def test_an_automatic_reply_is_no_consent_whatever_it_says() -> None:
    assert consent("Yes", reading(request(Intent.AUTO_REPLY))) is Consent.MACHINE


@pytest.mark.parametrize("text", ["no " * 100_000, "yes\n" * 100_000, "n" * 1_000_000, "did not " * 50_000 + "write"])
def test_huge_answers_are_read_in_no_time(text: str) -> None:
    consent(text, NOTHING)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_is_said_about_a_confirmation_holds_nothing_of_anybody(language: str) -> None:
    listener = Listener(language, Channel.EMAIL, "", "Lumora", "BE", "Europe/Brussels")
    asked = question(datetime(2026, 11, 27, 9, 30, tzinfo=UTC))
    for decision in (asked, thanks_for_no(), asked_again(), too_late(), used_already()):
        reply = say((decision,), listener)
        assert reply is not None
        assert decision.commands == ()
    reply = say((asked,), listener)
    assert reply is not None
    assert "2026" in reply.text
    assert "10:30" in reply.text or "10.30" in reply.text
    assert "Lumora" in heading("confirm.subject", listener)
