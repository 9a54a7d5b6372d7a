"""What every CRM adapter promises; a subclass gives the async fixture `crm`: its adapter on an empty CRM."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from crm.errors import CrmRejected
from crm.money import Money
from crm.ports import Changes, CrmPort
from crm.records import Deal, Direction, Partner, Registration, RegistrationState, Stage
from tests.contract.commission_contract import CommissionContract
from tests.contract.desk_contract import DealDeskContract
from tests.contract.logging_contract import LoggingContract
from tests.contract.records import (
    AT,
    CONTACT,
    DEAL,
    INTERACTION,
    OTHER_PARTNER,
    PARTNER,
    PAYMENT,
    REGISTRATION,
    bare_deal,
)

UNICODE = "Ægir & Søn — 株式会社 🚀 e\u0301 \u202eabc\u202c 'quoted\" \\ % ; -- \n\t end"


class CrmContract(DealDeskContract, CommissionContract, LoggingContract):
    @pytest.fixture(autouse=True)
    async def _two_partners(self, crm: CrmPort) -> None:
        await crm.save_partner(PARTNER)
        await crm.save_partner(OTHER_PARTNER)

    async def test_it_has_a_name(self, crm: CrmPort) -> None:
        assert crm.name

    # --- records come back as they were saved

    async def test_a_partner_comes_back_whole(self, crm: CrmPort) -> None:
        assert await crm.partner(PARTNER.id) == PARTNER
        assert await crm.partner(OTHER_PARTNER.id) == OTHER_PARTNER

    async def test_a_deal_comes_back_whole(self, crm: CrmPort) -> None:
        await crm.save_deal(DEAL)
        assert await crm.deal(PARTNER.id, DEAL.number) == DEAL

    async def test_a_bare_deal_comes_back_bare(self, crm: CrmPort) -> None:
        await crm.save_deal(bare_deal(7))
        assert await crm.deal(PARTNER.id, "D-000007") == bare_deal(7)

    async def test_contacts_payments_and_registrations_come_back_whole(self, crm: CrmPort) -> None:
        await _save_all(crm)
        found = await crm.changes()
        assert found.contacts == (CONTACT,)
        assert found.payments == (PAYMENT,)
        assert found.registrations == (REGISTRATION,)

    async def test_a_draft_with_nothing_but_a_number_comes_back(self, crm: CrmPort) -> None:
        draft = Registration("D-4711", PARTNER.id, None, RegistrationState.DRAFT)
        await crm.save_registration(draft)
        assert (await crm.changes()).registrations == (draft,)

    @pytest.mark.parametrize("amount", ["0", "0.01", "5000.30", "-99999999999999.99", "123456789012345678.905"])
    async def test_money_is_exact(self, crm: CrmPort, amount: str) -> None:
        await crm.save_deal(replace(DEAL, amount=Money(Decimal(amount), "KWD")))
        assert (await _deal(crm)).amount == Money(Decimal(amount), "KWD")

    @pytest.mark.parametrize("day", [date(2024, 2, 29), date(1999, 12, 31), date(2099, 1, 1)])
    async def test_days_stay_the_same_day(self, crm: CrmPort, day: date) -> None:
        await crm.save_deal(replace(DEAL, close_date=day))
        assert (await _deal(crm)).close_date == day

    async def test_an_instant_is_kept_whatever_its_time_zone(self, crm: CrmPort) -> None:
        elsewhere = AT.astimezone(timezone(timedelta(hours=13, minutes=45)))
        await crm.save_registration(replace(REGISTRATION, decided_at=elsewhere))
        [found] = (await crm.changes()).registrations
        assert found.decided_at == AT
        assert found.decided_at.tzinfo is not None

    async def test_any_script_and_sign_is_kept(self, crm: CrmPort) -> None:
        await crm.save_deal(replace(DEAL, customer=UNICODE, internal_notes=UNICODE))
        assert (await _deal(crm)).customer == UNICODE

    # --- saving again

    async def test_saving_twice_leaves_one(self, crm: CrmPort) -> None:
        for _ in range(2):
            await _save_all(crm)
        found = await crm.changes()
        assert (len(found.partners), found.contacts, found.deals) == (2, (CONTACT,), (DEAL,))
        assert (found.payments, found.registrations) == ((PAYMENT,), (REGISTRATION,))

    async def test_the_last_save_counts(self, crm: CrmPort) -> None:
        await crm.save_deal(DEAL)
        moved = replace(DEAL, stage=Stage.WON, amount=None, amount_basis=None, won_on=None, quantity=None, products=())
        await crm.save_deal(moved)
        assert await _deal(crm) == moved

    async def test_opting_out_changes_that_and_nothing_else(self, crm: CrmPort) -> None:
        await _save_all(crm)
        moved_on = replace(CONTACT, active=False, phone="+32 2 555 01 99")
        await crm.save_contact(moved_on)
        await crm.opt_out(CONTACT.id)
        await crm.opt_out(CONTACT.id)
        assert (await crm.changes()).contacts == (replace(moved_on, opted_out=True),)

    async def test_opting_out_somebody_unknown_is_refused(self, crm: CrmPort) -> None:
        with pytest.raises(CrmRejected, match="contact"):
            await crm.opt_out("nobody")

    async def test_many_saves_at_once_all_arrive(self, crm: CrmPort) -> None:
        await asyncio.gather(*(crm.save_deal(bare_deal(n)) for n in range(40)))
        assert {deal.id for deal in (await crm.changes()).deals} == {f"d-{n}" for n in range(40)}

    async def test_saves_of_one_record_at_once_leave_one_of_them(self, crm: CrmPort) -> None:
        versions = [replace(DEAL, next_step=f"step {n}") for n in range(10)]
        await asyncio.gather(*(crm.save_deal(version) for version in versions))
        assert (await crm.changes()).deals in [(version,) for version in versions]

    # --- refusals

    async def test_what_belongs_to_an_unknown_partner_is_refused(self, crm: CrmPort) -> None:
        with pytest.raises(CrmRejected, match="partner"):
            await crm.save_contact(replace(CONTACT, partner_id="nobody"))
        with pytest.raises(CrmRejected, match="partner"):
            await crm.save_deal(replace(DEAL, partner_id="nobody"))
        with pytest.raises(CrmRejected, match="partner"):
            await crm.save_registration(replace(REGISTRATION, partner_id="nobody"))

    async def test_a_payment_of_an_unknown_deal_is_refused(self, crm: CrmPort) -> None:
        with pytest.raises(CrmRejected, match="deal"):
            await crm.save_payment(PAYMENT)

    async def test_a_number_names_one_deal(self, crm: CrmPort) -> None:
        await crm.save_deal(DEAL)
        with pytest.raises(CrmRejected, match="number"):
            await crm.save_deal(replace(DEAL, id="d-2", partner_id=OTHER_PARTNER.id))
        assert await _deal(crm) == DEAL

    async def test_a_registration_is_never_taken_over_by_another_partner(self, crm: CrmPort) -> None:
        await crm.save_registration(REGISTRATION)
        with pytest.raises(CrmRejected, match="number"):
            await crm.save_registration(replace(REGISTRATION, partner_id=OTHER_PARTNER.id))
        assert (await crm.changes()).registrations == (REGISTRATION,)

    async def test_a_time_without_zone_is_refused(self, crm: CrmPort) -> None:
        with pytest.raises(CrmRejected, match="time zone"):
            await crm.save_registration(replace(REGISTRATION, decided_at=AT.replace(tzinfo=None)))
        with pytest.raises(CrmRejected, match="time zone"):
            await crm.log_interaction(replace(INTERACTION, at=AT.replace(tzinfo=None)))

    async def test_after_a_refusal_it_works_on(self, crm: CrmPort) -> None:
        with pytest.raises(CrmRejected):
            await crm.save_payment(PAYMENT)
        await crm.save_deal(DEAL)
        await crm.save_payment(PAYMENT)
        assert (await crm.changes()).payments == (PAYMENT,)

    # --- look-ups

    @pytest.mark.parametrize("unknown", ["", "nobody", "' OR 1=1 --", "p\x00x", "\ud800", "x" * 100_000])
    async def test_what_is_not_there_is_none(self, crm: CrmPort, unknown: str) -> None:
        assert await crm.partner(unknown) is None
        assert await crm.deal(PARTNER.id, unknown) is None
        assert await crm.timeline(unknown) == []
        assert await crm.timeline(PARTNER.id, unknown) == []

    async def test_a_deal_of_another_partner_looks_like_none(self, crm: CrmPort) -> None:
        await crm.save_deal(DEAL)
        assert await crm.deal(OTHER_PARTNER.id, DEAL.number) is None

    # --- changes

    async def test_nothing_new_after_the_cursor(self, crm: CrmPort) -> None:
        await _save_all(crm)
        cursor = (await crm.changes()).cursor
        again = await crm.changes(cursor)
        assert _size(again) == 0
        assert not again.more

    async def test_only_what_changed_after_the_cursor(self, crm: CrmPort) -> None:
        await _save_all(crm)
        cursor = (await crm.changes()).cursor
        await crm.save_deal(replace(DEAL, stage=Stage.WON))
        found = await crm.changes(cursor)
        assert found.deals == (replace(DEAL, stage=Stage.WON),)
        assert _size(found) == 1

    async def test_a_record_that_changed_twice_comes_once_in_its_last_state(self, crm: CrmPort) -> None:
        for step in ("first", "second"):
            await crm.save_deal(replace(DEAL, next_step=step))
        assert [deal.next_step for deal in (await crm.changes()).deals] == ["second"]

    async def test_changes_come_oldest_first(self, crm: CrmPort) -> None:
        for number in (3, 1, 2):
            await crm.save_deal(bare_deal(number))
        await crm.save_deal(replace(bare_deal(3), next_step="changed"))
        assert [deal.id for deal in (await crm.changes()).deals] == ["d-1", "d-2", "d-3"]

    @pytest.mark.parametrize("limit", [1, 2, 7, 500])
    async def test_pages_hold_everything_once(self, crm: CrmPort, limit: int) -> None:
        await _save_all(crm)
        for number in range(20):
            await crm.save_deal(bare_deal(1000 + number))
        pages = await _pages(crm, limit)
        ids = [deal.id for page in pages for deal in page.deals]
        assert ids == [DEAL.id, *(f"d-{1000 + n}" for n in range(20))]
        assert sum(_size(page) for page in pages) == 26
        assert max(max(len(page.deals), len(page.partners)) for page in pages) <= limit
        assert [page.more for page in pages] == [True] * (len(pages) - 1) + [False]

    async def test_what_changes_between_two_pages_is_not_lost(self, crm: CrmPort) -> None:
        for number in range(6):
            await crm.save_deal(bare_deal(number))
        first = await crm.changes(limit=3)
        await crm.save_deal(replace(bare_deal(0), next_step="late"))
        rest = await _pages(crm, 3, first.cursor)
        steps = {deal.id: deal.next_step for page in rest for deal in page.deals}
        assert steps["d-0"] == "late"
        assert {"d-3", "d-4", "d-5"} <= steps.keys()

    async def test_a_reader_beside_busy_writers_misses_nothing(self, crm: CrmPort) -> None:
        async def write(start: int) -> None:
            for number in range(start, start + 15):
                await crm.save_deal(bare_deal(number))

        seen: set[str] = set()
        writers = asyncio.gather(*(write(start) for start in (0, 100, 200, 300)))
        cursor = ""
        while not writers.done():
            page = await crm.changes(cursor, 5)
            cursor = page.cursor
            seen |= {deal.id for deal in page.deals}
            await asyncio.sleep(0)
        seen |= {deal.id for page in await _pages(crm, 5, cursor) for deal in page.deals}
        await writers
        assert len(seen) == 60

    # --- timelines

    async def test_an_interaction_stands_on_the_partner_and_its_deals(self, crm: CrmPort) -> None:
        await crm.log_interaction(INTERACTION)
        assert await crm.timeline(PARTNER.id) == [INTERACTION]
        for number in INTERACTION.deal_numbers:
            assert await crm.timeline(PARTNER.id, number) == [INTERACTION]
        assert await crm.timeline(PARTNER.id, "D-9999") == []

    async def test_no_one_elses_timeline_shows_it(self, crm: CrmPort) -> None:
        await crm.log_interaction(INTERACTION)
        assert await crm.timeline(OTHER_PARTNER.id) == []
        assert await crm.timeline(OTHER_PARTNER.id, DEAL.number) == []

    async def test_the_same_key_is_logged_once_and_never_changed(self, crm: CrmPort) -> None:
        await crm.log_interaction(INTERACTION)
        await crm.log_interaction(replace(INTERACTION, summary="changed", deal_numbers=("D-5",)))
        assert await crm.timeline(PARTNER.id) == [INTERACTION]
        assert await crm.timeline(PARTNER.id, "D-5") == []

    async def test_the_same_key_at_once_is_logged_once(self, crm: CrmPort) -> None:
        await asyncio.gather(*(crm.log_interaction(INTERACTION) for _ in range(10)))
        assert await crm.timeline(PARTNER.id) == [INTERACTION]

    async def test_a_deal_named_twice_is_one_deal(self, crm: CrmPort) -> None:
        await crm.log_interaction(replace(INTERACTION, deal_numbers=("D-1001", "D-1001")))
        assert [entry.deal_numbers for entry in await crm.timeline(PARTNER.id, "D-1001")] == [("D-1001",)]

    async def test_an_interaction_without_partner_is_kept_off_all_timelines(self, crm: CrmPort) -> None:
        await crm.log_interaction(replace(INTERACTION, partner_id=None, contact_id=None, deal_numbers=()))
        assert await crm.timeline(PARTNER.id) == []

    async def test_timelines_are_newest_first_and_bounded(self, crm: CrmPort) -> None:
        log = [_entry(minute) for minute in (3, 1, 5, 2, 4)]
        for entry in log:
            await crm.log_interaction(entry)
        assert [entry.key for entry in await crm.timeline(PARTNER.id)] == ["k5", "k4", "k3", "k2", "k1"]
        assert [entry.key for entry in await crm.timeline(PARTNER.id, limit=2)] == ["k5", "k4"]
        assert await crm.timeline(PARTNER.id, limit=0) == []

    async def test_a_timeline_is_read_page_by_page(self, crm: CrmPort) -> None:
        for minute in range(1, 8):
            await crm.log_interaction(_entry(minute))
        keys: list[str] = []
        before: datetime | None = None
        while page := await crm.timeline(PARTNER.id, before=before, limit=3):
            keys += [entry.key for entry in page]
            before = page[-1].at
        assert keys == [f"k{minute}" for minute in range(7, 0, -1)]

    async def test_of_one_instant_the_last_logged_is_the_newest(self, crm: CrmPort) -> None:
        await crm.log_interaction(INTERACTION)
        answer = replace(INTERACTION, key="out:1", direction=Direction.OUT)
        await crm.log_interaction(answer)
        assert await crm.timeline(PARTNER.id) == [answer, INTERACTION]

    async def test_a_huge_body_is_kept(self, crm: CrmPort) -> None:
        huge = replace(INTERACTION, body=UNICODE * 40_000, message_id="<" + "m" * 20_000 + ">")
        await crm.log_interaction(huge)
        assert await crm.timeline(PARTNER.id) == [huge]

    @pytest.mark.parametrize("sign", ["\x00", "\ud800", "\udfff\ud800"])
    async def test_a_sign_no_database_holds_costs_only_itself(self, crm: CrmPort, sign: str) -> None:
        await crm.log_interaction(replace(INTERACTION, body=f"before{sign}after 🚀", summary=sign))
        [found] = await crm.timeline(PARTNER.id)
        assert found.body.startswith("before")
        assert found.body.endswith("after 🚀")

    async def test_closing_twice_is_harmless(self, crm: CrmPort) -> None:
        await crm.aclose()
        await crm.aclose()


def _entry(minute: int) -> Any:
    return replace(INTERACTION, key=f"k{minute}", at=datetime(2026, 11, 26, 9, minute, tzinfo=UTC))


async def _save_all(crm: CrmPort) -> None:
    saves: list[tuple[Callable[[Any], Awaitable[None]], Any]] = [
        (crm.save_partner, PARTNER),
        (crm.save_contact, CONTACT),
        (crm.save_deal, DEAL),
        (crm.save_payment, PAYMENT),
        (crm.save_registration, REGISTRATION),
    ]
    for save, record in saves:
        await save(record)


async def _deal(crm: CrmPort) -> Deal:
    found = await crm.deal(PARTNER.id, DEAL.number)
    assert found is not None
    return found


async def _pages(crm: CrmPort, limit: int, cursor: str = "") -> list[Changes]:
    pages = [await crm.changes(cursor, limit)]
    while pages[-1].more:
        pages.append(await crm.changes(pages[-1].cursor, limit))
    return pages


def _size(page: Changes) -> int:
    kinds: tuple[tuple[Partner | Any, ...], ...] = (
        page.partners,
        page.contacts,
        page.deals,
        page.payments,
        page.registrations,
    )
    return sum(len(kind) for kind in kinds)
