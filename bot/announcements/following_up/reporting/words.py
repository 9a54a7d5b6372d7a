"""A report on an announcement in words, as managers read it: reached, answered, by whom, and deals around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.vocabulary.announcement_report import AnnouncementReport, Copies, Slice
from bot.vocabulary.announcing import CallKind

IN_WORDS = {
    "in_words": "in words",
    "later": "will answer later",
    "question": "asked a question",
    "wrong_person": "is the wrong person",
    "left": "has left the company",
    "away": "is away",
    "unsubscribed": "wants no more announcements",
    "other": "wrote something else",
}
UNKNOWN = "unknown"
HONEST = "At the same time, not because of it: whether the announcement led to a deal is not known."


def text(report: AnnouncementReport, zone: ZoneInfo) -> str:
    """Paragraphs of plain lines; moments as clocks of `zone` show them."""
    return "\n\n".join(part for part in _parts(report, zone) if part)


def answer_in_words(answer: str) -> str:
    """As a label: a day as `Thu 3 Dec 2026`."""
    try:
        day = date.fromisoformat(answer)
    except ValueError:
        return IN_WORDS.get(answer, answer)
    return f"{day:%a} {day.day} {day:%b %Y}"


def in_short(report: AnnouncementReport) -> str:
    """One line: `41 of 120 answered (34 %): 20 yes, 15 no, 6 maybe.`"""
    given = [f"{count} {answer_in_words(answer)}" for answer, count in report.answers if count]
    people = report.people
    said = f"{people.answered:,} of {people.recipients:,} answered ({_percent(people.share)})"
    return f"{said}{': ' if given else ''}{', '.join(given)}."


def duration(time: timedelta | None) -> str:
    """`5 hours`, `2.5 days`; "" for none."""
    if time is None:
        return ""
    minutes, hours, days = (time / timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days"))
    for count, unit, least in ((days, "day", 2), (hours, "hour", 1), (minutes, "minute", 0)):
        if count >= least:
            said = f"{count:.1f}".removesuffix(".0") if unit == "day" else f"{count:.0f}"
            return f"{said} {unit}{'' if said == '1' else 's'}"
    return ""


def _parts(report: AnnouncementReport, zone: ZoneInfo) -> Iterator[str]:
    yield _head(report, zone)
    yield _reached(report)
    yield _answered(report)
    for title, slices in (
        ("By tier", report.by_tier),
        ("By region", report.by_region),
        ("By language", report.by_language),
        ("By channel", report.by_channel),
    ):
        yield _sliced(title, slices, report.call)
    yield _deals(report)


def _head(report: AnnouncementReport, zone: ZoneInfo) -> str:
    began, taken = (at.astimezone(zone) for at in (report.began_at, report.taken_at))
    lines = [f"“{report.subject}”, announced by {report.by} on {began.day} {began:%B %Y at %H:%M}"]
    lines.append(f"As of {taken.day} {taken:%B %Y, %H:%M}")
    return "\n".join(lines)


def _reached(report: AnnouncementReport) -> str:
    people = f"{report.people.recipients:,} {_many(report.people.recipients, 'person', 'people')}"
    lines = [f"Recipients: {people} at {report.partners:,} {_many(report.partners, 'partner', 'partners')}"]
    lines += [_copies("Mails", report.mails), _copies("Posts in Slack", report.posts)]
    if report.opted_out:
        lines.append(f"Opted out since: {report.opted_out:,}")
    return "\n".join(filter(None, lines))


def _copies(what: str, copies: Copies) -> str:
    if not copies.total:
        return ""
    others = (("came back", copies.came_back), ("failed", copies.failed), ("waiting", copies.waiting))
    said = "".join(f", {count:,} {word}" for word, count in others if count)
    return f"{what}: {copies.delivered:,} of {copies.total:,} delivered{said}"


def _answered(report: AnnouncementReport) -> str:
    people = report.people
    lines: list[str] = []
    if report.call is not CallKind.NONE or people.answered:
        lines.append(f"Answered: {people.answered:,} of {people.recipients:,} ({_percent(people.share)})")
        lines += [f"- {answer_in_words(answer)}: {count:,}" for answer, count in report.answers]
    if report.others:
        lines.append(f"Wrote without being a recipient: {report.others:,}")
    if report.median is not None:
        lines.append(f"Half of the answers came within {duration(report.median)}")
    if report.reminded:
        lines.append(f"Reminded: {report.reminded:,}, of whom {report.after_reminder:,} answered after it")
    if report.said:
        lines.append("Said beside: " + ", ".join(f"{answer_in_words(word)} {count:,}" for word, count in report.said))
    return "\n".join(lines)


def _sliced(title: str, slices: Sequence[Slice], call: CallKind) -> str:
    if not slices or (call is CallKind.NONE and not any(one.answered for one in slices)):
        return ""
    return "\n".join([title, *(f"- {_slice(one)}" for one in slices)])


def _slice(one: Slice) -> str:
    counts = (("yes", one.yes), ("no", one.no), ("maybe", one.maybe), ("a day", one.chosen), ("in words", one.in_words))
    kinds = ", ".join(f"{count:,} {word}" for word, count in counts if count)
    return (
        f"{one.label or UNKNOWN}: {one.answered:,} of {one.recipients:,} answered ({_percent(one.share)})"
        f"{f': {kinds}' if kinds else ''}"
    )


def _deals(report: AnnouncementReport) -> str:
    found = report.registered
    span = duration(found.span) or "no time"
    more = "" if report.is_over else f" ({report.days} days are not over yet)"
    return "\n".join(
        [
            f"Deals registered by partners who were reached, within {span}{more}",
            f"- after the announcement: {found.after:,} by {_partners(found.partners_after)}",
            f"- before it, in as much time: {found.before:,} by {_partners(found.partners_before)}",
            HONEST,
        ]
    )


def _partners(count: int) -> str:
    return f"{count:,} {_many(count, 'partner', 'partners')}"


def _many(count: int, one: str, more: str) -> str:
    return one if count == 1 else more


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"
