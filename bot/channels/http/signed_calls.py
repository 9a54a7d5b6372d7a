"""Whether a call was made, just now, by somebody who has one of the secrets."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence

TIMESTAMP = "Partnerline-Timestamp"
SIGNATURE = "Partnerline-Signature"
TOLERANCE = 300
"""Seconds that the sender's clock and ours may be apart, and that a call may be on its way."""

_VERSION = "v1="
_MOST = 5  # signatures of one call: one for each secret of a change, and a few to spare
_DIGITS = 12


def sign(body: bytes, secret: str, timestamp: int) -> dict[str, str]:
    """The two headers with which a billing system signs `body` at `timestamp` (seconds since 1970)."""
    return {TIMESTAMP: str(timestamp), SIGNATURE: f"{_VERSION}{_digest(body, secret, str(timestamp))}"}


def is_signed(body: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: float) -> bool:
    """Every signature is compared with that of every secret, each in constant time; whatever stands there, it never
    raises.
    """
    timestamp = headers.get(TIMESTAMP, "")
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= _DIGITS):
        return False
    if abs(now - int(timestamp)) > TOLERANCE:
        return False
    expected = [_digest(body, secret, timestamp).encode() for secret in secrets]
    given = [part.strip() for part in headers.get(SIGNATURE, "").split(",")][:_MOST]
    offered = [part.removeprefix(_VERSION).encode("utf-8", "replace") for part in given if part.startswith(_VERSION)]
    # All of them are compared, so that the time taken does not tell which one it was.
    found = [hmac.compare_digest(mine, theirs) for mine in expected for theirs in offered]
    return any(found)


def _digest(body: bytes, secret: str, timestamp: str) -> str:
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
