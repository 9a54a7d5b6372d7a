"""Numbers written in words, in five languages: "two hundred and ten", "vierzigtausend", "quatre-vingt-dix"."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

LONGEST = 12
_HALF = Fraction(1, 2)

_WORDS: dict[str, dict[str, int]] = {
    "en": {
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
        "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
        "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50,
        "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "hunner": 100, "thousand": 1000,
        "million": 10**6, "grand": 1000, "thou": 1000, "lakh": 10**5, "lakhs": 10**5, "lac": 10**5, "lacs": 10**5,
        "crore": 10**7, "crores": 10**7,
    },
    "de": {
        "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10,
        "elf": 11, "zwölf": 12, "dreizehn": 13, "vierzehn": 14, "fünfzehn": 15, "sechzehn": 16, "siebzehn": 17,
        "achtzehn": 18, "neunzehn": 19, "zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40, "fünfzig": 50,
        "sechzig": 60, "siebzig": 70, "achtzig": 80, "neunzig": 90, "hundert": 100, "tausend": 1000, "ein": 1,
        "eine": 1, "zwo": 2, "million": 10**6, "millionen": 10**6, "fuenf": 5, "zwoelf": 12, "fuenfzehn": 15,
        "fuenfzig": 50, "dausend": 1000,
    },
    "fr": {
        "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
        "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20, "vingts": 20,
        "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "huitante": 80,
        "octante": 80, "nonante": 90, "cent": 100, "cents": 100, "mille": 1000, "million": 10**6, "millions": 10**6,
        "dizaine": 10, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40,
        "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "quatrevingt": 80, "quatrevingts": 80, "un": 1,
        "une": 1,
    },
    "nl": {
        "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9, "tien": 10, "elf": 11,
        "twaalf": 12, "dertien": 13, "veertien": 14, "vijftien": 15, "zestien": 16, "zeventien": 17, "achttien": 18,
        "negentien": 19, "twintig": 20, "dertig": 30, "veertig": 40, "vijftig": 50, "zestig": 60, "zeventig": 70,
        "tachtig": 80, "negentig": 90, "honderd": 100, "duizend": 1000, "miljoen": 10**6, "een": 1, "één": 1,
        "tiental": 10, "vijftiental": 15, "twintigtal": 20, "dertigtal": 30, "veertigtal": 40, "vijftigtal": 50,
        "zestigtal": 60, "tachtigtal": 80, "honderdtal": 100,
    },
    "es": {
        "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
        "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciséis": 16, "dieciseis": 16,
        "diecisiete": 17, "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veintiuno": 21, "veintiún": 21,
        "veintiuna": 21, "veintidós": 22, "veintidos": 22, "veintitrés": 23, "veintitres": 23, "veinticuatro": 24,
        "veinticinco": 25, "veintiséis": 26, "veintiseis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29,
        "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90,
        "cien": 100, "ciento": 100, "doscientos": 200, "trescientos": 300, "cuatrocientos": 400, "quinientos": 500,
        "seiscientos": 600, "setecientos": 700, "ochocientos": 800, "novecientos": 900, "doscientas": 200,
        "trescientas": 300, "cuatrocientas": 400, "quinientas": 500, "seiscientas": 600, "setecientas": 700,
        "ochocientas": 800, "novecientas": 900, "mil": 1000, "millón": 10**6, "millon": 10**6, "millones": 10**6,
        "decena": 10, "veintena": 20, "treintena": 30, "cuarentena": 40, "lucas": 1000, "un": 1, "uno": 1, "una": 1,
    },
}  # fmt: skip
_DOZENS = {"en": ("dozen",), "de": ("dutzend",), "fr": ("douzaine", "douzaines"), "nl": ("dozijn",),
           "es": ("docena", "docenas")}  # fmt: skip
_GLUE = {"en": ("and",), "de": ("und",), "fr": ("et",), "nl": ("en", "ën"), "es": ("y",)}
_HALVES = {
    "en": (("and", "a", "half"),),
    "de": (("einhalb",),),
    "fr": (("et", "demi"), ("et", "demie")),
    "nl": (("en", "een", "half"), ("en", "een", "halve")),
    "es": (("y", "medio"), ("y", "media")),
}
_ARTICLES = {"ein", "eine", "een", "één", "un", "une", "una", "uno"}
_NEVER_FIRST = {"grand", "thou", "lakh", "lakhs", "lac", "lacs", "crore", "crores", "lucas", "hunner"}
_IDIOMS = {
    "merci", "mercis", "excuses", "pardons", "bises", "gracias", "perdones", "disculpas", "abrazos", "besos", "dank",
    "thanks", "thank", "apologies", "fois", "veces", "mal", "maal", "times",
}  # fmt: skip
"""What stands behind a thousand that counts nothing ("mille mercis")."""


@lru_cache(maxsize=4096)
def _parts(word: str, language: str) -> tuple[Fraction, ...] | None:
    """A compound split into the values of its parts, or None where it is no number word."""
    values, glue = _WORDS[language], _GLUE[language]
    if word in values:
        return (Fraction(values[word]),)
    if language not in ("de", "nl") or not 5 < len(word) <= 60:
        return None
    for size in range(min(len(word) - 1, 11), 2, -1):
        head, tail = word[:size], word[size:]
        if head not in values:
            continue
        rest = _tail(tail, language, glue)
        if rest is not None:
            return (Fraction(values[head]), *rest)
    return None


def _tail(tail: str, language: str, glue: tuple[str, ...]) -> tuple[Fraction, ...] | None:
    for half in ("einhalb", "ënhalf", "enhalf"):
        if tail.startswith(half):
            after = tail[len(half) :]
            rest: tuple[Fraction, ...] | None = _parts(after, language) if after else ()
            return None if rest is None else (_HALF, *rest)
    rest = _parts(tail, language)
    if rest is None:
        stripped = next((tail[len(g) :] for g in glue if tail.startswith(g)), "")
        rest = _parts(stripped, language) if stripped else None
    return rest


class _Sum:
    """Adds up the parts of a number, and refuses the part with which another number begins."""

    def __init__(self, language: str) -> None:
        self.french = language == "fr"
        self.total = self.current = Fraction(0)
        self.step = Fraction(0)

    def value(self) -> Fraction:
        return self.total + self.current

    def add(self, part: Fraction, within: bool) -> bool:
        """Whether the part belongs to this number; `within` says that it stands in the same word as the last."""
        if part == _HALF:
            return self._add_half()
        if part >= 1000:
            return self._multiply(part)
        if part >= 100:
            return self._add_hundreds(part)
        rest = self.current % 100
        if rest == 0 or (rest in range(20, 100, 10) and part < 10):
            self.current += part
        elif self.french and rest == 4 and part == 20:
            self.current += 76
        elif self._follows(rest, part, within):
            self.current += part
        else:
            return False
        return True

    def _follows(self, rest: Fraction, part: Fraction, within: bool) -> bool:
        """Whether a language puts such a part behind others: "soixante-douze", "dix-sept", "vierundzwanzig"."""
        if self.french and ((rest in (60, 80) and part < 20) or (rest in (10, 70, 90) and 6 < part < 10)):
            return True
        return within and rest < 10 and part % 10 == 0

    def _add_half(self) -> bool:
        if self.current and self.current.denominator == 1:
            self.current += _HALF
        elif self.step and not self.current:
            self.current = self.step / 2
        else:
            return False
        return True

    def _multiply(self, part: Fraction) -> bool:
        if self.step and part >= self.step:
            return False
        self.total += (self.current or 1) * part
        self.current, self.step = Fraction(0), part
        return True

    def _add_hundreds(self, part: Fraction) -> bool:
        if part > 100:
            fits = self.current == 0
            self.current += part if fits else 0
            return fits
        fits = self.current < 100 and (self.current == 0 or self.current % 10 != 0)
        self.current = (self.current or Fraction(1)) * 100 if fits else self.current
        return fits


def _half_at(words: list[str], place: int, language: str) -> int:
    """How many words say "and a half" there; 0 where none."""
    return next((len(h) for h in _HALVES[language] if tuple(words[place : place + len(h)]) == h), 0)


def may_begin(word: str, language: str) -> bool:
    """Whether a number in words may begin with the word."""
    return language in _WORDS and (word in _DOZENS[language] or _parts(word, language) is not None)


def parse_words(words: list[str], language: str) -> tuple[int, int] | None:
    """(value, words used) of the number word that the list begins with; None where it begins with none."""
    if language not in _WORDS or not words or words[0] in _NEVER_FIRST:
        return None
    number, used, place, value, whole = _Sum(language), 0, 0, Fraction(0), 0
    words = words[:LONGEST]
    while place < len(words):
        step = _step(number, words, place, language)
        if not step and not (place and place == used and words[place] in _GLUE[language]):
            break
        place += step or 1
        used = place if step else used
        if step and number.value().denominator == 1:
            value, whole = number.value(), used
    if not whole or (whole == 1 and words[0] in _ARTICLES):
        return None
    if whole == 1 and value in (100, 1000) and words[1:2] and words[1] in _IDIOMS:
        return None
    return int(value), whole


def _step(number: _Sum, words: list[str], place: int, language: str) -> int:
    """Add what the words say at a place; how many words that took, 0 where none belongs to the number."""
    word = words[place]
    if word in _DOZENS[language] and number.value() < 10:
        number.current = (number.current or Fraction(1)) * 12
        return 1
    half = _half_at(words, place, language) if place else 0
    if half:
        return half if number.add(_HALF, within=False) else 0
    parts = _parts(word, language)
    glued = place > 0 and words[place - 1] in _GLUE[language] and not number.french
    return 1 if parts is not None and _adds(number, parts, glued) else 0


def _adds(number: _Sum, parts: tuple[Fraction, ...], glued: bool) -> bool:
    """Add a word's parts; where its first does not fit, the number has ended before it."""
    kept = (number.total, number.current, number.step)
    for nth, part in enumerate(parts):
        if not number.add(part, within=nth > 0 or glued):
            number.total, number.current, number.step = kept
            return False
    return True
