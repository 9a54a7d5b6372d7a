"""The mail to one person, as the outbox keeps it until it is written."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from bot.storage.codec import to_doc
from bot.vocabulary.announcing import AnnouncementText, Call, CallKind, Composed
from bot.vocabulary.documents import to_payload

MAIL = "announcement"
"""The kind of the parcel, and of a reminder's: it has the same ways to leave the list as what it reminds of."""


@lru_cache(maxsize=16)
def _documented(call: Call) -> dict[str, Any]:
    """Made once for thousands; nobody changes it."""
    doc: dict[str, Any] = to_doc(call)
    return doc


def letter(composed: Composed, text: AnnouncementText, to: str, language: str) -> dict[str, Any]:
    """Without what makes it answerable. `text` has its fields filled in, `language` is the reader's own, in which what
    stands around the text is said.
    """
    payload: dict[str, Any] = {
        "to": to, "subject": text.subject, "text": text.body, "language": language or text.language,
    }  # fmt: skip
    if composed.documents:
        payload["documents"] = to_payload(composed.documents)
    if composed.call.kind is not CallKind.NONE:
        payload["call"] = _documented(composed.call_in(text.language))
    return payload
