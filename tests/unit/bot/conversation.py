"""A conversation of one partner, turn after turn: what was decided is known in the next turn, as if it were stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.steps.decide import decide
from bot.vocabulary.decisions import AwaitFields, Command, Decision, SaveRegistration
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import ThreadContext, ThreadKind
from bot.vocabulary.requests import Request
from crm.records import Channel, Contact, Deal, Registration
from tests.builders import NOW, facts, reading


@dataclass
class Conversation:
    """`threads` are the partner's by name; `saved` every registration in the order in which it was saved."""

    channel: Channel = Channel.EMAIL
    now: datetime = NOW
    deals: tuple[Deal, ...] = ()
    registrations: dict[str, Registration] = field(default_factory=dict)
    threads: dict[str, ThreadContext] = field(default_factory=dict)
    saved: list[tuple[Registration | None, Registration]] = field(default_factory=list)
    drawn: int = 0

    def know(self, *registrations: Registration) -> None:
        self.registrations |= {r.number: r for r in registrations}

    def facts(self, thread: str = "main", **changes: Any) -> Facts:
        """What is known to the next message."""
        fresh = tuple(f"D-{800_000 + self.drawn + n}" for n in range(4))
        self.drawn += len(fresh)
        known = facts(
            registrations=tuple(self.registrations.values()),
            deals=self.deals,
            thread=self.threads.get(thread, ThreadContext(thread)),
            channel=self.channel,
            now=self.now,
            received_at=self.now,
            fresh_numbers=fresh,
        )
        return replace(known, **changes)

    def say(
        self,
        *requests: Request,
        thread: str = "main",
        words: str = "",
        later: timedelta = timedelta(minutes=5),
        by: Contact | None = None,
    ) -> tuple[Decision, ...]:
        """One message, `later` than the one before."""
        self.now += later
        changes: dict[str, Any] = {"words": words} | ({"contact": by} if by else {})
        decisions = decide(reading(*requests), self.facts(thread, **changes))
        self.carry_out((c for d in decisions for c in d.commands), thread)
        return decisions

    def carry_out(self, commands: Iterable[Command], thread: str = "main") -> None:
        for command in commands:
            if isinstance(command, SaveRegistration):
                kept = command.registration
                self.saved.append((self.registrations.get(kept.number), kept))
                self.registrations[kept.number] = kept
            elif isinstance(command, AwaitFields):
                kind = ThreadKind.QUESTION if command.fields else None
                self.threads[thread] = ThreadContext(
                    thread, kind, command.fields, command.registration_number, proposal=command.proposal
                )

    def asked(self, thread: str = "main") -> tuple[str, ...]:
        return self.threads[thread].asked if thread in self.threads else ()


def texts(decisions: Iterable[Decision]) -> list[str]:
    return [o.text for d in decisions for o in d.outcomes]
