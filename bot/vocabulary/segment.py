"""Whom an announcement is for, and whom it reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

NAMES = {
    "tier": "tiers", "type": "types", "region": "regions", "country": "countries", "language": "languages",
    "product": "products", "pipeline": "pipeline", "certificates": "certificates", "partner": "partners",
}  # fmt: skip
"""A word of a segment as managers write it -> the field it fills."""

NOT = "!="
_APART = frozenset(',;"\n\r')


@dataclass(frozen=True, slots=True)
class Segment:
    """Who an announcement goes to; an empty tuple does not narrow. Of several values of a field one is enough, several
    fields hold together. Compared without case. `partners` are names, or the ids of those that share one.

    `products` are those in an open or won deal of the partner, `pipeline` what its deals are like: a stage, or open,
    none, stalled, closing; `certificates` valid, none, expiring or expired. `without` are conditions as they are
    written, tier!=Registered: whoever meets one of them is not in the segment.
    """

    tiers: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    pipeline: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def conditions(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(name, values) for each name that narrows, as in `NAMES`."""
        given = ((name, getattr(self, field)) for name, field in NAMES.items())
        return tuple((name, values) for name, values in given if values)

    def exclusions(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(name, values) for each name whose values are kept out."""
        said = [one.partition(NOT)[::2] for one in self.without]
        return tuple((name, found) for name in NAMES if (found := tuple(value for key, value in said if key == name)))

    def __str__(self) -> str:
        """The words that `parse_segment` reads as this segment again."""
        wanted = [f"{name}={_listed(values)}" for name, values in self.conditions()]
        unwanted = [f"{name}{NOT}{_listed(values)}" for name, values in self.exclusions()]
        return "; ".join(wanted + unwanted) or "everyone"


def _listed(values: tuple[str, ...]) -> str:
    return ",".join(map(_written, values))


def _written(value: str) -> str:
    """In quotes where it could not be told from what stands around it."""
    plain = value and not _APART & set(value) and value == value.strip()
    return value if plain else '"{}"'.format(value.replace('"', '""'))


@dataclass(frozen=True, slots=True)
class SavedSegment:
    """A segment that managers know by its name."""

    name: str
    segment: Segment
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SegmentChoices:
    """The values that segments can name: those in use. Beside their names partners are known by `partner_ids`."""

    tiers: tuple[str, ...]
    types: tuple[str, ...]
    regions: tuple[str, ...]
    languages: tuple[str, ...]
    partners: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    pipeline: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    partner_ids: tuple[str, ...] = ()
    saved: tuple[SavedSegment, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    name: str
    email: str
    partner_name: str
    language: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody of the segment whom an announcement does not reach; `why` says so in words."""

    name: str
    partner_name: str
    why: str
