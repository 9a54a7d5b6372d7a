"""What can go wrong with a CRM, named by who can act.

CrmError
|-- CrmUnavailable      wait: down, rate-limited, timed out before anything was sent
|-- CrmRejected         tell: the CRM refused this write for a reason a person can mend
`-- CrmOutcomeUnknown   read back: the answer was lost, the write may or may not have happened
"""

from __future__ import annotations


class CrmError(Exception):
    """Root of everything an adapter may raise."""


class CrmUnavailable(CrmError):
    """Nothing was written; try again after `retry_after` seconds."""

    def __init__(self, message: str, retry_after: float = 30.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class CrmRejected(CrmError):
    """The CRM says no; repeating the same write cannot help."""


class CrmOutcomeUnknown(CrmError):
    """The write was sent and its answer lost; look it up by its key before sending again."""
