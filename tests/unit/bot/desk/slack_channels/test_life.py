"""What Slack tells of channels, as far as it can be believed: ids where ids belong, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.slack_channels.life import Happened

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = ("channel", "old_channel_id", "new_channel_id", "connected_team_id", "team", "user", "inviter")


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), ANYTHING))
def test_whatever_an_event_holds_only_ids_are_taken_from_it(event: dict[str, Any]) -> None:
    happened = Happened.of("channel_shared", "Ev1", event)
    for found in (happened.channel, happened.team, happened.user, happened.inviter, happened.new):
        assert found == "" or (found.isalnum() and len(found) <= 64)


@pytest.mark.parametrize(
    ("event", "channel", "team"),
    [
        ({"channel": "C1", "connected_team_id": "T1"}, "C1", "T1"),
        ({"channel": "C1", "previously_connected_team_id": "T1", "is_ext_shared": False}, "C1", "T1"),
        ({"channel": "C1", "user": "U1", "team": "T1"}, "C1", "T1"),
        ({"old_channel_id": "G1", "new_channel_id": "C1"}, "G1", ""),
    ],
)
def test_the_channel_and_the_team_are_where_slack_puts_them(event: dict[str, Any], channel: str, team: str) -> None:
    happened = Happened.of("x", "Ev1", event)
    assert (happened.channel, happened.team) == (channel, team)
