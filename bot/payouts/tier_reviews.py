"""The review of tiers on the first day of each quarter: each partner once, in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.due import Handler
from bot.desk.telling import Telling
from bot.payouts import tier_words
from bot.payouts.tier_partner import Reviewed, change_tier, look
from bot.steps.say import Listener, heading
from bot.storage import ledger, mirror, tasks, tiers, timers
from bot.storage.database import Database
from bot.storage.tiers import REVIEW, Change, Settled
from bot.texts.own import worded
from bot.vocabulary.decisions import Outcome
from crm.ports import CrmPort
from crm.records import Channel, Partner
from knowledge import tier_clock
from knowledge.business_days import vendors_day
from knowledge.deal_clock import Timer
from knowledge.programs import Programs
from knowledge.tier_clock import digest_timer, reminder_timer, review_timer
from knowledge.tier_review import Review, Verdict, decide
from knowledge.tiers import TierFigures, next_review, review_of

_LATER = timedelta(days=1)  # when a review that could not be sure is held again


@dataclass(frozen=True, slots=True)
class TierReviews:
    """Timers carry it: they survive restarts, and what fell due while nobody was there is seen to afterwards."""

    database: Database
    programs: Programs
    crm: CrmPort
    telling: Telling
    now: Callable[[], datetime]

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {tier_clock.REVIEW: self.hold, tier_clock.REMINDER: self.remind}

    async def plan(self) -> int:
        """Sets the coming review for every partner that has none; how many had none. May be repeated at any time."""
        today = self._today()
        return await self.call(next_review(today, self.programs.on(today).vendor.calendar))

    async def call(self, review: date) -> int:
        """Let the review of that day fall due for every partner for whom it was never set."""
        async with self.database.begin() as connection:
            return await self._set(connection, review)

    async def call_again(self, review: date) -> None:
        """Let it fall due for all of them, those that had it, too: what was entered late is then counted."""
        vendor = self.programs.on(review).vendor
        async with self.database.begin() as connection:
            await self._set(connection, review)
            for timer in (review_timer(review, "", vendor), digest_timer(review, vendor)):
                await timers.all_again(connection, timer.kind, timer.payload, timer.due_at)

    async def preview(self, review: date) -> list[tuple[Partner, Review | None]]:
        """What that review would decide as things stand, None for a tier that the program does not have; nothing is
        written. Raises CrmError.
        """
        found: list[tuple[Partner, Review | None]] = []
        async with self.database.reading() as connection:
            for partner in await mirror.everyone(connection, Partner):
                seen = await self._look(connection, partner.id)
                if seen is not None:
                    found.append((seen.partner, await self._decided(connection, seen, review)))
        return found

    async def hold(self, connection: AsyncConnection, timer: Timer, now: datetime) -> None:
        """One that comes more than a quarter late is the latest one; those between were skipped."""
        today = self._today()
        review = max(
            date.fromisoformat(timer.payload["review"]), review_of(today, self.programs.on(today).vendor.calendar)
        )
        seen = await self._look(connection, timer.partner_id)
        if seen is None:
            return
        await tiers.noticed(connection, [seen.partner], today)
        done = await self._decided(connection, seen, review)
        if done is None:
            await self._unknown_tier(connection, seen.partner, review)
        elif done.verdict is Verdict.UNSURE:
            await self._unsure(connection, seen.partner, done)
            await timers.again(connection, timer.key, now + _LATER)
        else:
            await self._carry_out(connection, seen, done, today, now)

    async def remind(self, connection: AsyncConnection, timer: Timer, now: datetime) -> None:
        """Nothing where the notice was settled or the figures have recovered since."""
        partner = await mirror.one(connection, Partner, timer.partner_id)
        notice = await tiers.standing(connection, timer.partner_id)
        if partner is None or notice is None or str(notice.review) != timer.payload["review"]:
            return
        program = self.programs.on(notice.review)
        seen = await self._look(connection, partner.id)
        if seen is None or seen.partner.tier != notice.tier:
            return
        tier = program.tier(notice.tier)
        found = seen.figures(program, notice.review, vendors_day(now, program.vendor))
        if not found.gap(tier).closed:
            await self._tell(connection, timer.key, partner, tier_words.reminded(notice, tier, found), "tier_reminder")

    async def _set(self, connection: AsyncConnection, review: date) -> int:
        vendor = self.programs.on(review).vendor
        new = [review_timer(review, partner_id, vendor) for partner_id in await tiers.unreviewed(connection, review)]
        for timer in (*new, digest_timer(review, vendor)) if new else ():
            await timers.schedule(connection, timer)
        return len(new)

    def _today(self) -> date:
        now = self.now()
        return vendors_day(now, self.programs.at(now).vendor)

    async def _look(self, connection: AsyncConnection, partner_id: str) -> Reviewed | None:
        return await look(connection, self.crm, partner_id, self.programs.at(self.now()).vendor.currency)

    async def _decided(self, connection: AsyncConnection, seen: Reviewed, review: date) -> Review | None:
        program = self.programs.on(review)
        try:
            held = program.tier(seen.partner.tier) if seen.partner.tier else program.tiers[0]
        except KeyError:
            return None
        today = self._today()
        notice = await tiers.standing(connection, seen.partner.id)
        return decide(program, held, seen.figures(program, review, today), notice, max(today, review))

    async def _carry_out(
        self, connection: AsyncConnection, seen: Reviewed, done: Review, today: date, now: datetime
    ) -> None:
        partner, review, program = seen.partner, done.figures.review, self.programs.on(done.figures.review)
        since = await self._since(connection, partner, done, today)
        if done.tier is not done.was:
            change = Change(partner.id, since, done.was.name, done.tier.name, REVIEW, "", in_words(done.figures))
            partner = await change_tier(
                connection, partner, change, f"{review}:{done.was.name}>{done.tier.name}:{today}"
            )
        await self._see_to_notice(connection, partner, done, now)
        ahead = seen.figures(program, done.notice.review, today) if done.notice else None
        outcomes = tier_words.told(done, since, today, ahead, program)
        if outcomes:
            key = f"tier_review:{partner.id}:{review}:{done.verdict}:{done.tier.name}"
            await self._tell(connection, key, partner, outcomes, f"tier_{done.verdict}")
        said = {"review": str(review), "verdict": done.verdict.value, "was": done.was.name, "tier": done.tier.name}
        await ledger.append(connection, "tier_review", "clock", said | in_words(done.figures), partner_id=partner.id)

    async def _since(self, connection: AsyncConnection, partner: Partner, done: Review, today: date) -> date:
        """A rise counts from the review's day, however late it is held; what takes something away from today on.

        Neither comes before a change that was made meanwhile.
        """
        review = done.figures.review
        history = await tiers.kept_of(connection, partner.id)
        meanwhile = any(change.since > review for change in history)
        return review if done.verdict is Verdict.UP and not meanwhile else max(today, review)

    async def _see_to_notice(self, connection: AsyncConnection, partner: Partner, done: Review, now: datetime) -> None:
        review, program = done.figures.review, self.programs.on(done.figures.review)
        standing = await tiers.standing(connection, partner.id)
        if standing is not None and standing != done.notice:
            how = {Verdict.DOWN: Settled.LOWERED, Verdict.NOTICE: Settled.LIFTED}.get(done.verdict, Settled.RECOVERED)
            await tiers.settle(connection, partner.id, how, review)
            reminder = reminder_timer(standing, partner.id, partner.time_zone, program.vendor)
            await timers.cancel(connection, reminder.key)
        if done.notice is not None and done.notice != standing:
            await tiers.give(connection, partner.id, done.notice, in_words(done.figures))
            reminder = reminder_timer(done.notice, partner.id, partner.time_zone, program.vendor)
            if reminder.due_at > now:
                await timers.schedule(connection, reminder)

    async def _tell(
        self, connection: AsyncConnection, key: str, partner: Partner, outcomes: tuple[Outcome, ...], word: str
    ) -> None:
        program = self.telling.program
        reader = Listener(partner.language, Channel.EMAIL, "", program.vendor.name, texts=worded(program.texts))
        subject = heading("tier_review.subject", reader)
        await self.telling.tell(connection, key, partner, None, None, outcomes, subject, (), word)

    async def _unsure(self, connection: AsyncConnection, partner: Partner, done: Review) -> None:
        sums = " and ".join(f"{sum_.currency} {sum_.amount:,.2f}" for sum_ in done.figures.uncounted)
        await tasks.open_task(
            connection,
            f"tier_review:{partner.id}:{done.figures.review}:rates",
            "notice",
            f"the tier of {partner.name} ({done.was.name}) could not be reviewed: no exchange rate is stored for "
            f"{sums}; it is looked at again every day, so `partnerline rates import` settles it",
            manager_email=partner.manager_email,
            partner_id=partner.id,
        )

    async def _unknown_tier(self, connection: AsyncConnection, partner: Partner, review: date) -> None:
        known = ", ".join(tier.name for tier in self.programs.on(review).tiers)
        await tasks.open_task(
            connection,
            f"tier_review:{partner.id}:{review}:unknown",
            "notice",
            f"the tier of {partner.name} could not be reviewed: the CRM says {partner.tier!r}, the program has "
            f"{known}; `partnerline tiers set` gives it one of these",
            manager_email=partner.manager_email,
            partner_id=partner.id,
        )


def in_words(found: TierFigures) -> dict[str, str]:
    """The figures that a review saw, for the record and for managers."""
    csat = "none" if found.csat is None else f"{found.csat.normalize():f}"[:6]
    said = {
        "review": str(found.review),
        "revenue": f"{found.revenue.currency} {found.revenue.amount:,.2f}",
        "CSAT": csat,
        "certified people": str(found.certified_people),
    }
    left_out = ", ".join(f"{sum_.currency} {sum_.amount:,.2f}" for sum_ in found.uncounted)
    return said | ({"not counted": left_out} if left_out else {})


def in_a_line(said: Mapping[str, str]) -> str:
    """Figures in words as they were kept, in the order of the program."""
    names = ("revenue", "CSAT", "certified people", "not counted")
    return ", ".join(f"{name} {said[name]}" for name in names if name in said)
