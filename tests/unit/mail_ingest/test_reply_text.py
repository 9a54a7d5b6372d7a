"""Rules of telling new text from old: what goes, and above all what stays."""

from __future__ import annotations

import pytest

from mail_ingest.reply_text import Hints, reply_text

ANN = Hints(sender_name="Ann Verbeke", sender_address="ann@verbeke-groep.example")


def visible(text: str, hints: Hints = ANN) -> str:
    return reply_text(text, hints=hints).visible


INTRODUCTIONS = [
    "On Mon, Nov 9, 2026 at 9:02 AM Vendor <p@vendor.example> wrote:",
    "On 9 Nov 2026, at 09:02, Vendor <p@vendor.example>\nwrote:",
    "Am 09.11.2026 um 09:02 schrieb Vendor <p@vendor.example>:",
    "Am Montag, 9. November 2026, 09:02 schrieb Vendor Partners:",
    "Le lun. 9 nov. 2026 à 09:02, Vendor <p@vendor.example> a écrit :",
    "Op ma 9 nov. 2026 om 09:02 schreef Vendor <p@vendor.example>:",
    "Op 9 nov. 2026 om 09:02 heeft Vendor <p@vendor.example> het volgende geschreven:",
    "El lun, 9 nov 2026 a las 9:02, Vendor (<p@vendor.example>) escribió:",
    "2026-11-09 9:02 GMT+01:00 Vendor <p@vendor.example>:",
]


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_the_line_that_introduces_a_quote_goes_with_it(introduction: str) -> None:
    assert visible(f"Fine with us.\n\n{introduction}\n\n> Old text\n> more\n") == "Fine with us."
    assert visible(f"Fine with us.\n\n{introduction}\nOld text without marks\n") == "Fine with us."


@pytest.mark.parametrize(
    "keys",
    [
        ("From", "Sent", "To", "Subject"),
        ("*From:* x\n*Sent:* y\n*To:* z\n*Subject:* s",),
        ("Von", "Gesendet", "An", "Betreff"),
        ("De", "Envoyé", "À", "Objet"),
        ("Van", "Verzonden", "Aan", "Onderwerp"),
        ("De", "Enviado", "Para", "Asunto"),
    ],
)
def test_a_header_block_begins_the_history(keys: tuple[str, ...]) -> None:
    block = keys[0] if len(keys) == 1 else "\n".join(f"{key}: p@vendor.example" for key in keys)
    assert visible(f"Fine with us.\n\n{block}\n\nOld text\n") == "Fine with us."


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Gesendet mit der Telekom Mail App auf meinem Smartphone",
        "Envoyé de mon iPhone",
        "Verstuurd vanaf mijn iPad",
        "Enviado desde mi móvil",
        "Get Outlook for iOS<https://aka.ms/x>",
    ],
)
def test_what_a_phone_adds_goes(line: str) -> None:
    assert visible(f"Count us in.\n\n{line}\n") == "Count us in."


@pytest.mark.parametrize(
    "footer",
    [
        "This e-mail is confidential and intended only for the addressee.",
        "Diese E-Mail ist vertraulich und nur für den Adressaten bestimmt.",
        "Ce message est confidentiel et réservé à son destinataire.",
        "Dit bericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde.",
        "Este mensaje es confidencial y va dirigido a su destinatario.",
        "Please consider the environment before printing this e-mail.",
    ],
)
def test_legal_footers_go(footer: str) -> None:
    assert visible(f"Count us in.\n\nAnn\n\n{footer}\n") == "Count us in.\n\nAnn"


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAnn Verbeke\nVerbeke Groep",
        "Ann Verbeke\nVerbeke Groep NV\n+32 3 555 00 11",
        "Ann Verbeke | Partner Manager | Verbeke Groep",
        "Ann Verbeke - 03 555 00 11",
    ],
)
def test_a_signature_goes(signature: str) -> None:
    assert visible(f"We sign in May.\n\n{signature}\n") == "We sign in May."


@pytest.mark.parametrize(
    "text",
    [
        "Hi,\n\nYes.",
        "Hej,\n\nSvar.",
        "We sign in May.\n\nAnn",
        "Sent from my desk, which is easier than my phone.",
        "The contact is:\n\nJoan Pinkham\njpinkham@clam.example\n+1 978 555 0150",
        "Joan Pinkham\nHead of IT, Clam & Co\n978 555 0150",
        "- 40 seats\n- Core\n- 12,000 euros a year",
        "Customer: Clam & Co\nAmount: 12,000 EUR\nClose: 30 June",
        "It is confidential: please do not tell the other partner. Is that possible?",
        "From: March on we need 20 seats.",
        "On the other hand, who wrote that rule?\nWe would like to know.",
        "On Monday we wrote to the customer: no answer yet.",
        "Two wishes:\n--\n1. A call\n2. The price list, please?",
        "Thanks for the news! Could you register Clam & Co for us?",
        "Best regards to Tom, who asked how many seats are left on our plan this year, by the way.",
        "We sign in May.\n\nKind regards,\nAnn\n\nP.S. Please send the price list.",
    ],
)
def test_nothing_the_sender_says_is_lost(text: str) -> None:
    assert visible(text) == text


def test_a_postscript_below_the_signature_stays() -> None:
    text = "We sign in May.\n\n-- \nAnn Verbeke\nVerbeke Groep\n\nP.S. Please send the price list.\n"
    assert "P.S. Please send the price list." in visible(text)


def test_answers_between_quoted_lines_stay_in_their_order() -> None:
    text = "> Which product?\n\nCore.\n\n> How many?\n40\n\n> Thanks\n\n-- \nAnn\n"
    assert visible(text) == "Core.\n\n40"


def test_an_answer_below_the_quote_stays() -> None:
    text = "On 9 Nov 2026 at 09:02, Vendor <p@vendor.example> wrote:\n> Which product?\n\nCore, please.\n\nAnn\n"
    assert visible(text) == "Core, please.\n\nAnn"


def test_a_quoted_line_that_a_program_broke_stays_one_quote() -> None:
    text = "Yes.\n\n> " + "word " * 14 + "\nbroken\n> off here\n"
    assert visible(text) == "Yes."


def test_a_mark_in_a_mail_that_answers_nothing_is_the_senders_own() -> None:
    text = "Prices we saw:\n> 50 users: 10 EUR\n> 100 users: 8 EUR"
    assert visible(text, Hints(answers=False)) == text


def test_html_answers_between_gmail_quotes_stay() -> None:
    html = (
        '<div class="gmail_quote"><div class="gmail_attr">On 9 Nov 2026 at 09:02, V &lt;p@v.example&gt; wrote:</div>'
        "<blockquote class=gmail_quote>Which product?</blockquote><div>Core.</div>"
        "<blockquote class=gmail_quote>How many?</blockquote><div>40</div></div>"
    )
    assert reply_text("", html, ANN).visible == "Core.\n\n40"


def test_tables_and_lists_in_html_are_readable() -> None:
    rows = "<tr><td>Clam</td><td>40</td></tr><tr><td>Dune</td><td>12</td></tr>"
    html = f"<p>Deals:</p><table>{rows}</table><ul><li>Core</ul>"
    assert reply_text("", html, ANN).visible == "Deals:\n\nClam 40\nDune 12\n\n- Core"


def test_scripts_and_styles_are_not_text() -> None:
    html = "<style>p{}</style><script>alert(1)</script><!-- no --><p>Yes</p>"
    assert reply_text("", html, ANN).visible == "Yes"


def test_what_is_visible_and_what_is_cut_hold_every_line_of_the_mail() -> None:
    text = (
        "Yes.\n\nBest,\nAnn\n\nVerbeke Groep NV\n+32 3 555 00 11\n\nFrom: V <p@v.example>\nSent: x\nSubject: s\n\nOld\n"
    )
    read = reply_text(text, hints=ANN)
    kept = f"{read.visible}\n{read.cut_off}".split("\n")
    assert [line for line in text.split("\n") if line and line not in kept] == []


@pytest.mark.parametrize(
    "below",
    [
        "Thanks\n\nAcme Ltd\nacme.example\n40 seats\n20k EUR a year",
        "Thanks\nAnn\n\nAcme Ltd\nacme.example\n+44 20 1234 5678\nclosing 31 March",
        "Thanks\n\nAcme Ltd\nBob Bell, CIO\n+44 20 1234 5678",
        "Thanks\n\nMüller GmbH\nHauptstr. 3\n80331 München\n50 Lizenzen",
    ],
)
def test_a_customer_below_the_closing_is_no_signature(below: str) -> None:
    text = f"Could you register this one for us?\n\n{below}"
    assert visible(text, Hints("Ann Verbeke", "ann@verbeke.example")) == text


@pytest.mark.parametrize(
    "below",
    ["Thanks\nAnn\n\nBrandt Holding Ltd\nwww.brandt.example\n+32 3 555 00 11", "Thanks\n\nVerbeke NV\n+32 3 555 00 11"],
)
def test_the_senders_company_below_the_closing_is_one(below: str) -> None:
    read = visible(f"Could you register this one for us?\n\n{below}", Hints("Ann Verbeke", "ann@verbeke.example"))
    assert "555" not in read
