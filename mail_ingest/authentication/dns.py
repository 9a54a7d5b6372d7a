"""What the checks ask of DNS: one question, one answer, and an error that is told apart from "there is none"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from mail_ingest.errors import MailError

RecordType = Literal["TXT", "A", "AAAA", "MX", "PTR"]


class DnsUnavailable(MailError):
    """No answer: time ran out, or the servers failed or refused. Asking later may work; it says nothing of the mail."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`records` as bytes: the text of a TXT in one piece, an address or a name, b"10 mx.acme.com" for an MX.

    Empty where the name does not exist or has no such record. `ttl` is how many seconds it may be kept.
    """

    records: tuple[bytes, ...]
    ttl: float


class Dns(Protocol):
    """Called from several threads at once."""

    def look_up(self, name: str, kind: RecordType, seconds: float) -> Answer:
        """The records of a name in lower case, CNAMEs followed. Raises `DnsUnavailable`, after `seconds` at most."""
        ...
