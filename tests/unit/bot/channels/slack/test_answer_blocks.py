"""Answers as Slack gets them: whatever they say, each post is within Slack's limits and no word of it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.channels.slack.blocks import pressing
from bot.channels.slack.blocks.answers import blocks
from bot.channels.slack.blocks.meter import WIDTH, meter
from bot.storage.slack_answers import posts, said
from bot.vocabulary.layout import Block, Column, Listing, Paragraph, Quotation, Row, Table
from bot.vocabulary.message import ReplyAddress
from bot.vocabulary.portions import WEIGHT, weight
from bot.vocabulary.reply import Reply
from tests.fakes.slack.contract import block_faults

HERE = ReplyAddress(slack_channel="C0PARTNER", slack_thread_ts="1.000100")
HOSTILE = (
    "<!channel> <@U0BOSS> &lt;", "*bold* _it_ ~x~ `code` ```\nblock```", "<https://evil.example|bank>", ":tada: :+1:",
    "\u202eright to left\u202c", "שלום עולם", "مرحبا", "&" * 1_100, "x" * 4_000, "ß\u0301" * 50, "- \n\n\n • ", "",
    "https://lumora.example/a?b=1&c=2, and (https://lumora.example).",
)  # fmt: skip

words = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(codec="utf-8"), max_size=300))
rows = st.builds(Row, words, st.lists(words, min_size=1, max_size=4).map(tuple), st.one_of(st.none(), st.floats(0, 1)))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    width = draw(st.sampled_from((1, 2, 4, 13)))
    columns = draw(st.lists(st.builds(Column, words, st.booleans(), st.booleans()), min_size=width, max_size=width))
    line = st.lists(words, min_size=width, max_size=width).map(tuple)
    return Table(tuple(columns), tuple(draw(st.lists(line, max_size=2))) * draw(st.sampled_from((1, 1, 6))))


layouts = st.lists(
    st.one_of(
        st.builds(Paragraph, words),
        st.builds(Quotation, words),
        st.builds(Listing, st.lists(rows, max_size=6).map(tuple)),
        tables(),
    ),
    max_size=4,
).map(tuple)


def texts(found: Any) -> Iterator[str]:
    """Every text in blocks, in the order in which it is read."""
    match found:
        case {"type": "link", "url": url}:
            yield url
        case {"text": str(text)}:
            yield text
        case dict():
            for value in found.values():
                yield from texts(value)
        case list():
            for value in found:
                yield from texts(value)


def squeezed(text: str) -> str:
    return "".join(text.split())


def of(layout: tuple[Block, ...]) -> Iterator[str]:
    """Every word that a layout says."""
    for block in layout:
        match block:
            case Paragraph(text) | Quotation(text):
                yield text
            case Listing(found):
                for row in found:
                    yield from (row.label, *row.values)
            case Table(_, cells):
                for line in cells:
                    yield from line


@settings(max_examples=25, deadline=None)
@given(layouts)
@example((Table((Column("Deal"), Column("Value", figures=True)), (("D-1", "€ 1"),) * 60),))
@example((Paragraph("&" * 6_000),))
def test_whatever_is_said_each_post_is_what_slack_takes_and_every_character_is_there(layout: tuple[Block, ...]) -> None:
    made = posts(HERE, Reply("text", "en", layout))
    shown = [blocks(payload) for payload in made]
    for payload, post in zip(made, shown, strict=True):
        assert block_faults(post) == []
        assert len(post) <= 32
        assert len(made) == 1 or weight(payload["text"]) <= WEIGHT
        assert sum(len(text) for text in texts(post)) <= 4_000
    read = squeezed("".join(texts(shown)))
    for word in of(layout):
        # A long word may go on in the next post, behind heads that are said again.
        assert squeezed(word)[:200] in read


def test_words_are_shown_as_they_are_and_only_real_addresses_are_links() -> None:
    (paragraph,) = blocks(posts(HERE, Reply("t", "en", (Paragraph("See <!channel> https://lumora.example/x."),)))[0])
    (section,) = paragraph["elements"]
    assert section["elements"] == [
        {"type": "text", "text": "See <!channel> "},
        {"type": "link", "url": "https://lumora.example/x"},
        {"type": "text", "text": "."},
    ]


def test_a_table_is_a_table_and_a_second_one_a_list() -> None:
    deals = Table((Column("Deal"), Column("Value", figures=True)), (("D-1", "€ 1"), ("D-2", "")))
    first, second = blocks(posts(HERE, Reply("t", "en", (deals, deals)))[0])
    assert first["type"] == "table"
    assert first["column_settings"][1] == {"align": "right"}
    assert [[next(texts(cell)) for cell in row] for row in first["rows"]] == [
        ["Deal", "Value"], ["D-1", "€ 1"], ["D-2", "–"],
    ]  # fmt: skip
    assert second["type"] == "rich_text"


def test_a_long_table_is_cut_and_says_its_heads_again() -> None:
    table = Table((Column("Deal"), Column("Value")), tuple((f"D-{n}", f"€ {n}") for n in range(120)))
    made = posts(HERE, Reply("whole", "en", (Paragraph("Hello"), table)))
    assert len(made) > 1
    assert all("Deal" in "".join(texts(blocks(payload))) for payload in made)
    told = [
        next(texts(row[0])) for payload in made for block in blocks(payload) if "rows" in block for row in block["rows"]
    ]
    assert [name for name in told if name != "Deal"] == [f"D-{n}" for n in range(120)]
    assert said(made[0]) == "whole"
    assert "whole" not in made[1]


def test_an_answer_that_is_only_text_goes_in_parts_between_its_paragraphs() -> None:
    paragraphs = ["a" * 1_500, "b" * 1_500, "c" * 20]
    made = posts(HERE, Reply("\n\n".join(paragraphs), "en"))
    assert [payload["text"] for payload in made] == [paragraphs[0], "\n\n".join(paragraphs[1:])]
    assert blocks(made[0]) == []


@pytest.mark.parametrize(
    ("share", "full"), [(0.0, 0), (0.004, 1), (0.5, 5), (0.999, 9), (1.0, 10), (7.0, 10), (-1.0, 0), (float("nan"), 0)]
)
def test_a_bar_is_full_only_where_all_of_it_is_reached(share: float, full: int) -> None:
    assert meter(share) == "▰" * full + "▱" * (WIDTH - full)


def test_what_is_about_a_goal_has_its_bar() -> None:
    listing = Listing((Row("Revenue", ("€ 5 of € 10",), 0.5), Row("", ("other",))))
    (block,) = blocks(posts(HERE, Reply("t", "en", (listing,)))[0])
    first, second = block["elements"][0]["elements"]
    assert [part["text"] for part in first["elements"]] == ["Revenue: ", "€ 5 of € 10", "\n▰▰▰▰▰▱▱▱▱▱"]
    assert len(second["elements"]) == 1


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(words, st.lists(st.tuples(words, st.sampled_from(("", "primary", "danger", "odd"))), max_size=120)),
        max_size=10,
    ),
    st.lists(words, max_size=14),
    st.booleans(),
)
def test_whatever_may_be_pressed_is_within_slacks_limits_and_is_known_again(
    groups: list[tuple[str, list[tuple[str, str]]]], lines: list[str], judged: bool
) -> None:
    offered = [
        {"id": str(uuid4()), "prompt": prompt, "labels": [list(label) for label in labels]} for prompt, labels in groups
    ]
    payload: dict[str, Any] = {"layout": [{"paragraph": "Hello"}], "choices": offered, "chosen": lines}
    payload |= {"judgement": {"id": str(uuid4()), "labels": ["Helpful", "Not helpful"]}} if judged else {}
    post = blocks(payload)
    assert block_faults(post) == []
    assert len({one["action_id"] for one in pressable(post)}) == len(pressable(post))
    known = [pressing.pressed(one["action_id"], value) for one in pressable(post) for value in values(one)]
    shown = [(g["id"], place) for g in offered for place in range(min(len(g["labels"]), 100))]
    assert known[: len(shown)] == shown
    assert None not in known


def pressable(post: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for block in post if block["type"] in ("actions", "context_actions") for one in block["elements"]]


def values(one: dict[str, Any]) -> list[str]:
    if one["type"] == "static_select":
        return [option["value"] for option in one["options"]]
    if one["type"] == "feedback_buttons":
        return [one["positive_button"]["value"], one["negative_button"]["value"]]
    return [one["value"]]


_KNOWN = "7d1f60c4-6c0b-4b7e-9c39-4f3f6f1f2a10"


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("brief:approve", f"{_KNOWN}.0"),
        ("say:0.0", ""),
        ("say:0.0", "no-id.0"),
        ("say:0.0", _KNOWN),
        ("say:0.0", f"{_KNOWN}.-1"),
        ("say:0.0", f"{_KNOWN}.1000"),
        ("say:0.0", f"{_KNOWN}.0\n"),
        ("say:0.0", f"{_KNOWN}.٣"),
    ],
)
def test_what_we_did_not_put_there_is_no_button_of_ours(action: str, value: str) -> None:
    assert pressing.pressed(action, value) is None
