"""The kinds of records that a portal has: their ids, names, dates and what a read gives when nothing is asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ObjectType:
    """`modified` is the property with the last change: contacts have another name for it than everything else."""

    id: str
    singular: str
    plural: str
    created: str = "hs_createdate"
    modified: str = "hs_lastmodifieddate"
    shown: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()
    qualified: str = ""
    required: tuple[str, ...] = ()
    label: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        names = (self.id, self.singular, self.plural, self.qualified, f"p_{self.singular}" if self.custom else "")
        return tuple(name.lower() for name in names if name)

    @property
    def custom(self) -> bool:
        return self.id.startswith("2-")

    @property
    def engagement(self) -> bool:
        return self.id in ENGAGEMENTS

    @property
    def display(self) -> str:
        return self.label or self.singular.capitalize()


CONTACT, COMPANY, DEAL, TICKET = "0-1", "0-2", "0-3", "0-5"
NOTE, EMAIL, TASK, CALL, MEETING, COMMUNICATION = "0-46", "0-49", "0-27", "0-48", "0-47", "0-18"
ENGAGEMENTS = frozenset({NOTE, EMAIL, TASK, CALL, MEETING, COMMUNICATION})

STANDARD = (
    ObjectType(
        CONTACT,
        "contact",
        "contacts",
        "createdate",
        "lastmodifieddate",
        ("email", "firstname", "lastname"),
        ("firstname", "lastname", "email", "phone", "company", "hs_additional_emails"),
    ),
    ObjectType(COMPANY, "company", "companies", "createdate", shown=("domain", "name"), searched=("name", "domain")),
    ObjectType(
        DEAL,
        "deal",
        "deals",
        "createdate",
        shown=("amount", "closedate", "dealname", "dealstage", "pipeline"),
        searched=("dealname",),
    ),
    ObjectType(TICKET, "ticket", "tickets", "createdate", shown=("subject",), searched=("subject", "content")),
    ObjectType(NOTE, "note", "notes", searched=("hs_note_body",)),
    ObjectType(EMAIL, "email", "emails", searched=("hs_email_subject",)),
    ObjectType(TASK, "task", "tasks", searched=("hs_task_subject",)),
    ObjectType(CALL, "call", "calls", searched=("hs_call_title",)),
    ObjectType(MEETING, "meeting", "meetings", searched=("hs_meeting_title",)),
    ObjectType(COMMUNICATION, "communication", "communications", searched=("hs_communication_body",)),
)
