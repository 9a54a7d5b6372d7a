"""Holds a translation against its original: whatever a reader must not miss or misread is the same in both. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from bot.announcements.translations.figures import figures
from bot.readers.builtin.language import language_of
from bot.vocabulary.announcing import AnnouncementText
from bot.vocabulary.web_domains import is_host

LANGUAGE_NAMES: Mapping[str, str] = {
    "en": "English", "de": "German", "fr": "French", "nl": "Dutch", "es": "Spanish",
}  # fmt: skip
"""Those in which a translation can be checked, and no others."""
MOST_TIMES, LEAST_SHARE = 2, 3
LONGEST_SUBJECT = 200
_SHOWN = 4
_FIELD = re.compile(r"(?<!\\)\{[^{}\n]{1,60}\}")
_LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,30}://|mailto:|tel:)[^\s<>()\[\]\"']+|www\.[^\s<>()\[\]\"']+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    re.I,
)
_HOST = re.compile(r"(?:[\w-]{1,63}[.。．｡])+[^\W\d_]{2,63}")  # as mail programs and Slack make links of them
_TARGET = re.compile(r"\]\(\s*<?([^)\s>]*)")
_TAG = re.compile(r"<[^<>\n]+>")
_HEADING = re.compile(r"^ {0,3}#{1,6}\s", re.MULTILINE)
_COMMA, _POINT = (re.compile(rf"(?<![\d.,])[1-9]\d{{0,2}}{mark}\d{{3}}(?![\d.,])") for mark in (",", r"\."))
_FOREIGN = {"en": _POINT, "de": _COMMA, "fr": _COMMA, "nl": _COMMA}
"""Thousands as they are not written in that language: there the mark is a decimal one."""


def faults_of(original: AnnouncementText, proposed: AnnouncementText) -> tuple[str, ...]:
    """Why a proposal is not shown, in words for a manager; () where all of it holds."""
    return tuple(_faults(original, proposed))


def _faults(original: AnnouncementText, proposed: AnnouncementText) -> Iterator[str]:
    one, other = _whole(original), _whole(proposed)
    if "\n" in proposed.subject or not 0 < len(proposed.subject) <= LONGEST_SUBJECT:
        yield f"its subject is not one line of at most {LONGEST_SUBJECT} characters"
    if len(other) > MOST_TIMES * len(one):
        yield "it is more than twice as long"
    if len(other) * LEAST_SHARE < len(one):
        yield "it is less than a third as long"
    yield from _differ("personal fields", Counter(_FIELD.findall(one)), Counter(_FIELD.findall(other)))
    yield from _differ("links and addresses", _links(one), _links(other))
    yield from _differ("marks in angle brackets", Counter(_TAG.findall(one)), Counter(_TAG.findall(other)))
    said, told = _words(one), _words(other)
    yield from _differ(
        "figures", figures(said, original.language or language_of(said)), figures(told, proposed.language)
    )
    if foreign := _foreign_thousands(told, proposed.language):
        yield f"it writes {foreign} as another language does"
    if len(_HEADING.findall(original.body)) != len(_HEADING.findall(proposed.body)):
        yield "it has another number of headings"
    yield from _fault_of_language(said, told, proposed.language)


def _fault_of_language(said: str, told: str, wanted: str) -> Iterator[str]:
    name = LANGUAGE_NAMES.get(wanted, wanted)
    if " ".join(told.split()) == " ".join(said.split()):
        yield f"it is not translated into {name}"
    elif (found := language_of(told, wanted)) != wanted:
        yield f"it is in {LANGUAGE_NAMES.get(found, found)} and not in {name}"


def _whole(text: AnnouncementText) -> str:
    return f"{text.subject}\n{text.body}"


def _words(text: str) -> str:
    """Without what is compared letter by letter."""
    for form in (_FIELD, _LINK, _TARGET, _TAG):
        text = form.sub(" ", text)
    return text


def _links(text: str) -> Counter[str]:
    found = Counter(link.rstrip(".,;:!?*_") for link in _LINK.findall(text))
    found += Counter(host.lower() for host in _HOST.findall(_LINK.sub(" ", text)) if is_host(host))
    return found | Counter(target for target in _TARGET.findall(text) if not _LINK.fullmatch(target))


def _differ(what: str, one: Counter[str], other: Counter[str]) -> Iterator[str]:
    lost, added = one - other, other - one
    if not lost and not added:
        return
    parts = [f"{_listed(found)} {verb}" for found, verb in ((lost, "missing"), (added, "added")) if found]
    yield f"its {what} are not the same: {', '.join(parts)}"


def _listed(found: Counter[str]) -> str:
    names = sorted(found)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(name[:80] for name in names[:_SHOWN])}{more}"


def _foreign_thousands(text: str, language: str) -> str:
    """The first sum with another language's mark, "" for none; in Spanish both are in use."""
    form = _FOREIGN.get(language)
    found = form.search(text) if form else None
    return found.group() if found else ""
