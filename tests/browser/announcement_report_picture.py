"""Draws the report of an announcement for the documentation: `python -m tests.browser.announcement_report_picture`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.announcements.following_up.reporting.chart import chart_png
from bot.vocabulary.announcement_report import AnnouncementReport, Copies, Registered, Slice
from bot.vocabulary.announcing import CallKind
from tests.builders import program

PICTURE = Path(__file__).parents[2] / "docs" / "announcement-report.png"
BEGAN = datetime(2026, 11, 2, 8, tzinfo=UTC)
REPORT = AnnouncementReport(
    id="7d1f60c4-6c0b-4b7e-9c39-4f3f6f1f2a10",
    subject="Partner day in Ghent: which day suits you?",
    by="noor@lumora.example",
    call=CallKind.DATE,
    began_at=BEGAN,
    taken_at=BEGAN + timedelta(days=14),
    days=14,
    partners=180,
    people=Slice("", 412, 203, no=41, maybe=22, chosen=140),
    mails=Copies(398, 381, 9, 5, 3),
    posts=Copies(64, 64),
    answers=(("2026-12-03", 90), ("2026-12-10", 50), ("no", 41), ("maybe", 22)),
    said=(("question", 18), ("later", 7)),
    by_tier=(Slice("Registered", 200, 70), Slice("Select", 150, 81), Slice("Elite", 62, 52)),
    by_region=(Slice("DACH", 180, 95), Slice("Benelux", 150, 70), Slice("", 82, 38)),
    by_language=(Slice("de", 180, 95), Slice("nl", 120, 60), Slice("en", 112, 48)),
    by_channel=(Slice("mail", 398, 170), Slice("Slack", 90, 33)),
    others=2,
    opted_out=4,
    reminded=205,
    after_reminder=61,
    median=timedelta(hours=19),
    registered=Registered(timedelta(days=14), 23, 31, 19, 24),
)

if __name__ == "__main__":
    made = program()
    PICTURE.write_bytes(chart_png(REPORT, ZoneInfo(made.vendor.time_zone), made.brand.light))
