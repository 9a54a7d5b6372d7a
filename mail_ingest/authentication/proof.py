"""Is the sender who it says it is? A verdict on one mail, with the reason in words; only a clear pass proves anything.

Two ways give it: what a trusted mail server in front of us wrote (`trusted_header`), or our own check (`own_check`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from mail_ingest.envelope import Envelope
from mail_ingest.parse import ParsedMail

Kind = Literal["dmarc", "dkim", "spf", "arc", "local", ""]


@dataclass(frozen=True, slots=True)
class SenderProof:
    """What proved the From address ("" for nothing), and the reason in words, for staff and for the log.

    `local` is for a check of the installation's own that trusts the machine the mail came from. `temporary` where
    nothing was proven because DNS did not answer: a later check of the same mail may prove it. `id_signed` is False
    where a signature proves the sender and leaves out the Message-ID: anybody can send that mail again under a new one.
    """

    kind: Kind
    reason: str
    temporary: bool = False
    id_signed: bool = True

    @property
    def proven(self) -> bool:
        return self.kind != ""


class SenderCheck(Protocol):
    """Judges a sender. Blocking is allowed (DNS): it is called off the event loop. Never raises on any mail."""

    def prove(self, mail: ParsedMail, envelope: Envelope) -> SenderProof: ...


class NothingProven:
    """For an installation that knows of no trustworthy verdict."""

    def prove(self, mail: ParsedMail, envelope: Envelope) -> SenderProof:  # noqa: ARG002 - the protocol's signature
        return SenderProof("", "no mail server is configured whose verdict counts")
