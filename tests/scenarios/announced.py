"""An announcement that has gone out: by mail and at once, whatever the hour, to be answered with yes or no."""

from __future__ import annotations

from datetime import timedelta

from bot.vocabulary.announcing import (
    Announcement,
    AnnouncementText,
    Call,
    CallKind,
    Composed,
    Preview,
    Route,
    Timing,
)
from bot.vocabulary.segment import Segment
from tests.scenarios.house import House


async def announced(house: House, by: str, segment: Segment, subject: str, body: str) -> str:
    """Its id, once everything of it has been written."""
    desk = house.app.announcement_desk
    composed = Composed(
        (AnnouncementText("", subject, body),), segment, Call(CallKind.ANSWER), timing=Timing(keep_quiet=False),
        route=Route.MAIL,
    )  # fmt: skip
    kept, seen = await desk.keep(by, composed), await desk.preview(by, composed, 0)
    assert isinstance(kept, Announcement), kept
    assert isinstance(seen, Preview), seen
    done = await desk.confirm(by, kept.id, seen.contacts)
    assert isinstance(done, Announcement), done
    await house.pass_time(timedelta())
    await house.app.jobs.housekeeping("announce")
    await house.quiet()
    return kept.id
