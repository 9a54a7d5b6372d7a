"""What Slack would refuse in blocks and would let nobody know before: each limit of its documentation."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.slack.contract import block_faults


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def marked(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": "a", "text": plain("x"), **more}


def option(text: str, value: str) -> dict[str, Any]:
    return {"text": plain(text), "value": value}


def menu(**more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "s", "placeholder": plain("x"), "options": [option("a", "1")], **more}


CASES: dict[str, list[dict[str, Any]]] = {
    "empty section": [{"type": "section", "text": marked("")}],
    "section nothing": [{"type": "section"}],
    "field long": [{"type": "section", "fields": [marked("x" * 2001)]}],
    "11 fields": [{"type": "section", "fields": [marked("x")] * 11}],
    "header mrkdwn": [{"type": "header", "text": marked("x")}],
    "header long": [{"type": "header", "text": plain("x" * 151)}],
    "actions empty": [{"type": "actions", "elements": []}],
    "26 actions": [{"type": "actions", "elements": [button(action_id=str(i)) for i in range(26)]}],
    "dup action": [{"type": "actions", "elements": [button(), button()]}],
    "btn text long": [{"type": "actions", "elements": [button(text=plain("x" * 76))]}],
    "btn val long": [{"type": "actions", "elements": [button(value="x" * 2001)]}],
    "btn style": [{"type": "actions", "elements": [button(style="default")]}],
    "action id long": [{"type": "actions", "elements": [button(action_id="x" * 256)]}],
    "sel none": [{"type": "actions", "elements": [menu(options=[])]}],
    "sel 101": [{"type": "actions", "elements": [menu(options=[option(str(i), str(i)) for i in range(101)])]}],
    "opt long": [{"type": "actions", "elements": [menu(options=[option("x" * 76, "1")])]}],
    "opt val long": [{"type": "actions", "elements": [menu(options=[option("x", "1" * 151)])]}],
    "initial not": [{"type": "actions", "elements": [menu(initial_option=option("b", "2"))]}],
    "dup opt val": [{"type": "actions", "elements": [menu(options=[option("b", "2"), option("c", "2")])]}],
    "markdown long": [{"type": "markdown", "text": "x" * 12001}],
    "context 11": [{"type": "context", "elements": [marked("x")] * 11}],
    "context empty": [{"type": "context", "elements": []}],
    "block id long": [{"type": "divider", "block_id": "x" * 256}],
    "image no": [{"type": "image", "alt_text": "x"}],
    "image alt": [{"type": "image", "image_url": "https://x/y.png"}],
    "alt long": [{"type": "image", "image_url": "https://x/y.png", "alt_text": "x" * 2001}],
    "rich empty text": [
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}]}
    ],
    "raw empty": [{"type": "table", "rows": [[{"type": "raw_text", "text": ""}]]}],
    "table 101": [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 101}],
    "ctx actions 6": [
        {
            "type": "context_actions",
            "elements": [
                {"type": "icon_button", "icon": "trash", "text": plain("d"), "action_id": str(i)} for i in range(6)
            ],
        }
    ],
    "placeholder": [{"type": "actions", "elements": [menu(placeholder=plain("x" * 151))]}],
    "confirm": [
        {
            "type": "actions",
            "elements": [
                button(
                    confirm={"title": plain("x" * 101), "text": plain("x"), "confirm": plain("y"), "deny": plain("n")}
                )
            ],
        }
    ],
    "input label": [
        {"type": "input", "label": plain("x" * 2001), "element": {"type": "plain_text_input", "action_id": "a"}}
    ],
    "input placeholder": [
        {
            "type": "input",
            "label": plain("x"),
            "element": {"type": "plain_text_input", "action_id": "a", "placeholder": plain("x" * 151)},
        }
    ],
    "hint": [
        {
            "type": "input",
            "label": plain("x"),
            "hint": plain("x" * 2001),
            "element": {"type": "plain_text_input", "action_id": "a"},
        }
    ],
    "max_length": [
        {
            "type": "input",
            "label": plain("x"),
            "element": {"type": "plain_text_input", "action_id": "a", "max_length": 3001},
        }
    ],
    "url long": [{"type": "actions", "elements": [button(url="https://x/" + "x" * 3001)]}],
    "checkbox 11": [
        {
            "type": "input",
            "label": plain("x"),
            "element": {"type": "checkboxes", "action_id": "a", "options": [option(str(i), str(i)) for i in range(11)]},
        }
    ],
    "date": [
        {
            "type": "input",
            "label": plain("x"),
            "element": {"type": "datepicker", "action_id": "a", "initial_date": "2026-1-1"},
        }
    ],
}


@pytest.mark.parametrize("blocks", CASES.values(), ids=CASES.keys())
def test_what_slack_would_refuse_is_a_fault(blocks: list[dict[str, Any]]) -> None:
    assert block_faults(blocks) != []


def test_what_slack_takes_is_none() -> None:
    last = [option(f"{number}", f"{number}") for number in range(100)]
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": plain("x" * 150)},
        {"type": "section", "text": marked("x" * 3000), "fields": [marked("x" * 2000)] * 10},
        {
            "type": "actions",
            "elements": [button(text=plain("x" * 75), value="x" * 2000), menu(options=last, initial_option=last[9])],
        },
        {"type": "context", "elements": [marked("x")] * 10},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 20] * 100},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]},
        {"type": "image", "image_url": "https://pictures.example/a.png", "alt_text": "x" * 2000},
    ]
    assert block_faults(blocks) == []
