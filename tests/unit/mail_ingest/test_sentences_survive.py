"""No sentence of the sender is ever lost, wherever a mail program puts it and whatever it is about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.client_forms import FORMS
from mail_ingest.reply_text import Hints, reply_text

ANN = Hints(sender_name="Ann Verbeke", sender_address="ann@verbeke-groep.example")
OLD = ("Which product does the customer want?", "When will the customer sign?", "Kind regards, your partner team")

# Sentences with the words that legal footers are told by; several of them in a row would be one.
ABOUT_MAILS = (
    "Please keep this email confidential for now.",
    "The customer is confidential, so please answer by e-mail only.",
    "Please unsubscribe from here all our e-mail addresses.",
    "I received this message in error, please write to Tom instead.",
    "We received this email in error, our deal is another one.",
    "The deal is privileged information, this message is for you only.",
    "Please consider the environment fee of 3 euros in the offer.",
    "Print the certificate please, think of the environment they said.",
    "Vertraulich: bitte diese E-Mail nicht weiterleiten.",
    "Bitte abmelden, wir wollen keine E-Mail mehr.",
    "Bitte schicken Sie die Rechnung vertraulich per E-Mail.",
    "Denken Sie an die Umwelt und schicken Sie bitte keine gedruckten Preislisten.",
    "Le destinataire de ce mail a quitté la société.",
    "Pensez à l'environnement : envoyez-moi tout en PDF par mail.",
    "Deze mail heb ik ten onrechte gekregen.",
    "Dit bericht was vertrouwelijk bedoeld, graag niet delen.",
    "El destinatario de este correo ya no trabaja aquí.",
    "Nuestro cliente pide un acuerdo de protección de datos, mandadlo a este correo.",
)
# Sentences with the words that quotes, signatures and phones are told by.
SENTENCES = (
    "Send me the price list by mail.",
    "Sent you the quote by mail.",
    "Sent by mail on Monday, no answer yet.",
    "Sent from my iPad on Monday, no answer yet.",
    "Disclaimer: I have not spoken to the customer yet.",
    "Legal is asking for the DPA.",
    "Privacy is their main concern.",
    "From Monday on we need three seats.",
    "To be honest we are late.",
    "On Monday the customer wrote that it likes the offer.",
    "Date of the talk: 12 May 2027",
    "Best price for 40 seats please.",
    "Many of our customers ask for it.",
    "Thanks for the price list, now register Clam and Co please.",
    "Call Joan Pinkham, Head of IT, +1 978 555 0150.",
    "Joan Pinkham, Head of IT, joan@clam.example",
    "STOP",
    "40",
    "12,000 EUR",
    "Yes, 40 seats of Core.",
    "yes please, for 40 seats",
    "- 40 seats",
    "D-1042",
    "Gesendet habe ich es schon von meinem Handy.",
    "Von meinem Handy aus komme ich nicht ins Portal.",
    "Hinweis: der Kunde zahlt jährlich.",
    "Danke, bitte auch noch die Preisliste.",
    "Envoyé hier depuis mon portable, vous l'avez ?",
    "Merci de nous retirer de la liste.",
    "Avis favorable du client.",
    "Verstuurd heb ik het al via mijn mobiel.",
    "Met drie personen komen we.",
    "Enviado ayer desde el móvil, ¿llegó?",
    "Aviso: cambiamos de proveedor.",
    "Gracias, apuntadnos a los dos.",
)

WORDS = """
we want need seats core customer signs price list march offer deal please quote renewal partner tier and the of for with
Kunde Angebot bitte offre client klant graag cliente oferta
"""
words = st.sampled_from(WORDS.split())
plain_sentences = st.lists(words, min_size=3, max_size=14).map(lambda them: " ".join(them).capitalize() + ".")
ordinary = st.lists(st.one_of(st.sampled_from(SENTENCES), plain_sentences), min_size=1, max_size=5, unique=True)
new_texts = st.tuples(ordinary, st.sampled_from(("", *ABOUT_MAILS)), st.integers(0, 5)).map(
    lambda them: [line for line in (*them[0][: them[2]], them[1], *them[0][them[2] :]) if line]
)


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


@given(name=st.sampled_from(sorted(FORMS)), new=new_texts)
def test_new_sentences_survive_in_every_clients_form(name: str, new: list[str]) -> None:
    body = FORMS[name](new, OLD)
    assert [line for line in new if line not in lines_of(reply_text(body.text, body.html, ANN).visible)] == []


@pytest.mark.parametrize("name", FORMS)
def test_only_what_is_new_is_visible_and_the_rest_is_kept(name: str) -> None:
    new = ["We want 40 seats of Core.", "The customer signs in May, I think.", "Please send the price list."]
    body = FORMS[name](new, OLD)
    read = reply_text(body.text, body.html, ANN)
    assert lines_of(read.visible) == new
    assert [line for line in OLD if line not in read.history] == []


ENDINGS = {
    "nothing": "",
    "a closing": "\n\nKind regards,\nAnn",
    "a signature": "\n\n-- \nAnn Verbeke\nVerbeke Groep NV\n+32 3 555 00 11",
    "a signature without a mark": "\n\nAnn Verbeke\nVerbeke Groep NV\n+32 3 555 00 11",
    "a phone": "\n\nSent from my iPhone",
    "a lawyer": "\n\nAnn\n\nThis e-mail is confidential and intended only for the addressee.",
    "a quote": "\n\nOn Mon, Nov 9, 2026 at 9:02 AM Vendor <p@vendor.example> wrote:\n> Old text",
    "history": "\n\nFrom: Vendor <p@vendor.example>\nSent: Monday, 9 November 2026 09:02\nSubject: News\n\nOld text",
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("sentence", [*ABOUT_MAILS, *SENTENCES])
@pytest.mark.parametrize("answers", [True, False])
def test_the_last_sentence_survives_above_whatever_ends_a_mail(sentence: str, ending: str, answers: bool) -> None:
    hints = Hints(ANN.sender_name, ANN.sender_address, answers=answers)
    for start in ("", "Hello,\n\n", "We sign in May.\n", "We sign in May.\n\n"):
        assert sentence in reply_text(f"{start}{sentence}{ENDINGS[ending]}\n", hints=hints).visible


@given(text=st.text(max_size=300), html=st.text(max_size=300))
def test_any_text_is_read(text: str, html: str) -> None:
    read = reply_text(text, html, ANN)
    assert read.visible == read.visible.strip("\n")


@given(paragraphs=st.lists(plain_sentences, min_size=1, max_size=6), seed=st.sampled_from(sorted(ENDINGS)))
def test_every_line_of_a_text_is_found_in_one_of_its_parts(paragraphs: list[str], seed: str) -> None:
    text = "\n\n".join(paragraphs) + ENDINGS[seed]
    read = reply_text(text, hints=ANN)
    parts = lines_of(f"{read.visible}\n{read.signature}\n{read.history}\n{read.forwarded}")
    assert [line for line in lines_of(text) if line not in parts] == []
