"""Our own DKIM signature on outgoing mail, for who has no relay that signs (RFC 6376)."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32

import dkim

_SIGNED = (
    "from", "to", "reply-to", "subject", "date", "message-id", "in-reply-to", "references", "mime-version",
    "content-type", "content-transfer-encoding", "auto-submitted", "list-id", "list-unsubscribe",
    "list-unsubscribe-post",
)  # fmt: skip
"""RFC 8058 wants the two headers of one-click unsubscribing under the signature."""
_ONCE = ("from", "to", "subject", "date", "reply-to")


class KeyUnusable(ValueError):
    """The private key cannot sign; the message says why."""


@dataclass(frozen=True, slots=True)
class Signature:
    """`domain` is that of From, so that the signature aligns; `key` an RSA private key in PEM."""

    domain: str
    selector: str
    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raises KeyUnusable at the start rather than at the first mail."""
        try:
            self.signed(b"From: check@" + self.domain.encode() + b"\r\n\r\ncheck\r\n")
        except (dkim.DKIMException, ValueError, KeyError, IndexError, UnicodeError) as fault:
            raise KeyUnusable(f"{type(fault).__name__}: {fault}") from fault

    def signed(self, raw: bytes) -> bytes:
        """The mail with its signature on top. A header signed once more than it stands cannot be added on the way."""
        headers: Message = BytesHeaderParser(policy=compat32).parsebytes(raw)
        names = [name for name in _SIGNED if name in headers]
        names += _ONCE
        line = dkim.DKIM(raw).sign(
            self.selector.encode(),
            self.domain.encode(),
            self.key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[name.encode() for name in names],
        )
        return bytes(line) + raw
