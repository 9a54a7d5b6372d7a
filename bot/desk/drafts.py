"""Drafts that wait for the partner: reminded of once with what is missing, closed when they were kept long enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.desk.falling_due import Fallen, FallenHandler, expire
from bot.desk.telling import Telling
from bot.intents import phrases
from bot.intents.draft import at_once, missing
from bot.storage import threads
from bot.storage.queue import Queue
from bot.vocabulary.decisions import AwaitFields, Outcome, Value
from bot.vocabulary.message import Question
from crm.records import Channel
from knowledge.deal_clock import TimerKind, kept_until
from knowledge.program import Program


@dataclass(frozen=True, slots=True)
class DraftTimers:
    queue: Queue
    program: Program
    telling: Telling

    @property
    def handlers(self) -> dict[TimerKind, FallenHandler]:
        return {TimerKind.DRAFT_REMINDER: self.remind, TimerKind.DRAFT_END: self.end}

    async def remind(self, due: Fallen) -> None:
        """Asks again for what is missing, or for the word that a complete draft still waits for."""
        if not due.is_news:
            return
        until = self._kept_until(due)
        lacking = missing(due.registration, self.program)
        if not lacking:
            said = Outcome("clock.draft_ready", {"deal": due.named, "until": until}, figures=True)
            await self._tell(due, said, "draft_reminder", (Question.REGISTER,))
            return
        in_slack = await threads.channel_of(due.connection, due.kept.thread_id) is Channel.SLACK
        asked = at_once(lacking, in_slack=in_slack)
        values: dict[str, Value] = {"deal": due.named, "missing": phrases.field_names(asked), "until": until}
        await self._tell(due, Outcome("clock.draft_reminder", values, figures=True), "draft_reminder", asked)

    async def end(self, due: Fallen) -> None:
        await expire(due, self.queue, self.program)
        if due.is_news:
            values: dict[str, Value] = {"deal": due.named, "until": self._kept_until(due)}
            await self._tell(due, Outcome("clock.draft_ended", values, figures=True), "draft_ended", ())

    def _kept_until(self, due: Fallen) -> date:
        return kept_until(due.registration, self.program.deal_rules, self.program.vendor, due.partner.time_zone)

    async def _tell(self, due: Fallen, outcome: Outcome, word: str, awaited: tuple[str, ...]) -> None:
        number = due.registration.number
        await self.telling.tell(
            due.connection, due.timer.key, due.partner, due.registration.contact_id, due.kept.thread_id, (outcome,),
            due.subject, (number,), word, AwaitFields(number, awaited),
        )  # fmt: skip
