"""The clock's part in onboarding: new partners seen, welcomed, and asked after, each thing once whoever does it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.onboarding import noticed, words
from bot.onboarding.letters import NewPartnersLetters, first_of
from bot.onboarding.reach import channel_of, fresh, reachable
from bot.onboarding.rules import OnboardingRules, Welcomed
from bot.onboarding.stage import DAYS, Known, Matter, due_day, known_of, matter
from bot.onboarding.words import Addressed, Saying
from bot.steps.look_up import manager_of
from bot.storage import ledger, mirror, onboarding, preferences, registrations, tasks
from bot.storage.database import Database, StorageUnavailable
from bot.storage.mirror import Held
from bot.storage.onboarding import Onboarded
from bot.storage.outbox import Destination
from bot.storage.queue import Queue
from bot.storage.slack_channels import SlackChannel
from bot.vocabulary.announcing import Route
from crm.records import Contact, ContactRight, Partner
from knowledge.program import Program
from knowledge.programs import Programs
from knowledge.working_hours import awake, place_of

log = logging.getLogger(__name__)

_ACTOR = "clock"


@dataclass(frozen=True, slots=True)
class Moment:
    """One look at one partner: what its onboarding has come to, in whose program, at what time of its own."""

    program: Program
    kept: Onboarded
    held: Held
    now: datetime

    @property
    def to(self) -> Addressed:
        return Addressed(self.program, self.partner, manager_of(self.partner, self.program))

    @property
    def partner(self) -> Partner:
        return self.held.partner

    def key(self, what: str) -> str:
        """Of one onboarding: a later one of the same partner begins anew."""
        began = self.kept.began_at
        return f"onboarding:{began:%Y%m%d%H%M%S}:{what}" if began else f"onboarding:{what}"


@dataclass(frozen=True, slots=True)
class Onboarding:
    """Any number of clocks may ask: a partner is in one hand at a time, and what is written has a key of its own."""

    database: Database
    queue: Queue
    programs: Programs
    rules: OnboardingRules
    now: Callable[[], datetime]
    letters: NewPartnersLetters

    async def __call__(self) -> int:
        """How many mails and posts were written."""
        program = self.programs.at(self.now())
        await self._notice()
        if not self.rules.on:
            return 0
        async with self.database.reading() as connection:
            found = await onboarding.under_way(connection)
        waiting = [kept for kept, partner, channel in found if self._is_due(program, kept, partner, channel=channel)]
        written = sum([await self._see_to(program, kept.partner_id) for kept in waiting])
        if written:
            await self.queue.deliver(Destination.MAIL, Destination.SLACK, Destination.CRM)
        return written

    async def _notice(self) -> None:
        async with self.database.begin() as connection:
            new = await onboarding.notice(connection, self.now(), on=self.rules.on, at_once=self.rules.at_once)
            for partner_id in new.invited:
                await ledger.append(connection, "onboarding", _ACTOR, {"what": "invited"}, partner_id=partner_id)
            if new.held_back:
                await noticed.held_back(connection, len(new.held_back), self.now())

    def _is_due(self, program: Program, kept: Onboarded, partner: Partner, *, channel: bool) -> bool:
        """Whether there may be something to write to it now, where its people are at work."""
        if not self._at_work(program, partner):
            return False
        steps = kept.steps
        if "welcomed" not in steps or (channel and "posted" not in steps):
            return True
        return due_day(_days(steps["welcomed"], _local(self.now(), program, partner)), _checked(kept)) is not None

    def _at_work(self, program: Program, partner: Partner) -> bool:
        moment, vendor = self.now(), program.vendor
        return awake(moment, place_of(partner.time_zone, partner.country, vendor), vendor) <= moment

    async def _see_to(self, program: Program, partner_id: str) -> int:
        """One partner that fails holds up nobody else; a manager has a task then."""
        try:
            async with self.database.begin() as connection:
                return await self._held(connection, program, partner_id)
        except StorageUnavailable:
            raise
        except Exception as fault:
            log.exception("the onboarding of partner %s could not go on", partner_id)
            said = f"the partner's onboarding could not go on ({type(fault).__name__}; the log says more)"
            async with self.database.begin() as connection:
                await tasks.open_task(
                    connection, f"onboarding:{partner_id}:failed", "notice", said, partner_id=partner_id
                )
            return 0

    async def _held(self, connection: AsyncConnection, program: Program, partner_id: str) -> int:
        kept = await onboarding.hold(connection, partner_id)
        held = await mirror.held(connection, partner_id) if kept is not None else None
        if kept is None or held is None:
            return 0
        at = Moment(program, kept, held, _local(self.now(), program, held.partner))
        people = await reachable(connection, held.contacts)
        if "welcomed" not in kept.steps:
            return await self._welcome(connection, at, people)
        channel = await channel_of(connection, partner_id)
        if channel is not None and "posted" not in kept.steps:
            return await self._post(connection, at, channel)
        day = due_day(_days(kept.steps["welcomed"], at.now), _checked(kept))
        if day is None or await self._is_written_to(connection, at):
            return 0
        return await self._check_in(connection, at, people, channel, day)

    async def _welcome(self, connection: AsyncConnection, at: Moment, people: Sequence[Contact]) -> int:
        """To whom the rules name; where there is nobody yet a manager is told once, and the first who comes is."""
        chosen = self._chosen(people)
        if not chosen:
            await self._nobody(connection, at)
            return 0
        saying = Saying(words.welcome(at.to, in_slack=False))
        written, new = 0, (await fresh(connection, at.partner.id, chosen))[: noticed.MOST]
        if len(new) < len(chosen):
            key, left_out = at.key(f"left_out:{at.partner.id}"), len(chosen) - len(new)
            await noticed.left_out(connection, key, at.partner, at.to.manager, left_out)
        for contact in new:
            key = at.key(f"welcome:{contact.id}")
            written += await self.letters.mail(connection, key, at.to, contact, "welcome", saying)
        await onboarding.step(connection, at.partner.id, welcomed=at.now.isoformat())
        await tasks.close_keyed(connection, at.key(f"nobody:{at.partner.id}"), _ACTOR)
        return written

    async def _nobody(self, connection: AsyncConnection, at: Moment) -> None:
        if "nobody" in at.kept.steps:
            return
        await noticed.nobody(connection, at.key(f"nobody:{at.partner.id}"), at.partner, at.to.manager)
        await onboarding.step(connection, at.partner.id, nobody=at.now.isoformat())

    def _chosen(self, people: Sequence[Contact]) -> Sequence[Contact]:
        """Each address once."""
        if self.rules.welcomed is Welcomed.ALL_CONTACTS:
            wanted: Sequence[Contact] = people
        else:
            wanted = [one for one in people if one.main] or [one for one in [first_of(people)] if one is not None]
        return tuple({one.email.lower(): one for one in reversed(wanted)}.values())[::-1]

    async def _post(self, connection: AsyncConnection, at: Moment, channel: SlackChannel) -> int:
        saying = Saying(words.welcome(at.to, in_slack=True))
        written = await self.letters.post(connection, at.key(f"post:{at.partner.id}"), at.to, channel, saying)
        await onboarding.step(connection, at.partner.id, posted=at.now.isoformat())
        return int(written)

    async def _is_written_to(self, connection: AsyncConnection, at: Moment) -> bool:
        """Whether the partner heard of us today already, by that day where it is; then tomorrow will do."""
        start = datetime.combine(at.now.date(), time(), at.now.tzinfo)
        return await onboarding.is_written_to(connection, at.partner.id, start, start + timedelta(days=1))

    async def _check_in(
        self, connection: AsyncConnection, at: Moment, people: Sequence[Contact], channel: SlackChannel | None, day: int
    ) -> int:
        """What there is to say on this day; where there is nothing, or nobody to say it to, the day counts as over."""
        contact = first_of(await fresh(connection, at.partner.id, people))
        told = tuple(Matter(one) for one in at.kept.steps.get("told", ()))
        written, what = 0, None
        if contact is not None:
            known = await self._known(connection, at)
            known = known if contact.may(ContactRight.SEE_DEALS) else known.without_deals()
            what = matter(known, told, at.now.date())
            if what is not None:
                written = await self._say(connection, at, contact, channel, day, what, known)
        said = [*at.kept.steps.get("told", ()), *([what.value] if what else [])]
        await onboarding.step(connection, at.partner.id, checked=day, told=said)
        if day == DAYS[-1]:
            await onboarding.end(connection, at.partner.id)
        return written

    async def _say(
        self, connection: AsyncConnection, at: Moment, contact: Contact, channel: SlackChannel | None, day: int,
        what: Matter, known: Known,
    ) -> int:  # fmt: skip
        """In Slack for who reads there alone; by mail what not everybody in a channel may read."""
        routes = await preferences.routes(connection, [contact.id])
        here = channel if routes.get(contact.id) is Route.SLACK and not what.names_deals else None
        saying = words.check_in(what, known, at.to, day, in_slack=here is not None)
        key = at.key(f"day:{day}:{at.partner.id}")
        if here is not None:
            return int(await self.letters.post(connection, key, at.to, here, saying))
        return int(await self.letters.mail(connection, key, at.to, contact, what.value, saying))

    async def _known(self, connection: AsyncConnection, at: Moment) -> Known:
        heard = await onboarding.last_heard(connection, at.partner.id)
        heard_on = heard.astimezone(at.now.tzinfo).date() if heard else None
        own = await registrations.of_partner(connection, at.partner.id)
        return known_of(heard_on, own, at.held.deals, at.now.date())


def _local(now: datetime, program: Program, partner: Partner) -> datetime:
    """That moment by the partner's clock."""
    return now.astimezone(place_of(partner.time_zone, partner.country, program.vendor).zone)


def _days(welcomed: str, now: datetime) -> int:
    """By the calendar where the partner is."""
    first: date = datetime.fromisoformat(welcomed).astimezone(now.tzinfo).date()
    return (now.date() - first).days


def _checked(kept: Onboarded) -> int:
    return int(kept.steps.get("checked", 0))
