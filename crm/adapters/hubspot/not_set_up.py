"""What the adapter needs in HubSpot and does not find there: an operator mends it, and until then everything waits."""

from __future__ import annotations

from crm.errors import CrmUnavailable

_UNTIL_A_PERSON_ACTS = 300.0


class NotSetUp(CrmUnavailable):
    """Nothing is lost: what is to be written stays in order until `crm setup` has run."""

    def __init__(self, lacking: str) -> None:
        super().__init__(f"{lacking}; `partnerline crm setup` makes what is missing", _UNTIL_A_PERSON_ACTS)
