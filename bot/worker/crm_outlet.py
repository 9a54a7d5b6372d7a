"""The outlet to the CRM: outbox rows become calls of the CRM port, its errors the outlet's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic

from bot.ports import OutletOutcomeUnknown, OutletRefused, OutletUnavailable, Parcel, Sent
from bot.storage import crm_writes
from crm.errors import CrmOutcomeUnknown, CrmRejected, CrmUnavailable
from crm.ports import CrmPort


class Gathering:
    """Lets interactions wait for company once they come often, so that many share a call and none waits long.

    The first `free` calls of a while go at once; after those, one goes every `seconds`, or as soon as it is full.
    """

    def __init__(self, seconds: float, free: int = 10, clock: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._free = free
        self._clock = clock
        self._left = float(free)
        self._at = clock()

    def wait(self) -> float:
        """Seconds until the next call may go."""
        self._refill()
        return max(0.0, 1.0 - self._left) * self._seconds

    def went(self) -> None:
        self._refill()
        self._left = max(0.0, self._left - 1.0)

    def _refill(self) -> None:
        now = self._clock()
        if self._seconds:
            self._left = min(float(self._free), self._left + (now - self._at) / self._seconds)
        else:
            self._left = float(self._free)
        self._at = now


class CrmOutlet:
    """Implements `bot.ports.BatchOutlet`. Every write is an upsert by key, so an unknown outcome is simply written
    again; a CRM that cannot know a repeat by its key reads back before it writes.
    """

    pace = 0.0
    together = frozenset({crm_writes.LOG_INTERACTION})
    batch = 100

    def __init__(self, crm: CrmPort, gathering: Gathering | None = None) -> None:
        self._crm = crm
        self._gathering = gathering or Gathering(0.0)

    async def send(self, parcel: Parcel) -> Sent:
        try:
            await crm_writes.write(self._crm, parcel.kind, parcel.payload)
        except CrmUnavailable as fault:
            raise OutletUnavailable(str(fault), fault.retry_after) from fault
        except CrmOutcomeUnknown as fault:
            raise OutletOutcomeUnknown(str(fault), may_repeat=True) from fault
        except CrmRejected as fault:
            raise OutletRefused(str(fault)) from fault
        return Sent()

    def wait(self, ready: int) -> float:
        return 0.0 if ready >= self.batch else self._gathering.wait()

    async def send_many(self, parcels: Sequence[Parcel]) -> Sequence[Sent | OutletRefused | OutletOutcomeUnknown]:
        self._gathering.went()
        interactions = [crm_writes.interaction_of(parcel.payload) for parcel in parcels]
        unknown: frozenset[str] = frozenset()
        words = ""
        try:
            refused = await self._crm.log_interactions(interactions)
        except CrmUnavailable as fault:
            raise OutletUnavailable(str(fault), fault.retry_after) from fault
        except CrmOutcomeUnknown as fault:
            if not fault.keys:
                raise OutletOutcomeUnknown(str(fault), may_repeat=True) from fault
            refused, unknown, words = fault.refused, fault.keys, str(fault)
        ends: list[Sent | OutletRefused | OutletOutcomeUnknown] = []
        for interaction in interactions:
            if interaction.key in refused:
                ends.append(OutletRefused(refused[interaction.key]))
            elif interaction.key in unknown:
                ends.append(OutletOutcomeUnknown(words, may_repeat=True))
            else:
                ends.append(Sent())
        return ends
