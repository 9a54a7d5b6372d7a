"""Property definitions, and what a new portal has of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

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
    ObjectType,
)

EPOCH = "2020-01-01T00:00:00Z"


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    hidden: bool = False

    def shown(self, place: int) -> dict[str, Any]:
        return {"label": self.label, "value": self.value, "displayOrder": place, "hidden": self.hidden}


@dataclass(frozen=True)
class Definition:
    """`kind` and `field_type` are HubSpot's `type` and `fieldType`; `read_only` values are set by HubSpot alone."""

    name: str
    label: str = ""
    kind: str = "string"
    field_type: str = "text"
    group: str = ""
    description: str = ""
    options: tuple[Option, ...] = ()
    unique: bool = False
    read_only: bool = False
    own: bool = True
    created: str = EPOCH
    updated: str = EPOCH
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def many(self) -> bool:
        return self.field_type == "checkbox"

    def shown(self) -> dict[str, Any]:
        return {
            "updatedAt": self.updated,
            "createdAt": self.created,
            "name": self.name,
            "label": self.label or self.name,
            "type": self.kind,
            "fieldType": self.field_type,
            "description": self.description,
            "groupName": self.group,
            "options": [option.shown(place) for place, option in enumerate(self.options)],
            "displayOrder": -1,
            "calculated": False,
            "externalOptions": False,
            "archived": False,
            "hasUniqueValue": self.unique,
            "hidden": False,
            "hubspotDefined": self.own,
            "modificationMetadata": {
                "archivable": not self.own,
                "readOnlyDefinition": self.own,
                "readOnlyOptions": self.own and not self.options,
                "readOnlyValue": self.read_only,
            },
            "formField": not self.own,
            "dataSensitivity": "non_sensitive",
            **self.more,
        }


def _words(value: str) -> str:
    return value.replace("_", " ").capitalize()


def _choice(name: str, label: str, *values: str, many: bool = False) -> Definition:
    options = tuple(Option(value, _words(value)) for value in values)
    return Definition(name, label, "enumeration", "checkbox" if many else "select", options=options)


def _lines(name: str, label: str) -> Definition:
    return Definition(name, label, "string", "textarea")


def _number(name: str, label: str) -> Definition:
    return Definition(name, label, "number", "number")


def _instant(name: str, label: str) -> Definition:
    return Definition(name, label, "datetime", "date")


def _set_by_hubspot(kind: ObjectType) -> tuple[Definition, ...]:
    """What every record of a kind has."""
    return (
        replace(_number("hs_object_id", "Record ID"), read_only=True),
        replace(_instant(kind.created, "Create date"), read_only=True),
        replace(_instant(kind.modified, "Last modified date"), read_only=True),
        Definition("hs_object_source", "Record source", read_only=True),
        Definition("hs_object_source_id", "Record source ID", read_only=True),
        Definition("hs_object_source_label", "Record source label", read_only=True),
        Definition("hs_object_source_detail_1", "Record source detail 1", read_only=True),
        Definition("hs_merged_object_ids", "Merged record IDs", "enumeration", "checkbox", read_only=True),
        Definition("hubspot_owner_id", "Owner", "enumeration", "select", more={"externalOptions": True}),
        Definition("hs_unique_creation_key", "Unique creation key", read_only=True),
        replace(_instant("notes_last_updated", "Last activity date"), read_only=True),
    )


def _engagement() -> tuple[Definition, ...]:
    return (_instant("hs_timestamp", "Activity date"), _choice_free("hs_attachment_ids", "Attached file IDs"))


def _choice_free(name: str, label: str) -> Definition:
    """HubSpot fills the options of these itself: any value passes, several with semicolons."""
    return Definition(name, label, "enumeration", "checkbox", more={"externalOptions": True})


_BY_KIND: dict[str, tuple[Definition, ...]] = {
    CONTACT: (
        Definition("email", "Email", unique=True),
        Definition("firstname", "First name"),
        Definition("lastname", "Last name"),
        Definition("phone", "Phone number", field_type="phonenumber"),
        Definition("mobilephone", "Mobile phone number", field_type="phonenumber"),
        Definition("company", "Company name"),
        Definition("jobtitle", "Job title"),
        Definition("website", "Website URL"),
        Definition("hs_language", "Preferred language"),
        Definition("hs_email_domain", "Email domain", read_only=True),
        Definition("associatedcompanyid", "Primary associated company ID", "number", "number"),
        _choice("lifecyclestage", "Lifecycle stage", "subscriber", "lead", "opportunity", "customer", "other"),
        Definition("hs_additional_emails", "Additional email addresses", "enumeration", "checkbox", read_only=True),
    ),
    COMPANY: (
        Definition("name", "Company name"),
        Definition("domain", "Company domain name"),
        Definition("phone", "Phone number", field_type="phonenumber"),
        Definition("website", "Website URL"),
        Definition("city", "City"),
        Definition("country", "Country/Region"),
        Definition("address", "Street address"),
        Definition("zip", "Postal code"),
        Definition("industry", "Industry"),
        _lines("description", "Description"),
        _choice("type", "Type", "PROSPECT", "PARTNER", "RESELLER", "VENDOR", "OTHER"),
        _choice("lifecyclestage", "Lifecycle stage", "subscriber", "lead", "opportunity", "customer", "other"),
        Definition("hs_additional_domains", "Additional domains", "enumeration", "checkbox", read_only=True),
    ),
    DEAL: (
        Definition("dealname", "Deal name"),
        _number("amount", "Amount"),
        Definition("deal_currency_code", "Currency", "enumeration", "select", more={"externalOptions": True}),
        Definition("pipeline", "Pipeline", "enumeration", "select", more={"externalOptions": True}),
        Definition("dealstage", "Deal stage", "enumeration", "radio", more={"externalOptions": True}),
        _instant("closedate", "Close date"),
        Definition("hs_next_step", "Next step"),
        _lines("closed_lost_reason", "Closed lost reason"),
        _lines("closed_won_reason", "Closed won reason"),
        _lines("description", "Deal description"),
        _choice("dealtype", "Deal type", "newbusiness", "existingbusiness"),
        _choice("hs_priority", "Priority", "low", "medium", "high"),
        replace(_number("hs_deal_stage_probability", "Deal probability"), read_only=True),
        Definition("hs_is_closed", "Is deal closed?", "bool", "booleancheckbox", read_only=True),
        Definition("hs_is_closed_won", "Is closed won", "bool", "booleancheckbox", read_only=True),
        replace(_instant("hs_v2_date_entered_current_stage", "Date entered current stage"), read_only=True),
        replace(_number("hs_primary_associated_company", "Primary associated company"), read_only=True),
    ),
    TICKET: (
        Definition("subject", "Ticket name"),
        _lines("content", "Ticket description"),
        Definition("hs_pipeline", "Pipeline"),
        Definition("hs_pipeline_stage", "Ticket status"),
    ),
    NOTE: (Definition("hs_note_body", "Note body", "string", "html"),),
    EMAIL: (
        _choice("hs_email_direction", "Email direction", "EMAIL", "INCOMING_EMAIL", "FORWARDED_EMAIL", "DRAFT_EMAIL"),
        _choice("hs_email_status", "Email send status", "BOUNCED", "FAILED", "SCHEDULED", "SENDING", "SENT"),
        Definition("hs_email_subject", "Email subject"),
        _lines("hs_email_text", "Email body"),
        Definition("hs_email_html", "Email HTML", "string", "html"),
        _lines("hs_email_headers", "Email headers"),
        *(
            Definition(f"hs_email_{end}_{what}", _words(f"{end}_{what}"), read_only=True)
            for end in ("from", "to", "cc", "bcc")
            for what in ("email", "firstname", "lastname")
        ),
    ),
    TASK: (
        Definition("hs_task_subject", "Task title"),
        Definition("hs_task_body", "Task notes", "string", "html"),
        _choice("hs_task_status", "Task status", "NOT_STARTED", "IN_PROGRESS", "WAITING", "DEFERRED", "COMPLETED"),
        _choice("hs_task_priority", "Priority", "NONE", "LOW", "MEDIUM", "HIGH"),
        _choice("hs_task_type", "Task type", "TODO", "EMAIL", "CALL"),
    ),
    CALL: (Definition("hs_call_title", "Call title"), _lines("hs_call_body", "Call notes")),
    MEETING: (Definition("hs_meeting_title", "Meeting name"), _lines("hs_meeting_body", "Meeting description")),
    COMMUNICATION: (
        _choice("hs_communication_channel_type", "Channel type", "WHATS_APP", "LINKEDIN_MESSAGE", "SMS"),
        _choice("hs_communication_logged_from", "Logged from", "CRM"),
        _lines("hs_communication_body", "Communication body"),
    ),
}


def standard(kind: ObjectType, group: str) -> Iterable[Definition]:
    """The properties that HubSpot itself gives a kind of records."""
    engagement = _engagement() if kind.id in ENGAGEMENTS else ()
    for definition in (*_set_by_hubspot(kind), *engagement, *_BY_KIND.get(kind.id, ())):
        yield replace(definition, group=group)
