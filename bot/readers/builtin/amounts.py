"""Sums and plain numbers: value, currency and what period a sum is for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.readers.builtin.amount_basis import basis_around
from bot.readers.builtin.cues import DIGIT, Look
from bot.readers.builtin.currencies import ANY_CURRENCY, currency_of
from bot.readers.builtin.folding import folded
from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.number_words import LONGEST, may_begin, parse_words
from bot.readers.builtin.numbers import MULTIPLIERS, NUMBER, parse_digits

_LARGEST = Decimal(10) ** 13
_MOST_BASES = 400  # a text of more numbers is a table or hostile; the rest is read without its basis
_TIMES = "|".join(sorted((re.escape(m) for m in MULTIPLIERS), key=len, reverse=True))
_GLUED = r"(?=(?:€|\$|£|eur|chf|usd|gbp)(?![^\W\d_]))"  # "TEUR", "k€", "TCHF": thousands written before the currency
_ORDINAL = r"(?!(?:e|er|ère|[èe]me|st|nd|rd|th|º|ª|ste|de)(?![^\W\d_]))"
_OF = r"(?:[ \u00a0](?:de |d['’])|[ \u00a0\u202f]{0,2})"

_SUM = re.compile(
    rf"(?:(?<![^\W\d_])(?P<before>(?:(?P<tb>[tkm]){_GLUED})?(?:{ANY_CURRENCY})(?: ?\$)?)[ \u00a0:]{{0,2}}"
    rf"|(?<![\w.,@/#])|(?<=[\s(*]x))"
    rf"(?P<number>{NUMBER}){_ORDINAL}"
    rf"(?:(?P<km>[kK])(?P<rest>\d)(?!\d)|[ \u00a0\u202f]?(?P<times>(?:{_TIMES})\.?)(?![^\W\d_])"
    rf"|[ \u00a0]?(?P<ta>[tkm]){_GLUED})?"
    rf"(?:[.,][-–—]{{1,2}})?"
    rf"(?:{_OF}(?P<after>{ANY_CURRENCY})(?![^\W_]))?",
    re.I,
)
_IN_MILLIONS = {"mdp", "mdd", "mde"}
"""Mexican short forms: millions of pesos, of dollars, of euros."""
_THOUSANDS = r"mil|mille|tausend|thousand|duizend|k"
_MILLIONS = r"millones|millón|millon|millions?|millionen|miljoen|mio\.?"
_MIXED = re.compile(
    rf"(?<![\w.,])(?P<high>\d{{1,3}}) ?(?:{_MILLIONS}) (?:y |et |and |und |en )?(?P<low>\d{{1,3}}) ?(?:{_THOUSANDS})"
    rf"(?:{_OF}(?P<after>{ANY_CURRENCY}))?(?![^\W\d_])",
    re.I,
)
_AND_HALF = re.compile(
    rf"(?<![\w.,])(?P<count>\d{{1,3}})(?: ?½| and a half| et demie?| y medi[oa]| ?einhalb| en een half)"
    rf"[ -]?(?P<times>{_TIMES})(?:{_OF}(?P<after>{ANY_CURRENCY}))?(?![^\W\d_])",
    re.I,
)
_FRACTIONS: tuple[tuple[Decimal, re.Pattern[str]], ...] = tuple(
    (value, re.compile(rf"(?<![^\W\d_])(?:{forms})(?:{_OF}(?P<after>{ANY_CURRENCY}))?(?![^\W\d_])", re.I))
    for value, forms in (
        (
            Decimal(500_000),
            r"half a million|(?:eine )?halbe million|(?:een )?half miljoen|medio mill[óo]n|(?:un )?demi-million",
        ),
        (
            Decimal(250_000),
            r"(?:a )?quarter of a million|viertel ?million|cuarto de mill[óo]n|quart de million|kwart miljoen",
        ),
        (
            Decimal(1_500_000),
            r"anderthalb millionen|anderhalf miljoen|million and a half|mill[óo]n y medio|million et demi",
        ),
        (Decimal(1_500), r"anderthalbtausend|eineinhalbtausend|anderthalb tausend|anderhalf ?duizend"),
        (Decimal(1_000), r"a grand(?= (?:an?|per|each|sterling|monthly|yearly|in total)(?![^\W\d_]))"),
    )
)
_LARGE = ("mill", "mio", "miljoen", "tausend", "duizend", "grand")
_HALF = ("½", "half", "demi", "medi", "halb")
# A Dutch "ton" of money is 100,000; one of goods has no currency beside it.
_TON = re.compile(
    r"(?<![^\W\d_.,])(?P<sign>€ ?)?(?P<count>\d{1,2}(?:[.,]\d{1,2})?|anderhalve|halve|een halve|[^\W\d_]{3,9}) ton"
    r"(?: (?P<after>euro|eur)| ?€|(?P<span> (?:per jaar|op jaarbasis|in totaal|totaal)))?(?![^\W\d_])",
    re.I,
)
_TON_SAID = (" ton",)
_TON_WORDS = {"anderhalve": Decimal("1.5"), "halve": Decimal("0.5"), "een halve": Decimal("0.5")}
_INDIAN = re.compile(r"(?<![^\W\d_])(?:inr|rs|rupees?|lakhs?|lacs?|crores?)(?![^\W\d_])|₹", re.I)
_LAKH = re.compile(
    r"(?:(?<![^\W\d_])(?P<before>(?:inr|₹|rs)\.? ?)|(?<![\w.,]))(?P<count>\d{1,3}(?:\.\d{1,2})?) ?L"
    r"(?: ?(?P<after>inr))?(?![^\W_])"
)
_ROW_FIELD = re.compile(r"(?<=,)(?P<number>\d{1,9}(?:\.\d{1,2})?)(?=,|$)", re.M)


def plain(value: Decimal) -> str:
    """A decimal without exponent or trailing zeros."""
    return format(value.normalize(), "f")


def find_numbers(text: str, language: str) -> Iterator[Mention]:
    """Every number in digits or words, each perhaps a sum of money; the longer forms first."""
    look = Look(text)
    yield from _composed(text, look)
    if language == "nl" and look.holds(_TON_SAID):
        yield from _tons(text)
    if look.holds(DIGIT):
        yield from _figures(text)
    yield from _in_words(text, language)


def _figures(text: str) -> Iterator[Mention]:
    if _INDIAN.search(text):
        yield from _lakhs(text)
    if text.count(",") >= 4:
        yield from _rows(text)
    yield from _in_digits(text)


def _money(text: str, match: re.Match[str], value: Decimal, currency: str) -> Mention:
    start, end = match.span()
    return Mention(Kind.NUMBER, start, end, plain(value), currency, basis_around(text, start, end))


def _composed(text: str, look: Look) -> Iterator[Mention]:
    """Sums of a million and thousands, and of halves: "13 millones 200 mil", "half a million"."""
    for match in _MIXED.finditer(text) if look.holds(DIGIT, _LARGE) else ():
        value = Decimal(match["high"]) * 10**6 + Decimal(match["low"]) * 1000
        yield _money(text, match, value, currency_of(match["after"] or ""))
    for match in _AND_HALF.finditer(text) if look.holds(DIGIT, _HALF) else ():
        value = (Decimal(match["count"]) + Decimal("0.5")) * MULTIPLIERS[folded(match["times"])]
        yield _money(text, match, value, currency_of(match["after"] or ""))
    for value, pattern in _FRACTIONS if look.holds(_LARGE) else ():
        for match in pattern.finditer(text):
            yield _money(text, match, value, currency_of(match["after"] or ""))


def _tons(text: str) -> Iterator[Mention]:
    for match in _TON.finditer(text):
        said = match["count"].casefold()
        read = parse_words([said], "nl")
        count = _TON_WORDS.get(said) or parse_digits(said) or (Decimal(read[0]) if read else None)
        money = match["sign"] or match["after"] or match.group().endswith("€")
        if count and (money or match["span"]):
            yield _money(text, match, count * 100_000, "EUR" if money else "")


def _lakhs(text: str) -> Iterator[Mention]:
    """A capital L behind a number means lakh in a text that speaks of rupees."""
    for match in _LAKH.finditer(text):
        currency = "INR" if match["before"] or match["after"] else ""
        yield _money(text, match, Decimal(match["count"]) * 10**5, currency)


def _rows(text: str) -> Iterator[Mention]:
    """Numbers that are fields of a line of values parted by bare commas."""
    for line in re.finditer(r"^[^\n]+$", text, re.M):
        row = line.group()
        if row.count(",") < 4 or row.count(", ") > 0:
            continue
        for match in _ROW_FIELD.finditer(text, line.start(), line.end()):
            yield Mention(Kind.NUMBER, *match.span(), plain(Decimal(match["number"])))


def _value(match: re.Match[str]) -> Decimal | None:
    value = parse_digits(match["number"])
    if value is None:
        return None
    if match["km"]:
        return value * 1000 + int(match["rest"]) * 100
    glued = (match["tb"] or match["ta"] or "").casefold()
    if glued:
        return value * (10**6 if glued == "m" else 1000)
    if (match["after"] or "").casefold() in _IN_MILLIONS:
        return value * 10**6
    return value * MULTIPLIERS.get(folded((match["times"] or "").rstrip(".")), 1)


def _currency(match: re.Match[str]) -> str:
    """The currency said; a code behind the sum tells which dollar stands before it."""
    before, after = (match["before"] or "")[len(match["tb"] or "") :], match["after"] or ""
    first = currency_of(before) or currency_of(before.rstrip("$ "))
    second = currency_of(after)
    return second if second and before.strip() == "$" else first or second


def _in_digits(text: str) -> Iterator[Mention]:
    for count, match in enumerate(_SUM.finditer(text)):
        value = _value(match)
        if value is None or value > _LARGEST:
            continue
        currency = _currency(match)
        start, end = match.span()
        marked = bool(currency or match["times"] or match["km"])
        basis = basis_around(text, start, end) if count < _MOST_BASES else ""
        yield Mention(Kind.NUMBER, start, end, plain(value), currency, basis, marked)


_WORD = re.compile(r"[^\W\d_]+")
_JOIN = re.compile(r"[ \u00a0]{1,2}|[-‑]|[ ]?\n")
_AFTER = re.compile(rf"{_OF}(?P<after>{ANY_CURRENCY})(?![^\W\d_])", re.I)


def _in_words(text: str, language: str) -> Iterator[Mention]:
    words = [(m.group().casefold(), m.start(), m.end()) for m in _WORD.finditer(text)]
    place = found = 0
    while place < len(words):
        read = parse_words(_run(text, words, place), language) if may_begin(words[place][0], language) else None
        if read is None:
            place += 1
            continue
        value, used = read
        start, end = words[place][1], words[place + used - 1][2]
        after = _AFTER.match(text, end)
        end = after.end() if after else end
        currency = currency_of(after["after"]) if after else ""
        basis = basis_around(text, start, end) if found < _MOST_BASES else ""
        yield Mention(Kind.NUMBER, start, end, str(value), currency, basis, bool(currency))
        place, found = place + used, found + 1


def _run(text: str, words: list[tuple[str, int, int]], place: int) -> list[str]:
    """The words from a place on that one blank or hyphen each parts, few enough for one number."""
    run = [words[place][0]]
    for (_, _, end), (word, start, _) in zip(
        words[place : place + LONGEST], words[place + 1 : place + LONGEST], strict=False
    ):
        if not _JOIN.fullmatch(text, end, start):
            break
        run.append(word)
    return run
