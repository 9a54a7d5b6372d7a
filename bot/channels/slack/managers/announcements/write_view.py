"""The forms in which an announcement is written: the text and whom it is for, and its text in one more language."""

from __future__ import annotations

from collections.abc import Iterator

from bot.channels.slack.managers import actions
from bot.channels.slack.managers.announcements.drafts import (
    ANY_HOUR,
    CALL,
    DATES,
    DAY,
    HOUR,
    KEPT,
    LANGUAGE,
    QUESTION,
    QUIET,
    REMIND,
    ROUTE,
    SAVED,
    SUBJECT,
    SUBJECT_LONG,
    TEXT,
    TEXT_LONG,
    ZONE,
    Draft,
)
from bot.channels.slack.managers.frames import (
    Block,
    View,
    choice,
    day,
    heading,
    hour,
    line,
    many,
    said,
    small,
    takeable,
    window,
)
from bot.vocabulary.announcing import AnnouncementText, CallKind, Route, Zone
from bot.vocabulary.segment import SegmentChoices

TITLE = "Announce"
LANGUAGES = {"en": "English", "de": "German", "fr": "French", "nl": "Dutch", "es": "Spanish"}
SEGMENT = (
    ("partners", "Partners", "every partner"),
    ("tiers", "Tiers", "every tier"),
    ("types", "Types", "every type"),
    ("regions", "Regions", "every region"),
    ("countries", "Countries", "every country"),
    ("languages", "Languages", "every language"),
    ("products", "With deals in a product", "whatever they sell"),
    ("pipeline", "With deals that are", "however their deals stand"),
    ("certificates", "With certificates that are", "with certificates or without"),
)
"""Field of a segment, its label, and what it means where nothing is chosen."""
CALLS = (
    (CallKind.NONE.value, "Nothing is asked"),
    (CallKind.ANSWER.value, "Yes, no or maybe"),
    (CallKind.DATE.value, "A day to sign up for"),
    (CallKind.QUESTION.value, "An answer in words"),
)
ROUTES = (
    (Route.PREFERRED.value, "As each of them prefers"),
    (Route.BOTH.value, "By mail and in their channel"),
    (Route.MAIL.value, "By mail only"),
    (Route.SLACK.value, "In their Slack channel only"),
)
_QUIET = ((KEPT, "Wait for working hours where the partner is"), (ANY_HOUR, "Go at any hour"))
_FIELDS = "{first_name}, {name}, {partner}, {tier}, {manager} and {open_deals} stand for each reader's own."


def write_view(form: str, draft: Draft, choices: SegmentChoices, zone: str, why: str = "") -> View:
    """`form` is the opaque id under which it is kept; `why` says why it was not sent, where it was sent off before."""
    first = draft.first
    blocks = [
        *([said(why)] if why else []),
        line(SUBJECT, "Subject", value=first.subject, most=SUBJECT_LONG),
        line(TEXT, "Text", value=first.body, most=TEXT_LONG, long_=True, hint=f"In Markdown. {_FIELDS}"),
        choice(LANGUAGE, "Language of this text", list(LANGUAGES.items()), first.language, empty="as it is written"),
        heading("Whom it is for"),
        *_segment(draft, choices),
        heading("What is asked"),
        choice(CALL, "Partners answer", CALLS, draft.call),
        line(DATES, "Days to sign up for", value=draft.dates, most=500, optional=True, hint="2026-12-03, 2026-12-10"),
        line(QUESTION, "What is asked", value=draft.question, most=500, optional=True, hint="Where the text does not."),
        line(REMIND, "Remind after (days)", value=draft.remind, most=3, optional=True,
             hint="Once, and only those who have not answered."),
        heading("How and when it goes"),
        choice(ROUTE, "Where they get it", ROUTES, draft.route),
        day(DAY, "Send on", value=draft.day, hint="Leave day and time empty to send it now."),
        hour(HOUR, "At", zone, value=draft.hour),
        choice(ZONE, "By the clock of", ((Zone.VENDOR.value, zone), (Zone.PARTNER.value, "each partner")), draft.zone),
        choice(QUIET, "Nights, weekends, holidays", _QUIET, draft.quiet),
    ]  # fmt: skip
    return window(TITLE, blocks, callback=actions.WRITE, meta=form, submit="Preview", close="Cancel")


def language_view(form: str, draft: Draft, language: str = "") -> View:
    """The text in one more language, or the one that there is in this `language`."""
    kept = next((text for text in draft.texts[1:] if text.language == language), AnnouncementText(language, "", ""))
    offered = [(code, name) for code, name in LANGUAGES.items() if code != draft.first.language]
    blocks = [
        said(f"“{draft.first.subject}” in another language. Whoever reads none of them gets the first text."),
        *([] if kept.approved else [said("A model proposed this text. Sending it off makes it yours.")]),
        choice(LANGUAGE, "Language", offered, kept.language),
        line(SUBJECT, "Subject", value=kept.subject, most=SUBJECT_LONG, optional=True),
        line(TEXT, "Text", value=kept.body, most=TEXT_LONG, long_=True, optional=True,
             hint="Left empty, there is none in this language."),
    ]  # fmt: skip
    return window(TITLE, blocks, callback=actions.LANGUAGE, meta=form, submit="Preview", close="Cancel")


def _segment(draft: Draft, choices: SegmentChoices) -> Iterator[Block]:
    saved = takeable((one.name, one.name) for one in choices.saved)[:100]
    if saved:
        yield choice(SAVED, "Saved segment", saved, draft.saved, empty="none")
    for field, label, everyone in SEGMENT:
        options = takeable((value, shown(field, value)) for value in dict.fromkeys(getattr(choices, field)))
        if options:
            yield many(field, label, options, getattr(draft.segment, field), everyone)
    if draft.segment.without:
        yield small(f"Kept out: {'; '.join(draft.segment.without)}")


def shown(field: str, value: str) -> str:
    """A value of a segment as a person reads it."""
    if field == "languages":
        return LANGUAGES.get(value, value)
    return value.replace("_", " ").capitalize() if field in ("types", "pipeline", "certificates") else value
