"""The demo's records: enough to talk about, consistent, and as good on any other day."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import as_file, files
from itertools import chain, pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.demo.calendar import last_month, quarter_starts
from bot.demo.rates import demo_rates
from bot.demo.records import DemoRecords
from bot.demo.seed import demo_records, seed
from bot.intents.extend import decide as extend
from bot.vocabulary.requests import Intent
from crm.records import Attribution, MilestoneKind, Partner, PartnerType, PaymentKind, RegistrationState, Stage
from knowledge.commission.exchange import RateTable
from knowledge.loading import load_program
from knowledge.program import Program
from knowledge.study import Filters, Finding, study
from tests.builders import facts, request
from tests.fakes.crm import InMemoryCrm

TODAY = date(2026, 11, 26)
DAYS = [
    TODAY,
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2027, 1, 2),
    date(2027, 3, 31),
    date(2028, 2, 29),
    date(2028, 7, 1),
    date(2031, 5, 17),
]


@cache
def program() -> Program:
    with as_file(files("config") / "program") as folder:
        return load_program(folder)


@cache
def records(today: date) -> DemoRecords:
    return demo_records(today, program())


any_day = pytest.mark.parametrize("today", DAYS, ids=str)


@any_day
def test_there_is_enough_to_talk_about(today: date) -> None:
    made = records(today)
    assert len(made.partners) >= 8
    assert len(made.contacts) >= 20
    assert len(made.deals) >= 60
    assert len(made.slack_channels) == 4
    assert set(chain.from_iterable(partner.types for partner in made.partners)) == set(PartnerType)
    assert {partner.tier for partner in made.partners} == {"Registered", "Select", "Elite"}
    assert {partner.language for partner in made.partners} == {"en", "de", "fr", "nl", "es"}
    assert {deal.stage for deal in made.deals} == set(Stage)


def test_the_same_day_makes_the_same_records() -> None:
    assert demo_records(TODAY) == records(TODAY)


@any_day
def test_another_day_keeps_ids_numbers_and_customers(today: date) -> None:
    def kept(made: DemoRecords) -> list[tuple[str, str, str, object]]:
        return [(deal.id, deal.number, deal.customer, deal.amount) for deal in made.deals]

    assert kept(records(today)) == kept(records(TODAY))
    assert records(today).partners == records(TODAY).partners


@any_day
def test_what_happened_is_past_and_what_is_open_is_ahead(today: date) -> None:
    made = records(today)
    assert all(payment.received_on <= today for payment in made.payments)
    for deal in made.deals:
        assert deal.created_on <= today
        assert (deal.won_on is not None) is (deal.stage is Stage.WON)
        assert deal.won_on is None or deal.created_on < deal.won_on <= today
        assert deal.close_date is not None
        assert (deal.close_date > today) is deal.stage.open


@any_day
def test_ids_numbers_and_addresses_name_one_thing(today: date) -> None:
    made = records(today)
    once: list[list[str]] = [
        [partner.id for partner in made.partners],
        [contact.id for contact in made.contacts],
        [contact.email for contact in made.contacts],
        [deal.number for deal in made.deals],
        [payment.id for payment in made.payments],
        [payment.invoice for payment in made.payments],
        [milestone.id for milestone in made.milestones],
        [registration.number for registration in made.registrations],
        [channel.channel_id for channel in made.slack_channels],
        [contact.slack_user_id for contact in made.contacts if contact.slack_user_id],
    ]
    for names in once:
        assert max(Counter(names).values()) == 1
    assert all(re.fullmatch(r"D-[1-9]\d{3,5}", deal.number) for deal in made.deals)


def test_everything_is_made_up() -> None:
    made = records(TODAY)
    domains = [
        *chain.from_iterable(partner.domains for partner in made.partners),
        *(contact.email for contact in made.contacts),
        *(deal.customer_domain for deal in made.deals),
        *(registration.customer_domain for registration in made.registrations),
    ]
    assert all(domain.endswith(".example") for domain in domains)
    assert all(re.fullmatch(r"[a-z0-9.-]+@[a-z0-9.-]+", r.contact_email) for r in made.registrations if r.contact_email)


def test_partners_fit_the_program() -> None:
    plans = {plan.id: plan for plan in program().plans}
    managers = {manager.email for manager in program().managers}
    for partner in records(TODAY).partners:
        assert program().tier(partner.tier).name == partner.tier
        # For the agent a distributor is a reseller.
        assert {*partner.types, PartnerType.RESELLER} & set(plans[partner.plan].types)
        assert partner.manager_email in managers
        assert ZoneInfo(partner.time_zone)
        assert partner.currency in program().vendor.currencies


def test_each_partner_has_one_main_contact_and_addresses_on_its_domains() -> None:
    made = records(TODAY)
    for partner in made.partners:
        people = [contact for contact in made.contacts if contact.partner_id == partner.id]
        assert sum(contact.main for contact in people) == 1
        assert {contact.email.partition("@")[2] for contact in people} <= set(partner.domains)
        assert partner.finance_contact_id in {None, *(contact.id for contact in people)}


def test_people_in_a_shared_channel_have_slack_users() -> None:
    made = records(TODAY)
    for channel in made.slack_channels:
        assert re.fullmatch(r"T[A-Z0-9]{8}", channel.team_id)
        assert re.fullmatch(r"C[A-Z0-9]{8}", channel.channel_id)
        users = [c.slack_user_id for c in made.contacts if c.partner_id == channel.partner_id and c.slack_user_id]
        assert len(users) >= 2
        assert all(re.fullmatch(r"U[A-Z0-9]{8}", user) for user in users)


@any_day
def test_tiers_are_earned_and_no_one_has_earned_more(today: date) -> None:
    made = records(today)
    tiers = program().tiers
    for partner in made.partners:
        reached = [tier for tier in tiers if _reaches(partner, made, today, tier.name)]
        assert reached[-1].name == partner.tier


@any_day
def test_one_registered_partner_lacks_little_revenue_and_nothing_else(today: date) -> None:
    made = records(today)
    quaywise = next(partner for partner in made.partners if partner.name == "Quaywise Advisory")
    assert quaywise.tier == "Registered"
    assert Decimal(80_000) < _revenue(quaywise, made, today) < Decimal(100_000)
    select = program().tier("Select")
    assert select.csat is not None
    assert quaywise.csat is not None
    assert quaywise.csat >= select.csat
    assert quaywise.certified_people >= select.certified_people


@any_day
def test_one_partner_is_hardly_known(today: date) -> None:
    made = records(today)
    northgate = next(partner for partner in made.partners if partner.name == "Northgate Foundry")
    assert northgate.csat is None
    assert not [payment for payment in made.payments if payment.partner_id == northgate.id]
    assert len([deal for deal in made.deals if deal.partner_id == northgate.id]) == 1


@any_day
def test_last_months_statement_is_empty_for_nobody_who_sells(today: date) -> None:
    made, start = records(today), last_month(today)
    paid = {p.partner_id for p in made.payments if start <= p.received_on < today.replace(day=1)}
    assert paid == {partner.id for partner in made.partners} - {"demo-northgate"}


@any_day
def test_registrations_are_protected_waiting_and_refused(today: date) -> None:
    made = records(today)
    protected = [r for r in made.registrations if r.protected_until and r.protected_until >= today]
    assert len(protected) >= 10
    states = Counter(registration.state for registration in made.registrations)
    assert states[RegistrationState.SUBMITTED] >= 3
    assert states[RegistrationState.DECLINED] == states[RegistrationState.DRAFT] == 1
    for registration in made.registrations:
        assert registration.decided_at is None or registration.decided_at.date() <= today
        assert (registration.decided_at is None) is registration.state.waiting
        assert bool(registration.reason) is (registration.state is RegistrationState.DECLINED)


@any_day
def test_every_sourced_deal_was_won_under_its_registration(today: date) -> None:
    made = records(today)
    approved = {r.number: r for r in made.registrations if r.state is RegistrationState.APPROVED}
    for deal in made.deals:
        if deal.attribution is Attribution.INFLUENCED:
            assert deal.number not in approved
            continue
        registration = approved[deal.number]
        assert (registration.customer, registration.products) == (deal.customer, deal.products)
        assert registration.protected_until is not None
        assert deal.won_on is None or deal.won_on <= registration.protected_until


@any_day
def test_one_refund_falls_into_the_clawback(today: date) -> None:
    made = records(today)
    [refund] = [payment for payment in made.payments if payment.amount.amount < 0]
    paid = [p for p in made.payments if p.deal_id == refund.deal_id and p is not refund]
    assert any(timedelta() < refund.received_on - p.received_on <= timedelta(days=90) for p in paid)
    assert -refund.amount.amount < paid[0].amount.amount


@any_day
def test_no_deal_is_paid_more_than_it_is_worth(today: date) -> None:
    made = records(today)
    paid: Counter[str] = Counter()
    for payment in (p for p in made.payments if p.kind is not PaymentKind.RENEWAL):
        paid[payment.deal_id] += payment.amount.amount  # type: ignore[assignment]
    for deal in made.deals:
        assert deal.amount is not None
        years = Decimal(max(deal.term_months or 12, 12)) / 12
        assert paid[deal.id] <= deal.amount.amount * years


@any_day
def test_payments_say_what_they_are_for(today: date) -> None:
    made = records(today)
    deals = {deal.id: deal for deal in made.deals}
    for payment in made.payments:
        products = deals[payment.deal_id].products
        assert sum(part.amount for part in payment.parts) == (payment.amount.amount if len(products) > 1 else 0)
        assert payment.invoice
        assert (payment.period_start is None) is (payment.kind is PaymentKind.ONE_OFF)
        assert payment.period_start is None or (payment.period_end or today) > payment.period_start
    assert {payment.kind for payment in made.payments} == set(PaymentKind)
    assert {payment.amount.currency for payment in made.payments} == {"EUR", "USD", "GBP"}
    [refund] = [payment for payment in made.payments if payment.refunds]
    assert refund.refunds in {payment.id for payment in made.payments}


@any_day
def test_the_periods_of_a_deal_follow_each_other(today: date) -> None:
    made = records(today)
    for deal in made.deals:
        mine = [p for p in made.payments if p.deal_id == deal.id and p.period_start and not p.refunds]
        spans = sorted((p.period_start, p.period_end) for p in mine if p.period_start and p.period_end)
        assert all(end + timedelta(days=1) == start for (_, end), (start, _) in pairwise(spans))


@any_day
def test_something_to_earn_on_happened_last_month_for_every_plan(today: date) -> None:
    made, start = records(today), last_month(today)
    assert all(milestone.on <= today for milestone in made.milestones)
    happened = {m.kind for m in made.milestones if start <= m.on < today.replace(day=1)}
    assert happened == {
        MilestoneKind.GO_LIVE, MilestoneKind.CSAT, MilestoneKind.MEETING, MilestoneKind.CERTIFICATION,
        MilestoneKind.EVENT,
    }  # fmt: skip
    paid = [p for p in made.payments if start <= p.received_on < today.replace(day=1)]
    plans = {partner.id: partner.plan for partner in made.partners}
    assert {plans[payment.partner_id] for payment in paid} == {plan.id for plan in program().plans}
    influenced = {deal.id for deal in made.deals if deal.others}
    assert any(payment.deal_id in influenced for payment in paid)


@any_day
def test_rates_are_there_for_every_payment_and_the_same_for_a_day(today: date) -> None:
    known = RateTable.of("EUR", demo_rates(program().vendor, today))
    assert all(known.on(p.amount.currency, p.received_on) for p in records(today).payments)
    earlier = set(demo_rates(program().vendor, today - timedelta(days=30)))
    shared = {rate for rate in demo_rates(program().vendor, today) if rate.day > today - timedelta(days=500)}
    assert {rate for rate in shared if rate.day <= today - timedelta(days=30)} <= earlier


async def test_seeding_twice_leaves_the_same_crm() -> None:
    crm = InMemoryCrm()
    made = records(TODAY)
    for _ in range(2):
        await seed(crm, made)
    everything = (*made.deals, *made.own)
    assert sorted(deal.number for deal in crm.held("deals")) == sorted(deal.number for deal in everything)
    assert len(crm.held("registrations")) == len(made.registrations)
    assert len(crm.held("contacts")) == len(made.contacts)
    assert len(crm.held("milestones")) == len(made.milestones)


async def test_seeding_on_another_day_moves_the_same_deals() -> None:
    crm = InMemoryCrm()
    await seed(crm, records(TODAY))
    await seed(crm, records(DAYS[-1]))
    assert len(crm.held("deals")) == len(records(TODAY).deals) + len(records(TODAY).own)


@any_day
def test_the_vendors_own_deals_are_nobodys_and_make_a_study(today: date) -> None:
    made = records(today)
    assert {deal.partner_id for deal in made.own} == {""}
    assert {deal.customer_domain for deal in made.own}.isdisjoint(deal.customer_domain for deal in made.deals)
    assert [(d.number, d.amount) for d in made.own] == [(d.number, d.amount) for d in records(TODAY).own]
    rates = RateTable.of("EUR", demo_rates(program().vendor, today))
    partners = {partner.id: partner for partner in made.partners}
    numbers = {registration.number for registration in made.registrations}
    found = study((*made.deals, *made.own), partners, numbers, rates, Filters())
    sourced = found.comparisons[0]
    assert sourced.win_rate.finding is Finding.HIGHER
    assert sourced.cycle.finding is Finding.NOT_SHOWN
    assert sourced.size.estimate is not None
    assert sourced.size.estimate.value > 1.2


def test_another_program_sets_the_prices() -> None:
    dearer = tuple(replace(product, list_price=product.list_price * 2) for product in program().products)
    made = demo_records(TODAY, replace(program(), products=dearer))
    assert made.deals[0].quantity != records(TODAY).deals[0].quantity


def _revenue(partner: Partner, made: DemoRecords, today: date) -> Decimal:
    """Collected in the four quarters before the running one."""
    first, *_, running = quarter_starts(today, 5)
    known = RateTable.of(program().vendor.currency, demo_rates(program().vendor, today))
    mine = (p for p in made.payments if p.partner_id == partner.id and first <= p.received_on < running)
    worth = ((p.amount.amount, known.on(p.amount.currency, p.received_on)) for p in mine)
    return sum((amount * rate.rate for amount, rate in worth if rate is not None), Decimal(0))


def _reaches(partner: Partner, made: DemoRecords, today: date, name: str) -> bool:
    tier = program().tier(name)
    return (
        (tier.revenue is None or _revenue(partner, made, today) >= tier.revenue.amount)
        and (tier.csat is None or (partner.csat is not None and partner.csat >= tier.csat))
        and partner.certified_people >= tier.certified_people
    )


@any_day
def test_some_protections_can_be_extended_and_some_cannot(today: date) -> None:
    made = records(today)
    logs: Counter[str] = Counter()
    for deal in (d for d in made.deals if d.stage.open):
        partner = next(p for p in made.partners if p.id == deal.partner_id)
        own = tuple(r for r in made.registrations if r.partner_id == partner.id)
        deals = tuple(d for d in made.deals if d.partner_id == partner.id)
        now = datetime.combine(today, time(9), ZoneInfo("Europe/Brussels"))
        world = facts(partner=partner, contact=None, deals=deals, registrations=own, now=now)
        logs[extend(request(Intent.UPDATE_DEAL, deal_ref=deal.number), world).log] += 1
    assert set(logs) == {"protection_extended", "extension_refused"}
    assert all(d.stage_since and d.created_on <= d.stage_since <= today for d in made.deals)
