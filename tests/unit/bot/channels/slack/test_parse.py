"""What is read of presses, forms, shortcuts and commands, and what stops."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.edge.events import Stop
from bot.channels.slack.edge.interactions import Command, Person, Shortcut, Submission, ViewPress
from bot.channels.slack.edge.parse import command, interaction
from bot.channels.slack.edge.presses import Press
from tests.shared_folder import shared

HOME = "T0HOME"
TS = "1790000001.000100"
NOOR = {"id": "U0NOOR", "team_id": HOME, "name": "noor"}


def press(**changes: Any) -> dict[str, Any]:
    action = {"action_id": "say:yes", "action_ts": TS, "value": "b-1", "type": "button"}
    place = {"type": "message", "message_ts": TS, "channel_id": "C0PARTNER"}
    payload = {"type": "block_actions", "user": NOOR, "channel": {"id": "C0PARTNER"}, "container": place}
    return payload | {"actions": [action], "trigger_id": "1.2.x"} | changes


def view(**changes: Any) -> dict[str, Any]:
    return {
        "id": "V01", "type": "modal", "callback_id": "announce", "private_metadata": "f-1", "hash": "1.a",
        "app_installed_team_id": HOME, "state": {"values": VALUES},
    } | changes  # fmt: skip


VALUES: dict[str, Any] = {
    "one": {"subject": {"type": "plain_text_input", "value": "News"}},
    "two": {"empty": {"type": "plain_text_input", "value": None}},
    "three": {"tier": {"type": "multi_static_select", "selected_options": [{"value": "gold"}, {"value": "silver"}]}},
    "four": {"region": {"type": "static_select", "selected_option": {"value": "nordics", "text": {"type": "x"}}}},
    "five": {"none": {"type": "static_select", "selected_option": None}},
    "six": {"day": {"type": "datepicker", "selected_date": "2026-12-01"}, "at": {"selected_time": "09:30"}},
    "seven": {"moment": {"type": "datetimepicker", "selected_date_time": 1796000000}},
    "eight": {"who": {"type": "users_select", "selected_user": "U1"}},
    "nine": {"whom": {"type": "multi_users_select", "selected_users": ["U1", "U2"]}},
}
FILLED = {
    "subject": "News", "empty": "", "tier": "gold\nsilver", "region": "nordics", "none": "", "day": "2026-12-01",
    "at": "09:30", "moment": "1796000000", "who": "U1", "whom": "U1\nU2",
}  # fmt: skip


def submitted(**changes: Any) -> dict[str, Any]:
    return {"type": "view_submission", "user": NOOR, "team": {"id": "T0ELSE"}, "view": view()} | changes


def test_a_button_in_a_post_says_who_pressed_what_and_where() -> None:
    found = interaction(press(), HOME)
    assert found == Press("C0PARTNER", TS, TS, "U0NOOR", HOME, "say:yes", TS, "b-1")


@pytest.mark.parametrize(
    "chosen",
    [
        {"type": "static_select", "selected_option": {"value": "b-1"}},
        {"type": "overflow", "selected_option": {"value": "b-1"}},
        {"type": "feedback_buttons", "value": "b-1"},
    ],
)
def test_a_choice_from_a_list_is_a_press_too(chosen: dict[str, Any]) -> None:
    found = interaction(press(actions=[{"action_id": "say:deal", "action_ts": TS, **chosen}]), HOME)
    assert isinstance(found, Press)
    assert found.value == "b-1"


def test_what_else_is_chosen_in_the_post_comes_with_the_press_and_is_kept_with_it() -> None:
    found = interaction(press(state={"values": {"b": {"map:partner": {"selected_option": {"value": "o-7"}}}}}), HOME)
    assert isinstance(found, Press)
    assert found.filled == (("map:partner", "o-7"),)
    assert Press.of(json.loads(found.raw)) == found


def test_a_button_that_opens_a_form_is_none_to_be_kept() -> None:
    found = interaction(press(actions=[{"action_id": "counter:decide", "action_ts": TS, "value": "b-1"}]), HOME)
    assert isinstance(found, ViewPress)
    assert (found.action, found.value, found.by.user, found.view, found.home) == (
        "counter:decide", "b-1", "U0NOOR", "", False,
    )  # fmt: skip
    assert found.trigger


def test_a_press_kept_before_posts_had_fields_is_read() -> None:
    kept = json.loads(Press("C1", TS, TS, "U1", HOME, "brief:approve", TS, "b-1").raw)
    del kept["filled"]
    assert Press.of(kept).filled == ()


def test_a_form_sent_off_says_every_field_by_its_name() -> None:
    found = interaction(submitted(), HOME)
    assert isinstance(found, Submission)
    assert (found.by, found.callback, found.view, found.meta) == (Person("U0NOOR", HOME), "announce", "V01", "f-1")
    assert found.filled == FILLED


def test_the_same_form_sent_off_twice_is_the_same_and_a_mended_one_is_another() -> None:
    once, twice = interaction(submitted(trigger_id="1"), HOME), interaction(submitted(trigger_id="2"), HOME)
    mended = interaction(submitted(view=view(state={"values": {}})), HOME)
    other = interaction(submitted(user=NOOR | {"id": "U0OTHER"}), HOME)
    keys = [found.key for found in (once, twice, mended, other) if isinstance(found, Submission)]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_a_press_in_a_form_and_in_the_home_tab() -> None:
    form = interaction(press(view=view(), container={"type": "view", "view_id": "V01"}, channel=None), HOME)
    assert isinstance(form, ViewPress)
    assert (form.action, form.value, form.trigger, form.view, form.meta) == ("say:yes", "b-1", "1.2.x", "V01", "f-1")
    assert (form.home, form.filled) == (False, FILLED)
    home = interaction(press(view=view(type="home", state=None), channel=None), HOME)
    assert isinstance(home, ViewPress)
    assert (home.home, home.filled) == (True, {})


def test_a_shortcut_on_a_message_has_its_text_as_slack_writes_it() -> None:
    payload = {"type": "message_action", "callback_id": "announce_this", "user": NOOR, "trigger_id": "1.2.x"}
    said = payload | {"channel": {"id": "C1"}, "message": {"ts": TS, "text": "*New* prices &amp; terms"}}
    found = interaction(said, HOME)
    assert found == Shortcut(
        Person("U0NOOR", HOME), "announce_this", "1.2.x", "C1", TS, "*New* prices &amp; terms"
    )  # fmt: skip
    assert interaction(payload | {"type": "shortcut"}, HOME) == Shortcut(
        Person("U0NOOR", HOME), "announce_this", "1.2.x"
    )  # fmt: skip
    assert interaction(payload, HOME) is Stop.MALFORMED


@pytest.mark.parametrize(
    ("payload", "stop"),
    [
        ({}, Stop.MALFORMED),
        ({"type": "view_closed", "user": NOOR, "view": view()}, Stop.UNKNOWN_EVENT),
        (press(user={"id": "../etc"}), Stop.MALFORMED),
        (press(actions=[{"action_id": "link", "action_ts": TS}]), Stop.UNKNOWN_EVENT),
        (press(actions=[{"action_id": "say:yes", "action_ts": "now"}]), Stop.MALFORMED),
        (press(actions=[{"action_id": "say:" + "x" * 300, "action_ts": TS}]), Stop.UNKNOWN_EVENT),
        (press(actions=[{"action_id": "say:yes", "action_ts": TS}] * 2), Stop.UNKNOWN_EVENT),
        (press(channel={"id": "c-1"}), Stop.MALFORMED),
        (press(state={"values": {str(n): {f"f{n}": {"value": "x"}} for n in range(101)}}), Stop.MALFORMED),
        (press(state={"values": {"b": {"f": {"value": "x" * 40_001}}}}), Stop.MALFORMED),
        (press(state={"values": {"b": {"f\n": {"value": "x"}}}}), Stop.MALFORMED),
        (submitted(view=None), Stop.MALFORMED),
        (submitted(view=view(app_installed_team_id="T0ELSE")), Stop.OTHER_TEAM),
        (submitted(view=view(private_metadata="x" * 3_001)), Stop.MALFORMED),
        (submitted(view=view(callback_id="")), Stop.MALFORMED),
        (submitted(view=view(state={"values": {"b": []}})), Stop.MALFORMED),
    ],
)
def test_what_is_of_another_shape_or_size_stops(payload: dict[str, Any], stop: Stop) -> None:
    assert interaction(payload, HOME) is stop


def test_a_command_is_what_was_typed_and_where() -> None:
    form = {
        "user_id": "U0NOOR",
        "team_id": HOME,
        "command": "/partners",
        "text": " approve 1042 ",
        "trigger_id": "1.2.x",
    }
    found = command(form | {"channel_id": "C1", "token": "legacy"})
    assert found == Command(Person("U0NOOR", HOME), "/partners", "approve 1042", "C1", "1.2.x")
    assert isinstance(command(form | {"channel_id": "D1", "text": ""}), Command)
    for wrong in (
        {}, form, form | {"channel_id": "C1", "user_id": "u"}, form | {"channel_id": "C1", "command": "partners"},
        form | {"channel_id": "C1", "text": "x" * 40_001}, form | {"channel_id": "C1", "text": ["a"]},
    ):  # fmt: skip
        assert command(wrong) is Stop.MALFORMED


_NAMES = ["type", "user", "id", "channel", "container", "actions", "action_id", "view", "state", "values", "message"]
_KINDS = ["block_actions", "view_submission", "shortcut", "message_action", "say:yes", TS, "U0NOOR"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(_KINDS),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=5),
        max_leaves=20,
    )
)
def test_whatever_is_delivered_is_read_or_stops(value: Any) -> None:
    payload = value if isinstance(value, dict) else {"type": "block_actions", "actions": value}
    assert isinstance(interaction(payload, HOME), Stop | Press | ViewPress | Submission | Shortcut)
    assert isinstance(command(payload), Stop | Command)


def _sample(name: str) -> dict[str, Any]:
    root = shared()
    if root is None:
        pytest.skip("Slack's samples are not at hand")
    payload: dict[str, Any] = json.loads((root / "contracts/slack/samples" / f"{name}Payload.json").read_text("utf-8"))
    # Slack's samples leave every text empty.
    payload["user"]["id"] = "U0NOOR"
    return payload


@pytest.mark.shared
def test_slacks_own_samples_are_of_the_shape_we_read() -> None:
    presses = _sample("BlockAction")
    presses["actions"] = presses["actions"][:1]
    presses["actions"][0] |= {"action_id": "say:yes", "action_ts": TS}
    presses["channel"]["id"], presses["container"]["message_ts"] = "C1", TS
    presses["container"]["thread_ts"] = TS
    assert isinstance(interaction(presses, ""), Press | ViewPress)
    form = _sample("ViewSubmission")
    form["view"] |= {"id": "V1", "callback_id": "announce"}
    assert isinstance(interaction(form, ""), Submission)
    shortcut = _sample("MessageShortcut") | {"callback_id": "announce_this"}
    shortcut["channel"]["id"], shortcut["message"]["ts"] = "C1", TS
    assert isinstance(interaction(shortcut, ""), Shortcut)
