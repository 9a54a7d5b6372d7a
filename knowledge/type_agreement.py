"""What partner types and plans must agree on: each type has at most one plan that applies by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crm.records import PartnerType
from knowledge.nearest import meant
from knowledge.program_file import PartnerTypeTable, PlanTable

Tables = Mapping[str, Any]


def type_disagreements(tables: Tables) -> Iterator[str]:
    """Every fault as `key: words`; a table that could not be read is left out."""
    types: tuple[PartnerTypeTable, ...] = tables.get("partner_types", ())
    plans: tuple[PlanTable, ...] = tables.get("plans", ())
    yield from _twice(types)
    for place, row in enumerate(types):
        if not row.labels.get("en"):
            yield f"partner_types[{place}].labels.en: the English name is missing"
        if plans:
            yield from _named_plan(f"partner_types[{place}].default_plan", row, plans)
    yield from _two_defaults(plans, {row.type for row in types if row.default_plan})
    if types:
        yield from _without_type(plans, [row.type for row in types])


def _twice(types: tuple[PartnerTypeTable, ...]) -> Iterator[str]:
    first: dict[PartnerType, int] = {}
    for place, row in enumerate(types):
        earlier = first.setdefault(row.type, place)
        if earlier != place:
            yield f"partner_types[{place}].type: {row.type} stands twice; partner_types[{earlier}] has it already"


def _named_plan(key: str, row: PartnerTypeTable, plans: tuple[PlanTable, ...]) -> Iterator[str]:
    by_id = {plan.id: plan for plan in plans}
    fitting = [plan.id for plan in plans if row.type in plan.types]
    if row.default_plan and row.default_plan not in by_id:
        yield f"{key}: no plan {row.default_plan!r}; {meant(row.default_plan, fitting)}"
    elif row.default_plan and row.default_plan not in fitting:
        words = f"the plan {row.default_plan!r} is not for {row.type} partners; add {row.type} to its types"
        yield f"{key}: {words}" + (f", or {meant(row.default_plan, fitting)}" if fitting else "")


def _two_defaults(plans: tuple[PlanTable, ...], settled: set[PartnerType]) -> Iterator[str]:
    first: dict[PartnerType, int] = {}
    for place, plan in enumerate(plans):
        for kind in dict.fromkeys(plan.types) if plan.default else ():
            earlier = first.setdefault(kind, place)
            if earlier != place and kind not in settled:
                words = f"{kind} has two default plans, plans[{earlier}] too; set `default = false` in all but one"
                yield f"plans[{place}].default: {words}"


def _without_type(plans: tuple[PlanTable, ...], known: list[PartnerType]) -> Iterator[str]:
    for place, plan in enumerate(plans):
        for kind in plan.types:
            if kind not in known:
                yield f"plans[{place}].types: the program has no {kind} partners; {meant(kind, known)}"
