"""What the tables of a program must agree on between each other."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel.numbers import is_currency

from crm.money import Money
from crm.records import Registration
from knowledge.business_days import has_calendar
from knowledge.deal_agreement import deal_disagreements, deal_sums
from knowledge.nearest import meant
from knowledge.program_file import (
    DealRulesTable,
    ProductTable,
    TierTable,
    TrainingTable,
    VendorTable,
    VersionTable,
)
from knowledge.toml_file import TomlFile
from knowledge.type_agreement import type_disagreements

Tables = Mapping[str, Any]


def disagreements(tables: Tables) -> tuple[str, ...]:
    """Every fault between tables, as `key: words`; a table that could not be read is left out."""
    checks = (
        _vendor, _sums, _names, _aliases, _tiers, _fields, deal_disagreements, _plan_products, type_disagreements,
        _courses,
    )  # fmt: skip
    return tuple(fault for check in checks for fault in check(tables))


def version_faults(files: Sequence[tuple[TomlFile, Tables]]) -> Iterator[str]:
    """What the files of a program folder must agree on, told with file and line; program.toml is the first."""
    if len(files) == 1:
        return
    names: dict[str, str] = {}
    days: dict[date | None, str] = {}
    for place, (file, tables) in enumerate(files):
        said: VersionTable | None = tables.get("program")
        if said is None:
            continue
        if not said.version:
            words = 'a program with several versions names each, such as version = "2026.1"'
            yield file.fault("program.version", words)
        elif said.version in names:
            yield file.fault("program.version", f"{names[said.version]} is {said.version!r} already; name another")
        if place and said.valid_from is None:
            words = "say from which day this version holds, such as valid_from = 2027-01-01"
            yield file.fault("program.valid_from", words)
        elif said.valid_from in days:
            words = f"{days[said.valid_from]} begins on that day, too; choose another day"
            yield file.fault("program.valid_from", words)
        names.setdefault(said.version, file.name)
        days.setdefault(said.valid_from, file.name)


def _vendor(tables: Tables) -> Iterator[str]:
    vendor: VendorTable | None = tables.get("vendor")
    if vendor is None:
        return
    for code in dict.fromkeys((vendor.currency, *vendor.currencies)):
        if not is_currency(code):
            yield f"vendor.currencies: {code} is not an ISO 4217 currency"
    if vendor.currency not in vendor.currencies:
        yield f"vendor.currency: {vendor.currency} is not among vendor.currencies; add it"
    if not _is_zone(vendor.time_zone):
        near = meant(vendor.time_zone, sorted(available_timezones()))
        hint = near if near.endswith("?") else "use a name such as Europe/Brussels"
        yield f"vendor.time_zone: no time zone {vendor.time_zone!r}; {hint}"
    if not has_calendar(vendor.holidays):
        yield f"vendor.holidays: no calendar for {vendor.holidays!r}; use an ISO country such as BE"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _sums(tables: Tables) -> Iterator[str]:
    vendor: VendorTable | None = tables.get("vendor")
    if vendor is None:
        return
    for key, amount in _money(tables):
        if amount.currency not in vendor.currencies:
            yield f"{key}: {amount.currency} is not among vendor.currencies"
        elif amount.currency != vendor.currency and not key.startswith("products"):
            yield f"{key}: it must be in the program's own currency, {vendor.currency}"


def _money(tables: Tables) -> Iterator[tuple[str, Money]]:
    for name, field in (
        ("managers", "approves_up_to"),
        ("products", "list_price"),
        ("tiers", "revenue"),
        ("rewards", "reward"),
    ):
        for place, row in enumerate(tables.get(name, ())):
            amount = getattr(row, field)
            if amount is not None:
                yield f"{name}[{place}].{field}", amount
    if "statements" in tables:
        yield "statements.minimum_payout", tables["statements"].minimum_payout
    yield from deal_sums(tables)
    for place, plan in enumerate(tables.get("plans", ())):
        for number, element in enumerate(plan.elements):
            for key, amount in element.sums():
                yield f"plans[{place}].elements[{number}].{key}", amount


def _names(tables: Tables) -> Iterator[str]:
    keys = (("managers", "email"), ("tiers", "name"), ("plans", "id"), ("plans", "name"), ("rewards", "id"))
    for table, field in keys:
        first: dict[str, int] = {}
        for place, row in enumerate(tables.get(table, ())):
            name = getattr(row, field)
            earlier = first.setdefault(name.casefold(), place)
            if earlier != place:
                yield f"{table}[{place}].{field}: {name!r} stands twice; {table}[{earlier}] has it already"
    for table in ("managers", "products", "tiers", "plans"):
        if table in tables and not tables[table]:
            yield f"{table}: there must be at least one"


def _aliases(tables: Tables) -> Iterator[str]:
    products: tuple[ProductTable, ...] = tables.get("products", ())
    first: dict[str, int] = {}
    for place, product in enumerate(products):
        for name in dict.fromkeys(n.casefold() for n in (product.name, *product.aliases)):
            earlier = first.setdefault(name, place)
            if earlier != place:
                yield f"products[{place}]: {name!r} names two products; {products[earlier].name} is called so already"


def _tiers(tables: Tables) -> Iterator[str]:
    tiers: tuple[TierTable, ...] = tables.get("tiers", ())
    for place, tier in enumerate(tiers):
        if not tier.benefits.get("en"):
            yield f"tiers[{place}].benefits.en: the English benefits are missing"
    for place, (below, above) in enumerate(pairwise(tiers), start=1):
        for field in ("revenue", "csat", "certified_people", "added_points"):
            low, high = getattr(below, field), getattr(above, field)
            if isinstance(low, Money) and isinstance(high, Money):
                low, high = low.amount, high.amount
            if low is not None and (high is None or high < low):
                words = f"{above.name} asks for less {field} than {below.name}; list tiers from the lowest up"
                yield f"tiers[{place}].{field}: {words}"


def _fields(tables: Tables) -> Iterator[str]:
    rules: DealRulesTable | None = tables.get("deal_rules")
    known = {field.name for field in dataclasses.fields(Registration)}
    for key, names in (("required", rules.required), ("welcome", rules.welcome)) if rules else ():
        for name in names:
            if name not in known:
                yield f"deal_rules.{key}: a registration has no field {name!r}; {meant(name, sorted(known))}"


def _plan_products(tables: Tables) -> Iterator[str]:
    """Products and tiers that plans name, and elements of one plan that share a name."""
    products = [product.name for product in tables.get("products", ())]
    tiers = [tier.name for tier in tables.get("tiers", ())]
    for place, plan in enumerate(tables.get("plans", ())):
        yield from _unknown("product", products, [(f"plans[{place}].products", name) for name in plan.products])
        for number, element in enumerate(plan.elements):
            start = f"plans[{place}].elements[{number}]"
            yield from _unknown("product", products, [(f"{start}.{key}", name) for key, name in element.products()])
            yield from _unknown("tier", tiers, [(f"{start}.{key}", name) for key, name in element.tiers()])
            if element.name in {other.name for other in plan.elements[:number]}:
                yield f"{start}.name: {element.name!r} stands twice; give each its own"


def _unknown(what: str, known: list[str], named: list[tuple[str, str]]) -> Iterator[str]:
    """Names that stand in no table; nothing is said where that table could not be read."""
    for key, name in named:
        if known and name not in known:
            yield f"{key}: no {what} {name!r}; {meant(name, known)}"


def _courses(tables: Tables) -> Iterator[str]:
    training: TrainingTable | None = tables.get("training")
    courses = training.courses if training else ()
    earlier: set[str] = set()
    for place, course in enumerate(courses):
        if course.needs and course.needs not in earlier:
            words = f"no course {course.needs!r} before this one; {meant(course.needs, sorted(earlier))}"
            yield f"training.courses[{place}].needs: {words}"
        earlier.add(course.name)
