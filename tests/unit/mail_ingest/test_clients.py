"""Whole mails as the usual programs send them: what is new, what signs it, what it quotes, what it passes on."""

from __future__ import annotations

import pytest

from mail_ingest.parse import parse
from mail_ingest.reply_text import Hints, reply_text
from tests.mails import VISIBLE, mail

# name: (signature, a line of the history)
ANSWERS = {
    "client_gmail_en": (
        "--\nOrla Tansey\nTansey IT Ltd, Sligo\n+353 71 555 0142",
        "the autumn bundle starts on Monday. Will you take part?",
    ),
    "client_gmail_de_inline": ("", "Welches Produkt braucht Moorhof?"),
    "client_outlook_fr_classic": ("Corvol Réseaux SARL\nTél. 04 55 50 01 77", "Votre relevé est prêt."),
    "client_outlook_es_text": ("", "¿Cuándo firma el cliente?"),
    "client_outlook_nl_new": ("Ruben Staal\nStaal & Zn BV\n088 555 0131", "Doet u mee met de najaarsactie?"),
    "client_outlook_mobile_en": ("Get Outlook for iOS", "Your statement is ready."),
    "client_outlook_mobile_typed_in_signature": ("Get Outlook for Android", "Is the deal still open?"),
    "client_outlook_de_disclaimer": (
        (
            "Ahlsen Recht PartG mbB\nAm Sielwall 99, 26000 Emden\nTel. 04921 555 010\n"
            "Diese E-Mail kann vertrauliche Informationen enthalten. Sollten Sie nicht der richtige Adressat sein, "
            "informieren Sie\nbitte den Absender und vernichten Sie diese Mail."
        ),
        "Anbei der neue Partnervertrag.",
    ),
    "client_apple_de_inline": ("", "Und wer entscheidet?"),
    "client_iphone_en": ("Sent from my iPhone", "Will you join the partner day?"),
    "client_iphone_en_below_signature": ("Sent from my iPhone", "Will you join the partner day?"),
    "client_iphone_nl_text": ("Verstuurd vanaf mijn iPhone", "Hoeveel gebruikers heeft Veenlust?"),
    "client_thunderbird_fr_bottom": (
        "--\nGhislain Perrault\nPerrault Informatique\n03 55 50 11 22",
        "Quand le client signe-t-il ?",
    ),
    "client_thunderbird_en_close_inline": ("", "How many seats?"),
    "client_yahoo_en": ("", "Seats for the March course are open."),
    "client_proton_en": ("Ines Calder\nCalder Works\nSent with Proton Mail secure email.", "Which format suits you?"),
    "client_gmx_de": ("", "Ihre Abrechnung liegt bereit."),
    "client_samsung_es": ("Enviado desde mi Galaxy", "¿Cuántos vendrán?"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_new_what_signs_it_and_what_it_quotes_are_told_apart(name: str) -> None:
    signature, quoted = ANSWERS[name]
    read = parse(mail(name))
    assert read.visible == VISIBLE[name]
    assert read.signature == signature
    assert quoted in read.history
    assert read.forwarded == ""


@pytest.mark.parametrize("name", ["client_gmail_en", "client_outlook_de_disclaimer"])
def test_all_that_is_cut_off_is_the_signature_and_the_history(name: str) -> None:
    read = parse(mail(name))
    assert read.cut_off == f"{read.signature}\n\n{read.history}"


@pytest.mark.parametrize(
    ("name", "passed_on"),
    [
        ("client_forward_de_outlook", "Wir brauchen 18 Plätze ab Januar."),
        ("client_forward_fr_gmail", "Nous cherchons un outil pour 22 personnes."),
    ],
)
def test_what_is_passed_on_is_neither_new_nor_history(name: str, passed_on: str) -> None:
    read = parse(mail(name))
    assert read.visible == VISIBLE[name]
    assert passed_on in read.forwarded
    assert read.history == ""


def test_an_indented_paragraph_of_a_new_mail_is_the_senders_own() -> None:
    assert "Gorse Brewery, 25 seats" in VISIBLE["client_new_indented"]
    assert parse(mail("client_new_indented")).visible == VISIBLE["client_new_indented"]


FORWARD_MARKS = [
    "---------- Forwarded message ---------",
    "Begin forwarded message:",
    "-------- Forwarded Message --------",
    "Anfang der weitergeleiteten Nachricht:",
    "-------- Weitergeleitete Nachricht --------",
    "Début du message réexpédié :",
    "-------- Message transféré --------",
    "Begin doorgestuurd bericht:",
    "-------- Doorgestuurd bericht --------",
    "Inicio del mensaje reenviado:",
    "-------- Mensaje reenviado --------",
]


@pytest.mark.parametrize("mark", FORWARD_MARKS)
@pytest.mark.parametrize("says_so", [True, False])
def test_a_mail_is_passed_on_below_its_mark_whatever_the_subject_says(mark: str, says_so: bool) -> None:
    text = f"Yours, please.\n\n{mark}\n\nFrom: Joan <joan@clam.example>\nSubject: Seats\n\nWe need 40 seats.\n"
    read = reply_text(text, hints=Hints(forwards=says_so, answers=says_so))
    assert read.visible == "Yours, please."
    assert "We need 40 seats." in read.forwarded


@pytest.mark.parametrize(
    "text",
    [
        "Please call our customer tomorrow\n\nJoan Pinkham, Head of IT\nClam & Co GmbH, 04103 Leipzig\n+49 341 555 01",
        "Please register these people,\n\nJoan Pinkham\nHead of IT, Clam GmbH\njoan@clam.example\n+49 341 555 0101",
        "Contact\n\nJoan Pinkham, Head of IT\njoan@clam.example",
        "The journey:\n\nFrom: Berlin\nTo: Leipzig\nDate: 12 May 2027",
        "Write the price above this line of the form, please.",
        "On Monday Tom wrote:\n\nwe are in",
    ],
)
def test_what_only_looks_like_a_signature_or_a_header_stays(text: str) -> None:
    hints = Hints("Ann Verbeke", "ann@verbeke-groep.example")
    assert reply_text(text, hints=hints).visible == text


def test_a_text_that_only_points_at_the_html_is_not_what_was_said() -> None:
    html = "<p>We want 40 seats of Core. The customer signs in May, I think, and needs the price list before.</p>"
    assert reply_text("This mail needs HTML.", html).visible.startswith("We want 40 seats")


def test_html_that_is_but_a_picture_with_a_signature_hides_no_text() -> None:
    html = '<div class="gmail_signature"><img src="cid:x">Ann</div>'
    text = "We want 40 seats of Core. The customer signs in May.\n\n-- \nAnn\n"
    assert reply_text(text, html).visible == "We want 40 seats of Core. The customer signs in May."


HEADER_BLOCKS = [
    ("От", "Отправлено", "Кому", "Тема"),
    ("Від", "Надіслано", "Кому", "Тема"),
    ("Od", "Wysłano", "Do", "Temat"),
    ("Od", "Odesláno", "Komu", "Předmět"),
    ("Från", "Skickat", "Till", "Ämne"),
    ("Da", "Inviato", "A", "Oggetto"),
    ("De", "Enviado", "Para", "Assunto"),
    ("Kimden", "Gönderildi", "Kime", "Konu"),
    ("发件人", "发送时间", "收件人", "主题"),
    ("差出人", "送信日時", "宛先", "件名"),
]


@pytest.mark.parametrize("keys", HEADER_BLOCKS)
def test_a_header_block_of_another_language_begins_the_history(keys: tuple[str, ...]) -> None:
    values = ("Vendor <p@vendor.example>", "09.11.2026 09:02", "Ann <ann@verbeke-groep.example>", "News")
    block = "\n".join(f"{key}: {value}" for key, value in zip(keys, values, strict=True))
    assert reply_text(f"Fine with us.\n\n{block}\n\nOld text\n").visible == "Fine with us."


@pytest.mark.parametrize(
    "wrote",
    [
        "wrote", "writes", "schrieb", "hat geschrieben", "a écrit", "à écrit", "écrivait", "schreef", "geschreven",
        "escribió", "escribio", "escreveu", "ha scritto", "skrev", "scrie", "napisał", "napisała", "napisał(a)",
        "написал", "написал(а)", "kirjoitti", "yazdı", "napsal", "napsal(a)", "пише", "пишет",
        "написав", "написав(-ла)", "írta", "a scris", "έγραψε", "님이 작성", "写道",
    ],
)  # fmt: skip
def test_a_word_for_writing_introduces_a_quote_in_every_language(wrote: str) -> None:
    read = reply_text(f"Yours, please.\n\nOn 9.11.2026 09:02 Joan <joan@clam.example> {wrote}:\n\n> Old text\n")
    assert read.visible == "Yours, please."
    assert "Joan" in read.history


def test_a_header_block_in_a_new_mail_is_that_of_a_mail_passed_on() -> None:
    block = "From: Joan <joan@clam.example>\nSent: 9 Nov 2026 09:02\nSubject: Seats"
    read = reply_text(f"Yours, please.\n\n{block}\n\nWe need 40 seats.\n", hints=Hints(answers=False))
    assert (read.visible, read.history) == ("Yours, please.", "")
    assert "We need 40 seats." in read.forwarded


def test_a_quote_is_history_even_where_no_header_says_that_the_mail_answers() -> None:
    quoted = "Joan <joan@clam.example> wrote on 9 Nov 2026 at 09:02:\n\n> We need 40 seats.\n"
    read = reply_text(f"Yours, please.\n\n{quoted}", hints=Hints(answers=False))
    assert (read.visible, read.forwarded) == ("Yours, please.", "")
    assert "We need 40 seats." in read.history


def test_an_attachment_with_nothing_but_a_signature_says_nothing() -> None:
    html = '<div class="gmail_signature"><div>Ann Verbeke</div><div>Verbeke Groep</div><div>+32 3 555 00 11</div></div>'
    read = reply_text("", html, Hints("Ann Verbeke", "ann@verbeke-groep.example"))
    assert (read.visible, read.signature) == ("", "Ann Verbeke\nVerbeke Groep\n+32 3 555 00 11")


LARGE = {
    "a megabyte": "\n".join(["We need more seats for the customer, and the price list as well, please."] * 14_000),
    "ten thousand lines of everything": "\n".join(
        [
            "Yes.",
            "> a longer question that was asked before, and that a program has to break off here",
            "",
            "On Mon, Nov 9, 2026 at 9:02 AM Vendor <p@v.example> wrote:",
            "--",
            "Ann Verbeke",
            "From: a@v.example",
            "This e-mail is confidential and intended only for the addressee.",
        ]
        * 1_250
    ),
    "a thousand levels of quotes": "Yes.\n" + "\n".join(">" * level + " text" for level in range(1_000)),
}
DEEP = "<p>Yes.</p>" + "<blockquote type=cite>On Mon, 9 Nov 2026 at 9:02, V &lt;p@v.example&gt; wrote:<br>" * 990


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", LARGE)
def test_a_large_mail_is_read_in_time_that_grows_with_its_length(name: str) -> None:
    read = reply_text(LARGE[name])
    assert read.visible.startswith(("Yes.", "We need"))
    assert len(read.visible) + len(read.signature) + len(read.history) <= len(LARGE[name])


@pytest.mark.timeout(20)
def test_a_thousand_blockquotes_in_each_other_are_history() -> None:
    assert reply_text("", DEEP + "x").visible == "Yes."
