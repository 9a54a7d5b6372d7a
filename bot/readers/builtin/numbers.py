"""Numbers as people write them: grouped digits, multipliers, and words in five languages."""

from __future__ import annotations

import re
from decimal import Decimal

NUMBER = r"\d{1,3}(?:[.,'’ \u00a0\u202f]\d{2,3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,3})?(?!\d)"

MULTIPLIERS = {
    "k": 1000, "tsd": 1000, "t": 1000, "tausend": 1000, "thousand": 1000, "grand": 1000, "mil": 1000, "mille": 1000,
    "duizend": 1000, "dui": 1000, "ke": 1000, "m": 10**6, "mio": 10**6, "mn": 10**6, "million": 10**6,
    "millions": 10**6, "millionen": 10**6, "miljoen": 10**6, "mln": 10**6, "millón": 10**6, "millones": 10**6,
    "lakh": 10**5, "lakhs": 10**5, "lac": 10**5, "crore": 10**7, "crores": 10**7, "cr": 10**7, "bn": 10**9,
}  # fmt: skip


def parse_digits(written: str) -> Decimal | None:
    """The value of grouped digits: the last mark is a decimal one unless three digits follow it or it repeats."""
    bare = re.sub(r"[\s'’\u00a0\u202f]", "", written)
    marks = [c for c in bare if c in ".,"]
    if not marks:
        return Decimal(bare) if bare.isascii() and bare.isdigit() else None
    last = marks[-1]
    tail = bare.rsplit(last, 1)[1]
    decimal_mark = len(tail) != 3 and marks.count(last) == 1
    if len(set(marks)) == 2 and marks.count(last) == 1:
        decimal_mark = True
    whole, part = (bare.rsplit(last, 1)) if decimal_mark else (bare, "")
    digits = re.sub(r"[.,]", "", whole)
    if not (digits + part).isascii() or not digits.isdigit() or len(digits) > 15:
        return None
    return Decimal(f"{digits}.{part}" if part else digits)


_WORDS: dict[str, dict[str, int]] = {
    "en": {
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
        "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
        "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50,
        "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1000, "million": 10**6,
        "dozen": 12,
    },
    "de": {
        "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10,
        "elf": 11, "zwölf": 12, "dreizehn": 13, "vierzehn": 14, "fünfzehn": 15, "sechzehn": 16, "siebzehn": 17,
        "achtzehn": 18, "neunzehn": 19, "zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40, "fünfzig": 50,
        "sechzig": 60, "siebzig": 70, "achtzig": 80, "neunzig": 90, "hundert": 100, "tausend": 1000, "ein": 1,
        "million": 10**6, "millionen": 10**6, "dutzend": 12,
    },
    "fr": {
        "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
        "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20, "vingts": 20,
        "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "huitante": 80,
        "octante": 80, "nonante": 90, "cent": 100, "cents": 100, "mille": 1000, "million": 10**6, "dizaine": 10,
        "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40, "cinquantaine": 50,
        "soixantaine": 60, "centaine": 100, "quatrevingt": 80, "quatrevingts": 80,
    },
    "nl": {
        "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9, "tien": 10, "elf": 11,
        "twaalf": 12, "dertien": 13, "veertien": 14, "vijftien": 15, "zestien": 16, "zeventien": 17, "achttien": 18,
        "negentien": 19, "twintig": 20, "dertig": 30, "veertig": 40, "vijftig": 50, "zestig": 60, "zeventig": 70,
        "tachtig": 80, "negentig": 90, "honderd": 100, "duizend": 1000, "miljoen": 10**6, "dozijn": 12, "een": 1,
    },
    "es": {
        "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
        "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciséis": 16, "diecisiete": 17,
        "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veintiuno": 21, "veintidós": 22, "veinticinco": 25,
        "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90,
        "cien": 100, "ciento": 100, "doscientos": 200, "trescientos": 300, "quinientos": 500, "mil": 1000,
        "millón": 10**6, "docena": 12, "decena": 10, "veintena": 20, "treintena": 30,
    },
}  # fmt: skip
_GLUE = {"en": ("and",), "de": ("und",), "fr": ("et",), "nl": ("en", "ën"), "es": ("y",)}
_ONES = {"ein", "een"}


def _parts(word: str, language: str) -> list[int] | None:
    """A compound split into the values of its parts, or None where it is no number word."""
    values, glue = _WORDS[language], _GLUE[language]
    if word in values:
        return [values[word]]
    if language not in ("de", "nl") or len(word) > 60:
        return None
    for size in range(min(len(word) - 1, 11), 1, -1):
        head, tail = word[:size], word[size:]
        if head not in values:
            continue
        rest = _parts(tail, language)
        if rest is None:
            stripped = next((tail[len(g) :] for g in glue if tail.startswith(g)), None)
            rest = _parts(stripped, language) if stripped else None
        if rest is not None:
            return [values[head], *rest]
    return None


def _evaluate(values: list[int]) -> int:
    total = current = 0
    for value in values:
        if value >= 1000:
            total += max(current, 1) * value
            current = 0
        elif value == 100:
            current = max(current, 1) * 100
        elif value == 12 and 0 < current < 10:
            current *= 12
        else:
            current += value
    return total + current


def parse_words(words: list[str], language: str) -> tuple[int, int] | None:
    """(value, words used) of the number word that the list begins with; None where it begins with none."""
    if language not in _WORDS:
        return None
    values: list[int] = []
    used = 0
    for place, word in enumerate(words[:8]):
        parts = _parts(word, language)
        if parts is not None:
            values.extend(parts)
            used = place + 1
        elif not (values and word in _GLUE[language]):
            break
    if not values or (used == 1 and words[0] in _ONES):
        return None
    return _evaluate(values), used
