"""The names of `bot.announcements.segments` where they were first."""

from __future__ import annotations

from bot.announcements.segments.audience import NO_ADDRESS, OPTED_OUT, UNDELIVERABLE, Audience, audience
from bot.announcements.segments.choices import choices
from bot.announcements.segments.parsing import SegmentFault, parse_segment

__all__ = [
    "NO_ADDRESS", "OPTED_OUT", "UNDELIVERABLE", "Audience", "SegmentFault", "audience", "choices", "parse_segment",
]  # fmt: skip
