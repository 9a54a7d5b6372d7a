"""Channels: who shares them, what stands there, who is in them; and direct messages."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.api.asking import Answer, Ask, No, paged
from tests.fakes.slack.world import FakeChannel, Post, World


def info(ask: Ask) -> Answer:
    return {"ok": True, "channel": shown(ask.world, ask.channel())}


def listed(ask: Ask) -> Answer:
    kinds = set((ask.text("types") or "public_channel").split(","))
    world = ask.world
    known = [one for one in world.channels.values() if not one.private or one.has_bot]
    known = [one for one in known if _kind(one) in kinds]
    if ask.flag("exclude_archived"):
        known = [one for one in known if not one.archived]
    return paged([shown(world, one) for one in known], "channels", ask, 100)


def members(ask: Ask) -> Answer:
    channel = ask.channel()
    return paged(ask.world.members(channel), "members", ask, 100)


def join(ask: Ask) -> Answer:
    channel = ask.channel()
    if channel.private or channel.user:
        raise No("method_not_supported_for_channel_type")
    if channel.archived:
        raise No("is_archived")
    channel.has_bot = True
    return {"ok": True, "channel": shown(ask.world, channel)}


def history(ask: Ask) -> Answer:
    channel = ask.channel()
    _readable(channel)
    roots = [post for post in channel.posts if post.get("thread_ts", post["ts"]) == post["ts"]]
    return _page(channel, roots[::-1], ask)


def replies(ask: Ask) -> Answer:
    channel = ask.channel()
    _readable(channel)
    thread = channel.thread(ask.needed("ts"))
    if not thread:
        raise No("thread_not_found")
    return _page(channel, thread, ask)


def opened(ask: Ask) -> Answer:
    """Direct messages with one user; opening them again finds the same channel. Strangers cannot be written to."""
    world = ask.world
    user = world.users.get(ask.text("users"))
    if user is None:
        raise No("user_not_found")
    outsider = user.team != world.home
    shares = any({user.team, world.home} <= one.teams for one in world.channels.values() if not one.user)
    if outsider and not shares:
        raise No("user_not_visible")
    already = f"D{user.id[1:]}" in world.channels
    channel = world.direct(user.id)
    if ask.method in channel.refuses:
        raise No(channel.refuses[ask.method])
    return {"ok": True, "no_op": already, "already_open": already, "channel": {"id": channel.id}}


def shown(world: World, channel: FakeChannel) -> dict[str, Any]:
    """As `conversations.info` tells it; without the facts of sharing while Slack does not know them."""
    if channel.user:
        return {"id": channel.id, "is_im": True, "user": channel.user, "is_org_shared": False}
    external = world.is_external(channel)
    found = {
        "id": channel.id, "name": channel.name or channel.id.lower(), "is_channel": not channel.private,
        "is_group": channel.private, "is_im": False, "is_private": channel.private, "is_archived": channel.archived,
        "is_member": channel.has_bot, "context_team_id": world.home, "conversation_host_id": world.home,
        "creator": "U0MANAGER", "is_shared": len(channel.teams) > 1, "topic": {"value": ""}, "purpose": {"value": ""},
    }  # fmt: skip
    if channel.frozen_reason:
        found["frozen_reason"] = channel.frozen_reason
    if not channel.confirmed:
        return found
    ours = {one for one in channel.teams if not world.is_external(FakeChannel("", {one}))} - {world.home}
    return found | {
        "is_ext_shared": external,
        "is_org_shared": bool(ours),
        "shared_team_ids": sorted(channel.teams),
        "connected_team_ids": sorted(channel.teams - {world.home} - ours),
        "internal_team_ids": sorted(ours),
        "pending_shared": sorted(channel.pending),
        "pending_connected_team_ids": sorted(channel.pending),
        "is_pending_ext_shared": bool(channel.pending),
    }


def _kind(channel: FakeChannel) -> str:
    if channel.user:
        return "im"
    return "private_channel" if channel.private else "public_channel"


def _readable(channel: FakeChannel) -> None:
    if not channel.has_bot:
        raise No("not_in_channel")


def _page(channel: FakeChannel, posts: list[Post], ask: Ask) -> Answer:
    """One page of posts; metadata is left out unless asked for, as Slack does."""
    oldest, latest = float(ask.text("oldest") or 0), float(ask.text("latest") or "inf")
    if ask.flag("inclusive"):
        posts = [post for post in posts if oldest <= float(post["ts"]) <= latest]
    else:
        posts = [post for post in posts if oldest < float(post["ts"]) < latest]
    told = [_told(channel, post, metadata=ask.flag("include_all_metadata")) for post in posts]
    return paged(told, "messages", ask, 100)


def _told(channel: FakeChannel, post: Post, *, metadata: bool) -> Post:
    told = {name: value for name, value in post.items() if metadata or name != "metadata"}
    answers = [one for one in channel.thread(post["ts"]) if one["ts"] != post["ts"]]
    if answers and post.get("thread_ts", post["ts"]) == post["ts"]:
        people = list(dict.fromkeys(str(one.get("user")) for one in answers))
        told |= {"thread_ts": post["ts"], "reply_count": len(answers), "reply_users": people}
        told |= {"latest_reply": answers[-1]["ts"]}
    return told
