"""What stands in the form of an announcement: read from what was sent, written from what is kept, and back to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from bot.channels.console.announcing.views import Faults
from bot.channels.console.forms import Fields
from bot.vocabulary.announcing import AnnouncementText, Call, CallKind, Composed, Route, Timing, Zone
from bot.vocabulary.documents import Document, from_payload, to_payload
from bot.vocabulary.results import NotDone
from bot.vocabulary.segment import NAMES, NOT, Segment

MOST_TEXTS = 20
MOST_FILES = 10
_DAYS = re.compile(r"\d{1,3}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
Choice = TypeVar("Choice", bound=StrEnum)
_EVERYONE = Segment()
_NO_TEXT = AnnouncementText("en", "", "")


@dataclass(frozen=True, slots=True)
class Typed:
    """Everything as it was typed; `aside` is a text that was taken out and can be put back. `at` and `remind` are in
    the words of the form, `dates` too.
    """

    draft: str
    texts: tuple[AnnouncementText, ...] = (_NO_TEXT,)
    aside: AnnouncementText | None = None
    segment: Segment = _EVERYONE
    words: str = ""
    segment_name: str = ""
    call: CallKind = CallKind.NONE
    question: str = ""
    dates: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    later: bool = False
    at: str = ""
    zone: Zone = Zone.VENDOR
    keep_quiet: bool = True
    route: Route = Route.PREFERRED
    fallback: str = ""
    remind: str = ""


def typed_of(form: Fields) -> Typed:
    """What was sent, whatever it is."""
    return Typed(
        draft=form.raw("draft"),
        texts=tuple(_texts(form)) or (_NO_TEXT,),
        aside=_text(form, "aside") if form.raw("subject-aside") or form.raw("body-aside") else None,
        segment=_segment(form),
        words=form.line("words", 20_000),
        segment_name=form.line("segment_name"),
        call=_one_of(CallKind, form.raw("call"), CallKind.NONE),
        question=form.line("question", 500),
        dates=tuple(filter(None, (day.strip() for day in form.many("date")))),
        documents=tuple(_documents(form)),
        later=form.raw("when") == "later",
        at=form.line("at"),
        zone=_one_of(Zone, form.raw("zone"), Zone.VENDOR),
        keep_quiet=form.raw("quiet") != "ignore",
        route=_one_of(Route, form.raw("route"), Route.PREFERRED),
        fallback=form.line("fallback"),
        remind=form.line("remind"),
    )


def typed_again(draft: str, composed: Composed) -> Typed:
    """The form of what is kept."""
    call, timing = composed.call, composed.timing
    return Typed(
        draft=draft,
        texts=composed.texts,
        segment=composed.segment,
        call=call.kind,
        question=call.question,
        dates=tuple(day.isoformat() for day in call.dates),
        documents=composed.documents,
        later=timing.at is not None,
        at=timing.at.isoformat(timespec="minutes") if timing.at else "",
        zone=timing.zone,
        keep_quiet=timing.keep_quiet,
        route=composed.route,
        fallback=composed.fallback,
        remind="" if composed.remind_after is None else str(composed.remind_after),
    )


def composed_of(typed: Typed) -> tuple[Composed, Faults]:
    """What it says, and what is wrong with it where something is. Languages that nobody has written are left out."""
    faults = Faults()
    texts = tuple(text for text in typed.texts if text.subject or text.body) or typed.texts[:1]
    for place, text in enumerate(typed.texts):
        if text not in texts:
            continue
        if not text.subject:
            faults = faults.and_at(f"subject-{place}", NotDone("The subject is missing.", "Write it in one line."))
        if not text.body:
            faults = faults.and_at(f"body-{place}", NotDone("The text is missing.", "Write what partners should know."))
    dates, faults = _dates(typed, faults)
    at, faults = _at(typed, faults)
    remind, faults = _remind(typed, faults)
    composed = Composed(
        texts=texts,
        segment=typed.segment,
        call=Call(typed.call, dates, typed.question if typed.call is not CallKind.NONE else ""),
        documents=typed.documents,
        timing=Timing(at, typed.zone, typed.keep_quiet),
        route=typed.route,
        fallback=typed.fallback if typed.fallback in {text.language for text in texts} else "",
        remind_after=remind,
    )
    return composed, faults


def document_field(document: Document) -> str:
    """A file as the form carries it."""
    return json.dumps(to_payload([document])[0])


def without_text(typed: Typed, place: int) -> Typed:
    """Nothing that was typed is lost: what is taken out is put aside."""
    if not 0 <= place < len(typed.texts) or len(typed.texts) == 1:
        return typed
    out = typed.texts[place]
    left = typed.texts[:place] + typed.texts[place + 1 :]
    return replace(typed, texts=left, aside=out if out.subject or out.body else typed.aside)


def with_text(typed: Typed, text: AnnouncementText) -> Typed:
    return replace(typed, texts=(*typed.texts, text)) if len(typed.texts) < MOST_TEXTS else typed


def _texts(form: Fields) -> Iterator[AnnouncementText]:
    """Numbered in the order in which they stand on the page."""
    for place in range(MOST_TEXTS):
        if f"subject-{place}" in form.form or f"body-{place}" in form.form:
            yield _text(form, str(place))


def _text(form: Fields, place: str) -> AnnouncementText:
    """One that a model proposed stays unapproved until somebody approves it on the preview's page."""
    language, proposed = form.line(f"language-{place}", 10).lower(), form.raw(f"proposed-{place}") == "yes"
    body = form.text(f"body-{place}", 100_001)
    return AnnouncementText(language, form.line(f"subject-{place}"), body, approved=not proposed)


def _segment(form: Fields) -> Segment:
    wanted = {field: _values(form, name) for name, field in NAMES.items()}
    unwanted = tuple(f"{name}{NOT}{value}" for name in NAMES for value in _values(form, f"not-{name}"))
    return Segment(**wanted, without=unwanted)


def _values(form: Fields, name: str) -> tuple[str, ...]:
    said = (" ".join(value.replace("\0", "").split()) for value in form.many(name))
    return tuple(dict.fromkeys(filter(None, said)))


def _documents(form: Fields) -> Iterator[Document]:
    for said in form.many("document")[:MOST_FILES]:
        try:
            (document,) = from_payload(json.loads(said))
        except (ValueError, RecursionError):
            continue
        texts = (document.name, document.content_type, document.sha256, document.kept)
        fits = all(isinstance(text, str) and not _CONTROL.search(text) for text in texts)
        if fits and type(document.size) is int and document.size >= 0:
            yield document


def _one_of(kinds: type[Choice], said: str, otherwise: Choice) -> Choice:
    return next((kind for kind in kinds if kind.value == said), otherwise)


def _dates(typed: Typed, faults: Faults) -> tuple[tuple[date, ...], Faults]:
    if typed.call is not CallKind.DATE:
        return (), faults
    try:
        days = tuple(dict.fromkeys(date.fromisoformat(said) for said in typed.dates))
    except ValueError:
        return (), faults.and_at("call", NotDone("One of the days is no day.", "Write them as 2026-12-03."))
    return tuple(sorted(days)), faults


def _at(typed: Typed, faults: Faults) -> tuple[datetime | None, Faults]:
    if not typed.later:
        return None, faults
    try:
        at = datetime.fromisoformat(typed.at)
    except ValueError:
        at = None
    if at is None or at.tzinfo is not None or not re.search(r"\d[T ]\d", typed.at):
        return None, faults.and_at("at", NotDone("This is no time.", "Write day and time as 2026-12-01 09:00."))
    return at.replace(second=0, microsecond=0), faults


def _remind(typed: Typed, faults: Faults) -> tuple[int | None, Faults]:
    if not typed.remind:
        return None, faults
    if not _DAYS.fullmatch(typed.remind) or not 1 <= int(typed.remind) <= 90:
        fault = NotDone("A reminder cannot come then.", "Let it come after 1 to 90 days, or leave the field empty.")
        return None, faults.and_at("remind", fault)
    return int(typed.remind), faults
