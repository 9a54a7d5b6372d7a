"""Tells people from companies where both stand in one sentence: who is spoken of as somebody is no customer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.readers.builtin.agreement import hosts_and_mailboxes, in_host, in_mailbox
from bot.readers.builtin.document import Document
from bot.readers.builtin.mentions import Kind, Mention
from bot.vocabulary.company_names import LEGAL_FORMS

_SOMEBODY = re.compile(
    r"(?<!\w)(?:our|my|the|main|the right)? ?(?:man|woman|guy|lady|person|contact|champion|sponsor|buyer|"
    r"ceo|cto|cfo|cio|director|manager|owner|founder|boss|ansprech\w+|kontakt\w*|leiter\w*|chef\w*|inhaber\w*|geschäftsführ\w*|"
    r"einkäufer\w*|"
    r"interlocut\w+|responsable|directeur|directrice|dirigeant\w*|gérante?|patron\w*|acheteu\w+|contactpersoon|"
    r"aanspreekpunt|zaakvoerder|inkoper|eigenaar|directie\w*|contacto|encargad[oa]|director[a]?|gerente|dueñ[oa]|jef[ea])"
    r"(?!\w)",
    re.I,
)
_BEHIND, _AHEAD = 30, 34
_NAME = re.compile(
    r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?"
    r"(?: (?:(?:van|de|der|den|von|zu|del|la|ter|ten|du) )*[^\W\d_]+(?:[-'’][^\W\d_]+)*){1,2}"
)


def told_apart(document: Document, names: Sequence[Mention]) -> list[Mention]:
    """The names, a supposed company being a person where it has a person's form and role beside another company."""
    hosts, mailboxes = hosts_and_mailboxes(document)
    result: list[Mention] = []
    for name in names:
        others = [n for n in names if n is not name and n.kind is Kind.CUSTOMER and n.value != name.value]
        beside = any(document.segment_of(n.start) == document.segment_of(name.start) for n in others)
        somebody = name.kind is Kind.CUSTOMER and (
            (beside and _is_somebody(document, name)) or (bool(others) and _has_mailbox(name, hosts, mailboxes))
        )
        result.append(replace(name, kind=Kind.PERSON) if somebody else name)
    return result


def _has_mailbox(name: Mention, hosts: Sequence[str], mailboxes: set[str]) -> bool:
    """Whether a mail address is that person's: a word of the name stands before its at sign and none in a host."""
    words = name.value.split()
    if not 2 <= len(words) <= 4 or not _has_persons_form(name):
        return False
    return any(in_mailbox(w, mailboxes) for w in words) and not any(in_host(w, hosts) for w in words)


def _has_persons_form(name: Mention) -> bool:
    legal = any(w.casefold().strip(".") in LEGAL_FORMS for w in name.value.split())
    return bool(_NAME.fullmatch(name.value)) and not legal


def _is_somebody(document: Document, name: Mention) -> bool:
    if not _has_persons_form(name):
        return False
    behind = re.split(r"[\n;,.]", document.text[max(0, name.start - _BEHIND) : name.start])[-1]
    ahead = re.split(r"[\n;.]", document.text[name.end : name.end + _AHEAD])[0]
    spoken = re.match(r"\s*(?:,|\(|is|ist|est|es|as|als|comme|como|-|–|:)\s", ahead) and _SOMEBODY.search(ahead)
    return bool(spoken or _SOMEBODY.search(behind))
