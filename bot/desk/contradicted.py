"""Updates of deals that the CRM did not take: nothing is overwritten, the partner is asked and a manager told."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.telling import Telling
from bot.intents import deal_proposal
from bot.intents.deal_changes import changed, in_lines
from bot.intents.which_deal import named
from bot.storage import inbox, mirror, outbox, tasks, timers
from bot.storage.codec import from_doc
from bot.storage.outbox import Due
from bot.vocabulary.decisions import AwaitFields, Outcome, Value
from bot.vocabulary.message import Question
from crm.ports import CrmPort
from crm.records import Deal, Partner
from knowledge.deal_clock import Timer
from knowledge.program import Program

KIND = "contradicted"


async def note(connection: AsyncConnection, row: Due, error: str) -> None:
    """The CRM refused this update: it is looked into at once, with patience where the CRM is away."""
    seen = from_doc(Deal, row.payload["seen"])
    payload = {"outbox_id": row.id, "error": error[:500]}
    timer = Timer(f"{KIND}:{row.id}", KIND, seen.number, row.created_at, payload, row.partner_id or "")
    await timers.schedule(connection, timer)


@dataclass(frozen=True, slots=True)
class ContradictedUpdates:
    """The handler of such timers. The deal is read from the CRM as it is now, and that is what we hold of it again."""

    crm: CrmPort
    program: Program
    telling: Telling

    async def __call__(self, connection: AsyncConnection, timer: Timer, _now: datetime) -> None:
        """Raises CrmError where the CRM does not answer: it is asked again later."""
        row = await outbox.find(connection, timer.payload["outbox_id"])
        partner = await mirror.one(connection, Partner, timer.partner_id) if timer.partner_id else None
        if row is None or partner is None:
            return
        seen, wanted = (from_doc(Deal, row.payload[name]) for name in ("seen", "wanted"))
        held = await self.crm.deal(partner.id, seen.number)
        await _as_it_is(connection, partner, held, seen)
        if held is not None and _has_all(held, seen, wanted):
            return
        await self._open_task(connection, timer, partner, row, seen, wanted, held)
        origin = await inbox.origin(connection, row.inbox_id) if row.inbox_id else None
        if origin is not None:
            outcome, wait = self._told(partner, held, seen, wanted)
            await self.telling.tell(
                connection, timer.key, partner, origin.contact_id, origin.thread_id, (outcome,),
                f"{seen.customer} - {seen.number}", (seen.number,), "update_contradicted", wait,
            )  # fmt: skip

    def _told(
        self, partner: Partner, held: Deal | None, seen: Deal, wanted: Deal
    ) -> tuple[Outcome, AwaitFields | None]:
        """The question which is right, where a yes can settle it; else who looks into it."""
        values: dict[str, Value] = {"deal": named(seen.number, seen.customer)}
        merged = _merged(held, seen, wanted) if held else None
        if held is None or merged is None or not changed(held, merged):
            return self._with_manager("contradicted.refused", values, partner), None
        values["fields"] = in_lines(held, merged, "contradicted.field")
        if not held.stage.open:
            return self._with_manager("contradicted.closed", values | {"stage": held.stage}, partner), None
        wait = AwaitFields(held.number, (Question.UPDATE,), deal_proposal.written(held, merged))
        return Outcome("contradicted.changed", values, figures=True), wait

    def _with_manager(self, key: str, values: dict[str, Value], partner: Partner) -> Outcome:
        who = self.program.manager(partner.manager_email)
        if who is None:
            return Outcome(f"{key}_team", values, figures=True)
        return Outcome(key, values | {"manager": who.name}, figures=True)

    async def _open_task(
        self,
        connection: AsyncConnection,
        timer: Timer,
        partner: Partner,
        row: Due,
        seen: Deal,
        wanted: Deal,
        held: Deal | None,
    ) -> None:
        said = f"an update of {seen.number} ({seen.customer}) was not taken by the CRM: {timer.payload['error']}"
        there = "; ".join(
            f"{name}: {_plain(held, name)} there, {_plain(wanted, name)} wanted" for name in _names(seen, wanted)
        )
        await tasks.open_task(
            connection, f"{row.id}:delivery", "refused_delivery",
            f"{said} [{there}]" if held else f"{said} [the partner has no such deal there]",
            manager_email=partner.manager_email, partner_id=partner.id, inbox_id=row.inbox_id, deal_number=seen.number,
        )  # fmt: skip


def _has_all(held: Deal, seen: Deal, wanted: Deal) -> bool:
    """The CRM came to hold what was wanted, though not by us; since when a deal is in its stage was nobody's wish."""
    return all(getattr(held, name) == getattr(wanted, name) for name in _names(seen, wanted) if name != "stage_since")


def _merged(held: Deal, seen: Deal, wanted: Deal) -> Deal:
    """What the CRM holds, with what was wanted in the fields that the update was about."""
    merged: Deal = replace(held, **{name: getattr(wanted, name) for name in _names(seen, wanted)})
    return merged


def _names(seen: Deal, wanted: Deal) -> list[str]:
    return [f.name for f in fields(Deal) if getattr(seen, f.name) != getattr(wanted, f.name)]


async def _as_it_is(connection: AsyncConnection, partner: Partner, held: Deal | None, seen: Deal) -> None:
    """What the CRM says, else what it was before the update; where it became another partner's, it stays that one's."""
    mirrored = await mirror.one(connection, Deal, seen.id)
    if held is not None or mirrored is None or mirrored.partner_id == partner.id:
        await mirror.store(connection, [held or seen])


def _plain(deal: Deal | None, name: str) -> str:
    value = getattr(deal, name, None)
    return str(getattr(value, "value", value))
