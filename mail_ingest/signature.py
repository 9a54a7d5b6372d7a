"""Cutting what stands under a text: signatures, "Sent from my …" lines and legal footers. When in doubt, it stays."""

from __future__ import annotations

import re

from mail_ingest.contact_lines import has_name_and_place, is_contact, is_content, is_name_of, is_own, names_company
from mail_ingest.footers import is_footer, list_footer_start
from mail_ingest.lines import Line, Mark
from mail_ingest.sent_from import is_sent_from, sent_from_start
from mail_ingest.sign_off import is_closing, is_sign_off

_DASHES = re.compile(r"^\s{0,2}(?:-- ?|—|–|--\s+--)\s*$")
_RULE = re.compile(r"^\s*(?:[_=*~]{4,}|-{3,}|—{2,}|(?:[-*~] ){2,}[-*~]?)\s*$")
_POSTSCRIPT = re.compile(r"^\W{0,3}(?:p\.? ?s\.?|ps|p\.?d\.?|nb|n\.b\.)\s*[:.)-]?\s", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]")
_FIGURE = re.compile(r"\d")
_STREET = re.compile(r"^\W*[^\d]{3,40}\s\d{1,4}\s?[a-zA-Z]?\W*$")
_BLOCK_LINES = 9
_LINE_LENGTH = 110
_LONGEST = 400
_QUIET = 60
_FOOTER_LENGTH = 6_000
_ROUNDS = 15


class SignatureCutter:
    """Knows the sender's name and address, and so which lines are its own name, company or contact details."""

    def __init__(self, sender_name: str = "", sender_address: str = "") -> None:
        self._name = sender_name
        self._address = sender_address

    def at_marks(self, lines: list[Line], *, alone: bool = False) -> tuple[list[Line], list[Line]]:
        """(kept, cut): cut at `-- ` and at what the HTML marks as a signature; a postscript below stays.

        `alone`: the mail says nothing outside its signature, so what is no signature there is what the sender says.
        """
        kept: list[Line] = []
        gone: list[Line] = []
        for line, cut in zip(lines, self._cuts(lines, alone=alone), strict=True):
            (gone if cut else kept).append(line)
        return kept, gone

    def _cuts(self, lines: list[Line], *, alone: bool) -> list[bool]:
        """For each line whether it belongs to a marked signature."""
        marks = _marks(lines)
        cuts = [mark is Mark.SIGNATURE for mark in marks]
        doubtful = (Mark.SIGNATURE, Mark.LIKELY_SIGNATURE) if alone else (Mark.LIKELY_SIGNATURE,)
        for start, end in _paragraphs(lines):
            if marks[start] in doubtful:
                cuts[start:end] = [self._is_signed([line.text for line in lines[start:end]])] * (end - start)
        return cuts

    def _is_signed(self, block: list[str]) -> bool:
        """Whether a paragraph in a signature is part of one: the sender's own lines, and ways to reach it.

        What stands below a phone's line was written there.
        """
        if not any(_DASHES.match(line) or self._is_own(line.strip()) for line in block):
            return False
        ended = next((n for n, line in enumerate(block) if is_sent_from(line)), len(block))
        return all(self._is_own(line) or (n < ended and self._is_quiet(line)) for n, line in enumerate(block))

    def _is_own(self, line: str) -> bool:
        if is_sent_from(line) or is_footer(line):
            return True
        named = is_name_of(line, self._name, self._address, whole=False) or is_own(line, self._address)
        return named and len(line) <= _LINE_LENGTH and not is_content(line, known=True)

    def _is_quiet(self, line: str) -> bool:
        """Whether a line beside the sender's own says nothing: a dash, a way to reach it, or a few words."""
        if _DASHES.match(line) or (is_contact(line) and not is_content(line, known=True)):
            return True
        return len(line) <= _QUIET and not re.search(r"\d", line) and not is_content(line)

    def at_end(self, lines: list[Line], *, signed: bool) -> tuple[list[Line], list[Line]]:
        """(kept, cut) of the last lines of a mail; `signed` when a signature was already cut below them."""
        kept, gone = lines, list[Line]()
        for _ in range(_ROUNDS):
            kept = _without_blank_end(kept)
            start = _footer_start(kept)
            if start is None:
                start = self._block_start(kept, signed=signed)
                signed = True
            if start is None:
                return kept, gone
            gone = kept[start:] + gone
            kept = kept[:start]
        return kept, gone

    def _block_start(self, lines: list[Line], *, signed: bool) -> int | None:
        """Where a block of name, company and contact details begins, in a paragraph of its own or below a closing."""
        begin = _paragraph_start(lines)
        block = [line.text for line in lines[begin:]]
        before = _without_blank_end(lines[:begin])
        if not before or not block:
            return self._inside(lines, begin)
        greeting = sum(not line.blank for line in before) == 1 and not is_closing(before[-1].text)
        above = "" if greeting else before[-1].text
        if (self._is_second_block if signed else self._is_block)(block, above):
            return begin
        return self._inside(lines, begin)

    def _inside(self, lines: list[Line], begin: int) -> int | None:
        """A signature in the paragraph of the closing phrase: what stands below closing and name."""
        closings = [n for n in range(begin, len(lines)) if is_closing(lines[n].text)]
        if not closings:
            return None
        start = closings[-1] + 2
        block = [line.text for line in lines[start:]]
        return start if block and self._is_block(block, lines[closings[-1]].text) else None

    def _is_second_block(self, block: list[str], above: str) -> bool:
        """Above a signature that is already cut only what is plainly another part of it goes."""
        named = is_name_of(block[0], self._name, self._address, whole=False)
        return len(block) > 1 and named and self._is_block(block, above) and self._evidence(block[1:]) > 0

    def _is_block(self, block: list[str], above: str) -> bool:
        """Whether these lines are a name, a company and ways to reach them, and nothing that is said."""
        named = is_name_of(block[0], self._name, self._address, whole=False)
        if len(block) > _BLOCK_LINES or any(len(line) > _LONGEST for line in block) or is_closing(block[0]):
            return False
        if any(_POSTSCRIPT.match(line) for line in block[named:]) or not (named or self._may_sign(block, above)):
            return False
        signed = is_sign_off(above, self._name, self._address)
        evidence = self._evidence(block)
        if (named or is_closing(above)) and evidence + named + signed >= 3:
            return True
        if any(len(line) > _LINE_LENGTH or is_content(line, known=named or signed) for line in block):
            return False
        if len(block) == 1:
            return self._is_line(block[0], above, evidence, named=named, signed=signed)
        return named or (signed and (evidence > 0 or is_closing(above)))

    def _may_sign(self, block: list[str], above: str) -> bool:
        """Whether lines without the sender's name can be its own: its company's, or nobody else's below a closing."""
        if any(is_own(line, self._address) for line in block):
            return True
        named = is_name_of(above.strip(), self._name, self._address)
        if not named and self._name and self._address:
            # Below "Thanks" alone, with neither name nor company of the sender, stands a customer.
            return False
        return (named or is_closing(above)) and not self._is_anothers(block)

    def _is_anothers(self, block: list[str]) -> bool:
        """Whether the lines, none of them the sender's own, say more than a signature: a contact or a deal."""
        return bool(self._address) and any(_ADDRESS.search(line) or _counts(line) for line in block)

    def _is_line(self, line: str, above: str, evidence: int, *, named: bool, signed: bool) -> bool:
        """One line alone: a name alone is how people end a text, unless it stands apart under a closing phrase."""
        if not is_contact(line) and is_name_of(line, self._name, self._address):
            return is_closing(above)
        if named:
            return evidence > 0 or has_name_and_place(line)
        return signed and evidence > 0

    def _evidence(self, block: list[str]) -> int:
        """How many lines name the company or a way to reach it."""
        return sum(is_contact(line) or names_company(line, self._address) for line in block)


def _counts(line: str) -> bool:
    """Whether a line says a figure that is no phone, postcode or house number: seats, a price, a day."""
    if is_content(line, known=True):
        return True
    return bool(_FIGURE.search(line)) and not is_contact(line) and not _STREET.match(line)


def _marks(lines: list[Line]) -> list[Mark]:
    """The lines' marks, with those below `-- ` as signature, up to a postscript."""
    marks: list[Mark] = []
    below = False
    for at, line in enumerate(lines):
        below = below or (bool(_DASHES.match(line.text)) and _opens_signature(lines, at))
        if below and _POSTSCRIPT.match(line.text):
            below = False
        marks.append(Mark.SIGNATURE if below else line.mark)
    return marks


def _paragraphs(lines: list[Line]) -> list[tuple[int, int]]:
    """(start, end) of every run of lines that are not blank and marked alike."""
    found: list[tuple[int, int]] = []
    start = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or lines[at].blank != lines[start].blank or lines[at].mark is not lines[start].mark:
            if not lines[start].blank:
                found.append((start, at))
            start = at
    return found


def _opens_signature(lines: list[Line], at: int) -> bool:
    """`-- ` always does; a bare dash only above a few lines that ask or claim nothing."""
    if lines[at].text == "-- ":
        return True
    said = [line.text for line in lines[at + 1 : at + 40] if not line.blank]
    if len(said) > _BLOCK_LINES + 3 or any(len(text) > _LONGEST and not is_footer(text[:_LONGEST]) for text in said):
        return False
    return not any(is_content(text, known=True) for text in said if not is_footer(text))


def _footer_start(lines: list[Line]) -> int | None:
    """Where the last footer of a program or lawyer begins, or None."""
    if not lines:
        return None
    last = lines[-1].text
    if is_sent_from(last) or _RULE.match(last) or (len(lines) > 1 and len(last) <= _FOOTER_LENGTH and is_footer(last)):
        return len(lines) - 1
    begin = _paragraph_start(lines)
    paragraph = " ".join(line.text for line in lines[begin:][:_FOOTER_LENGTH])
    if begin > 0 and len(paragraph) <= _FOOTER_LENGTH and is_footer(paragraph):
        return begin
    start = sent_from_start(lines)
    return start if start is not None else list_footer_start(lines)


def _paragraph_start(lines: list[Line]) -> int:
    at = len(lines)
    while at > 0 and not lines[at - 1].blank:
        at -= 1
    return at


def _without_blank_end(lines: list[Line]) -> list[Line]:
    end = len(lines)
    while end > 0 and lines[end - 1].blank:
        end -= 1
    return lines[:end]
