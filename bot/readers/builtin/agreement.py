"""Where the words of a text agree with its addresses: a company is often named as its host, a person as its mailbox."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from bot.readers.builtin.document import Document, Token
from bot.readers.builtin.mentions import Kind
from bot.readers.builtin.name_shapes import may_be_in_a_name
from bot.vocabulary.company_names import LEGAL_FORMS

MOST_HOSTS = 8
_SKIPPED_SAID = "& + - – . , ' ’ and und et y e en of the de la le les du des del van der den het 't for"
_SKIPPED = frozenset(_SKIPPED_SAID.split())
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae"})


def hosts_and_mailboxes(document: Document) -> tuple[list[str], set[str]]:
    """Letters of the hosts, and of the local parts of mail addresses, that names often share."""
    hosts: dict[str, None] = {}
    mailboxes: set[str] = set()
    for mention in document.mentions:
        if mention.kind is Kind.EMAIL:
            local, _, host = mention.value.partition("@")
            mailboxes.update(p for p in re.split(r"[._+\d-]+", local) if len(p) > 2)
            hosts[letters(host.rsplit(".", 1)[0])] = None
        elif mention.kind is Kind.DOMAIN:
            hosts[letters(mention.value.rsplit(".", 1)[0])] = None
    return [h for h in hosts if h][:MOST_HOSTS], mailboxes


def letters(text: str) -> str:
    """Letters and digits alone, in lower case."""
    return "".join(c for c in text.casefold() if c.isalnum())


@lru_cache(maxsize=20_000)
def forms(word: str) -> tuple[str, ...]:
    """The word in lower case, without accents, and with umlauts spelled out; letters and digits alone."""
    low = word.casefold()
    if low.isascii():
        return (letters(low),)
    bare = "".join(c for c in unicodedata.normalize("NFD", low) if not unicodedata.combining(c))
    return tuple(dict.fromkeys(letters(form) for form in (low.translate(_SPELLED), bare, low)))


def host_runs(tokens: Sequence[Token], hosts: Sequence[str]) -> dict[int, str]:
    """By token, "B" or "I" and how much of a host the words spell together: "full" or "part"."""
    marked: dict[int, str] = {}
    if not hosts:
        return marked
    for start, token in enumerate(tokens):
        if start in marked or not may_be_in_a_name(token) or not token.text[0].isalnum():
            continue
        for host in hosts:
            end, much = _spelled(tokens, start, host)
            if much:
                marked.update({place: f"{'I' if place > start else 'B'} {much}" for place in range(start, end)})
                break
    return marked


def _spelled(tokens: Sequence[Token], start: int, host: str) -> tuple[int, str]:
    """Where the words from a token on stop spelling a host, and how much of it they spell."""
    at, end, place = 0, start, start
    while place < min(len(tokens), start + 9) and at < len(host):
        token = tokens[place]
        low = token.text.casefold()
        if not may_be_in_a_name(token) or token.text == "\n":
            break
        step = next((f for f in forms(token.text) if f and host.startswith(f, at)), "")
        if step:
            at, end = at + len(step), place + 1
        elif place > start and (low in _SKIPPED or low in LEGAL_FORMS):
            pass
        elif at + 4 <= len(host) and any(f.startswith(host[at:]) for f in forms(token.text)):
            return place + 1, "part"
        else:
            break
        place += 1
    if at < 4 or end == start:
        return start, ""
    return end, "full" if at == len(host) else "part"


def in_host(word: str, hosts: Sequence[str]) -> bool:
    """Whether the beginning of a word stands in a host."""
    return len(word) >= 4 and any(form[:7] in host for form in forms(word) for host in hosts)


def in_mailbox(word: str, mailboxes: set[str]) -> bool:
    """Whether the word is part of a mail address before the at sign."""
    if len(word) < 3 or not mailboxes:
        return False
    return any(form == box or (len(form) > 3 and form in box) for form in forms(word) for box in mailboxes)
