"""What an import would take from HubSpot: partners and their people, each with what is written there, or why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crm.csv_cells import Allowed
from crm.records import PartnerType


@dataclass(frozen=True, slots=True)
class Terms:
    """`allowed` is what the program knows. `types` and `tier` are for partners of which HubSpot says neither."""

    allowed: Allowed
    types: tuple[PartnerType, ...] = ()
    tier: str = ""


@dataclass(frozen=True, slots=True)
class FoundPartner:
    """`hubspot_id` is of its company or of its record of the custom object. `writes` are the properties that make it a
    partner of ours; nothing is written and nobody of it taken where there are `faults`, in words for an operator.
    """

    hubspot_id: str
    id: str
    name: str
    types: str
    tier: str
    domains: tuple[str, ...]
    writes: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    new: bool = True


@dataclass(frozen=True, slots=True)
class FoundPerson:
    hubspot_id: str
    partner_id: str
    name: str
    email: str
    main: bool = False
    writes: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    partners: tuple[FoundPartner, ...]
    people: tuple[FoundPerson, ...]

    @property
    def taken(self) -> tuple[FoundPartner, ...]:
        return tuple(partner for partner in self.partners if not partner.faults)

    @property
    def people_taken(self) -> tuple[FoundPerson, ...]:
        return tuple(person for person in self.people if not person.faults)
