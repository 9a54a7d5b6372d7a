"""Reviews by the clock: who rises, who has notice, who falls, who is told what, and that it happens once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.storage import rates
from bot.storage.database import Database
from bot.storage.queue import Queue
from bot.storage.tiers import CRM, REVIEW, Settled
from bot.vocabulary.results import Done, NotDone
from crm.errors import CrmUnavailable
from crm.records import Partner
from knowledge.commission.exchange import ExchangeRate
from knowledge.tier_review import Notice, Verdict
from tests.builders import program
from tests.fakes.crm import InMemoryCrm
from tests.unit.bot.desk.house import FIRST, JONAS, NOOR, SECOND
from tests.unit.bot.payouts.tier_house import APRIL, JANUARY, JULY, TierHouse, at

SARA, BEN = "sara@brightpath.example", "ben@harbour.example"


@pytest.fixture
async def house(storage: Database, queue: Queue) -> TierHouse:
    """Both partners hold their tiers."""
    made = TierHouse(storage, queue, InMemoryCrm(), program())
    await made.furnish()
    await made.crm.save_partner(replace(SECOND, csat=Decimal("4.6"), certified_people=4))
    await made.mirrored()
    await made.paid("p-1", "150000", date(2026, 11, 2))
    await made.paid("p-2", "450000", date(2026, 11, 2))
    return made


async def test_nothing_happens_before_the_quarter_begins_or_to_who_stays(house: TierHouse) -> None:
    await house.desk.due.overlooked()
    assert await house.wakes(at(JANUARY, 6, 59)) == 0
    assert await house.wakes(at(JANUARY, 9)) == 3, "two partners and the digest"
    assert (await house.tier("p-1"), await house.tier("p-2")) == ("Select", "Elite")
    assert await house.mails(SARA) == []
    assert await house.notices() == ()


async def test_who_reaches_a_tier_has_it_from_the_first_day_and_is_told_why(house: TierHouse) -> None:
    await house.crm.save_partner(replace(FIRST, certified_people=3, region="Iberia"))
    await house.mirrored()
    await house.paid("p-1", "250000", date(2026, 12, 30))
    await house.quarter(JANUARY)
    await house.delivered()
    live = await house.crm.partner("p-1")
    assert live is not None
    assert (live.tier, live.region) == ("Elite", "Iberia")
    assert [(c.since, c.was, c.tier, c.by) for c in await house.changes()][-1] == (JANUARY, "Select", "Elite", REVIEW)
    (mail,) = await house.mails(SARA)
    assert "from 1 January 2027 on your tier is Elite. Until now it was Select." in mail
    assert "€400,000.00 of €400,000.00, met" in mail
    assert "The review counted 1 January 2026 to 31 December 2026" in mail
    assert "5 added percentage points" in mail
    assert "joint roadmap call" in mail


async def test_a_fall_is_announced_a_quarter_before_reminded_of_and_then_carried_out(house: TierHouse) -> None:
    await house.paid("p-1", "-60000", date(2026, 12, 1))
    await house.quarter(JANUARY, 9)
    assert await house.tier() == "Select"
    (kept,) = await house.notices()
    assert kept.notice == Notice(APRIL, "Select", "Registered")
    (notice,) = await house.mails(SARA)
    assert "Your tier Select is at risk." in notice
    assert "€90,000.00 of €100,000.00, €10,000.00 to go" in notice
    assert "The review on 1 April 2027 decides." in notice
    assert "That review counts 1 April 2026 to 31 March 2027" in notice
    assert await house.wakes(at(date(2027, 2, 28))) == 0
    assert await house.wakes(at(date(2027, 3, 1), 9)) == 1
    reminder = (await house.mails(SARA))[1]
    assert "the review on 1 April 2027 decides on your tier Select" in reminder
    assert "becomes Registered" in reminder
    await house.quarter(APRIL)
    await house.delivered()
    live = await house.crm.partner("p-1")
    assert live is not None
    assert live.tier == "Registered"
    fallen = (await house.mails(SARA))[2]
    assert "From 1 April 2027 on your tier is Registered. Until now it was Select." in fallen
    assert "We had given you notice of this" in fallen
    assert "No percentage points" in fallen
    (kept,) = await house.notices()
    assert (kept.settled, kept.settled_on) == (Settled.LOWERED, APRIL)


async def test_who_recovers_in_time_is_not_reminded_and_keeps_the_tier(house: TierHouse) -> None:
    await house.paid("p-1", "-60000", date(2026, 12, 1))
    await house.quarter(JANUARY)
    await house.paid("p-1", "20000", date(2027, 2, 1))
    await house.wakes(at(date(2027, 3, 2)))
    assert len(await house.mails(SARA)) == 1, "there is nothing to remind of"
    await house.quarter(APRIL)
    assert await house.tier() == "Select"
    assert "your tier stays Select" in (await house.mails(SARA))[1]
    assert [kept.settled for kept in await house.notices()] == [Settled.RECOVERED]


async def test_two_tiers_short_falls_one_and_hears_of_the_other(house: TierHouse) -> None:
    await house.paid("p-2", "-445000", date(2026, 12, 1))
    await house.quarter(JANUARY)
    await house.quarter(APRIL)
    assert await house.tier("p-2") == "Select"
    last = (await house.mails(BEN))[-1]
    assert "not enough for Select at the moment either" in last
    assert "The review on 1 July 2027 decides." in last
    await house.quarter(JULY)
    assert await house.tier("p-2") == "Registered"


async def test_a_review_happens_once_however_many_look_and_however_often(house: TierHouse) -> None:
    await house.paid("p-1", "-60000", date(2026, 12, 1))
    await house.desk.due.overlooked()
    await house.desk.due.overlooked()
    house.now = at(JANUARY, 9)
    await asyncio.gather(*(house.desk.due() for _ in range(3)))
    assert await house.wakes(at(JANUARY, 15)) == 0
    assert len(await house.mails(SARA)) == 1
    assert await house.mails(JONAS) == await house.mails(NOOR)
    assert len(await house.mails(NOOR)) == 1


async def test_one_that_was_slept_through_is_held_afterwards_and_a_rise_counts_from_its_day(house: TierHouse) -> None:
    await house.crm.save_partner(replace(FIRST, certified_people=3))
    await house.mirrored()
    await house.paid("p-1", "250000", date(2026, 12, 30))
    await house.paid("p-1", "9000000", date(2027, 1, 3))
    await house.paid("p-2", "-400000", date(2026, 12, 30))
    await house.desk.due.overlooked()
    await house.wakes(at(date(2027, 2, 20)))
    changes = await house.changes()
    assert (changes[-1].since, changes[-1].tier) == (JANUARY, "Elite")
    assert changes[-1].figures["revenue"] == "EUR 400,000.00", "what came after the review's day does not count"
    (kept,) = await house.notices("p-2")
    assert kept.notice.review == JULY, "five weeks would be no quarter's notice"


async def test_after_a_skipped_quarter_only_the_latest_review_is_held(house: TierHouse) -> None:
    await house.paid("p-1", "-60000", date(2026, 12, 1))
    await house.desk.due.overlooked()
    await house.wakes(at(date(2027, 4, 20)))
    (kept,) = await house.notices()
    assert kept.notice == Notice(JULY, "Select", "Registered")
    assert await house.tier() == "Select"


async def test_nothing_is_decided_while_the_crm_is_away(house: TierHouse) -> None:
    await house.paid("p-1", "-60000", date(2026, 12, 1))
    await house.desk.due.overlooked()
    crm, house.crm = house.crm, Away()
    assert await house.wakes(at(JANUARY)) == 0
    house.crm = crm
    assert await house.notices() == ()
    await house.wakes(at(JANUARY, 12))
    assert len(await house.notices()) == 1


class Away(InMemoryCrm):
    async def partner(self, partner_id: str) -> Partner | None:
        raise CrmUnavailable("gone for lunch")


async def test_a_tier_that_a_colleague_raised_meanwhile_is_not_overwritten(house: TierHouse) -> None:
    """The mirror does not know it yet; the CRM is asked."""
    await house.paid("p-1", "-149000", date(2026, 12, 1))
    await house.quarter(JANUARY)
    await house.crm.save_partner(replace(FIRST, tier="Elite"))
    await house.quarter(APRIL)
    assert [(c.tier, c.by) for c in await house.changes()][-1] == ("Elite", CRM)
    assert await house.tier_writes() == 0
    standing = [kept.notice for kept in await house.notices() if kept.settled is None]
    assert standing == [Notice(JULY, "Elite", "Select")]


async def test_what_has_no_exchange_rate_takes_nothing_away_and_is_looked_at_again(house: TierHouse) -> None:
    await house.paid("p-1", "-60000", date(2026, 12, 1))
    await house.paid("p-1", "20000", date(2026, 12, 2), "USD")
    await house.quarter(JANUARY)
    assert await house.notices() == ()
    assert any("no exchange rate is stored for USD 20,000.00" in task for task in await house.tasks())
    async with house.storage.begin() as connection:
        await rates.store(connection, [ExchangeRate("USD", date(2026, 12, 2), Decimal("0.9"), "a bank")])
    await house.wakes(at(date(2027, 1, 3)))
    assert await house.notices() == ()
    assert await house.tier() == "Select"
    assert len(await house.tasks()) == 1


async def test_a_tier_that_the_program_does_not_have_is_a_persons_to_mend(house: TierHouse) -> None:
    await house.crm.save_partner(replace(FIRST, tier="Platinum"))
    await house.quarter(JANUARY)
    assert any("the CRM says 'Platinum'" in task for task in await house.tasks())


async def test_managers_hear_of_everything_in_one_brief(house: TierHouse) -> None:
    await house.crm.save_partner(replace(FIRST, certified_people=3))
    await house.mirrored()
    await house.paid("p-1", "250000", date(2026, 12, 30))
    await house.paid("p-2", "-445000", date(2026, 12, 1))
    await house.quarter(JANUARY)
    assert await house.mails(NOOR) == []
    await house.wakes(at(JANUARY, 8))
    (digest,) = await house.mails(NOOR)
    assert "Tiers reviewed on 1 Jan 2027: 1 changed, 1 at risk" in digest
    assert "Brightpath: rises from Select to Elite; revenue EUR 400,000.00, CSAT 4.4, certified people 3" in digest
    assert "Harbour: Elite is at risk: Select from 1 Apr 2027 on" in digest


async def test_a_preview_says_what_would_happen_and_changes_nothing(house: TierHouse) -> None:
    await house.paid("p-1", "-60000", date(2026, 12, 1))
    house.now = at(date(2026, 12, 20))
    found = {p.id: r for p, r in await house.desk.tiers.reviews.preview(JANUARY)}
    assert {i: r and r.verdict for i, r in found.items()} == {"p-1": Verdict.NOTICE, "p-2": Verdict.KEPT}
    assert await house.notices() == ()
    assert await house.mails(SARA) == []


async def test_one_called_again_counts_what_was_entered_late(house: TierHouse) -> None:
    await house.paid("p-1", "-60000", date(2026, 12, 1))
    await house.quarter(JANUARY)
    await house.paid("p-1", "15000", date(2026, 12, 20))
    house.now = at(date(2027, 1, 10))
    await house.desk.tiers.reviews.call_again(JANUARY)
    await house.desk.due()
    assert [kept.settled for kept in await house.notices()] == [Settled.RECOVERED]
    assert len(await house.mails(SARA)) == 2


async def test_a_manager_sets_a_tier_with_a_reason_and_the_partner_is_told_without_it(house: TierHouse) -> None:
    desk = house.desk.tiers.desk
    done = await desk.set("brightpath", "elite", NOOR, "They signed the big plan.")
    assert isinstance(done, Done)
    await house.delivered()
    live = await house.crm.partner("p-1")
    assert live is not None
    assert live.tier == "Elite"
    (mail,) = await house.mails(SARA)
    assert "From 26 November 2026 on your tier is Elite" in mail
    assert "big plan" not in mail
    past = await desk.past("Brightpath")
    assert not isinstance(past, NotDone)
    assert (past.changes[-1].by, past.changes[-1].reason) == (NOOR, "They signed the big plan.")
    assert isinstance(await desk.set("p-1", "Elite", NOOR, "Again."), NotDone)
    assert len(await house.mails(SARA)) == 1


@pytest.mark.parametrize(
    ("who", "tier", "by", "reason"),
    [
        ("Nobody", "Elite", NOOR, "Why not."),
        ("p-1", "Platinum", NOOR, "Why not."),
        ("p-1", "Elite", "eve@elsewhere.example", "Why not."),
        ("p-1", "Elite", NOOR, "  "),
    ],
)
async def test_what_cannot_be_set_changes_nothing(house: TierHouse, who: str, tier: str, by: str, reason: str) -> None:
    assert isinstance(await house.desk.tiers.desk.set(who, tier, by, reason), NotDone)
    assert await house.tier() == "Select"
    assert await house.tier_writes() == 0


async def test_confirming_a_tier_lifts_its_notice_and_the_next_fall_needs_another(house: TierHouse) -> None:
    await house.paid("p-1", "-60000", date(2026, 12, 1))
    await house.quarter(JANUARY)
    assert isinstance(await house.desk.tiers.desk.set("p-1", "Select", NOOR, "A large deal is coming."), Done)
    assert "no longer applies" in (await house.mails(SARA))[1]
    await house.quarter(APRIL)
    assert await house.tier() == "Select"
    assert [(k.settled, k.notice.review) for k in await house.notices()] == [(Settled.LIFTED, APRIL), (None, JULY)]


async def test_a_change_on_its_way_is_not_taken_for_a_colleagues(house: TierHouse) -> None:
    await house.desk.tiers.desk.set("p-1", "Elite", NOOR, "Signed.")
    await house.crm.save_partner(replace(FIRST, region="Iberia"))
    await house.mirrored()
    assert await house.tier() == "Elite"
    await house.delivered()
    assert [(c.tier, c.by) for c in await house.changes()] == [("Select", CRM), ("Elite", NOOR)]


async def test_a_colleagues_change_is_noticed_the_day_the_mirror_sees_it(house: TierHouse) -> None:
    house.now += timedelta(days=3)
    await house.crm.save_partner(replace(FIRST, tier="Registered"))
    await house.mirrored()
    last = (await house.changes())[-1]
    assert (last.since, last.was, last.tier, last.by) == (house.now.date(), "Select", "Registered", CRM)


async def test_another_tier_in_the_crm_by_then_is_a_persons_to_settle(house: TierHouse) -> None:
    await house.desk.tiers.desk.set("p-1", "Elite", NOOR, "Signed.")
    await house.crm.save_partner(replace(FIRST, tier="Registered"))
    await house.delivered()
    live = await house.crm.partner("p-1")
    assert live is not None
    assert live.tier == "Registered"
