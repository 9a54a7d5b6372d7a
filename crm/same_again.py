"""What an import brings that the CRM has not, and what it changes: the same file twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Generic, TypeVar

from crm.money import Money
from crm.records import Milestone, Payment

_R = TypeVar("_R", Payment, Milestone)


@dataclass(frozen=True, slots=True)
class Change(Generic[_R]):
    """A record that the CRM has otherwise."""

    was: _R
    now: _R

    @property
    def told(self) -> str:
        """Each field that changes, with both values."""
        names = (f.name for f in fields(self.was) if getattr(self.was, f.name) != getattr(self.now, f.name))
        told = (f"{name} {_said(getattr(self.was, name))} -> {_said(getattr(self.now, name))}" for name in names)
        return f"{self.now.id}: {', '.join(told)}"


@dataclass(frozen=True, slots=True)
class Compared(Generic[_R]):
    """With `faults` there are no records. `same` counts what the CRM has already."""

    new: tuple[_R, ...] = ()
    changed: tuple[Change[_R], ...] = ()
    same: int = 0
    faults: tuple[str, ...] = ()

    @property
    def to_save(self) -> tuple[_R, ...]:
        changed: tuple[_R, ...] = tuple(change.now for change in self.changed)
        return self.new + changed


def compared(records: Iterable[_R], held: Mapping[str, _R], faults: tuple[str, ...]) -> Compared[_R]:
    if faults:
        return Compared(faults=faults)
    records = tuple(records)
    new = tuple(record for record in records if record.id not in held)
    known = [Change(held[record.id], record) for record in records if record.id in held]
    changed = tuple(change for change in known if change.was != change.now)
    return Compared(new, changed, len(known) - len(changed))


def _said(value: object) -> str:
    if isinstance(value, Money):
        return f"{value.amount} {value.currency}"
    if isinstance(value, tuple):
        return " + ".join(f"{part.product or 'work'} {part.amount}" for part in value) or "nothing"
    return str(value) if value not in (None, "") else "nothing"
