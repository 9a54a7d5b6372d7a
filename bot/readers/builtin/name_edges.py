"""Sets the edges of a name: legal form, article and a surname's end belong to it, words that lead to it do not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.readers.builtin.document import Document
from bot.readers.builtin.domains import is_shared
from bot.readers.builtin.mentions import Kind, Mention

_FORM = (
    r"g?gmbh(?: ?& ?co\.?(?: ?kga?a?| ?ohg)?)?|(?i:g?ug)(?: ?\(haftungsbeschränkt\))?|\(haftungsbeschränkt\)|"
    r"e\. ?[kvug]\.(?: ?u\.)?|"
    r"e\.? ?[kv]\.?(?!\w)|e\. ?g\.|kg|ohg|ag|kör|partg(?: ?mbb)?|ltd\.?|limited|llc|llp|plc|inc\.?|cic|pty|"
    r"s\. ?a\.(?: ?s\.| ?u\.)?|s\. ?l\.(?: ?u\.)?|s\. ?r\. ?l\.|s\. ?p\. ?a\.|s\. ?c\. ?[a-z]\.|"
    r"s\. ?coop\.?(?: galega)?|"
    r"s\. ?de ?r\. ?l\.(?: ?de ?c\. ?v\.)?|de c\. ?v\.|sp\. ?z ?o\.? ?o\.?|sarl|s[àa]rl|sas|sasu|eurl|sprl|srl|bvba|"
    r"b\. ?v\.|n\. ?v\.|bv|nv|vof|v\. ?o\. ?f\.|vzw|asbl|ltda\.?|lda\.?|s\. ?a\. ?r\. ?l\.|cía\.?"
)
_TAIL = re.compile(rf"[ \u00a0]?,?[ \u00a0](?:{_FORM})(?![^\W_])", re.I)
_ARTICLE = re.compile(r"(?<=[^\s.!?:;,>|-] )(?:The|Die|Der|Das|Les|Le|La|Las|Los|El|De|Het|Zum|Zur|Van der|Van|Ter)\Z")
_LEADING = re.compile(
    r"(?:(?:beim?|für|von|zu|zum|about|for|with|at|and|und|et|y|por|para|con|pour|chez|avec|bij|voor|met|aan|anfrage|"
    r"betreff|re|status|update|hi|hallo)[ :]+)+(?=[^\W\d_])",
    re.I,
)
_PARTICLE = re.compile(
    r"(?<![^\W_])(?:van|von|vom|zu|zum|zur|de|den|der|del|della|di|da|dos|du|la|ter|ten|te|af|y)\Z", re.I
)
_SURNAME = re.compile(r"(?: (?:der|den|de|het|'t|la|las|los|le|dem))?(?: [A-ZÀ-Þ][^\W\d_]*(?:[-'’][^\W\d_]+)*)")
_WIDEST = 20
_NUMBERED = re.compile(r"(?P<sign>[①-⑳])[ ]*|(?P<number>\d{1,2})[ ]+(?=[^\W\d_])")


def with_edges(document: Document, names: Sequence[Mention]) -> list[Mention]:
    """The names with right edges; the name of a mail host is nobody's."""
    result: list[Mention] = []
    for place, name in enumerate(names):
        limit = names[place + 1].start if place + 1 < len(names) else len(document.text)
        if name.kind is not Kind.CUSTOMER:
            end = _surname_end(document.text, name.end, limit)
            result.append(replace(name, end=end, value=document.text[name.start : end]))
            continue
        floor = names[place - 1].end if place else 0
        start, end = _left(document.text, name.start, name.end, floor), _right(document.text, name.end, limit)
        value = document.text[start:end]
        if value and not is_shared(f"{value.casefold()}.com"):
            result.append(replace(name, start=start, end=end, value=value))
    return result


def _counts_on(text: str, start: int, numbered: re.Match[str]) -> bool:
    """Whether a number is that of a row: it leads its line, and the next or the last number leads another one."""
    if numbered["sign"]:
        return True
    if text[text.rfind("\n", 0, start) + 1 : start].strip(" |\t"):
        return False
    number = int(numbered["number"])
    return bool(re.search(rf"(?m)^[ |\t]*0?(?:{number - 1}|{number + 1})[ .|)\t]", text))


def _surname_end(text: str, end: int, limit: int) -> int:
    """The end of a person's name that was cut inside a surname: "Tjitske van" of "Tjitske van der Spoel"."""
    rest = _SURNAME.match(text, end, limit) if _PARTICLE.search(text, max(0, end - 4), end) else None
    return rest.end() if rest else end


def _right(text: str, end: int, limit: int) -> int:
    """The end with the legal forms that follow."""
    while (tail := _TAIL.match(text, end, min(end + 2 * _WIDEST, limit))) is not None:
        end = tail.end()
    dotted = text[end - 2 : end - 1] == "." and text[end - 1 : end].isalpha()
    return end + 1 if dotted and text[end : end + 1] == "." and end < limit else end


def _left(text: str, start: int, end: int, floor: int) -> int:
    """The start without words that only lead to the name, and with a capital article inside a sentence."""
    numbered = _NUMBERED.match(text, start, end)
    if numbered and _counts_on(text, start, numbered):
        return numbered.end()
    leading = _LEADING.match(text, start, end)
    if leading and leading.end() < end:
        return leading.end()
    before = text[max(floor, start - _WIDEST) : start]
    article = _ARTICLE.search(before[:-1]) if before.endswith(" ") else None
    return start - 1 - len(article.group()) if article else start
