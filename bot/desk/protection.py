"""Protections that end: the partner is reminded in time, may have them extended, and is told when they are over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.desk.briefing import Briefing
from bot.desk.falling_due import Fallen, FallenHandler, expire
from bot.desk.managers_of import looking_after
from bot.desk.telling import Telling
from bot.storage import claims
from bot.storage.queue import Queue
from bot.vocabulary.briefs import Brief, BriefKind
from bot.vocabulary.decisions import AwaitFields, Outcome, Value
from bot.vocabulary.message import Question
from knowledge.business_days import extended_until, vendors_day
from knowledge.deal_clock import TimerKind
from knowledge.program import Program


@dataclass(frozen=True, slots=True)
class ProtectionTimers:
    queue: Queue
    program: Program
    telling: Telling
    briefing: Briefing

    @property
    def handlers(self) -> dict[TimerKind, FallenHandler]:
        return {TimerKind.PROTECTION_REMINDER: self.remind, TimerKind.PROTECTION_END: self.end}

    async def remind(self, due: Fallen) -> None:
        """Says when it ends and, where the program still allows it, how it is extended."""
        if _closed(due) or self._comes_too_late(due):
            return
        until = _until(due)
        outcomes = [Outcome("clock.protection_reminder", {"deal": due.named, "until": until}, figures=True)]
        rules = self.program.deal_rules
        may_extend = due.registration.extensions < rules.extensions
        if may_extend:
            key = "clock.extend_once" if rules.extensions == 1 else "clock.extend"
            values: dict[str, Value] = {
                "extended": extended_until(until, rules),
                "within": rules.extension_needs_move_within_days,
            }
            outcomes.append(Outcome(key, values, figures=True))
        await self._tell(due, tuple(outcomes), "protection_reminder", (Question.EXTEND,) if may_extend else None)

    async def end(self, due: Fallen) -> None:
        """A deal that is won or lost needs no protection any more, and nobody has to hear of it."""
        if _closed(due):
            await claims.release(due.connection, due.registration.number)
            return
        await expire(due, self.queue, self.program)
        if not due.is_news:
            return
        said = Outcome("clock.protection_ended", {"deal": due.named, "until": _until(due)}, figures=True)
        await self._tell(due, (said,), "protection_ended", ())
        await self._tell_manager(due)

    def _comes_too_late(self, due: Fallen) -> bool:
        """After an outage one reminder is enough, and none once the protection is over."""
        left = (_until(due) - vendors_day(due.now, self.program.vendor)).days
        mine = int(due.timer.payload["days"])
        return left < 0 or any(left <= days < mine for days in self.program.deal_rules.reminder_days)

    async def _tell(
        self, due: Fallen, outcomes: tuple[Outcome, ...], word: str, awaited: tuple[str, ...] | None
    ) -> None:
        """`awaited` None leaves what the thread waits for as it is."""
        number = due.registration.number
        await self.telling.tell(
            due.connection, due.timer.key, due.partner, due.registration.contact_id, due.kept.thread_id, outcomes,
            due.subject, (number,), word, AwaitFields(number, awaited) if awaited is not None else None,
        )  # fmt: skip

    async def _tell_manager(self, due: Fallen) -> None:
        number, customer = due.registration.number, due.registration.customer
        for who in looking_after(self.program, due.partner):
            brief = Brief(
                key=f"{due.timer.key}:{who.email}",
                kind=BriefKind.NOTICE,
                subject=number,
                manager=who,
                title=f"The protection of {number} ({customer}) has ended",
                facts=(
                    ("Partner", due.partner.name),
                    ("Products", ", ".join(due.registration.products)),
                    ("Last protected day", _until(due).isoformat()),
                    ("Stage", due.deal.stage.value if due.deal else "no deal in the CRM"),
                ),
                partner_id=due.partner.id,
                shared=due.timer.key,
            )
            await self.briefing.send(due.connection, brief)


def _closed(due: Fallen) -> bool:
    return due.deal is not None and not due.deal.stage.open


def _until(due: Fallen) -> date:
    until = due.registration.protected_until
    if until is None:
        raise ValueError("only what is protected has an end of protection")
    return until
