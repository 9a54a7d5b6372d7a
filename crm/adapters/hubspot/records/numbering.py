"""Numbers for deals that people made in HubSpot and gave to a partner: drawn once, kept, and shown in HubSpot."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence

from sqlalchemy import case, update
from sqlalchemy.dialects.postgresql import insert

from crm.adapters.hubspot.account.portal import Found, Portal, askable
from crm.adapters.hubspot.attribution import Parts
from crm.adapters.hubspot.mapping.deals import OWN
from crm.adapters.hubspot.records.store import DEALS, Known, transaction
from crm.adapters.hubspot.schema import NUMBER
from crm.adapters.hubspot.tables import objects
from crm.adapters.hubspot.transport.faults import Taken
from crm.errors import CrmRejected, CrmUnavailable

_LOG = logging.getLogger(__name__)
_NUMBERS = 1_000_000
_TRIES = 20


async def with_numbers(
    portal: Portal, found: Sequence[Found], attributed: Mapping[str, Parts], known: Mapping[str, Known]
) -> list[Found]:
    """The same deals, those of partners with a number each; the others need none."""
    return [
        await _numbered(portal, one, known.get(one.id))
        if attributed.get(one.id) and not askable(one.props.get(NUMBER, ""))
        else one
        for one in found
    ]


async def as_numbered(portal: Portal, found: Found, known: Known | None) -> Found:
    """The same deal with the number that it has here, which is written again where a person changed it: by another it
    would be another deal, and what is known of this one would be nobody's.
    """
    number = known.number if known is not None and not known.archived else ""
    if number in ("", found.props.get(NUMBER)) or number.startswith(OWN):
        return found
    try:
        await portal.update(DEALS, found.id, {NUMBER: number})
    except (CrmRejected, CrmUnavailable) as fault:
        _LOG.warning("HubSpot did not take the number of deal %s again: %s", found.id, fault)
    return found.with_props({NUMBER: number})


async def _numbered(portal: Portal, found: Found, known: Known | None) -> Found:
    """Kept first and written then: whoever reads the deal again, here or elsewhere, finds the same number."""
    number = known.number if known and not known.number.startswith(OWN) else ""
    for _ in range(_TRIES):
        number = number or await _claimed(portal, found)
        try:
            await portal.update(DEALS, found.id, {NUMBER: number})
        except Taken:
            number = await _given_up(portal, found, number)
            continue
        except (CrmRejected, CrmUnavailable) as fault:
            # It can be found by its number here all the same, and the next who reads it tries again.
            _LOG.warning("HubSpot did not take the number of deal %s: %s", found.id, fault)
        return found.with_props({NUMBER: number})
    raise CrmRejected("HubSpot has no number free for a deal; too many are in use")


async def _claimed(portal: Portal, found: Found) -> str:
    drawn = f"D-{secrets.randbelow(_NUMBERS):06}"
    if await portal.objects.numbered([drawn]):
        drawn = f"D-{secrets.randbelow(_NUMBERS):06}"
    row = {"object_type": DEALS, "hubspot_id": found.id, "number": drawn, "seen": {}, "linked": {}}
    insertion = insert(objects).values(**row, seen_at=portal.now())
    free = (objects.c.number == "") | objects.c.number.startswith(OWN)
    kept = case((free, insertion.excluded.number), else_=objects.c.number)
    claim = insertion.on_conflict_do_update(index_elements=["object_type", "hubspot_id"], set_={"number": kept})
    async with transaction(portal.objects.engine) as connection:
        return str((await connection.execute(claim.returning(objects.c.number))).scalar_one())


async def _given_up(portal: Portal, found: Found, number: str) -> str:
    """Another deal has it. Whoever claimed it here draws again."""
    held = (objects.c.object_type == DEALS) & (objects.c.hubspot_id == found.id) & (objects.c.number == number)
    async with transaction(portal.objects.engine) as connection:
        await connection.execute(update(objects).where(held).values(number=""))
    return ""
