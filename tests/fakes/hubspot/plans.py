"""What each of HubSpot's plans allows, and the scopes that a key can have."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Plan(StrEnum):
    FREE = "free"
    STARTER = "starter"
    PRO = "pro"
    ENTERPRISE = "enterprise"


@dataclass(frozen=True)
class Allowance:
    """Calls in 10 seconds and in the portal's day, labels for each pair of objects, custom objects, deal pipelines."""

    burst: int
    daily: int
    labels: int
    custom_objects: int
    pipelines: int
    searches: int = 5


ALLOWANCES = {
    Plan.FREE: Allowance(100, 250_000, 0, 0, 1),
    Plan.STARTER: Allowance(100, 250_000, 0, 0, 2),
    Plan.PRO: Allowance(190, 650_000, 10, 0, 15),
    Plan.ENTERPRISE: Allowance(190, 1_000_000, 50, 10, 100),
}

SCOPES = frozenset(
    {
        *(
            f"crm.objects.{kind}.{what}"
            for kind in ("contacts", "companies", "deals", "custom")
            for what in ("read", "write")
        ),
        *(
            f"crm.schemas.{kind}.{what}"
            for kind in ("contacts", "companies", "deals", "custom")
            for what in ("read", "write")
        ),
        "crm.objects.owners.read",
        "sales-email-read",
        "files",
        "tickets",
    }
)
