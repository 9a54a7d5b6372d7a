"""A report on its way to a manager: a mail with spreadsheet and picture, and in Slack a line with the picture."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.following_up.reporting.words import in_short
from bot.channels.slack.outbound.outlet import CARD
from bot.storage.answers import NOTICE
from bot.storage.codec import storable
from bot.storage.documents import keep_file
from bot.storage.outbox import Destination, Outgoing
from bot.vocabulary.announcement_report import AnnouncementReport
from bot.vocabulary.documents import CSV, PNG, to_payload
from knowledge.program import Manager


async def parcels(
    connection: AsyncConnection, report: AnnouncementReport, who: Manager, occasion: str, text: str, csv: bytes,
    picture: bytes,
) -> list[Outgoing]:  # fmt: skip
    """Once for each `occasion`. The files are kept in the caller's transaction."""
    name = file_name(report)
    sheet = await keep_file(connection, f"{name}.csv", CSV, csv)
    chart = await keep_file(connection, f"{name}.png", PNG, picture)
    key = f"announcement-report:{report.id}:{occasion}"
    letter: dict[str, Any] = {
        "to": who.email, "subject": f"Report: {report.subject}", "in_reply_to": "", "references": [], "text": text,
        "language": "en", "documents": to_payload([sheet, chart]),
    }  # fmt: skip
    rows = [Outgoing(key, Destination.MAIL, NOTICE, storable(letter), who.email.lower())]
    if who.slack_user_id:
        rows += _in_slack(report, who, key, to_payload([chart]))
    return rows


def file_name(report: AnnouncementReport) -> str:
    """Without its ending: `report-partner-day-in-ghent-2026-11-02`."""
    words = re.sub(r"[^a-z0-9]+", "-", report.subject.lower()).strip("-")[:40].strip("-")
    return "-".join(filter(None, ("report", words, f"{report.began_at:%Y-%m-%d}")))


def _in_slack(report: AnnouncementReport, who: Manager, key: str, picture: list[dict[str, Any]]) -> list[Outgoing]:
    """Directly to the manager; what he needs to know stands in the line, should the picture not come."""
    where = {"channel": who.slack_user_id, "thread_ts": ""}
    said = f"Your announcement “{report.subject}”: {in_short(report)} The whole report is in your mail."
    line = Outgoing(f"{key}:slack", Destination.SLACK, CARD, storable(where | {"text": said}), who.slack_user_id)
    shown = where | {"under": line.id, "text": "The report as a picture", "document": picture[0]}
    return [line, Outgoing(f"{key}:slack:chart", Destination.SLACK, CARD, shown, who.slack_user_id)]
