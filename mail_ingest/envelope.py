"""A mail as it came over the wire: the raw bytes, and what the SMTP dialogue said about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Envelope:
    """`mail_from` is "" for the empty sender of a bounce; `peer` the client's IP address; `received_at` is aware UTC.

    `raw` is never changed: signatures are checked and disputes are settled on it.
    """

    mail_from: str
    rcpt_tos: tuple[str, ...]
    peer: str
    helo: str
    raw: bytes
    received_at: datetime
