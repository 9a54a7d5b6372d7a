"""When a message came, and when something is to go out: as it was typed, or as a Date header says."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.bootstrap import now
from bot.cli.faults import UNUSABLE, Fault
from bot.vocabulary.wall_time import on_the_wall
from mail_ingest.parse import ParsedMail


def moment_in(words: str) -> datetime | None:
    """None for no words. Raises Fault; a time without zone is UTC."""
    if not words:
        return None
    try:
        at = datetime.fromisoformat(words.strip())
    except ValueError as fault:
        raise Fault(f"{words} is no time", "write it as 2026-11-26T09:30+01:00", UNUSABLE) from fault
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def ahead_in(words: str, zone: ZoneInfo) -> datetime:
    """A time to come; without a zone of its own it is one of `zone`. Raises Fault."""
    fix = f"write it as 2026-12-01T09:00, in the time of {zone.key}"
    try:
        typed = datetime.fromisoformat(words.strip())
    except ValueError as fault:
        raise Fault(f"{words} is no time", fix, UNUSABLE) from fault
    at = typed if typed.tzinfo else on_the_wall(typed, zone)
    if at is None:
        raise Fault(f"on that day the clocks of {zone.key} skip {words}", "name another time", UNUSABLE)
    if at <= now():
        raise Fault(f"{words} is over", "name a time to come, or leave it away to send it now", UNUSABLE)
    return at


def dated(mail: ParsedMail) -> datetime:
    """The Date header's time where it names a zone, else now."""
    return mail.date if mail.date is not None and mail.date.tzinfo is not None else now()
