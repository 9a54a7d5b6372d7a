"""Who did it, and whose team stands where: the differences that an outsider makes in each payload."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.slack.hands import SUBSCRIBED, Hands, NotForOutsiders
from tests.fakes.slack.web_api import AWAY, BOT_USER, HOME, FakeSlack
from tests.unit.fakes_slack.app import App

BUTTON = {"type": "button", "action_id": "say:1", "text": {"type": "plain_text", "text": "Yes"}, "value": "opaque"}
BLOCKS = [{"type": "actions", "block_id": "a", "elements": [BUTTON]}]


async def test_in_a_message_the_outer_team_is_the_outsiders(hands: Hands, app: App) -> None:
    await hands.says("U0ALICE", "C0PARTNER", "hello")
    payload = app.last
    assert (payload["team_id"], payload["context_team_id"], payload["event"]["team"]) == (AWAY, HOME, AWAY)
    assert payload["authorizations"][0]["team_id"] == HOME
    assert payload["is_ext_shared_channel"] is True


async def test_a_mention_is_two_events_and_names_our_team_twice(hands: Hands, app: App) -> None:
    post = await hands.says("U0ALICE", "C0PARTNER", f"<@{BOT_USER}> hello")
    assert [event["type"] for event in app.events] == ["message", "app_mention"]
    assert {event["ts"] for event in app.events} == {post["ts"]}
    mention = next(payload for _, payload in app.heard if payload["event"]["type"] == "app_mention")
    assert (mention["team_id"], mention["event"]["team"], mention["event"]["user_team"]) == (HOME, HOME, AWAY)


async def test_a_grid_users_mention_names_the_organisation_only(slack: FakeSlack, hands: Hands, app: App) -> None:
    slack.add_user("U0GRID", AWAY, "Gry Grid", enterprise="E0GRID", teams=(AWAY, "T0GRID2"))
    await hands.says("U0GRID", "C0PARTNER", f"<@{BOT_USER}> hello")
    assert app.events[-1]["user_team"] == "E0GRID"


async def test_our_own_mention_names_no_other_team(hands: Hands, app: App) -> None:
    await hands.says("U0MANAGER", "C0PARTNER", f"<@{BOT_USER}> hello")
    assert "user_team" not in app.events[-1]


async def test_reactions_and_shared_files_tell_nobodys_team(hands: Hands, app: App) -> None:
    hands.subscribed |= {"reaction_added", "file_shared"}
    post = await hands.says("U0ALICE", "C0PARTNER", "hello")
    await hands.reacts("U0ALICE", "C0PARTNER", post["ts"], "eyes")
    await hands.uploads("U0ALICE", "C0PARTNER", "deals.csv", b"a,b")
    for kind in ("reaction_added", "file_shared"):
        event = next(event for event in app.events if event["type"] == kind)
        assert not {"team", "user_team", "source_team"} & set(event)


async def test_a_press_and_a_form_carry_the_team_of_who_did_it(slack: FakeSlack, hands: Hands, app: App) -> None:
    post = hands.write(BOT_USER, "C0PARTNER", "a question", blocks=BLOCKS)
    await hands.presses("U0ALICE", "C0PARTNER", post["ts"], "Yes")
    assert app.last["user"]["team_id"] == AWAY
    assert app.last["actions"][0]["value"] == "opaque"
    view = slack.new_view("U0ALICE", {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": []})
    await hands.submits(view)
    assert app.last["team"]["id"] == AWAY
    assert app.last["view"]["app_installed_team_id"] == HOME


async def test_commands_and_shortcuts_are_for_our_own_people(hands: Hands, app: App) -> None:
    post = await hands.says("U0ALICE", "C0PARTNER", "hello")
    with pytest.raises(NotForOutsiders):
        await hands.commands("U0ALICE", "C0PARTNER", "status")
    with pytest.raises(NotForOutsiders):
        await hands.shortcuts("U0ALICE", "C0PARTNER", post["ts"])
    await hands.shortcuts("U0MANAGER", "C0PARTNER", post["ts"])
    assert (app.last["type"], app.last["message"]["text"]) == ("message_action", "hello")


async def test_a_file_from_outside_says_only_where_to_ask(hands: Hands, app: App) -> None:
    await hands.uploads("U0ALICE", "C0PARTNER", "deals.csv", b"a,b", "text/csv")
    (told,) = app.events[-1]["files"]
    assert told["file_access"] == "check_file_info"
    assert "name" not in told
    await hands.uploads("U0MANAGER", "C0PARTNER", "deals.csv", b"a,b", "text/csv")
    assert app.events[-1]["files"][0]["name"] == "deals.csv"


async def test_edits_and_deletions_are_told_with_what_stood_there(hands: Hands, app: App) -> None:
    post = await hands.says("U0ALICE", "C0PARTNER", "10 seats")
    await hands.edits("U0ALICE", "C0PARTNER", post["ts"], "12 seats")
    event = app.events[-1]
    assert (event["subtype"], event["message"]["text"], event["previous_message"]["text"]) == (
        "message_changed", "12 seats", "10 seats",
    )  # fmt: skip
    assert event["message"]["edited"]["user"] == "U0ALICE"
    assert event["message"]["ts"] == post["ts"] != event["ts"]
    await hands.deletes("U0ALICE", "C0PARTNER", post["ts"])
    assert (app.events[-1]["subtype"], app.events[-1]["deleted_ts"]) == ("message_deleted", post["ts"])


async def test_a_channels_life_is_told(slack: FakeSlack, hands: Hands, app: App) -> None:
    await hands.shares("C0PARTNER", "T0THIRD")
    assert app.events[-1]["connected_team_id"] == "T0THIRD"
    await hands.unshares("C0PARTNER", "T0THIRD")
    assert app.events[-1]["previously_connected_team_id"] == "T0THIRD"
    new = await hands.changes_id("C0PARTNER")
    assert (app.events[-1]["old_channel_id"], app.events[-1]["new_channel_id"]) == ("C0PARTNER", new)
    await hands.joins("U0THIRD", new)
    assert (app.events[-1]["type"], app.events[-1]["team"]) == ("member_joined_channel", "T0THIRD")
    await hands.archives("U0ALICE", new, "connection_severed")
    assert (app.events[-1]["type"], app.events[-1]["frozen_reason"]) == ("channel_archive", "connection_severed")
    slack.channels[new].private = True
    await hands.archives("U0ALICE", new)
    assert app.events[-1]["type"] == "group_archive"


async def test_what_the_app_did_not_subscribe_to_is_not_told(hands: Hands, app: App) -> None:
    post = await hands.says("U0ALICE", "C0PARTNER", "hello")
    await hands.reacts("U0ALICE", "C0PARTNER", post["ts"], "eyes")
    assert [event["type"] for event in app.events] == ["message"]


def test_what_the_apps_manifest_subscribes_to_is_told() -> None:
    manifest = (Path(__file__).parents[3] / "docs" / "slack-manifest.yaml").read_text(encoding="utf-8")
    events = manifest.partition("bot_events:")[2].partition("interactivity:")[0]
    named = {line.strip(" -").partition(".")[0] for line in events.splitlines() if line.strip().startswith("- ")}
    assert named
    assert named <= SUBSCRIBED


async def test_where_the_bot_is_not_it_hears_nothing(slack: FakeSlack, hands: Hands, app: App) -> None:
    slack.channels["C0PARTNER"].has_bot = False
    await hands.says("U0ALICE", "C0PARTNER", f"<@{BOT_USER}> hello")
    assert app.heard == []
