"""Personal fields of a text, {first_name} and the like: what each says, where it may stand, and whom it leaves out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from unicodedata import category

from bot.vocabulary.announcing import AnnouncementText
from bot.vocabulary.first_names import first_name
from crm.records import Contact, ContactRight, Partner
from knowledge.program import Program

PERSON = ("first_name", "name")
"""What says who is spoken to: nobody in particular, where many read it."""
PARTNER = ("partner", "tier", "manager")
OPEN_DEALS = "open_deals"
KNOWN = (*PERSON, *PARTNER, OPEN_DEALS)
NEEDS: Mapping[str, ContactRight] = {OPEN_DEALS: ContactRight.SEE_DEALS}
"""What only those may read who have this right."""
_WITHOUT = {ContactRight.SEE_DEALS: "without the right to see deals"}

_FIELD = re.compile(r"(?<!\\)\{([A-Za-z][A-Za-z0-9_ -]{0,40})\}")
_LONGEST = 200
"""Characters of a value: a name that is longer wants to be something else."""
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"  # part of the spelling of names
_MARKS = re.compile(r"([!-/:-@\[-`{-~])")  # whatever Markdown may take for a mark, and may be escaped
_EVERYBODY = {
    "en": "everyone", "de": "alle zusammen", "fr": "à toutes et à tous", "nl": "allemaal", "es": "a todas y a todos",
}  # fmt: skip
"""Who is spoken to in a channel, and at an address that is no person's, as it stands behind a greeting."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody's own data, and nobody else's. `contact` None is everybody at the partner at once."""

    partner: Partner
    contact: Contact | None = None
    open_deals: int = 0


def used(text: AnnouncementText) -> frozenset[str]:
    """The names that stand in its braces, known or not."""
    return frozenset((*in_words(text.subject), *in_words(text.body)))


def in_words(words: str) -> tuple[str, ...]:
    """The fields of a sentence, in their order, known or not."""
    return _parts(words)[1::2]


def unknown(text: AnnouncementText) -> tuple[str, ...]:
    return tuple(sorted(used(text) - set(KNOWN)))


def needed(text: AnnouncementText) -> frozenset[ContactRight]:
    """The rights without which nobody may read it."""
    return frozenset(NEEDS[name] for name in used(text) if name in NEEDS)


def lacking(text: AnnouncementText, contact: Contact) -> str:
    """Why this person may not read it, in words; "" where it may."""
    return next((_WITHOUT[right] for right in sorted(needed(text)) if not contact.may(right)), "")


def filled(text: AnnouncementText, reader: Reader, program: Program) -> AnnouncementText:
    """With the reader's own values: plain in the subject, and in the body as words that Markdown takes for no mark."""
    values = _values(text.language, reader, program)
    return replace(text, subject=_fill(text.subject, values), body=_fill(text.body, values, escaped=True))


def as_said(text: AnnouncementText, reader: Reader, program: Program) -> str:
    """The body as it is read, for where it stands as plain text."""
    return _fill(text.body, _values(text.language, reader, program))


def _fill(words: str, values: Mapping[str, str], *, escaped: bool = False) -> str:
    said = list(_parts(words))
    shown = {name: values[name] for name in set(said[1::2]) if name in values}
    if escaped:
        shown = {name: _MARKS.sub(r"\\\1", value) for name, value in shown.items()}
    for place in range(1, len(said), 2):
        said[place] = shown.get(said[place], f"{{{said[place]}}}")
    return "".join(said)


@lru_cache(maxsize=256)
def _parts(words: str) -> tuple[str, ...]:
    """What stands between fields, and the name of each in its place: thousands are written by one text."""
    return tuple(_FIELD.split(words))


def _values(language: str, reader: Reader, program: Program) -> Mapping[str, str]:
    partner, contact = reader.partner, reader.contact
    manager = program.manager(partner.manager_email) if partner.manager_email else None
    everybody = _EVERYBODY.get(language, _EVERYBODY["en"])
    values = {
        "first_name": (first_name(contact.name, contact.email) if contact else "") or everybody,
        "name": (contact.name if contact else "") or everybody,
        "partner": partner.name,
        "tier": partner.tier,
        "manager": manager.name if manager else program.vendor.name,
        OPEN_DEALS: str(reader.open_deals),
    }
    return {name: _tidy(value) for name, value in values.items()}


def _tidy(value: str) -> str:
    """On one line and no longer than a name is, without marks that nobody sees, such as those that turn a text."""
    if not value.isprintable():
        value = "".join(" " if category(char) in _UNSEEN and char not in _JOINERS else char for char in value)
    return " ".join(value.split())[:_LONGEST]
