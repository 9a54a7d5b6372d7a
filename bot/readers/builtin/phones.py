"""Telephone numbers as people write them, also without the leading zero or country code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.readers.builtin.cues import DIGIT, Look
from bot.readers.builtin.currencies import ANY_CURRENCY
from bot.readers.builtin.mentions import Kind, Mention

_PHONE = re.compile(
    r"(?<![\w.,/@€$£-])(?:"
    r"(?:\+|\(\+|\(0|00|0)(?:[ \u00a0\u202f()/–-]{0,3}\d|\.\d){6,17}"
    r"|\(?\d{3}\)?[-. ]{1,2}\d{3}[-. ]\d{4}|\d{3}-\d{4}"
    r")(?![\w€$£%])"
)
_EXTENSION = re.compile(r"\s*(?:ext\.?|extn\.?|x|durchwahl|dw|poste|toestel)\s?\d{1,5}", re.I)
_NEXT = re.compile(r" [–-] ?(?=\d)")
_COUNTED = re.compile(r" [^\W\d_]")
_GROUPED = re.compile(
    rf"(?<![\w.,/@€$£+-])(?<!\d )(?:\(\d{{1,4}}\) ?|\d{{1,5}}[ -])\d{{1,6}}(?:[ -]\d{{1,6}}){{0,3}}"
    rf"(?![\w€$£%]|[.,/:-]\d|[ -]\d| ?(?:{ANY_CURRENCY})(?![^\W_]))",
    re.I,
)
_PLAIN = re.compile(r"(?<![\w.,/@€$£+-])(?<!\d )\d{7,12}(?![\w€$£%]|[.,/:-]\d|[ -]\d)")
# How a number without zero or plus is grouped in countries where that is usual; sums are grouped by threes.
_SHAPES = frozenset(
    {
        (2, 2, 2, 2), (3, 2, 2, 2), (2, 3, 2, 2), (3, 3, 3), (3, 3, 4), (3, 2, 3), (1, 3, 4), (2, 4, 4), (2, 2, 4),
        (4, 2, 4), (4, 3, 3), (2, 5, 4), (5, 5), (4, 2, 2, 2), (4, 2, 6), (3, 4, 4), (4, 4), (2, 8), (3, 7), (3, 6),
    }
)  # fmt: skip
_NEEDS_CUE = frozenset({(4, 4), (2, 8), (3, 7), (3, 6), (2, 2, 4)})
_CUE = re.compile(
    r"(?:\b(?:tel|tél|tlf|ph|mob|gsm|cel|celu|cell|phone|telephone|telefon|telefoon|teléfono|telefono|téléphone|"
    r"mobile|móvil|movil|mobil\w*|handy\w*|whatsapp|wa|fijo|direct[oe]?|celular|portable|number|nummer|numéro|número|"
    r"rufnummer|durchwahl|line|ring|call|reach\w*|joignable|bereikbaar|erreichbar|llam\w+|appel\w+|bel)\b|[📞☎📱])"
    r"[^\d\n]{0,14}$|@[\w.-]+\W{0,5}$",
    re.I,
)
_MONEY_BEFORE = re.compile(rf"(?:(?<![^\W\d_])(?:{ANY_CURRENCY})) ?$", re.I)


# Other numbers of a company, and of its orders.
_OTHER_NUMBER = re.compile(
    r"\b(?:siren|siret|uid|ust-?id\w*|vat|tva|btw|kvk|kbo|bce|nif|cif|nit|rut|cuit|abn|hrb|iban|gstin|company no|"
    r"reg\w*)\b(?![.@])[^\d\n]{0,12}$|\b(?-i:[A-Z]{2}) $",
    re.I,
)


def _fits(text: str, match: re.Match[str]) -> bool:
    """Whether groups of digits without a leading zero or plus are a telephone number's."""
    groups = re.findall(r"\d+", match.group())
    shape = tuple(map(len, groups))
    before = text[max(0, match.start() - 40) : match.start()]
    if _MONEY_BEFORE.search(before[-12:]) or _OTHER_NUMBER.search(before):
        return False
    cued = bool(_CUE.search(before))
    if shape == (3, 3, 3):
        return cued or groups[-1] != "000"
    if shape == (4, 4):
        years = groups[0].startswith("20") and ("-" in match.group() or groups[1].startswith("20"))
        return not years and (cued or "-" in match.group())
    if shape == (2, 2, 4) and groups[-1].startswith("20"):
        return False
    return shape in _SHAPES and (cued or shape not in _NEEDS_CUE)


def _end_of(match: re.Match[str]) -> int:
    """Where the number ends: what a spaced dash parts off and a word follows ("… – 40 seats") counts something else."""
    if not _COUNTED.match(match.string, match.end()):
        return match.end()
    for dash in _NEXT.finditer(match.group()):
        if len(re.sub(r"\D", "", match.group()[: dash.start()])) >= 9:
            return match.start() + dash.start()
    return match.end()


def find_phones(text: str) -> Iterator[Mention]:
    """Telephone numbers as written, of seven to fifteen digits."""
    if not Look(text).holds(DIGIT):
        return
    ends = 0
    for start, end in sorted({*_led(text), *_grouped(text)}, key=lambda place: (place[0], -place[1])):
        if start >= ends:
            yield _phone(text, start, end)
            ends = end


def _led(text: str) -> Iterator[tuple[int, int]]:
    """Numbers that a plus or a zero leads, and those grouped as in America."""
    for match in _PHONE.finditer(text):
        end = _end_of(match)
        if 7 <= len(re.sub(r"\D", "", text[match.start() : end])) <= 15:
            yield match.start(), end


def _grouped(text: str) -> Iterator[tuple[int, int]]:
    for match in _GROUPED.finditer(text):
        if _fits(text, match):
            yield match.span()
    for match in _PLAIN.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if _CUE.search(before) and not _MONEY_BEFORE.search(before[-12:]):
            yield match.span()


def _phone(text: str, start: int, end: int) -> Mention:
    tail = _EXTENSION.match(text, end)
    return Mention(Kind.PHONE, start, tail.end() if tail else end, text[start:end].strip())


def starts_phone(text: str, place: int) -> bool:
    """Whether a telephone number begins there."""
    match = _PHONE.match(text, place) or _GROUPED.match(text, place)
    return match is not None and len(re.sub(r"\D", "", match.group())) >= 7
