"""What became of a post after it was written, as a message: its new words, or that it was taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.channels.slack.edge.events import Change
from bot.vocabulary.message import Message


def as_changed(message: Message, post: Mapping[str, Any], change: Change | None) -> Message:
    """`message` is what the post says now, or said before it was deleted; each edit is a message of its own."""
    if change is None:
        return message
    edited = post.get("edited")
    when = str(edited.get("ts") or "") if isinstance(edited, Mapping) else ""
    mark = "deleted" if change is Change.DELETED else when or "edited"
    return replace(
        message,
        message_id=f"{message.message_id}:{mark}",
        amends=message.message_id,
        deleted=change is Change.DELETED,
    )
