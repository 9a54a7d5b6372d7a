"""The key by which the same mail is known again when it arrives twice."""

from __future__ import annotations

import hashlib
import re

from mail_ingest.limits import header_block

_FROM = re.compile(rb"(?im)^from:((?:[^\r\n]|\r?\n[ \t])*)")
_DATE = re.compile(rb"(?im)^date:((?:[^\r\n]|\r?\n[ \t])*)")
_ID = re.compile(rb"(?im)^message-id:((?:[^\r\n]|\r?\n[ \t])*)")
_SPACE = re.compile(rb"\s+")


def dedupe_key(raw: bytes, *, by_id: bool = True) -> str:
    """SHA-256 (hex) over Message-ID, From, Date and body of a raw mail.

    Trace headers are left out, as one mail may come by two routes; line ends and white space at the end of the mail are
    evened out. Someone who sends another mail under a known Message-ID gets a key of its own.
    `by_id` False leaves the Message-ID out, for a mail whose sender did not sign it.
    """
    block = header_block(raw)
    body = raw[len(block) :].replace(b"\r\n", b"\n").strip()
    digest = hashlib.sha256()
    for pattern in (_ID, _FROM, _DATE) if by_id else (_FROM, _DATE):
        found = pattern.search(block)
        value = _SPACE.sub(b" ", found[1]).strip() if found else b""
        digest.update(len(value).to_bytes(4, "big") + value)
    digest.update(body)
    return digest.hexdigest()
