"""What period a sum of money is for, from the words around it."""

from __future__ import annotations

import re

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


_LETTER = re.compile(r"[^\W\d_]")


def _nearest(window: str, reverse: bool) -> str:
    """The basis said nearest to the sum in a window of text."""
    if not _LETTER.search(window):
        return ""
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
