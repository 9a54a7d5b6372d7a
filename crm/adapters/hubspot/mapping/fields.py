"""What one field of a record says in HubSpot's properties, which edits of people count, and what may be written."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from crm.adapters.hubspot.account.pipelines import Pipelines
from crm.adapters.hubspot.mapping import values
from crm.adapters.hubspot.records.codec import storable
from crm.adapters.hubspot.schema import Property, Shape, Wins

_LOG = logging.getLogger(__name__)

R = TypeVar("R")
Props = Mapping[str, str]
"""Properties as HubSpot has them; one that is not set is "" or absent."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What of the account reading and writing rest on: `currencies` are those of its deals, `currency` its own."""

    pipelines: Pipelines
    zone: ZoneInfo
    currency: str
    currencies: frozenset[str]


@dataclass(frozen=True, slots=True)
class Field(Generic[R]):
    """One or more properties that together say `names` of a record.

    `says` gives them for a record; it may leave as it is what means the same already. `taken` is the record with what
    HubSpot says; ValueError where that cannot be read. None: of these properties no edit of a person counts.
    """

    names: tuple[str, ...]
    says: Callable[[R, Props, Ground], Props]
    taken: Callable[[R, Props, Ground], R] | None = None


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """The fields of one kind of record, with the properties of `schema` that they are kept in."""

    kind: str
    fields: tuple[Field[R], ...]
    properties: Mapping[str, Property]

    def with_edits(self, record: R, props: Props, ground: Ground) -> R:
        """Our copy of a record, with what people changed in HubSpot since it was written."""
        for field in self.fields:
            said = field.says(record, props, ground)
            if field.taken is not None and not self._same(said, props):
                record = self._edited(field, field.taken, record, props, ground)
        return record

    def filled(self, record: R, props: Props, ground: Ground) -> R:
        """A record that has no copy of ours: everything that HubSpot says of it."""
        for field in self.fields:
            if field.taken is not None and any(props.get(name) for name in field.says(record, props, ground)):
                record = self._edited(field, field.taken, record, props, ground)
        return record

    def all_of(self, record: R, ground: Ground) -> dict[str, str]:
        """Every property of a record that HubSpot has not."""
        said: dict[str, str] = {}
        for field in self.fields:
            said |= field.says(record, {}, ground)
        return {name: value for name, value in said.items() if value}

    def to_save(self, wanted: R, base: R | None, props: Props, seen: Props, ground: Ground) -> dict[str, str]:
        """The properties to write so that HubSpot says `wanted`, save where a person's word stands.

        `base` is our copy of what was written last, None where that never happened; `seen` what was last read there.
        What differs from `base` is what the save is about. Of the rest a person's edit stays, known to us or not: a
        save that was made before the edit looks like one that takes it back.
        """
        writes: dict[str, str] = {}
        for field in self.fields:
            said = field.says(wanted, props, ground)
            if not self._same(said, props):
                before = None if base is None else field.says(base, props, ground)
                writes |= self._allowed(said, before, props, seen)
        return writes

    def to_update(self, wanted: R, names: Collection[str], props: Props, ground: Ground) -> dict[str, str]:
        """The properties of the fields `names` as `wanted` says them: for one who knows what HubSpot says now."""
        writes: dict[str, str] = {}
        for field in self.fields:
            if set(field.names) & set(names):
                said = field.says(wanted, props, ground)
                writes |= dict(self._differing(said, props))
        return writes

    def _allowed(self, said: Props, before: Props | None, props: Props, seen: Props) -> dict[str, str]:
        differing = dict(self._differing(said, props))
        wins = {self.properties[name].wins for name in said}
        if wins == {Wins.OURS}:
            return differing
        if wins == {Wins.THEIRS}:
            return {name: value for name, value in differing.items() if not props.get(name)}
        if before is not None and self._same(said, before):
            return {}
        free = all(self._free(name, before, props, seen) for name in said)
        return differing if free else {}

    def _free(self, name: str, before: Props | None, props: Props, seen: Props) -> bool:
        """Whether no person put there what we have not seen."""
        shape, now = self._shape(name), props.get(name, "")
        if before is None:
            return not now or (name in seen and values.same(shape, now, seen[name]))
        return values.same(shape, now, before.get(name, "")) or (name in seen and values.same(shape, now, seen[name]))

    def _same(self, said: Props, props: Props) -> bool:
        return next(self._differing(said, props), None) is None

    def _differing(self, said: Props, props: Props) -> Iterator[tuple[str, str]]:
        for name, value in said.items():
            if not values.same(self._shape(name), value, props.get(name, "")):
                yield name, value

    def _shape(self, name: str) -> Shape:
        return self.properties[name].shape

    def _edited(
        self, field: Field[R], taken: Callable[[R, Props, Ground], R], record: R, props: Props, ground: Ground
    ) -> R:
        try:
            return taken(record, props, ground)
        except ValueError as fault:
            _LOG.warning("HubSpot says of the %s of a %s what cannot be read: %s", field.names, self.kind, fault)
            return record


def table(kind: str, properties: Sequence[Property], *fields: Field[R]) -> Table[R]:
    return Table(kind, fields, {prop.name: prop for prop in properties})


def plain(name: str, prop: str, *, usual: str = "") -> Field[Any]:
    """A text; `usual` is what an empty property means."""

    def says(record: Any, _props: Props, _ground: Ground) -> Props:
        return {prop: getattr(record, name) or ""}

    def taken(record: Any, props: Props, _ground: Ground) -> Any:
        return replace(record, **{name: storable(props.get(prop, "")).strip() or usual})

    return Field((name,), says, taken)


def optional(name: str, prop: str, to_text: Callable[[Any], str], from_text: Callable[[str], Any]) -> Field[Any]:
    """A value that may be missing: None then."""

    def says(record: Any, _props: Props, _ground: Ground) -> Props:
        value = getattr(record, name)
        return {prop: "" if value is None else to_text(value)}

    def taken(record: Any, props: Props, _ground: Ground) -> Any:
        text = props.get(prop, "").strip()
        return replace(record, **{name: from_text(text) if text else None})

    return Field((name,), says, taken)


def several(name: str, prop: str) -> Field[Any]:
    """Words with commas between them."""

    def says(record: Any, _props: Props, _ground: Ground) -> Props:
        return {prop: ", ".join(getattr(record, name))}

    def taken(record: Any, props: Props, _ground: Ground) -> Any:
        return replace(record, **{name: values.words(storable(props.get(prop, "")))})

    return Field((name,), says, taken)


def chosen(name: str, prop: str, kind: Callable[[str], Any]) -> Field[Any]:
    """Words of an enum."""

    def says(record: Any, _props: Props, _ground: Ground) -> Props:
        return {prop: values.choices(word.value for word in getattr(record, name))}

    def taken(record: Any, props: Props, _ground: Ground) -> Any:
        return replace(record, **{name: tuple(kind(word) for word in values.words(props.get(prop, ""), ";"))})

    return Field((name,), says, taken)


def truth(name: str, prop: str, *, usual: bool) -> Field[Any]:
    """Yes or no; `usual` where HubSpot says neither."""

    def says(record: Any, props: Props, _ground: Ground) -> Props:
        value: bool = getattr(record, name)
        return {prop: "" if value is usual and not props.get(prop) else values.yes(value)}

    def taken(record: Any, props: Props, _ground: Ground) -> Any:
        text = props.get(prop, "")
        return replace(record, **{name: values.to_yes(text) if text else usual})

    return Field((name,), says, taken)


def ours(prop: str, says: Callable[[R], str]) -> Field[R]:
    """What HubSpot is told for its people to see; nothing is read back from it."""

    def told(record: R, _props: Props, _ground: Ground) -> Props:
        return {prop: says(record)}

    return Field((), told)
