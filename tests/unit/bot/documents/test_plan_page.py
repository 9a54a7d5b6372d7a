"""A page that explains a plan: the program's own figures, an example by the engine, in the reader's language."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal

import pypdfium2
import pytest

from bot.documents.plan_page import NoPlanError, plan_page, plan_pdf
from bot.texts.catalogue import LANGUAGES, catalogue
from crm.money import Money
from crm.records import Partner, PartnerType
from knowledge.commission.account import Account
from knowledge.commission.derivation import Derivation
from knowledge.commission.exchange import RateTable
from knowledge.commission.expecting import expect
from knowledge.commission.worth import DealLike
from knowledge.program import Program
from knowledge.programs import Programs
from tests.builders import program

TODAY = date(2026, 11, 27)
REFERRAL, RESELLER, SERVICES = (PartnerType.REFERRAL,), (PartnerType.RESELLER,), (PartnerType.SERVICES,)
KINDS = (REFERRAL, RESELLER, SERVICES, (*REFERRAL, *RESELLER, *SERVICES))


def _markdown(
    types: tuple[PartnerType, ...], tier: str = "Select", language: str = "en", of: Program | None = None
) -> str:
    return plan_page(of or program(), types, tier, language, TODAY).markdown


def _pages(content: bytes) -> Iterator[str]:
    document = pypdfium2.PdfDocument(content)
    for place in range(len(document)):
        page = document[place]
        text = page.get_textpage()
        yield text.get_text_bounded()
        text.close()
        page.close()
    document.close()


def test_the_page_of_a_referral_partner_says_what_its_plan_pays() -> None:
    page = plan_page(program(), REFERRAL, "Select", "en", TODAY)
    assert page.title == "Commission plan: Referral 2026"
    for said in (
        "# Commission plan: Referral 2026",
        "- Partner type: referral partner",
        "- 17.5% of the first year's recurring revenue",
        "- a flat €300.00 for deals with less than €3,000.00",
        "## By choice instead: Growth 2026 (version 2026.1)",
        "- €750.00 for a joint event that creates at least 3 opportunities",
        "Registered 0, Select 2.5, Elite 5",
        "- On day 5 of each month",
        "- We pay 30 days after",
        "- Sums below €50.00",
        "refunded within 90 days",
        "You have 30 days from the day we send a statement",
    ):
        assert said in page.markdown, said


def test_the_example_is_the_engines_own_figure() -> None:
    deal = DealLike(("Lumora Core",), 25, Money(Decimal(7200), "EUR"), None, 12)
    account = Account(Partner("", "", REFERRAL, "Elite"))
    expected = expect(Programs((program(),)), account, deal, RateTable("EUR"), TODAY)
    assert isinstance(expected, Derivation)
    assert expected.result == Money(Decimal(1440), "EUR")
    assert "You earn €1,440.00 once all of it is paid and reached." in _markdown(REFERRAL, "Elite")


def test_a_page_explains_only_the_words_that_its_plans_use() -> None:
    referral, reseller = _markdown(REFERRAL), _markdown(RESELLER)
    assert "**Quarter:** three months. The present one runs from 1 October 2026 to 31 December 2026." in reseller
    assert "Quarter:" not in referral
    assert "**Quarterly target:**" in reseller
    assert "instalments" in referral


def test_the_rate_of_influenced_deals_is_told_once_for_all_plans() -> None:
    assert _markdown((*REFERRAL, *RESELLER, *SERVICES)).count("that you influenced but did not source") == 1


def test_a_page_follows_the_program_and_not_the_sample() -> None:
    own = program()
    assert own.statements is not None
    assert own.commission is not None
    changed = replace(
        own,
        statements=replace(own.statements, day_of_month=9, minimum_payout=Money(Decimal(0), "EUR"), dispute_days=0),
        commission=replace(own.commission, clawback_days=0),
        rewards=(),
        partner_types=(),
        texts={"en": {"plan_page.faq_title": "Ask away"}},
    )
    said = _markdown(REFERRAL, of=changed)
    assert "On day 9 of each month" in said
    assert "## Ask away" in said
    for gone in ("carried over", "gets money back", "dispute", "rewards", "Partner type"):
        assert gone not in said, gone


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("types", KINDS, ids=["referral", "reseller", "services", "all"])
def test_every_page_is_whole_in_every_language(types: tuple[PartnerType, ...], language: str) -> None:
    said = _markdown(types, "", language)
    assert "{" not in said
    assert said.splitlines()[0] == f"# {plan_page(program(), types, '', language, TODAY).title}"
    assert all(block.strip() for block in said.split("\n## "))
    assert "\n\n\n" not in said
    titles = ("words_title", "paid_title", "clawback_title", "dispute_title", "faq_title")
    assert all(f"## {catalogue().template(language, f'plan_page.{key}')}\n" in said for key in titles)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("types", KINDS[:3], ids=["referral", "reseller", "services"])
def test_a_plan_takes_one_page_of_paper(types: tuple[PartnerType, ...], language: str) -> None:
    (page,) = _pages(plan_pdf(program(), types, "Select", language, TODAY))
    assert "\u25af" not in page
    assert "partners@lumora.example" in page


def test_the_same_program_on_the_same_day_is_the_same_document() -> None:
    assert plan_pdf(program(), REFERRAL, "", "de", TODAY) == plan_pdf(program(), REFERRAL, "", "de", TODAY)


def test_a_language_without_texts_is_answered_in_english() -> None:
    assert _markdown(REFERRAL, language="it") == _markdown(REFERRAL, language="en")


@pytest.mark.parametrize(("types", "tier"), [((), "Select"), (REFERRAL, "Platinum")])
def test_without_a_plan_or_a_known_tier_there_is_no_page(types: tuple[PartnerType, ...], tier: str) -> None:
    with pytest.raises(NoPlanError):
        plan_page(program(), types, tier, "en", TODAY)
    with pytest.raises(NoPlanError):
        plan_pdf(program(), types, tier, "en", TODAY)


def test_the_plan_that_a_partner_chose_comes_first_and_the_other_by_choice() -> None:
    page = plan_page(program(), REFERRAL, "Select", "en", TODAY, plan="growth-2026")
    assert page.title == "Commission plan: Growth 2026"
    assert "## By choice instead: Referral 2026" in page.markdown


def test_a_plan_that_was_chosen_for_another_type_is_passed_over() -> None:
    page = plan_page(program(), RESELLER, "Select", "en", TODAY, plan="growth-2026")
    assert page.title == "Commission plan: Reseller 2026"


def test_the_first_of_a_month_is_an_ordinal_where_the_language_wants_one() -> None:
    own = program()
    assert own.statements is not None
    early = replace(own, statements=replace(own.statements, day_of_month=1))
    assert "Le 1er de chaque mois" in _markdown(REFERRAL, language="fr", of=early)
    assert "On day 1 of each month" in _markdown(REFERRAL, language="en", of=early)


@pytest.mark.parametrize(
    ("tier_on", "told"), [("won", "a deal is won"), ("registered", "you register a deal"), ("paid", "first payment")]
)
def test_the_day_whose_tier_counts_is_the_programs(tier_on: Literal["won", "registered", "paid"], told: str) -> None:
    own = program()
    assert own.commission is not None
    said = _markdown(REFERRAL, of=replace(own, commission=replace(own.commission, tier_on=tier_on)))
    assert told in said.partition("**What if my tier changes?**")[2].splitlines()[0]


def test_a_reward_for_any_event_asks_for_no_opportunities() -> None:
    event = next(row for row in program().rewards if row.opportunities)
    said = _markdown(REFERRAL, of=replace(program(), rewards=(replace(event, id="fair", opportunities=0),)))
    assert "- €750.00 for a joint event\n" in said
