"""What is wrong with an announcement as it is composed, all of it at once, each with what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.announcements.composing import personal
from bot.vocabulary.announcing import AnnouncementText, CallKind, Composed
from bot.vocabulary.documents import MOST_BYTES
from bot.vocabulary.results import NotDone
from knowledge.program import Manager, Program

LONGEST = 100_000
"""Characters of Markdown in one text."""
_SUBJECT = 200
_DATES = 20
_REMINDED = range(1, 91)
_LANGUAGE = re.compile(r"([a-z]{2})?")


def announcer(program: Program, by: str) -> Manager | NotDone:
    """The manager, where he may announce."""
    who = program.manager(by)
    if who is not None and who.announces:
        return who
    may = ", ".join(m.email for m in program.managers if m.announces)
    return NotDone(f"{by} may not announce", f"{may} may" if may else "name a manager who announces in the program")


def one_line(subject: str) -> str:
    return " ".join(subject.split())[:_SUBJECT]


def tidied(composed: Composed, by: str) -> Composed:
    """Subjects on one line, languages in lower case; a text that names nobody is by whoever composes."""
    texts = tuple(
        replace(text, language=text.language.strip().lower(), subject=one_line(text.subject), by=text.by or by)
        for text in composed.texts
    )
    return replace(composed, texts=texts, fallback=composed.fallback.strip().lower())


def fault_of(composed: Composed) -> NotDone | None:
    """Why it cannot be announced as it is composed; None where it can."""
    faults = list(_faults(composed))
    if not faults:
        return None
    return NotDone("; ".join(f.text for f in faults), "; ".join(f.fix for f in faults if f.fix))


def _faults(composed: Composed) -> Iterator[NotDone]:
    if not composed.texts:
        yield NotDone("the announcement has no text", "write a subject and what partners should know")
    for text in composed.texts:
        yield from _faults_of_text(text, _which(text, composed))
    yield from _faults_of_languages(composed)
    yield from _faults_of_call(composed)
    if sum(document.size for document in composed.documents) > MOST_BYTES:
        yield NotDone(f"the files weigh more than {MOST_BYTES // 1_000_000} MB", "link to large files instead")
    if composed.remind_after is not None and composed.remind_after not in _REMINDED:
        yield NotDone("a reminder cannot come then", f"let it come after {_REMINDED[0]} to {_REMINDED[-1]} days")
    if composed.timing.at is not None and composed.timing.at.tzinfo is not None:
        yield NotDone("the time has a time zone of its own", "give what the clock shows, and whose clock that is")


def _faults_of_text(text: AnnouncementText, which: str) -> Iterator[NotDone]:
    if not text.subject.strip():
        yield NotDone(f"the announcement{which} has no subject", "start the file with a heading: # Subject")
    if not text.body.strip():
        yield NotDone(f"the announcement{which} is empty", "write what partners should know under the heading")
    if len(text.body) > LONGEST:
        fix = "link to the long version instead"
        yield NotDone(f"the announcement{which} is longer than {LONGEST:,} characters", fix)
    if not _LANGUAGE.fullmatch(text.language):
        yield NotDone(f"{text.language!r} is no language", "two letters name one: en, de, fr, nl, es")
    if names := personal.unknown(text):
        said = ", ".join(f"{{{name}}}" for name in names)
        known = ", ".join(f"{{{name}}}" for name in personal.KNOWN)
        yield NotDone(f"nothing is known as {said}{which}", f"there are {known}; \\{{ is a brace and no field")


def _faults_of_languages(composed: Composed) -> Iterator[NotDone]:
    languages = [text.language for text in composed.texts]
    if twice := sorted({language for language in languages if languages.count(language) > 1}):
        yield NotDone(f"there are two texts in {', '.join(twice)}", "write one for each language")
    approved = [text.language for text in composed.texts if text.approved]
    if composed.texts and not approved:
        yield NotDone("nobody has approved a text yet", "approve one; what a model proposed reaches nobody before")
    elif composed.fallback and composed.fallback not in approved:
        fix = f"name one of {', '.join(filter(None, approved))}" if any(approved) else "leave the fallback out"
        yield NotDone(f"there is no approved text in {composed.fallback}, which others are to fall back on", fix)


def _faults_of_call(composed: Composed) -> Iterator[NotDone]:
    call = composed.call
    if fields := personal.in_words(call.question):
        said = ", ".join(f"{{{name}}}" for name in fields)
        fix = "ask it in the text, where fields are filled in, or without them"
        yield NotDone(f"the question says {said}, which would stand there as it is", fix)
    if call.kind is CallKind.DATE and not call.dates:
        yield NotDone("there is no date to sign up for", "name the days to choose from: 2026-12-03, 2026-12-10")
    if call.kind is not CallKind.DATE and call.dates:
        yield NotDone("dates are named and nobody is asked to choose one", "let the call be one for a date")
    if len(call.dates) > _DATES or len(set(call.dates)) != len(call.dates):
        yield NotDone("the dates to choose from are too many or named twice", f"name at most {_DATES}, each once")


def _which(text: AnnouncementText, composed: Composed) -> str:
    return f" in {text.language}" if len(composed.texts) > 1 and text.language else ""
