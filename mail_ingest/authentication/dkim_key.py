"""What a DKIM key has to be like before a signature made with it gives authority; RFC 6376, RFC 8301, RFC 8463."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping

from dkim.crypto import UnparsableKeyError, parse_public_key
from dkim.util import InvalidTagValueList, parse_tag_value

from mail_ingest.authentication.bounds import Bounds

_SPACE = re.compile(rb"\s+")
_KEY_OF = {b"rsa-sha256": b"rsa", b"ed25519-sha256": b"ed25519"}
_EDWARDS = 32  # bytes


def key_fault(record: bytes, signature: Mapping[bytes, bytes], bounds: Bounds) -> str:
    """What is wrong with the key record for this signature (its tags), in words, or ""."""
    if len(record) > bounds.record:
        return "its key record is too long"
    try:
        tags = parse_tag_value(record)
    except InvalidTagValueList:
        return "its key record cannot be read"
    return _use_fault(tags, signature) or _strength_fault(tags, bounds)


def _use_fault(tags: Mapping[bytes, bytes], signature: Mapping[bytes, bytes]) -> str:
    """What the key is published for."""
    kind = _KEY_OF.get(signature[b"a"], b"")
    flags = _listed(tags.get(b"t", b""))
    identity = signature.get(b"i", b"@" + signature[b"d"])
    faults = (
        (tags.get(b"v", b"DKIM1") != b"DKIM1", "its key record is of another version"),
        (tags.get(b"k", b"rsa").lower() != kind, "its key is of another kind than the signature"),
        (b"sha256" not in _listed(tags.get(b"h", b"sha256")), "its key is not for SHA-256"),
        (not {b"*", b"email"} & set(_listed(tags.get(b"s", b"*"))), "its key is not for mail"),
        (b"y" in flags, "its domain only tries DKIM out"),
        (
            b"s" in flags and identity.rpartition(b"@")[2].lower() != signature[b"d"].lower(),
            "its key is not for subdomains",
        ),
    )
    return next((words for wrong, words in faults if wrong), "")


def _strength_fault(tags: Mapping[bytes, bytes], bounds: Bounds) -> str:
    try:
        key = base64.b64decode(_SPACE.sub(b"", tags.get(b"p", b"")), validate=True)
    except binascii.Error:
        return "its key cannot be read"
    if not key:
        return "its key is revoked"
    if tags.get(b"k", b"rsa").lower() == b"ed25519":
        return "" if len(key) == _EDWARDS else "its key cannot be read"
    return _rsa_fault(key, bounds)


def _rsa_fault(key: bytes, bounds: Bounds) -> str:
    try:
        numbers = parse_public_key(key)
        bits, exponent = numbers["modulus"].bit_length(), numbers["publicExponent"]
    except (UnparsableKeyError, AssertionError, TypeError, IndexError, KeyError, ValueError):
        return "its key cannot be read"
    if bits < bounds.rsa_least:
        return f"its RSA key has {bits} bits, fewer than {bounds.rsa_least}"
    if bits > bounds.rsa_most or not 3 <= exponent < 1 << bounds.rsa_exponent:
        return "its RSA key is larger than is checked"
    return ""


def _listed(value: bytes) -> list[bytes]:
    return [item.strip().lower() for item in value.split(b":")]
