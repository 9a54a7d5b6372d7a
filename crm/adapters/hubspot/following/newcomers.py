"""A partner that is known from now on: contacts and deals that people gave to it before are looked at again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from crm.adapters.hubspot.account.portal import Portal
from crm.adapters.hubspot.following.cursor import Cursor, Pass
from crm.adapters.hubspot.following.event_bodies import Touch
from crm.adapters.hubspot.following.handed import Handed
from crm.adapters.hubspot.following.webhooks import touch
from crm.adapters.hubspot.records.store import CONTACTS, DEALS


async def welcomed(portal: Portal, handed: Handed, now: Cursor, object_type: str, partners: Collection[str]) -> Cursor:
    """`partners` are ids of HubSpot, `object_type` is theirs. The walks that may find something of them begin anew;
    where that would be through all deals, those that are associated with them count as touched.
    """
    if not partners or not now.walked_at:
        # The first walk comes to contacts and deals after all partners.
        return now
    await handed.forget_nothings(CONTACTS)
    anew = {"contacts"}
    if portal.attributions.along:
        await handed.forget_nothings(DEALS)
        anew.add("deals")
    else:
        for partner in partners:
            deals = await portal.linked(object_type, partner, DEALS)
            await touch(portal.objects.engine, [Touch(DEALS, deal, portal.now()) for deal in deals])
    passes = {kind: _from_the_start(walk) if kind in anew else walk for kind, walk in now.passes.items()}
    return replace(now, passes=passes, walked_at=0.0)


def _from_the_start(walk: Pass) -> Pass:
    return replace(walk, at=0, after="") if walk.under_way else Pass()
