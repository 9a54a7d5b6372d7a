"""What is taken from a delivery, and what stops."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.api.installation import Installation
from bot.channels.slack.edge.events import (
    HOME_OPENED,
    MESSAGE_EVENTS,
    NOTICE_EVENTS,
    SlackEvent,
    Stop,
    admit,
    is_well_formed,
    our_team,
)
from tests.shared_folder import shared

OWN = Installation("T0HOME", "U0BOT")
NOW = datetime(2026, 11, 26, tzinfo=UTC)
MANIFEST = Path(__file__).resolve().parents[5] / "docs" / "slack-manifest.yaml"


def delivery(**event: Any) -> dict[str, Any]:
    post = {"type": "message", "channel": "C1", "user": "U1", "ts": "1790000001.000100", "text": "hi"}
    return {
        "type": "event_callback",
        "team_id": "T0AWAY",
        "authorizations": [{"team_id": "T0HOME"}],
        "event_id": "Ev1",
        "event": post | event,
    }


def admitted(payload: dict[str, Any]) -> SlackEvent | Stop:
    return admit(json.dumps(payload).encode(), payload, OWN, NOW)


def test_our_team_is_never_the_outer_one() -> None:
    assert our_team(delivery()) == "T0HOME"
    assert our_team({"team_id": "T0AWAY"}) == ""
    assert our_team({"team_id": "T0AWAY", "context_team_id": "T0HOME"}) == "T0HOME"
    assert our_team({"authorizations": [{"team_id": None}], "context_team_id": "T0HOME"}) == "T0HOME"


def test_mention_and_message_have_one_key() -> None:
    message, mention = admitted(delivery()), admitted(delivery(type="app_mention") | {"team_id": "T0HOME"})
    assert isinstance(message, SlackEvent)
    assert isinstance(mention, SlackEvent)
    assert message.key == mention.key == ("T0HOME", "C1", "1790000001.000100")


def test_the_same_moment_in_two_channels_is_two_messages() -> None:
    one, other = admitted(delivery()), admitted(delivery(channel="C2"))
    assert isinstance(one, SlackEvent)
    assert isinstance(other, SlackEvent)
    assert one.key != other.key


def test_an_event_without_an_id_is_still_taken() -> None:
    payload = delivery()
    del payload["event_id"]
    found = admitted(payload)
    assert isinstance(found, SlackEvent)
    assert found.event_id == ""


@given(
    st.dictionaries(
        st.sampled_from(["channel", "user", "ts", "subtype", "bot_id", "text"]),
        st.from_type(type(None)) | st.text() | st.integers() | st.lists(st.text(), max_size=2),
    )
)
def test_whatever_an_event_holds_it_is_taken_or_stopped(event: dict[str, Any]) -> None:
    payload = delivery(**event)
    if is_well_formed(payload):
        found = admitted(payload)
        assert isinstance(found, Stop) or found.key[1:] == (payload["event"]["channel"], payload["event"]["ts"])


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["type", "event", "team", "user", "authorizations"]), inner, max_size=4)
        ),
    )
)
def test_any_json_is_well_formed_or_not(value: Any) -> None:
    if isinstance(value, dict):
        assert is_well_formed(value) in {True, False}


def test_the_manifest_subscribes_to_what_has_a_listener_and_to_nothing_else() -> None:
    text = MANIFEST.read_text(encoding="utf-8")
    listed = re.search(r"bot_events:\n((?: +- \S+\n)+)", text)
    assert listed is not None
    subscribed = {name.split(".")[0] for name in re.findall(r"- (\S+)", listed[1])}
    assert subscribed == {*MESSAGE_EVENTS, *NOTICE_EVENTS, HOME_OPENED}


@pytest.mark.shared
@pytest.mark.parametrize(
    "sample",
    [
        "AppHomeOpened",
        "AppMention",
        "AppUninstalled",
        "ChannelArchive",
        "ChannelIdChanged",
        "ChannelShared",
        "ChannelUnshared",
        "MemberJoinedChannel",
        "MemberLeftChannel",
        "MessageBot",
        "MessageChanged",
        "MessageDeleted",
        "MessageFileShare",
        "Message",
        "TokensRevoked",
    ],
)
def test_slacks_own_samples_are_well_formed(sample: str) -> None:
    root = shared()
    if root is None:
        pytest.skip("Slack's samples are not at hand")
    payload = json.loads((root / "contracts" / "slack" / "samples" / f"{sample}Payload.json").read_text("utf-8"))
    payload["type"] = "event_callback"
    assert is_well_formed(payload)
    assert payload["event"]["type"] in {*MESSAGE_EVENTS, *NOTICE_EVENTS, HOME_OPENED}
