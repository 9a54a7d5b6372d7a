"""The known CRMs by name, and the one place that makes the adapter of a chosen one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.embedded import EmbeddedCrm
from crm.adapters.hubspot.options import HubSpotOptions
from crm.ports import Contents, CrmPort


class UnknownCrmError(ValueError):
    """No adapter has the name that was asked for; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What adapters are made with: `engine` is of the database where the embedded CRM lives and the others keep what
    they must; `contents` has the files that go with interactions; options of a CRM are None where it is not chosen.
    """

    engine: AsyncEngine
    contents: Contents | None = None
    hubspot: HubSpotOptions | None = None


def _embedded(around: Surroundings) -> CrmPort:
    return EmbeddedCrm(around.engine)


def _hubspot(around: Surroundings) -> CrmPort:
    if around.hubspot is None:
        raise ValueError("HubSpot needs its options")
    # Only where it is chosen: its client takes a second to load.
    from crm.adapters.hubspot.adapter import HubSpotCrm  # noqa: PLC0415

    return HubSpotCrm(around.engine, around.hubspot, around.contents)


KNOWN: Mapping[str, Callable[[Surroundings], CrmPort]] = {
    "embedded": _embedded,
    "hubspot": _hubspot,
}


def connect(name: str, around: Surroundings) -> CrmPort:
    """The CRM of that name. Raises UnknownCrmError."""
    try:
        make = KNOWN[name.strip().casefold()]
    except KeyError:
        raise UnknownCrmError(f"no CRM is called {name!r}; known are: {', '.join(sorted(KNOWN))}") from None
    return make(around)
