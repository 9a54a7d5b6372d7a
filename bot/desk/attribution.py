"""Whose deal it is, sourced or influenced: changed by managers alone, with a reason, and every change on record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import attributions, ledger, mirror, outbox, registrations
from bot.storage.attributions import Change
from bot.storage.crm_writes import deal_change_row, interaction_row, registration_row
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.storage.queue import Queue
from bot.vocabulary.results import Done, NotDone
from crm.records import Attribution, Channel, Direction, Interaction, Registration
from knowledge.program import Manager, Program

_REASON = 1_000  # characters


@dataclass(frozen=True, slots=True)
class AttributionDesk:
    """Changing it twice, or in two places at once, changes it once."""

    database: Database
    queue: Queue
    program: Program
    now: Callable[[], datetime]

    async def change(self, number: str, by: str, attribution: Attribution, reason: str) -> Done | NotDone:
        """Of a deal and its registration. The partner is told nothing: commission is told by statements."""
        number, reason = number.strip().upper(), " ".join(reason.split())[:_REASON]
        who = self.program.manager(by)
        if who is None:
            known = ", ".join(m.email for m in self.program.managers)
            return NotDone(f"{by} is no manager of this program", f"managers are {known}")
        if not reason:
            return NotDone("a change of the attribution needs a reason", "say why in a sentence; it is kept with it")
        async with self.database.begin() as connection:
            owner = await attributions.owner_of(connection, number)
        if not owner:
            return NotDone(f"there is no deal or registration {number} of a partner's")
        async with self.database.begin() as connection:
            done = await self._write(connection, owner, number, who, attribution, reason)
        await self.queue.deliver(Destination.CRM)
        return done

    async def history(self, number: str) -> tuple[Change, ...]:
        """Every change of it, the first one first."""
        async with self.database.begin() as connection:
            return await attributions.of(connection, number.strip().upper())

    async def _write(
        self, connection: AsyncConnection, owner: str, number: str, who: Manager, attribution: Attribution, reason: str
    ) -> Done | NotDone:
        """What we wrote last counts, whether the CRM has it yet or not. If it says something else by then, the outbox
        tells of the conflict.
        """
        await mirror.version(connection, owner, lock=True)
        kept = await registrations.find(connection, number, lock=True)
        registration = kept.registration if kept else None
        deal = await attributions.mirrored_deal(connection, owner, number)
        was = deal.attribution if deal else registration.attribution if registration else None
        if was is None:
            return NotDone(f"there is no deal or registration {number} of a partner's")
        if was is attribution:
            return NotDone(f"{number} is {attribution.value} already")
        cause = f"attribution:{self.now().isoformat()}"
        if deal is not None:
            changed = replace(deal, attribution=attribution)
            await mirror.store(connection, [changed])
            await outbox.put(connection, [deal_change_row(deal, changed, cause)])
        if registration is not None:
            await self._save(connection, replace(registration, attribution=attribution), cause)
        change = Change(number, was, attribution, who.email, reason, self.now())
        await attributions.note(connection, change)
        await outbox.put(connection, [interaction_row(_told(change, owner, cause))])
        said = {"number": number, "was": was.value, "becomes": attribution.value, "reason": reason}
        await ledger.append(connection, "attribution", who.email, said, partner_id=owner)
        await mirror.bump(connection, [owner])
        return Done(f"{number} is {attribution.value} now; it was {was.value}", number)

    async def _save(self, connection: AsyncConnection, registration: Registration, cause: str) -> None:
        """Neither its state nor a date of it changes, so no timer and no claim does."""
        await registrations.save(connection, registration)
        await outbox.put(connection, [registration_row(registration, cause)])


def _told(change: Change, owner: str, cause: str) -> Interaction:
    return Interaction(
        key=f"{change.number}:{cause}",
        partner_id=owner,
        contact_id=None,
        deal_numbers=(change.number,),
        channel=Channel.CLI,
        direction=Direction.IN,
        at=change.at,
        summary=f"Attribution of {change.number} changed from {change.was.value} to {change.becomes.value}",
        message_id=f"{change.number}:{cause}",
        outcome="attribution_changed",
        body=f"By {change.by}: {change.reason}",
    )
