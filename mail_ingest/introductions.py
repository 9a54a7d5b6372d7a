"""The line that introduces a quote: "On … wrote:" in the languages and forms of the usual mail programs."""

from __future__ import annotations

import re

from mail_ingest.lines import Line, is_quoted_next

# The line (or two or three wrapped ones) that introduces a quote: a date or an address, and a word for writing.
_INTRO_START = re.compile(
    r"^[\s*_>-]*(?:(?:on|am|le|op|el|en|il|em|den|på|pe|dnia|w dniu|på den|at|in (?:a |the )?message|in data|в)\b"
    r"|\w{2,4}\.,? \d|\d{1,4}[./-]\d{1,2}|\d{4}年|\w{2,12},? \d|<?[^\s<>]+@)",
    re.IGNORECASE,
)
_INTRO_END = re.compile(
    r"(?:\b(?:wrote|writes|schrieb|geschrieben|[aà] écrit|écrivait|schreef|geschreven|escribi[oó]|escreveu"
    r"|ha scritto|skrev|scrie"
    r"|napisał(?:\(a\))?|написал(?:\(а\))?|kirjoitti|yazdı|napsal(?:\(a\))?|пише|пишет|написав(?:\(-ла\))?|írta"
    r"|a scris|έγραψε|님이 작성)|写道)[^\w\n]{0,6}$"
    r"|\b(?:schrieb|skrev|schreef|escribió|a écrit)\b[^\n]{0,120}:\s*$",
    re.IGNORECASE,
)
# Every such word holds one of these in lower case: a quick look that spares the search in nearly every line.
_STEMS = (
    "wrote", "writes", "schrieb", "schrieben", "écrit", "écrivait", "schreef", "schreven", "escribi", "escreveu",
    "scritto", "skrev", "scrie", "napisał", "написа", "kirjoitti", "yazdı", "napsal", "пише", "írta", "scris", "έγραψε",
    "작성", "写道",
)  # fmt: skip
# In any language and without a known verb: a time, a year and a mail address, ended by a colon. Without a quote below
# it also needs the address at its end.
_INTRO_ANY = re.compile(r"^(?=.*\b\d{1,2}[:.]\d{2})(?=.*(?:19|20)\d{2})(?=.*[\w.+-]@[\w-]).{12,200}[:：]\s*$")
_INTRO_VERBLESS = re.compile(r"<[^<>@\s]{1,64}@[^<>\s]{1,200}>\s*:\s*$")
_INTRO_EVIDENCE = re.compile(
    r"\d{1,2}[:.h]\d{2}|\b(?:19|20)\d{2}\b|@|\d{1,2}[./-]\d{1,2}|<[^>]*>|\bmailto:", re.IGNORECASE
)
_DATED = re.compile(r"\d{1,2}[:.h]\d{2}|\b(?:19|20)\d{2}\b|\d{1,2}[./-]\d{1,2}")
_INTRO_SHORT = re.compile(
    r"^(?:le\s.{3,60},\s.{2,80}\sa écrit|am\s.{3,60}\sschrieb\s.{2,80}|on\s.{3,60},?\s.{2,80}\swrote"
    r"|op\s.{3,60}\sschreef\s.{2,80}"
    r"|el\s.{3,60},?\s.{2,80}\sescribió)\s*:\s*$",
    re.IGNORECASE,
)

_LONGEST = 400


def introduction(lines: list[Line], at: int) -> int:
    """Lines of an "On … wrote:", which may be broken over up to four lines."""
    first = lines[at].text
    if len(first) > _LONGEST:
        return 0
    if _INTRO_ANY.match(first) and (_INTRO_VERBLESS.search(first) or is_quoted_next(lines, at + 1)):
        return 1
    return _verbal_intro(lines, at) if _INTRO_START.match(first) else 0


def _may_say_wrote(text: str) -> bool:
    low = text.lower()
    return any(stem in low for stem in _STEMS)


def _verbal_intro(lines: list[Line], at: int) -> int:
    text = ""
    for count in range(1, 5):
        if at + count > len(lines) or lines[at + count - 1].blank or lines[at + count - 1].mark is not lines[at].mark:
            break
        line = lines[at + count - 1].text.strip()
        text = f"{text} {line}".strip()
        if len(text) > _LONGEST:
            break
        if _may_say_wrote(text) and _INTRO_END.search(text):
            whole = count > 1 and _INTRO_START.match(line) and _INTRO_END.search(line) and _DATED.search(line)
            quoted = is_quoted_next(lines, at + count)
            known = _INTRO_EVIDENCE.search(text) or (quoted and _INTRO_SHORT.match(text))
            # What stands above a line that introduces by itself is the sender's, not its beginning.
            return count if known and not whole else 0
    return 0
