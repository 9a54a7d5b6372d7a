"""Contract lengths; seats are plain numbers whose surroundings tell (see `roles`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.number_words import parse_words

_MONTHS = r"months?|mths?|mos?\b|monate?n?|mois|maanden|maand|mnd|meses|mes|mon\."
_YEARS = r"years?|yrs?|jahre?n?|jähr\w*|ans?|années?|jaar|jarig\w*|jr|años?|joahr|joar|vertragsjahre\w*"
_DIGITS = re.compile(rf"(?<![\w.,€$£])(?P<count>\d{{1,2}})\s?[- ]?(?P<unit>{_MONTHS}|{_YEARS})(?![^\W\d_])", re.I)
_WORDS = re.compile(rf"(?<![^\W\d_])(?P<count>[^\W\d_]{{2,14}})[- ]?(?P<unit>{_MONTHS}|{_YEARS})(?![^\W\d_])", re.I)
_IS_MONTH = re.compile(rf"(?:{_MONTHS})$", re.I)
_ONE_YEAR = re.compile(
    r"(?<![^\W\d_])(?:one|a single|ein|eine[nms]?|un|een|één)[- ](?:year|jahr\w*|an|jaar|año)(?![^\W\d_])", re.I
)


def find_terms(text: str, language: str) -> Iterator[Mention]:
    """Spans of months or years, in months."""
    for match in _DIGITS.finditer(text):
        count = int(match["count"])
        yield _term(match, count)
    for match in _WORDS.finditer(text):
        read = parse_words([match["count"].casefold()], language)
        if read is not None and read[0] <= 60:
            yield _term(match, read[0])
    for match in _ONE_YEAR.finditer(text):
        yield Mention(Kind.TERM, match.start(), match.end(), "12")


def _term(match: re.Match[str], count: int) -> Mention:
    months = count if _IS_MONTH.match(match["unit"]) else count * 12
    return Mention(Kind.TERM, match.start(), match.end(), str(months))
