"""Questions that managers asked back: the partner is reminded once, and in the end the registration expires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.desk.carrying_out import ANSWER
from bot.desk.falling_due import Fallen, FallenHandler, expire
from bot.desk.telling import Telling
from bot.storage.queue import Queue
from bot.vocabulary.decisions import AwaitFields, Outcome, Value
from knowledge.deal_clock import TimerKind, kept_until
from knowledge.program import Program


@dataclass(frozen=True, slots=True)
class QuestionTimers:
    queue: Queue
    program: Program
    telling: Telling

    @property
    def handlers(self) -> dict[TimerKind, FallenHandler]:
        return {TimerKind.QUESTION_REMINDER: self.remind, TimerKind.QUESTION_END: self.end}

    async def remind(self, due: Fallen) -> None:
        """Asks the same once more; the next word in the thread is still the answer."""
        if due.is_news:
            values: dict[str, Value] = {
                "deal": due.named, "question": due.registration.question, "until": self._kept_until(due),
            }  # fmt: skip
            await self._tell(due, Outcome("clock.question_reminder", values, figures=True), (ANSWER,))

    async def end(self, due: Fallen) -> None:
        await expire(due, self.queue, self.program)
        if due.is_news:
            values: dict[str, Value] = {"deal": due.named, "until": self._kept_until(due)}
            await self._tell(due, Outcome("clock.question_ended", values, figures=True), ())

    def _kept_until(self, due: Fallen) -> date:
        return kept_until(due.registration, self.program.deal_rules, self.program.vendor, due.partner.time_zone)

    async def _tell(self, due: Fallen, outcome: Outcome, awaited: tuple[str, ...]) -> None:
        number = due.registration.number
        await self.telling.tell(
            due.connection, due.timer.key, due.partner, due.registration.contact_id, due.kept.thread_id, (outcome,),
            due.subject, (number,), due.timer.kind, AwaitFields(number, awaited),
        )  # fmt: skip
