"""What every CRM adapter promises to commission: payments with parts, milestones, splits, margins."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from crm.errors import CrmConflict, CrmRejected
from crm.money import Money
from crm.ports import CrmPort
from crm.records import DealPartner, Milestone, MilestoneKind, Payment, PaymentKind, PaymentPart
from tests.contract.records import DEAL, MILESTONE, OTHER_PARTNER, PARTNER, PAYMENT

BARE = Payment("pay-2", DEAL.id, PARTNER.id, Money(Decimal("6000.00"), "EUR"), date(2026, 11, 2))


class CommissionContract:
    async def test_a_payment_comes_back_with_its_parts_in_their_order(self, crm: CrmPort) -> None:
        await crm.save_deal(DEAL)
        await crm.save_payment(PAYMENT)
        assert (await crm.changes()).payments == (PAYMENT,)

    async def test_a_bare_payment_comes_back_bare(self, crm: CrmPort) -> None:
        await crm.save_deal(DEAL)
        await crm.save_payment(BARE)
        assert (await crm.changes()).payments == (BARE,)

    @pytest.mark.parametrize("kind", list(PaymentKind))
    async def test_every_kind_of_payment_is_kept(self, crm: CrmPort, kind: PaymentKind) -> None:
        await crm.save_deal(DEAL)
        paid = replace(BARE, kind=kind, parts=(PaymentPart("Lumora Core", Decimal("6000.00"), kind),))
        await crm.save_payment(paid)
        assert (await crm.changes()).payments == (paid,)

    @pytest.mark.parametrize("amount", ["0", "-0.005", "123456789012345678.905", "1E+3", "1E-9"])
    async def test_the_amount_of_a_part_is_exact(self, crm: CrmPort, amount: str) -> None:
        await crm.save_deal(DEAL)
        await crm.save_payment(replace(BARE, parts=(PaymentPart("", Decimal(amount)),)))
        [found] = (await crm.changes()).payments
        assert found.parts[0].amount == Decimal(amount)

    async def test_many_payments_are_saved_at_once_and_again_without_a_change(self, crm: CrmPort) -> None:
        await crm.save_deal(DEAL)
        many = [replace(PAYMENT, id=f"pay-{n:03}", invoice=f"INV-{n}") for n in range(500)]
        await crm.save_payments(many)
        found = await crm.changes()
        assert {payment.id: payment for payment in found.payments} == {payment.id: payment for payment in many}
        await crm.save_payments(many[::-1])
        await crm.save_payments([])
        assert (await crm.changes(found.cursor)).payments == ()
        await crm.save_payments([replace(many[7], invoice="INV-new"), many[8]])
        assert (await crm.changes(found.cursor)).payments == (replace(many[7], invoice="INV-new"),)

    async def test_where_one_of_many_is_refused_none_is_saved(self, crm: CrmPort) -> None:
        await crm.save_deal(DEAL)
        with pytest.raises(CrmRejected, match="deal"):
            await crm.save_payments([PAYMENT, replace(BARE, deal_id="nothing")])
        assert (await crm.changes()).payments == ()

    async def test_many_who_save_the_same_payments_do_not_hold_each_other_up(self, crm: CrmPort) -> None:
        await crm.save_deal(DEAL)
        many = [replace(BARE, id=f"pay-{n:03}") for n in range(100)]
        await asyncio.gather(*(crm.save_payments(order) for order in (many, many[::-1], many[50:] + many[:50])))
        assert len((await crm.changes()).payments) == 100

    async def test_saving_a_payment_again_replaces_its_parts(self, crm: CrmPort) -> None:
        await crm.save_deal(DEAL)
        await crm.save_payment(replace(PAYMENT, parts=()))
        await crm.save_payment(PAYMENT)
        assert (await crm.changes()).payments == (PAYMENT,)

    async def test_saving_the_same_payment_again_is_no_change(self, crm: CrmPort) -> None:
        await crm.save_deal(DEAL)
        await crm.save_payment(PAYMENT)
        await crm.save_milestone(MILESTONE)
        cursor = (await crm.changes()).cursor
        await crm.save_payment(PAYMENT)
        await crm.save_milestone(MILESTONE)
        found = await crm.changes(cursor)
        assert (found.payments, found.milestones) == ((), ())

    async def test_a_refund_may_come_before_what_it_pays_back(self, crm: CrmPort) -> None:
        await crm.save_deal(DEAL)
        refund = replace(BARE, id="pay-3", amount=-BARE.amount, refunds=BARE.id)
        await crm.save_payment(refund)
        await crm.save_payment(BARE)
        assert (await crm.changes()).payments == (refund, BARE)

    async def test_what_was_paid_on_a_deal_of_the_vendors_own_belongs_to_no_partner(self, crm: CrmPort) -> None:
        """A partner that influenced it may earn on it all the same."""
        await crm.save_deal(replace(DEAL, partner_id=""))
        await crm.save_payment(replace(PAYMENT, partner_id=""))
        await crm.save_milestone(replace(MILESTONE, partner_id=""))
        found = await crm.changes()
        assert found.payments == (replace(PAYMENT, partner_id=""),)
        assert found.milestones == (replace(MILESTONE, partner_id=""),)

    async def test_a_payment_of_an_unknown_partner_is_refused(self, crm: CrmPort) -> None:
        await crm.save_deal(DEAL)
        with pytest.raises(CrmRejected, match="partner"):
            await crm.save_payment(replace(PAYMENT, partner_id="nobody"))

    async def test_a_milestone_comes_back_whole(self, crm: CrmPort) -> None:
        await crm.save_deal(DEAL)
        await crm.save_milestone(MILESTONE)
        assert (await crm.changes()).milestones == (MILESTONE,)

    @pytest.mark.parametrize("kind", list(MilestoneKind))
    async def test_a_milestone_apart_from_deals_comes_back(self, crm: CrmPort, kind: MilestoneKind) -> None:
        bare = Milestone("m-2", PARTNER.id, kind, date(2026, 11, 2))
        await crm.save_milestone(bare)
        assert (await crm.changes()).milestones == (bare,)

    async def test_the_last_save_of_a_milestone_counts(self, crm: CrmPort) -> None:
        await crm.save_deal(DEAL)
        await crm.save_milestone(MILESTONE)
        corrected = replace(MILESTONE, value=Decimal("4.2"), deal_id="")
        await crm.save_milestone(corrected)
        assert (await crm.changes()).milestones == (corrected,)

    async def test_a_milestone_of_nobody_or_of_no_known_deal_is_refused(self, crm: CrmPort) -> None:
        with pytest.raises(CrmRejected, match="deal"):
            await crm.save_milestone(MILESTONE)
        with pytest.raises(CrmRejected, match="partner"):
            await crm.save_milestone(replace(MILESTONE, partner_id="nobody", deal_id=""))

    async def test_a_split_and_a_margin_come_back(self, crm: CrmPort) -> None:
        await crm.save_deal(DEAL)
        found = await crm.deal(PARTNER.id, DEAL.number)
        assert found is not None
        assert (found.others, found.margin, found.replaces_mrr) == (DEAL.others, DEAL.margin, DEAL.replaces_mrr)

    async def test_a_deal_with_a_part_of_another_partner_stays_its_owners(self, crm: CrmPort) -> None:
        await crm.save_deal(DEAL)
        assert await crm.deal(OTHER_PARTNER.id, DEAL.number) is None

    async def test_a_split_changes_beside_what_somebody_else_changed(self, crm: CrmPort) -> None:
        held = replace(DEAL, next_step="newer than what was seen")
        await crm.save_deal(held)
        shared = (DealPartner(OTHER_PARTNER.id, DEAL.others[0].attribution, Decimal("0.5")),)
        await crm.update_deal(DEAL, replace(DEAL, others=shared, margin=Money(Decimal(1), "USD")))
        expected = replace(held, others=shared, margin=Money(Decimal(1), "USD"))
        assert await crm.deal(PARTNER.id, DEAL.number) == expected

    async def test_a_margin_is_compared_with_its_currency(self, crm: CrmPort) -> None:
        assert DEAL.margin is not None
        await crm.save_deal(replace(DEAL, margin=Money(DEAL.margin.amount, "CHF")))
        with pytest.raises(CrmConflict) as conflict:
            await crm.update_deal(DEAL, replace(DEAL, margin=Money(Decimal(1), "EUR")))
        assert conflict.value.fields == ("margin",)
