"""Shapes of tokens, and the runs of capitalised words that a name may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.readers.builtin.document import Token
from bot.readers.builtin.mentions import Kind
from bot.vocabulary.company_names import LEGAL_FORMS

_BLENDING = frozenset({Kind.NUMBER, Kind.DATE, Kind.INVOICE, Kind.CURRENCY, Kind.TERM, Kind.PRODUCT})
_JOINTS_SAID = (
    "& + - – ' ’ . / ! and und et y e en of the de la las los le les du des del d' d l' l van der den het von "
    "zum zur am an im in op sur aux a à for für ist"
)
_JOINTS = frozenset(_JOINTS_SAID.split())
LONGEST_RUN = 9


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens start..end (exclusive) that may be one name; `legal` where a legal form is among them."""

    start: int
    end: int
    legal: bool


def may_be_in_a_name(token: Token) -> bool:
    """Whether the token is a word, or a weak find (a bare number, a weekday) that may stand in a name."""
    return token.mention is None or (
        token.mention.kind in _BLENDING and not (token.mention.currency and token.mention.sure)
    )


def shape(token: Token) -> str:
    """The token's form: what a rule found there, else capitals, digits or the mark itself."""
    word = token.text
    if token.mention is not None:
        return f"<{token.mention.kind.value}>{_form(word)}" if may_be_in_a_name(token) else _plain(token)
    if not word[0].isalnum():
        return "/n" if word == "\n" else word
    return _form(word)


def _plain(token: Token) -> str:
    return f"<{token.mention.kind.value}>" if token.mention else ""


def _form(word: str) -> str:
    if word.isdigit():
        return "9"
    if word.isupper() and len(word) > 1:
        return "AA"
    if word[0].isupper():
        return "A" if len(word) == 1 else "Aa"
    return "a9" if any(c.isdigit() for c in word) else "a"


def is_capital(token: Token) -> bool:
    """Whether the token starts like a name: a capital, or a letter behind digits."""
    if not may_be_in_a_name(token):
        return False
    return token.text[0].isupper() or (token.text[0].isdigit() and token.text[-1].isalpha())


def runs(tokens: Sequence[Token]) -> list[Run]:
    """Every longest stretch of capitalised words on one line, little words between them included."""
    found: list[Run] = []
    place = 0
    while place < len(tokens):
        if not is_capital(tokens[place]):
            place += 1
            continue
        end = _run_end(tokens, place)
        found.append(Run(place, end, any(t.text.casefold().strip(".") in LEGAL_FORMS for t in tokens[place:end])))
        place = end
    return found


def _run_end(tokens: Sequence[Token], start: int) -> int:
    end = place = start + 1
    while place < len(tokens) and place - start < LONGEST_RUN:
        token = tokens[place]
        if is_capital(token) or token.text.casefold() in LEGAL_FORMS or token.text.isdigit():
            if not may_be_in_a_name(token):
                break
            end = place + 1
        elif (
            token.mention is not None
            or token.text.casefold() not in _JOINTS
            or place - end >= 3
            or (token.text == "." and tokens[place - 1].end - tokens[place - 1].start > 3)
        ):
            break
        place += 1
    return end
