"""What differs between two versions is told value by value, each in the row that it belongs to."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from config.settings import SAMPLE_PROGRAM
from crm.money import Money
from knowledge.commission.element import Element
from knowledge.comparing import Change, changes
from knowledge.loading import load_program
from knowledge.program import Product, Program

Edited = Callable[..., Program]


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    """The sample program with pieces of its file replaced."""

    def make(*replacements: tuple[str, str]) -> Program:
        folder = tmp_path / "program"
        copytree(SAMPLE_PROGRAM, folder)
        text = (folder / "program.toml").read_text()
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new, 1)
        (folder / "program.toml").write_text(text)
        return load_program(folder)

    return make


def _only(old: Program, new: Program) -> tuple[str, str, str, Any, Any]:
    (change,) = changes(old, new)
    return change.part, change.subject, change.key, change.before, change.after


def test_a_program_does_not_differ_from_itself(program: Program, edited: Edited) -> None:
    assert changes(program, program) == changes(program, edited()) == ()


def test_version_and_day_are_no_changes(program: Program) -> None:
    assert changes(program, replace(program, version="2030.1", valid_from=date(2030, 1, 1))) == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("protection_days = 90", "protection_days = 120", ("deal_rules", "", "protection_days", 90, 120)),
        ("clawback_days = 90", "clawback_days = 60", ("commission", "", "clawback_days", 90, 60)),
        ("fiscal_year_starts = 1", "fiscal_year_starts = 4", ("vendor", "", "calendar.fiscal_year_starts", 1, 4)),
        (
            'revenue = "EUR 400000"',
            'revenue = "EUR 300000"',
            ("tiers", "Elite", "revenue", Money(Decimal(400_000), "EUR"), Money(Decimal(300_000), "EUR")),
        ),
        (
            'list_price = "EUR 11"',
            'list_price = "EUR 12"',
            ("products", "Lumora Insights", "list_price", Money(Decimal(11), "EUR"), Money(Decimal(12), "EUR")),
        ),
        (
            'name = "Jonas Weber"',
            'name = "J. Weber"',
            ("managers", "jonas@lumora.example", "name", "Jonas Weber", "J. Weber"),
        ),
        (
            'labels = { en = "reseller",',
            'labels = { en = "dealer",',
            ("partner_types", "reseller", "labels.en", "reseller", "dealer"),
        ),
    ],
)
def test_a_changed_value_is_told_once_in_its_row(
    program: Program, edited: Edited, old: str, new: str, told: tuple[Any, ...]
) -> None:
    assert _only(program, edited((old, new))) == told


def test_rows_that_come_and_go_are_told_whole(program: Program) -> None:
    extra = Product("Lumora Vault", (), "subscription", Money(Decimal(5), "EUR"))
    grown = replace(program, products=(*program.products[1:], extra))
    assert changes(program, grown) == (
        Change("products", "Lumora Core", "", program.products[0], None),
        Change("products", "Lumora Vault", "", None, extra),
    )


def test_the_order_of_rows_does_not_matter(program: Program) -> None:
    assert changes(program, replace(program, products=tuple(reversed(program.products)))) == ()


def test_a_plan_with_another_id_is_compared_with_the_one_that_it_follows(program: Program) -> None:
    plans = tuple(
        replace(plan, id="referral-2027", name="Referral 2027") if plan.id == "referral-2026" else plan
        for plan in program.plans
    )
    found = changes(program, replace(program, plans=plans))
    assert [(change.subject, change.key, change.after) for change in found] == [
        ("Referral 2027", "id", "referral-2027"),
        ("Referral 2027", "name", "Referral 2027"),
    ]


def test_changed_pages_brand_and_texts_are_told(program: Program) -> None:
    first, *others = program.sections
    new = replace(
        program,
        sections=(replace(first, text="Other words."), *others),
        texts={"en": {"letter.close": "Bye"}},
        brand=replace(program.brand, sender="Us"),
    )
    assert [(change.part, change.subject, change.key) for change in changes(program, new)] == [
        ("brand", "", "sender"),
        ("texts", "", "en"),
        ("pages", f"{first.language}/{first.anchor}", ""),
    ]


def test_parts_of_a_plan_are_compared_by_their_names_and_rules(program: Program) -> None:
    def with_trigger(**trigger: object) -> Program:
        element = Element.model_validate(
            {"name": "licences", "trigger": trigger, "base": {"rule": "deal_amount"}, "rate": _TEN_PERCENT}
        )
        first, *others = program.plans
        return replace(program, plans=(replace(first, elements=(element,)), *others))

    assert changes(with_trigger(rule="won"), with_trigger(rule="won")) == ()
    found = changes(with_trigger(rule="won"), with_trigger(rule="stage_reached", stage="Demo done"))
    assert [(change.key, change.before, change.after) for change in found] == [
        ("elements.licences.trigger.rule", "won", "stage_reached"),
        ("elements.licences.trigger.stage", None, "Demo done"),
    ]


_TEN_PERCENT = {"rule": "percent", "percent": 10}
