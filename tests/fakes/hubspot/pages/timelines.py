"""What happened on a record: notes, e-mails, tasks, and the changes that people look for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import nh3
from markupsafe import Markup

from tests.fakes.hubspot.clock import iso
from tests.fakes.hubspot.kinds import DEAL, EMAIL, ENGAGEMENTS, NOTE, TASK, ObjectType
from tests.fakes.hubspot.pages.showing import Link, label, link, money, when
from tests.fakes.hubspot.portal import Portal
from tests.fakes.hubspot.records import Record, Source

SHOWN = 200
WATCHED = ("dealstage", "amount", "closedate", "partnerline_tier", "partnerline_registration")
_BY = {
    Source.API.value: "by the connected app",
    Source.PERSON.value: "by a colleague",
    Source.HUBSPOT.value: "by HubSpot",
}
_DIRECTIONS = {"EMAIL": "Email sent", "INCOMING_EMAIL": "Email received", "FORWARDED_EMAIL": "Email forwarded"}


@dataclass(frozen=True)
class Entry:
    """`kind` is note, email, task or change; `href` leads to the engagement itself."""

    at: str
    shown_at: str
    kind: str
    heading: str
    body: Markup = field(default_factory=Markup)
    sender: str = ""
    recipients: str = ""
    files: tuple[str, ...] = ()
    others: tuple[Link, ...] = ()
    href: str = ""


def timeline(portal: Portal, kind: ObjectType, record: Record) -> list[Entry]:
    """Newest first, as many as a page bears."""
    logged = portal.timeline(kind.id, record.id)[-SHOWN:]
    entries = [_engagement(portal, one, (kind.id, record.id)) for one in logged]
    entries += _changes(portal, kind, record)
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def engagement(portal: Portal, record: Record) -> Entry:
    return _engagement(portal, record, ("", ""))


def _engagement(portal: Portal, record: Record, seen_from: tuple[str, str]) -> Entry:
    values = record.values
    at = values.get("hs_timestamp") or iso(record.created)
    kind = portal.kind(record.type_id)
    others = tuple(
        link(portal.kind(type_id), other)
        for type_id, other_id in portal.associations.ends((record.type_id, record.id))
        if (type_id, other_id) != seen_from and type_id not in ENGAGEMENTS
        if (other := portal.records.get(type_id, other_id)) is not None
    )
    words: dict[str, Any] = {"files": _files(portal, record), "others": others, "href": f"/{kind.plural}/{record.id}"}
    if record.type_id == EMAIL:
        direction = _DIRECTIONS.get(values.get("hs_email_direction", ""), "Email")
        words |= {"sender": values.get("hs_email_from_email", ""), "recipients": values.get("hs_email_to_email", "")}
        words |= {"heading": f"{direction}: {values.get('hs_email_subject') or 'no subject'}", "body": _mail(values)}
    elif record.type_id == TASK:
        words |= {
            "heading": f"Task: {values.get('hs_task_subject', '')}",
            "body": _clean(values.get("hs_task_body", "")),
        }
    elif record.type_id == NOTE:
        words |= {"heading": "Note", "body": _clean(values.get("hs_note_body", ""))}
    else:
        words |= {"heading": label(portal, kind)}
    return Entry(at, when(portal, at), kind.singular, **words)


def _mail(values: dict[str, str]) -> Markup:
    if values.get("hs_email_html"):
        return _clean(values["hs_email_html"])
    return Markup('<div class="plain">{}</div>').format(values.get("hs_email_text", ""))


def _clean(html: str) -> Markup:
    """HubSpot shows what is harmless of a note's HTML."""
    return Markup(nh3.clean(html, link_rel="noopener noreferrer"))


def _files(portal: Portal, record: Record) -> tuple[str, ...]:
    ids = filter(None, record.values.get("hs_attachment_ids", "").split(";"))
    return tuple(_file_name(portal.files.get(file_id), file_id) for file_id in ids)


def _file_name(file: dict[str, Any] | None, file_id: str) -> str:
    return file["path"].rpartition("/")[2] if file else f"file {file_id}"


def _changes(portal: Portal, kind: ObjectType, record: Record) -> Iterator[Entry]:
    source = record.values.get("hs_object_source", "")
    made = f"{label(portal, kind)} created {_BY.get(source, '')}"
    created = iso(record.created)
    yield Entry(created, when(portal, created), "change", made)
    for name in WATCHED:
        entries = record.history.get(name, [])
        for entry in entries[:-1]:
            yield _change(portal, kind, record, name, entry)


def _change(portal: Portal, kind: ObjectType, record: Record, name: str, entry: dict[str, Any]) -> Entry:
    definition = portal.definitions[kind.id].get(name)
    words = str(entry["value"])
    if name == "dealstage" and record.type_id == DEAL:
        words = _stage_words(portal, words)
    elif name == "amount":
        words = money(words, record.values.get("deal_currency_code", ""))
    elif name == "closedate":
        words = when(portal, words, day=True)
    what = definition.label if definition else name
    heading = f"{what} set to {words or 'nothing'} {_BY.get(entry['sourceType'], '')}"
    return Entry(entry["timestamp"], when(portal, entry["timestamp"]), "change", heading)


def _stage_words(portal: Portal, stage_id: str) -> str:
    for pipeline in portal.pipelines[DEAL].values():
        stage = pipeline.stage(stage_id)
        if stage is not None:
            return stage.label
    return stage_id
