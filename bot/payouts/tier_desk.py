"""A manager gives a partner another tier, or confirms the one it has: with a reason, told to the partner, on record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.partners_named import partner_named
from bot.desk.telling import Telling
from bot.payouts import tier_words
from bot.payouts.tier_partner import change_tier, look
from bot.steps.say import Listener, heading
from bot.storage import ledger, mirror, tiers, timers
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.storage.queue import Queue
from bot.storage.tiers import Change, KeptNotice, Settled
from bot.texts.own import worded
from bot.vocabulary.decisions import Outcome
from bot.vocabulary.results import Done, NotDone
from crm.ports import CrmPort
from crm.records import Channel, Partner
from knowledge.business_days import vendors_day
from knowledge.program import Manager, Program, Tier
from knowledge.programs import Programs
from knowledge.tier_clock import reminder_timer

_REASON = 1_000  # characters


@dataclass(frozen=True, slots=True)
class TierPast:
    """All changes of a partner's tier and all notices that it was given, the oldest first."""

    partner: Partner
    changes: tuple[Change, ...]
    notices: tuple[KeptNotice, ...]


@dataclass(frozen=True, slots=True)
class TierDesk:
    """Setting it twice, or in two places at once, sets it once."""

    database: Database
    queue: Queue
    programs: Programs
    crm: CrmPort
    telling: Telling
    now: Callable[[], datetime]

    async def set(self, partner: str, tier: str, by: str, reason: str) -> Done | NotDone:
        """`partner` by name or id. The tier that it has already lifts a notice that stands. Raises CrmError."""
        program, reason = self.programs.at(self.now()), " ".join(reason.split())[:_REASON]
        who, wanted = program.manager(by), _tier(program, tier)
        if who is None:
            known = ", ".join(manager.email for manager in program.managers)
            return NotDone(f"{by} is no manager of this program", f"managers are {known}")
        if wanted is None:
            known = ", ".join(each.name for each in program.tiers)
            return NotDone(f"the program has no tier {tier!r}", f"its tiers are {known}")
        if not reason:
            return NotDone("a change of the tier needs a reason", "say why in a sentence; it is kept with it")
        found = await self._find(partner)
        if isinstance(found, NotDone):
            return found
        async with self.database.begin() as connection:
            done = await self._write(connection, found.id, wanted, who, reason, program)
        await self.queue.deliver(*Destination)
        return done

    async def past(self, partner: str) -> TierPast | NotDone:
        found = await self._find(partner)
        if isinstance(found, NotDone):
            return found
        async with self.database.reading() as connection:
            changes = await tiers.kept_of(connection, found.id)
            return TierPast(found, changes, await tiers.notices_of(connection, found.id))

    async def _find(self, said: str) -> Partner | NotDone:
        async with self.database.reading() as connection:
            return await partner_named(connection, said)

    async def _write(
        self, connection: AsyncConnection, partner_id: str, wanted: Tier, who: Manager, reason: str, program: Program
    ) -> Done | NotDone:
        await mirror.version(connection, partner_id, lock=True)
        seen = await look(connection, self.crm, partner_id, program.vendor.currency)
        if seen is None:
            return NotDone("the CRM no longer has this partner")
        today, partner = vendors_day(self.now(), program.vendor), seen.partner
        await tiers.noticed(connection, [partner], today)
        lifted = await self._lift(connection, partner, program, today)
        if partner.tier == wanted.name and not lifted:
            return NotDone(f"{partner.name} is {wanted.name} already")
        outcomes = tier_words.lifted(wanted)
        was = partner.tier
        if was != wanted.name:
            change = Change(partner_id, today, was, wanted.name, who.email, reason)
            partner = await change_tier(connection, partner, change, f"set:{self.now().isoformat()}")
            outcomes = tier_words.was_set(was, wanted, today)
        await self._tell(connection, partner, outcomes)
        said = {"was": was, "tier": wanted.name, "reason": reason}
        await ledger.append(connection, "tier_set", who.email, said, partner_id=partner_id)
        if was == wanted.name:
            return Done(f"{partner.name} stays {wanted.name}; its notice no longer stands", partner_id)
        return Done(f"{partner.name} is {wanted.name} from today on; it was {was or 'without a tier'}", partner_id)

    async def _lift(self, connection: AsyncConnection, partner: Partner, program: Program, today: date) -> bool:
        notice = await tiers.standing(connection, partner.id)
        if notice is None:
            return False
        reminder = reminder_timer(notice, partner.id, partner.time_zone, program.vendor)
        await timers.cancel(connection, reminder.key)
        return await tiers.settle(connection, partner.id, Settled.LIFTED, today)

    async def _tell(self, connection: AsyncConnection, partner: Partner, outcomes: tuple[Outcome, ...]) -> None:
        key = f"tier_set:{partner.id}:{self.now().isoformat()}"
        program = self.telling.program
        reader = Listener(partner.language, Channel.EMAIL, "", program.vendor.name, texts=worded(program.texts))
        subject = heading("tier_review.subject", reader)
        await self.telling.tell(connection, key, partner, None, None, outcomes, subject, (), "tier_set")


def _tier(program: Program, name: str) -> Tier | None:
    return next((tier for tier in program.tiers if tier.name.casefold() == name.strip().casefold()), None)
