"""What is filled in for an announcement: read from a form, kept as JSON, and drawn from one that is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.vocabulary import documents
from bot.vocabulary.announcing import AnnouncementText, CallKind, Composed, Route, Zone
from bot.vocabulary.documents import Document
from bot.vocabulary.segment import NAMES, Segment

SUBJECT, TEXT, LANGUAGE, DAY, HOUR, ZONE, QUIET = "subject", "text", "language", "day", "hour", "zone", "quiet"
CALL, DATES, QUESTION, ROUTE, REMIND, SAVED = "call", "dates", "question", "route", "remind", "saved"
SUBJECT_LONG, TEXT_LONG = 200, 3_000
KEPT, ANY_HOUR = "kept", "any"
"""Whether quiet hours are kept."""

_EVERYONE = Segment()
_FIELDS = (DAY, HOUR, ZONE, QUIET, CALL, DATES, QUESTION, ROUTE, REMIND, SAVED)


@dataclass(frozen=True, slots=True)
class Draft:
    """An announcement as it is filled in, each field as the form has it; `day` (2026-12-01) and `hour` (09:00) are
    empty for now. The first of the `texts` is the one whose readers have none in their own language.
    """

    texts: tuple[AnnouncementText, ...] = (AnnouncementText("", "", ""),)
    segment: Segment = _EVERYONE
    saved: str = ""
    day: str = ""
    hour: str = ""
    zone: str = Zone.VENDOR.value
    quiet: str = KEPT
    call: str = CallKind.NONE.value
    dates: str = ""
    question: str = ""
    route: str = Route.PREFERRED.value
    remind: str = ""
    documents: tuple[Document, ...] = ()

    @property
    def first(self) -> AnnouncementText:
        return self.texts[0]

    @property
    def is_short(self) -> bool:
        """Whether a form takes it."""
        return all(len(text.body) <= TEXT_LONG for text in self.texts)


def begun(subject: str, body: str = "") -> Draft:
    return Draft((AnnouncementText("", subject[:SUBJECT_LONG], body),))


def from_filled(filled: Mapping[str, str], before: Draft) -> Draft:
    """What the form had no field for stays as it was `before`; the first text is now by whoever sends the form off."""
    first = AnnouncementText(filled.get(LANGUAGE, ""), _subject(filled), filled.get(TEXT, "").strip()[:TEXT_LONG])
    others = tuple(text for text in before.texts[1:] if text.language != first.language)
    chosen = {
        field: tuple(dict.fromkeys(filter(None, filled[field].split("\n"))))
        for field in NAMES.values()
        if field in filled
    }
    said: dict[str, Any] = {name: filled[name].strip() for name in _FIELDS if name in filled}
    return replace(before, texts=(first, *others), segment=replace(before.segment, **chosen), **said)


def with_language(draft: Draft, filled: Mapping[str, str], by: str) -> Draft:
    """With a text in one more language, or another one in its place; without it where the form has no text."""
    text = AnnouncementText(filled.get(LANGUAGE, ""), _subject(filled), filled.get(TEXT, "").strip()[:TEXT_LONG], by=by)
    others = [one for one in draft.texts[1:] if one.language != text.language]
    return replace(draft, texts=(draft.first, *others, *([text] if text.body else [])))


def to_doc(draft: Draft) -> dict[str, Any]:
    return asdict(draft)


def from_doc(doc: Mapping[str, Any]) -> Draft:
    """What is not there, or was kept by an earlier form, is as in a new one."""
    texts = tuple(AnnouncementText(**one) for one in doc.get("texts") or ())
    segment = {name: tuple(values) for name, values in (doc.get("segment") or {}).items()}
    said: dict[str, Any] = {name: str(doc[name]) for name in _FIELDS if name in doc}
    kept = documents.from_payload(list(doc.get("documents") or []))
    return Draft(texts=texts or Draft().texts, segment=Segment(**segment), documents=kept, **said)


def from_composed(composed: Composed) -> Draft:
    """One that is kept, to be changed."""
    at, call = composed.timing.at, composed.call
    first = composed.text_for("")
    return Draft(
        texts=(first, *(text for text in composed.texts if text is not first)),
        segment=composed.segment,
        day=f"{at:%Y-%m-%d}" if at else "",
        hour=f"{at:%H:%M}" if at else "",
        zone=composed.timing.zone.value,
        quiet=KEPT if composed.timing.keep_quiet else ANY_HOUR,
        call=call.kind.value,
        dates=", ".join(day.isoformat() for day in call.dates),
        question=call.question,
        route=composed.route.value,
        remind="" if composed.remind_after is None else str(composed.remind_after),
        documents=composed.documents,
    )


def _subject(filled: Mapping[str, str]) -> str:
    return " ".join(filled.get(SUBJECT, "").split())[:SUBJECT_LONG]
