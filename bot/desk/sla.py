"""The promise of a decision: who decides is reminded before it is over, and everyone is told when it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.desk.briefing import Briefing
from bot.desk.falling_due import Fallen, FallenHandler
from bot.desk.managers_of import deciders
from bot.desk.telling import Telling
from bot.desk.verdict import when
from bot.storage import approvals
from bot.vocabulary.briefs import Act, Brief, BriefKind
from bot.vocabulary.decisions import Outcome, Value
from knowledge.business_days import end_of
from knowledge.deal_clock import TimerKind
from knowledge.program import Manager, Program

_ACTS = (Act.APPROVE, Act.REFUSE, Act.ASK)


@dataclass(frozen=True, slots=True)
class SlaTimers:
    """Never decides anything: silence is no acceptance."""

    program: Program
    telling: Telling
    briefing: Briefing

    @property
    def handlers(self) -> dict[TimerKind, FallenHandler]:
        return {TimerKind.SLA_WARN: self.warn, TimerKind.SLA_OVER: self.over, TimerKind.SLA_TOLD: self.tell}

    async def warn(self, due: Fallen) -> None:
        """Only whose turn it is, and nobody where it is over by now: that is told instead."""
        if due.now >= end_of(_promised(due), self.program.vendor):
            return
        title = f"Reminder: {_named(due)} is to be decided by {_day(_promised(due))}"
        await self._brief(due, (await self._deciders(due))[:1], title, _ACTS)

    async def over(self, due: Fallen) -> None:
        """All who may decide can do so at once; the others hear of it."""
        title = f"Overdue: {_named(due)} was to be decided by {_day(_promised(due))}"
        may = await self._deciders(due)
        await self._brief(due, may, title, _ACTS)
        await self._brief(due, (who for who in self.program.managers if who not in may), title, ())

    async def _deciders(self, due: Fallen) -> tuple[Manager, ...]:
        accepted = await approvals.of_registration(due.connection, due.registration)
        return deciders(self.program, due.partner, due.registration, accepted)

    async def _brief(self, due: Fallen, managers: Iterable[Manager], title: str, acts: tuple[Act, ...]) -> None:
        for who in managers:
            brief = Brief(
                key=f"{due.timer.key}:{who.email}",
                kind=BriefKind.REGISTRATION,
                subject=due.registration.number,
                manager=who,
                title=title,
                facts=_facts(due, self.program),
                acts=acts,
                partner_id=due.partner.id,
                shared=due.timer.key,
            )
            await self.briefing.send(due.connection, brief)

    async def tell(self, due: Fallen) -> None:
        """The partner hears once, and honestly, that it takes longer."""
        if not due.is_news:
            return
        who = (await self._deciders(due))[0]
        values: dict[str, Value] = {"deal": due.named, "decide_by": _promised(due), "manager": who.name}
        said = Outcome("clock.sla_over", values, figures=True)
        number = due.registration.number
        await self.telling.tell(
            due.connection, due.timer.key, due.partner, due.registration.contact_id, due.kept.thread_id,
            (said,), due.subject, (number,), "decision_late",
        )  # fmt: skip


def _facts(due: Fallen, program: Program) -> tuple[tuple[str, str], ...]:
    said = due.registration
    value = f"{said.currency} {said.amount:,.2f}" if said.amount is not None else "-"
    submitted = when(said.submitted_at, program) if said.submitted_at else "-"
    return (
        ("Partner", due.partner.name),
        ("Customer", f"{said.customer} ({said.customer_domain})" if said.customer_domain else said.customer),
        ("Products", ", ".join(said.products)),
        ("Value", value),
        ("Submitted", submitted),
        ("Decision promised by", _day(_promised(due))),
    )


def _named(due: Fallen) -> str:
    return f"{due.registration.number} ({due.registration.customer}) of {due.partner.name}"


def _promised(due: Fallen) -> date:
    promised = due.registration.decide_by
    if promised is None:
        raise ValueError("a promise has a day")
    return promised


def _day(day: date) -> str:
    return day.strftime("%d %b %Y")
