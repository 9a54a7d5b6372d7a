"""What can go wrong with a CRM, named by who can act.

CrmError
|-- CrmUnavailable      wait: down, rate-limited, timed out before anything was sent
|-- CrmRejected         tell: the CRM refused this write for a reason a person can mend
|   `-- CrmConflict     ask: somebody else changed the same thing meanwhile
`-- CrmOutcomeUnknown   read back: the answer was lost, the write may or may not have happened
"""

from __future__ import annotations

from collections.abc import Collection, Mapping


class CrmError(Exception):
    """Root of everything an adapter may raise."""


class CrmUnavailable(CrmError):
    """Nothing was written; try again after `retry_after` seconds."""

    def __init__(self, message: str, retry_after: float = 30.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class CrmRejected(CrmError):
    """The CRM says no; repeating the same write cannot help."""


class CrmConflict(CrmRejected):
    """Nothing was written: what was to be changed is no longer as it was seen. `fields` are those that differ."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(f"changed in the CRM meanwhile: {', '.join(fields)}")
        self.fields = fields


class CrmOutcomeUnknown(CrmError):
    """The write was sent and its answer lost; look it up by its key before sending again.

    Of many written at once `keys` are those that this holds for, none for all of them; `refused` are those that the CRM
    refused, with its words; the others were written.
    """

    def __init__(self, message: str, keys: Collection[str] = (), refused: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.keys = frozenset(keys)
        self.refused = dict(refused or {})
