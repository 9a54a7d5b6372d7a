"""Whose team a sender is of: read from what Slack says of the user, never from the envelope."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.slack.api.installation import Installation
from bot.channels.slack.people.audience import to_audience
from bot.channels.slack.people.identity import SlackUser, partner_team, to_user

OWN = Installation("T0HOME", "U0BOT")
GRID = Installation("T0HOME", "U0BOT", enterprise="E0HOME")
ALICE = SlackUser("U1", "T0AWAY")


def test_in_a_mention_the_event_names_our_team_whoever_wrote() -> None:
    assert partner_team({"type": "app_mention", "team": "T0HOME", "user_team": "T0AWAY"}, ALICE, OWN) == "T0AWAY"
    assert partner_team({"type": "app_mention", "team": "T0HOME"}, ALICE, OWN) == "T0AWAY"


@pytest.mark.parametrize("event", [{}, {"type": "message", "team": "T0HOME"}, {"type": "message", "team": "T0THIRD"}])
def test_an_event_cannot_move_a_user_to_another_team(event: dict[str, Any]) -> None:
    assert partner_team(event, ALICE, OWN) == "T0AWAY"


@pytest.mark.parametrize(
    "event", [{"type": "message", "team": "T0HOME"}, {"type": "app_mention", "team": "T0HOME", "user_team": "T0AWAY"}]
)
def test_a_user_slack_does_not_tell_has_no_team(event: dict[str, Any]) -> None:
    assert partner_team(event, SlackUser("U1"), OWN) == ""


def test_our_people_are_ours_also_where_the_source_is_external() -> None:
    event = {"type": "message", "team": "T0AWAY", "source_team": "T0AWAY"}
    assert partner_team(event, SlackUser("U2", "T0HOME"), OWN) == "T0HOME"


def test_our_organisation_is_home_whatever_the_workspace() -> None:
    colleague = SlackUser("U2", "T0OTHER", enterprise="E0HOME", teams=frozenset({"T0OTHER"}))
    assert partner_team({"type": "message"}, colleague, GRID) == "T0HOME"
    assert partner_team({"type": "message"}, colleague, OWN) == "T0OTHER"
    assert partner_team({"type": "message"}, SlackUser("U2", "E0HOME"), GRID) == "T0HOME"


def test_no_organisation_of_ours_is_not_the_same_as_none_of_theirs() -> None:
    assert partner_team({"type": "message"}, SlackUser("U1", "T0AWAY", enterprise=""), OWN) == "T0AWAY"
    assert not OWN.is_home("")
    assert not OWN.is_home("", "")


def test_of_several_workspaces_the_event_picks_one_of_the_users_own() -> None:
    grid_user = SlackUser("U1", "E0AWAY", enterprise="E0AWAY", teams=frozenset({"T0A", "T0B"}))
    assert partner_team({"type": "message", "team": "T0B"}, grid_user, OWN) == "T0B"
    assert partner_team({"type": "message", "team": "T0C"}, grid_user, OWN) == "E0AWAY"
    assert partner_team({"type": "app_mention", "team": "T0A", "user_team": "E0AWAY"}, grid_user, OWN) == "E0AWAY"


def test_a_user_is_read_from_slacks_answer() -> None:
    found = {
        "team_id": "T0AWAY",
        "is_bot": False,
        "profile": {"real_name": "Alice", "email": "alice@home.example"},
        "enterprise_user": {"enterprise_id": "E1", "teams": ["T0AWAY", "T0B"]},
    }
    assert to_user("U1", found) == SlackUser("U1", "T0AWAY", "E1", frozenset({"T0AWAY", "T0B"}), "Alice")
    assert to_user("U1", {}) == SlackUser("U1")
    assert to_user("U1", {"profile": None, "enterprise_user": None, "teams": None}) == SlackUser("U1")


def channel(**facts: Any) -> dict[str, Any]:
    return {"is_ext_shared": True, "shared_team_ids": ["T0HOME", "T0AWAY"], "connected_team_ids": ["T0AWAY"], **facts}


def test_a_partner_channel_is_read_by_that_partner_alone() -> None:
    assert to_audience(channel(), OWN).is_only("T0AWAY")
    assert not to_audience(channel(connected_team_ids=["T0AWAY", "T0THIRD"]), OWN).is_only("T0AWAY")


def test_a_channel_shared_inside_our_organisation_is_not_external() -> None:
    inside = channel(is_ext_shared=False, is_shared=True, shared_team_ids=["T0HOME", "T0X"], connected_team_ids=[])
    assert to_audience(inside | {"internal_team_ids": ["T0HOME", "T0X"]}, GRID).confirmed


@pytest.mark.parametrize(
    "found",
    [
        None,
        "C1",
        {},
        channel(is_ext_shared=None),
        channel(shared_team_ids=["T0HOME"], connected_team_ids=[]),
        channel(is_ext_shared=False),
    ],
)
def test_a_channel_that_contradicts_itself_or_says_nothing_is_not_confirmed(found: object) -> None:
    assert not to_audience(found, OWN).confirmed
    assert not to_audience(found, OWN).is_only("T0AWAY")


def test_a_direct_message_is_read_by_its_sender() -> None:
    assert to_audience({"is_im": True}, OWN).direct


@pytest.mark.parametrize(
    "user",
    [
        SlackUser("U1", "T0PART", enterprise="E0PART", teams=frozenset({"T0PART", "T0OTHER"})),
        SlackUser("W1", "E0PART", teams=frozenset({"T0PART"})),
    ],
)
@pytest.mark.parametrize("mapped", ["E0PART", "T0PART"])
def test_of_a_partners_organisation_everybody_acts_for_what_is_mapped(user: SlackUser, mapped: str) -> None:
    assert partner_team({"type": "message", "team": "T0OTHER"}, user, OWN, mapped) == mapped


def test_what_is_mapped_makes_nobody_its_own_who_is_not() -> None:
    assert partner_team({}, ALICE, OWN, "T0PART") == "T0AWAY"
    assert partner_team({}, SlackUser("U2", "T0HOME"), OWN, "T0PART") == "T0HOME"
    assert partner_team({}, SlackUser("U1"), OWN, "T0PART") == ""


def shared_with(**said: Any) -> Any:
    return to_audience({"id": "C1", "is_ext_shared": True, "shared_team_ids": ["T0HOME", "T0AWAY"]} | said, OWN)


def test_who_is_invited_reads_along() -> None:
    found = shared_with(pending_shared=["T0THIRD"], is_pending_ext_shared=True)
    assert found.readers == {"T0AWAY", "T0THIRD"}
    assert not found.is_only("T0AWAY")
    assert found.only_team == ""


def test_an_invitation_to_somebody_unknown_leaves_nobody_alone() -> None:
    found = shared_with(is_pending_ext_shared=True, pending_shared=[])
    assert found.unnamed
    assert not found.is_only("T0AWAY")


def test_the_partner_alone_is_the_only_team() -> None:
    found = shared_with(name="ext-away", is_archived=False)
    assert (found.only_team, found.is_only("T0AWAY"), found.name, found.archived) == ("T0AWAY", True, "ext-away", False)


@pytest.mark.parametrize("ids", ["T0THIRD", 7, {"T0THIRD": 1}, [None, ""]])
def test_what_is_no_list_of_teams_names_none(ids: Any) -> None:
    assert shared_with(pending_shared=ids, connected_team_ids=ids).readers == {"T0AWAY"}
