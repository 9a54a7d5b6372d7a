"""The app manifest asks for what the agent calls and subscribes to, and says where Slack reaches it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.slack.edge.events import HOME_OPENED, NOTICE_EVENTS
from bot.channels.slack.setup.manifest import COSMETIC, SCOPES, manifest
from bot.channels.slack.setup.rendering import as_json, as_yaml
from tests.shared_folder import shared

ROOT = Path(__file__).resolve().parents[5]
ADDRESS = "https://partners.acme.example:8443/agent"
METHOD = re.compile(r'"((?:chat|conversations|files|reactions|team|users|views|assistant\.threads)\.[A-Za-z]+)"')


def test_the_file_of_the_docs_is_the_one_that_the_command_prints() -> None:
    assert (ROOT / "docs" / "slack-manifest.yaml").read_text(encoding="utf-8") == as_yaml()


@pytest.mark.parametrize("how", [{}, {"address": ADDRESS}, {"socket": True}])
def test_the_text_says_what_the_manifest_holds(how: dict[str, Any]) -> None:
    made = manifest(**how)
    assert yaml.safe_load(as_yaml(**how)) == made
    assert json.loads(as_json(**how)) == made


@settings(max_examples=25)
@given(st.from_regex(r"https://[a-z0-9-]{1,20}(\.[a-z0-9-]{1,20}){0,3}(:[0-9]{1,5})?(/[a-zA-Z0-9._~%-]{0,20}){0,3}", fullmatch=True))  # fmt: skip  # noqa: E501
def test_any_address_comes_through_unchanged(address: str) -> None:
    assert yaml.safe_load(as_yaml(address)) == manifest(address)


def test_over_http_slack_is_told_where_to_send_events_presses_and_commands() -> None:
    made = manifest(ADDRESS + "/")
    settings = made["settings"]
    assert settings["event_subscriptions"]["request_url"] == f"{ADDRESS}/slack/events"
    assert settings["interactivity"]["request_url"] == f"{ADDRESS}/slack/interactive"
    assert made["features"]["slash_commands"][0]["url"] == f"{ADDRESS}/slack/commands"
    assert not settings["socket_mode_enabled"]


def test_in_socket_mode_no_address_is_named() -> None:
    assert "http" not in as_yaml(socket=True)
    assert manifest(socket=True)["settings"]["socket_mode_enabled"]


def test_every_event_that_is_taken_in_is_subscribed_to() -> None:
    events = manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert set(events) >= {*NOTICE_EVENTS, HOME_OPENED, "app_mention", "message.channels", "message.groups"}
    assert events == sorted(set(events))


def test_managers_have_a_command_a_shortcut_and_a_home_tab() -> None:
    features = manifest()["features"]
    assert features["app_home"]["home_tab_enabled"]
    assert [one["callback_id"] for one in features["shortcuts"]] == ["announce_this"]
    assert [one["command"] for one in features["slash_commands"]] == ["/partners"]


def test_slacks_lengths_hold() -> None:
    made = manifest()
    assert len(made["display_information"]["description"]) <= 140
    assert all(len(one["name"]) <= 24 and len(one["description"]) <= 150 for one in made["features"]["shortcuts"])


def test_no_address_of_people_is_asked_for() -> None:
    assert "users:read.email" not in SCOPES
    assert set(SCOPES) > COSMETIC


@pytest.mark.shared
def test_the_scopes_are_enough_for_every_method_that_is_called() -> None:
    folder = shared()
    assert folder is not None
    sources = (ROOT / "bot" / "channels" / "slack").rglob("*.py")
    called = {name for path in sources if path.name != "limits.py" for name in METHOD.findall(path.read_text("utf-8"))}
    assert "chat.postMessage" in called
    for method in sorted(called):
        file = folder / "contracts" / "slack" / "methods" / f"{method}.json"
        if file.is_file():
            wanted = json.loads(file.read_text("utf-8")).get("scope", {}).get("bot", [])
            assert not wanted or set(wanted) & set(SCOPES), f"{method} needs one of {wanted}"
