"""Our properties, pipeline and custom object in the words of HubSpot's API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crm.adapters.hubspot.account.account import PARTNER_OBJECT
from crm.adapters.hubspot.account.pipelines import WAITING, Waiting, waiting_label, waiting_probability
from crm.adapters.hubspot.account.property_bodies import options_body
from crm.adapters.hubspot.schema import (
    GROUP,
    GROUP_LABEL,
    INFLUENCED_BY,
    PARTNER_ID,
    SOURCED_BY,
    Property,
    Shape,
    Wins,
)

_TO_CHOOSE = "The partners to choose from are added by Partnerline; other choices stay as they are."

ATTRIBUTION_PROPERTIES = (
    Property(SOURCED_BY, "Partner sourced by", Wins.SEEN, shape=Shape.CHOICES, description=_TO_CHOOSE),
    Property(INFLUENCED_BY, "Partner influenced by", Wins.SEEN, shape=Shape.CHOICES, description=_TO_CHOOSE),
)
"""What the way of the deal's own properties needs."""

OBJECT_NAME = Property("name", "Name", Wins.SEEN)
"""Companies have it already; a custom object has not."""


def property_body(prop: Property, group: str = GROUP) -> dict[str, Any]:
    type_, field_type = prop.shape.value
    body: dict[str, Any] = {
        "name": prop.name,
        "label": prop.label,
        "type": type_,
        "fieldType": field_type,
        "groupName": group,
        "description": prop.description,
        "formField": False,
    }
    if type_ == "enumeration":
        body["options"] = options_body(prop.options)
    if prop.unique:
        body["hasUniqueValue"] = True
    return body


def group_body() -> dict[str, Any]:
    return {"name": GROUP, "label": GROUP_LABEL, "displayOrder": -1}


def stage_body(state: Waiting, place: int) -> dict[str, Any]:
    metadata = {"probability": waiting_probability(state)}
    return {"label": waiting_label(state), "displayOrder": place, "metadata": metadata}


def pipeline_body(label: str) -> dict[str, Any]:
    stages = [stage_body(state, place) for place, state in enumerate(WAITING)]
    return {"label": label, "displayOrder": 1, "stages": stages}


def partner_object_body(properties: Iterable[Property]) -> dict[str, Any]:
    """The custom object with what it must have from the start; the rest is added as to every object."""
    own = [OBJECT_NAME, *(prop for prop in properties if prop.name == PARTNER_ID)]
    return {
        "name": PARTNER_OBJECT,
        "labels": {"singular": "Partner", "plural": "Partners"},
        "primaryDisplayProperty": OBJECT_NAME.name,
        "secondaryDisplayProperties": [PARTNER_ID],
        "searchableProperties": [OBJECT_NAME.name, PARTNER_ID],
        "requiredProperties": [OBJECT_NAME.name],
        "properties": [_without_group(prop) for prop in own],
        "associatedObjects": ["COMPANY", "CONTACT", "DEAL"],
    }


def _without_group(prop: Property) -> dict[str, Any]:
    """The object's own group is made with it."""
    body = property_body(prop)
    del body["groupName"]
    return body
