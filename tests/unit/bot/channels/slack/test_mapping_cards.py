"""Cards about channels keep to Slack's schema and lengths, whatever channels, partners and teams are called."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from bot.channels.slack.blocks.mapping import MODE, MODES, PARTNER, TEAM, MapAct, Menu, act_of, asking, paused
from tests.fakes.slack.contract import faults

NAMES = st.text(max_size=200)


def lawful(blocks: list[dict[str, Any]]) -> None:
    arguments = {"channel": "C1", "text": "x", "blocks": json.dumps(blocks)}
    assert faults("chat.postMessage", arguments) == []
    for block in blocks:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()


@settings(max_examples=15, deadline=None)
@given(NAMES, st.lists(NAMES, max_size=5), st.lists(NAMES, min_size=1, max_size=120), st.lists(NAMES, max_size=3))
def test_the_card_that_asks_is_lawful(title: str, told: list[str], partners: list[str], teams: list[str]) -> None:
    menus = (
        Menu(PARTNER, "Partner", tuple(partners), 0),
        Menu(TEAM, "The partner's workspace", tuple(teams)),
        Menu(MODE, "What is answered", tuple(words for _, words in MODES), 1),
    )
    lawful(asking(title, told, menus, "button", "or in words"))


@settings(max_examples=10, deadline=None)
@given(NAMES, st.lists(st.text(max_size=4_000), max_size=3))
def test_the_card_of_a_pause_is_lawful(title: str, told: list[str]) -> None:
    lawful(paused(title, told, "button", "or in words"))


def test_nothing_of_the_channel_stands_in_a_button_or_a_menu() -> None:
    blocks = asking("Whose?", ("#ext-x (C0X)",), (Menu(PARTNER, "Partner", ("Acme",), 0),), "opaque", "words")
    values = {e["value"] for b in blocks if b["type"] == "actions" for e in b["elements"] if e["type"] == "button"}
    options = [
        o["value"] for b in blocks if b["type"] == "actions" for e in b["elements"] for o in e.get("options", ())
    ]
    assert (values, options) == ({"opaque"}, ["0"])


def test_words_of_others_are_no_marks() -> None:
    (_, section, *_) = asking("Whose?", ("<!channel> & <https://evil.example|Acme>",), (), "b", "how")
    assert section["text"]["text"] == "&lt;!channel&gt; &amp; &lt;https://evil.example|Acme&gt;"


@pytest.mark.parametrize(("action", "act"), [("map:map", MapAct.MAP), ("map:resume", MapAct.RESUME)])
def test_an_act_is_known_by_its_action(action: str, act: MapAct) -> None:
    assert act_of(action) is act


@pytest.mark.parametrize("action", ["map:partner", "map:", "brief:map", "map", "", "map:MAP"])
def test_anything_else_is_no_act(action: str) -> None:
    assert act_of(action) is None
