"""A program begun from answers is one that a check finds right, whatever a company and its products are called."""

import tomllib
from datetime import date
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.operations.new_program import Answers, ProductAnswer, TierAnswer, free, program_files, write_program
from bot.texts.own import text_faults
from crm.money import Money
from crm.records import PartnerType
from knowledge.loading import load_programs
from knowledge.program import Program

TODAY = date(2026, 11, 27)
_NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).filter(str.strip)


def _answers(**more: object) -> Answers:
    least = {"vendor": "Acme", "domain": "acme.example", "country": "DE", "manager_name": "Ann Lee"}
    return Answers.model_validate({**least, "manager_email": "ann@acme.example", **more})


def _product(name: str, price: str, billing: Literal["subscription", "one_off"] = "subscription") -> ProductAnswer:
    return ProductAnswer(name=name, billing=billing, list_price=Decimal(price))


def _read(answers: Answers) -> Program:
    with TemporaryDirectory() as place:
        write_program(Path(place), program_files(answers, TODAY))
        return load_programs(Path(place), text_faults).versions[0]


def test_five_answers_are_enough() -> None:
    program = _read(_answers())
    assert (program.vendor.name, program.vendor.currency, program.vendor.time_zone) == ("Acme", "EUR", "Europe/Berlin")
    assert program.vendor.agent_address == "partners@acme.example"
    assert [plan.id for plan in program.plans] == ["referral"]
    assert (program.version, program.valid_from) == ("2026.1", TODAY)


def test_what_is_answered_stands_in_the_program() -> None:
    program = _read(
        _answers(
            country="CH", currency="CHF", other_currencies=["EUR"], types=["services", "reseller"],
            products=[_product("Core", "24.50"), _product("Setup", "900", "one_off")],
            tiers=[{"name": "Base"}, {"name": "Top", "revenue": 50_000, "added_points": 3}], protection_days=60,
            statement_day=12, minimum_payout=20, address="Street 1\nBern", fiscal_year_starts=4,
        )
    )  # fmt: skip
    assert [row.kind for row in program.partner_types] == [PartnerType.SERVICES, PartnerType.RESELLER]
    assert program.products[0].list_price == Money(Decimal("24.5"), "CHF")
    assert [tier.name for tier in program.tiers] == ["Base", "Top"]
    assert program.deal_rules.protection_days == 60
    assert program.statements is not None
    assert program.statements.minimum_payout == Money(Decimal(20), "CHF")
    assert program.vendor.address == "Street 1\nBern"
    assert program.vendor.calendar.fiscal_year_starts == 4


@pytest.mark.parametrize("country", ["US", "GB", "FR", "JP", "BR", "ZA"])
def test_currency_and_time_zone_follow_from_the_country(country: str) -> None:
    program = _read(_answers(country=country))
    assert program.vendor.currency in program.vendor.currencies


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_any_types_of_partners_may_be_together(count: int) -> None:
    for types in combinations(PartnerType, count):
        program = _read(_answers(types=types))
        for kind in types:
            assert sum(program.applies_by_itself(plan, kind) for plan in program.plans) == 1


@settings(max_examples=60, deadline=None)
@given(_NAMES, _NAMES, _NAMES)
def test_any_name_may_be_answered(vendor: str, product: str, tier: str) -> None:
    products = [_product(product, "1"), _product("Setup 1", "2", "one_off")]
    if product.strip().casefold() == "setup 1":
        return
    program = _read(_answers(vendor=vendor, products=products, tiers=[TierAnswer(name=tier)], types=list(PartnerType)))
    assert program.vendor.name == vendor.strip()
    assert program.products[0].name == product.strip()
    assert program.tiers[0].name == tier.strip()


@pytest.mark.parametrize(
    "wrong",
    [
        {"country": "QQ"}, {"currency": "XQZ"}, {"time_zone": "Europe/Bruges"}, {"domain": "acme"}, {"products": []},
        {"types": []}, {"types": ["dealer"]}, {"statement_day": 29}, {"manager_email": "ann"}, {"referal_percent": 5},
        {"referral_percent": 101}, {"other_currencies": ["EUR", "euro"]},
    ],
    ids=lambda wrong: next(iter(wrong)),
)  # fmt: skip
def test_a_wrong_answer_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        _answers(**wrong)


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    files = program_files(_answers(), TODAY)
    assert free(tmp_path / "new")
    assert free(tmp_path)
    write_program(tmp_path, files)
    before = {path: path.read_text() for path in tmp_path.rglob("*.*")}
    assert not free(tmp_path)
    with pytest.raises(FileExistsError):
        write_program(tmp_path, program_files(_answers(vendor="Other"), TODAY))
    assert {path: path.read_text() for path in tmp_path.rglob("*.*")} == before


def test_the_answers_that_the_guide_shows_make_a_program() -> None:
    guide = (Path(__file__).parents[4] / "docs/your-program.md").read_text(encoding="utf-8")
    block = next(part for part in guide.split("```toml\n")[1:] if part.startswith("vendor = ")).split("```")[0]
    shown = Answers.model_validate(tomllib.loads(block))
    assert [tier.name for tier in _read(shown).tiers] == ["Base", "Top"]
    named = {word.strip(" .") for line in block.splitlines() if line.startswith("# ") for word in line[2:].split(",")}
    assert set(tomllib.loads(block)) | named - {""} == set(Answers.model_fields)
