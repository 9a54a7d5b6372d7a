"""A text taken apart: its head lines, and the subject and body in each language, all with their lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from babel import localedata

from bot.announcements.text_format.faults import Fault
from bot.announcements.text_format.keys import EXAMPLES, Key, head_line, mistyped

_MARK = re.compile(r"\[(?P<language>[A-Za-z]{2})\]\s*\Z")
_ESCAPED = re.compile(r"\\+\[[A-Za-z]{2}\]\s*\Z")
_HEADING = re.compile(r"#[ \t]+(?P<subject>\S.*)\Z")
_GOES_ON = (",", ";")
_SUBJECT = "# Subject"


@dataclass(frozen=True, slots=True)
class HeadLine:
    line: int
    key: Key
    value: str


@dataclass(frozen=True, slots=True)
class Part:
    """The text in one language, "" where no mark says which. `line` is where it begins."""

    line: int
    language: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Parts:
    head: tuple[HeadLine, ...]
    parts: tuple[Part, ...]
    faults: tuple[Fault, ...]
    begins: int = 0
    """How many lines the head has, with what is blank in and below it."""
    mistyped: frozenset[Key] = frozenset()
    """The keys that lines of the head mean without saying them."""


def lines_of(text: str) -> list[str]:
    """The lines of a text from anywhere, with one kind of end and without what no text holds."""
    plain = text.removeprefix("\ufeff").replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return plain.split("\n")


def taken_apart(text: str) -> Parts:
    lines = lines_of(text)
    head, faults, begins = _head(lines)
    meant = frozenset(near[1] for line in lines[:begins] if (near := mistyped(line)))
    parts: list[Part] = []
    for start, end, language in _stretches(lines, begins):
        part = _part(lines, start, end, language, faults)
        if part is not None:
            parts.append(part)
    return Parts(tuple(head), tuple(parts), tuple(faults), begins, meant)


def _head(lines: Sequence[str]) -> tuple[list[HeadLine], list[Fault], int]:
    """The head lines, what is wrong there, and the first line after them."""
    head: list[HeadLine] = []
    faults: list[Fault] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        if known := head_line(line):
            value, after = _whole(known[1], lines, place + 1)
            head.append(HeadLine(place + 1, known[0], value))
            place = after
            continue
        if near := mistyped(line):
            name, key = near
            faults.append(Fault(place + 1, f"there is no head line “{name}”", f"write it as “{EXAMPLES[key]}”"))
        elif line.strip():
            break
        place += 1
    return head, faults, place


def _whole(value: str, lines: Sequence[str], after: int) -> tuple[str, int]:
    """A value that ends with a comma or semicolon goes on in the next line, as mail programs break lines."""
    while value.endswith(_GOES_ON) and after < len(lines) and _continues(lines[after]):
        value, after = f"{value} {lines[after].strip()}", after + 1
    return value, after


def _continues(line: str) -> bool:
    line = line.rstrip()
    return bool(line) and head_line(line) is None and not _HEADING.match(line) and not _MARK.match(line)


def _stretches(lines: Sequence[str], begins: int) -> list[tuple[int, int, str]]:
    """(first line, line after the last, language) of each part, what stands before the first mark included."""
    marks = [(n, found["language"].lower()) for n in range(begins, len(lines)) if (found := _MARK.match(lines[n]))]
    starts = [(begins, ""), *((n + 1, language) for n, language in marks)]
    ends = [n for n, _ in marks] + [len(lines)]
    return [(start, end, language) for (start, language), end in zip(starts, ends, strict=True)]


def _part(lines: Sequence[str], start: int, end: int, language: str, faults: list[Fault]) -> Part | None:
    """None where nothing stands before the first mark."""
    while start < end and not lines[start].strip():
        start += 1
    where = f"the text in [{language}]" if language else "the text"
    at = start + 1 if start < end else start
    if start == end:
        if language:
            faults.append(Fault(at, f"{where} is empty", f"write “{_SUBJECT}” and the text below the mark"))
        return None
    if language and not localedata.exists(language):
        fix = "languages have two letters, like [de]; write \\[…] for a line that only looks like one"
        faults.append(Fault(start, f"there is no language [{language}]", fix))
    found = _HEADING.match(lines[start].rstrip())
    if found is None:
        faults.append(Fault(at, f"{where} has no subject", f"begin it with a heading: “{_SUBJECT}”"))
    body = _body(lines[start + (found is not None) : end])
    if found is not None and not body:
        faults.append(Fault(at, f"{where} has only a subject", "write below it what partners should know"))
    return Part(at, language, found["subject"] if found else "", body)


def _body(lines: Sequence[str]) -> str:
    kept = [line[1:] if _ESCAPED.match(line) else line for line in lines]
    while kept and not kept[0].strip():
        del kept[0]
    while kept and not kept[-1].strip():
        del kept[-1]
    return "\n".join(kept)


def escaped(body: str) -> str:
    """A body whose lines are not taken for marks of languages."""
    return "\n".join(f"\\{line}" if _MARK.match(line) or _ESCAPED.match(line) else line for line in body.split("\n"))
