"""Days that a span of time names: ends of quarters, months and years, and so many weeks from now."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from bot.readers.builtin.calendar_days import Calendar
from bot.readers.builtin.cues import DIGIT, MONTH_WORD, QUARTER, YEAR, Cues
from bot.readers.builtin.number_words import parse_words


@dataclass(frozen=True, slots=True)
class Rule:
    """A form of days and how it is read; `sure` is False where the form alone proves little.

    `needs` are cues: a text without one of each has no such form.
    """

    pattern: re.Pattern[str]
    reading: Callable[[re.Match[str], Calendar], date | None]
    needs: tuple[Cues, ...]
    sure: bool


def rule(
    pattern: str, reading: Callable[[re.Match[str], Calendar], date | None], *needs: Cues, sure: bool = True
) -> Rule:
    """The rule with its pattern compiled; capitals do not count."""
    return Rule(re.compile(pattern, re.I), reading, needs, sure)


def year_of(match: re.Match[str]) -> int | None:
    """The year that a match says in full or by its last two digits; None where it says none."""
    said = match.groupdict()
    if said.get("year"):
        return int(said["year"])
    return 2000 + int(said["short"]) if said.get("short") else None


_NTH_QUARTER = (
    r"first|1st|erste[sn]?|1\.|premier|1er|eerste|1e|primer|1º",
    r"second|2nd|zweite[sn]?|deuxième|2e|2ème|tweede|segundo|2º",
    r"third|3rd|dritte[sn]?|troisième|3e|3ème|derde|tercer|3º",
    r"fourth|4th|vierte[sn]?|quatrième|4e|4ème|vierde|cuarto|4º",
)


def _quarter_end(number: int, match: re.Match[str], cal: Calendar) -> date | None:
    return cal.month_end(number * 3, year_of(match))


def _ahead(match: re.Match[str], cal: Calendar) -> date | None:
    said = match["count"].casefold()
    if said.isdecimal():
        count = int(said)
    elif said in ("a", "one", "einer", "einem", "une", "un", "een", "una"):
        count = 1
    elif said in ("a couple of", "couple of"):
        count = 2
    else:
        reads = (parse_words([said], language) for language in ("en", "de", "fr", "nl", "es"))
        read = next((r for r in reads if r), None)
        if read is None:
            return None
        count = read[0]
    unit = match["unit"].casefold()
    kind = "month" if unit[:2] in ("mo", "ma", "me") else "week" if unit[0] in "ws" else "day"
    return cal.after(count, kind) if count <= 60 else None


def _this_quarter_end(_: re.Match[str], cal: Calendar) -> date | None:
    return cal.month_end((cal.received.month - 1) // 3 * 3 + 3, cal.received.year)


def _next_quarter_end(_: re.Match[str], cal: Calendar) -> date | None:
    month = (cal.received.month - 1) // 3 * 3 + 6
    return cal.month_end((month - 1) % 12 + 1, cal.received.year + (month > 12))


def _year_end(match: re.Match[str], cal: Calendar) -> date | None:
    return date(year_of(match) or cal.received.year, 12, 31)


def _month_end_now(_: re.Match[str], cal: Calendar) -> date | None:
    return cal.month_end(cal.received.month, cal.received.year)


def _next_month_end(_: re.Match[str], cal: Calendar) -> date | None:
    first = cal.after(1, "month")
    return cal.month_end(first.month, first.year)


def _within_next_month(match: re.Match[str], cal: Calendar) -> date | None:
    return cal.after(1, "month").replace(day=1 if match["early"] else 15)


def _week(match: re.Match[str], cal: Calendar) -> date | None:
    return cal.week(int(match["n"] or match["n2"]), year_of(match))


def _fortnight(_: re.Match[str], cal: Calendar) -> date | None:
    return cal.after(2, "week")


_NO_LETTER = r"(?![^\W\d_])"
_UNIT: Cues = (*MONTH_WORD, "day", "week", "tag", "woche", "jour", "sema", "dag", "weken", "día")
SPANS: tuple[Rule, ...] = (
    *(
        rule(
            rf"(?<!\w)(?:{forms}) (?:quarter|quartals?|trimestre|kwartaal){_NO_LETTER}"
            r"(?: (?:of |de |van )?(?P<year>20\d\d))?",
            partial(_quarter_end, number),
            QUARTER,
        )
        for number, forms in enumerate(_NTH_QUARTER, 1)
    ),
    rule(
        r"(?:end of (?:the|this) quarter|quarter[- ]end|quartalsende|ende (?:des|dieses) quartals|fin (?:de |"
        r"du )(?:ce )?trimestre|"
        r"ein(?:d|de) (?:van (?:het|dit) )?kwartaal|kwartaaleinde|fin(?:al)? (?:de(?:l)?|de este) trimestre|"
        r"cierre de trimestre|eoq)",
        _this_quarter_end,
        (*QUARTER, "eoq"),
    ),
    rule(
        r"(?:next quarter|nächste[sn]? quartal|prochain trimestre|volgend kwartaal|próximo trimestre)",
        _next_quarter_end,
        QUARTER,
    ),
    rule(
        r"(?:end of next year|ende (?:des )?nächsten jahres|fin (?:de )?l['’]année prochaine|"
        r"ein(?:d|de) (?:van )?volgend jaar|(?:a )?(?:fin|finales) del? (?:próximo año|año que viene))",
        lambda _, cal: date(cal.received.year + 1, 12, 31),
        YEAR,
    ),
    rule(
        r"(?:end of (?:the|this)? ?(?:calendar )?year|year[- ]end|years end|year's end|by year end|jahresende|"
        r"ende (?:des|dieses) jahres|"
        r"ende jahr|fin (?:de l['’]|d['’])ann[ée]e|ein(?:d|de) (?:van )?(?:het |dit |['’]?t )?(?:kalender)?jaar|"
        r"voor nieuwjaar|eindejaar|"
        r"jaareinde|"
        r"fin(?:al|ales)? de(?:l| este)? (?:presente )?año|(?:acabe|termine|acabar|terminar) el año|"
        r"avant la fin d['’]année|noch heuer|before this year is (?:out|over)|end of yr|years? end|"
        r"cierre de(?:l)? año|eoy|(?:dieses|noch dieses) jahr|before the year is out|"
        r"avant la fin de l'année|this side of new year)",
        _year_end,
        (*YEAR, "eoy", "heuer"),
    ),
    rule(r"(?:ende|fin|eind|end of|fin de) (?P<year>20\d\d)", _year_end, DIGIT),
    rule(
        r"(?:end of (?:the )?next month|next month['’]s end|ende (?:des )?(?:nächsten|kommenden) monats|"
        r"fin (?:du )?mois prochain|ein(?:d|de) (?:van )?(?:de )?volgende maand|"
        r"(?:fin|final|finales) del? (?:próximo mes|mes que viene))",
        _next_month_end,
        MONTH_WORD,
    ),
    rule(
        r"(?:(?P<early>anfang|beginning of|start of|early|début|begin|principios del?)|mitte|mid|middle of|mi|half|"
        r"mediados del?) (?:des |du )?(?:next month|(?:nächsten|kommenden) monats?|mois prochain|volgende maand|"
        r"próximo mes|mes que viene)",
        _within_next_month,
        MONTH_WORD,
    ),
    rule(
        r"(?:end of (?:the|this) month|month[- ]end|this month|monatsende|ende (?:des|dieses) monats|diesen monat|"
        r"fin (?:de |du )(?:ce )?mois|ce mois(?:-ci)?|ein(?:d|de) (?:van )?(?:de|deze) maand|deze maand|"
        r"fin(?:al)? de(?:l)?(?: este)? mes|este mes|eom|einde? maand|ende monat(?![a-z]))",
        _month_end_now,
        (*MONTH_WORD, "eom"),
    ),
    rule(
        r"(?:next month|nächste[nrs]? monat|(?:le )?mois prochain|volgende maand|(?:el )?mes que viene|"
        r"próximo mes|end of next month)",
        _next_month_end,
        MONTH_WORD,
    ),
    rule(
        r"(?<![\w.])(?P<n>\d\d?)\. ?(?:kw|kalenderwoche)(?![^\W\d_])",
        lambda m, cal: cal.week(int(m["n"])),
        DIGIT,
    ),
    rule(
        r"(?<![^\W\d_])(?:in|within|over) a fortnight|a fortnight (?:from|today)|dans (?:une quinzaine|quinze jours)|"
        r"d['’]ici (?:une quinzaine|quinze jours)|en una quincena",
        _fortnight,
        ("fortnight", "quinz", "quincena"),
    ),
    rule(
        r"(?<![^\W\d_])(?P<count>\d{1,2}|a|one|two|three|four|five|six) (?P<unit>days?|weeks?|months?) "
        r"(?:from (?:today|now)|today)(?![^\W\d_])",
        _ahead,
        ("today", "now"),
    ),
    rule(
        r"(?:\bkw|kalenderwoche|\bweek(?: no\.?)?|\bwk|\bsemana|\bsemaine|\bcw)\s*(?P<n>\d\d?)(?!\d)"
        r"(?:\s?(?:of |de |del |van |von |/|,)?\s?(?P<year>20[2-4]\d)(?!\d))?|"
        r"(?<![\w-])s(?P<n2>[0-5]?\d)(?![\w-])",
        _week,
        DIGIT,
    ),
    rule(
        r"(?<![^\W\d_])(?:in|within|dans|ds|sous|d['’]ici|en|over|binnen|dentro de)\s+(?:the next |les |den nächsten |"
        r"de komende |los próximos |about |etwa |ca\.? |environ |"
        r"ongeveer |unos )?"
        r"(?P<count>\d{1,2}|a couple of|[^\W\d_]+)\s+"
        r"(?P<unit>days?|weeks?|months?|tagen?|wochen?|monate?n?|jours?|semaines?|mois|dagen|dag|weken|week|maanden|"
        r"maand|días?|semanas?|mes(?:es)?)(?![^\W\d_])",
        _ahead,
        _UNIT,
    ),
)
