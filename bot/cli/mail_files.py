"""Mails as files on the command line: read within the limits, `-` is the standard input."""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path

from bot.cli.faults import Fault
from mail_ingest.errors import MailRefused
from mail_ingest.parse import ParsedMail, parse

_LARGEST = 100_000_000  # bytes; far beyond what the mail limits take


def raw_mail(file: Path) -> bytes:
    """The bytes of a mail file. Raises Fault."""
    try:
        if str(file) == "-":
            raw = sys.stdin.buffer.read(_LARGEST)
        else:
            with file.open("rb") as stream:
                raw = stream.read(_LARGEST)
    except OSError as fault:
        raise Fault(
            f"{file} cannot be read: {fault.strerror}", "name a mail file that is there, or - for stdin"
        ) from fault
    if not raw.strip():
        raise Fault(f"{file} is empty", "give a mail with its headers, as a mail program saves it (.eml)")
    return raw


def parsed(raw: bytes, file: Path, own_addresses: Collection[str]) -> ParsedMail:
    """Raises Fault where the mail is beyond the limits."""
    try:
        return parse(raw, own_addresses=own_addresses)
    except MailRefused as fault:
        raise Fault(
            f"{file} is a mail that is not read: {fault}", "a mail like it is shunted and shown to staff"
        ) from fault
