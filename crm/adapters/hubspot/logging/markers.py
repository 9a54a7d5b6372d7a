"""The marker by which something logged in a timeline is found again: a hash of its key, at the end of its text."""

from __future__ import annotations

import re
from hashlib import blake2b

_MARKER = re.compile(r"\[ref: ([0-9a-f]{24})\]")


def marker_of(key: str) -> str:
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def ref(marker: str) -> str:
    """As it stands in a text."""
    return f"[ref: {marker}]"


def markers_in(text: str) -> list[str]:
    """Those that stand in a text, the last one last: what a partner quotes comes before our own."""
    return _MARKER.findall(text)


def own_marker(text: str) -> str:
    """The marker of the text itself; "" for none."""
    return next(reversed(markers_in(text)), "")


def without_markers(text: str) -> str:
    """For words of strangers: nothing in them passes for a marker of ours."""
    return _MARKER.sub(lambda found: f"(ref: {found.group(1)})", text)
