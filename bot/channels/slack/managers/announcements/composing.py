"""From what is filled in to an announcement, or to what is wrong with it, at its field."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.channels.slack.managers.announcements.drafts import (
    CALL,
    DATES,
    DAY,
    HOUR,
    KEPT,
    QUESTION,
    REMIND,
    SAVED,
    SUBJECT,
    TEXT,
    Draft,
)
from bot.vocabulary.announcing import Call, CallKind, Composed, Route, Timing, Zone
from bot.vocabulary.segment import Segment, SegmentChoices
from bot.vocabulary.wall_time import on_the_wall

FURTHEST = timedelta(days=366)
_SOON = timedelta(minutes=1)
_ANYWHERE = timedelta(hours=14)  # how much earlier it is already over in the vendor's zone
_DAYS, _LONGEST_WAIT = 20, 90
_EVERYONE = Segment()


class MisfilledError(ValueError):
    """What is wrong, and at which field it is told."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field
        self.why = why


def composed(draft: Draft, choices: SegmentChoices, zone: ZoneInfo, now: datetime) -> Composed:
    """`zone` is the vendor's. Raises MisfilledError."""
    if not draft.first.subject:
        raise MisfilledError(SUBJECT, "An announcement needs a subject.")
    if not draft.first.body:
        raise MisfilledError(TEXT, "Write what partners should know.")
    return Composed(
        texts=draft.texts,
        segment=_segment(draft, choices),
        call=_call(draft, now.astimezone(zone).date()),
        documents=draft.documents,
        timing=_timing(draft, zone, now),
        route=Route(draft.route) if draft.route in set(Route) else Route.PREFERRED,
        remind_after=_wait(draft),
    )


def moment(draft: Draft, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When it is to go out by the clock of this zone, aware; None for at once. An hour that a day has twice is its
    first one. Raises MisfilledError.
    """
    if not draft.day and not draft.hour:
        return None
    if not draft.day:
        raise MisfilledError(DAY, "Choose the day as well, or clear the time to send it now.")
    if not draft.hour:
        raise MisfilledError(HOUR, "Choose the time as well, or clear the day to send it now.")
    try:
        at = on_the_wall(datetime.combine(date.fromisoformat(draft.day), time.fromisoformat(draft.hour)), zone)
    except ValueError:
        raise MisfilledError(DAY, "This is no day and time of the calendar.") from None
    if at is None:
        raise MisfilledError(HOUR, f"On that day the clocks skip this time in {zone.key}. Choose another.")
    return _ahead(at, now)


def _timing(draft: Draft, zone: ZoneInfo, now: datetime) -> Timing:
    there = draft.zone == Zone.PARTNER.value
    # Where it is a partner's clock, a time that is over here may lie ahead elsewhere, and is today at least.
    at = moment(draft, ZoneInfo("UTC") if there else zone, now - _ANYWHERE if there else now)
    wall = at.replace(tzinfo=None) if at else None
    return Timing(wall, Zone.PARTNER if there else Zone.VENDOR, keep_quiet=draft.quiet == KEPT)


def _ahead(local: datetime, now: datetime) -> datetime:
    if local < now + _SOON:
        raise MisfilledError(DAY, "That time is over. Choose one ahead, or clear both fields to send it now.")
    if local > now + FURTHEST:
        raise MisfilledError(DAY, "That is more than a year ahead. Choose an earlier day.")
    return local


def _segment(draft: Draft, choices: SegmentChoices) -> Segment:
    if not draft.saved:
        return draft.segment
    if draft.segment != _EVERYONE:
        raise MisfilledError(SAVED, "Take the saved segment, or choose below: clear one of the two.")
    found = next((one.segment for one in choices.saved if one.name == draft.saved), None)
    if found is None:
        raise MisfilledError(SAVED, "This segment is not saved any more. Choose another.")
    return found


def _call(draft: Draft, today: date) -> Call:
    kind = CallKind(draft.call) if draft.call in set(CallKind) else CallKind.NONE
    if kind is not CallKind.DATE and draft.dates:
        raise MisfilledError(CALL, "You name days: choose “A day to sign up for”, or clear them.")
    if kind is CallKind.NONE and draft.question:
        raise MisfilledError(QUESTION, "You ask something: choose how it is answered, or clear the question.")
    if kind is not CallKind.DATE:
        return Call(kind, question=draft.question)
    words = [word for word in re.split(r"[\s,;]+", draft.dates) if word]
    try:
        days = tuple(sorted({date.fromisoformat(word) for word in words}))
    except ValueError:
        raise MisfilledError(DATES, "Write each day like 2026-12-03, with a comma between two.") from None
    if not days or len(days) > _DAYS:
        raise MisfilledError(DATES, f"Name the days to choose from, at most {_DAYS}: 2026-12-03, 2026-12-10.")
    if days[0] < today:
        raise MisfilledError(DATES, f"{days[0].isoformat()} is over. Name days ahead.")
    return Call(kind, days, draft.question)


def _wait(draft: Draft) -> int | None:
    if not draft.remind:
        return None
    if not draft.remind.isdecimal() or not 1 <= int(draft.remind[:4]) <= _LONGEST_WAIT:
        raise MisfilledError(
            REMIND, f"Give a number of days from 1 to {_LONGEST_WAIT}, or leave it empty for no reminder."
        )
    if draft.call == CallKind.NONE.value:
        raise MisfilledError(
            REMIND, "Nothing is asked, so nobody has to be reminded. Choose what is asked, or clear this."
        )
    return int(draft.remind[:4])
