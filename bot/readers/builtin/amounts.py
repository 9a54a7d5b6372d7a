"""Sums and plain numbers: value, currency and what period a sum is for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.numbers import MULTIPLIERS, NUMBER, parse_digits, parse_words

# Order matters: a longer form stands before the one it contains ("US$" before "$", "francs CFA" before "francs").
_CURRENCIES: tuple[tuple[str, str], ...] = (
    ("MXN", r"mxn|mx\$|pesos mexicanos|mex\$"),
    ("AUD", r"aud|au?\$"),
    ("CAD", r"cad|ca?\$|\$ ?ca"),
    ("NZD", r"nzd|nz\$"),
    ("SGD", r"sgd|s\$"),
    ("BRL", r"brl|r\$|reais"),
    ("ARS", r"ars|ar\$|pesos argentinos"),
    ("COP", r"cop|pesos colombianos"),
    ("CLP", r"clp|pesos chilenos"),
    ("USD", r"us ?\$|u\$[sd]|usd|us[- ]dollars?|\$|dollars?|dólares|dollar|bucks"),
    ("EUR", r"€|euros?|eur|eurs"),
    ("GBP", r"£|gbp|pounds?(?: sterling)?|quid"),
    ("XOF", r"f ?cfa|xof|francs? cfa"),
    ("CHF", r"chf|s?frs?\.|sfr|franken|fränkli|stutz|francs?(?: suisses?)?|fr"),
    ("INR", r"inr|₹|rs\.?|rupees?"),
    ("NGN", r"ngn|₦|naira"),
    ("KES", r"kes|kshs?\.?"),
    ("GHS", r"ghs|gh₵|cedis?"),
    ("SEK", r"sek|kronor"),
    ("NOK", r"nok"),
    ("DKK", r"dkk"),
    ("PLN", r"pln|zł|zlotys?"),
    ("CZK", r"czk|kč"),
    ("HUF", r"huf|forints?"),
    ("PEN", r"pen|s/\.?|soles"),
    ("MAD", r"mad|dhs?|dirhams?"),
    ("AED", r"aed"),
    ("TND", r"tnd|dinars?"),
    ("JPY", r"jpy|¥|yen"),
    ("TRY", r"₺"),
    ("ZAR", r"zar|rands?|r"),
)
_ANY = "|".join(forms for _, forms in _CURRENCIES)
_CODES = tuple((code, re.compile(forms, re.I)) for code, forms in _CURRENCIES)
_TIMES = "|".join(sorted((re.escape(m) for m in MULTIPLIERS), key=len, reverse=True))

_SUM = re.compile(
    rf"(?:(?<![^\W\d_])(?P<before>{_ANY})[ \u00a0:]{{0,2}}|(?<![\w.,@/#]))"
    rf"(?P<number>{NUMBER})"
    rf"(?:(?P<km>[kK])(?P<rest>\d)(?!\d)|[ \u00a0\u202f]?(?P<times>(?:{_TIMES})\.?)(?![^\W\d_])|(?P<tk>k)(?=[€$£]))?"
    rf"(?:[.,][-–—]{{1,2}})?"
    rf"(?:[ \u00a0\u202f]{{0,2}}(?P<after>{_ANY})(?![^\W_]))?",
    re.I,
)
_BASES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "per_seat_month",
        re.compile(
            r"(?:per|/|pro|par|je|à|por|al)\s*(?:seats?|users?|licen[cs]es?|licences?|nutzer|platz|user|lizenz|"
            r"arbeitsplatz|postes?|utilisateurs?|gebruikers?|usuarios?|licencias?|licentie|asiento|puesto|head|person|"
            r"kopf|nase)\s*(?:,|and|und|et|en|y|/|per|pro|par|a|al|por|je|im|each|-|\s)*\s*"
            r"(?:month|monat|mois|maand|mes|mo\b|mth|pm\b)|pupm|p\.?u\.?p\.?m|/(?:seat|user)/mo",
            re.I,
        ),
    ),
    (
        "monthly",
        re.compile(
            r"(?:per|a|each|every|/|pro|im|par|al|por|je|the|chaque|cada|in der|de|'?n)\s*(?:month|monat|mois|"
            r"maand|mes|"
            r"mo|mth|kalendermonat)\b|monthly|monatlich|mensue?l\w*|mensual\w*|maandelijks|p\.? ?m\.?(?=[\s,;.)]|$)|"
            r"\bpcm\b|\bmrr\b|\bp/?m\b|/ ?mnd|p\.? ?mnd|/mo\b|/mois|monthy",
            re.I,
        ),
    ),
    (
        "total",
        re.compile(
            r"\btotal\w*\b|in total|all[- ]in\b|altogether|overall|insgesamt|gesamt\w*|in summe|zusammen|\btcv\b|"
            r"au total|en tout\b|en total|totaal|in all\b|(?:full|whole|entire|complete) (?:term|period|contract)|"
            r"(?:over|across|für|auf|über|sur|over|por|para|voor|for|à|a)\s+(?:the |die |les |de |los |las |alle )?"
            r"(?:\d{1,2}|two|three|four|five|zwei|drei|vier|fünf|deux|trois|quatre|cinq|twee|drie|vijf|dos|tres|cuatro|"
            r"cinco|full|whole|gesamte|ganze|hele|gehele|toute|todo|entire)\s*\w*\s*"
            r"(?:years?|yrs?|jahre?n?|vertragsjahre|ans|années|jaar|años|months?|monate?|mois|maanden|meses|mths|term|"
            r"laufzeit|looptijd|durée|plazo|duración|contract)|"
            r"(?:ganze|gesamte|volle) (?:laufzeit|vertragslaufzeit)|(?:hele|gehele|volledige) looptijd|"
            r"toute la durée|todo el (?:plazo|contrato|periodo|período)|alles zusammen|über alles|lump sum|"
            r"(?:two|three|\d)[- ]years? (?:total|tcv)|auftragssumme|contract value|totaalbedrag|one[- ]off total",
            re.I,
        ),
    ),
    (
        "annual",
        re.compile(
            r"(?:per|a|each|every|/|pro|im|par|al|por|je|the|first|le|l'|l’|chaque|cada|'t|’t|het|de|'n|ten|une?|"
            r"ene?n?|"
            r"aufs?|in the|primer|erste[ns]?|première|première|eerste|ins|op)\s*-?(?:year|yr|jahr|an|année|jaar|año|"
            r"annum|ann|anno|joar|johr)\b|\byearly|annual\w*|annuel\w*|jährlich\w*|jaarlijks\w*|anual\w*|"
            r"\bp\.? ?a\.?(?=[\s,;.)/]|$)|\barr\b|\bacv\b|jahres\w+|jaarbasis|jaarwaarde|jaaromzet|/ ?yr\b|/ ?an\b|"
            r"/ ?a\b|/ ?jr\b|p\.? ?j\.?(?=[\s,;.)]|$)|\bpro ?jahr|first[- ]year|erstjahr\w*|\bp/?a\b|per jr",
            re.I,
        ),
    ),
)
_AHEAD, _BEHIND = 45, 38
_STOP = re.compile(r"[\n;|•]|[.!?](?=\s+[A-ZÄÖÜÉÀ¿¡])")


def _currency(form: str) -> str:
    return next((code for code, pattern in _CODES if pattern.fullmatch(form)), "") if form else ""


def _nearest(window: str, reverse: bool) -> str:
    """The basis said nearest to the sum in a window of text."""
    best: tuple[int, int, str] | None = None
    for rank, (basis, pattern) in enumerate(_BASES):
        for match in pattern.finditer(window):
            distance = len(window) - match.end() if reverse else match.start()
            if best is None or (distance, rank) < best[:2]:
                best = (distance, rank, basis)
    return best[2] if best else ""


def basis_around(text: str, start: int, end: int) -> str:
    """What the sum at start..end is for, from the words behind it, else those before it; "" where not said."""
    ahead = text[end : end + _AHEAD]
    stop = _STOP.search(ahead)
    ahead = ahead[: stop.start()] if stop else ahead
    behind = re.split(r"[\n;•|]|[.!?]\s", text[max(0, start - _BEHIND) : start])[-1]
    after = _nearest(ahead, reverse=False)
    if after == "annual" and _nearest(behind, reverse=True) == "total":
        return after
    return after or _nearest(behind, reverse=True)


def _value(match: re.Match[str]) -> Decimal | None:
    value = parse_digits(match["number"])
    if value is None:
        return None
    if match["km"]:
        return value * 1000 + int(match["rest"]) * 100
    times = (match["times"] or "").rstrip(".").casefold()
    if times == "t" and not match["times"].islower():
        return value * 1000
    return value * MULTIPLIERS.get(times, 1000 if match["tk"] else 1)


def plain(value: Decimal) -> str:
    """A decimal without exponent or trailing zeros."""
    return format(value.normalize(), "f")


def find_numbers(text: str, language: str) -> Iterator[Mention]:
    """Every number in digits or words, each perhaps a sum of money."""
    for match in _SUM.finditer(text):
        value = _value(match)
        if value is None or value > Decimal(10) ** 13:
            continue
        currency = _currency(match["before"] or "") or _currency(match["after"] or "")
        start, end = match.span()
        marked = bool(currency or match["times"] or match["km"])
        yield Mention(Kind.NUMBER, start, end, plain(value), currency, basis_around(text, start, end), marked)
    yield from _numbers_in_words(text, language)


_WORD = re.compile(r"[^\W\d_]+")
_AFTER = re.compile(rf"[ \u00a0]{{1,2}}(?P<after>{_ANY})(?![^\W\d_])", re.I)


def _numbers_in_words(text: str, language: str) -> Iterator[Mention]:
    words = [(m.group().casefold(), m.start(), m.end()) for m in _WORD.finditer(text)]
    place = 0
    while place < len(words):
        read = parse_words([w for w, _, _ in words[place : place + 8]], language)
        if read is None:
            place += 1
            continue
        value, used = read
        start, end = words[place][1], words[place + used - 1][2]
        after = _AFTER.match(text, end)
        end = after.end() if after else end
        currency = _currency(after["after"]) if after else ""
        yield Mention(Kind.NUMBER, start, end, str(value), currency, basis_around(text, start, end), bool(currency))
        place += used


_NAMED = re.compile(rf"(?<![^\W\d_])(?P<form>{_ANY})(?![^\W\d_])", re.I)
_TOO_SHORT = {"r", "fr", "ft", "s/", "pen", "cop", "mad", "rs", "dh", "dollar"}


def find_currency(text: str) -> Iterator[Mention]:
    """Currencies named without a sum, for the answer to a question about the currency."""
    for match in _NAMED.finditer(text):
        if match["form"].casefold() not in _TOO_SHORT:
            yield Mention(Kind.CURRENCY, match.start(), match.end(), _currency(match["form"]))
