"""The texts that blocks are made of: plain, or in Slack's marks, each within its length."""

from __future__ import annotations

from typing import Any

BUTTON = 75
"""Characters on a button, and of an option in a menu."""
HEADER = 150
SECTION = 3_000
FIELD = 2_000


def plain(text: str, most: int) -> dict[str, Any]:
    """Shown as it is: nothing in it is a mark, a mention or a link."""
    return {"type": "plain_text", "text": cut(text, most) or "-", "emoji": False}


def marked(text: str) -> dict[str, Any]:
    """In Slack's marks; what others wrote is escaped by then."""
    return {"type": "mrkdwn", "text": text or "-", "verbatim": True}


def escaped(text: str) -> str:
    """Among Slack's marks, where nothing in it can mention a person, call a channel or hide a link then."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def cut_escaped(text: str, most: int) -> str:
    """At most that many characters, and never half of an escaped one."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    before, ampersand, after = kept.rpartition("&")
    return (before if ampersand and ";" not in after and len(after) < 5 else kept) + "…"
