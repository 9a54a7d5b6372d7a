"""Which records stand together: default types, the primary company, labels with an id for each direction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.fakes.hubspot.faults import Fault, invalid
from tests.fakes.hubspot.kinds import (
    CALL,
    COMMUNICATION,
    COMPANY,
    CONTACT,
    DEAL,
    EMAIL,
    ENGAGEMENTS,
    MEETING,
    NOTE,
    TASK,
    TICKET,
)

HUBSPOT_DEFINED = "HUBSPOT_DEFINED"
USER_DEFINED = "USER_DEFINED"

Spec = tuple[str, int]
"""An association's category and type id."""
End = tuple[str, str]
"""A record: object type id and record id."""


@dataclass(frozen=True)
class AssociationType:
    """One direction of a way to stand together; the other direction has the id `inverse`."""

    category: str
    id: int
    start: str
    end: str
    label: str | None = None
    name: str = ""
    inverse: int = 0
    primary: bool = False

    @property
    def spec(self) -> Spec:
        return (self.category, self.id)

    def shown(self) -> dict[str, object]:
        return {"category": self.category, "typeId": self.id, "label": self.label}


_DEFAULTS = (
    (DEAL, CONTACT, 3, 4),
    (DEAL, COMPANY, 341, 342),
    (CONTACT, COMPANY, 279, 280),
    (DEAL, TICKET, 27, 28),
    (TICKET, CONTACT, 16, 15),
    (TICKET, COMPANY, 339, 340),
    (NOTE, DEAL, 214, 213),
    (NOTE, CONTACT, 202, 201),
    (NOTE, COMPANY, 190, 189),
    (NOTE, TICKET, 228, 227),
    (EMAIL, DEAL, 210, 209),
    (EMAIL, CONTACT, 198, 197),
    (EMAIL, COMPANY, 186, 185),
    (EMAIL, TICKET, 224, 223),
    (TASK, DEAL, 216, 215),
    (TASK, CONTACT, 204, 203),
    (TASK, COMPANY, 192, 191),
    (TASK, TICKET, 230, 229),
    (CALL, DEAL, 206, 205),
    (CALL, CONTACT, 194, 193),
    (CALL, COMPANY, 182, 181),
    (MEETING, DEAL, 212, 211),
    (MEETING, CONTACT, 200, 199),
    (MEETING, COMPANY, 188, 187),
    (COMMUNICATION, DEAL, 85, 86),
    (COMMUNICATION, CONTACT, 81, 82),
    (COMMUNICATION, COMPANY, 87, 88),
    (DEAL, DEAL, 451, 451),
    (CONTACT, CONTACT, 449, 449),
    (COMPANY, COMPANY, 450, 450),
)
_PRIMARY = ((DEAL, COMPANY, 5, 6), (CONTACT, COMPANY, 1, 2), (TICKET, COMPANY, 26, 25))


@dataclass
class Associations:
    """`put_replaces`: whether setting labels takes those away that are not named (HubSpot does not say; both are met).
    `first_is_primary`: the first company of a record becomes its primary one.
    """

    types: dict[tuple[str, str], list[AssociationType]] = field(default_factory=dict)
    put_replaces: bool = True
    first_is_primary: bool = True
    _links: dict[End, dict[str, dict[str, set[Spec]]]] = field(default_factory=dict)
    _next_label: int = 40

    def __post_init__(self) -> None:
        for start, end, there, back in _DEFAULTS:
            self.define(HUBSPOT_DEFINED, start, end, (there, back))
        for start, end, there, back in _PRIMARY:
            self.define(HUBSPOT_DEFINED, start, end, (there, back), labels=("Primary", "Primary"), primary=True)

    def define(
        self,
        category: str,
        start: str,
        end: str,
        ids: tuple[int, int] | None = None,
        *,
        labels: tuple[str | None, str | None] = (None, None),
        name: str = "",
        primary: bool = False,
    ) -> AssociationType:
        """Both directions; the ids of our own are drawn here."""
        there, back = ids or self._draw()
        pairs = ((start, end, there, back, labels[0]), (end, start, back, there, labels[1]))
        made = [
            AssociationType(category, own, first, second, label, name, other, primary)
            for first, second, own, other, label in pairs
        ]
        for association in made[: 1 if start == end and there == back else 2]:
            self.types.setdefault((association.start, association.end), []).append(association)
        return made[0]

    def forget_type(self, association: AssociationType) -> None:
        for pair, category, type_id in (
            ((association.start, association.end), association.category, association.id),
            ((association.end, association.start), association.category, association.inverse),
        ):
            self.types[pair] = [one for one in self.types.get(pair, []) if one.spec != (category, type_id)]

    def known(self, start: str, end: str) -> list[AssociationType]:
        return self.types.get((start, end), [])

    def default(self, start: str, end: str) -> AssociationType:
        for association in self.known(start, end):
            if association.category == HUBSPOT_DEFINED and not association.primary:
                return association
        raise invalid(f"No default association type found between {start} and {end}")

    def of(self, start: str, end: str, spec: Spec) -> AssociationType:
        for association in self.known(start, end):
            if association.spec == spec:
                return association
        raise Fault(
            400,
            "VALIDATION_ERROR",
            f"One or more association type ids are not valid: {spec[0]} {spec[1]} from {start} to {end}",
            subCategory="crm.associations.INVALID_ASSOCIATION_TYPE",
            context={"type": [str(spec[1])], "fromObjectType": [start], "toObjectType": [end]},
        )

    def between(self, start: End, end: End) -> set[Spec]:
        return set(self._links.get(start, {}).get(end[0], {}).get(end[1], ()))

    def to(self, start: End, type_id: str) -> dict[str, set[Spec]]:
        """Ids of records with what binds them, in the order in which they were associated."""
        return self._links.get(start, {}).get(type_id, {})

    def ends(self, start: End) -> Iterator[End]:
        for type_id, found in self._links.get(start, {}).items():
            yield from ((type_id, record_id) for record_id in found)

    def primary(self, start: End) -> str:
        """The id of the record's primary company, or ""."""
        found = [one.spec for one in self.known(start[0], COMPANY) if one.primary]
        return next((other for other, specs in self.to(start, COMPANY).items() if found and found[0] in specs), "")

    def put(self, start: End, end: End, specs: Iterable[Spec]) -> set[Spec]:
        """Sets labels; the unlabelled association comes with every labelled one, as in HubSpot."""
        wanted = [self.of(start[0], end[0], spec) for spec in specs]
        if self.put_replaces:
            held = [self.of(start[0], end[0], spec) for spec in self.between(start, end)]
            self.remove(start, end, [one.spec for one in held if one.category == USER_DEFINED and one not in wanted])
        self._bind(start, end, self.default(start[0], end[0]))
        for association in wanted:
            self._bind(start, end, association)
        self._first_company(start, end)
        self._first_company(end, start)
        return self.between(start, end)

    def remove(self, start: End, end: End, specs: Iterable[Spec]) -> None:
        """Takes labels away; taking the unlabelled one takes all."""
        for spec in list(specs):
            association = self.of(start[0], end[0], spec)
            if association == self.default(start[0], end[0]):
                self.cut(start, end)
                return
            self._unbind(start, end, spec)
            self._unbind(end, start, (association.category, association.inverse))

    def cut(self, start: End, end: End) -> bool:
        """Nothing binds the two any more; whether something did."""
        bound = bool(self.between(start, end))
        self._links.get(start, {}).get(end[0], {}).pop(end[1], None)
        self._links.get(end, {}).get(start[0], {}).pop(start[1], None)
        return bound

    def drop(self, end: End) -> None:
        """A record went away."""
        for other in list(self.ends(end)):
            self.cut(end, other)

    def _draw(self) -> tuple[int, int]:
        self._next_label += 2
        return self._next_label - 1, self._next_label

    def _bind(self, start: End, end: End, association: AssociationType) -> None:
        if association.primary:
            self._no_longer_primary(start, end, association)
        self._set(start, end).add(association.spec)
        self._set(end, start).add((association.category, association.inverse))

    def _no_longer_primary(self, start: End, end: End, association: AssociationType) -> None:
        """A record has one primary company: the one before loses it."""
        record, spec = (start, association.spec) if end[0] == COMPANY else (end, (HUBSPOT_DEFINED, association.inverse))
        back = association.inverse if end[0] == COMPANY else association.id
        for other in list(self.to(record, COMPANY)):
            self._unbind(record, (COMPANY, other), spec)
            self._unbind((COMPANY, other), record, (HUBSPOT_DEFINED, back))

    def _first_company(self, record: End, company: End) -> None:
        if not self.first_is_primary or company[0] != COMPANY or record[0] in ENGAGEMENTS:
            return
        primary = next((one for one in self.known(record[0], COMPANY) if one.primary), None)
        if primary is not None and len(self.to(record, COMPANY)) == 1:
            self._bind(record, company, primary)

    def _set(self, start: End, end: End) -> set[Spec]:
        return self._links.setdefault(start, {}).setdefault(end[0], {}).setdefault(end[1], set())

    def _unbind(self, start: End, end: End, spec: Spec) -> None:
        self._links.get(start, {}).get(end[0], {}).get(end[1], set()).discard(spec)
