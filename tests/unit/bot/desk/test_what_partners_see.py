"""Two partners' views differ only in their own data: nobody can find out who, or what, stands in the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from bot.intents import ask_deal_status
from bot.storage import mirror, registrations, tables
from bot.storage.outbox import Destination
from bot.vocabulary.requests import Intent
from bot.worker.crm_outlet import CrmOutlet
from bot.worker.delivering import DeliverJob
from crm.records import Deal, ReasonCode, RegistrationState, Stage
from tests.builders import NOW, TODAY, contact, deal, facts, partner, request
from tests.unit.bot.desk.house import FIRST, SECOND, House, with_rules

OURS = "D-100001"
SECRETS = ("D-777", "D-200002", "Harbour", "Omega Handel", "p-2", "already_protected", "customer_in_progress")
PRODUCTS = ("Lumora Core", "Lumora Insights", "Lumora Assist")

_ours = st.fixed_dictionaries(
    {
        "customer": st.sampled_from(["Vega Foods BV", "Ünal & Söhne", "Acme; ltd\tCorp"]),
        "products": st.lists(st.sampled_from(PRODUCTS), min_size=1, max_size=3, unique=True).map(tuple),
        "quantity": st.none() | st.integers(1, 10_000),
        "evidence": st.sampled_from(["", "We want them. The customer"]),
    }
)
_theirs = st.fixed_dictionaries(
    {
        "customer": st.sampled_from(["Vega Foods BV", "Omega Handel"]),
        "days": st.integers(1, 900),
        "stage": st.sampled_from([stage for stage in Stage if stage.open]),
        "seats": st.integers(1, 10_000),
        "until": st.integers(0, 150),
    }
)


@dataclass(frozen=True, slots=True)
class World:
    """What A registers, what B or the vendor has, in which language A reads, and how often A was refused today."""

    ours: dict[str, Any]
    theirs: dict[str, Any]
    language: str
    refused: int


worlds = st.builds(World, _ours, _theirs, st.sampled_from(["en", "de", "fr", "nl", "es"]), st.integers(0, 6))
A_FEW = settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # each example fills a database: shrinking takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def vendors_deal(world: World) -> Deal:
    theirs = world.theirs
    made = deal(id="h-9", number="D-777", partner_id="", customer=theirs["customer"], stage=theirs["stage"])
    since = TODAY - timedelta(days=theirs["days"])
    return replace(made, customer_domain="vega.example", created_on=since, quantity=theirs["seats"])


async def protected_by_b(house: House, world: World) -> None:
    until = TODAY + timedelta(days=world.theirs["until"])
    given = {"customer": world.theirs["customer"], "products": PRODUCTS, "quantity": world.theirs["seats"]}
    since = NOW - timedelta(days=world.theirs["days"])
    await house.accepted("D-200002", SECOND, **given, protected_until=until, decided_at=since, priority_at=since)


async def registers(house: House, world: World) -> None:
    """A's registration as it goes to its end, after as many refusals as the world says."""
    for n in range(world.refused):
        past: dict[str, Any] = {"state": RegistrationState.DECLINED, "decided_by": "rules"}
        past["decided_at"] = NOW - timedelta(hours=1)
        await house.submitted(f"D-90000{n}", code=ReasonCode.ALREADY_PROTECTED, customer_domain=f"c{n}.example", **past)
    await house.submitted(OURS, **world.ours)
    await house.screen(OURS)
    await DeliverJob(house.storage, {Destination.CRM: CrmOutlet(house.crm)})(Destination.CRM)


async def view(house: House, language: str) -> dict[str, Any]:
    """Everything that reaches partner A, with when, and all that its own questions can bring up."""
    columns = (tables.outbox.c.destination, tables.outbox.c.kind, tables.outbox.c.payload, tables.outbox.c.not_before)
    sent = select(*columns).where(tables.outbox.c.partner_id == "p-1", tables.outbox.c.destination != "crm")
    own = select(tables.registrations.c.doc).where(tables.registrations.c.partner_id == "p-1")
    async with house.storage.begin() as connection:
        letters = [_letter(row) for row in (await connection.execute(sent.order_by(tables.outbox.c.seq))).all()]
        records = [dict(doc) for doc in await connection.scalars(own.order_by(tables.registrations.c.number))]
        waits = await connection.scalars(
            text("select task_name from procrastinate_jobs where scheduled_at is not null")
        )
        waiting = sorted(waits)
    for record in records:
        del record["code"]  # the vendor's own; the status below is made from the record that has it
    timeline = [replace_keys(entry) for entry in await house.crm.timeline("p-1")]
    return {
        "letters": letters,
        "records": records,
        "timeline": timeline,
        "waiting": waiting,
        "status": await status(house, language),
    }


def _letter(row: Any) -> tuple[Any, ...]:
    """The reply key is drawn at random for each letter."""
    return row.destination, row.kind, {**row.payload, "reply_key": ""}, row.not_before


def replace_keys(entry: Any) -> tuple[Any, ...]:
    return entry.at, entry.channel, entry.summary, entry.outcome, entry.body, entry.deal_numbers


async def status(house: House, language: str) -> Any:
    async with house.storage.begin() as connection:
        own = await registrations.of_partner(connection, "p-1")
    known = facts(partner=partner(language=language), registrations=own, deals=(), now=NOW, contact=contact())
    return [
        ask_deal_status.decide(request(Intent.ASK_DEAL_STATUS), known),
        ask_deal_status.decide(request(Intent.ASK_DEAL_STATUS, deal_ref=OURS), known),
    ]


async def _prepared(house: House, world: World) -> None:
    await house.clear()
    speaking = replace(FIRST, language=world.language)
    await house.crm.save_partner(speaking)
    async with house.storage.begin() as connection:
        await mirror.store(connection, [speaking])


@given(world=worlds)
@A_FEW
async def test_an_older_deal_and_another_partners_protection_look_the_same(house: House, world: World) -> None:
    await _prepared(house, world)
    await house.crm.save_deal(vendors_deal(world))
    await registers(house, world)
    behind_a_deal, calls = await view(house, world.language), house.crm.calls.count("customer_deals")
    code = (await house.registration(OURS)).code
    await _prepared(house, world)
    await protected_by_b(house, world)
    await registers(house, world)
    behind_b = await view(house, world.language)
    assert behind_a_deal == behind_b
    assert calls == house.crm.calls.count("customer_deals")
    if code is not None:
        assert (code, (await house.registration(OURS)).code) == (
            ReasonCode.CUSTOMER_IN_PROGRESS,
            ReasonCode.ALREADY_PROTECTED,
        )
    seen = str(behind_b)
    assert not [secret for secret in SECRETS if secret in seen]


@given(world=worlds, other=_theirs)
@A_FEW
async def test_whatever_somebody_else_has_a_view_shows_ones_own_data_alone(
    house: House, world: World, other: dict[str, Any]
) -> None:
    """B's customer name, stage, seats and dates change; what A sees does not."""
    views = []
    for theirs in (world.theirs, other):
        changed = replace(world, theirs=theirs)
        await _prepared(house, changed)
        await protected_by_b(house, changed)
        await house.crm.save_deal(vendors_deal(changed))
        await registers(house, changed)
        views.append(await view(house, world.language))
    assert views[0] == views[1]


@pytest.mark.parametrize("told", [False, True])
async def test_where_the_program_tells_which_it_is_only_that_differs(house: House, *, told: bool) -> None:
    world = World({}, {"customer": "Omega Handel", "days": 9, "stage": Stage.PROPOSAL, "seats": 7, "until": 9}, "en", 0)
    house.program = with_rules(blocker_told=told)
    await house.crm.save_deal(vendors_deal(world))
    await registers(house, world)
    first = await house.said("p-1")
    await _prepared(house, world)
    await protected_by_b(house, world)
    await registers(house, world)
    second = await house.said("p-1")
    assert (first == second) is not told
    assert not [secret for secret in SECRETS if secret in first + second]
    assert date(2026, 11, 26).isoformat() not in first + second
