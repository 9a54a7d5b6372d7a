"""A DKIM-Signature field before anything is looked up or computed: whether it could give authority at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from dkim.util import InvalidTagValueList, parse_tag_value

from mail_ingest.authentication.bounds import Bounds

Tags = Mapping[bytes, bytes]

# Patterns of dkimpy take the square of such a run; real signatures fold with a line end and a few blanks.
_LONG_RUN = re.compile(rb"\s{100}")
_ALGORITHMS = (b"rsa-sha256", b"ed25519-sha256")  # SHA-1 is no proof: RFC 8301
_FORMS = (b"simple", b"relaxed")
_NAME = re.compile(rb"[A-Za-z0-9_.-]{1,253}")
_SIGNED = ("from", "subject", "date")
_OLDEST = timedelta(days=14)  # longer than any mail server tries to hand a mail over
_NUMBER = re.compile(rb"\d{1,12}")


def tags_of(value: bytes, bounds: Bounds) -> Tags | None:
    """The tags of a signature or seal, or None where it cannot be read."""
    if len(value) > bounds.signature or _LONG_RUN.search(value):
        return None
    try:
        tags: Tags = parse_tag_value(value)
    except InvalidTagValueList:
        return None
    return tags


def signature_fault(tags: Tags, present: Collection[str], received: datetime, bounds: Bounds) -> str:
    """Why it gives no authority, or "". `present` names the fields of the mail, in lower case.

    A subject that is not signed could be another's words over the partner's signature, and a mail without a signed date
    could be sent again for ever.
    """
    for name in (b"v", b"a", b"b", b"bh", b"d", b"h", b"s"):
        if not tags.get(name):
            return f"it has no {name.decode()}="
    if tags[b"a"] not in _ALGORITHMS:
        return f"its algorithm {_shown(tags[b'a'])} is not accepted"
    if not _NAME.fullmatch(tags[b"d"]) or not _NAME.fullmatch(tags[b"s"]):
        return "its domain or selector is no name"
    if not set(tags.get(b"c", b"simple").split(b"/")) <= set(_FORMS):
        return "its c= cannot be read"
    return _signed_fault(tags, present, bounds) or _time_fault(tags, received)


def signed_names(tags: Tags) -> list[str]:
    """The names of the signed fields, in lower case."""
    return [name.strip().lower().decode("ascii", "replace") for name in tags.get(b"h", b"").split(b":")]


def unsigned(tags: Tags, present: Collection[str], wanted: Sequence[str]) -> str:
    """The first field that has to be signed and is not, or ""."""
    names = signed_names(tags)
    return next((name for name in wanted if name in present and name not in names), "")


def _signed_fault(tags: Tags, present: Collection[str], bounds: Bounds) -> str:
    if len(signed_names(tags)) > bounds.signed_names:
        return "it signs too many fields"
    missing = unsigned(tags, present, _SIGNED)
    return f"the {missing.capitalize()} is not among the signed fields" if missing else ""


def _time_fault(tags: Tags, received: datetime) -> str:
    """Judged by when the mail came, not by when it is read."""
    signed, expires = tags.get(b"t"), tags.get(b"x")
    if signed is not None and _NUMBER.fullmatch(signed) and int(signed) < (received - _OLDEST).timestamp():
        return "it was made long before the mail came"
    if expires is None:
        return ""
    if not _NUMBER.fullmatch(expires):
        return "its x= is no time"
    return "it has expired" if int(expires) <= received.timestamp() else ""


def _shown(value: bytes) -> str:
    return value[:30].decode("ascii", "replace")
