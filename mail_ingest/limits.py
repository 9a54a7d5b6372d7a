"""The caps on what is read of a mail, and the check on raw bytes that comes before any parsing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mail_ingest.errors import MailRefused

KB = 1024
MB = 1024 * KB


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps with their defaults. Sizes are bytes, `text` and `html` characters.

    Beyond the first group a mail is refused as a whole; beyond the second the rest is left unread and said so in
    `ParsedMail.unread`.
    """

    raw: int = 25 * MB
    header_block: int = 256 * KB
    headers: int = 1_000
    header: int = 64 * KB
    header_parameters: int = 500
    lines: int = 600_000
    nesting: int = 20
    parts: int = 200
    part_headers: int = 5_000
    content_fields: int = 20_000

    recipients: int = 100
    attachments: int = 100
    text: int = 1 * MB
    text_lines: int = 20_000
    html: int = 2 * MB
    html_nesting: int = 1_000
    html_attributes: int = 2_000
    links: int = 5_000
    subject: int = 255
    references: int = 200


DEFAULT = Limits()

_BLANK_LINE = re.compile(rb"\r?\n\r?\n|\r\r")
_FIELD_START = re.compile(rb"(?m)^[^\s:][^:\r\n]*:")
_STRUCTURE = re.compile(
    rb"(?im)^content-(?:type|disposition):(?P<field>[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)|^--(?P<line>[^\r\n]{1,300})"
)
_HEADER_LINE = rb"(?:[!-9;-~][^\r\n:]{0,998}:|[ \t])[^\r\n]*+(?:\r\n|\n|\r)"
# RFC 2231 lets a parameter come in pieces; no mail program does it to a boundary, and it would hide the nesting.
_SPLIT_BOUNDARY = re.compile(rb"(?i)boundary\s*\*")
_BOUNDARY = re.compile(rb"""(?i)boundary\s*=\s*(?:"([^"\r\n]{1,300})"|'?([^\s;"]{1,300}))""")


def check_raw(raw: bytes, limits: Limits = DEFAULT) -> None:
    """Refuse what would be costly or dangerous to parse. Linear in the size of the mail; raises `MailRefused`."""
    if len(raw) > limits.raw:
        raise MailRefused(f"larger than {limits.raw} bytes")
    # A carriage return alone ends a line for the parser, too.
    if raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n") > limits.lines:
        raise MailRefused(f"more than {limits.lines} lines")
    _check_headers(header_block(raw), limits)
    _check_structure(raw, limits)


def header_block(raw: bytes) -> bytes:
    """The top header lines, without the blank line that ends them."""
    end = _BLANK_LINE.search(raw)
    return raw[: end.start()] if end else raw


def _check_headers(block: bytes, limits: Limits) -> None:
    if len(block) > limits.header_block:
        raise MailRefused(f"header block larger than {limits.header_block} bytes")
    starts = [m.start() for m in _FIELD_START.finditer(block)]
    if len(starts) > limits.headers:
        raise MailRefused(f"more than {limits.headers} headers")
    ends = [*starts[1:], len(block)]
    if any(end - start > limits.header for start, end in zip(starts, ends, strict=False)):
        raise MailRefused(f"a header larger than {limits.header} bytes")


def _check_structure(raw: bytes, limits: Limits) -> None:
    """Follow boundaries as a stack, so that depth and number of parts are known before a parser recurses into them."""
    declared: set[bytes] = set()
    stack: list[bytes] = []
    parts = fields = 0
    too_many_headers = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)(?:%b){%d}" % (_HEADER_LINE, limits.part_headers))
    for found in _STRUCTURE.finditer(raw):
        if found["field"] is not None:
            fields += 1
            if fields > limits.content_fields:
                raise MailRefused(f"more than {limits.content_fields} content headers")
            _enter(found["field"], declared, stack, limits)
            continue
        line = found["line"].rstrip()
        name = line if line in declared else line.removesuffix(b"--")
        if name not in declared:
            continue
        parts += 1
        if too_many_headers.match(raw, found.end()):
            raise MailRefused(f"more than {limits.part_headers} header lines in a part")
        _follow(name, closing=name != line, stack=stack)
        if len(stack) > limits.nesting:
            raise MailRefused(f"nested deeper than {limits.nesting}")
        if parts > limits.parts:
            raise MailRefused(f"more than {limits.parts} parts")


def _enter(value: bytes, declared: set[bytes], stack: list[bytes], limits: Limits) -> None:
    if value.count(b";") > limits.header_parameters:
        raise MailRefused(f"more than {limits.header_parameters} parameters in a header")
    if _SPLIT_BOUNDARY.search(value):
        raise MailRefused("a boundary in pieces")
    boundary = _BOUNDARY.search(value)
    if boundary:
        declared.add((boundary[1] or boundary[2]).rstrip())
    elif value.strip().lower().startswith(b"message/"):
        stack.append(b"")
        if len(stack) > limits.nesting:
            raise MailRefused(f"nested deeper than {limits.nesting}")


def _follow(name: bytes, *, closing: bool, stack: list[bytes]) -> None:
    if name in stack:
        del stack[stack.index(name) + (0 if closing else 1) :]
    elif not closing:
        stack.append(name)
