"""The return path of each mail: an address of its own, so that what bounces names the row that bounced (VERP).

The token holds the outbox row's id and a code over it with a secret of this installation. Row ids stand in Message-IDs
and are no secret; without the code nobody could tell us of a bounce that never was.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from uuid import UUID

SECRET = "bounce_secret"  # noqa: S105 - the name under which `bot.storage.instance` keeps it
_CODE_LENGTH = 12  # bytes: 96 bits; local parts end at 64 characters
_ADDRESS = re.compile(r"bounce\+(?P<token>[a-z2-7]{45})@(?P<domain>[^@\s]+)")


@dataclass(frozen=True, slots=True)
class BounceAddresses:
    """`domain` is where bounces come back to, lower case; `secret` the installation's, drawn once and kept."""

    domain: str
    secret: str = field(repr=False)

    def bounce_address(self, row_id: str) -> str:
        """The envelope sender of an outbox row, the same every time. Raises ValueError where `row_id` is no UUID."""
        row = UUID(row_id).bytes
        token = base64.b32encode(row + self._code(row)).decode().rstrip("=").lower()
        return f"bounce+{token}@{self.domain}"

    def row_of(self, address: str) -> str | None:
        """The outbox row of a bounce address, in any case; None for any other address and for a made-up one."""
        found = _ADDRESS.fullmatch(address.strip().strip("<>").lower())
        if found is None or found["domain"] != self.domain:
            return None
        try:
            whole = base64.b32decode(found["token"].upper() + "===")
        except binascii.Error:
            return None
        row, code = whole[:16], whole[16:]
        return str(UUID(bytes=row)) if hmac.compare_digest(code, self._code(row)) else None

    def _code(self, row: bytes) -> bytes:
        return hmac.new(self.secret.encode(), b"bounce:" + row, hashlib.sha256).digest()[:_CODE_LENGTH]


def is_bounce_address(address: str, domain: str) -> bool:
    """Whether it has the form of one; only `row_of` says whether it is one we gave out."""
    found = _ADDRESS.fullmatch(address.lower())
    return found is not None and found["domain"] == domain
