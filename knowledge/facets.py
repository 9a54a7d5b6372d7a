"""What a short question wants to know (when, where, what it costs), and which of some passages say it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_MONTH = (
    r"(?:jan|feb|mar|mär|apr|may|mai|mei|jun|jul|aug|sep|oct|okt|nov|dec|dez|ene|abr|ago|dic|fev|avr|aou|maart|enero|"
    r"marzo|juin|juil)\w*"
)
_FACETS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile(
            r"\b(?:what time|at what hour|how long|o'clock|start|begin|starts|begins|end|ends|finish|wie viel uhr|"
            r"wieviel uhr|"
            r"uhrzeit|beginn\w*|wie lange|los geht|geht es los|endet|ende|quelle heure|commence\w*|combien de temps|"
            r"finit|debut|"
            r"hoe laat|begint|aanvang|duurt|hoelang|a que hora|empieza|comienza|dura|termina|acaba)\b"
        ),
        re.compile(
            r"\b\d{1,2}(?:[:.h]\d{2}|\s?(?:h|uhr|uur|am|pm|o'clock|heures?|horas?))\b|\b(?:hours?|stunden|heures|uren|"
            r"horas)\b"
        ),
    ),
    (
        re.compile(
            r"\b(?:when|what (?:day|date)|which (?:day|date)|deadline|until when|by when|wann|welche[rnm]? (?:tag|"
            r"datum)|bis wann|"
            r"quand|quel jour|quelle date|jusqu'a quand|wanneer|welke (?:dag|datum)|tot wanneer|cuando|que dia|que "
            r"fecha|"
            r"hasta cuando)\b"
        ),
        re.compile(
            rf"\b\d{{1,2}}\.? (?:de |of )?{_MONTH}|\b{_MONTH} \d{{1,2}}\b|"
            r"\b\d{{1,2}}[./]\d{{1,2}}\b|\b20\d\d-\d\d-\d\d\b"
        ),
    ),
    (
        re.compile(
            r"\b(?:where|what (?:address|venue|place)|which (?:city|venue|place|hotel)|location|address|venue|wo|wohin|"
            r"adresse|"
            r"veranstaltungsort|ort|ou|quelle (?:adresse|ville)|lieu|waar|welk adres|locatie|adres|donde|direccion|"
            r"lugar)\b"
        ),
        re.compile(
            r"\b(?:hotel|venue|address|street|road|square|avenue|room|office|hall|centre|center|online|zoom|teams|"
            r"webinar|"
            r"meet (?:you )?(?:in|at)|takes? place|strasse|straße|platz|saal|raum|adresse|treffen (?:wir )?uns|findet|"
            r"statt|"
            r"\w+strasse|\w+straße|rue|salle|place|lieu|retrouv\w+|straat|\w+straat|zaal|plein|laan|ontmoeten|vindt "
            r"plaats|"
            r"calle|plaza|sala|avenida|lugar|reunimos|tendra lugar)\b"
        ),
    ),
    (
        re.compile(
            r"\b(?:cost|costs|price|fee|free|charge|how much|kostet|kosten|preis|kostenlos|gebuhr|teilnahmegebuhr|"
            r"coute|cout|prix|"
            r"gratuit|payant|combien coute|kost|prijs|gratis|cuesta|precio|coste|gratuito|cuanto)\b"
        ),
        re.compile(
            r"[€$£]\s?\d|\d\s?(?:€|eur|euros?|chf|usd|gbp)\b|\b(?:free|no charge|complimentary|kostenlos|kostenfrei|"
            r"gratuit\w*|"
            r"gratis|offert\w*|sans frais)\b"
        ),
    ),
)


def answering(question: str, passages: Sequence[str]) -> tuple[str, ...]:
    """The passages that hold what the question asks for; none where it asks for nothing of the kind."""
    asked = _plain(question)
    for wanted, holds in _FACETS:
        if wanted.search(asked):
            return tuple(passage for passage in passages if holds.search(_plain(passage)))
    return ()


def _plain(text: str) -> str:
    low = unicodedata.normalize("NFD", text.lower().replace("’", "'"))
    return "".join(c for c in low if not unicodedata.combining(c))
