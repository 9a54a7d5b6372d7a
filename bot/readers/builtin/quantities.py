"""Contract lengths; seats are plain numbers whose surroundings tell (see `roles`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.readers.builtin.cues import DIGIT, YEAR, Look
from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.number_words import parse_words

_MONTHS = r"months?|mths?|mos?\b|monate?n?|monatige?n?|mois|maanden|maand|mnd|meses|mes|mon\."
_YEARS = (
    r"years?|yrs?|jahre?n?|jähr\w*|ans|(?<=1[ \u00a0])an|années?|jaar|jarig\w*|jr|años?|añitos?|joahr|joar|"
    r"vertragsjahre\w*|jahresvertrag\w*|jaarcontract\w*"
)
_DIGITS = re.compile(
    rf"(?<![\w.,€$£])(?P<count>\d{{1,2}})(?P<half> ?½|[.,]5| and a half| et demie?|einhalb)?\s?[- ]?"
    rf"(?P<unit>{_MONTHS}|{_YEARS})(?![^\W\d_])",
    re.I,
)
_SHORT = re.compile(r"(?<![\w.,€$£])(?P<count>[1-9]) ?(?:j|y)(?:\.|(?![\w]))", re.I)
_WORDS = re.compile(
    rf"(?<![^\W\d_])(?P<count>(?:[^\W\d_]{{2,14}}[- ](?:y )?)?[^\W\d_]{{2,14}})[- ]?"
    rf"(?P<unit>{_MONTHS}|{_YEARS})(?![^\W\d_])",
    re.I,
)
_IS_MONTH = re.compile(rf"(?:{_MONTHS})$", re.I)
_HALVES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (months, re.compile(rf"(?<![^\W\d_])(?:{forms})(?![^\W\d_])", re.I))
    for months, forms in {
        "18": (
            r"(?:anderthalb|eineinhalb) jahren?|anderthalbjährig\w*|(?:a )?year and a half|one and a half years|"
            r"un an et demi|anderhalf jaar|(?:un )?año y medio"
        ),
        "30": (
            r"zweieinhalb jahren?|zweieinhalbjährig\w*|two and a half years|deux ans et demi|twee(?:ë| e)nhalf jaar|"
            r"dos años y medio"
        ),
        "42": r"dreieinhalb jahren?|three and a half years|trois ans et demi|drie(?:ë| e)nhalf jaar|tres años y medio",
    }.items()
)
_ONE_YEAR = re.compile(
    r"(?<![^\W\d_])(?:(?:one|a single|ein|eine[nms]?|un|een|één|une)[- ](?:year|jahr\w*|an|jaar|año|année)|"
    r"jaarcontract|jahresvertrag|annual contract|contrat annuel|contrato anual)(?![^\W\d_])",
    re.I,
)
_LABELLED = re.compile(
    r"(?<![^\W\d_])(?:term|laufzeit|durée|looptijd|plazo|vigencia|duración|dauer|duur)[^\n:]{0,12}"
    r"(?:\((?:in )?(?:months?|mths|monate|mois|maanden|meses)\)):?\s*(?P<count>\d{1,2})(?!\d)",
    re.I,
)

_YEARLY = (*YEAR, " an", "-an", "anual")
_HALF, _BRACKET = ("half", "halb", "demi", "medio"), ("(",)


def find_terms(text: str, language: str) -> Iterator[Mention]:
    """Spans of months or years, in months; those that say a half first."""
    look = Look(text)
    for months, pattern in _HALVES if look.holds(_HALF) else ():
        for match in pattern.finditer(text):
            yield Mention(Kind.TERM, match.start(), match.end(), months)
    for match in _LABELLED.finditer(text) if look.holds(DIGIT, _BRACKET) else ():
        yield Mention(Kind.TERM, match.start("count"), match.end(), match["count"])
    for match in _DIGITS.finditer(text) if look.holds(DIGIT) else ():
        yield _term(match, int(match["count"]), bool(match["half"]))
    if language in ("de", "nl", "en") and look.holds(DIGIT):
        for match in _SHORT.finditer(text):
            yield Mention(Kind.TERM, match.start(), match.end(), str(int(match["count"]) * 12))
    for match in _WORDS.finditer(text):
        yield from _in_words(match, language)
    for match in _ONE_YEAR.finditer(text) if look.holds(_YEARLY) else ():
        yield Mention(Kind.TERM, match.start(), match.end(), "12")


def _in_words(match: re.Match[str], language: str) -> Iterator[Mention]:
    words = match["count"].casefold().replace("-", " ").split(" ")
    for skip in range(len(words)):
        read = parse_words(words[skip:], language)
        if read is not None and read[1] == len(words) - skip and read[0] <= 60:
            start = match.start() + sum(len(word) + 1 for word in words[:skip])
            months = read[0] if _IS_MONTH.match(match["unit"]) else read[0] * 12
            yield Mention(Kind.TERM, start, match.end(), str(months))
            return


def _term(match: re.Match[str], count: int, half: bool) -> Mention:
    if _IS_MONTH.match(match["unit"]):
        return Mention(Kind.TERM, match.start(), match.end(), str(count))
    return Mention(Kind.TERM, match.start(), match.end(), str(count * 12 + (6 if half else 0)))
