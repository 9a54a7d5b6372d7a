"""How the agent stands with its CRM, as the console shows it: what waits to be written there, and what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class WaitingEntries:
    """Entries on their way, of one kind or of one partner: `what` in words, `since` of the oldest."""

    what: str
    count: int
    since: datetime
    partner_id: str = ""


@dataclass(frozen=True, slots=True)
class RefusedView:
    """What the CRM does not hold, in its `words`; `unknown` where nobody can tell whether it arrived. `older` is how
    many earlier states of the same are as little there.
    """

    id: str
    what: str
    words: str
    at: datetime
    partner_id: str = ""
    partner_name: str = ""
    unknown: bool = False
    older: int = 0


@dataclass(frozen=True, slots=True)
class MirroredView:
    """Records of a kind that are kept here, and when one of them last changed."""

    kind: str
    count: int
    changed: datetime


@dataclass(frozen=True, slots=True)
class Outage:
    """A service that is left alone until `until` because it did not answer."""

    since: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class CrmView:
    """`name` is what people call the CRM, `where` its address, `facts` what its adapter says of it.

    `writing` and `reading` are set while it does not answer; `looked` is when what changed there was last asked for
    and told, None for never. `waiting` is the whole count, by kind and by partner the oldest first; `refused` the
    newest first, `refused_count` all of them.
    """

    name: str
    where: str
    facts: tuple[tuple[str, str], ...] = ()
    writing: Outage | None = None
    reading: Outage | None = None
    looked: datetime | None = None
    waiting: int = 0
    kinds: tuple[WaitingEntries, ...] = ()
    partners: tuple[WaitingEntries, ...] = ()
    refused: tuple[RefusedView, ...] = ()
    refused_count: int = 0
    mirrored: tuple[MirroredView, ...] = ()

    @property
    def since(self) -> datetime | None:
        """Since when the oldest entry waits."""
        return min((entry.since for entry in self.kinds), default=None)
