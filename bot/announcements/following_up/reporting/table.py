"""A report on an announcement for a spreadsheet: one figure a row, and nothing in it runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.documents.safe_csv import safe_csv
from bot.vocabulary.announcement_report import AnnouncementReport, Copies, Slice

COLUMNS = ("part", "of", "measure", "value")
Row = tuple[str, str, str, object]
_COUNTED = ("recipients", "answered", "yes", "no", "maybe", "chosen", "in_words")


def csv(report: AnnouncementReport) -> bytes:
    """Days and moments in ISO form, UTC; times in hours."""
    return safe_csv(COLUMNS, _rows(report))


def _rows(report: AnnouncementReport) -> Iterator[Row]:
    yield from (
        ("announcement", "", "id", report.id),
        ("announcement", "", "subject", report.subject),
        ("announcement", "", "by", report.by),
        ("announcement", "", "began_at", report.began_at.isoformat(timespec="seconds")),
        ("announcement", "", "taken_at", report.taken_at.isoformat(timespec="seconds")),
        ("people", "", "partners", report.partners),
    )
    yield from _slice("people", "all", report.people)
    yield from (
        ("people", "all", "opted_out", report.opted_out),
        ("people", "all", "reminded", report.reminded),
        ("people", "all", "answered_after_reminder", report.after_reminder),
        ("people", "no recipients", "answered", report.others),
        ("people", "all", "median_hours_to_answer", _hours(report)),
    )
    yield from _copies("mail", report.mails)
    yield from _copies("Slack", report.posts)
    yield from (("answer", answer, "people", count) for answer, count in report.answers)
    yield from (("said", word, "people", count) for word, count in report.said)
    yield from _slices("tier", report.by_tier)
    yield from _slices("region", report.by_region)
    yield from _slices("language", report.by_language)
    yield from _slices("channel", report.by_channel)
    found = report.registered
    days = round(found.span.total_seconds() / 86_400, 2)
    for when, deals, partners in (
        ("before", found.before, found.partners_before),
        ("after", found.after, found.partners_after),
    ):
        yield ("registered", when, "days", days)
        yield ("registered", when, "deals", deals)
        yield ("registered", when, "partners", partners)


def _copies(place: str, copies: Copies) -> Iterator[Row]:
    for name in ("total", "delivered", "came_back", "failed", "waiting"):
        yield ("copies", place, name, getattr(copies, name))


def _slices(part: str, slices: Sequence[Slice]) -> Iterator[Row]:
    for one in slices:
        yield from _slice(part, one.label, one)


def _slice(part: str, label: str, one: Slice) -> Iterator[Row]:
    yield from ((part, label, name, getattr(one, name)) for name in _COUNTED)


def _hours(report: AnnouncementReport) -> object:
    return "" if report.median is None else round(report.median.total_seconds() / 3_600, 2)
