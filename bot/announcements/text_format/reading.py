"""A text as people write it, to an announcement as it is kept; or everything that is wrong with it, at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from bot.announcements.composing import personal
from bot.announcements.text_format.faults import Fault, Faults, in_order
from bot.announcements.text_format.keys import EXAMPLES, Key
from bot.announcements.text_format.parts import HeadLine, Part, lines_of, taken_apart
from bot.announcements.text_format.values import (
    WrongValue,
    call_of,
    dates_of,
    kept,
    language_in,
    one_of,
    time_of,
    wait_of,
)
from bot.vocabulary.announcing import AnnouncementText, Call, CallKind, Composed, Route, Timing, Zone
from bot.vocabulary.segment import Segment

LONGEST = 100_000
"""Characters of a whole text."""
MOST_LANGUAGES = 20
_LONGEST_SUBJECT = 200
_MOST_FILES = 10

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a text is read by: what a segment's words mean (raises ValueError in words), and in which language a text
    without a mark is. `given` are values that count instead of the text's own, as options of a command. Only a text
    that lies in a `folder` may name files. `today` None takes any day.
    """

    segment_of: Callable[[str], Segment]
    language_of: Callable[[str], str] = lambda _: "en"
    given: Mapping[Key, str] = field(default_factory=dict)
    folder: bool = False
    today: date | None = None


@dataclass(frozen=True, slots=True)
class ReadText:
    """`files` are (line, name) of those that it names; they are the caller's to find."""

    composed: Composed
    files: tuple[tuple[int, str], ...] = ()


def read_text(text: str, around: Surroundings) -> ReadText | Faults:
    """Never raises, whatever the text is."""
    if len(text) > LONGEST:
        return Faults(
            (Fault(0, f"the text has {len(text):,} characters", f"use at most {LONGEST:,}, and link to more"),)
        )
    apart = taken_apart(text)
    faults = [*apart.faults, *_unknown_fields(text, apart.begins)]
    head = _Head(_given(apart.head, around.given), faults, apart.mistyped)
    texts = _texts(apart.parts, head)
    composed = _composed(texts, head, around)
    files = _files(apart.head, head, around)
    if head.faults:
        return in_order(head.faults)
    return ReadText(composed, files)


@dataclass(frozen=True, slots=True)
class _Head:
    """The head lines while they are read, and what was found to be wrong so far."""

    lines: tuple[HeadLine, ...]
    faults: list[Fault]
    mistyped: frozenset[Key]

    def of(self, key: Key) -> HeadLine | None:
        return next((line for line in self.lines if line.key is key), None)

    def read(self, key: Key, read: Callable[[str], Value], otherwise: Value) -> Value:
        line = self.of(key)
        if line is None:
            return otherwise
        try:
            return read(line.value)
        except WrongValue as fault:
            self.faults.append(Fault(line.line, f"{key}: {fault.what}", fault.fix))
        except ValueError as fault:  # a segment's, in words
            self.faults.append(Fault(line.line, f"{key}: {fault}"))
        return otherwise


def _given(lines: tuple[HeadLine, ...], given: Mapping[Key, str]) -> tuple[HeadLine, ...]:
    own = tuple(line for line in lines if line.key not in given)
    return (*own, *(HeadLine(0, key, value) for key, value in given.items()))


def _composed(parts: tuple[Part, ...], head: _Head, around: Surroundings) -> Composed:
    _once_each(head)
    if head.of(Key.SEGMENT) is None and Key.SEGMENT not in head.mistyped:
        fix = f"add a line above the subject: “{EXAMPLES[Key.SEGMENT]}”, or “Segment: all” for everybody"
        head.faults.append(Fault(0, "nothing says whom it goes to", fix))
    fallback = head.read(Key.FALLBACK, language_in, "")
    texts = _in_languages(parts, fallback, head, around)
    at = head.read(Key.AT, time_of, None)
    zone = head.read(Key.ZONE, lambda words: one_of(words, Zone), Zone.VENDOR)
    return Composed(
        texts=texts,
        segment=head.read(Key.SEGMENT, around.segment_of, Segment()),
        call=_call(head, around.today),
        timing=Timing(at, zone, head.read(Key.QUIET, kept, True)),
        route=head.read(Key.ROUTE, lambda words: one_of(words, Route), Route.PREFERRED),
        fallback=fallback,
        remind_after=head.read(Key.REMIND, wait_of, None),
    )


def _unknown_fields(text: str, begins: int) -> Iterator[Fault]:
    known = ", ".join(f"{{{name}}}" for name in personal.KNOWN)
    for place, line in enumerate(lines_of(text)[begins:], begins + 1):
        for name in personal.unknown(AnnouncementText("", "", line)):
            yield Fault(place, f"there is no field {{{name}}}", f"there are {known}; \\{{ is a brace and no field")


def _once_each(head: _Head) -> None:
    seen: dict[Key, int] = {}
    for line in head.lines:
        if line.key is Key.ATTACH:
            continue
        if line.key in seen:
            first = f"“{line.key}” stands in line {seen[line.key]} already"
            head.faults.append(Fault(line.line, first, "leave one of them away"))
        seen.setdefault(line.key, line.line)


def _call(head: _Head, today: date | None) -> Call:
    call = head.read(Key.CALL, call_of, Call())
    line = head.of(Key.DATES)
    if line is None:
        if call.kind is CallKind.DATE and (asked := head.of(Key.CALL)):
            fix = f"add a line: “{EXAMPLES[Key.DATES]}”"
            head.faults.append(Fault(asked.line, "no days stand there to choose from", fix))
        return call
    none: tuple[date, ...] = ()
    dates = head.read(Key.DATES, lambda words: dates_of(words, today), none)
    if call.kind not in (CallKind.NONE, CallKind.DATE):
        fix = "leave the days away, or write “Call: date”"
        head.faults.append(Fault(line.line, "days to sign up for and another call exclude each other", fix))
    return replace(call, kind=CallKind.DATE, dates=dates)


def _texts(parts: tuple[Part, ...], head: _Head) -> tuple[Part, ...]:
    if not parts and not any(fault.line for fault in head.faults):
        head.faults.append(Fault(0, "there is no text", "write “# Subject” and below it what partners should know"))
    if len(parts) > MOST_LANGUAGES:
        head.faults.append(Fault(parts[MOST_LANGUAGES].line, f"{len(parts)} languages are too many",
                                 f"use at most {MOST_LANGUAGES}"))  # fmt: skip
    for part in parts:
        if len(part.subject) > _LONGEST_SUBJECT:
            long = f"the subject has {len(part.subject)} characters"
            head.faults.append(Fault(part.line, long, f"use at most {_LONGEST_SUBJECT}"))
    for language, times in Counter(part.language for part in parts).items():
        if times > 1:
            second = [part for part in parts if part.language == language][1]
            head.faults.append(Fault(second.line, f"[{language}] stands there {times} times", "leave one of them away"))
    return parts


def _in_languages(
    parts: tuple[Part, ...], fallback: str, head: _Head, around: Surroundings
) -> tuple[AnnouncementText, ...]:
    marked = {part.language for part in parts if part.language}
    texts = tuple(
        AnnouncementText(part.language or _unmarked(part, marked, fallback, around), part.subject, part.body)
        for part in parts
    )
    known = [text.language for text in texts]
    line = head.of(Key.FALLBACK)
    if fallback and line is not None and fallback not in known:
        there = f"write one of {', '.join(known)}" if known else "write the text first"
        head.faults.append(Fault(line.line, f"there is no text in {fallback!r} to fall back to", there))
    return texts


def _unmarked(part: Part, marked: set[str], fallback: str, around: Surroundings) -> str:
    """The language of what stands before the first mark: the fallback that is named, else what it is read as."""
    if fallback and fallback not in marked:
        return fallback
    found = around.language_of(f"{part.subject}\n{part.body}")
    return next((language for language in (found, "en", "de") if language not in marked), found)


def _files(lines: tuple[HeadLine, ...], head: _Head, around: Surroundings) -> tuple[tuple[int, str], ...]:
    named = [(line.line, name.strip()) for line in lines if line.key is Key.ATTACH for name in line.value.split(",")]
    named = [(line, name) for line, name in named if name]
    if named and not around.folder:
        head.faults.append(Fault(named[0][0], "“Attach” is for files on a disk", "attach the file to the mail itself"))
    if len(named) > _MOST_FILES:
        head.faults.append(
            Fault(named[_MOST_FILES][0], f"{len(named)} files are too many", f"use at most {_MOST_FILES}")
        )
    return tuple(named)
