"""One call of the Web API, and Slack's ways to refuse it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.slack.world import FakeChannel, FakeUser, Post, World

Answer = dict[str, Any]


class No(Exception):
    """`ok: false` with Slack's own error code."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more

    def body(self) -> Answer:
        return {"ok": False, "error": self.error, **self.more}


@dataclass(frozen=True)
class Ask:
    """`arguments` are those of the form, each a text; `method` as it was called."""

    world: World
    method: str
    arguments: dict[str, str]

    def text(self, name: str) -> str:
        return self.arguments.get(name) or ""

    def needed(self, name: str) -> str:
        found = self.text(name)
        if not found:
            raise No("invalid_arguments", response_metadata={"messages": [f"[ERROR] missing required field: {name}"]})
        return found

    def flag(self, name: str) -> bool:
        return self.text(name) in {"true", "1"}

    def nested(self, name: str) -> Any:
        """What is JSON in the form; None where it is not given."""
        try:
            return json.loads(self.text(name)) if self.text(name) else None
        except ValueError as fault:
            raise No("invalid_blocks_format" if name == "blocks" else "invalid_arguments") from fault

    def channel(self, name: str = "channel") -> FakeChannel:
        """A channel that the bot may know of; by the id of a person, the direct messages with him."""
        channel_id = self.text(name)
        if channel_id[:1] in {"U", "W"} and channel_id in self.world.users:
            return self.world.direct(channel_id)
        channel = self.world.channels.get(channel_id)
        if channel is None or (channel.private and not channel.has_bot):
            raise No("channel_not_found")
        if self.method in channel.refuses:
            raise No(channel.refuses[self.method])
        return channel

    def open_channel(self, name: str = "channel") -> FakeChannel:
        """One that the bot may write into."""
        channel = self.channel(name)
        if channel.archived or not channel.has_bot:
            raise No("is_archived" if channel.archived else "not_in_channel")
        return channel

    def user(self, name: str = "user") -> FakeUser:
        user = self.world.users.get(self.text(name))
        if user is None or not user.visible:
            raise No("user_not_found" if user is None else "user_not_visible")
        return user

    def post(self, channel: FakeChannel, name: str) -> Post:
        found = channel.post(self.text(name))
        if found is None:
            raise No("message_not_found")
        return found


def unknown_files(world: World, value: Any) -> bool:
    """Whether blocks name a file that this Slack does not have, or that was only begun."""
    if isinstance(value, dict):
        named = value.get("slack_file")
        file = world.files.get(str(named.get("id"))) if isinstance(named, dict) and "id" in named else None
        if isinstance(named, dict) and "id" in named and (file is None or not file.uploaded):
            return True
        return any(unknown_files(world, one) for one in value.values())
    return any(unknown_files(world, one) for one in value) if isinstance(value, list) else False


Handler = Callable[[Ask], Answer]


def paged(items: list[Any], name: str, ask: Ask, usual: int) -> Answer:
    """One page of a list, with the cursor of the next."""
    try:
        start, limit = int(ask.text("cursor") or 0), int(ask.text("limit") or usual)
    except ValueError as fault:
        raise No("invalid_cursor") from fault
    more = start + limit < len(items)
    cursor = {"next_cursor": str(start + limit) if more else ""}
    page = {"ok": True, name: items[start : start + limit], "response_metadata": cursor}
    return page | ({"has_more": more} if name == "messages" else {})
