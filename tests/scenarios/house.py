"""The whole agent at work for the tests: its doors on free ports, the demo's partners, and what it comes to hold."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import select, text

from bot.bootstrap import Application, application
from bot.bootstrap.crm import prepare_crm
from bot.demo.first_start import seed_once
from bot.serve import Ports, running
from bot.storage import mirror, timers
from bot.storage.desk_tables import briefs
from bot.storage.slack_answers import MORE
from bot.storage.slack_posts import UPDATE
from bot.storage.tables import inbox, ledger, outbox, registrations, tasks, thread_messages, threads
from bot.worker.mirroring import MirrorJob
from bot.worker.pace import Pace
from config.settings import Settings
from crm.records import Interaction, Lead
from tests.fakes.hubspot import Hub

HUBSPOT_BURST, HUBSPOT_SEARCHES = 1_000, 20  # calls in ten seconds and searches in one: nothing is to be waited for
PATIENCE = 60.0  # seconds; a loaded machine takes long, a lost message takes for ever
_UNDER_WAY = text(
    "select (select count(*) from inbox where state in ('received', 'read', 'parked')),"
    " (select count(*) from outbox where state = 'pending'),"
    " (select count(*) from procrastinate_jobs"
    " where task_name in ('screen', 'statement_documents', 'slack_channel', 'announce')"
    " and status in ('todo', 'doing')"
    " and (scheduled_at is null or scheduled_at <= now()))"
)

_BY_THE_MOVED_CLOCK = text(
    "update outbox set not_before = null where state = 'pending' and not_before > now() and not_before <= :now"
)
"""The database's own clock stays where it is: what may go by the agent's clock goes."""


@dataclass(frozen=True)
class Told:
    """One thing that left the house, or would have: a row of the outbox."""

    id: str
    kind: str
    destination: str
    to: str
    text: str
    payload: dict[str, Any]
    state: str


@dataclass(frozen=True)
class Came:
    """One message as the agent filed it."""

    id: str
    state: str
    outcome: str
    trust: str
    error: str
    partner_id: str | None
    thread_id: str | None
    reading: dict[str, Any]

    @property
    def intents(self) -> list[str]:
        return [request["intent"] for request in self.reading.get("requests", ())]


_BRISK = Pace(posts=0.05)  # no Slack is there to object


class MovableClock:
    """The real time, moved on by as many days as a test says."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class House:
    """Looks into a running agent; every look waits for nothing, `quiet` waits until all work is done."""

    def __init__(self, app: Application, ports: Ports, clock: MovableClock) -> None:
        self.app = app
        self.ports = ports
        self.clock = clock
        self.mirror = app.jobs.housekeeping.mirror

    async def quiet(self) -> None:
        """Return when no message waits to be handled, no registration to be screened, no document to be made, and
        nothing to be sent.
        """
        until, pause = time.monotonic() + PATIENCE, 0.02
        while time.monotonic() < until:
            async with self.app.database.begin() as connection:
                if self.clock.ahead:
                    await connection.execute(_BY_THE_MOVED_CLOCK, {"now": self.clock()})
                waiting, unsent, jobs = (await connection.execute(_UNDER_WAY)).one()
            if not waiting and not unsent and not jobs:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 1.3, 0.1)  # each look takes time from the work it waits for
        raise AssertionError(
            f"{waiting} messages, {jobs} jobs and {unsent} answers still wait after {PATIENCE:.0f} seconds"
        )

    async def pass_time(self, ahead: timedelta) -> None:
        """Move the clock on and have done what is then due, by us or by the agent's own clock, which may be at it."""
        self.clock.ahead += ahead
        now, until = self.clock(), time.monotonic() + PATIENCE
        await self.app.jobs.housekeeping("due")
        while await self._still_due(now):
            assert time.monotonic() < until, f"something is still due after {PATIENCE:.0f} seconds"
            await asyncio.sleep(0.05)
            await self.app.jobs.housekeeping("due")
        await self.quiet()

    async def _still_due(self, now: datetime) -> bool:
        async with self.app.database.begin() as connection:
            return bool(await timers.due(connection, now, 1))

    async def came(self, message_id: str) -> list[Came]:
        """Every filed message of this Message-ID, or of this Slack "channel:ts"; oldest first."""
        query = select(inbox).where(inbox.c.message_id == message_id).order_by(inbox.c.received_at)
        async with self.app.database.begin() as connection:
            return [
                Came(r.id, r.state, r.outcome, r.trust, r.error, r.partner_id, r.thread_id, r.reading or {})
                for r in await connection.execute(query)
            ]

    async def one(self, message_id: str) -> Came:
        found = await self.came(message_id)
        assert len(found) == 1, f"{message_id} was filed {len(found)} times: {found}"
        return found[0]

    async def answers(self, inbox_id: str) -> list[Told]:
        """What was said to this message, whatever became of it on the wire; an answer in several posts is one."""
        return await self._told(outbox.c.inbox_id == inbox_id)

    async def told(self, partner_id: str) -> list[Told]:
        """Everything that was said to a partner, in the order it was written."""
        return await self._told(outbox.c.partner_id == partner_id)

    async def _told(self, *where: Any) -> list[Told]:
        query = (
            select(outbox)
            .where(*where, outbox.c.destination != "crm", outbox.c.kind.not_in([MORE, UPDATE]))
            .order_by(outbox.c.seq)
        )
        async with self.app.database.begin() as connection:
            return [_as_told(row) for row in await connection.execute(query)]

    async def briefs(self, known: frozenset[str] = frozenset()) -> list[Told]:
        """What managers were sent by mail and in Slack, in the order it was written; not what is `known` by its id."""
        return await self._told(outbox.c.id.in_(await self.brief_ids() - known))

    async def brief_ids(self) -> frozenset[str]:
        async with self.app.database.begin() as connection:
            return frozenset(await connection.scalars(select(briefs.c.outbox_id)))

    async def said_to_managers(self, known: frozenset[str] = frozenset()) -> list[Told]:
        """What managers were answered and told, other than about partners' own conversations; not what is `known`."""
        return await self._told(outbox.c.id.in_(await self.said_ids() - known))

    async def said_ids(self) -> frozenset[str]:
        query = select(outbox.c.id).where(outbox.c.partner_id.is_(None), outbox.c.destination != "crm")
        async with self.app.database.begin() as connection:
            return frozenset(await connection.scalars(query))

    async def leads(self, partner_id: str) -> list[Lead]:
        """The leads of a partner as they are mirrored, in the order of their numbers' age."""
        async with self.app.database.begin() as connection:
            found = await mirror.of_partner(connection, Lead, partner_id)
        return sorted(found, key=lambda lead: lead.created_at.isoformat() if lead.created_at else "")

    async def registrations(self, partner_id: str) -> list[dict[str, Any]]:
        query = select(registrations.c.doc).where(registrations.c.partner_id == partner_id)
        async with self.app.database.begin() as connection:
            return list(await connection.scalars(query.order_by(registrations.c.changed_at)))

    async def tasks(self, **having: Any) -> list[dict[str, Any]]:
        """Tasks for managers where every named column has the given value, oldest first."""
        query = select(tasks).where(*(tasks.c[name] == value for name, value in having.items()))
        async with self.app.database.begin() as connection:
            return [dict(row._mapping) for row in await connection.execute(query.order_by(tasks.c.opened_at))]

    async def timeline(self, partner_id: str, deal_number: str | None = None) -> list[Interaction]:
        """What the CRM holds, oldest first."""
        return (await self.app.crm.timeline(partner_id, deal_number))[::-1]

    async def ledger(self, inbox_id: str) -> list[str]:
        """The kinds of what was written down of a message."""
        async with self.app.database.begin() as connection:
            return list(
                await connection.scalars(
                    select(ledger.c.kind).where(ledger.c.inbox_id == inbox_id).order_by(ledger.c.id)
                )
            )

    async def thread_of(self, message_id: str) -> dict[str, Any]:
        query = select(threads).join(thread_messages).where(thread_messages.c.message_id == message_id)
        async with self.app.database.begin() as connection:
            return dict((await connection.execute(query)).one()._mapping)

    def message_id(self, told: Told) -> str:
        """The Message-ID that a mail of the outbox has."""
        return f"<{told.id}@{self.app.own.domain}>"


def _as_told(row: Any) -> Told:
    payload = row.payload
    to = str(payload.get("to") or payload.get("channel") or "")
    return Told(
        row.id, row.kind, row.destination, to, str(payload.get("whole") or payload.get("text", "")), payload, row.state
    )


def demo_settings(database_url: str, data_dir: Path) -> Settings:
    """The demo's settings on free ports and a given database."""
    return Settings(
        data_dir=data_dir, database_url=SecretStr(database_url), smtp_port=0, http_port=0, console_port=0,
        onboarding="off",  # every seat is a new partner
    )  # fmt: skip


def hubspot_settings(database_url: str, data_dir: Path, hub: Hub) -> Settings:
    """The same with a HubSpot on this machine, in its newest version."""
    return demo_settings(database_url, data_dir).model_copy(
        update={
            "crm": "hubspot", "hubspot_url": hub.url, "hubspot_token": SecretStr(hub.token),
            "hubspot_api_version": "2026-09", "hubspot_calls_per_10s": HUBSPOT_BURST,
            "hubspot_searches_per_s": HUBSPOT_SEARCHES,
        }
    )  # fmt: skip


@asynccontextmanager
async def open_house(settings: Settings, *, seeded: bool = True) -> AsyncIterator[House]:
    """The agent, started as `partnerline serve` starts it, and stopped at the end; its CRM is ready, seeded or not."""
    clock = MovableClock()
    async with application(settings, _BRISK, clock) as app:
        if seeded and app.slack is not None:
            await seed_once(
                app.database, app.crm, MirrorJob(app.database, app.crm), app.programs, app.slack.own, app.today()
            )
        else:
            await prepare_crm(settings, app.database)
        async with running(app) as started:
            yield House(app, started.ports, clock)


def kinds(found: Sequence[Told]) -> list[str]:
    return [told.kind for told in found]
