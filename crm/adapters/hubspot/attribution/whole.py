"""Whether a batch was read as a whole: what HubSpot could not read just now must not pass for "nobody"."""

from __future__ import annotations

from crm.adapters.hubspot.client import Answer
from crm.adapters.hubspot.faults import words
from crm.errors import CrmUnavailable

_NOTHING_THERE = "OBJECT_NOT_FOUND"


def whole(answer: Answer) -> None:
    """Raises CrmUnavailable where one of the inputs failed; one that is not there, or has no associations, is fine."""
    failed = [error for error in answer.errors if error.get("category") != _NOTHING_THERE]
    if failed:
        raise CrmUnavailable(f"HubSpot answered in part only: {words(failed[0])}")
