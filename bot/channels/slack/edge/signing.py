"""Slack's request signature: made for the demo console and checked for everything that arrives."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from slack_sdk.signature import SignatureVerifier

SIGNATURE = "X-Slack-Signature"
TIMESTAMP = "X-Slack-Request-Timestamp"


def sign(body: bytes, secret: str, timestamp: int) -> dict[str, str]:
    """The two headers with which Slack signs `body` at `timestamp` (seconds since the epoch)."""
    base = b"v0:%d:%b" % (timestamp, body)
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {TIMESTAMP: str(timestamp), SIGNATURE: f"v0={digest}"}


def is_signed(body: bytes, headers: Mapping[str, str], secret: str) -> bool:
    """Whether Slack signed these bytes within the last five minutes; whatever the headers hold, it never raises."""
    try:
        return SignatureVerifier(secret).is_valid(body, headers.get(TIMESTAMP), headers.get(SIGNATURE))
    except (ValueError, TypeError):
        # A timestamp that is no number, a body that is no UTF-8, a signature outside ASCII.
        return False
