"""Personal fields: the reader's own values and nobody else's, as words that are never marks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.announcements.composing.personal import Reader, as_said, filled, lacking, unknown
from bot.channels.email.markdown import to_html, to_text
from bot.vocabulary.announcing import AnnouncementText
from crm.records import ContactRight
from tests.builders import contact, partner, program

TEXT = AnnouncementText("en", "For {first_name}", "Dear {name} of {partner} ({tier}): {manager}, {open_deals} deals.")
READER = Reader(partner(), contact(), 3)
PROGRAM = program()


def test_they_say_what_is_known_of_the_reader() -> None:
    made = filled(TEXT, READER, PROGRAM)
    assert made.subject == "For Sara"
    assert to_text(made.body) == "Dear Sara Lind of Brightpath (Select): Noor Haddad, 3 deals."
    assert as_said(TEXT, READER, PROGRAM) == to_text(made.body)


def test_in_a_channel_nobody_in_particular_is_spoken_to() -> None:
    assert filled(TEXT, Reader(partner()), PROGRAM).subject == "For everyone"
    german = replace(TEXT, language="de", body="Hallo {name}")
    assert filled(german, Reader(partner()), PROGRAM).body == "Hallo alle zusammen"


@settings(max_examples=60, deadline=None)
@example("\u0e5c")
@example("\u0e5c*")
@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), max_codepoint=0x2FFF), min_size=1, max_size=40))
def test_a_value_never_becomes_markup(value: str) -> None:
    reader = Reader(partner(name=value), contact())
    if not filled(AnnouncementText("en", "{partner}", ""), reader, PROGRAM).subject:
        return  # nothing of it can be seen
    for around in ("{partner}", "# {partner}", "- {partner}", "[x](https://vendor.example) {partner}", "**{partner}**"):
        made = filled(AnnouncementText("en", "", around), reader, PROGRAM).body
        harmless = around.replace("{partner}", "Acme")
        tags = [token.type for token in MarkdownIt("commonmark").parse(made)]
        assert tags == [token.type for token in MarkdownIt("commonmark").parse(harmless)]
        assert to_html(made).count("<") == to_html(harmless).count("<")


@pytest.mark.parametrize(
    "value", ["<b>x</b>", "[x](http://evil.example)", "![](x)", "1. x", "`x`", "&lt;", "{name}", "|"]
)
def test_marks_in_a_value_are_read_as_they_were_written(value: str) -> None:
    made = filled(AnnouncementText("en", "{partner}", "{partner}"), Reader(partner(name=value)), PROGRAM)
    assert to_text(made.body) == value
    assert made.subject == value


def test_unknown_fields_are_named_and_an_escaped_brace_is_none() -> None:
    text = AnnouncementText("en", "{partner} {sum}", "{First_Name} \\{x} {not a field!} {open deals}")
    assert unknown(text) == ("First_Name", "open deals", "sum")


def test_what_needs_a_right_is_not_for_whoever_lacks_it() -> None:
    nobody = contact(main=False, rights=())
    assert lacking(TEXT, nobody) == "without the right to see deals"
    assert lacking(TEXT, replace(nobody, rights=(ContactRight.SEE_DEALS,))) == ""
    assert lacking(replace(TEXT, body="{name}"), nobody) == ""


@pytest.mark.parametrize(
    ("name", "address", "greeted"),
    [
        ("Lind, Sara", "sara@brightpath.example", "Sara"),
        ("Boekhouding", "admin@brightpath.example", "everyone"),
        ("Sales team", "sales@brightpath.example", "everyone"),
        ("", "sara@brightpath.example", "everyone"),
        ("dispo", "dispo@brightpath.example", "everyone"),
    ],
)
def test_who_is_nobody_in_particular_is_greeted_as_in_a_channel(name: str, address: str, greeted: str) -> None:
    reader = Reader(partner(), contact(name=name, email=address))
    assert filled(TEXT, reader, PROGRAM).subject == f"For {greeted}"


def test_an_empty_name_leaves_no_hole() -> None:
    assert as_said(TEXT, Reader(partner(), contact(name="")), PROGRAM).startswith("Dear everyone of Brightpath")
