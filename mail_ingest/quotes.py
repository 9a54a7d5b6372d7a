"""Telling what the sender wrote from quoted history and from a mail that was passed on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from mail_ingest.header_blocks import header_block
from mail_ingest.introductions import introduction
from mail_ingest.lines import QUOTED, Line, Mark, is_quoted, is_quoted_next, next_said

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

_SENTENCE_END = re.compile(r"[.?!:;…)\]]\W*$")

_LONG_QUOTE = 62
_INTRO_LINES = 6


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
    last_quoted = max((n for n, line in enumerate(lines) if is_quoted(line)), default=-1)
    at = 0
    while at < len(lines):
        line = lines[at]
        if is_quoted(line):
            at = _take_quote(lines, at, done, answers=answers)
        elif not line.blank and (length := _history_at(lines, at)):
            # A header block in a mail that answers none is that of a mail passed on, whatever the subject says.
            passes_on = forwards or (not answers and not introduction(lines, at))
            at = _take_history(lines, at, length, done, forwards=passes_on, quoted_below=last_quoted >= at + length)
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
    return bool(QUOTED.match(lines[at + 1].text)) and not QUOTED.match(lines[at].text)


def _history_at(lines: list[Line], at: int) -> int:
    """How many lines introduce history or a forwarded mail here; 0 where nothing does."""
    line = lines[at]
    if is_forward_mark(line) or _ORIGINAL.match(line.text) or _ABOVE.search(line.text):
        return 1
    if _RULE.match(line.text):
        below = next_said(lines, at + 1)
        inner = _history_at(lines, below) if below < len(lines) and not _RULE.match(lines[below].text) else 0
        return below - at + inner if inner else 0
    return header_block(lines, at) or introduction(lines, at)


def _take_history(lines: list[Line], at: int, length: int, done: Split, *, forwards: bool, quoted_below: bool) -> int:
    body = at + length
    if any(is_forward_mark(line) for line in lines[at:body]):
        done.forwarded += lines[at:]
        return len(lines)
    quoted_next = is_quoted_next(lines, body)
    answers_inside = quoted_below and not done.said
    if quoted_next or answers_inside:
        if forwards and quoted_next:
            done.forwarded += lines[at:]
            return len(lines)
        _quote(done, lines[at:body])
        return body
    if not done.said and introduction(lines, at) and not forwards:
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
