"""How something goes out to a channel or to the CRM, and how that may end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.vocabulary.documents import Document


@dataclass(frozen=True, slots=True)
class Parcel:
    """Something to send; `id` is the outbox row's and the same at every attempt.

    `unsure` counts earlier attempts whose end nobody knows (the answer was lost, or the process died in the middle);
    `first_tried_at` is when the first attempt began, None before it.
    """

    id: str
    kind: str
    payload: dict[str, object]
    attempts: int
    unsure: int = 0
    first_tried_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """`kept` where there is nowhere to send it and people read it in the console; `remote_id` is the far side's."""

    remote_id: str = ""
    kept: bool = False


class OutletUnavailable(Exception):
    """Nothing was sent; try again in `retry_after` seconds. `only_this` where others may well be taken meanwhile.

    `counts` False where the far side only named a later time: however often it does, that is no reason to give up.
    """

    def __init__(self, reason: str, retry_after: float = 30.0, *, only_this: bool = False, counts: bool = True) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.only_this = only_this
        self.counts = counts


class OutletRefused(Exception):
    """This one will never be taken; others may."""


class OutletOutcomeUnknown(Exception):
    """It was sent and the answer lost; `may_repeat` where the far side recognises a repeat."""

    def __init__(self, reason: str, *, may_repeat: bool) -> None:
        super().__init__(reason)
        self.may_repeat = may_repeat


class Documents(Protocol):
    """Where the bytes are of what a mail refers to."""

    async def load(self, document: Document) -> bytes | None:
        """None where they are no longer there, or are not those that the mail means."""
        ...


class Outlet(Protocol):
    """Sends to one destination. Many rows share one note of success, save where the outlet keeps a pace or is an
    `AheadOutlet`: there an attempt is noted before it begins, since repeating does harm.

    `pace` is how many seconds lie between two rows of one ordering (a Slack channel), 0 where it does not matter.
    """

    pace: float

    async def send(self, parcel: Parcel) -> Sent: ...


class Prepared(Protocol):
    """A row of which the far side has all but the last step."""

    async def send(self) -> Sent:
        """The last step; raises as `Outlet.send`."""
        ...

    def drop(self) -> None:
        """It is not to be sent after all."""
        ...


@runtime_checkable
class AheadOutlet(Outlet, Protocol):
    """An outlet that prepares rows, at most `ahead` at a time, while another takes its last step."""

    ahead: int

    async def prepare(self, parcel: Parcel) -> Prepared:
        """Sends nothing; raises as `Outlet.send`, save that the outcome is always known."""
        ...

    async def rest(self) -> None:
        """Nothing more is to come for now."""
        ...


@runtime_checkable
class BatchOutlet(Outlet, Protocol):
    """An outlet that takes rows of the kinds `together` in one call, at most `batch` of them."""

    together: frozenset[str]
    batch: int

    def wait(self, ready: int) -> float:
        """For how many seconds `ready` such rows had better wait for more of them; 0 where they may go now."""
        ...

    async def send_many(
        self, parcels: Sequence[Parcel]
    ) -> Sequence[Sent | OutletRefused | OutletUnavailable | OutletOutcomeUnknown]:
        """How each ended, in their order; an `OutletUnavailable` among them concerns only that one.

        Raises OutletUnavailable and OutletOutcomeUnknown where that holds for all of them.
        """
        ...
