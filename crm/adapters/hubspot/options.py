"""What the HubSpot adapter has to know: where the account is, how much of its limits to use, and how deals map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from crm.records import Stage

API = "https://api.hubapi.com"


class AttributionWay(StrEnum):
    """Where HubSpot holds which partner brought a deal: a property of the deal, labelled associations with the
    partner's company, or labelled associations with a record of the custom object *Partner*.
    """

    PROPERTY = "property"
    LABELS = "labels"
    OBJECT = "object"


# HubSpot's own default pipeline (ids as every new account has them); where it has no stage for ours, none is moved.
DEFAULT_STAGES: Mapping[Stage, tuple[str, ...]] = {
    Stage.QUALIFIED: ("qualifiedtobuy", "appointmentscheduled"),
    Stage.PROPOSAL: ("presentationscheduled", "decisionmakerboughtin"),
    Stage.NEGOTIATION: ("contractsent",),
    Stage.WON: ("closedwon",),
    Stage.LOST: ("closedlost",),
}


@dataclass(frozen=True, slots=True)
class HubSpotOptions:
    """`stages` gives for each of our stages the ids of HubSpot's: the first is written, any of them is read.

    `burst` is how many calls may be made in 10 seconds, `searches` in one, `daily` in the portal's day: by all workers
    together, below what the account allows. `webhook_secrets` prove calls from HubSpot (a project app's client secret;
    two while it is changed), `public_url` is what HubSpot calls us by. `intake` is the label of the deal pipeline in
    which registrations and leads wait; "" where the account has no second pipeline. `settling` seconds after its answer
    was lost, what HubSpot still does not show is taken not to have been written.
    """

    token: str = field(repr=False)
    url: str = API
    version: str = "2026-03"
    attribution: AttributionWay = AttributionWay.PROPERTY
    pipeline: str = "default"
    stages: Mapping[Stage, tuple[str, ...]] = field(default_factory=lambda: DEFAULT_STAGES)
    intake: str = "Partner requests"
    burst: int = 90
    searches: int = 4
    daily: int = 240_000
    webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    public_url: str = ""
    threads: int = 8
    settling: float = 30.0
