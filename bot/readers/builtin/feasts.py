"""Feast days that people name instead of a date, in five languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from bot.readers.builtin.cues import Cues, Look

_BY = (
    r"(?:by|before|for|until|bis|vor|noch vor|zu|avant|pour|d['’]ici|à|antes de|para|voor|met|tegen|around|um|rond|"
    r"spätestens|ahead of) (?:the |de |la |las |le |den |dem )?"
)
_NEXT_DAY: tuple[tuple[int, int, str], ...] = (
    (12, 24, rf"{_BY}(?:christmas|x-?mas|weihnachten|noël|kerst(?:mis)?|navidad(?:es)?)(?! (?:party|card|market|eve))"),
    (
        12,
        24,
        r"(?:christmas|x-?mas) eve|heilig(?:er )?abend|(?:la )?veille de noël|kerstavond|nochebuena|heiligabend",
    ),
    (12, 31, r"new year['’]?s eve|silvester|hogmanay|(?:la )?saint-sylvestre|oudejaars?(?:dag|avond)|nochevieja"),
    (12, 31, r"(?:before|by) (?:the )?new year(?! (?:party|card))|avant le nouvel an|vor (?:dem )?neujahr"),
    (10, 31, r"hallow(?:e['’]?en)"),
    (2, 14, r"(?:st\.? )?valentine['’]?s(?: day)?|valentinstag|(?:la )?saint-valentin|san valent[íi]n|valentijnsdag"),
    (12, 6, rf"{_BY}(?:sankt |st\.? )?(?:nikolaus|nikolo)(?:tag)?(?! [A-ZÄÖÜ])|nikolaustag"),
    (11, 1, r"allerheiligen|(?:à |avant )?la toussaint|todos los santos|all saints(?:['’] day)?"),
    (1, 6, r"dreikönig(?:e|s?tag)?|heilige drei könige|(?:la )?epifanía|antes de reyes|día de reyes|driekoningen"),
    (12, 5, r"(?:voor|met|tegen) sinterklaas|pakjesavond"),
    (11, 5, r"bonfire night|guy fawkes(?: night)?"),
    (1, 25, r"burns['’]? night"),
    (3, 17, r"(?:st\.?|saint) pat(?:rick|dy)?['’]?s(?: day)?"),
    (9, 29, r"michaelmas|michaelis?tag"),
    (5, 1, r"tag der arbeit|día del trabajo|(?:la )?fête du travail|labou?r day in may"),
    (7, 14, r"(?:le )?14[- ]juillet|bastille day"),
    (4, 27, r"koningsdag"),
    (11, 11, r"(?:veterans|armistice) day|martinstag|(?:le )?11[- ]novembre"),
)
_FEASTS = tuple(
    (month, day, re.compile(rf"(?<![^\W\d_])(?:{forms})(?![^\W\d_])", re.I)) for month, day, forms in _NEXT_DAY
)
# One look at the text spares the many, for nearly every message names no feast.
_ANY_FEAST: Cues = (
    "christmas", "mas", "weihnacht", "noël", "kerst", "navidad", "heilig", "nochebuena", "new year", "silvester",
    "hogmanay", "sylvestre", "oudejaar", "nochevieja", "nouvel an", "neujahr", "hallow", "valent", "nikol", "toussaint",
    "santos", "saints", "könig", "epifan", "reyes", "koning", "sinterklaas", "pakjesavond", "bonfire", "fawkes",
    "burns", "pat", "michael", "arbeit", "trabajo", "fête", "labor", "labour", "juillet", "bastille", "veterans",
    "armistice", "martins", "novembre", "thanksgiving", "easter", "ostern", "pâques", "pasen",
)  # fmt: skip
_WISHES = re.compile(r"(?:happy|merry|frohe[ns]?|schöne[ns]?|joyeu\w+|bon|feliz|felices|zalig|fijne|prettige) $", re.I)


def _thanksgiving(year: int) -> date:
    """The fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 21)


def _good_friday(year: int) -> date:
    """Two days before Easter, by the Gregorian reckoning of Butcher."""
    golden, century = year % 19, year // 100
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    full = epact - epact // 28 * (1 - epact // 28 * (29 // (epact + 1)) * ((21 - golden) // 11))
    offset = full - (year + year // 4 + full + 2 - century + century // 4) % 7
    month = 3 + (offset + 40) // 44
    return date(year, month, offset + 28 - 31 * (month // 4)) - timedelta(days=2)


_MOVING: tuple[tuple[re.Pattern[str], Callable[[int], date]], ...] = (
    (re.compile(r"(?<![^\W\d_])thanksgiving(?![^\W\d_])", re.I), _thanksgiving),
    (re.compile(rf"(?<![^\W\d_]){_BY}(?:easter|ostern|pâques|pasen)(?![^\W\d_])", re.I), _good_friday),
)


def find_feasts(text: str, received: date) -> Iterator[tuple[int, int, date]]:
    """(start, end, day) of every feast named; the next such day at or after arrival."""
    if not Look(text).holds(_ANY_FEAST):
        return
    for month, day, pattern in _FEASTS:
        for match in pattern.finditer(text):
            if not _WISHES.search(text, max(0, match.start() - 12), match.start()):
                this = date(received.year, month, day)
                yield match.start(), match.end(), this if this >= received else this.replace(year=this.year + 1)
    for pattern, of_year in _MOVING:
        for match in pattern.finditer(text):
            if not _WISHES.search(text, max(0, match.start() - 12), match.start()):
                this = of_year(received.year)
                yield match.start(), match.end(), this if this >= received else of_year(received.year + 1)
