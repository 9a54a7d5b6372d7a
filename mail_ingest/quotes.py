"""Telling what the sender wrote from quoted history and from a mail that was passed on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from mail_ingest.lines import Line, Mark

_QUOTED = re.compile(r"^ {0,3}>")
_STRIP_QUOTE = re.compile(r"^(?: {0,3}> ?)+")

_FORWARD = re.compile(
    r"^[\s*_>-]*(?:begin |début du |anfang der |inicio del |start van )?"
    r"(?:forwarded message|forwarded by .{1,80}|weitergeleitete nachricht|weitergeleiteten nachricht"
    r"|message transféré|message réexpédié"
    r"|doorgestuurd bericht|doorgestuurde? bericht|mensaje reenviado|mensaje original reenviado"
    r"|messaggio inoltrato|mensagem encaminhada)"
    r"[\s*_:-]*$",
    re.IGNORECASE,
)
_FORWARD_SIGN = re.compile(r"^\s*(?:-{3,}|_{3,}|(?:begin|début|anfang|inicio|start)\b)|:\s*$", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"^\s*[-_=]{2,}\s*(?:original (?:message|appointment|e-?mail)|reply message|ursprüngliche (?:nachricht|e-mail|mail)"
    r"|originalnachricht|original-nachricht|message d['’]origine|message original|message initial"
    r"|oorspronkelijk bericht|origineel bericht"
    r"|mensaje original|mensagem original|messaggio originale|oprindelig (?:meddelelse|besked)"
    r"|ursprungligt meddelande|opprinnelig melding"
    r"|alkuperäinen viesti|wiadomość oryginalna|исходное сообщение|messaggio originale|oorspronkelijke? (?:bericht"
    r"|e-?mail)|wiadomość oryginalna)\s*[-_=]*\s*$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*(?:[_=]{5,}|-{5,}|\*{5,}|(?:\* ?){3,}|(?:- ){3,}-?)\s*$")
_ABOVE = re.compile(
    r"^\W*(?:please )?(?:(?:type |write )?(?:your )?(?:reply|response|answer)|write|respond|type)"
    r" (?:only )?above this line\b.{0,60}$"
    r"|^\W*(?:bitte )?(?:schreiben sie )?(?:ihre )?antwort\w* .{0,20}über dieser (?:zeile|linie).{0,40}$"
    r"|^\W*(?:merci de |veuillez )?répond\w* au-dessus de cette ligne.{0,40}$"
    r"|^\W*(?:gelieve |graag )?(?:antwoord\w*|reageer|typ\w*) .{0,30}boven deze (?:regel|lijn).{0,40}$"
    r"|^\W*(?:por favor,? )?(?:responda|escriba|conteste) .{0,30}encima de esta línea.{0,40}$",
    re.IGNORECASE,
)

# The line (or two or three wrapped ones) that introduces a quote: a date or an address, and a word for writing.
_INTRO_START = re.compile(
    r"^[\s*_>-]*(?:(?:on|am|le|op|el|en|il|em|den|på|pe|dnia|w dniu|på den|at|in (?:a |the )?message|in data|в)\b"
    r"|\w{2,4}\.,? \d|\d{1,4}[./-]\d{1,2}|\d{4}年|\w{2,12},? \d|<?[^\s<>]+@)",
    re.IGNORECASE,
)
_INTRO_END = re.compile(
    r"(?:\b(?:wrote|writes|schrieb|geschrieben|[aà] écrit|écrivait|schreef|geschreven|escribi[oó]|escreveu"
    r"|ha scritto|skrev|scrie"
    r"|napisał(?:\(a\))?|написал(?:\(а\))?|kirjoitti|yazdı|napsal(?:\(a\))?|пише)|写道)[^\w\n]{0,6}$"
    r"|\b(?:schrieb|skrev|schreef|escribió|a écrit)\b[^\n]{0,120}:\s*$",
    re.IGNORECASE,
)
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

_SENDER_KEY = r"from|von|de|van|da|från|fra|od|от|lähettäjä|gönderen|remitente|expéditeur|afzender|absender|di"
_DATE_KEY = (
    r"sent|date|gesendet|datum|envoyé(?: le)?|verzonden|enviado(?: el)?|fecha|data|inviato|skickat|sendt|dato"
    r"|message du|wysłano|date d['’]envoi|дата|tarih|lähetetty"
)
_OTHER_KEY = (
    r"to|an|à|a|aan|para|cc|kopie|copie(?: à)?|copia|subject|betreff|objet|sujet|onderwerp|asunto|oggetto|assunto|ämne"
    r"|emne|temat|till|til|do|reply-to|antwort an|répondre à|tema|aihe|vastaanottaja|kime|konu"
)
_KEY = re.compile(
    rf"^[\s>*_|]*(?:(?P<sender>{_SENDER_KEY})|(?P<date>{_DATE_KEY})|(?P<other>{_OTHER_KEY}))\s*[*_]*\s?:",
    re.IGNORECASE,
)
_SUBJECT_KEY = re.compile(
    r"^[\s>*_|]*(?:subject|betreff|objet|sujet|onderwerp|asunto|oggetto|assunto|ämne|emne|temat)\s*[*_]*\s?:",
    re.IGNORECASE,
)

_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d{2}\b")
_SENTENCE_END = re.compile(r"[.?!:;…)\]]\W*$")

_LONG_QUOTE = 62
_HEADER_LINES = 9
_INTRO_LINES = 6
_LONGEST_INTRO = 400
_LONGEST_KEY = 80


@dataclass(slots=True)
class Split:
    """`own` is the sender's text, a new chunk after each quote; `cut` is history, `forwarded` a mail passed on."""

    own: list[list[Line]] = field(default_factory=lambda: [[]])
    cut: list[Line] = field(default_factory=list)
    forwarded: list[Line] = field(default_factory=list)
    said: bool = False

    def say(self, line: Line) -> None:
        self.own[-1].append(line)
        self.said = self.said or not line.blank


def split(lines: list[Line], *, forwards: bool, answers: bool = True) -> Split:
    """`forwards`: the subject says that a mail is passed on; `answers`: the mail may quote another one."""
    lines = _without_indents(lines, quotes=answers or forwards)
    done = Split()
    last_quoted = max((n for n, line in enumerate(lines) if _is_quoted(line)), default=-1)
    at = 0
    while at < len(lines):
        line = lines[at]
        if _QUOTED.match(line.text) or line.mark is Mark.QUOTE:
            at = _take_quote(lines, at, done, answers=answers)
        elif not line.blank and (length := _history_at(lines, at)):
            at = _take_history(lines, at, length, done, forwards=forwards, quoted_below=last_quoted >= at + length)
        else:
            done.say(line)
            at += 1
    return done


def _without_indents(lines: list[Line], *, quotes: bool) -> list[Line]:
    """An indented paragraph is a quote where the mail answers one or a line above introduces it, else the sender's."""
    first = next((n for n, line in enumerate(lines) if line.mark is Mark.INDENTED), None)
    if first is None:
        return lines
    above = range(max(0, first - _INTRO_LINES), first)
    mark = Mark.QUOTE if quotes or any(not lines[n].blank and _history_at(lines, n) for n in above) else Mark.OWN
    return [Line(line.text, mark) if line.mark is Mark.INDENTED else line for line in lines]


def _take_quote(lines: list[Line], at: int, done: Split, *, answers: bool) -> int:
    line = lines[at]
    if line.mark is Mark.OWN and not answers and not done.cut:
        # A `>` in a mail that answers nothing and quotes nobody is the sender's own sign.
        done.say(line)
        return at + 1
    if line.mark is Mark.QUOTE and is_forward_mark(line):
        done.forwarded += lines[at:]
        return len(lines)
    _quote(done, lines[at : at + 1])
    wrapped = at + 1
    long = len(line.text) >= _LONG_QUOTE and not _SENTENCE_END.search(line.text)
    if long and _is_wrapped_quote(lines, wrapped):
        _quote(done, lines[wrapped : wrapped + 1])
        return wrapped + 1
    return wrapped


def _quote(done: Split, lines: list[Line]) -> None:
    done.cut += lines
    if done.own[-1]:
        done.own.append([])


def _is_wrapped_quote(lines: list[Line], at: int) -> bool:
    """Whether this unmarked line is the tail of a quoted line that a mail program broke: quoted lines frame it.

    A tail goes on in the middle of a sentence, so a line that begins with a capital or a figure may be an answer.
    """
    if at + 1 >= len(lines) or not lines[at].text[:1].islower() or lines[at].mark is not Mark.OWN:
        return False
    return bool(_QUOTED.match(lines[at + 1].text)) and not _QUOTED.match(lines[at].text)


def _history_at(lines: list[Line], at: int) -> int:
    """How many lines introduce history or a forwarded mail here; 0 where nothing does."""
    line = lines[at]
    if is_forward_mark(line) or _ORIGINAL.match(line.text) or _ABOVE.search(line.text):
        return 1
    if _RULE.match(line.text):
        below = _next_said(lines, at + 1)
        inner = _history_at(lines, below) if below < len(lines) and not _RULE.match(lines[below].text) else 0
        return below - at + inner if inner else 0
    return _header_block(lines, at) or _intro(lines, at)


def _take_history(lines: list[Line], at: int, length: int, done: Split, *, forwards: bool, quoted_below: bool) -> int:
    body = at + length
    if any(is_forward_mark(line) for line in lines[at:body]):
        done.forwarded += lines[at:]
        return len(lines)
    quoted_next = _is_quoted_next(lines, body)
    answers_inside = quoted_below and not done.said
    if quoted_next or answers_inside:
        if forwards and quoted_next:
            done.forwarded += lines[at:]
            return len(lines)
        _quote(done, lines[at:body])
        return body
    if not done.said and _intro(lines, at) and not forwards:
        # Unmarked text below an introduction and nothing above it: history and answer cannot be told apart.
        _quote(done, lines[at:body])
        return body
    (done.forwarded if forwards else done.cut).extend(lines[at:])
    return len(lines)


def is_forward_mark(line: Line) -> bool:
    return bool(_FORWARD.match(line.text) and _FORWARD_SIGN.search(line.text))


def unquoted(lines: list[Line]) -> list[Line]:
    """A forwarded mail without the `>` that some programs put before every line of it."""
    return [Line(_STRIP_QUOTE.sub("", line.text)) for line in lines]


def _is_quoted(line: Line) -> bool:
    return line.mark is Mark.QUOTE or bool(_QUOTED.match(line.text))


def _next_said(lines: list[Line], at: int) -> int:
    while at < len(lines) and lines[at].blank:
        at += 1
    return at


def _intro(lines: list[Line], at: int) -> int:
    """Lines of an "On … wrote:", which may be broken over up to four lines."""
    first = lines[at].text
    if len(first) > _LONGEST_INTRO:
        return 0
    if _INTRO_ANY.match(first) and (_INTRO_VERBLESS.search(first) or _is_quoted_next(lines, at + 1)):
        return 1
    return _verbal_intro(lines, at) if _INTRO_START.match(first) else 0


def _verbal_intro(lines: list[Line], at: int) -> int:
    text = ""
    for count in range(1, 5):
        if at + count > len(lines) or lines[at + count - 1].blank or lines[at + count - 1].mark is not lines[at].mark:
            break
        line = lines[at + count - 1].text.strip()
        text = f"{text} {line}".strip()
        if len(text) > _LONGEST_INTRO:
            break
        if _INTRO_END.search(text):
            whole = count > 1 and _INTRO_START.match(line) and _INTRO_END.search(line) and _DATED.search(line)
            quoted = _is_quoted_next(lines, at + count)
            known = _INTRO_EVIDENCE.search(text) or (quoted and _INTRO_SHORT.match(text))
            # What stands above a line that introduces by itself is the sender's, not its beginning.
            return count if known and not whole else 0
    return 0


def _is_quoted_next(lines: list[Line], at: int) -> bool:
    below = _next_said(lines, at)
    return below < len(lines) and _is_quoted(lines[below])


def _header_block(lines: list[Line], at: int) -> int:
    """Lines of a From / Sent / To / Subject block as Outlook writes it; values may be wrapped."""
    if _key_of(lines[at].text[:_LONGEST_KEY]) not in ("sender", "date", "subject"):
        return 0
    seen: set[str] = set()
    end = at
    for n in range(at, min(len(lines), at + _HEADER_LINES)):
        if key := _key_of(lines[n].text[:_LONGEST_KEY]):
            seen.add(key)
            end = n + 1
        elif lines[n].blank and n > at and not _key_of(lines[min(n + 1, len(lines) - 1)].text[:_LONGEST_KEY]):
            break
    return end - at if _is_block_of_mail(seen, lines[at:end]) else 0


def _is_block_of_mail(seen: set[str], block: list[Line]) -> bool:
    """A sender beside a subject or a mail address: a form with "From", "To" and "Date" may be a journey."""
    if "sender" not in seen or len(seen) < 2:
        return False
    proven = any("@" in line.text or _CLOCK.search(line.text) for line in block)
    return len(seen) >= 3 and ("subject" in seen or proven) if "date" not in seen or not proven else True


@lru_cache(maxsize=1_024)
def _key_of(start: str) -> str:
    """Which key a line begins with, "" for none: sender, date, subject or other. The same lines are asked for often."""
    found = _KEY.match(start)
    if not found:
        return ""
    return "subject" if _SUBJECT_KEY.match(start) else str(found.lastgroup)
