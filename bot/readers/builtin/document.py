"""A message made ready for reading: one text, its segments, tokens and everything that rules find in it."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date

from bot.readers.builtin.amounts import find_currency, find_numbers
from bot.readers.builtin.dates import find_dates
from bot.readers.builtin.domains import find_domains, find_emails
from bot.readers.builtin.mentions import Mention, without_overlaps
from bot.readers.builtin.periods import find_periods
from bot.readers.builtin.products import ProductFinder
from bot.readers.builtin.quantities import find_terms
from bot.readers.builtin.references import find_deal_refs, find_invoices, find_phones, find_statement_refs
from bot.readers.builtin.segments import Segment, split_segments

LONGEST = 12_000
MOST_LINES = 400
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad\x00-\x08\x0b-\x1f\x7f]")


def cleaned(text: str) -> str:
    """The text without invisible signs, cut to a length that can be read in bounded time."""
    text = text[: LONGEST * 2].replace("\r\n", "\n").replace("\r", "\n")
    text = _INVISIBLE.sub("", text)[:LONGEST]
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"(\S)\1{40,}", lambda m: m.group(1) * 40, text)
    return "\n".join(text.split("\n")[:MOST_LINES])


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, mark or line end; `mention` is what a rule found there."""

    text: str
    start: int
    end: int
    mention: Mention | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """`body` is where the body starts in `text` (behind the subject), `forwarded` where a forwarded mail starts."""

    text: str
    language: str
    received: date
    body: int
    forwarded: int
    segments: tuple[Segment, ...]
    mentions: tuple[Mention, ...]
    periods: tuple[Mention, ...]
    tokens: tuple[Token, ...] = field(repr=False)

    def segment_of(self, place: int) -> int:
        """The number of the segment in which an offset lies."""
        return min(bisect_right(self.segments, place, key=lambda s: s.end), len(self.segments) - 1)


_TOKEN = re.compile(r"\n|[^\W_]+(?:['’.-][^\W_]+)*|[^\w\s]|_", re.UNICODE)


def _tokens(text: str, mentions: list[Mention]) -> tuple[Token, ...]:
    """Words and marks; a mention is one token."""
    tokens: list[Token] = []
    place = 0
    for mention in [*mentions, None]:
        end = mention.start if mention else len(text)
        tokens.extend(Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text, place, end))
        if mention:
            tokens.append(Token(text[mention.start : mention.end], mention.start, mention.end, mention))
            place = mention.end
    return tuple(tokens)


def read_document(
    subject: str, body: str, forwarded: str, language: str, received: date, products: ProductFinder
) -> Document:
    """Put subject, body and forwarded text together and find what rules can find."""
    head = f"{subject}\n" if subject else ""
    start = len(head)
    text = head + body
    behind = len(text)
    if forwarded:
        text = f"{text}\n{forwarded}"
        behind += 1
    found = [
        *find_emails(text),
        *find_domains(text),
        *find_deal_refs(text),
        *find_statement_refs(text),
        *(m for m in find_invoices(text) if m.sure),
        *(d for d in find_dates(text, language, received) if d.sure),
        *find_terms(text, language),
        *find_phones(text),
        *(n for n in find_numbers(text, language) if n.sure),
        *(d for d in find_dates(text, language, received) if not d.sure),
        *products.find(text),
        *(m for m in find_invoices(text) if not m.sure),
        *(n for n in find_numbers(text, language) if not n.sure),
        *find_currency(text),
    ]
    mentions = without_overlaps(found)
    return Document(
        text=text,
        language=language,
        received=received,
        body=start,
        forwarded=behind,
        segments=split_segments(text, mentions),
        mentions=tuple(mentions),
        periods=tuple(without_overlaps(find_periods(text, received))),
        tokens=_tokens(text, mentions),
    )
