"""The desk at which managers announce: drafts, previews, tests, one confirmation, and what stops it and resumes it.

Any number of managers and processes may act at once: each act locks the announcement first and looks at its state.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.composing.faults import announcer, fault_of, tidied
from bot.announcements.planning.copies import Plan
from bot.announcements.planning.gathering import planned_copies
from bot.announcements.planning.previewing import Looks, differing, plain_looks, preview_of, says_deals
from bot.announcements.planning.when import is_past, planned
from bot.announcements.refusals import NONE_SUCH, changed_meanwhile, nobody_in, not_now, said_already
from bot.announcements.segments.choices import known_choices
from bot.announcements.sending.stopping import put_back, taken_from_outbox
from bot.announcements.sending.trying import Trying
from bot.storage import ledger, outbox, timers
from bot.storage.announcing import kept, progress, readers
from bot.storage.announcing.pace import Pace
from bot.storage.codec import storable
from bot.storage.database import Database
from bot.storage.documents import StoredDocuments, is_kept_here
from bot.storage.outbox import Destination
from bot.storage.queue import ANNOUNCE, TICK, Queue
from bot.vocabulary.announcing import Announcement, AnnouncementState, Composed, Preview, Progress, Zone
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import SegmentChoices
from knowledge.deal_clock import Timer
from knowledge.program import Manager, Program
from knowledge.working_hours import place_of

ANNOUNCEMENT = "announcement"
"""The kind of its timer; the subject is the announcement's id."""
_SAME = timedelta(hours=24)
"""Within that time the same words to the same segment are one announcement, whoever sends them."""
State = AnnouncementState


@dataclass(frozen=True, slots=True)
class AnnouncementDesk:
    """`by` is a manager's address throughout. `looks` writes a mail as its reader sees it."""

    database: Database
    queue: Queue
    program: Program
    now: Callable[[], datetime]
    mail_domain: str
    pace: Pace
    looks: Looks = plain_looks

    async def choices(self) -> SegmentChoices:
        """What a segment may name."""
        async with self.database.begin() as connection:
            return await known_choices(connection, self.program)

    async def keep(self, by: str, composed: Composed, announcement_id: str | None = None) -> Announcement | NotDone:
        """A new draft, or a draft or a scheduled one changed, which is a draft again and wants to be confirmed anew.

        A new one gets `announcement_id` where it is a UUID: kept twice under it, it is one.
        """
        taken = await self._taken(by, composed)
        if isinstance(taken, NotDone):
            return taken
        who, composed = taken
        name = _uuid(announcement_id) if announcement_id else str(uuid4())
        if not name:
            return NONE_SUCH
        async with self.database.begin() as connection:
            made = await kept.create(connection, name, composed, who.email, self.now())
            if not made and (fault := await self._change(connection, name, composed)):
                return fault
            found = await kept.find(connection, name)
        return found or NONE_SUCH

    async def find(self, announcement_id: str) -> Announcement | None:
        async with self.database.reading() as connection:
            return await kept.find(connection, announcement_id)

    async def listed(self, limit: int = 100) -> tuple[Announcement, ...]:
        """The newest first, drafts among them."""
        async with self.database.reading() as connection:
            return await kept.listed(connection, limit)

    async def preview(self, by: str, composed: Composed, samples: int = 3) -> Preview | NotDone:
        """Whom it would reach as things stand, and what so many of them would see; nothing is kept or sent."""
        taken = await self._taken(by, composed)
        if isinstance(taken, NotDone):
            return taken
        _, composed = taken
        async with self.database.begin() as connection:
            plan = await planned_copies(connection, composed, self.program, self.now())
            return await self._preview(connection, composed, plan, samples)

    async def test(self, by: str, composed: Composed) -> Done | NotDone:
        """What partners will see, to the manager himself: by mail, and directly in Slack where he is known there."""
        taken = await self._taken(by, composed)
        if isinstance(taken, NotDone):
            return taken
        who, composed = taken
        async with self.database.begin() as connection:
            plan = await planned_copies(connection, composed, self.program, self.now())
            told = await Trying(self.program, who).send(connection, composed, plan)
        await self.queue.deliver(Destination.MAIL, Destination.SLACK)
        return told

    async def confirm(
        self, by: str, announcement_id: str, count: int, seen: str = ""
    ) -> Announcement | Preview | NotDone:
        """Sent or scheduled once, whoever confirms how often. `count` is the number of contacts that was shown: where
        it is another one now nothing is sent and the new preview comes back. `seen` is the version of what was shown;
        what somebody changed since is not sent ("" is not to be asked).
        """
        who = announcer(self.program, by)
        if isinstance(who, NotDone):
            return who
        async with self.database.begin() as connection:
            found = await kept.find(connection, announcement_id, lock=True)
            if found is None:
                return NONE_SUCH
            if found.state is State.CANCELLED:
                return NotDone(f"“{found.subject}” was cancelled", "write it anew if it is to go out after all")
            if found.state is not State.DRAFT:
                return found
            if seen and seen != found.composed.version:
                return changed_meanwhile(found)
            done = await self._confirmed(connection, found, who, count)
        if isinstance(done, Announcement) and (done.send_at is None or done.send_at <= self.now()):
            await self.queue.nudge(TICK, f"due:{done.id}", name="due", tick=f"{done.id}:{done.send_at}")
        return done

    async def pause(self, by: str, announcement_id: str) -> Done | NotDone:
        """Nothing more of it goes from now on; what is on its way to the relay or Slack this moment arrives."""
        async with self.database.begin() as connection:
            found = await self._to_change(connection, by, announcement_id)
            if isinstance(found, NotDone):
                return found
            if found.state is State.PAUSED:
                return Done(f"“{found.subject}” is paused already", found.id)
            if found.state is not State.SENDING:
                return not_now(found, "nothing of it is on its way")
            await kept.move(connection, found.id, State.PAUSED)
            await outbox.hold_of(connection, found.id)
            await self._note(connection, "announcement_paused", by, found)
        return Done(f"“{found.subject}” is paused; nothing more of it goes out until it is resumed", found.id)

    async def resume(self, by: str, announcement_id: str) -> Done | NotDone:
        """What has not gone yet goes, at the pace and the hours at which it may."""
        async with self.database.begin() as connection:
            found = await self._to_change(connection, by, announcement_id)
            if isinstance(found, NotDone):
                return found
            if found.state is State.SENDING:
                return Done(f"“{found.subject}” goes out already", found.id)
            if found.state is not State.PAUSED:
                return not_now(found, "only what is paused is resumed")
            await kept.move(connection, found.id, State.SENDING)
            await put_back(connection, found, self.program, self.pace, self.now())
            await self._note(connection, "announcement_resumed", by, found)
        await self.queue.nudge(ANNOUNCE, f"announce:{found.id}", announcement_id=found.id)
        await self.queue.deliver(Destination.MAIL, Destination.SLACK)
        return Done(f"“{found.subject}” goes on", found.id)

    async def cancel(self, by: str, announcement_id: str) -> Done | NotDone:
        """For good: what has gone has gone, and nothing else of it does."""
        async with self.database.begin() as connection:
            found = await self._to_change(connection, by, announcement_id)
            if isinstance(found, NotDone):
                return found
            if found.state is State.SENT:
                return NotDone(f"“{found.subject}” has gone out already", "announce what has changed since")
            if found.state is State.CANCELLED:
                return Done(f"“{found.subject}” was cancelled and is not sent", found.id)
            await kept.move(connection, found.id, State.CANCELLED, ended_at=self.now())
            await timers.cancel(connection, _timer_key(found.id))
            stopped = await taken_from_outbox(connection, found.id)
            await self._note(connection, "announcement_cancelled", by, found)
            counted = await progress.progress_of(connection, found.id, State.CANCELLED, self.now())
        if not (stopped or counted.total):
            return Done(f"“{found.subject}” was cancelled and is not sent", found.id)
        gone = f"{counted.total - counted.cancelled} of {counted.total} had gone"
        return Done(f"“{found.subject}” was cancelled: {gone}, and nothing more goes out", found.id)

    async def progress(self, announcement_id: str) -> Progress | None:
        """How far it has come; None for what is no announcement."""
        async with self.database.reading() as connection:
            found = await kept.find(connection, announcement_id)
            return await progress.progress_of(connection, found.id, found.state, self.now()) if found else None

    async def _change(self, connection: AsyncConnection, announcement_id: str, composed: Composed) -> NotDone | None:
        found = await kept.find(connection, announcement_id, lock=True)
        if found is None:
            return NONE_SUCH
        if found.composed == composed:
            return None
        if found.state not in (State.DRAFT, State.SCHEDULED):
            return not_now(found, "only what has not been sent is changed")
        await kept.change(connection, found.id, composed)
        await timers.cancel(connection, _timer_key(found.id))
        return None

    async def _confirmed(
        self, connection: AsyncConnection, found: Announcement, who: Manager, count: int
    ) -> Announcement | Preview | NotDone:
        now, composed = self.now(), found.composed
        if fault := await self._fault(composed):
            return fault
        plan = await planned_copies(connection, composed, self.program, now)
        if not plan.copies:
            return nobody_in(composed.segment)
        if len(plan.copies) != count:
            return await self._preview(connection, composed, plan, 3)
        vendor = self.program.vendor
        places = {place_of(copy.partner.time_zone, copy.partner.country, vendor) for copy in plan.copies}
        if is_past(composed.timing, now, places, vendor):
            return NotDone("the time at which it is to go out is past", "choose one ahead, or none to send it at once")
        if twin := await kept.twin(connection, found.id, composed, now - _SAME):
            return said_already(twin)
        send_at = self._begins(composed, plan, now)
        await kept.confirm(connection, found.id, who.email, now, send_at)
        await timers.schedule(connection, Timer(_timer_key(found.id), ANNOUNCEMENT, found.id, send_at))
        doc = {"announcement": found.id, "subject": found.subject, "segment": str(composed.segment), "count": count}
        await ledger.append(
            connection, "announcement_scheduled", who.email, doc | {"send_at": send_at.isoformat()}
        )  # fmt: skip
        return replace(found, state=State.SCHEDULED, confirmed_by=who.email, send_at=send_at)

    async def _preview(self, connection: AsyncConnection, composed: Composed, plan: Plan, samples: int) -> Preview:
        chosen = differing(plan, samples)
        partners = [copy.partner.id for copy in chosen]
        deals = await readers.open_deals(connection, partners) if says_deals(composed) else {}
        return preview_of(composed, plan, chosen, deals, self.program, self.looks, self.pace.step)

    def _begins(self, composed: Composed, plan: Plan, now: datetime) -> datetime:
        """When it is planned: at its time, and by partners' clocks when the first of them shows it."""
        if composed.timing.zone is Zone.PARTNER:
            return plan.first_at() or now
        vendor = self.program.vendor
        return planned(replace(composed.timing, keep_quiet=False), now, place_of("", "", vendor), vendor)

    async def _to_change(self, connection: AsyncConnection, by: str, announcement_id: str) -> Announcement | NotDone:
        """Held to the end of the transaction; no where there is none, or for who may not announce."""
        who = announcer(self.program, by)
        if isinstance(who, NotDone):
            return who
        return await kept.find(connection, announcement_id, lock=True) or NONE_SUCH

    async def _taken(self, by: str, composed: Composed) -> tuple[Manager, Composed] | NotDone:
        """Who announces, and the text as it is kept; all that is wrong with it, or with who it is, is said."""
        who = announcer(self.program, by)
        if isinstance(who, NotDone):
            return who
        composed = tidied(storable(composed), who.email)
        return await self._fault(composed) or (who, composed)

    async def _fault(self, composed: Composed) -> NotDone | None:
        return fault_of(composed) or await self._missing_file(composed)

    async def _missing_file(self, composed: Composed) -> NotDone | None:
        stored = StoredDocuments(self.database)
        for document in composed.documents:
            if not is_kept_here(document) or len(await stored.load(document) or b"") != document.size:
                return NotDone(f"the file {document.name} is not kept any more", "attach it again")
        return None

    async def _note(self, connection: AsyncConnection, kind: str, by: str, found: Announcement) -> None:
        await ledger.append(connection, kind, by, {"announcement": found.id, "subject": found.subject})


def _timer_key(announcement_id: str) -> str:
    return f"{ANNOUNCEMENT}:{announcement_id}"


def _uuid(name: str) -> str:
    """As it is kept; "" for what is none."""
    try:
        return str(UUID(name))
    except ValueError:
        return ""
