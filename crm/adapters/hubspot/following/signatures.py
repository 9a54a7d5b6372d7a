"""Whether a call came from HubSpot just now: its signature of version 3, with one of the app's client secrets."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from urllib.parse import unquote

SIGNATURE = "x-hubspot-signature-v3"
TIMESTAMP = "x-hubspot-request-timestamp"
TOLERANCE = 300.0
"""Seconds that HubSpot's clock and ours may be apart, and that a call may be on its way (its own five minutes)."""

_DIGITS = 16
# What HubSpot decodes before it signs (its page on validating requests). Samples of its own decode everything, so that
# is taken as well.
_DECODED = {
    "%3A": ":", "%2F": "/", "%3F": "?", "%40": "@", "%21": "!", "%24": "$",
    "%27": "'", "%28": "(", "%29": ")", "%2A": "*", "%2C": ",", "%3B": ";",
}  # fmt: skip
_ENCODED = re.compile("|".join(_DECODED), re.IGNORECASE)


def is_signed(
    method: str,
    urls: Iterable[str],
    headers: Mapping[str, str],
    body: bytes,
    secrets: Sequence[str],
    now: datetime,
) -> bool:
    """`urls` are those that HubSpot may have addressed: as the call arrived, and as the world knows us. Every signature
    is compared, each in constant time; whatever stands in the call, it never raises.
    """
    timestamp = headers.get(TIMESTAMP, "").strip()
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= _DIGITS):
        return False
    if abs(now.timestamp() - int(timestamp) / 1000) > TOLERANCE:
        return False
    given = headers.get(SIGNATURE, "").strip().encode("utf-8", "replace")
    spelled = dict.fromkeys(form for url in urls for form in (url, decoded(url), unquote(url)))
    expected = [signature(method, url, body, timestamp, secret) for url in spelled for secret in secrets]
    # All of them are compared, so that the time taken does not tell which one it was.
    found = [hmac.compare_digest(mine.encode(), given) for mine in expected]
    return any(found)


def signature(method: str, url: str, body: bytes, timestamp: str, secret: str) -> str:
    """The header's value for a call to `url` (decoded) at `timestamp`, in milliseconds since 1970."""
    said = method.upper().encode() + url.encode("utf-8", "replace") + body + timestamp.encode()
    return base64.b64encode(hmac.new(secret.encode(), said, hashlib.sha256).digest()).decode()


def decoded(url: str) -> str:
    """The address with those characters decoded that HubSpot decodes."""
    return _ENCODED.sub(lambda found: _DECODED[found.group().upper()], url)
