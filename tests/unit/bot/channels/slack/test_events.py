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
    Change,
    SlackEvent,
    Stop,
    admit,
    as_written,
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


EARLIER = {"type": "message", "user": "U1", "team": "T0AWAY", "ts": "1790000001.000100", "text": "100 seats"}
EDITED = EARLIER | {"text": "120 seats", "edited": {"user": "U1", "ts": "1790000060.000000"}}
STONE = {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "ts": "1790000001.000100", "text": "deleted"}


def changed(message: dict[str, Any] | None, previous: dict[str, Any] | None, **event: Any) -> dict[str, Any]:
    about = {"subtype": "message_changed", "ts": "1790000060.000200", "user": None, "text": None, "hidden": True}
    posts = {"message": message, "previous_message": previous}
    return delivery(**about | {name: post for name, post in posts.items() if post is not None} | event)


def deleted(previous: dict[str, Any] | None = EARLIER) -> dict[str, Any]:
    return changed(None, previous, subtype="message_deleted", deleted_ts="1790000001.000100")


def test_an_edit_is_one_more_message_about_the_same_post() -> None:
    found = admitted(changed(EDITED, EARLIER))
    assert isinstance(found, SlackEvent)
    assert (found.change, found.ts) == (Change.EDITED, "1790000001.000100")
    assert found.key == ("T0HOME", "C1", "1790000001.000100", "edited", "1790000060.000000")
    post = as_written(found.payload["event"])
    assert (post["user"], post["text"], post["channel"], post["ts"]) == ("U1", "120 seats", "C1", found.ts)


def test_a_second_edit_is_another_and_the_same_edit_again_is_not() -> None:
    once, again = admitted(changed(EDITED, EARLIER)), admitted(changed(EDITED, EARLIER) | {"event_id": "Ev2"})
    more = admitted(changed(EDITED | {"text": "130", "edited": {"ts": "1790000090.000000"}}, EDITED))
    assert isinstance(once, SlackEvent)
    assert isinstance(again, SlackEvent)
    assert isinstance(more, SlackEvent)
    assert once.key == again.key != more.key


def test_a_post_taken_back_is_about_what_stood_there() -> None:
    found = admitted(deleted())
    assert isinstance(found, SlackEvent)
    assert (found.change, found.key) == (Change.DELETED, ("T0HOME", "C1", "1790000001.000100", "deleted"))
    assert as_written(found.payload["event"])["text"] == "100 seats"


def test_the_first_post_of_a_thread_is_taken_back_by_a_stone_in_its_place() -> None:
    stone, plain = admitted(changed(STONE, EARLIER)), admitted(deleted())
    assert isinstance(stone, SlackEvent)
    assert isinstance(plain, SlackEvent)
    assert stone.key == plain.key
    assert as_written(stone.payload["event"])["user"] == "U1"


@pytest.mark.parametrize(
    ("payload", "stop"),
    [
        (changed(EARLIER | {"attachments": [{"title": "a link"}]}, EARLIER), Stop.UNCHANGED),
        (changed(EARLIER | {"reply_count": 1}, EARLIER), Stop.UNCHANGED),
        (changed(EDITED | {"reply_count": 1}, EDITED), Stop.UNCHANGED),
        (changed(EDITED | {"user": "U0BOT"}, EARLIER), Stop.OWN_POST),
        (changed(EDITED | {"bot_id": "B1"}, EARLIER), Stop.BOT_POST),
        (changed(EDITED | {"bot_profile": {"id": "B1"}}, EARLIER), Stop.BOT_POST),
        (changed(STONE, STONE), Stop.BOT_POST),
        (changed(EDITED | {"ts": "now"}, EARLIER), Stop.MALFORMED),
        (changed(EDITED | {"edited": {"ts": "now"}}, EARLIER), Stop.MALFORMED),
        (changed(EDITED | {"user": None}, EARLIER), Stop.MALFORMED),
        (changed(None, None), Stop.UNCHANGED),
        (deleted(EARLIER | {"bot_id": "B1", "user": "U0BOT"}), Stop.OWN_POST),
        (deleted(None), Stop.MALFORMED),
    ],
)
def test_what_is_no_change_by_a_person_stops(payload: dict[str, Any], stop: Stop) -> None:
    assert is_well_formed(payload)
    assert admitted(payload) is stop


@pytest.mark.parametrize("sign", ["bot_id", "bot_profile", "app_id", "workflow_id"])
def test_an_app_that_posts_in_somebodys_name_is_a_machine(sign: str) -> None:
    assert admitted(delivery(**{sign: {"id": "A1"} if sign == "bot_profile" else "A1"})) is Stop.BOT_POST


@given(
    st.dictionaries(
        st.sampled_from(["channel", "user", "ts", "subtype", "bot_id", "text", "message", "previous_message"]),
        st.none()
        | st.text()
        | st.sampled_from(["message_changed", "message_deleted"])
        | st.lists(st.text(), max_size=2)
        | st.dictionaries(st.sampled_from(["user", "ts", "text", "edited", "subtype"]), st.none() | st.text()),
    )
)
def test_whatever_an_event_holds_it_is_taken_or_stopped(event: dict[str, Any]) -> None:
    payload = delivery(**event)
    if is_well_formed(payload):
        found = admitted(payload)
        post = as_written(payload["event"])
        assert isinstance(found, Stop) or found.key[1:3] == (post["channel"], post["ts"])


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
