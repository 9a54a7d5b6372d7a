"""How far an announcement has come, as a message to its manager that changes while it goes out."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from bot.channels.slack.blocks.meter import meter
from bot.channels.slack.managers.announcements.list_view import acts
from bot.channels.slack.managers.announcements.preview_view import when
from bot.channels.slack.managers.frames import facts, said, small
from bot.vocabulary.announcing import Announcement, AnnouncementState, Progress

_STANDS = {
    AnnouncementState.SENDING: "is going out",
    AnnouncementState.PAUSED: "is paused",
    AnnouncementState.SENT: "has gone out",
    AnnouncementState.CANCELLED: "was cancelled",
    AnnouncementState.SCHEDULED: "is scheduled",
    AnnouncementState.DRAFT: "is a draft",
}


def progress_text(announcement: Announcement, progress: Progress) -> str:
    """In a line, for notifications."""
    reach = f" ({progress.reach})" if progress.reach else ""
    return f"“{announcement.subject}” {_STANDS[progress.state]}: {progress.sent:,} of {progress.total:,} sent{reach}."


def progress_blocks(announcement: Announcement, progress: Progress, zone: ZoneInfo) -> list[dict[str, Any]]:
    share = (progress.sent + progress.failed) / progress.total if progress.total else 0.0
    counts = [
        ("Sent", f"{progress.sent:,}"),
        ("Waiting", f"{progress.waiting:,}"),
        ("Failed", f"{progress.failed:,}"),
        ("All", f"{progress.total:,}{f' ({progress.reach})' if progress.reach else ''}"),
    ]
    return [
        said(f"“{announcement.subject}” {_STANDS[progress.state]}\n{meter(share)}"),
        *facts(counts),
        small(_times(announcement, progress, zone)),
        acts(announcement.id, progress.state, announcement.subject),
    ]


def _times(announcement: Announcement, progress: Progress, zone: ZoneInfo) -> str:
    began, ended = announcement.began_at, announcement.ended_at
    parts = [
        f"Began on {when(began.astimezone(zone))}" if began else "",
        f"ended on {when(ended.astimezone(zone))}" if ended else "",
        f"{progress.later:,} wait for a time of their own" if progress.later else "",
        f"the next goes on {when(progress.next_at.astimezone(zone))}" if progress.next_at and not ended else "",
    ]
    told = ", ".join(filter(None, parts))
    return f"{told[:1].upper()}{told[1:]}." if told else "Nothing has gone yet."
