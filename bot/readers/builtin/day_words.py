"""Days in words or apart from their month: "the eighth of January", "marzo, día 12", "last Friday of May"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.readers.builtin.calendar_days import Calendar
from bot.readers.builtin.cues import DIGIT, Look, shortest
from bot.readers.builtin.folding import folded
from bot.readers.builtin.months import ANY_MONTH, MONTH, MONTH_OF
from bot.readers.builtin.number_words import parse_words

_EN = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)  # fmt: skip
_DE = (
    "erst", "zweit", "dritt", "viert", "fünft", "sechst", "siebt", "acht", "neunt", "zehnt", "elft", "zwölft",
    "dreizehnt", "vierzehnt", "fünfzehnt", "sechzehnt", "siebzehnt", "achtzehnt", "neunzehnt", "zwanzigst",
)  # fmt: skip
_NL = (
    "eerste", "tweede", "derde", "vierde", "vijfde", "zesde", "zevende", "achtste", "negende", "tiende", "elfde",
    "twaalfde", "dertiende", "veertiende", "vijftiende", "zestiende", "zeventiende", "achttiende", "negentiende",
    "twintigste",
)  # fmt: skip
_DE_ONES = ("ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun")
_NL_ONES = ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen")


def _ordinals() -> dict[str, int]:
    days = {"premier": 1, "primero": 1, "thirtieth": 30, "thirty first": 31, "siebten": 7, "siebente": 7}
    days |= {word: day for day, word in enumerate(_EN, 1)} | {word: day for day, word in enumerate(_NL, 1)}
    days |= {f"twenty {word}": 20 + day for day, word in enumerate(_EN[:9], 1)}
    days |= {f"{stem}{end}": day for day, stem in enumerate(_DE, 1) for end in ("e", "en", "er")}
    for day, (german, dutch) in enumerate(zip(_DE_ONES, _NL_ONES, strict=True), 1):
        days |= {f"{german}undzwanzigst{end}": 20 + day for end in ("e", "en", "er")}
        days[f"{dutch}{'ën' if dutch.endswith('e') else 'en'}twintigste"] = 20 + day
    days |= {f"dreißigst{end}": 30 for end in ("e", "en", "er")} | {"dertigste": 30, "eenendertigste": 31}
    return days | {f"einunddreißigst{end}": 31 for end in ("e", "en", "er")}


_ORDINALS = _ordinals()
_MONTH = re.compile(rf"(?<![\w.,/@-])(?P<month>{ANY_MONTH})(?![^\W\d_])\.?", re.I)
_YEAR = re.compile(r",?\s(?:de |del )?(?P<year>20\d\d)(?!\d)")
_BEFORE = re.compile(
    r"(?<![^\W\d_])(?P<words>[^\W\d_]+(?:[ -][^\W\d_]+){0,2})(?P<of> (?:of |de |d['’])|d['’]| )$", re.I
)
_AFTER = re.compile(r"[ ](?:the )?(?P<words>[^\W\d_]+(?:[ -][^\W\d_]+)?)", re.I)
_AMBIGUOUS = {"may", "mar", "mai", "mei", "sept", "dec", "set", "ago", "jan", "dic", "abr", "nov"}
_WEEKDAYS = (
    "monday|montag|lundi|maandag|lunes",
    "tuesday|dienstag|mardi|dinsdag|martes",
    "wednesday|mittwoch|mercredi|woensdag|miércoles",
    "thursday|donnerstag|jeudi|donderdag|jueves",
    "friday|freitag|vendredi|vrijdag|viernes",
    "saturday|samstag|sonnabend|samedi|zaterdag|sábado",
    "sunday|sonntag|dimanche|zondag|domingo",
)
WEEKDAY_OF = {name: place for place, names in enumerate(_WEEKDAYS) for name in names.split("|")}
ANY_WEEKDAY = "|".join("|".join(_WEEKDAYS).split("|"))
WEEKDAY = shortest(ANY_WEEKDAY)
_NTH = {
    "first": 1, "1st": 1, "ersten": 1, "erster": 1, "erste": 1, "premier": 1, "primer": 1, "eerste": 1,
    "second": 2, "2nd": 2, "zweiten": 2, "zweiter": 2, "deuxième": 2, "segundo": 2, "tweede": 2,
    "third": 3, "3rd": 3, "dritten": 3, "dritter": 3, "troisième": 3, "tercer": 3, "derde": 3,
    "fourth": 4, "4th": 4, "vierten": 4, "vierter": 4, "quatrième": 4, "cuarto": 4, "vierde": 4,
    "last": -1, "letzten": -1, "letzter": -1, "dernier": -1, "último": -1, "laatste": -1,
}  # fmt: skip
_NTH_WEEKDAY = re.compile(
    rf"(?<![^\W\d_])(?P<nth>{'|'.join(sorted(_NTH, key=len, reverse=True))}) (?P<weekday>{ANY_WEEKDAY})s?"
    rf" (?:of |in |im |de |d['’]|van |en |du mois de )?(?P<month>{ANY_MONTH})(?![^\W\d_])",
    re.I,
)
_SAYS = (
    r"say|let['’]?s say|digamos|pongan?|pon|disons|mettons|plutôt|genauer(?: gesagt)?|und zwar|más exactamente|"
    r"precisely|more precisely|exactly|before|vor|bis|spätestens|avant|write|let['’]?s write|au plus tard|eher|"
    r"liever|zeg|wohl|namelijk|concretamente|probably|probablement|on|am|by|como muy tarde|antes"
)
_LOOSE_DAY = re.compile(
    rf"(?:,| -| –|:| \()?\s(?:(?:{_SAYS}),?\s){{0,2}}(?P<article>(?:the|le|el|den|dem|día|dia|del|de)\s)?"
    rf"(?P<weekday>(?:{ANY_WEEKDAY})\s)?(?:the\s)?(?P<d>\d\d?)(?P<suffix>st|nd|rd|th|er|e)?"
    rf"(?![\w€$£%:]|[.,/-]\d| ?(?:%|€|\$|£|{ANY_MONTH})(?![^\W\d_]))",
    re.I,
)
_WEEKDAY_DAY = re.compile(
    rf"(?<![^\W\d_])(?P<weekday>{ANY_WEEKDAY}),?\s(?:the |le |el |den |dem |de |día )?(?P<d>\d\d?)"
    rf"(?:st|nd|rd|th|er|\.)?(?![\w€$£%:/-]|[.,]\d|\s\d| ?(?:%|€|\$|£)"
    rf"|\.?\s(?:de |of |d['’])?(?:{ANY_MONTH})(?![^\W\d_]))",
    re.I,
)

Found = tuple[int, int, date]


def _day_of(words: str, language: str) -> int | None:
    """The day that words name, as an ordinal or, in Romance languages and Dutch, as a number."""
    folded = words.casefold().replace("-", " ")
    if folded in _ORDINALS:
        return _ORDINALS[folded]
    if language not in ("fr", "es", "nl", "de"):
        return None
    said = folded.split(" ")
    read = parse_words(said, language)
    return read[0] if read and read[1] == len(said) and read[0] <= 31 else None


def _spoken_before(text: str, month: re.Match[str], language: str) -> tuple[int, int] | None:
    """(start, day) of the day in words before a month."""
    start = max(0, month.start() - 40)
    before = _BEFORE.search(text[start : month.start()])
    if not before:
        return None
    loose = month["month"].casefold() in _AMBIGUOUS and before["of"] == " " and not month["month"][0].isupper()
    words = before["words"].split(" ")
    if words[-1].casefold() in ("of", "de"):
        words, loose = words[:-1], False
    if loose:
        return None
    for skip in range(len(words)):
        day = _day_of(" ".join(words[skip:]), language)
        if day:
            return start + before.start("words") + sum(len(w) + 1 for w in words[:skip]), day
    return None


def _around_months(text: str, language: str, cal: Calendar) -> Iterator[Found]:
    for match in _MONTH.finditer(text):
        month = MONTH_OF[folded(match["month"])]
        year = _YEAR.match(text, match.end())
        named = int(year["year"]) if year else None
        end = year.end() if year else match.end()
        spoken = _spoken_before(text, match, language)
        if spoken:
            day = cal.day(spoken[1], month, named)
            if day:
                yield spoken[0], end, day
            continue
        yield from _behind_month(text, match, month, cal)


def _behind_month(text: str, match: re.Match[str], month: int, cal: Calendar) -> Iterator[Found]:
    after = _AFTER.match(text, match.end())
    said = after["words"].casefold().replace("-", " ") if after else ""
    for words in (said, said.split(" ")[0]):
        if after and words in _ORDINALS and match["month"].casefold() not in _AMBIGUOUS:
            day = cal.day(_ORDINALS[words], month, None)
            if day:
                yield match.start(), after.start("words") + len(words), day
            return
    loose = _LOOSE_DAY.match(text, match.end())
    if loose and (loose["article"] or loose["weekday"] or loose["suffix"]):
        day = cal.day(int(loose["d"]), month, None)
        if day:
            yield match.start(), loose.end(), day


def _nth_weekday(match: re.Match[str], cal: Calendar) -> date | None:
    month, weekday = MONTH_OF[folded(match["month"])], WEEKDAY_OF[folded(match["weekday"])]
    nth = _NTH[folded(match["nth"])]
    for year in (cal.received.year, cal.received.year + 1):
        if nth < 0:
            last = date(year, month, calendar.monthrange(year, month)[1])
            day = last - timedelta(days=(last.weekday() - weekday) % 7)
        else:
            first = date(year, month, 1)
            day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
        if day >= cal.received:
            return day
    return None


def _weekday_and_day(match: re.Match[str], cal: Calendar) -> date | None:
    """The next day of that number, where it is that weekday; else the two say something else."""
    for ahead in range(3):
        month = cal.after(ahead, "month")
        try:
            day = month.replace(day=int(match["d"]))
        except ValueError:
            continue
        if day >= cal.received and day.weekday() == WEEKDAY_OF[folded(match["weekday"])]:
            return day
    return None


def find_day_words(text: str, language: str, cal: Calendar, look: Look) -> Iterator[Found]:
    """(start, end, day) of such days, the surer forms first; `look` is one at the text."""
    for match in _NTH_WEEKDAY.finditer(text) if look.holds(MONTH, WEEKDAY) else ():
        day = _nth_weekday(match, cal)
        if day:
            yield match.start(), match.end(), day
    if look.holds(MONTH):
        yield from _around_months(text, language, cal)
    for match in _WEEKDAY_DAY.finditer(text) if look.holds(WEEKDAY, DIGIT) else ():
        day = _weekday_and_day(match, cal)
        if day:
            yield match.start(), match.end(), day
