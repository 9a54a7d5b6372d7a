"""An interaction as an engagement of HubSpot: an e-mail or a note with its properties and associations."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm.adapters.hubspot.logging.places import Linked
from crm.adapters.hubspot.logging.wording import Wording
from crm.adapters.hubspot.records.codec import storable
from crm.adapters.hubspot.records.store import COMPANIES, CONTACTS, DEALS
from crm.records import Channel, Direction, Interaction

EMAILS, NOTES = "emails", "notes"
BODIES = {EMAILS: "hs_email_html", NOTES: "hs_note_body"}
"""The property with the text that people read."""

TYPE_IDS: Mapping[str, Mapping[str, int]] = {
    NOTES: {DEALS: 214, CONTACTS: 202, COMPANIES: 190},
    EMAILS: {DEALS: 210, CONTACTS: 198, COMPANIES: 186},
}
"""HubSpot's default association types from an engagement; those to a custom object are the account's own."""

_LONGEST_SUBJECT = 998


@dataclass(frozen=True, slots=True)
class Engagement:
    """What is to be created for one interaction."""

    key: str
    marker: str
    object_type: str
    properties: Mapping[str, str]
    linked: Linked

    def to(self, linked: Linked) -> Engagement:
        """The same on other records."""
        return Engagement(self.key, self.marker, self.object_type, self.properties, linked)


def is_mail(said: Interaction) -> bool:
    """Only what was truly sent or received as a mail is one in HubSpot, too."""
    return said.channel is Channel.EMAIL and bool(said.sender) and bool(said.recipients)


def properties_of(said: Interaction, object_type: str, wording: Wording, files: Sequence[str]) -> dict[str, str]:
    """`files` are HubSpot's ids of what was attached."""
    at = {"hs_timestamp": str(int(said.at.timestamp() * 1_000))}
    attached = {"hs_attachment_ids": ";".join(files)} if files else {}
    if object_type == NOTES:
        return {**at, "hs_note_body": wording.html, **attached}
    came = said.direction is Direction.IN
    return {
        **at,
        "hs_email_direction": "INCOMING_EMAIL" if came else "EMAIL",
        **({} if came else {"hs_email_status": "SENT"}),
        "hs_email_subject": subject_of(said),
        "hs_email_text": wording.text,
        "hs_email_html": wording.html,
        "hs_email_headers": _headers(said),
        **attached,
    }


def subject_of(said: Interaction) -> str:
    return " ".join(storable(said.subject or said.summary).split())[:_LONGEST_SUBJECT]


def inputs_of(engagements: Sequence[Engagement], type_ids: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    """For `batch/create`. An association whose type is not known is left out."""
    return [
        {
            "objectWriteTraceId": one.marker,
            "properties": dict(one.properties),
            "associations": [
                _association(id_, type_ids[one.object_type][object_type])
                for object_type, ids in one.linked.items()
                if object_type in type_ids[one.object_type]
                for id_ in ids
            ],
        }
        for one in engagements
    ]


def _association(id_: str, type_id: int) -> dict[str, Any]:
    return {
        "to": {"id": id_},
        "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}],
    }


def _headers(said: Interaction) -> str:
    """HubSpot fills its read-only addresses from this."""
    return json.dumps(
        {
            "from": {"email": storable(said.sender)},
            "to": [{"email": storable(address)} for address in said.recipients],
            "cc": [],
            "bcc": [],
        },
        ensure_ascii=False,
    )
