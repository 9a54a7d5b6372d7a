"""Days that a message names: full dates, months, quarters, weeks and spans counted from the day it arrived."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from bot.readers.builtin.calendar_days import Calendar
from bot.readers.builtin.day_words import ANY_WEEKDAY, WEEKDAY_OF, find_day_words
from bot.readers.builtin.feasts import find_feasts
from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.months import ANY_MONTH, MONTH_OF
from bot.readers.builtin.number_words import parse_words

_YEAR = r"(?:,?\s*(?:de |del |of )?(?P<year>20\d\d)|\s+'(?P<short>\d\d))"
_EDGE = r"(?<![\w.,/@-])"

_EARLY = (
    r"early|anfang|beginning of|start of|début|debut|begin|principios de|comienzos de|inicios de|"
    r"primeros de|at the start of|the start of|vroeg in|aanfangs?"
)
_MID = (
    r"mid|mitte|middle of|mi|mid den|half|medio|mediados de|halfweg|midden|the middle of|med(?=\.)|à la mi|around mid"
)
_LATE = (
    r"end|ende|late|end of|fin|fin de|eind|einde|finales de|the end of|fines de|last day of|eind van|"
    r"back end of|ultimo|ult\.|close of|letzter tag im|dernier jour de"
)


def _year(match: re.Match[str]) -> int | None:
    said = match.groupdict()
    if said.get("year"):
        return int(said["year"])
    return 2000 + int(said["short"]) if said.get("short") else None


def _month(match: re.Match[str]) -> int:
    return MONTH_OF[match["month"].casefold()]


def _numeric(match: re.Match[str], cal: Calendar) -> date | None:
    first, second = int(match["a"]), int(match["b"])
    year = int(match["y"]) if match["y"] else None
    slashed = match["sep"] == "/"
    if (second > 12 >= first and match["sep"] != ".") or (slashed and cal.month_first and first <= 12):
        return cal.day(second, first, year)
    return cal.day(first, second, year)


def _quarter(match: re.Match[str], cal: Calendar) -> date | None:
    number = int(match["q"] or match["q2"] or match["q3"])
    return cal.month_end(number * 3, _year(match)) if 1 <= number <= 4 else None


_NTH_QUARTER = (
    r"first|1st|erste[sn]?|1\.|premier|1er|eerste|1e|primer|1º",
    r"second|2nd|zweite[sn]?|deuxième|2e|2ème|tweede|segundo|2º",
    r"third|3rd|dritte[sn]?|troisième|3e|3ème|derde|tercer|3º",
    r"fourth|4th|vierte[sn]?|quatrième|4e|4ème|vierde|cuarto|4º",
)


def _quarter_end(number: int, match: re.Match[str], cal: Calendar) -> date | None:
    return cal.month_end(number * 3, _year(match))


def _ahead(match: re.Match[str], cal: Calendar) -> date | None:
    said = match["count"].casefold()
    if said.isdigit():
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
    return date(_year(match) or cal.received.year, 12, 31)


def _month_end_now(_: re.Match[str], cal: Calendar) -> date | None:
    return cal.month_end(cal.received.month, cal.received.year)


def _next_month_end(_: re.Match[str], cal: Calendar) -> date | None:
    first = cal.after(1, "month")
    return cal.month_end(first.month, first.year)


def _weekday(match: re.Match[str], cal: Calendar) -> date | None:
    return cal.weekday(WEEKDAY_OF[match["weekday"].casefold()])


def _within_next_month(match: re.Match[str], cal: Calendar) -> date | None:
    return cal.after(1, "month").replace(day=1 if match["early"] else 15)


def _fortnight(_: re.Match[str], cal: Calendar) -> date | None:
    return cal.after(2, "week")


_Rule = tuple[re.Pattern[str], Callable[[re.Match[str], Calendar], date | None], bool]


def _rule(pattern: str, reading: Callable[[re.Match[str], Calendar], date | None], sure: bool = True) -> _Rule:
    return re.compile(pattern, re.I), reading, sure


_NO_LETTER = r"(?![^\W\d_])"
_RULES: tuple[_Rule, ...] = (
    _rule(
        r"(?<![\w./@-])(?P<year>20\d\d)[-./](?P<m>\d\d?)[-./](?P<d>\d\d?)(?!\d)",
        lambda m, cal: cal.day(int(m["d"]), int(m["m"]), int(m["year"])),
    ),
    _rule(r"(?<![\w,/@-])(?P<a>\d\d?)(?P<sep>[./-])\s?(?P<b>\d\d?)(?P=sep)\s?(?P<y>20\d\d|\d\d)(?!\d)", _numeric),
    _rule(
        rf"{_EDGE}(?P<d>\d\d?)(?P<sep>[-/])(?P<month>{ANY_MONTH})(?:(?P=sep)(?P<y>20\d\d|\d\d)(?![\d:]))?(?![\w-])",
        lambda m, cal: cal.day(int(m["d"]), _month(m), int(m["y"]) if m["y"] else None),
    ),
    _rule(
        rf"{_EDGE}(?P<d>\d\d?)\s*(?:st|nd|rd|th|er|ste|de|e|º|\.|de|of|the)?\s*(?:of |de |d'|den )?\s*"
        rf"(?P<month>{ANY_MONTH})\.?{_NO_LETTER}{_YEAR}?",
        lambda m, cal: cal.day(int(m["d"]), _month(m), _year(m)),
    ),
    _rule(
        rf"{_EDGE}(?:{_MID})[- ]?(?:of |in |de |den |d'|van )?(?P<month>{ANY_MONTH})\.?{_NO_LETTER}{_YEAR}?",
        lambda m, cal: cal.in_month("mid", _month(m), _year(m)),
    ),
    _rule(
        rf"{_EDGE}(?:{_EARLY})[- ]?(?:of |in |de |den |d'|van )?(?P<month>{ANY_MONTH})\.?{_NO_LETTER}{_YEAR}?",
        lambda m, cal: cal.in_month("early", _month(m), _year(m)),
    ),
    _rule(
        rf"{_EDGE}(?:{_LATE})[- ]?(?:of |in |de |den |d'|van )?(?:el |"
        rf"mes de )?(?P<month>{ANY_MONTH})\.?{_NO_LETTER}{_YEAR}?",
        lambda m, cal: cal.month_end(_month(m), _year(m)),
    ),
    _rule(
        rf"{_EDGE}(?P<month>{ANY_MONTH})\.?(?:[ \u00a0]{{1,2}}|[ ]?\n(?=\d\d?(?:st|nd|rd|th|, ?20\d\d))|(?=\d))"
        rf"(?:the )?(?P<d>\d\d?)(?:st|nd|rd|th)?(?!\)\s*[^\W\d_]|[\d.,:%€$£k]\d|\d|\s?[kK€$£%])"
        rf"{_YEAR}?",
        lambda m, cal: cal.day(int(m["d"]), _month(m), _year(m)),
    ),
    _rule(
        rf"(?<![\w/@])(?:q(?P<q>[1-4])|t(?P<q2>[1-4])|"
        rf"(?P<q3>[1-4])\. ?quartal){_NO_LETTER}(?:[-/ ]{{0,2}}(?P<year>20\d\d))?(?!\d)",
        _quarter,
    ),
    *(
        _rule(
            rf"(?<!\w)(?:{forms}) (?:quarter|quartals?|trimestre|kwartaal){_NO_LETTER}"
            r"(?: (?:of |de |van )?(?P<year>20\d\d))?",
            partial(_quarter_end, number),
        )
        for number, forms in enumerate(_NTH_QUARTER, 1)
    ),
    _rule(
        r"(?:end of (?:the|this) quarter|quarter[- ]end|quartalsende|ende (?:des|dieses) quartals|fin (?:de |"
        r"du )(?:ce )?trimestre|"
        r"ein(?:d|de) (?:van (?:het|dit) )?kwartaal|kwartaaleinde|fin(?:al)? (?:de(?:l)?|de este) trimestre|"
        r"cierre de trimestre|eoq)",
        _this_quarter_end,
    ),
    _rule(
        r"(?:next quarter|nächste[sn]? quartal|prochain trimestre|volgend kwartaal|próximo trimestre)",
        _next_quarter_end,
    ),
    _rule(
        r"(?:end of next year|ende (?:des )?nächsten jahres|fin (?:de )?l['’]année prochaine|"
        r"ein(?:d|de) (?:van )?volgend jaar|(?:a )?(?:fin|finales) del? (?:próximo año|año que viene))",
        lambda _, cal: date(cal.received.year + 1, 12, 31),
    ),
    _rule(
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
    ),
    _rule(r"(?:ende|fin|eind|end of|fin de) (?P<year>20\d\d)", _year_end),
    _rule(
        r"(?:end of (?:the )?next month|next month['’]s end|ende (?:des )?(?:nächsten|kommenden) monats|"
        r"fin (?:du )?mois prochain|ein(?:d|de) (?:van )?(?:de )?volgende maand|"
        r"(?:fin|final|finales) del? (?:próximo mes|mes que viene))",
        _next_month_end,
    ),
    _rule(
        r"(?:(?P<early>anfang|beginning of|start of|early|début|begin|principios del?)|mitte|mid|middle of|mi|half|"
        r"mediados del?) (?:des |du )?(?:next month|(?:nächsten|kommenden) monats?|mois prochain|volgende maand|"
        r"próximo mes|mes que viene)",
        _within_next_month,
    ),
    _rule(
        r"(?:end of (?:the|this) month|month[- ]end|this month|monatsende|ende (?:des|dieses) monats|diesen monat|"
        r"fin (?:de |du )(?:ce )?mois|ce mois(?:-ci)?|ein(?:d|de) (?:van )?(?:de|deze) maand|deze maand|"
        r"fin(?:al)? de(?:l)?(?: este)? mes|este mes|eom|einde? maand|ende monat(?![a-z]))",
        _month_end_now,
    ),
    _rule(
        r"(?:next month|nächste[nrs]? monat|(?:le )?mois prochain|volgende maand|(?:el )?mes que viene|"
        r"próximo mes|end of next month)",
        _next_month_end,
    ),
    _rule(
        r"(?<![\w.])(?P<n>\d\d?)\. ?(?:kw|kalenderwoche)(?![^\W\d_])",
        lambda m, cal: cal.week(int(m["n"])),
    ),
    _rule(
        r"(?<![^\W\d_])(?:in|within|over) a fortnight|a fortnight (?:from|today)|dans (?:une quinzaine|quinze jours)|"
        r"d['’]ici (?:une quinzaine|quinze jours)|en una quincena",
        _fortnight,
    ),
    _rule(
        r"(?<![^\W\d_])(?P<count>\d{1,2}|a|one|two|three|four|five|six) (?P<unit>days?|weeks?|months?) "
        r"(?:from (?:today|now)|today)(?![^\W\d_])",
        _ahead,
    ),
    _rule(
        r"(?:\bkw|kalenderwoche|\bweek(?: no\.?)?|\bwk|\bsemana|\bsemaine|\bcw)\s*(?P<n>\d\d?)(?!\d)|"
        r"(?<![\w-])s(?P<n2>[0-5]?\d)(?![\w-])",
        lambda m, cal: cal.week(int(m["n"] or m["n2"])),
    ),
    _rule(
        r"(?<![^\W\d_])(?:in|within|dans|ds|sous|d['’]ici|en|over|binnen|dentro de)\s+(?:the next |les |den nächsten |"
        r"de komende |los próximos |about |etwa |ca\.? |environ |"
        r"ongeveer |unos )?"
        r"(?P<count>\d{1,2}|a couple of|[^\W\d_]+)\s+"
        r"(?P<unit>days?|weeks?|months?|tagen?|wochen?|monate?n?|jours?|semaines?|mois|dagen|dag|weken|week|maanden|"
        r"maand|días?|semanas?|mes(?:es)?)(?![^\W\d_])",
        _ahead,
    ),
    _rule(
        rf"{_EDGE}(?P<month>{ANY_MONTH})\.?{_NO_LETTER}{_YEAR}?",
        lambda m, cal: cal.month_end(_month(m), _year(m)),
        sure=False,
    ),
    _rule(
        r"(?<![\w.,/@'’-])(?P<a>\d\d?)(?P<sep>[./-])(?P<b>\d\d?)(?P<y>)\.?(?![\w%€$£]|[.,/-]\d|\s?(?:%|€|\$|£|"
        r"eur|k\b|mio|mill))",
        _numeric,
        sure=False,
    ),
    _rule(
        r"(?<![\w.,/@-])(?:(?:the |op de |op )?(?P<d>\d\d?)(?:st|nd|rd|th)|"
        r"(?:am|den|dem|der|vom|bis|zum|ab|beim|auf den) (?P<d2>\d\d?)\.|(?:de|den) (?P<d3>\d\d?)(?:e|ste|de))"
        r"(?![\w%]|\s?\d| (?:keer|jaar|kwartaal|maand|week|verdieping|editie|klant|deal)(?![^\W\d_]))",
        lambda m, cal: cal.day_of_month(int(m["d"] or m["d2"] or m["d3"])),
        sure=False,
    ),
    _rule(
        r"(?<![^\W\d_])(?:le|el|on the|op de|al|au|el día|el dia)\s(?P<d>\d\d?)(?![\w%:]|[.,]\d|\s?(?:%|€|\$|£|h\b))",
        lambda m, cal: cal.day_of_month(int(m["d"])),
        sure=False,
    ),
    _rule(rf"(?<![^\W\d_])(?P<weekday>{ANY_WEEKDAY}){_NO_LETTER}", _weekday, sure=False),
    _rule(
        r"(?<![^\W\d_])(?:day after tomorrow|übermorgen|overmorgen|après-demain|pasado mañana)(?![^\W\d_])",
        lambda _, cal: cal.after(2, "day"),
        sure=False,
    ),
    _rule(
        r"(?<![^\W\d_])(?:tomorrow|morgen früh|demain|mañana)(?![^\W\d_])",
        lambda _, cal: cal.after(1, "day"),
        sure=False,
    ),
)

_AMERICAN = re.compile(r"\$|\busd\b|\(\d{3}\) ?\d{3}-\d{4}|\b\d{3}-\d{3}-\d{4}\b|\b\d{3}-\d{4}\b", re.I)
_OTHERS = re.compile(r"€|£|\beuros?\b|\beur\b|\bgbp\b|\bchf\b", re.I)
_LATER = re.compile(r"(?<!\d)(?P<a>\d\d?)/(?P<b>\d\d?)(?:/\d\d(?:\d\d)?)?(?![\d/])")


def writes_month_first(text: str, language: str) -> bool:
    """Whether 12/3 is 3 December here: some date in the text says so, or the text is American English."""
    for match in _LATER.finditer(text):
        if int(match["b"]) > 12 >= int(match["a"]):
            return True
        if int(match["a"]) > 12 >= int(match["b"]):
            return False
    return language == "en" and bool(_AMERICAN.search(text)) and not _OTHERS.search(text)


def find_dates(text: str, language: str, received: date) -> Iterator[Mention]:
    """Every day the text names, the surer forms first; overlaps are for the caller to settle."""
    cal = Calendar(received, writes_month_first(text, language))
    for start, end, day in find_day_words(text, language, cal):
        yield Mention(Kind.DATE, start, end, day.isoformat())
    for pattern, reading, sure in _RULES:
        for match in pattern.finditer(text):
            found = reading(match, cal)
            if found is not None:
                yield Mention(Kind.DATE, match.start(), match.end(), found.isoformat(), sure=sure)
    for start, end, day in find_feasts(text, received):
        yield Mention(Kind.DATE, start, end, day.isoformat(), sure=False)
