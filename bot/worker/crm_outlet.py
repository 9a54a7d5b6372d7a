"""The outlet to the CRM: outbox rows become calls of the CRM port, its errors the outlet's."""

from __future__ import annotations

from bot.ports import OutletOutcomeUnknown, OutletRefused, OutletUnavailable, Parcel, Sent
from bot.storage import crm_writes
from crm.errors import CrmOutcomeUnknown, CrmRejected, CrmUnavailable
from crm.ports import CrmPort


class CrmOutlet:
    """Every write is an upsert by key, so an unknown outcome is simply written again."""

    one_by_one = False
    pace = 0.0

    def __init__(self, crm: CrmPort) -> None:
        self._crm = crm

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
