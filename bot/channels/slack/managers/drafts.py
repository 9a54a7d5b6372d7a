"""What is filled in for an announcement: read from a form, kept as JSON, and its time in the vendor's zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.channels.slack.managers.ports import Draft
from bot.vocabulary.segment import NAMES, Segment
from bot.vocabulary.wall_time import on_the_wall

SUBJECT, TEXT, DAY, HOUR = "subject", "text", "day", "hour"
SUBJECT_LONG, TEXT_LONG = 200, 3_000
FURTHEST = timedelta(days=366)
_SOON = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class AtField:
    """What is wrong, and at which field it is told."""

    field: str
    why: str


def from_filled(filled: Mapping[str, str]) -> Draft:
    """Fields that the form did not have are empty."""
    chosen = {
        field: tuple(dict.fromkeys(filter(None, filled.get(field, "").split("\n")))) for field in NAMES.values()
    }  # fmt: skip
    return Draft(
        " ".join(filled.get(SUBJECT, "").split())[:SUBJECT_LONG],
        filled.get(TEXT, "").strip()[:TEXT_LONG],
        Segment(**chosen),
        filled.get(DAY, ""),
        filled.get(HOUR, ""),
    )


def to_doc(draft: Draft) -> dict[str, Any]:
    return asdict(draft)


def from_doc(doc: Mapping[str, Any]) -> Draft:
    segment = {name: tuple(values) for name, values in (doc.get("segment") or {}).items()}
    names = (SUBJECT, TEXT, DAY, HOUR)
    return Draft(**{name: str(doc.get(name) or "") for name in names}, segment=Segment(**segment))


def moment(draft: Draft, zone: ZoneInfo, now: datetime) -> datetime | AtField | None:
    """When it is to go out, aware; None for at once. An hour that a day has twice is its first one."""
    if not draft.day and not draft.hour:
        return None
    if not draft.day:
        return AtField(DAY, "Choose the day as well, or clear the time to send it now.")
    if not draft.hour:
        return AtField(HOUR, "Choose the time as well, or clear the day to send it now.")
    try:
        at = on_the_wall(datetime.combine(date.fromisoformat(draft.day), time.fromisoformat(draft.hour)), zone)
    except ValueError:
        return AtField(DAY, "This is no day and time of the calendar.")
    if at is None:
        return AtField(HOUR, f"On that day the clocks skip this time in {zone.key}. Choose another.")
    return _ahead(at, now)


def _ahead(local: datetime, now: datetime) -> datetime | AtField:
    if local < now + _SOON:
        return AtField(DAY, "That time is over. Choose one ahead, or clear both fields to send it now.")
    if local > now + FURTHEST:
        return AtField(DAY, "That is more than a year ahead. Choose an earlier day.")
    return local
