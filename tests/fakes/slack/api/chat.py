"""Posts of the app: written, changed, deleted, shown to one person; reactions and the status of a thread."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.api.asking import Answer, Ask, No, unknown_files
from tests.fakes.slack.world import Post, World

LONGEST = 40_000
REACTIONS = 23


def post_message(ask: Ask) -> Answer:
    channel = ask.open_channel()
    post = own_post(ask) | {name: ask.text(name) for name in ("thread_ts",) if ask.text(name)}
    channel.posts.append(post)
    ask.world.posted(channel, post)
    return {"ok": True, "channel": channel.id, "ts": post["ts"], "message": post}


def post_ephemeral(ask: Ask) -> Answer:
    """Seen by one member, kept nowhere else, and never to be changed."""
    channel = ask.open_channel()
    if ask.needed("user") not in ask.world.members(channel):
        raise No("user_not_in_channel")
    post = own_post(ask) | {name: ask.text(name) for name in ("thread_ts",) if ask.text(name)}
    channel.ephemerals.append((ask.text("user"), post))
    return {"ok": True, "message_ts": post["ts"]}


def update(ask: Ask) -> Answer:
    """Only the bot's own posts; a text without blocks takes the blocks away, as Slack does."""
    channel = ask.channel()
    post = ask.post(channel, "ts")
    if post.get("user") != ask.world.bot_user:
        raise No("cant_update_message")
    said = _said(ask)
    post.pop("blocks", None)
    post |= {"text": ask.text("text"), **said, "edited": {"user": ask.world.bot_user, "ts": ask.world.next_ts()}}
    return {"ok": True, "channel": channel.id, "ts": post["ts"], "text": post["text"], "message": post}


def delete(ask: Ask) -> Answer:
    channel = ask.channel()
    post = ask.post(channel, "ts")
    if post.get("user") != ask.world.bot_user:
        raise No("cant_delete_message")
    channel.posts.remove(post)
    return {"ok": True, "channel": channel.id, "ts": post["ts"]}


def permalink(ask: Ask) -> Answer:
    channel = ask.channel()
    post = ask.post(channel, "message_ts")
    link = f"https://home.example/archives/{channel.id}/p{post['ts'].replace('.', '')}"
    return {"ok": True, "channel": channel.id, "permalink": link}


def react(ask: Ask) -> Answer:
    channel = ask.open_channel()
    post, name = ask.post(channel, "timestamp"), ask.needed("name").strip(":")
    given = post.setdefault("reactions", [])
    found = next((one for one in given if one["name"] == name), None)
    if found is not None and ask.world.bot_user in found["users"]:
        raise No("already_reacted")
    if found is None and len(given) >= REACTIONS:
        raise No("too_many_emoji")
    add_reaction(post, name, ask.world.bot_user)
    return {"ok": True}


def unreact(ask: Ask) -> Answer:
    channel = ask.channel()
    post, name = ask.post(channel, "timestamp"), ask.needed("name").strip(":")
    if not remove_reaction(post, name, ask.world.bot_user):
        raise No("no_reaction")
    return {"ok": True}


def set_status(ask: Ask) -> Answer:
    """`assistant.threads.setStatus`; an empty status takes it away."""
    channel = ask.channel("channel_id")
    thread = ask.needed("thread_ts")
    if ask.text("status"):
        channel.statuses[thread] = ask.text("status")
    else:
        channel.statuses.pop(thread, None)
    return {"ok": True}


def add_reaction(post: Post, name: str, user: str) -> None:
    given = post.setdefault("reactions", [])
    found = next((one for one in given if one["name"] == name), None)
    if found is None:
        given.append({"name": name, "users": [user], "count": 1})
    elif user not in found["users"]:
        found["users"].append(user)
        found["count"] = len(found["users"])


def remove_reaction(post: Post, name: str, user: str) -> bool:
    given = post.get("reactions", [])
    found = next((one for one in given if one["name"] == name and user in one["users"]), None)
    if found is None:
        return False
    found["users"].remove(user)
    found["count"] = len(found["users"])
    post["reactions"] = [one for one in given if one["users"]]
    return True


def own_post(ask: Ask) -> Post:
    """A post of the bot, with a time of its own."""
    return {**bots(ask.world), "ts": ask.world.next_ts(), **_said(ask)}


def bots(world: World) -> Post:
    """What stands in every post of the app."""
    profile = {"id": world.bot_id, "app_id": world.app_id, "name": world.app_name, "deleted": False}
    own = {"user": world.bot_user, "bot_id": world.bot_id, "app_id": world.app_id, "team": world.home}
    return {"type": "message", **own, "bot_profile": profile | {"team_id": world.home}}


def _said(ask: Ask) -> dict[str, Any]:
    blocks, metadata = ask.nested("blocks"), ask.nested("metadata")
    text = ask.text("text") or ask.text("markdown_text")
    if not text and not blocks:
        raise No("no_text")
    if ask.text("markdown_text") and (ask.text("text") or blocks):
        raise No("markdown_text_conflict")
    if len(text) > LONGEST:
        raise No("msg_too_long")
    if blocks and (len(blocks) > 50 or unknown_files(ask.world, blocks)):
        raise No("invalid_blocks")
    found = {"text": text} if text else {}
    return found | ({"blocks": blocks} if blocks else {}) | ({"metadata": metadata} if metadata else {})
