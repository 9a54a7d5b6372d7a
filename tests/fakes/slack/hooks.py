"""`response_url`: an answer to a press or a command, by who knows the address, five times within half an hour."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.api.chat import bots
from tests.fakes.slack.world import Hook, World

USES, LIFETIME = 5, 1800.0


def answered(world: World, key: str, said: Any) -> tuple[int, str]:
    """Status and words of the answer; what was said stands in the channel, or before the one person."""
    hook = world.hooks.get(key)
    if hook is None:
        return 404, "no_such_hook"
    if hook.uses >= USES or world.clock() - hook.made_at > LIFETIME:
        return 404, "used_url" if hook.uses >= USES else "expired_url"
    if not isinstance(said, dict):
        return 400, "invalid_payload"
    hook.uses += 1
    channel = world.channels.get(hook.channel)
    if channel is None:
        return 404, "channel_not_found"
    old = channel.post(hook.message_ts) if hook.message_ts else None
    if said.get("delete_original"):
        if old is not None:
            channel.posts.remove(old)
        return 200, "ok"
    if said.get("replace_original") and old is not None:
        old.pop("blocks", None)
        old |= _words(said)
        return 200, "ok"
    _write(world, hook, said)
    return 200, "ok"


def _write(world: World, hook: Hook, said: dict[str, Any]) -> None:
    channel = world.channels[hook.channel]
    post = {**bots(world), "ts": world.next_ts(), **_words(said)}
    if said.get("thread_ts"):
        post["thread_ts"] = said["thread_ts"]
    if said.get("response_type") == "in_channel":
        channel.posts.append(post)
    else:
        channel.ephemerals.append((hook.user, post))


def _words(said: dict[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in ("text", "blocks") if said.get(name)}
