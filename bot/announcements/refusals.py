"""Why an act of a manager's about an announcement is not done, and what would help."""

from __future__ import annotations

from bot.vocabulary.announcing import Announcement
from bot.vocabulary.announcing import AnnouncementState as State
from bot.vocabulary.results import NotDone
from bot.vocabulary.segment import Segment

NONE_SUCH = NotDone("there is no such announcement", "`partnerline announcements list` shows all")


def nobody_in(segment: Segment) -> NotDone:
    return NotDone(f"nobody is in the segment {segment}", "widen the segment; the preview shows whom it names")


def said_already(twin: Announcement) -> NotDone:
    told = "went out" if twin.began_at is not None or twin.state is State.SENT else "goes out"
    at = twin.send_at or twin.created_at
    return NotDone(
        f"{twin.confirmed_by or twin.created_by} announced exactly this to the same segment already: it {told} on "
        f"{at:%d %B %Y at %H:%M %Z}",
        "change the text or the segment if it is to be said once more",
    )


def not_now(found: Announcement, fix: str) -> NotDone:
    states = {
        State.DRAFT: "is a draft",
        State.SCHEDULED: "waits for its time",
        State.SENDING: "is going out",
        State.PAUSED: "is paused",
        State.SENT: "has gone out already",
        State.CANCELLED: "was cancelled",
    }
    return NotDone(f"“{found.subject}” {states[found.state]}", fix)


def changed_meanwhile(found: Announcement) -> NotDone:
    return NotDone(
        f"“{found.subject}” was changed since you looked at it, so nothing was sent",
        "look at it as it is now, then send it",
    )
