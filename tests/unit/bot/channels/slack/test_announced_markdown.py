"""A manager's Markdown as Slack's blocks: what each part becomes, within all limits, and nothing that calls anybody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.slack.blocks.markdown import BLOCKS, POST, posts
from tests.fakes.slack.contract import block_faults


def only(markdown: str) -> list[dict[str, Any]]:
    (post,) = posts(markdown)
    return [piece.block for piece in post]


def elements(markdown: str) -> list[dict[str, Any]]:
    """Of the one block that it becomes."""
    (block,) = only(markdown)
    assert block["type"] == "rich_text"
    return list(block["elements"])


def test_headings_rules_and_paragraphs() -> None:
    title, text, rule, small = only("# Prices of 2027\n\nFrom January.\n\n---\n\n### Who is asked")
    assert title == {"type": "header", "text": {"type": "plain_text", "text": "Prices of 2027", "emoji": False}}
    assert text["elements"] == [{"type": "rich_text_section", "elements": [{"type": "text", "text": "From January."}]}]
    assert rule == {"type": "divider"}
    assert small["elements"][0]["elements"] == [{"type": "text", "text": "Who is asked", "style": {"bold": True}}]


def test_emphasis_code_and_links() -> None:
    (section,) = elements("**New *and* old** ~~no~~ `x` [here](https://lumora.example/a) https://lumora.example/b.")
    told = [(e.get("text"), sorted(e.get("style", {})), e.get("url")) for e in section["elements"]]
    assert [one for one in told if (one[0] or "x").strip()] == [
        ("New ", ["bold"], None),
        ("and", ["bold", "italic"], None),
        (" old", ["bold"], None),
        ("no", ["strike"], None),
        ("x", ["code"], None),
        ("here", [], "https://lumora.example/a"),
        (None, [], "https://lumora.example/b"),
        (".", [], None),
    ]  # fmt: skip


def test_a_picture_is_a_link_and_what_leads_nowhere_is_written_out() -> None:
    (section,) = elements("![Map](https://lumora.example/m.png) [call](tel:123) <mailto:a@b.example>")
    links = [e["url"] for e in section["elements"] if e["type"] == "link"]
    assert links == ["https://lumora.example/m.png", "mailto:a@b.example"]
    assert "call (tel:123)" in "".join(e.get("text", "") for e in section["elements"])


def test_what_is_escaped_is_neither_a_mark_nor_an_address() -> None:
    (section,) = elements(r"Dear \*\*Bank\*\* https\:\/\/evil\.example \[a\]\(b\)")
    assert section["elements"] == [{"type": "text", "text": "Dear **Bank** https://evil.example [a](b)"}]


def test_lists_in_lists_keep_their_depth_and_their_numbers() -> None:
    ordered, deeper, rest = elements("1. one\n2. two\n   - below\n3. three")
    assert (ordered["style"], len(ordered["elements"]), ordered.get("indent")) == ("ordered", 2, None)
    assert (deeper["style"], deeper["indent"]) == ("bullet", 1)
    assert "".join(e["text"] for e in rest["elements"]) == "3. three"


def test_quotations_code_and_tables() -> None:
    quote, code, table = only("> said\n> - a\n> - b\n\n```\nx = 1\n```\n\n| Seats | EUR |\n|---|--:|\n| 1–49 | 25 |")
    assert quote["elements"][0]["type"] == "rich_text_quote"
    assert "".join(e["text"] for e in quote["elements"][0]["elements"]) == "said\n• a\n• b"
    assert code["elements"][0] == {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x = 1"}]}
    assert table["elements"][0]["elements"][0]["text"] == "Seats  EUR\n1–49   25"


def test_a_wide_table_is_a_line_for_each_row() -> None:
    (listed,) = elements(f"| Plan | What it holds |\n|---|---|\n| Core | {'much ' * 20} |\n| Pro | more |")
    said = ["".join(e["text"] for e in row["elements"]) for row in listed["elements"]]
    assert said[1] == "Plan: Pro · What it holds: more"


def test_a_long_text_goes_on_in_further_posts_and_loses_nothing() -> None:
    paragraphs = [f"Paragraph {number} says: {'word ' * 60}".strip() for number in range(120)]
    made = posts("\n\n".join(paragraphs))
    assert len(made) > 2
    assert [piece.said for post in made for piece in post] == paragraphs


@pytest.mark.parametrize(
    "markdown", ["x" * 9_000, "- " + "word " * 2_000, "> " + "& " * 3_000, "```\n" + "<\n" * 3_000]
)
def test_what_is_too_long_for_a_block_is_cut_and_nothing_is_lost(markdown: str) -> None:
    said = "".join(piece.said for post in posts(markdown) for piece in post)
    for char in "x", "word", "&", "<":
        assert said.count(char) == markdown.count(char)


def test_a_text_that_says_nothing_is_one_post_without_blocks() -> None:
    assert posts("  \n\n") == [[]]


_PARTS = st.sampled_from([
    "<!channel>", "<!here>", "<@U0ALICE>", "<#C0X|y>", "@channel", "<https://evil.example|bank>", "# ", "## ", "- ",
    "1. ", "   - ", "> ", "```\n", "`", "**", "*", "~~", "| a | b |\n|---|---|\n| 1 | 2 |\n", "[a](", "](", ")", "![",
    "https://lumora.example/", "javascript:alert(1)", "\n", "\n\n", "---\n", "&amp;", "&", "\\", " ", "{first_name}",
    "x" * 3_001, "ß" * 151, "999999999. ", "http://[::1", "mailto:", "https://", "\u202e", "\u00a0", "\x07",
])  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(st.lists(st.one_of(_PARTS, st.text(max_size=20)), max_size=30).map("".join))
def test_any_markdown_stays_within_the_limits_and_calls_nobody(markdown: str) -> None:
    for post in posts(markdown):
        blocks = [piece.block for piece in post]
        assert block_faults(blocks) == []
        assert len(blocks) <= BLOCKS
        assert len(json.dumps([piece.said for piece in post], ensure_ascii=False)) < POST + 5_000
        for part in _parts(blocks):
            assert part.get("type") in _KINDS, part
            assert len(str(part.get("text", ""))) <= 3_000 or isinstance(part["text"], dict)
            assert str(part.get("url", "https:")).startswith(("https:", "http:", "mailto:"))


_KINDS = {
    "rich_text", "rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted", "text", "link",
    "header", "plain_text", "divider",
}  # fmt: skip
"""None of them is read for marks, and none is a mention."""


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "type" in value:
            yield value
        for inside in value.values():
            yield from _parts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _parts(inside)
