"""What does not fit into a property of HubSpot is refused in words, before anything is sent."""

from __future__ import annotations

from crm.adapters.hubspot.records.codec import LONGEST
from crm.errors import CrmRejected


def fits(text: str, what: str) -> str:
    """The text itself. Raises CrmRejected."""
    if len(text) > LONGEST:
        raise CrmRejected(
            f"HubSpot cannot hold this {what}: it takes {len(text)} characters altogether, and {LONGEST} are the most"
        )
    return text
