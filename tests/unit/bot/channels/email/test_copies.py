"""Copies of an announcement written fast are the mails that would have been written one by one, byte for byte."""

from __future__ import annotations

import pytest

from bot.channels.email import markdown
from bot.channels.email.chunks import chunks
from bot.channels.email.look import PLAIN, Look, look_of
from bot.channels.email.outlet import MailWriter
from bot.channels.email.own import own_addresses
from tests.browser.mails import ANNOUNCEMENT
from tests.builders import NOW, program

OWN = own_addresses(program().vendor, "", program().brand.sender)
LUMORA = look_of(program().brand, "Lumora")
TEXTS = {
    "all kinds of blocks": ANNOUNCEMENT,
    "a greeting of one's own": "Hello Ann-Sophie \\(Acme\\),\n\n" + ANNOUNCEMENT,
    "marks in a name": "Dear \\<b\\>Bob\\&Co\\</b\\> \\= 3,\n\nsee you.",
    "a list with gaps": "Before\n\n- one\n\n- two\n\nAfter",
    "a numbered list": "1. one\n\n2. two\n\nAfter\n\n# Head\n\nx",
    "two quotations": "> one\n\n> two\n\nAfter",
    "a fence": "Before\n\n```\none\n\ntwo\n```\n\nAfter",
    "what is defined below": "See [here][1] and\n\nthere.\n\n[1]: https://vendor.example/a?b=c",
    "an indented block": "Before\n\n    code\n\nmore",
    "an item that goes on": "- one\n\n  still one\n\nAfter\n\n---\n\nx",
    "long lines and dots": ".\n\n.. dots " + "Größe " * 300 + "\n\nEnd =\t",
    "links that answer": "Will you come?\n\n[Yes](mailto:reply+0@x.example) · [No](mailto:reply+0@x.example)",
    "nothing": "",
}


def payload(text: str, to: str = "sara@brightpath.example", subject: str = "Größe & Sitz") -> dict[str, object]:
    return {
        "to": to, "subject": subject, "text": text, "reply_key": "0123456789abcdef" * 2,
        "opt_out_token": "Az09_-Az09_-Az09_-Az09_-Az09_-12", "language": "de",
    }  # fmt: skip


ROW = "1f0d9a52-3f3c-5d55-9a3e-0c1f62f5a111"


@pytest.mark.parametrize("what", TEXTS)
@pytest.mark.parametrize(
    ("url", "look"), [("https://agent.lumora.example", LUMORA), ("http://here", PLAIN), ("", LUMORA)],
    ids=["https", "http", "by mail alone"],
)  # fmt: skip
def test_a_copy_is_the_mail_that_is_written_alone(what: str, url: str, look: Look) -> None:
    writer = MailWriter(OWN, url, look)
    others = payload("Hello Zoë,\n\n" + ANNOUNCEMENT, "zoe@other.example")
    writer.copy("9" * 36, "announcement", others, NOW)  # whose parts may be used again
    said = payload(TEXTS[what])
    copy = writer.copy(ROW, "announcement", said, NOW)
    assert copy == writer.write(ROW, "announcement", said, NOW)
    assert copy is not None
    assert b"Zo=C3=AB" not in copy


@pytest.mark.parametrize(
    "subject",
    ["News for Brightpath & Co <1>", "x" * 61, "=?utf-8?q?no?=", "Größe " * 40, "", "two  blanks\r\nX: y"],
    ids=["ordinary", "long", "as if encoded", "foreign", "none", "two lines"],
)
def test_a_copy_has_a_subject_of_its_own(subject: str) -> None:
    writer = MailWriter(OWN, "https://agent.lumora.example", LUMORA)
    writer.copy("9" * 36, "announcement", payload(ANNOUNCEMENT, subject="News for another"), NOW)
    said = payload(ANNOUNCEMENT, subject=subject)
    copy = writer.copy(ROW, "announcement", said, NOW)
    assert copy is not None
    assert copy == writer.write(ROW, "announcement", said, NOW)


@pytest.mark.parametrize("what", TEXTS)
def test_pieces_of_a_text_say_what_it_says_as_a_whole(what: str) -> None:
    text = TEXTS[what]
    assert "".join(map(markdown.to_html, chunks(text))) == markdown.to_html(text)
    assert "\n\n".join(map(markdown.to_text, chunks(text))) == markdown.to_text(text)


@pytest.mark.parametrize(
    "odd",
    [
        {"to": "Sara <sara@brightpath.example>"},
        {"to": "sära@brightpath.example"},
        {"to": "s" * 60 + "@brightpath.example"},
        {"to": "sara@brightpath.example\r\nBcc: all@x.example"},
        {"reply_key": ""},
        {"opt_out_token": "short"},
        {"in_reply_to": "<1@lumora.example>"},
        {"documents": [{"sha256": "0"}]},
    ],
    ids=lambda odd: next(iter(odd)),
)
def test_what_is_out_of_the_ordinary_is_written_alone(odd: dict[str, object]) -> None:
    assert MailWriter(OWN, "", LUMORA).copy(ROW, "announcement", payload(ANNOUNCEMENT) | odd, NOW) is None


def test_an_answer_is_no_copy() -> None:
    assert MailWriter(OWN, "", LUMORA).copy(ROW, "reply", payload("Hello"), NOW) is None
