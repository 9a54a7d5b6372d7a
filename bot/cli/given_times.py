"""When a message came: as it was typed, or as its Date header says."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.bootstrap import now
from bot.cli.faults import UNUSABLE, Fault
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


def dated(mail: ParsedMail) -> datetime:
    """The Date header's time where it names a zone, else now."""
    return mail.date if mail.date is not None and mail.date.tzinfo is not None else now()
