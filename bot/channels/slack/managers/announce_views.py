"""The forms for announcing: what is to be filled in, whom it reaches and how it looks, and what waits for its time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.channels.slack.blocks.texts import cut
from bot.channels.slack.managers import actions
from bot.channels.slack.managers.drafts import DAY, HOUR, SUBJECT, SUBJECT_LONG, TEXT, TEXT_LONG
from bot.channels.slack.managers.frames import (
    SHORT,
    Block,
    View,
    button,
    buttons,
    day,
    facts,
    heading,
    hour,
    line,
    long,
    many,
    said,
    small,
    takeable,
    told,
    window,
)
from bot.channels.slack.managers.ports import Draft, LeftOut, Preview, Scheduled
from bot.vocabulary.segment import SegmentChoices

TITLE = "Announce"
SEGMENT = (
    ("partners", "Partners", "every partner"),
    ("tiers", "Tiers", "every tier"),
    ("types", "Types", "every type"),
    ("regions", "Regions", "every region"),
    ("languages", "Languages", "every language"),
)
"""Field of a segment, its label, and what it means where nothing is chosen."""
_LANGUAGES = {"en": "English", "de": "German", "fr": "French", "nl": "Dutch", "es": "Spanish"}
_NAMED = 15  # people who are left out, by name
_LISTED = 40


def write_view(form: str, draft: Draft, choices: SegmentChoices, zone: str, why: str = "") -> View:
    """`form` is the opaque id under which it is kept; `why` says why it was not sent, where it was sent off before."""
    blocks = [
        *([said(why)] if why else []),
        line(SUBJECT, "Subject", value=draft.subject, most=SUBJECT_LONG),
        line(TEXT, "Text", value=draft.text, most=TEXT_LONG, long_=True, hint="In Markdown. Partners get it by mail."),
        *_segment(draft, choices),
        day(DAY, "Send on", value=draft.day, hint="Leave day and time empty to send it now."),
        hour(HOUR, f"At ({zone})", zone, value=draft.hour),
    ]
    return window(TITLE, blocks, callback=actions.WRITE, meta=form, submit="Preview", close="Cancel")


def preview_view(form: str, preview: Preview, subject: str, at: datetime | None, *, changed: bool = False) -> View:
    """`changed` where others are in the segment than when it was last looked at."""
    people = _people(preview.count)
    where = "1 partner" if preview.partners == 1 else f"{preview.partners} partners"
    first = f"Meanwhile the segment changed: it goes to {people} at {where} now." if changed else ""
    blocks = [
        said(first or f"This goes to {people} at {where}."),
        *facts([("Subject", subject), ("Segment", preview.segment), ("When", when(at) if at else "now")]),
        *_left_out(preview.left_out),
        heading(f"As {preview.reader} reads it"),
        *_foreign(preview.footer_in),
        *long(preview.looks),
        buttons(button(actions.AS_WRITTEN, "Change it")),
    ]
    if at is not None:
        blocks.insert(1, small("Whoever is in the segment by then gets it; you can cancel it until then."))
    return window(TITLE, blocks, callback=actions.CONFIRM, meta=form, submit=_submit(preview.count, at))


def sent_view(sent: Scheduled, at: datetime | None) -> View:
    if at is None:
        return told(TITLE, f"“{sent.subject}” is on its way to {_people(sent.count)}.", _ANSWERS)
    text = f"“{sent.subject}” goes out on {when(at)}, to {_people(sent.count)} as things stand."
    return told(TITLE, text, _ANSWERS, more=[_cancelling(sent)])


def scheduled_view(waiting: Sequence[Scheduled], result: str = "") -> View:
    if not waiting:
        return told("Announcements", result, "Nothing is announced later.")
    blocks: list[Block] = [said(result)] if result else []
    for one in waiting[:_LISTED]:
        blocks.append(said(f"{when(one.at)}: “{cut(one.subject, 200)}”\n{one.by}, to {cut(one.segment, 500)}"))
        blocks.append(_cancelling(one))
    if len(waiting) > _LISTED:
        blocks.append(small(f"and {len(waiting) - _LISTED} more: `partnerline announcements list` shows all"))
    return window("Announcements", blocks, callback=actions.TOLD)


def when(at: datetime) -> str:
    """`at` in its own zone."""
    return f"{at.day} {at:%B %Y at %H:%M} ({getattr(at.tzinfo, 'key', at.tzname())})"


_ANSWERS = "Answers are read, logged and counted; `/partners status` tells how many there are."


def _cancelling(one: Scheduled) -> Block:
    sure = f"“{cut(one.subject, 100)}” will not be sent."
    return buttons(button(actions.CANCEL, "Cancel it", one.id, style="danger", sure=sure))


def _segment(draft: Draft, choices: SegmentChoices) -> Iterator[Block]:
    for field, label, everyone in SEGMENT:
        options = takeable((value, _shown(field, value)) for value in dict.fromkeys(getattr(choices, field)))
        if options:
            yield many(field, label, options, getattr(draft.segment, field), everyone)


def _shown(field: str, value: str) -> str:
    if field == "languages":
        return _LANGUAGES.get(value, value)
    return value.replace("_", " ").capitalize() if field == "types" else value


def _foreign(language: str) -> list[Block]:
    if not language:
        return []
    here = _LANGUAGES.get(language, language)
    return [small(f"The lines below the text are in each reader's own language, here in {here}.")]


def _left_out(left_out: Sequence[LeftOut]) -> Iterator[Block]:
    for why in dict.fromkeys(one.why for one in left_out):
        names = [one.who for one in left_out if one.why == why]
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        yield small(f"Left out, {why}: {', '.join(names[:_NAMED])}{more}")


def _submit(count: int, at: datetime | None) -> str:
    verb = "Schedule" if at else "Send"
    text = f"{verb} for {_people(count)}" if at else f"{verb} to {_people(count)}"
    return text if len(text) <= SHORT else verb


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"
