"""What differs between two versions of a program, value by value, with the rows of a table known by their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from pydantic import BaseModel

from knowledge.program import Plan, Program

_NAMES = ("id", "email", "kind", "name", "anchor")
_PARTS = (
    "vendor", "managers", "partner_types", "products", "tiers", "tier_rules", "deal_rules", "lead_rules", "plans",
    "commission", "rewards", "statements", "training", "brand", "texts",
)  # fmt: skip


_SAID_ELSEWHERE = frozenset({"version", "valid_from"})


@dataclass(frozen=True, slots=True)
class Change:
    """`part` is a table of the program, `subject` the row's name ("" where the table has no rows), `key` what of it
    changed ("" for the row itself). None stands for what is not there.
    """

    part: str
    subject: str
    key: str
    before: Any
    after: Any


def changes(old: Program, new: Program) -> tuple[Change, ...]:
    """Everything that differs, in the order of the program's tables; version and day of validity are left out."""
    found = [change for part in _PARTS for change in _of_part(part, getattr(old, part), getattr(new, part))]
    return (*found, *_of_pages(old, new))


def _of_part(part: str, before: Any, after: Any) -> Iterator[Change]:
    if part == "plans":
        yield from _rows(part, *_paired_plans(before, after))
    elif _named(before) or _named(after):
        yield from _rows(part, _by_name(before), _by_name(after))
    else:
        yield from (Change(part, "", key, *values) for key, *values in _walk(before, after, ""))


def _rows(part: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            yield Change(part, name, "", old, new)
        else:
            found = _walk(old, new, "")
            yield from (Change(part, name, key, *values) for key, *values in found if key not in _SAID_ELSEWHERE)


def _paired_plans(old: Sequence[Plan], new: Sequence[Plan]) -> tuple[dict[str, Plan], dict[str, Plan]]:
    """By the new plan's name. A plan with another id follows the one that was for the same types in the same way."""
    left = {plan.id: plan for plan in old}
    before = {plan.name: left.pop(plan.id) for plan in new if plan.id in left}
    for plan in new:
        same = next((row for row in left.values() if (row.types, row.default) == (plan.types, plan.default)), None)
        if plan.name not in before and same is not None:
            before[plan.name] = left.pop(same.id)
    return before | {row.name: row for row in left.values()}, {plan.name: plan for plan in new}


def _of_pages(old: Program, new: Program) -> Iterator[Change]:
    """A section by its language and anchor, with its text."""
    before, after = (
        {f"{section.language}/{section.anchor}": (section.title, section.text) for section in program.sections}
        for program in (old, new)
    )
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield Change("pages", name, "", before.get(name), after.get(name))


def _walk(before: Any, after: Any, key: str) -> Iterator[tuple[str, Any, Any]]:
    if before == after and type(before) is type(after):
        return
    old, new = _inside(before), _inside(after)
    if old is None or new is None or not (old or new):
        yield key, before, after
        return
    for name in dict.fromkeys((*old, *new)):
        yield from _walk(old.get(name), new.get(name), f"{key}.{name}" if key else name)


def _inside(value: Any) -> Mapping[str, Any] | None:
    """The parts of a value by their names; None for one that is told whole."""
    if isinstance(value, BaseModel):
        rule = getattr(type(value), "rule", None)  # which one it is, where a table may name one of several
        parts = {name: getattr(value, name) for name in type(value).model_fields}
        return {"rule": rule, **parts} if isinstance(rule, str) else parts
    if type(value).__module__.startswith("knowledge") and is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): inner for name, inner in value.items()}
    if isinstance(value, tuple | list) and value and all(_inside(part) is not None for part in value):
        return _by_name(value) if _named(value) else {str(place): part for place, part in enumerate(value, 1)}
    return None


def _named(rows: Any) -> bool:
    return isinstance(rows, tuple) and bool(rows) and all(_name(row) is not None for row in rows)


def _by_name(rows: Sequence[Any]) -> dict[str, Any]:
    return {str(_name(row)): row for row in rows}


def _name(row: Any) -> str | None:
    if not isinstance(row, BaseModel) and not is_dataclass(row):
        return None
    return next((str(getattr(row, field)) for field in _NAMES if hasattr(row, field)), None)
