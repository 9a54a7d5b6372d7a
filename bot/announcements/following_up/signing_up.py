"""Sign-up lists: who comes on which day, or who said yes, maybe and no; as text, for a spreadsheet, for a calendar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.documents.calendar_day import calendar_day
from bot.documents.safe_csv import safe_csv
from bot.storage.announcing import followed, signups
from bot.storage.database import Database
from bot.vocabulary.announcement_report import SignUp, SignUps
from knowledge.program import Program

COLUMNS = ("answer", "name", "email", "partner", "tier", "answered_in", "answered_at")
_WORDS = ("yes", "maybe", "no")
_NAMELESS = "somebody without a name"


@dataclass(frozen=True, slots=True)
class SigningUp:
    """For managers only: it names people of all partners."""

    database: Database
    program: Program
    now: Callable[[], datetime]

    async def listed(self, announcement_id: str) -> SignUps | None:
        """None for what is no announcement, or has not gone out yet."""
        async with self.database.reading() as connection:
            found = await followed.find(connection, announcement_id)
            if found is None or not found.has_begun:
                return None
            people = await signups.of(connection, found.id)
            silent = await signups.silent(connection, found.id)
        return SignUps(found.id, found.subject, found.call.dates, people, silent)

    def text(self, found: SignUps) -> str:
        """Every answer with its count and who gave it, days first, those that nobody chose as well."""
        zone = ZoneInfo(self.program.vendor.time_zone)
        parts = [f"Sign-ups for “{found.subject}”"]
        for answer in _answers(found):
            people = found.on(answer)
            parts.append("\n".join([f"{_heading(answer)}: {len(people)}", *(_line(one, zone) for one in people)]))
        parts.append(f"No answer yet: {found.silent}")
        return "\n\n".join(parts)

    def csv(self, found: SignUps) -> bytes:
        """One row a person; times in the vendor's zone. A spreadsheet runs nothing of it."""
        return safe_csv(COLUMNS, (self._row(one) for one in found.people))

    def ics(self, found: SignUps, day: date) -> bytes | None:
        """The day for a calendar, with who comes; None for a day that nobody could choose."""
        if day not in found.days:
            return None
        people = found.on(day.isoformat())
        about = [f"{len(people)} signed up", *(f"{_name(one)}, {one.partner}" for one in people)]
        return calendar_day(f"{found.id}-{day:%Y%m%d}@partnerline", day, found.subject, about, self.now())

    def _row(self, one: SignUp) -> Sequence[object]:
        zone = ZoneInfo(self.program.vendor.time_zone)
        at = one.answered_at.astimezone(zone).isoformat(timespec="minutes") if one.answered_at else ""
        return (one.answer, one.name, one.email, one.partner, one.tier, one.answered_in, at)


def _answers(found: SignUps) -> list[str]:
    """Days that could be chosen, days that were, and words where there were some or there is no day."""
    given = {one.answer for one in found.people}
    days = sorted({day.isoformat() for day in found.days} | (given - set(_WORDS)))
    return [*days, *(word for word in _WORDS if word in given or not days)]


def _heading(answer: str) -> str:
    try:
        day = date.fromisoformat(answer)
    except ValueError:
        return answer.capitalize()
    return f"{day:%A}, {day.day} {day:%B %Y}"


def _line(one: SignUp, zone: ZoneInfo) -> str:
    told = " ".join(filter(None, [_when(one, zone), f"by {one.answered_in}" if one.answered_in == "mail" else ""]))
    told = f"{told} in Slack".strip() if one.answered_in == "Slack" else told
    whom = ", ".join(filter(None, [_name(one), f"{one.partner} ({one.tier})" if one.tier else one.partner]))
    return f"- {whom}{f': {told}' if told else ''}"


def _when(one: SignUp, zone: ZoneInfo) -> str:
    if one.answered_at is None:
        return ""
    there = one.answered_at.astimezone(zone)
    return f"{there.day} {there:%b %H:%M}"


def _name(one: SignUp) -> str:
    return one.name or _NAMELESS
