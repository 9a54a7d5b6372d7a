"""What the adapter needs of HubSpot and does not find: an operator mends it, and until then everything waits."""

from __future__ import annotations

from crm.errors import CrmUnavailable

_UNTIL_A_PERSON_ACTS = 300.0
_SETUP = "`partnerline crm setup` makes what is missing"


class NotSetUp(CrmUnavailable):
    """Nothing is lost: what is to be written stays in order until a person has mended it."""

    def __init__(self, lacking: str, fix: str = _SETUP) -> None:
        super().__init__(f"{lacking}; {fix}", _UNTIL_A_PERSON_ACTS)


class OtherAccount(NotSetUp):
    """The token is of another account than the ids that are kept here: written there, everything would go astray."""

    def __init__(self, found: object, kept: object) -> None:
        lacking = f"the token is of HubSpot account {found}, but what is kept here is of account {kept}"
        super().__init__(lacking, f"give a token of account {kept}, or begin with an empty database")
