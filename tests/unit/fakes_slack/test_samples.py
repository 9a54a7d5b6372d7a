"""What the fake delivers and answers has the shape of Slack's own samples: it knows no name that Slack does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.delivering import Kind
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.web_api import BOT_USER, FakeSlack
from tests.shared_folder import shared
from tests.unit.fakes_slack.app import App

pytestmark = pytest.mark.shared

# Told by the reference or by Slack's documentation, and not in these samples.
BESIDE = {
    "context_team_id", "context_enterprise_id", "is_hidden", "channel_type", "previous_message", "message", "hidden",
    "frozen_reason", "is_moved", "upload", "source_team", "user_team", "response_urls", "is_cleared",
    "app_installed_team_id", "previous_view_id", "reactions",
    "values", "blocks", "element", "inviter", "view",
}  # fmt: skip


def sample(name: str) -> dict[str, Any]:
    root = shared()
    if root is None:
        pytest.skip("Slack's samples are not at hand")
    found: dict[str, Any] = json.loads((root / "contracts/slack/samples" / f"{name}.json").read_text(encoding="utf-8"))
    return found


def strange(said: Any, known: Any, path: str = "") -> Iterator[str]:
    """Names that the sample has not."""
    if isinstance(said, dict) and isinstance(known, dict):
        for name, value in said.items():
            if name in known:
                yield from strange(value, known[name], f"{path}.{name}")
            elif name not in BESIDE:
                yield f"{path}.{name}"
    elif isinstance(said, list) and isinstance(known, list) and known:
        for value in said:
            yield from strange(value, known[0], path)


@pytest.fixture
async def told(slack: FakeSlack, hands: Hands, app: App) -> list[tuple[Kind, dict[str, Any]]]:
    """A little of everything."""
    hands.subscribed |= {"reaction_added", "file_shared", "user_change"}
    slack.new_view("U0MANAGER", {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": []})
    button = {"type": "button", "action_id": "yes", "text": {"type": "plain_text", "text": "Yes"}, "value": "1"}
    post = hands.write(BOT_USER, "C0PARTNER", "?", blocks=[{"type": "actions", "elements": [button]}])
    said = await hands.says("U0ALICE", "C0PARTNER", f"<@{BOT_USER}> hello", thread_ts=post["ts"])
    await hands.edits("U0ALICE", "C0PARTNER", said["ts"], "hello again")
    await hands.reacts("U0ALICE", "C0PARTNER", said["ts"], "eyes")
    await hands.uploads("U0MANAGER", "C0PARTNER", "deals.csv", b"a,b", "text/csv")
    await hands.deletes("U0ALICE", "C0PARTNER", said["ts"])
    await hands.presses("U0ALICE", "C0PARTNER", post["ts"], "Yes")
    await hands.commands("U0MANAGER", "C0INTERNAL", "status")
    await hands.shortcuts("U0MANAGER", "C0PARTNER", post["ts"])
    view = await hands.opened("U0MANAGER")
    view.body["notify_on_close"] = True
    await hands.submits(view)
    await hands.closes(view)
    await hands.opens_home("U0MANAGER")
    await hands.joins("U0THIRD", "C0PARTNER")
    await hands.leaves("U0THIRD", "C0PARTNER")
    await hands.shares("C0PARTNER", "T0THIRD")
    await hands.unshares("C0PARTNER", "T0THIRD")
    await hands.archives("U0ALICE", await hands.changes_id("C0PARTNER"))
    await hands.revokes()
    await hands.uninstalls()
    return app.heard


async def test_every_delivery_has_the_shape_of_slacks_sample(told: list[tuple[Kind, dict[str, Any]]]) -> None:
    samples = {
        "app_mention": "AppMentionPayload", "message": "MessagePayload", "message_changed": "MessageChangedPayload",
        "message_deleted": "MessageDeletedPayload", "file_share": "MessageFileSharePayload",
        "reaction_added": "ReactionAddedPayload", "file_shared": "FileSharedPayload",
        "app_home_opened": "AppHomeOpenedPayload", "member_joined_channel": "MemberJoinedChannelPayload",
        "member_left_channel": "MemberLeftChannelPayload", "channel_shared": "ChannelSharedPayload",
        "channel_unshared": "ChannelUnsharedPayload", "channel_id_changed": "ChannelIdChangedPayload",
        "channel_archive": "ChannelArchivePayload", "tokens_revoked": "TokensRevokedPayload",
        "app_uninstalled": "AppUninstalledPayload", "block_actions": "BlockActionPayload",
        "view_submission": "ViewSubmissionPayload", "view_closed": "ViewClosedPayload",
        "message_action": "MessageShortcutPayload", "command": "SlashCommandPayload",
    }  # fmt: skip
    seen = set()
    for kind, payload in told:
        name = _name(kind, payload)
        seen.add(name)
        assert list(strange(payload, sample(samples[name]))) == [], name
    assert seen == set(samples)


async def test_every_answer_has_the_shape_of_slacks_sample(client: AsyncWebClient) -> None:
    calls = {
        "auth.test": {}, "users.info": {"user": "U0ALICE"}, "conversations.info": {"channel": "C0PARTNER"},
        "team.info": {}, "conversations.members": {"channel": "C0PARTNER"},
        "chat.postMessage": {"channel": "C0PARTNER", "text": "hi"},
    }  # fmt: skip
    for method, arguments in calls.items():
        answer = (await client.api_call(method, data=arguments)).data
        assert list(strange(answer, sample(f"api.{method}"))) == [], method


def _name(kind: Kind, payload: dict[str, Any]) -> str:
    if kind is Kind.COMMAND:
        return "command"
    if kind is Kind.INTERACTIVE:
        return str(payload["type"])
    return str(payload["event"].get("subtype") or payload["event"]["type"])
