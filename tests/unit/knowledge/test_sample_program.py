"""The sample program says what its vendor promises: in the figures, and in the pages of every language."""

import re
from datetime import time
from decimal import Decimal

import pytest

from crm.money import Money
from knowledge.program import Program

LANGUAGES = ("en", "de", "fr", "nl", "es")


def eur(amount: int) -> Money:
    return Money(Decimal(amount), "EUR")


def test_the_vendor(program: Program) -> None:
    vendor = program.vendor
    assert (vendor.legal_name, vendor.currency, vendor.currencies) == (
        "Lumora B.V.",
        "EUR",
        ("EUR", "USD", "GBP", "CHF"),
    )
    assert (vendor.time_zone, vendor.holidays) == ("Europe/Brussels", "BE")
    assert (vendor.quiet_from, vendor.quiet_until) == (time(19), time(8))
    assert vendor.agent_address == "partners@lumora.example"
    assert vendor.deals_address == "deals@lumora.example"
    assert vendor.invoices_address == "invoices@lumora.example"
    assert vendor.announce_address == "announce@lumora.example"
    assert vendor.finance_address == "finance@lumora.example"


def test_the_managers(program: Program) -> None:
    noor, jonas = program.managers
    assert (noor.email, noor.approves, noor.approves_up_to, noor.announces) == ("noor@lumora.example", True, None, True)
    assert (jonas.email, jonas.regions, jonas.approves_up_to) == ("jonas@lumora.example", ("DACH",), eur(100_000))


def test_the_products(program: Program) -> None:
    assert {p.name: (p.billing, p.list_price) for p in program.products} == {
        "Lumora Core": ("subscription", eur(24)),
        "Lumora Insights": ("subscription", eur(11)),
        "Lumora Connect": ("subscription", eur(8)),
        "Lumora Assist": ("subscription", eur(15)),
        "Onboarding Package": ("one_off", eur(9500)),
    }
    aliases = {alias: p.name for p in program.products for alias in p.aliases}
    assert aliases["platform"] == aliases["Lumora"] == "Lumora Core"
    assert aliases["analytics add-on"] == "Lumora Insights"
    assert aliases["integration hub"] == "Lumora Connect"
    assert aliases["AI add-on"] == "Lumora Assist"
    assert aliases["go-live services"] == aliases["implementation"] == aliases["onboarding"] == "Onboarding Package"


def test_the_tiers(program: Program) -> None:
    rows = [(t.name, t.revenue, t.csat, t.certified_people, t.added_points) for t in program.tiers]
    assert rows == [
        ("Registered", None, None, 0, Decimal(0)),
        ("Select", eur(100_000), Decimal("4.0"), 1, Decimal("2.5")),
        ("Elite", eur(400_000), Decimal("4.3"), 3, Decimal(5)),
    ]
    assert (program.tier_rules.quarters_counted, program.tier_rules.tiers_lost_at_most) == (4, 1)
    assert program.tier_rules.notice_quarters == 1
    assert all(set(tier.benefits) == set(LANGUAGES) for tier in program.tiers)


def test_the_rules_of_deal_registration(program: Program) -> None:
    rules = program.deal_rules
    assert rules.required == (
        "customer",
        "customer_domain",
        "contact_name",
        "contact_email",
        "amount",
        "currency",
        "close_date",
        "products",
    )
    assert rules.welcome == ("quantity", "term_months", "contact_phone", "competitor", "notes")
    assert (rules.decision_business_days, rules.protection_days) == (2, 90)
    assert (rules.hold_business_days, rules.held_at_most) == (2, 20)
    assert (rules.extension_days, rules.extension_needs_move_within_days, rules.draft_kept_days) == (60, 30, 30)


def test_the_plans_and_what_stands_beside_them(program: Program) -> None:
    assert [(p.name, p.default) for p in program.plans] == [
        ("Referral 2026", True),
        ("Reseller 2026", True),
        ("Services 2026", True),
        ("Growth 2026", False),
    ]
    assert program.commission
    assert (program.commission.influenced_rate, program.commission.clawback_days) == (Decimal("0.05"), 90)
    rewards = {reward.id: (reward.reward, reward.opportunities) for reward in program.rewards}
    assert rewards == {
        "qualified_meeting": (eur(150), 0),
        "first_certification": (eur(100), 0),
        "co_marketing_event": (eur(750), 3),
    }


def test_statements_and_training(program: Program) -> None:
    assert program.statements
    assert program.training
    said = program.statements
    assert (said.day_of_month, said.payment_days_after_approval, said.dispute_days) == (5, 30, 30)
    assert said.minimum_payout == eur(50)
    courses = [(c.name, c.hours, c.needs) for c in program.training.courses]
    assert courses == [
        ("Sales Associate", 2, ""),
        ("Technical Professional", 8, ""),
        ("Implementation Expert", 16, "Technical Professional"),
    ]
    assert (program.training.pass_mark, program.training.valid_months) == (Decimal("0.8"), 12)
    assert program.training.recertify_opens_days_before == 60


# What each section must say, as numbers and names, in any language; thousands are written as the language does.
FACTS = {
    "program#addresses": "partners@ deals@ invoices@ announce@ finance@",
    "program#managers": "Noor noor@ Jonas jonas@ DACH 100000",
    "program#numbers": "D- -USD",
    "products#prices": "24 11 8 15 9500",
    "products#currencies": "EUR USD GBP CHF",
    "products#onboarding": "9500",
    "tiers#requirements": "100000 4.0 5 1 400000 4.3 3",
    "tiers#points": "0 2.5 5",
    "tiers#benefits": "2500 10000",
    "tiers#co-marketing": "2500 10000",
    "deal-registration#answer-time": "2",
    "deal-registration#protection": "90",
    "deal-registration#extension": "60 30",
    "commission#referral": "15 3000 300",
    "commission#reseller": "15 50000 20 150000 25 3 2 60000 Insights Assist",
    "commission#services": "12 40 60 4.2 2",
    "commission#growth": "20 1 10 2 5 3",
    "commission#influenced": "5",
    "commission#rewards": "150 100 750",
    "commission#clawback": "90",
    "statements#when": "5",
    "statements#invoice": "PDF invoices@",
    "statements#payment": "30",
    "statements#dispute": "30",
    "statements#minimum": "50",
    "training#courses": "Associate 2 Professional 8 Expert 16",
    "training#pass-mark": "80",
    "training#certificates": "12 60",
    "announcements#receiving": "19 08 Slack",
}


def _readable(text: str) -> str:
    """Numbers without separators between thousands, with a point before decimals."""
    joined = re.sub(r"(?<=\d)[.,   ](?=\d{3}\b)", "", text)
    return re.sub(r"(?<=\d),(?=\d)", ".", joined).casefold()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_stands_in_the_pages_of_every_language(program: Program, language: str) -> None:
    texts = {section.anchor: section.text for section in program.sections if section.language == language}
    for anchor, facts in FACTS.items():
        said = _readable(texts[anchor])
        for fact in facts.casefold().split():
            found = re.search(rf"(?<![\d.]){re.escape(fact)}(?![\d]|\.\d)", said) if fact[0].isdigit() else fact in said
            assert found, f"{language} {anchor} lacks {fact}"


def test_every_language_has_every_section_with_other_words_for_it(program: Program) -> None:
    anchors = {lang: {s.anchor for s in program.sections if s.language == lang} for lang in LANGUAGES}
    assert all(found == anchors["en"] for found in anchors.values())
    assert all(section.keywords for section in program.sections)
    assert len({section.text for section in program.sections}) == len(program.sections)
