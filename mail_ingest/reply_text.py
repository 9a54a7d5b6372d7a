"""What the sender of a mail newly wrote, apart from history, signature and footers; nothing is thrown away.

The body becomes marked lines (`html_text` or `lines`), `quotes` splits off history and forwarded mails, `signature`
cuts what stands under the text. No sentence of the sender is lost: when in doubt it stays, and what is cut is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mail_ingest.html_text import html_lines
from mail_ingest.limits import DEFAULT, Limits
from mail_ingest.lines import Line, joined, plain_lines
from mail_ingest.quotes import Split, split, unquoted
from mail_ingest.signature import SignatureCutter

# A part with less than a third of the other's letters lacks what was said.
_LACKING = 3


@dataclass(frozen=True, slots=True)
class Hints:
    """What the headers tell: who signs, and whether the mail answers or passes on another one."""

    sender_name: str = ""
    sender_address: str = ""
    answers: bool = True
    forwards: bool = False


@dataclass(frozen=True, slots=True)
class ReplyText:
    """`visible` is new; `signature` is what stands under it, footers included, and `history` what it quotes.

    `forwarded` is the text of a mail passed on.
    """

    visible: str
    signature: str
    history: str
    forwarded: str

    @property
    def cut_off(self) -> str:
        """All that is neither new nor passed on."""
        return "\n\n".join(text for text in (self.signature, self.history) if text)


def reply_text(text: str, html: str = "", hints: Hints = Hints(), limits: Limits = DEFAULT) -> ReplyText:
    """Read the body of a mail that has `text`, `html` or both. Never fails."""
    return _read(_body_lines(text[: limits.text], html, limits), hints)


def _body_lines(text: str, html: str, limits: Limits) -> list[Line]:
    """HTML where it marks quotes or signatures, plain text otherwise; but never the one that lacks most of the other.

    Some programs send "this mail needs HTML" as the text, and others HTML with a picture in it.
    """
    if not html.strip():
        return plain_lines(text)
    lines, marked = html_lines(html, limits)
    shown, told = _letters(line.text for line in lines), _letters([text])
    if told > _LACKING * shown or (told * _LACKING >= shown and not marked):
        return plain_lines(text)
    return lines


def _letters(texts: Iterable[str]) -> int:
    return sum(len(text) - text.count(" ") for text in texts)


def _read(lines: list[Line], hints: Hints) -> ReplyText:
    found = split(lines, forwards=hints.forwards, answers=hints.answers)
    cutter = SignatureCutter(hints.sender_name, hints.sender_address)
    chunks, signature = _without_signatures(found, cutter)
    visible = "\n\n".join(text for chunk in chunks if (text := joined(chunk)))
    return ReplyText(visible, joined(signature), joined(found.cut), joined(unquoted(found.forwarded)))


def _without_signatures(found: Split, cutter: SignatureCutter) -> tuple[list[list[Line]], list[Line]]:
    """Marked signatures are cut from every chunk; one without a mark is looked for at the end of the last chunk."""
    kept, gone = _at_marks(found.own, cutter, alone=False)
    if not kept and gone:
        kept, gone = _at_marks(found.own, cutter, alone=True)
    if kept:
        kept[-1], cut = cutter.at_end(kept[-1], signed=any(not line.blank for line in gone))
        gone = cut + gone
    return kept, gone


def _at_marks(chunks: list[list[Line]], cutter: SignatureCutter, *, alone: bool) -> tuple[list[list[Line]], list[Line]]:
    kept: list[list[Line]] = []
    gone: list[Line] = []
    for chunk in chunks:
        rest, cut = cutter.at_marks(chunk, alone=alone)
        gone += cut
        if any(not line.blank for line in rest):
            kept.append(rest)
    return kept, gone
