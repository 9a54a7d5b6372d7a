"""The known CRMs by name, and the one place that makes the adapter of a chosen one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.embedded import EmbeddedCrm
from crm.ports import CrmPort


class UnknownCrmError(ValueError):
    """No adapter has the name that was asked for; the message lists those there are."""


KNOWN: Mapping[str, Callable[[AsyncEngine], CrmPort]] = {
    "embedded": EmbeddedCrm,
}


def connect(name: str, engine: AsyncEngine) -> CrmPort:
    """The CRM of that name; `engine` is of the database where the embedded one lives. Raises UnknownCrmError."""
    try:
        make = KNOWN[name.strip().casefold()]
    except KeyError:
        raise UnknownCrmError(f"no CRM is called {name!r}; known are: {', '.join(sorted(KNOWN))}") from None
    return make(engine)
