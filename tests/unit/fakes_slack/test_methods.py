"""The Web API through Slack's own client: what each method does, and what it refuses in which words."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.hands import Hands
from tests.fakes.slack.web_api import AWAY, BOT_USER, HOME, THIRD, TOKEN, FakeSlack


async def refused(client: AsyncWebClient, method: str, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as raised:
        await client.api_call(method, data=arguments)
    return str(raised.value.response["error"])


async def test_an_outsider_is_no_stranger_while_a_channel_is_shared(slack: FakeSlack, client: AsyncWebClient) -> None:
    user = (await client.users_info(user="U0ALICE"))["user"]
    assert (user["team_id"], user["is_stranger"]) == (AWAY, False)
    assert "email" not in user["profile"]
    slack.channels["C0PARTNER"].teams.discard(AWAY)
    assert (await client.users_info(user="U0ALICE"))["user"]["is_stranger"] is True


async def test_members_of_a_channel_are_listed_with_outsiders_and_users_without(client: AsyncWebClient) -> None:
    assert "U0ALICE" in (await client.conversations_members(channel="C0PARTNER"))["members"]
    assert [one["id"] for one in (await client.users_list())["members"]] == ["U0MANAGER"]


async def test_a_guest_and_a_grid_user_are_told_as_such(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.add_user("U0GUEST", HOME, "Gus Guest", guest=True)
    slack.add_user("U0GRID", AWAY, "Gry Grid", enterprise="E0GRID", teams=(AWAY, "T0GRID2"))
    assert (await client.users_info(user="U0GUEST"))["user"]["is_restricted"] is True
    grid = (await client.users_info(user="U0GRID"))["user"]["enterprise_user"]
    assert (grid["enterprise_id"], grid["teams"]) == ("E0GRID", [AWAY, "T0GRID2"])


async def test_the_sharing_of_a_channel_is_told_and_may_be_unknown(slack: FakeSlack, client: AsyncWebClient) -> None:
    channel = slack.channels["C0PARTNER"]
    channel.pending.add(THIRD)
    told = (await client.conversations_info(channel="C0PARTNER"))["channel"]
    assert (told["is_ext_shared"], told["shared_team_ids"], told["connected_team_ids"]) == (True, [AWAY, HOME], [AWAY])
    assert (told["is_pending_ext_shared"], told["pending_shared"]) == (True, [THIRD])
    channel.confirmed = False
    assert "is_ext_shared" not in (await client.conversations_info(channel="C0PARTNER"))["channel"]


async def test_within_a_grid_organisation_a_channel_is_shared_but_not_outside(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.teams[HOME].enterprise = slack.teams[AWAY].enterprise = "E0LUMORA"
    told = (await client.conversations_info(channel="C0PARTNER"))["channel"]
    assert (told["is_shared"], told["is_ext_shared"], told["is_org_shared"]) == (True, False, True)
    assert told["internal_team_ids"] == [AWAY]


async def test_after_a_change_of_id_the_old_one_is_no_channel(slack: FakeSlack, client: AsyncWebClient) -> None:
    new = await Hands(slack).changes_id("C0PARTNER")
    assert await refused(client, "conversations.info", channel="C0PARTNER") == "channel_not_found"
    assert (await client.conversations_info(channel=new))["channel"]["id"] == new


async def test_a_private_channel_without_the_bot_is_not_there(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.add_channel("C0SECRET", {HOME}, private=True, has_bot=False)
    slack.add_channel("C0OPEN", {HOME}, has_bot=False)
    assert await refused(client, "conversations.info", channel="C0SECRET") == "channel_not_found"
    assert await refused(client, "chat.postMessage", channel="C0OPEN", text="hi") == "not_in_channel"
    await client.conversations_join(channel="C0OPEN")
    assert (await client.chat_postMessage(channel="C0OPEN", text="hi"))["ok"]
    listed = (await client.conversations_list(exclude_archived=True))["channels"]
    assert [one["id"] for one in listed] == ["C0PARTNER", "C0INTERNAL", "C0OPEN"]


async def test_a_thread_is_read_in_pages_and_without_metadata_unless_asked(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    hands = Hands(slack)
    root = hands.write("U0ALICE", "C0PARTNER", "one")
    metadata = {"event_type": "x", "event_payload": {"outbox_id": "1"}}
    await client.chat_postMessage(channel="C0PARTNER", text="two", thread_ts=root["ts"], metadata=metadata)
    first = await client.conversations_replies(channel="C0PARTNER", ts=root["ts"], limit=1)
    assert (first["messages"][0]["reply_count"], first["has_more"]) == (1, True)
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_replies(channel="C0PARTNER", ts=root["ts"], limit=1, cursor=cursor)
    assert "metadata" not in second["messages"][0]
    told = await client.conversations_replies(channel="C0PARTNER", ts=root["ts"], include_all_metadata=True)
    assert told["messages"][1]["metadata"] == metadata
    history = (await client.conversations_history(channel="C0PARTNER"))["messages"]
    assert [one["text"] for one in history] == ["one"]


async def test_a_post_is_changed_and_deleted_by_its_author_alone(slack: FakeSlack, client: AsyncWebClient) -> None:
    theirs = Hands(slack).write("U0ALICE", "C0PARTNER", "mine")
    for method, refusal in (("chat.update", "cant_update_message"), ("chat.delete", "cant_delete_message")):
        assert await refused(client, method, channel="C0PARTNER", ts=theirs["ts"], text="yours") == refusal
    block = {"type": "section", "text": {"type": "plain_text", "text": "hi"}}
    ours = await client.chat_postMessage(channel="C0PARTNER", text="hi", blocks=[block])
    await client.chat_update(channel="C0PARTNER", ts=ours["ts"], text="only words")
    kept = slack.channels["C0PARTNER"].posts[-1]
    assert (kept["text"], "blocks" in kept) == ("only words", False)
    await client.chat_delete(channel="C0PARTNER", ts=ours["ts"])
    assert slack.channels["C0PARTNER"].posts == [theirs]
    assert await refused(client, "chat.update", channel="C0PARTNER", ts=ours["ts"], text="x") == "message_not_found"


async def test_only_a_member_sees_an_ephemeral_post(slack: FakeSlack, client: AsyncWebClient) -> None:
    await client.chat_postEphemeral(channel="C0PARTNER", user="U0ALICE", text="only you")
    ((user, post),) = slack.channels["C0PARTNER"].ephemerals
    assert (user, post["text"], slack.channels["C0PARTNER"].posts) == ("U0ALICE", "only you", [])
    said = {"channel": "C0PARTNER", "user": "U0THIRD", "text": "you"}
    assert await refused(client, "chat.postEphemeral", **said) == "user_not_in_channel"


async def test_a_reaction_is_given_once(slack: FakeSlack, client: AsyncWebClient) -> None:
    post = Hands(slack).write("U0ALICE", "C0PARTNER", "hello")
    at = {"channel": "C0PARTNER", "timestamp": post["ts"], "name": "eyes"}
    await client.reactions_add(**at)
    assert post["reactions"] == [{"name": "eyes", "users": [BOT_USER], "count": 1}]
    assert await refused(client, "reactions.add", **at) == "already_reacted"
    await client.reactions_remove(**at)
    assert post["reactions"] == []
    assert await refused(client, "reactions.remove", **at) == "no_reaction"


async def test_a_thread_shows_a_status_until_it_is_empty(slack: FakeSlack, client: AsyncWebClient) -> None:
    said = {"channel_id": "C0PARTNER", "thread_ts": "1.000100"}
    await client.api_call("assistant.threads.setStatus", data=said | {"status": "is reading"})
    assert slack.channels["C0PARTNER"].statuses == {"1.000100": "is reading"}
    await client.api_call("assistant.threads.setStatus", data=said | {"status": ""})
    assert slack.channels["C0PARTNER"].statuses == {}


async def test_direct_messages_are_one_channel_and_not_for_strangers(slack: FakeSlack, client: AsyncWebClient) -> None:
    first = await client.conversations_open(users="U0ALICE")
    again = await client.conversations_open(users="U0ALICE")
    assert (first["channel"]["id"], again["already_open"]) == (again["channel"]["id"], True)
    assert await refused(client, "conversations.open", users="U0THIRD") == "user_not_visible"
    await client.chat_postMessage(channel="U0ALICE", text="hi")
    assert slack.channels[first["channel"]["id"]].posts[-1]["text"] == "hi"


async def test_a_file_is_asked_for_and_fetched_with_the_token_alone(slack: FakeSlack, client: AsyncWebClient) -> None:
    hands = Hands(slack)
    _, file = await hands.uploads("U0ALICE", "C0PARTNER", "deals.csv", b"a,b", "text/csv")
    told = (await client.files_info(file=file.id))["file"]
    assert (told["name"], told["size"], told["user_team"]) == ("deals.csv", 3, AWAY)
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as session:
        assert await (await session.get(told["url_private_download"])).read() == b"a,b"
    async with aiohttp.ClientSession() as session:
        answer = await session.get(told["url_private"], allow_redirects=False)
        assert (answer.status, answer.headers["Location"][:21]) == (302, "https://home.example/")
    file.state = "access_denied"
    assert await refused(client, "files.info", file=file.id) == "access_denied"
    assert await refused(client, "files.info", file="F0NONE") == "file_not_found"


async def test_a_file_in_a_channel_without_the_bot_is_not_there(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.add_channel("C0ELSE", {HOME}, has_bot=False)
    _, file = await Hands(slack).uploads("U0MANAGER", "C0ELSE", "a.csv", b"a")
    assert await refused(client, "files.info", file=file.id) == "file_not_found"


async def test_the_app_puts_a_file_there_in_three_steps(slack: FakeSlack, client: AsyncWebClient) -> None:
    picture = b"\x89PNG\r\n"
    step = await client.files_getUploadURLExternal(filename="chart.png", length=len(picture))
    async with aiohttp.ClientSession() as session:
        assert (await session.post(step["upload_url"], data=b"other")).status == 400
        assert (await session.post(step["upload_url"], data=picture)).status == 200
    assert await refused(client, "files.info", file=step["file_id"]) == "file_not_found"
    done = await client.files_completeUploadExternal(files=[{"id": step["file_id"], "title": "Chart"}])
    assert done["files"][0]["mimetype"] == "image/png"
    assert (await client.files_info(file=step["file_id"]))["file"]["title"] == "Chart"


async def test_a_picture_is_shown_only_once_its_file_is_there(slack: FakeSlack, client: AsyncWebClient) -> None:
    block = {"type": "image", "slack_file": {"id": "F0GONE"}, "alt_text": "a chart"}
    said: dict[str, Any] = {"channel": "C0PARTNER", "text": "x", "blocks": json.dumps([block])}
    assert await refused(client, "chat.postMessage", **said) == "invalid_blocks"
    home = json.dumps({"type": "home", "blocks": [block]})
    assert await refused(client, "views.publish", user_id="U0MANAGER", view=home) == "invalid_arguments"
    block["slack_file"] = {"id": slack.add_file("chart.png", b"\x89PNG").id}
    await client.chat_postMessage(channel="C0PARTNER", text="x", blocks=[block])


async def test_a_team_is_told_where_it_shares_a_channel(slack: FakeSlack, client: AsyncWebClient) -> None:
    assert (await client.team_info(team=AWAY))["team"]["name"] == "Quaywise"
    assert await refused(client, "team.info", team=THIRD) == "team_not_found"
    slack.teams[AWAY].visible = False
    assert await refused(client, "team.info", team=AWAY) == "team_not_found"


async def test_a_permalink_and_the_bot_are_told(slack: FakeSlack, client: AsyncWebClient) -> None:
    post = Hands(slack).write("U0ALICE", "C0PARTNER", "hello")
    link = await client.chat_getPermalink(channel="C0PARTNER", message_ts=post["ts"])
    assert link["permalink"].endswith(post["ts"].replace(".", ""))
    assert (await client.bots_info(bot=slack.bot_id))["bot"]["user_id"] == BOT_USER


async def test_scopes_are_told_and_missed(slack: FakeSlack, client: AsyncWebClient) -> None:
    told = await client.auth_test()
    assert "chat:write" in told.headers["x-oauth-scopes"].split(",")
    slack.scopes.discard("files:read")
    with pytest.raises(SlackApiError) as raised:
        await client.files_info(file="F1")
    assert (raised.value.response["error"], raised.value.response["needed"]) == ("missing_scope", "files:read")


async def test_what_is_refused_is_refused_for_a_method_or_in_one_channel(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.channels["C0PARTNER"].refuses["chat.postMessage"] = "restricted_action"
    assert await refused(client, "chat.postMessage", channel="C0PARTNER", text="x") == "restricted_action"
    await client.chat_postMessage(channel="C0INTERNAL", text="x")
    slack.refuse["chat.postMessage"] = "token_revoked"
    assert await refused(client, "chat.postMessage", channel="C0INTERNAL", text="x") == "token_revoked"
    assert await refused(client, "no.such") == "unknown_method"
    assert await refused(client, "chat.postMessage", channel="C0PARTNER") == "token_revoked"


async def test_a_post_without_words_or_with_too_many_is_refused(client: AsyncWebClient) -> None:
    assert await refused(client, "chat.postMessage", channel="C0PARTNER") == "no_text"
    assert await refused(client, "chat.postMessage", channel="C0PARTNER", text="x" * 40_001) == "msg_too_long"
    assert await refused(client, "chat.postMessage", channel="C0PARTNER", blocks="[") == "invalid_blocks_format"


async def test_posts_carry_times_that_only_grow(slack: FakeSlack) -> None:
    times = [float(slack.next_ts()) for _ in range(500)]
    assert times == sorted(set(times))
