"""What the picture of a report shows: six panels of bars, and the line that says what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.announcements.following_up.reporting.words import HONEST, UNKNOWN, answer_in_words, duration
from bot.documents.announcement_chart import AnnouncementChart, CountBar, CountPanel, png
from bot.vocabulary.announcement_report import AnnouncementReport, Slice
from knowledge.brand import Colours


def chart_png(report: AnnouncementReport, zone: ZoneInfo, colours: Colours) -> bytes:
    """A PNG of always the same size. Takes a second of computing."""
    return png(chart(report, zone), colours)


def chart(report: AnnouncementReport, zone: ZoneInfo) -> AnnouncementChart:
    began, taken = (at.astimezone(zone) for at in (report.began_at, report.taken_at))
    people = report.people
    answered = f"{people.answered:,} of {people.recipients:,} answered ({people.share * 100:.0f} %)"
    half = f" · half of them within {duration(report.median)}" if report.median is not None else ""
    return AnnouncementChart(
        report.subject,
        f"Announced on {began.day} {began:%B %Y} · {answered}{half} · as of {taken.day} {taken:%B %Y}",
        (
            _reached(report),
            _answers(report),
            _registered(report),
            _shares("Answered by tier", report.by_tier),
            _shares("Answered by region", report.by_region),
            _shares("Answered by language", report.by_language),
        ),
        f"Deals: {HONEST[0].lower()}{HONEST[1:]}",
    )


def _reached(report: AnnouncementReport) -> CountPanel:
    copies = (report.mails, report.posts)
    bars = [CountBar("recipients", report.people.recipients)]
    if report.mails.total:
        bars.append(CountBar("mails delivered", report.mails.delivered, strong=True))
    if report.posts.total:
        bars.append(CountBar("posts delivered", report.posts.delivered, strong=True))
    others = (
        ("came back", sum(one.came_back for one in copies)),
        ("failed", sum(one.failed for one in copies)),
        ("waiting", sum(one.waiting for one in copies)),
        ("opted out", report.opted_out),
    )
    bars += [CountBar(label, count) for label, count in others if count]
    return CountPanel("Reached", tuple(bars))


def _answers(report: AnnouncementReport) -> CountPanel:
    bars = [CountBar(answer_in_words(answer), count, strong=True) for answer, count in report.answers]
    silent = report.people.recipients - report.people.answered
    if bars:
        bars.append(CountBar("no answer yet", silent))
    return CountPanel("Answers", tuple(bars), nothing="nothing was asked")


def _registered(report: AnnouncementReport) -> CountPanel:
    found = report.registered
    span = duration(found.span) or "no time"
    bars = (
        CountBar("before", found.before, _deals(found.before, found.partners_before)),
        CountBar("after", found.after, _deals(found.after, found.partners_after), strong=True),
    )
    return CountPanel(f"Deals registered within {span}", bars)


def _deals(count: int, partners: int) -> str:
    return f"{count:,} by {partners:,} partner{'' if partners == 1 else 's'}" if count else "none"


def _shares(title: str, slices: Sequence[Slice]) -> CountPanel:
    bars = tuple(
        CountBar(
            one.label or UNKNOWN, one.share, f"{one.share * 100:.0f} % of {one.recipients:,}", strong=True
        )
        for one in slices
    )  # fmt: skip
    return CountPanel(title, bars, most=1.0)
