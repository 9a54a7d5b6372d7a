"""What is said back: one answer in words, for one message, in one language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """`text` is plain text for mail, console and CLI, and mrkdwn for Slack; `language` is the one it is written in."""

    text: str
    language: str
