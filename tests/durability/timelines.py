"""A HubSpot account with partners, and thousands of interactions that wait to be logged there."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import outbox
from bot.storage.crm_writes import interaction_row
from crm.adapters.hubspot.logging.markers import marker_of, own_marker
from crm.adapters.hubspot.records.store import Known, Objects
from crm.records import Channel, Direction, Interaction
from tests.fakes.hubspot import Hub, Mood

PARTNERS, DEALS_EACH = 40, 4
_AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
_LEFT = "select count(*) from outbox where destination = 'crm' and state = 'pending'"
_STATES = "select state, count(*) as many from outbox where destination = 'crm' group by state"
_PARKED = "update parked set until = now() where dependency = 'crm'"
# What a worker has in hand is left to it: the other way round both could wait for each other.
_RIPE = """
update outbox set not_before = null where id in (
    select id from outbox where destination = 'crm' and state = 'pending' for update skip locked)
"""
_LOGGING = ("/notes", "/emails")


def interactions(count: int) -> list[Interaction]:
    """Mails and posts of many partners, three of four about a deal, each with its answer."""
    return [_one(number) for number in range(count)]


def _one(number: int) -> Interaction:
    turn, answer = divmod(number, 2)
    partner, deal = turn % PARTNERS, turn // PARTNERS % DEALS_EACH
    mail, about = turn % 5 < 3, turn % 4 != 0
    person, us = f"person@partner{partner}.example", "partners@lumora.example"
    return Interaction(
        key=f"{'out' if answer else 'in'}:{turn}",
        partner_id=f"p-{partner}",
        contact_id=f"c-{partner}",
        deal_numbers=(f"D-{partner * DEALS_EACH + deal}",) if about else (),
        channel=Channel.EMAIL if mail else Channel.SLACK,
        direction=Direction.OUT if answer else Direction.IN,
        at=_AT + timedelta(seconds=number),
        summary=f"question {turn}",
        message_id=f"<{number}@partner{partner}.example>",
        outcome="answered",
        body=f"Hello,\n\nthis is {'the answer to ' if answer else ''}question {turn}.\n\nKind regards",
        subject=f"Question {turn}" if mail else "",
        sender=(us if answer else person) if mail else "",
        recipients=((person if answer else us),) if mail else (),
        link=f"mid:{number}@partner{partner}.example" if mail else "https://slack.com/archives/C1/p1764233000000100",
    )


async def fill(hub: Hub, engine: AsyncEngine) -> None:
    """Companies, contacts and deals, known to the agent as they are after an import."""
    portal, rows = hub.portal, []
    for partner in range(PARTNERS):
        company = portal.person_creates("companies", name=f"Partner {partner}")
        contact = portal.person_creates("contacts", email=f"person@partner{partner}.example", lastname=f"P{partner}")
        rows += [
            Known("companies", company.id, "partner", f"p-{partner}", partner_id=f"p-{partner}"),
            Known("contacts", contact.id, "contact", f"c-{partner}", partner_id=f"p-{partner}"),
        ]
        for deal in range(partner * DEALS_EACH, (partner + 1) * DEALS_EACH):
            made = portal.person_creates("deals", dealname=f"Deal {deal}")
            rows.append(Known("deals", made.id, "deal", f"D-{deal}", number=f"D-{deal}"))
    await Objects(engine).remember(rows)


async def put(engine: AsyncEngine, wanted: Sequence[Interaction]) -> None:
    """As the messages that led to them would have."""
    async with engine.begin() as connection:
        for start in range(0, len(wanted), 1_000):
            await outbox.put(connection, [interaction_row(one) for one in wanted[start : start + 1_000]])


def gone_wrong(hub: Hub, *, burst: int) -> None:
    """One call in twenty is too many, one in fifty loses its answer, one in a hundred fails; the limits hold."""
    hub.moods.enforce(burst=burst)
    for mood, share in ((Mood.RATE_LIMITED, 0.03), (Mood.SILENT, 0.02), (Mood.LOST, 0.02), (Mood.ERROR, 0.01)):
        hub.moods.share(mood, share)


@dataclass
class Waiting:
    """What is still to be logged; `hurry` skips the waits between attempts, for whom a test is too short for them."""

    engine: AsyncEngine
    hurry: bool = False

    async def left(self) -> int:
        async with self.engine.connect() as connection:
            return int(await connection.scalar(text(_LEFT)) or 0)

    async def until(self, done: Callable[[int], bool], within: float) -> None:
        """TimeoutError says what still waits."""
        try:
            async with asyncio.timeout(within):
                while not done(await self.left()):
                    if self.hurry:
                        await self._on()
                    await asyncio.sleep(0.3)
        except TimeoutError:
            raise TimeoutError(f"{await self.left()} interactions still wait") from None

    async def ends(self) -> dict[str, int]:
        async with self.engine.connect() as connection:
            return {row.state: row.many for row in await connection.execute(text(_STATES))}

    async def _on(self) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(text(_PARKED))
            await connection.execute(text(_RIPE))


@dataclass(frozen=True)
class Held:
    """What HubSpot holds in the end, and what it took: `calls` are those about interactions."""

    times: Counter[str]
    calls: int
    over_limit: int
    peak: int

    @classmethod
    def of(cls, hub: Hub) -> Held:
        bodies = [mail.values["hs_email_html"] for mail in hub.portal.all("emails")]
        bodies += [note.values["hs_note_body"] for note in hub.portal.all("notes")]
        calls = sum(any(part in made.path for part in _LOGGING) for made in hub.calls.all)
        return cls(Counter(map(own_marker, bodies)), calls, hub.over_limit, hub.meter.peak)

    def lost(self, wanted: Sequence[Interaction]) -> list[str]:
        return [one.key for one in wanted if self.times[marker_of(one.key)] == 0]

    def doubled(self, wanted: Sequence[Interaction]) -> list[str]:
        return [one.key for one in wanted if self.times[marker_of(one.key)] > 1]


def somewhen(seed: int, first: float, last: float) -> Callable[[], float]:
    """Pauses at random, the same ones in every run."""
    chance = random.Random(seed)
    return lambda: chance.uniform(first, last)
