"""The details of a question or objection about money: other seats, terms and tiers, and which lines are meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.readers.builtin.periods import find_periods
from bot.readers.builtin.quantities import find_terms
from bot.readers.builtin.references import find_statement_refs
from bot.readers.finer.names import trimmed
from bot.readers.finer.scene import Scene, numbers_in, overlaps
from bot.readers.finer.sentences import Sentence, pattern
from bot.readers.invoices.figures import sums
from bot.vocabulary.requests import DisputeDetails, DisputeFields, Intent, Request

_SEAT = (
    r"seats?|licen[cs]es?|users?|lizenz\w*|plätze?n?|nutzer\w*|arbeitsplätz\w*|licences|utilisateurs?|postes?|"
    r"licenties?|gebruikers?|plaatsen|licencias?|usuarios?|puestos?|asientos?"
)
_SEATS = pattern(rf"(\d{{1,6}}) (?:\w+ )?(?:{_SEAT})|(?:{_SEAT}) ?:? ?(\d{{1,6}})")
_LESS = pattern(
    r"(\d{1,2}(?:[.,]\d{1,2})?) ?(?:%|percent|per cent|prozent|pour ?cent|procent|por ciento)(?: \w+){0,3}? "
    r"(?:less|off|discount|cheaper|lower|reduction|weniger|rabatt|nachlass|günstiger|billiger|niedriger|"
    r"de moins|moins|"
    r"de remise|remise|de reduction|minder|korting|goedkoper|lager|menos|descuento|rebaja|mas barat\w+)|"
    r"(?:discount|rabatt|nachlass|remise|reduction|korting|descuento|"
    r"rebaja)(?: \w+){0,2}? (\d{1,2}(?:[.,]\d{1,2})?) ?"
    r"(?:%|percent|per cent|prozent|pour ?cent|procent|por ciento)"
)
_TIER = re.compile(
    r"(?i:\b(?:as|als|en tant que|comme|como|were|be|reach|reached|wären|wäre|étions|waren|zouden|fuéramos|tier|"
    r"level|stufe|"
    r"niveau|nivel|status|to|auf|in)) (?:(?i:an?|einem?|eine|un|une|een|el|la|le|partenaire|partner|socio|tier|level|"
    r"stufe|niveau|nivel|bereits|déjà|already|al|ya) ){0,3}([A-Z][A-Za-z]{2,20})\b"
)
_BEFORE_TIER = re.compile(r"\b([A-Z][A-Za-z]{2,20})(?:-| )(?i:partner|tier|level|status|stufe|niveau|nivel)\b")
_LINE = (
    r"lines?|position(?:en|s)?|pos\.?|ligne?s?|lignes?|regels?|lineas?|zeilen?|rows?|items?|posten|partidas?|punkte?"
)
_LINES = pattern(
    rf"(?:{_LINE}) ?(?:nr\.?|no\.?|n°|number|nummer|numero)? ?#?(\d{{1,3}})"
    r"((?:(?:,| and| und| et| en| y|,? &) ?#?\d{1,3})*)"
)
_ORDINAL_LINE = pattern(
    rf"(?:(first|1st|erste\w?|premiere?|eerste|primera?)|(second|2nd|zweite\w?|deuxieme|seconde|tweede|segunda?)|"
    rf"(third|3rd|dritte\w?|troisieme|derde|tercera?)|(fourth|4th|vierte\w?|quatrieme|vierde|cuarta?)|"
    rf"(fifth|5th|fünfte\w?|cinquieme|vijfde|quinta?)) (?:{_LINE}|one|eine?|de|la|le)"
)
_ORDINAL = pattern(
    r"(?:(first|erste\w?|premiere?|eerste|primera?)|(second|zweite\w?|deuxieme|seconde|tweede|segunda?)|"
    r"(third|dritte\w?|troisieme|derde|tercera?)|(fourth|vierte\w?|quatrieme|vierde|cuarta?)|"
    r"(fifth|fünfte\w?|cinquieme|vijfde|quinta?))"
)
_WHOLE = pattern(
    r"(?:whole|entire|complete|full) statement|all (?:of )?(?:the |these |those )?(?:lines|of them|of it)|"
    r"every (?:single )?"
    r"line|everything on|all lines|(?:gesamte|ganze|komplette)\w? abrechnung|alle (?:positionen|zeilen|posten)|"
    r"tout le releve|toutes les lignes|l'ensemble du releve|releve entier|(?:hele|volledige|gehele) afrekening|"
    r"alle regels|todo el extracto|todas las lineas|extracto (?:entero|completo)|jede (?:position|zeile)"
)
_ALL = pattern(r"all(?: of them)?|both|everything|alle|alles|beide|toutes?|tous|les deux|allemaal|todas?|todos|ambas")
_BARE_NUMBERS = re.compile(
    r"\W*(?:(?:nr|no|n°|number|nummer|#)\.? ?)?(\d{1,3})((?:\W{1,3}(?:and |und |et |en |y )?\d{1,3})*)\W*"
)
_MOST_SEATS = 10**6


def seats_in(sentence: Sentence) -> int | None:
    found = _SEATS.search(sentence.text.replace(".", "").replace(",", ""))
    seats = int(found[1] or found[2]) if found else 0
    return seats if 0 < seats <= _MOST_SEATS else None


def less_in(sentence: Sentence) -> Decimal | None:
    found = _LESS.search(sentence.text)
    return Decimal((found[1] or found[2]).replace(",", ".")) if found else None


def tier_in(sentence: Sentence, known: Iterable[str] = ()) -> str | None:
    """A name that stands where that of a tier would; whether there is such a tier, others know."""
    for look in (_TIER, _BEFORE_TIER):
        for found in look.finditer(sentence.raw):
            if found[1] not in known:
                return found[1]
    return None


def months_in(sentence: Sentence, language: str) -> int | None:
    found = next(iter(find_terms(sentence.raw, language)), None)
    return int(found.value) if found and found.value.isdigit() else None


def statement_in(sentences: Iterable[Sentence]) -> str | None:
    return next((m.value for s in sentences for m in find_statement_refs(s.raw)), None)


def period_in(sentences: Iterable[Sentence], received: date) -> str | None:
    return next((m.value for s in sentences for m in find_periods(s.raw, received)), None)


def lines_in(sentence: Sentence) -> tuple[int, ...]:
    """Places on a statement, as "line 2", "lines 2 and 3" or "the second line" say them."""
    said = [number for found in _LINES.finditer(sentence.text) for number in re.findall(r"\d+", found.group())]
    said += [str(_place(found)) for found in _ORDINAL_LINE.finditer(sentence.text)]
    return tuple(dict.fromkeys(int(number) for number in said if int(number)))


def places_in(sentence: Sentence) -> tuple[int, ...]:
    """The same in an answer to the question which line: a bare number or ordinal will do."""
    if found := lines_in(sentence):
        return found
    if bare := _BARE_NUMBERS.fullmatch(sentence.text.strip()):
        return tuple(dict.fromkeys(int(number) for number in re.findall(r"\d+", bare.group()) if int(number)))
    return tuple(dict.fromkeys(_place(found) for found in _ORDINAL.finditer(sentence.text)))


def means_whole(sentence: Sentence, *, asked: bool = False) -> bool:
    return bool(_WHOLE.search(sentence.text) or (asked and _ALL.search(sentence.text)))


def amounts_in(sentence: Sentence) -> tuple[Decimal, ...]:
    """Sums with a currency or cents; a bare number may be anything."""
    return tuple(dict.fromkeys(one.amount for one in sums(sentence.raw) if not one.plain))


def deals_in(sentences: Iterable[Sentence]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(number for s in sentences for number in numbers_in(s)))


def _place(found: re.Match[str]) -> int:
    return next(place for place, group in enumerate(found.groups(), 1) if group)


def detailed(request: Request, scene: Scene, requests: list[Request]) -> Request:
    """An objection with all that its sentences say of the lines it is about."""
    said = request.fields
    if request.intent is not Intent.DISPUTE_COMMISSION or request.finer or not isinstance(said, DisputeFields):
        return request
    alone = sum(r.intent is Intent.DISPUTE_COMMISSION for r in requests) == 1
    sentences = [s for s in scene.sentences if alone or overlaps(request.span, s)]
    details = DisputeDetails(
        (trimmed(said.customer) or said.customer) if said.customer else None,
        said.statement_ref,
        deals_in(sentences),
        tuple(amount for s in sentences for amount in amounts_in(s)),
        tuple(dict.fromkeys(place for s in sentences for place in lines_in(s))),
        any(means_whole(s) for s in sentences),
    )
    return replace(request, fields=details, said=request.said or " ".join(scene.readable.text.split())[:300])
