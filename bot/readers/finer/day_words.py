"""Days as people name them when several were offered: by date, weekday or place, in any of five languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.readers.finer.sentences import pattern
from bot.vocabulary.requests import DaySaid

_MONTHS = {
    1: "january|jan|januar|jänner|janvier|januari|enero|ene",
    2: "february|feb|februar|feber|fevrier|fevr|februari|febrero",
    3: "march|mar|märz|mrz|mars|maart|mrt|marzo",
    4: "april|apr|avril|avr|abril|abr",
    5: "may|mai|mei|mayo",
    6: "june|jun|juni|juin|junio",
    7: "july|jul|juli|juillet|juil|julio",
    8: "august|aug|aout|augustus|agosto|ago",
    9: "september|sept|sep|septembre|septiembre|setiembre",
    10: "october|oct|oktober|okt|octobre|octubre",
    11: "november|nov|novembre|noviembre",
    12: "december|dec|dezember|dez|decembre|diciembre|dic",
}
_WEEKDAYS = {
    1: "monday|mondays|mon|montag|montags|lundi|maandag|lunes",
    2: "tuesday|tuesdays|tues|tue|dienstag|dienstags|mardi|dinsdag|martes",
    3: "wednesday|wednesdays|wed|mittwoch|mittwochs|mercredi|woensdag|miercoles",
    4: "thursday|thursdays|thurs|thu|donnerstag|donnerstags|jeudi|donderdag|jueves",
    5: "friday|fridays|fri|freitag|freitags|vendredi|vrijdag|viernes",
    6: "saturday|samstag|sonnabend|samedi|zaterdag|sabado",
    7: "sunday|sonntag|dimanche|zondag|domingo",
}
_PLACES = {
    1: "first|1st|erste[nrs]?|premiere?|1ere?|eerste|primer[ao]?|earlier|frühere[nrs]?|vroegste|plus tot",
    2: "second|2nd|zweite[nrs]?|deuxieme|seconde?|2e|2eme|tweede|segund[ao]|later|spätere[nrs]?|latere|plus tard",
    3: "third|3rd|dritte[nrs]?|troisieme|3e|3eme|derde|tercer[ao]?",
    4: "fourth|4th|vierte[nrs]?|quatrieme|4e|4eme|vierde|cuart[ao]",
    -1: "last|latest|letzte[nrs]?|derniere?|laatste|ultim[ao]",
}
_COUNTED = "one|two|three|four|eins|zwei|drei|vier|un|deux|trois|quatre|een|twee|drie|uno|dos|tres|cuatro"
_COUNTED_AS = {
    word: place
    for place, words in enumerate(("one eins un een uno", "two zwei deux twee dos", "three drei trois drie tres",
                                   "four vier quatre cuatro"), 1)
    for word in words.split()
}  # fmt: skip
_CHOICE = (
    r"(?:date|dates|day|days|option|options|one|slot|choice|suggestion|proposal|session|edition|termin\w*|tag|datum|"
    r"vorschlag\w*|möglichkeit|variante|jour|creneau|proposition|datum|dag|optie|mogelijkheid|voorstel|fecha|dia|"
    r"opcion|propuesta)"
)


def _one_of(words: dict[int, str]) -> str:
    return "|".join(f"(?:{said})" for said in words.values())


def _by_word(words: dict[int, str]) -> list[tuple[re.Pattern[str], int]]:
    return [(pattern(rf"(?:{said})"), number) for number, said in words.items()]


_MONTH_OF, _WEEKDAY_OF, _PLACE_OF = _by_word(_MONTHS), _by_word(_WEEKDAYS), _by_word(_PLACES)
_NUMBER = r"(?:0?[1-9]|[12]\d|3[01])"
_ISO = re.compile(r"(?<![\d-])(?P<y>20\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?![\d-])")
_NUMERIC = re.compile(
    rf"(?<![\d.,/-])(?P<d>{_NUMBER})(?P<s>[./-])\s?(?P<m>{_NUMBER})(?:(?P=s)\s?(?P<y>(?:20)?\d\d))?(?![\d/%€$])"
)
_IN_WORDS = pattern(
    rf"(?P<d>{_NUMBER})(?:st|nd|rd|th|er|e|de|ste|º|°|\.)?(?: (?:of|de|del|den))? ?(?P<m>{_one_of(_MONTHS)})"
    r"(?:\.|,)?(?: (?:of|de|del) )? ?(?P<y>20\d\d)?"
)
_MONTH_FIRST = pattern(
    rf"(?P<m>{_one_of(_MONTHS)})\.? (?:the )?(?P<d>{_NUMBER})(?:st|nd|rd|th)?(?!\d|:|\.\d)(?:,? (?P<y>20\d\d))?"
)
_OF_MONTH = pattern(
    rf"(?:(?P<d>{_NUMBER})(?:st|nd|rd|th)|(?:the|le|el|dia|de|den|der|dem|am|vom|zum|op de|op|on) (?P<d2>{_NUMBER})"
    r"(?:er|e|de|ste|\.)?)(?! ?(?:people|persons?|personen|personnes|personas|seats|%|h|uhr|uur|heures|am|pm|o'clock|"
    r"times|minutes|of us|:|[/.]\d))"
)
_MY = (
    r"(?:collegues?|agenda|planning|equipe|patron|chef|responsable|manager|directeur|directrice|associee?|cote|bureau)"
)
_WEEKDAY = pattern(rf"(?!mon {_MY}(?!\w))(?P<w>{_one_of(_WEEKDAYS)})")
"""No day is the French "mon" before what is one's own."""
_PLACE = pattern(
    rf"(?P<p>{_one_of(_PLACES)}) (?:(?:of the|der|des|de las|van de) )?(?:\w+ )?{_CHOICE}"
    rf"|(?:the|den|die|der|das|la|le|el|de|het) (?P<p2>{_one_of(_PLACES)})"
    rf"|(?:option|optie|opcion|termin|date|datum|fecha|day|tag|choice|nr|no|number|nummer|numero|vorschlag|slot|dag|dia|"
    rf"variante)\.? ?#?(?P<n>[1-9]|{_COUNTED})(?!\d|[./]\d)"
)
_BARE = re.compile(rf"\W*(?P<d>{_NUMBER})\.?\W*")
ANY = pattern(
    r"(?:either|any|both|all|each)(?: (?:one|of (?:them|the \w+)|day|date|option|dates|days|two|three))? "
    r"(?:would )?(?:works?|suits?|is|are|fine|ok\w*|fits?|good|possible)|"
    r"(?:doesn't|does not|don't) matter which|whichever|"
    r"beide|alle (?:termine|tage)|jeder (?:termin|tag)|egal welche\w*|an (?:beiden|allen) (?:tagen|terminen)|"
    r"les deux|tous les jours proposes|n'importe lequel|n'importe laquelle|peu importe|toutes les dates|"
    r"allebei|alle (?:data|dagen)|maakt (?:me |ons )?niet uit|elke (?:datum|dag)|"
    r"ambas|ambos|cualquiera(?: de \w+ \w+)?|las dos|los dos|todas las fechas|nos da igual"
)
_UNTIL = pattern(
    r"(?:until|till|by|before|from|since|after|no later than|bis(?: zum)?|vor(?: dem)?|ab|nach(?: dem)?|seit|jusqu'au|"
    r"jusqu'a|avant(?: le)?|a partir du|depuis|des|tot(?: en met)?|vanaf|na|sinds|hasta(?: el)?|antes del?|"
    r"a partir del?|desde(?: el)?|last|letzte\w*|vorige|derniere?|pasad[oa])(?: (?:the|dem|den|le|el|de|next))?"
)
_INSTEAD = pattern(
    r"(?:instead of|rather than|not|but not|except|statt|anstatt|nicht|außer|ausser|plutot que|pas|au lieu du|sauf|"
    r"in plaats van|niet|behalve|en lugar de|en vez de|no|salvo|excepto)(?: (?:the|am|den|dem|der|le|la|op|de|el|on|du|"
    r"del))*"
)
_DENIED = pattern(
    r"not|\w+n't|cannot|nicht|kein\w*|leider|pas|impossible|jamais|niet|geen|helaas|"
    r"no (?:puedo|podemos|nos|me|es|va|vale|funciona)|imposible|unavailable|busy|away|clash\w*|unfortunately|bad|weg|"
    r"unterwegs|absente?s?|afwezig|fuera"
)
_SUITS = pattern(
    r"works?|suits?|fits?|fine|good|best|great|perfect|better|ideal|prefer\w*|choose|pick|take|go (?:for|with)|put|"
    r"sign|book|count|reserve|see you|there|come|coming|join|attend|make it|in|ok\w*|please|yes|"
    r"passt|passen|geht|ginge|gut|besser|ideal|bevorzug\w*|nehm\w*|wähl\w*|trag\w*|lieber|anmeld\w*|dabei|komm\w*|"
    r"bitte|"
    r"gern\w*|ja|am besten|wunderbar|"
    r"convien\w*|va|irait|parfait|bien|mieux|ideal|prefer\w*|choisi\w*|prend\w*|inscri\w*|plutot|presents?|venons|"
    r"viens|"
    r"oui|arrange|"
    r"komt|past|lukt|prima|graag|beter|kies\w*|neem|nemen|liever|schrijf|voorkeur|erbij|aanwezig|"
    r"viene|conviene|bien|mejor|prefer\w*|elijo|elegimos|apunt\w*|vamos|voy|puedo|podemos|si|queda\w*|perfecto|"
    r"inscrib\w*"
)
_CLAUSE = re.compile(r"[,;:()]|\b(?:but|aber|sondern|dafür|mais|maar|wel|pero|sino|however|though)\b")


def suits(text: str) -> bool:
    """Whether a folded sentence says that something suits."""
    return bool(_SUITS.search(text))


def days_in(text: str, *, refused: bool = False) -> Iterator[DaySaid]:
    """The days that a folded sentence names, in order; in an answer that is `refused` only what plainly suits does."""
    for start, end, said in _mentions(text):
        before = text[:start]
        if _ends(_UNTIL, before):
            continue
        cuts = [0, *(m.end() for m in _CLAUSE.finditer(before))]
        behind = _CLAUSE.search(text, end)
        clause = text[cuts[-1] : behind.start() if behind else len(text)]
        denied = _ends(_INSTEAD, before) or bool(_DENIED.search(clause)) or (refused and not suits(clause))
        yield replace(said, denied=denied)


def bare_number(text: str) -> DaySaid | None:
    """A message of one number alone: the day of the month, or the place where no such day was offered."""
    found = _BARE.fullmatch(text)
    return DaySaid(day=int(found["d"]), place=int(found["d"])) if found else None


def _ends(words: re.Pattern[str], before: str) -> bool:
    return any(not before[m.end() :].strip(" ,'\"") for m in words.finditer(before))


def _mentions(text: str) -> list[tuple[int, int, DaySaid]]:
    """(start, end, day) of each, without overlaps: what says most of a day comes first."""
    found: list[tuple[int, int, DaySaid]] = []
    for words, made in _WAYS:
        for match in words.finditer(text):
            free = all(match.end() <= start or end <= match.start() for start, end, _ in found)
            if free and (said := made(match)) is not None:
                found.append((*match.span(), said))
    return sorted(_joined(text, sorted(found, key=lambda one: one[0])), key=lambda one: one[0])


def _joined(text: str, found: list[tuple[int, int, DaySaid]]) -> list[tuple[int, int, DaySaid]]:
    """A weekday before its date is part of it: "Thursday, 10 December"."""
    made: list[tuple[int, int, DaySaid]] = []
    for start, end, said in found:
        last = made[-1] if made else None
        near = last is not None and not text[last[1] : start].strip(" ,.") and text[last[1] : start].count(" ") <= 2
        if last is not None and near and last[2].weekday and said.day:
            made[-1] = (last[0], end, said)
        else:
            made.append((start, end, said))
    return made


def _iso(match: re.Match[str]) -> DaySaid | None:
    return _date(int(match["d"]), int(match["m"]), match["y"])


def _numeric(match: re.Match[str]) -> DaySaid | None:
    day, month = int(match["d"]), int(match["m"])
    if month > 12:
        day, month = month, day
    either = match["s"] == "/" and max(day, month) <= 12
    made = _date(day, month, match["y"])
    return replace(made, either_way=either) if made else None


def _in_words(match: re.Match[str]) -> DaySaid | None:
    return _date(int(match["d"]), _number(_MONTH_OF, match["m"]) or 0, match["y"])


def _date(day: int, month: int, year: str | None) -> DaySaid | None:
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    return DaySaid(day=day, month=month, year=2000 + int(year) % 100 if year else None)


def _of_month(match: re.Match[str]) -> DaySaid:
    return DaySaid(day=int(match["d"] or match["d2"]))


def _weekday(match: re.Match[str]) -> DaySaid | None:
    return DaySaid(weekday=_number(_WEEKDAY_OF, match["w"]))


def _place(match: re.Match[str]) -> DaySaid | None:
    if match["n"]:
        return DaySaid(place=_COUNTED_AS[match["n"]] if match["n"] in _COUNTED_AS else int(match["n"]))
    said = match["p"] or match["p2"]
    place = _number(_PLACE_OF, said)
    return DaySaid(day=place if said[0].isdigit() else None, place=place)  # "the 2nd" is a day as well


def _number(words: list[tuple[re.Pattern[str], int]], said: str) -> int | None:
    return next((number for known, number in words if known.fullmatch(said)), None)


_WAYS = (
    (_ISO, _iso),
    (_IN_WORDS, _in_words),
    (_MONTH_FIRST, _in_words),
    (_NUMERIC, _numeric),
    (_PLACE, _place),
    (_OF_MONTH, _of_month),
    (_WEEKDAY, _weekday),
)
