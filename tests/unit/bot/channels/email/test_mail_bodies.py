"""The two bodies of a mail: the same words, the brand around them, and nothing that anybody could slip in."""

from __future__ import annotations

import re
from decimal import Decimal
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from bot.channels.email.body import announcement, letter
from bot.channels.email.html_body import of_layout, of_text
from bot.channels.email.look import PLAIN, look_of
from bot.channels.email.markdown import to_html, to_text
from bot.vocabulary.decisions import Outcome, Value
from bot.vocabulary.layout import Listing, Paragraph, Quotation, Row
from knowledge.brand import Brand
from tests.browser.mails import announcement_mail, answer_mail, decision_mail, pipeline
from tests.builders import program

LOOK = look_of(program().brand, "Lumora")

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=https://evil.example/pixel.gif onerror=alert(1)>",
    '"><a href="https://evil.example">press</a>',
    "</td></tr></table><h1>Paid</h1>",
    "{{ 7 * 7 }}{% raw %}",
    "<style>body{display:none}</style>",
    "<!--[if mso]><b>x</b><![endif]-->",
    "&lt;b&gt; &#x3c;script&#x3e;",
    "class=\"figure\" style='x'",
)


def html(mail: EmailMessage) -> LexborHTMLParser:
    body = mail.get_body(("html",))
    assert body is not None
    return LexborHTMLParser(str(body.get_content()))


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def unlinked(name: str) -> str:
    """No word of a partner's becomes a link in a mail of ours."""
    return name.replace("https://", "")


def tags(document: LexborHTMLParser) -> list[str]:
    return [str(node.tag) for node in document.css("*")]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_shown_and_changes_nothing(name: str) -> None:
    shown = html(decision_mail(customer=name))
    assert tags(shown) == tags(html(decision_mail()))
    assert shown.body is not None
    assert unlinked(name) in shown.body.text()


@pytest.mark.parametrize("name", HOSTILE)
def test_nor_in_a_table_of_deals(name: str) -> None:
    shown = html(answer_mail(outcomes=(pipeline(name, "Vega", step=name),)))
    assert tags(shown) == tags(html(answer_mail(outcomes=(pipeline("Acme", "Vega"),))))
    assert unlinked(name) in shown.css("table.pl-grid th.pl-name")[0].text()
    assert unlinked(name) in shown.css("table.pl-grid td.pl-after")[0].text()


@pytest.mark.parametrize("name", HOSTILE)
def test_it_does_not_in_a_table_either(name: str) -> None:
    deal: dict[str, Value] = {
        "text": "line.deal",
        "number": "D-1",
        "customer": name,
        "parts": ({"text": "deal.next_step", "value": name},),
    }
    plain: dict[str, Value] = {**deal, "customer": "Acme", "parts": ({"text": "deal.next_step", "value": "Sign"},)}
    shown = html(answer_mail(outcomes=(Outcome("status.one", {"deal": deal}),)))
    assert tags(shown) == tags(html(answer_mail(outcomes=(Outcome("status.one", {"deal": plain}),))))
    assert unlinked(name) in shown.css("table th")[0].text()


@pytest.mark.parametrize("word", HOSTILE)
def test_an_announcement_loads_and_runs_nothing(word: str) -> None:
    shown = html(announcement_mail(subject=word, text=f"# {word}\n\n{word}\n\n![{word}](https://evil.example/p.gif)"))
    assert [node.attributes.get("src") for node in shown.css("img")] == [f"cid:{LOOK.logo_cid}"]
    assert shown.css("script, iframe, object, form, link, base, body style") == []
    assert all((a.attributes.get("href") or "").startswith("https://") for a in shown.css("a"))


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_no_text_breaks_a_mail(said: str) -> None:
    for bare in (
        of_text(said),
        to_html(said),
        of_layout((Paragraph(said), Quotation(said), Listing((Row(said, (said,)),)))),
    ):
        assert not re.search(
            r"<(?!/?(p|br|ul|ol|li|a|blockquote|h2|h3|hr|strong|em|s|code|pre|table|thead|tbody|tr|th|td)\b)", bare
        )
    to_text(said)
    letter(said, (), LOOK, "en")
    announcement(said, said, LOOK, "xx", leave_url="")


@pytest.mark.parametrize("mail", [answer_mail(), decision_mail(), announcement_mail()])
def test_a_mail_has_a_text_a_twin_and_its_logo(mail: EmailMessage) -> None:
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
    ]  # fmt: skip
    picture = list(mail.walk())[-1]
    assert picture["Content-ID"] == f"<{LOOK.logo_cid}>"
    assert picture.get_content_disposition() == "inline"
    assert picture.get_content() == (LOOK.logo.png if LOOK.logo else b"")
    document = html(mail)
    assert [node.attributes.get("src") for node in document.css("[src]")] == [f"cid:{LOOK.logo_cid}"]
    assert document.css("img")[0].attributes["alt"] == "Lumora"
    assert "url(" not in str(document.html)
    assert document.css_first("meta[name=color-scheme]") is not None
    assert len(str(document.html)) < 60_000  # Gmail cuts what is over 102 kB


def test_figures_stand_in_a_table_with_their_labels() -> None:
    document = html(answer_mail())
    rows = {th.text(): th.parent.css_first("td") for th in document.css("th[scope=row]") if th.parent}
    figure = rows["Commission"]
    assert figure is not None
    assert figure.text() == "€2,937.60"
    assert "text-align:end" in (figure.attributes["style"] or "")


def test_the_plain_text_says_it_all_and_ends_in_a_signature() -> None:
    body, _, ending = text(answer_mail()).partition("\n-- \n")
    assert "- commission: €2,937.60" in body
    assert ending.strip() == "Lumora B.V., Zuidkade 14, 2000 Antwerp, Belgium. Company number 0700.000.000"


@pytest.mark.parametrize(("language", "words"), [("de", "Keine Ankündigungen mehr"), ("en", "Receive no more")])
def test_an_announcement_ends_with_the_way_to_leave(language: str, words: str) -> None:
    mail = announcement_mail(language)
    assert words in text(mail)
    assert "https://agent.lumora.example/unsubscribe/t0ken" in text(mail)
    link = html(mail).css("a[href='https://agent.lumora.example/unsubscribe/t0ken']")
    assert [words in a.text() for a in link] == [True]


def test_without_a_web_address_it_asks_for_a_reply() -> None:
    body = announcement("News", "Hi", LOOK, "en", leave_url="")
    assert "reply with “unsubscribe”" in body.plain
    assert "reply with “unsubscribe”" in body.html


def test_answers_and_decisions_say_nothing_of_leaving() -> None:
    for mail in (answer_mail(), decision_mail()):
        assert "announcement" not in text(mail)
        assert "unsubscribe" not in str(mail).lower()


def test_without_a_brand_a_mail_is_plain() -> None:
    body = letter("Hello\n\nBye", (), PLAIN, "en")
    assert body.plain == "Hello\n\nBye\n"
    assert "<img" not in body.html


def test_a_brand_without_a_logo_shows_its_name_and_every_text_runs_its_own_way() -> None:
    body = letter("שלום רב", (), look_of(Brand(name="A & B"), "x"), "en")
    assert "A &amp; B" in body.html
    assert '<p dir="auto"' in body.html


def test_markdown_reads_well_as_plain_text() -> None:
    said = to_text(
        "# News\n\nHello **all**, see [the page](https://a.example/x).\n\n1. one\n2. two\n   - deep\n\n> said\n\n"
        "| A | B |\n| - | -: |\n| 1 | 2 |\n\n```\ncode\n```\n\n<mailto:a@b.example>"
    )
    assert said == (
        "News\n====\n\nHello all, see the page (https://a.example/x).\n\n1. one\n2. two\n   - deep\n\n> said\n\n"
        "A  |  B\n1  |  2\n\n    code\n\nmailto:a@b.example"
    )


def test_a_page_that_is_quoted_is_set_apart() -> None:
    assert of_layout((Quotation("One.\n\n- two"),)) == "<blockquote><p>One.</p>\n<ul><li>two</li></ul>\n</blockquote>"


@pytest.mark.parametrize(
    ("value", "figure"),
    [("€17,280.00", True), ("15%", True), ("17.280,00 €", True), ("17 280,00 €", True), ("CHF 1’000.00", True),
     ("US$12.00", True), ("60", True), ("Lumora Core", False), ("31 January 2027", False), ("", False)],
)  # fmt: skip
def test_what_is_a_figure_stands_at_the_end_of_its_row(value: str, figure: bool) -> None:
    assert ('class="figure"' in of_layout((Listing((Row("x", (value,)),)),))) is figure


def test_exact_money_before_rounding_is_a_figure_too() -> None:
    assert 'class="figure"' in of_layout((Listing((Row("x", (f"€{Decimal('1234.567891')}",)),)),))
