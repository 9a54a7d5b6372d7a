"""What an announcement comes to before it goes: how many it reaches, who is left out and why, and how it looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.channels.slack.managers import actions
from bot.channels.slack.managers.announcements.write_view import CALLS, LANGUAGES, ROUTES, TITLE
from bot.channels.slack.managers.frames import (
    SHORT,
    Block,
    View,
    button,
    buttons,
    facts,
    heading,
    long,
    said,
    small,
    told,
    window,
)
from bot.vocabulary.announcing import Announcement, Composed, Preview, Sample, Zone
from bot.vocabulary.segment import LeftOut

_NAMED = 15  # people who are left out, by name
_REASONS = 12
_DAY = 12 * 3_600.0  # seconds within which a first and a last copy go at about the same time


def preview_view(
    form: str, preview: Preview, composed: Composed, zone: ZoneInfo, *, changed: bool = False, result: str = ""
) -> View:
    """`changed` where others are in the segment than when it was last looked at; `result` is what was just done."""
    whom = reached(preview)
    blocks = [
        *([said(result)] if result else []),
        said(f"Meanwhile the segment changed: it goes to {whom} now." if changed else f"This goes to {whom}."),
        small(copies(preview)),
        *(
            [small("Whoever is in the segment by then gets it; you can cancel it until then.")]
            if _later(composed)
            else []
        ),
        *facts(_facts(preview, composed, zone)),
        *_unapproved(composed),
        *left_out(preview.left_out),
        buttons(
            button(actions.AS_WRITTEN, "Change it"),
            button(actions.ADD_LANGUAGE, "Add a language"),
            *(button(actions.CHANGE_LANGUAGE, f"{named(one.language)} …", one.language) for one in composed.texts[1:6]),
            button(actions.TEST, "Send me a test"),
        ),
        *(block for sample in preview.samples[:3] for block in _sample(sample)),
    ]
    submit = _submit(preview.contacts, later=_later(composed))
    return window(TITLE, blocks, callback=actions.CONFIRM, meta=form, submit=submit)


def confirmed_view(announcement: Announcement, count: int, zone: ZoneInfo) -> View:
    subject, whom = announcement.subject, people(count)
    more = buttons(button(actions.ANNOUNCEMENTS, "All announcements"))
    if not _later(announcement.composed):
        return told(TITLE, f"“{subject}” is on its way to {whom}.", _FOLLOW, more=[more])
    text = f"“{subject}” goes out on {planned(announcement, zone)}, to {whom} as things stand."
    return told(TITLE, text, _FOLLOW, more=[more])


def planned(announcement: Announcement, zone: ZoneInfo) -> str:
    """When it goes: by the vendor's clock, or by each partner's."""
    at = announcement.composed.timing.at
    if at is not None and announcement.composed.timing.zone is Zone.PARTNER:
        return f"{_wall(at)} where the partner is"
    return when((announcement.send_at or announcement.created_at).astimezone(zone))


def when(at: datetime) -> str:
    """`at` in its own zone."""
    return f"{_wall(at)} ({getattr(at.tzinfo, 'key', at.tzname())})"


def reached(preview: Preview) -> str:
    where = "1 partner" if preview.partners == 1 else f"{preview.partners:,} partners"
    return f"{people(preview.contacts)} at {where}"


def copies(preview: Preview) -> str:
    """How it reaches them."""
    mails = "1 mail" if preview.mails == 1 else f"{preview.mails:,} mails"
    channels = "1 Slack channel" if preview.channels == 1 else f"{preview.channels:,} Slack channels"
    return f"{mails}, and a post in {channels}" if preview.channels else mails


def people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def named(language: str) -> str:
    return LANGUAGES.get(language, language or "no language")


def left_out(found: Sequence[LeftOut]) -> Iterator[Block]:
    """By reason, each with some names."""
    for why in list(dict.fromkeys(one.why for one in found))[:_REASONS]:
        names = [f"{one.name} ({one.partner_name})" for one in found if one.why == why]
        more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        yield small(f"Left out, {why}: {', '.join(names[:_NAMED])}{more}")


_FOLLOW = "You get a message that shows how far it is. Answers are read, logged and counted as they come."


def _facts(preview: Preview, composed: Composed, zone: ZoneInfo) -> list[tuple[str, str]]:
    asked = dict(CALLS)[composed.call.kind.value]
    days = ", ".join(day.isoformat() for day in composed.call.dates)
    found = [
        ("Subject", composed.subject),
        ("Segment", preview.segment),
        ("When", _span(preview, composed, zone)),
        ("Where", dict(ROUTES)[composed.route.value]),
        ("Asked", f"{asked}: {days}" if days else asked),
    ]
    if len(preview.languages) > 1:
        read = ", ".join(f"{named(language)} {count:,}" for language, count in preview.languages)
        found.append(("Languages", read))
    if composed.documents:
        found.append(("Files", ", ".join(document.name for document in composed.documents)))
    if composed.remind_after is not None:
        days_later = "1 day" if composed.remind_after == 1 else f"{composed.remind_after} days"
        found.append(("Reminder", f"{days_later} later, to those who have not answered"))
    return found


def _span(preview: Preview, composed: Composed, zone: ZoneInfo) -> str:
    at, first, last = composed.timing.at, preview.first_at, preview.last_at
    if at is not None:
        whose = "where the partner is" if composed.timing.zone is Zone.PARTNER else f"({zone.key})"
        start = f"{_wall(at)} {whose}"
    else:
        start = "now"
    if first is None or last is None or (last - first).total_seconds() < _DAY / 12:
        return start if first is None or at is not None else f"{start}, first {_wall(first.astimezone(zone))}"
    return f"{start}: from {_wall(first.astimezone(zone))} to {_wall(last.astimezone(zone))}"


def _unapproved(composed: Composed) -> Iterator[Block]:
    for text in composed.texts:
        if not text.approved:
            language = named(text.language)
            yield said(
                f"Nobody has approved the {language} text that a model proposed: it reaches nobody until you do."
            )


def _sample(sample: Sample) -> Iterator[Block]:
    yield heading(f"As {sample.reader} of {sample.partner} reads it")
    yield small(f"{named(sample.language)}: {sample.subject}")
    if sample.text:
        yield from long(sample.text, 3)
    if sample.slack:
        yield small("In the partner's Slack channel:")
        yield from long(sample.slack, 2)


def _later(composed: Composed) -> bool:
    return composed.timing.at is not None


def _wall(at: datetime) -> str:
    return f"{at.day} {at:%B %Y at %H:%M}"


def _submit(count: int, *, later: bool) -> str:
    verb = "Schedule" if later else "Send"
    text = f"{verb} for {people(count)}" if later else f"{verb} to {people(count)}"
    return text if len(text) <= SHORT else verb
