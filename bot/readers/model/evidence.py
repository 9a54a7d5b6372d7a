"""Looks for the traces in a text that a proposed value must have left there; finds, never guesses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from bot.readers.model.words import CURRENCIES, HALF, MONTHS, NUMBERS, SCALES, TIMES, YEARS

_FIGURE = re.compile(r"\d+(?:[.,'’\u00a0\u202f ]\d{3})*(?:[.,]\d+)?(?![\d])")
_WORD = re.compile(r"[^\W\d_]+(?:\d)?")
_NOT_WORD = re.compile(r"[\W_]+")
_PHONE = re.compile(r"\+?\(?\d[\d\s().\-/]{4,28}\d")
_NATIONAL_DIGITS = 9
_COUNTS = {word: value for value, words in NUMBERS.items() for word in words}
_LONG_ENOUGH_TO_BEGIN = 4  # shorter words of the tables must stand alone


def folded(text: str) -> str:
    """Lower case, one form of each letter, runs of marks and space as one space: for comparing names and passages."""
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


class Evidence:
    """One message, prepared once for all questions about it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._lower = unicodedata.normalize("NFKC", text).casefold()
        self._folded = f" {folded(text)} "
        self._words = frozenset(_WORD.findall(self._lower))
        self._figures = frozenset((*_figures(self._lower), *_compounds(self._words)))

    def passage(self, words: str) -> bool:
        """Whether these words stand in the text, in this order, marks and case aside."""
        wanted = folded(words)
        return bool(wanted) and f" {wanted} " in self._folded

    def name(self, name: str) -> bool:
        """Like `passage`, but the last word may carry a genitive ending (Müllers)."""
        wanted = folded(name)
        return bool(wanted) and any(f" {wanted}{ending} " in self._folded for ending in ("", "s", "es"))

    def person(self, name: str) -> bool:
        """Whether every word of the name occurs, in any order (Pell, Gareth)."""
        words = folded(name).split()
        return bool(words) and all(self.name(word) for word in words)

    def any_word(self, words: str) -> bool:
        """Whether at least one word with meaning (four letters or more) occurs in the text, however it ends."""
        stems = (word[:5] for word in folded(words).split() if len(word) >= 4)
        return any(f" {stem}" in self._folded for stem in stems)

    def literally(self, value: str) -> bool:
        """Whether the value stands there as such, not as a part of a longer word, address or number."""
        wanted = re.escape(unicodedata.normalize("NFKC", value).casefold())
        # A domain may follow a dot (a subdomain); a mail address may not, it would be another one.
        before = r"[\w.+%-]" if "@" in value else r"[\w-]"
        return bool(value) and re.search(rf"(?<!{before}){wanted}(?![\w-]|\.\w)", self._lower) is not None

    def reference(self, value: str) -> bool:
        """A number like D-1042, whatever stands between its parts in the text (d 1042, D–1042)."""
        parts = [re.escape(part) for part in re.split(r"[\W_]+", value.casefold()) if part]
        return bool(parts) and re.search(rf"(?<!\w){'[^0-9a-z]{0,3}'.join(parts)}(?!\w)", self._lower) is not None

    def phone(self, value: str) -> str | None:
        """The phone number as the text writes it, where its last nine digits are those of `value`."""
        wanted = _digits(value)[-_NATIONAL_DIGITS:]
        if len(wanted) < 6:
            return None
        for run in _PHONE.finditer(self.text):
            if _digits(run.group())[-_NATIONAL_DIGITS:] == wanted:
                return run.group()
        return None

    def amount(self, value: Decimal) -> bool:
        """Whether a figure of the text, or its words for round sums (half a million), can mean this value."""
        if value in self._figures:
            return True
        scales = [Decimal(10) ** SCALES[word] for word in self._words if word in SCALES and len(word) >= 4]
        return any(self._counted(value / scale) for scale in scales)

    def number(self, value: int) -> bool:
        """Whether the text says this number, in figures or in words."""
        return Decimal(value) in self._figures or self._begins(NUMBERS.get(value, ()))

    def months(self, value: int) -> bool:
        """Whether a length of so many months is said, also as years."""
        if self.number(value):
            return True
        if not self._begins(YEARS) and not any(word.endswith(YEARS[2:5]) for word in self._words):
            return False
        years, rest = divmod(value, 12)
        return rest == 0 and (years == 1 or self.number(years))

    def currency(self, code: str) -> bool:
        signs = (*CURRENCIES.get(code, ()), code.casefold())
        return any(sign in self._lower if _NOT_WORD.fullmatch(sign) else self._currency_word(sign) for sign in signs)

    def day(self, value: date) -> bool:
        """Whether the text speaks of this month by name or number, or of time in relation to today."""
        named = self._begins(MONTHS[value.month])
        numbered = self._has(value.day) and (self._has(value.month) or self._has(value.year))
        return named or numbered or self.time()

    def month(self, value: date) -> bool:
        return self._begins(MONTHS[value.month]) or self._has(value.month) or self.time()

    def year(self, value: int) -> bool:
        return self._has(value) or self.time()

    def time(self) -> bool:
        """Whether any word of time occurs: a week, a quarter, tomorrow."""
        return any(self._begins(group) for group in TIMES)

    def _currency_word(self, sign: str) -> bool:
        return re.search(rf"(?<![^\W\d_]){re.escape(sign)}(?![^\W\d_])", self._lower) is not None

    def _counted(self, value: Decimal) -> bool:
        """A small factor before a scale word: two million, half a million, 1.2 million."""
        if value in self._figures or (value == value.to_integral_value() and self.number(int(value))):
            return True
        return value % 1 in (Decimal("0.5"), Decimal("0.25"), Decimal("0.75")) and self._begins(HALF)

    def _has(self, value: int) -> bool:
        return Decimal(value) in self._figures

    def _begins(self, beginnings: Iterable[str]) -> bool:
        long = tuple(word for word in beginnings if len(word) >= _LONG_ENOUGH_TO_BEGIN)
        return any(word in self._words for word in beginnings) or any(word.startswith(long) for word in self._words)


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdecimal())


def _figures(text: str) -> Iterable[Decimal]:
    """Every number that a run of digits can mean: 1.200 is 1200 and 1.2; with `k` behind it also 1200000 and 1200."""
    for found in _FIGURE.finditer(text):
        behind = _WORD.match(text, found.end() + (text[found.end() : found.end() + 1] in (" ", "\u00a0", "-")))
        scale = SCALES.get(behind.group(), 0) if behind else 0
        for value in _meanings(found.group()):
            yield value
            if scale:
                yield value.scaleb(scale)
    for run in re.finditer(r"\d+", text):
        yield Decimal(run.group()[:30])


def _compounds(words: Iterable[str]) -> Iterable[Decimal]:
    """Numbers written as one word, as German and Dutch do: fünfzigtausend, vijftigduizend."""
    for word in words:
        for ending in ("tausend", "duizend", "hundert", "honderd"):
            if word.endswith(ending) and (count := _COUNTS.get(word.removesuffix(ending))):
                yield Decimal(count * (100 if ending in ("hundert", "honderd") else 1000))


def _meanings(figure: str) -> set[Decimal]:
    bare = re.sub(r"['’\u00a0\u202f ]", "", figure)[:30]
    forms = {bare.replace(",", ""), bare.replace(".", "").replace(",", "."), re.sub(r"[.,]", "", bare)}
    return {value for form in forms if (value := _decimal(form)) is not None}


def _decimal(form: str) -> Decimal | None:
    try:
        return Decimal(form)
    except InvalidOperation:
        return None
