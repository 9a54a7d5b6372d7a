"""A message made ready for reading: one text, its segments, tokens and everything that rules find in it."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.readers.builtin.amounts import find_numbers
from bot.readers.builtin.currencies import find_currency
from bot.readers.builtin.dates import find_dates
from bot.readers.builtin.domains import find_domains, find_emails
from bot.readers.builtin.mentions import Kind, Mention, without_overlaps
from bot.readers.builtin.periods import find_periods
from bot.readers.builtin.phones import find_phones
from bot.readers.builtin.products import ProductFinder
from bot.readers.builtin.quantities import find_terms
from bot.readers.builtin.references import find_deal_refs, find_invoices, find_statement_refs
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


_TOKEN = re.compile(r"\n|(?<!\w)[ldLD]['’](?=[A-ZÀ-Þ])|[^\W_]+(?:['’.-][^\W_]+)*|[^\w\s]|_", re.UNICODE)


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
    dates = list(find_dates(text, language, received))
    numbers = list(find_numbers(text, language))
    invoices = list(find_invoices(text))
    periods = without_overlaps(find_periods(text, received))
    years = {p.start for p in periods if p.sure and p.end - p.start == 4 and p.value.isdigit()}
    found = [
        *find_emails(text),
        *find_domains(text),
        *find_deal_refs(text),
        *find_statement_refs(text),
        *(m for m in invoices if m.sure),
        *(d for d in dates if d.sure),
        *find_phones(text),
        *find_terms(text, language),
        *(n for n in numbers if n.sure),
        *(d for d in dates if not d.sure),
        *products.find(text),
        *(m for m in invoices if not m.sure),
        *(n for n in numbers if not n.sure and n.start not in years),
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
        periods=tuple(periods),
        tokens=_tokens(text, mentions),
    )


def retokenised(document: Document, mentions: Sequence[Mention]) -> tuple[list[Token], list[int]]:
    """Tokens in which each given mention, found names included, is one; and where each stands."""
    tokens: list[Token] = []
    at: list[int] = []
    rest = iter(document.tokens)
    token = next(rest, None)
    for mention in mentions:
        while token is not None and token.end <= mention.start:
            tokens.append(token)
            token = next(rest, None)
        while token is not None and token.start < mention.end:
            token = next(rest, None)
        at.append(len(tokens))
        tokens.append(Token(document.text[mention.start : mention.end], mention.start, mention.end, mention))
    while token is not None:
        tokens.append(token)
        token = next(rest, None)
    return tokens, at


def with_names(document: Document, names: Sequence[Mention]) -> list[Mention]:
    """The document's mentions and the names found; what lies inside a name is part of it."""
    covered = {place for name in names for place in range(name.start, name.end)}
    free = [m for m in document.mentions if m.start not in covered and m.end - 1 not in covered]
    taken = {place for m in free if m.kind is not Kind.DATE for place in range(m.start, m.end)}
    periods = [p for p in document.periods if p.start not in covered and p.start not in taken]
    return sorted([*names, *free, *periods], key=lambda m: (m.start, m.end))


def masking(document: Document, names: Sequence[Mention]) -> Document:
    """The document in which each name found is one token, so that its wording is that of any other name."""
    ordered = sorted(names, key=lambda m: m.start)
    return replace(document, tokens=tuple(retokenised(document, ordered)[0])) if ordered else document
