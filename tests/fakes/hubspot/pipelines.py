"""Pipelines of deals and tickets with their stages, and HubSpot's own default one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.hubspot.kinds import DEAL, TICKET

EPOCH = "2020-01-01T00:00:00Z"


@dataclass
class Stage:
    id: str
    label: str
    order: int
    metadata: dict[str, str]
    created: str = EPOCH
    updated: str = EPOCH

    @property
    def probability(self) -> float:
        return float(self.metadata.get("probability", "0"))

    @property
    def closed(self) -> bool:
        return self.metadata.get("isClosed") == "true"

    def shown(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "displayOrder": self.order,
            "metadata": dict(self.metadata),
            "id": self.id,
            "createdAt": self.created,
            "updatedAt": self.updated,
            "archived": False,
            "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
        }


@dataclass
class Pipeline:
    id: str
    label: str
    order: int
    stages: list[Stage] = field(default_factory=list)
    created: str = EPOCH
    updated: str = EPOCH

    def stage(self, stage_id: str) -> Stage | None:
        return next((stage for stage in self.stages if stage.id == stage_id), None)

    def shown(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "displayOrder": self.order,
            "id": self.id,
            "stages": [stage.shown() for stage in sorted(self.stages, key=lambda stage: stage.order)],
            "createdAt": self.created,
            "updatedAt": self.updated,
            "archived": False,
        }


_DEAL_STAGES = (
    ("appointmentscheduled", "Appointment Scheduled", "0.2"),
    ("qualifiedtobuy", "Qualified To Buy", "0.4"),
    ("presentationscheduled", "Presentation Scheduled", "0.6"),
    ("decisionmakerboughtin", "Decision Maker Bought-In", "0.8"),
    ("contractsent", "Contract Sent", "0.9"),
    ("closedwon", "Closed Won", "1.0"),
    ("closedlost", "Closed Lost", "0.0"),
)
_TICKET_STAGES = (("1", "New"), ("2", "Waiting on contact"), ("3", "Waiting on us"), ("4", "Closed"))


def deal_metadata(probability: str) -> dict[str, str]:
    return {"isClosed": "true" if float(probability) in {0.0, 1.0} else "false", "probability": probability}


def standard() -> dict[str, dict[str, Pipeline]]:
    """By object type id and pipeline id."""
    deals = [
        Stage(stage_id, label, place, deal_metadata(probability))
        for place, (stage_id, label, probability) in enumerate(_DEAL_STAGES)
    ]
    tickets = [
        Stage(stage_id, label, place, {"isClosed": "true" if stage_id == "4" else "false", "ticketState": "OPEN"})
        for place, (stage_id, label) in enumerate(_TICKET_STAGES)
    ]
    return {
        DEAL: {"default": Pipeline("default", "Sales Pipeline", 0, deals)},
        TICKET: {"0": Pipeline("0", "Support Pipeline", 0, tickets)},
    }
