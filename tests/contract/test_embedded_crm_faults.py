"""What the embedded CRM says when its database is away, or when a wire is cut in the middle of a write."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from crm.a_few_at_once import save_each
from crm.adapters.embedded import EmbeddedCrm
from crm.adapters.embedded.faults import SENTENCES
from crm.errors import CrmOutcomeUnknown, CrmUnavailable
from crm.records import Payment
from tests.contract.records import DEAL, INTERACTION, PARTNER, PAYMENT
from tests.fakes.wire import Wire, wire_to

COMMIT = "COMMIT\0"  # as sent, and not the beginning of READ COMMITTED


@pytest.fixture
async def wired(database: str) -> AsyncIterator[tuple[Wire, EmbeddedCrm]]:
    async with wire_to(database) as (wire, url):
        engine = create_async_engine(url)
        crm = EmbeddedCrm(engine)
        await crm.save_partner(PARTNER)
        yield wire, crm
        await engine.dispose()


async def test_an_answer_lost_in_the_commit_leaves_the_outcome_unknown(wired: tuple[Wire, EmbeddedCrm]) -> None:
    wire, crm = wired
    wire.cut_at(COMMIT, delivered=True)
    with pytest.raises(CrmOutcomeUnknown):
        await crm.save_deal(DEAL)
    assert await crm.deal(PARTNER.id, DEAL.number) == DEAL
    await crm.save_deal(DEAL)
    assert (await crm.changes()).deals == (DEAL,)


async def test_a_commit_that_never_arrived_leaves_the_outcome_unknown(wired: tuple[Wire, EmbeddedCrm]) -> None:
    wire, crm = wired
    wire.cut_at(COMMIT, delivered=False)
    with pytest.raises(CrmOutcomeUnknown):
        await crm.log_interaction(INTERACTION)
    assert await crm.timeline(PARTNER.id) == []
    await crm.log_interaction(INTERACTION)
    assert await crm.timeline(PARTNER.id) == [INTERACTION]


@pytest.mark.parametrize("delivered", [True, False])
async def test_a_wire_cut_before_the_commit_means_nothing_written(
    wired: tuple[Wire, EmbeddedCrm], delivered: bool
) -> None:
    wire, crm = wired
    wire.cut_at("INSERT INTO crm.deals", delivered=delivered)
    with pytest.raises(CrmUnavailable):
        await crm.save_deal(DEAL)
    assert await crm.deal(PARTNER.id, DEAL.number) is None


@pytest.mark.parametrize("marker", ["INSERT INTO crm.payments", COMMIT])
async def test_an_import_cut_short_is_completed_by_running_it_again(
    wired: tuple[Wire, EmbeddedCrm], marker: str
) -> None:
    wire, crm = wired
    await crm.save_deal(DEAL)
    payments = [replace(PAYMENT, id=f"pay-{n:04}") for n in range(1000)]
    pages = [payments[start : start + 100] for start in range(0, 1000, 100)]
    wire.cut_at(marker, delivered=True)
    with pytest.raises((CrmUnavailable, CrmOutcomeUnknown)):
        await save_each(crm.save_payments, pages)
    await _everything(crm)
    await save_each(crm.save_payments, pages)
    assert await _everything(crm) == {payment.id: payment for payment in payments}


async def _everything(crm: EmbeddedCrm) -> dict[str, Payment]:
    """Every payment of the CRM; more than one of an id would come to more than once."""
    found = (await crm.changes(limit=5000)).payments
    assert len({payment.id for payment in found}) == len(found)
    return {payment.id: payment for payment in found}


async def test_a_wire_cut_while_reading_means_unavailable(wired: tuple[Wire, EmbeddedCrm]) -> None:
    wire, crm = wired
    wire.cut_at("crm.partners", delivered=True)
    with pytest.raises(CrmUnavailable):
        await crm.partner(PARTNER.id)
    assert await crm.partner(PARTNER.id) == PARTNER


async def test_no_server_means_unavailable_for_every_method(tmp_path: Path) -> None:
    engine = create_async_engine(URL.create("postgresql+psycopg", query={"host": str(tmp_path)}))
    crm = EmbeddedCrm(engine)
    calls = (
        crm.changes(),
        crm.partner("p"),
        crm.deal("p", "D-1"),
        crm.save_partner(PARTNER),
        crm.log_interaction(INTERACTION),
        crm.timeline("p"),
    )
    for call in calls:
        with pytest.raises(CrmUnavailable) as failure:
            await call
        assert failure.value.__cause__ is not None
        assert failure.value.retry_after > 0
    await engine.dispose()


async def test_a_connection_ended_by_the_server_means_unavailable_once(engine: AsyncEngine) -> None:
    crm = EmbeddedCrm(engine)
    await crm.save_partner(PARTNER)
    async with engine.connect() as other:
        await other.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        # This connection is the pool's only other one, and it is dead.
        await other.rollback()
    assert await _until_it_answers(crm) == PARTNER


async def _until_it_answers(crm: EmbeddedCrm) -> object:
    for _ in range(5):
        try:
            return await crm.partner(PARTNER.id)
        except CrmUnavailable:
            continue
    return None


async def test_no_free_connection_means_unavailable(database: str) -> None:
    engine = create_async_engine(database, pool_size=1, max_overflow=0, pool_timeout=0.05)
    async with engine.connect():
        with pytest.raises(CrmUnavailable, match="became free"):
            await EmbeddedCrm(engine).save_partner(PARTNER)
    await engine.dispose()


async def test_missing_tables_say_that_a_migration_is_due(empty_database: str) -> None:
    engine = create_async_engine(empty_database)
    for call in (EmbeddedCrm(engine).partner("p"), EmbeddedCrm(engine).changes()):
        with pytest.raises(CrmUnavailable, match="migrate"):
            await call
    await engine.dispose()


async def test_every_sentence_belongs_to_a_constraint_and_every_foreign_key_has_one(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        named = text(
            "SELECT conname, contype::text FROM pg_constraint WHERE connamespace = 'crm'::regnamespace "
            "UNION ALL SELECT indexname, 'i' FROM pg_indexes WHERE schemaname = 'crm'"
        )
        kinds = {row.conname: row.contype for row in await connection.execute(named)}
    assert set(SENTENCES) <= set(kinds)
    foreign = {name for name, kind in kinds.items() if kind == "f"} - {"interaction_deals_interaction"}
    assert foreign <= set(SENTENCES)
