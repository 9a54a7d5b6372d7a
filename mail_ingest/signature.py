"""Cutting what stands under a text: signatures, "Sent from my …" lines and legal footers. When in doubt, it stays."""

from __future__ import annotations

import re

from mail_ingest.contact_lines import is_contact, is_content, is_name_of, names_company
from mail_ingest.footers import is_footer, is_sent_from, sent_from_start
from mail_ingest.lines import Line, Mark
from mail_ingest.sign_off import is_closing, is_sign_off

_DASHES = re.compile(r"^\s{0,2}(?:-- ?|—|–|--\s+--)\s*$")
_RULE = re.compile(r"^\s*(?:[_=*~]{4,}|-{3,}|—{2,}|(?:[-*~] ){2,}[-*~]?)\s*$")
_POSTSCRIPT = re.compile(r"^\W{0,3}(?:p\.? ?s\.?|ps|p\.?d\.?|nb|n\.b\.)\s*[:.)-]?\s", re.IGNORECASE)
_BLOCK_LINES = 9
_LINE_LENGTH = 110


class SignatureCutter:
    """Knows the sender's name and address, and so which lines are its own name, company or contact details."""

    def __init__(self, sender_name: str = "", sender_address: str = "") -> None:
        self._name = sender_name
        self._address = sender_address

    def cut(self, lines: list[Line]) -> tuple[list[Line], list[Line]]:
        """(kept, cut) of one chunk of the sender's lines; both in their order."""
        kept, gone = self._at_marks(lines)
        while True:
            kept = _without_blank_end(kept)
            start = self._tail_start(kept)
            if start is None:
                return kept, gone
            gone = kept[start:] + gone
            kept = kept[:start]

    def _at_marks(self, lines: list[Line]) -> tuple[list[Line], list[Line]]:
        """Cut at `-- ` and at what the HTML marks as a signature; a postscript below stays."""
        kept: list[Line] = []
        gone: list[Line] = []
        below = False
        for at, line in enumerate(lines):
            below = below or (bool(_DASHES.match(line.text)) and self._opens_signature(lines, at))
            if below and _POSTSCRIPT.match(line.text):
                below = False
            (gone if below or line.mark is Mark.SIGNATURE else kept).append(line)
        return kept, gone

    def _opens_signature(self, lines: list[Line], at: int) -> bool:
        """`-- ` always does; a bare dash only above a few lines that are no text."""
        if lines[at].text.rstrip("\n") == "-- ":
            return True
        said = [line for line in lines[at + 1 :] if not line.blank]
        return len(said) <= _BLOCK_LINES + 3 and not any(
            is_content(line.text) for line in said if not is_footer(line.text)
        )

    def _tail_start(self, lines: list[Line]) -> int | None:
        """Where the last thing to cut begins, or None when the end is text."""
        if not lines:
            return None
        if is_sent_from(lines[-1].text):
            return len(lines) - 1
        begin = _paragraph_start(lines)
        if is_footer(" ".join(line.text for line in lines[begin:])) and begin > 0:
            return begin
        if is_footer(lines[-1].text) and len(lines) > 1:
            return len(lines) - 1
        if (start := sent_from_start(lines)) is not None:
            return start
        if _RULE.match(lines[-1].text):
            return len(lines) - 1
        return self._block_start(lines, begin)

    def _block_start(self, lines: list[Line], begin: int) -> int | None:
        block = [line.text for line in lines[begin:]]
        before = _without_blank_end(lines[:begin])
        if before and self._is_block(block, before[-1].text):
            return begin
        return self._inside(lines, begin)

    def _inside(self, lines: list[Line], begin: int) -> int | None:
        """A signature in the same paragraph as the closing phrase: the lines below closing and name."""
        closings = [n for n in range(begin, len(lines)) if is_closing(lines[n].text)]
        if not closings:
            return None
        start = closings[-1] + 1
        if start < len(lines) and is_name_of(lines[start].text, self._name, self._address):
            start += 1
        block = [line.text for line in lines[start:]]
        if block and self._is_block(block, lines[closings[-1]].text):
            return start
        return None

    def _is_block(self, block: list[str], above: str) -> bool:
        """Whether these lines are a name, a company and ways to reach them, and nothing that is said."""
        if len(block) > _BLOCK_LINES or any(len(line) > _LINE_LENGTH for line in block):
            return False
        if _POSTSCRIPT.match(block[0]) or is_closing(block[0]):
            return False
        named = is_name_of(block[0], self._name, self._address, whole=False)
        signed = is_sign_off(above, self._name, self._address)
        if any(is_content(line, known=named or signed) for line in block):
            return False
        company = any(names_company(line, self._address) for line in block)
        contact = any(is_contact(line) for line in block)
        if len(block) == 1 and is_name_of(block[0], self._name, self._address):
            # A name alone is how people end a text; under a closing that is already signed it is a signature.
            return signed and not is_closing(above)
        return named or company and (signed or contact) or signed or contact and company


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
