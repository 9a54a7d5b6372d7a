"""The embedded CRM keeps the contract of every CRM, and what it promises beyond, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import chain

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.demo.seed import demo_records, seed
from crm.adapters.embedded import EmbeddedCrm
from crm.errors import CrmRejected
from crm.money import Money
from crm.records import AmountBasis, Attribution, Channel, Direction, PartnerType, PaymentPart, RegistrationState, Stage
from tests.contract.crm_contract import CrmContract
from tests.contract.records import CONTACT, DEAL, INTERACTION, MILESTONE, PARTNER, PAYMENT, REGISTRATION, bare_deal


class TestEmbeddedCrm(CrmContract):
    @pytest.fixture
    async def crm(self, engine: AsyncEngine) -> EmbeddedCrm:
        return EmbeddedCrm(engine)


@pytest.fixture
async def crm(engine: AsyncEngine) -> AsyncIterator[EmbeddedCrm]:
    crm = EmbeddedCrm(engine)
    await crm.save_partner(PARTNER)
    yield crm
    await crm.aclose()


# --- changes


async def test_a_change_committed_late_is_not_missed(crm: EmbeddedCrm, engine: AsyncEngine) -> None:
    await crm.save_deal(bare_deal(1))
    cursor = (await crm.changes()).cursor
    async with engine.connect() as slow:
        # Draws its number now, and is committed after a later number.
        await slow.execute(text("UPDATE crm.deals SET next_step = 'slow'"))
        await crm.save_deal(bare_deal(2))
        reading = asyncio.ensure_future(crm.changes(cursor))
        await asyncio.sleep(0.1)
        assert not reading.done()
        await slow.commit()
    found = await reading
    assert {deal.id: deal.next_step for deal in found.deals} == {"d-1": "slow", "d-2": ""}


async def test_a_long_transaction_elsewhere_holds_up_nothing(crm: EmbeddedCrm, engine: AsyncEngine) -> None:
    async with engine.connect() as other:
        await other.execute(text("CREATE TEMPORARY TABLE t AS SELECT pg_current_xact_id()"))
        await crm.save_deal(DEAL)
        assert (await crm.changes()).deals == (DEAL,)


async def test_writers_do_not_wait_for_each_other(crm: EmbeddedCrm, engine: AsyncEngine) -> None:
    await crm.save_deal(bare_deal(1))
    async with engine.connect() as slow:
        await slow.execute(text("UPDATE crm.deals SET next_step = 'slow'"))
        await asyncio.wait_for(crm.save_deal(bare_deal(2)), 5)
        await slow.rollback()


async def test_a_row_changed_by_hand_is_a_change(crm: EmbeddedCrm, engine: AsyncEngine) -> None:
    cursor = (await crm.changes()).cursor
    async with engine.begin() as hand:
        await hand.execute(text("UPDATE crm.partners SET tier = 'Elite'"))
    assert (await crm.changes(cursor)).partners == (replace(PARTNER, tier="Elite"),)


async def test_saving_the_same_again_is_no_change(crm: EmbeddedCrm) -> None:
    cursor = (await crm.changes()).cursor
    await crm.save_partner(PARTNER)
    assert (await crm.changes(cursor)).partners == ()


async def test_after_a_restored_backup_everything_is_told_again(crm: EmbeddedCrm) -> None:
    assert (await crm.changes("99999")).partners == (PARTNER,)


async def test_an_empty_crm_has_no_changes_and_misses_not_the_first(engine: AsyncEngine) -> None:
    crm = EmbeddedCrm(engine)
    cursor = (await crm.changes()).cursor
    await crm.save_partner(PARTNER)
    assert (await crm.changes(cursor)).partners == (PARTNER,)


@pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "٣", "9" * 30, "1; DROP TABLE crm.deals", "\x00"])
async def test_a_foreign_cursor_is_refused(crm: EmbeddedCrm, cursor: str) -> None:
    with pytest.raises(CrmRejected, match="cursor"):
        await crm.changes(cursor)


async def test_an_engine_of_another_isolation_serves_as_well(engine: AsyncEngine) -> None:
    crm = EmbeddedCrm(engine.execution_options(isolation_level="REPEATABLE READ"))
    await crm.save_partner(PARTNER)
    await asyncio.gather(*(crm.save_deal(replace(DEAL, next_step=str(n))) for n in range(10)))
    assert len((await crm.changes()).deals) == 1


# --- refusals in words


async def test_an_address_of_two_contacts_is_refused(crm: EmbeddedCrm) -> None:
    await crm.save_contact(CONTACT)
    with pytest.raises(CrmRejected, match="another contact has this e-mail address"):
        await crm.save_contact(replace(CONTACT, id="c-2", email=CONTACT.email.upper()))


async def test_contacts_without_address_may_be_many(crm: EmbeddedCrm) -> None:
    for number in range(2):
        await crm.save_contact(replace(CONTACT, id=f"c-{number}", email=""))
    assert len((await crm.changes()).contacts) == 2


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
async def test_what_is_no_number_is_no_amount(crm: EmbeddedCrm, amount: str) -> None:
    money = Money(Decimal(amount), "EUR")
    with pytest.raises(CrmRejected, match="not a number"):
        await crm.save_deal(replace(DEAL, amount=money))
    with pytest.raises(CrmRejected, match="not a number"):
        await crm.save_registration(replace(REGISTRATION, amount=money.amount))
    await crm.save_deal(DEAL)
    with pytest.raises(CrmRejected, match="not a number"):
        await crm.save_payment(replace(PAYMENT, amount=money))


async def test_what_does_not_fit_is_refused_and_not_repeated_for_ever(crm: EmbeddedCrm) -> None:
    with pytest.raises(CrmRejected):
        await crm.save_deal(replace(DEAL, quantity=10**30))
    with pytest.raises(CrmRejected):
        await crm.save_deal(replace(DEAL, amount=Money(Decimal("1E+200000"), "EUR")))
    with pytest.raises(CrmRejected):
        await crm.save_deal(replace(DEAL, number="".join(str(n) for n in range(200_000))))


async def test_a_refusal_never_quotes_the_row(crm: EmbeddedCrm) -> None:
    with pytest.raises(CrmRejected) as refusal:
        await crm.save_deal(replace(DEAL, amount=Money(Decimal("NaN"), "EUR"), internal_notes="secret"))
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "parts",
    [
        "{}",
        "null",
        "[1]",
        "[null]",
        "[[]]",
        '[[{"product": "Core", "amount": "1", "kind": "renewal"}]]',
        '[{"product": "Core", "amount": "1"}]',
        '[{"product": "Core", "amount": 1, "kind": "renewal"}]',
        '[{"product": "Core", "amount": "NaN", "kind": "renewal"}]',
        '[{"product": null, "amount": "1", "kind": "renewal"}]',
        '[{"product": "Core", "amount": "1", "kind": "gift"}]',
    ],
)
async def test_no_hand_leaves_parts_that_nobody_can_read(crm: EmbeddedCrm, engine: AsyncEngine, parts: str) -> None:
    await crm.save_deal(DEAL)
    await crm.save_payment(PAYMENT)
    with pytest.raises(IntegrityError, match="payments_parts_known"):
        async with engine.begin() as hand:
            await hand.execute(text("UPDATE crm.payments SET parts = cast(:parts as jsonb)"), {"parts": parts})
    assert (await crm.changes()).payments == (PAYMENT,)


@pytest.mark.parametrize(
    "others",
    [
        "[1]",
        '[{"partner_id": "p-2", "attribution": "sourced"}]',
        '[{"partner_id": "p-2", "attribution": "sourced", "share": 0.5}]',
        '[{"partner_id": "p-2", "attribution": "owned", "share": null}]',
        '[{"partner_id": 2, "attribution": "sourced", "share": "0.5"}]',
    ],
)
async def test_no_hand_leaves_a_split_that_nobody_can_read(crm: EmbeddedCrm, engine: AsyncEngine, others: str) -> None:
    await crm.save_deal(DEAL)
    with pytest.raises(IntegrityError, match="deals_others_known"):
        async with engine.begin() as hand:
            await hand.execute(text("UPDATE crm.deals SET others = cast(:others as jsonb)"), {"others": others})


async def test_a_period_that_ends_before_it_begins_is_refused_in_words(crm: EmbeddedCrm) -> None:
    await crm.save_deal(DEAL)
    backwards = replace(PAYMENT, period_start=date(2026, 12, 1), period_end=date(2026, 11, 30))
    with pytest.raises(CrmRejected, match="ends before it begins"):
        await crm.save_payment(backwards)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
async def test_what_is_no_number_is_no_margin_part_or_value(crm: EmbeddedCrm, amount: str) -> None:
    with pytest.raises(CrmRejected, match="margin"):
        await crm.save_deal(replace(DEAL, margin=Money(Decimal(amount), "EUR")))
    await crm.save_deal(DEAL)
    with pytest.raises(CrmRejected, match="parts"):
        await crm.save_payment(replace(PAYMENT, parts=(PaymentPart("", Decimal(amount)),)))
    with pytest.raises(CrmRejected, match="not a number"):
        await crm.save_milestone(replace(MILESTONE, value=Decimal(amount)))


async def test_every_word_of_the_records_can_be_kept(crm: EmbeddedCrm) -> None:
    await crm.save_partner(replace(PARTNER, types=tuple(PartnerType)))
    for number, (stage, basis, attribution) in enumerate(_combined(Stage, AmountBasis, Attribution)):
        deal = replace(bare_deal(number), stage=stage, amount_basis=basis, attribution=attribution)
        await crm.save_deal(deal)
        assert await crm.deal(PARTNER.id, deal.number) == deal
    for state, basis in _combined(RegistrationState, AmountBasis):
        await crm.save_registration(replace(REGISTRATION, state=state, amount_basis=basis))
    for channel, direction in _combined(Channel, Direction):
        entry = replace(INTERACTION, key=f"{channel}{direction}", channel=channel, direction=direction)
        await crm.log_interaction(entry)
        assert entry in await crm.timeline(PARTNER.id)


def _combined(*kinds: type) -> list[tuple]:  # type: ignore[type-arg]
    """Every member of each kind at least once."""
    members = [list(kind) for kind in kinds]  # type: ignore[call-overload]
    longest = max(len(kind) for kind in members)
    return [tuple(kind[index % len(kind)] for kind in members) for index in range(longest)]


# --- timelines


async def test_a_page_never_tears_one_instant_apart(crm: EmbeddedCrm) -> None:
    for number in range(6):
        await crm.log_interaction(replace(INTERACTION, key=f"k{number}"))
    page = await crm.timeline(PARTNER.id, limit=2)
    assert [entry.key for entry in page] == ["k5", "k4", "k3", "k2", "k1", "k0"]


async def test_a_long_timeline_is_read_to_its_end(crm: EmbeddedCrm) -> None:
    numbers = tuple(f"D-{n:05}" for n in range(200))
    await crm.log_interaction(replace(INTERACTION, deal_numbers=numbers))
    assert (await crm.timeline(PARTNER.id, "D-00199"))[0].deal_numbers == numbers
    assert list(chain.from_iterable(entry.deal_numbers for entry in await crm.timeline(PARTNER.id))) == list(numbers)


# --- the demo


async def test_the_demo_fits_in(engine: AsyncEngine) -> None:
    crm, made = EmbeddedCrm(engine), demo_records(date(2026, 11, 26))
    for _ in range(2):
        await seed(crm, made)
    found = await crm.changes()
    assert set(found.partners) == set(made.partners)
    assert set(found.contacts) == set(made.contacts)
    assert set(found.deals) == {*made.deals, *made.own}
    assert set(found.payments) == set(made.payments)
    assert set(found.milestones) == set(made.milestones)
    assert {r.number: r for r in found.registrations} == {r.number: r for r in made.registrations}
