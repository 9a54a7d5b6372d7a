"""What HubSpot demands of the values of a record: known properties, options, stages, currencies, keys, dates."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tests.fakes.hubspot.clock import iso
from tests.fakes.hubspot.definitions import Definition
from tests.fakes.hubspot.faults import property_faults
from tests.fakes.hubspot.kinds import DEAL, EMAIL, ObjectType
from tests.fakes.hubspot.pipelines import Stage
from tests.fakes.hubspot.records import Record
from tests.fakes.hubspot.values import BadValue, kept

if TYPE_CHECKING:
    from tests.fakes.hubspot.portal import Portal

Faults = list[tuple[str, str, str]]
ENFORCED_FROM = "2026-09"


class Rules:
    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    def checked(
        self,
        kind: ObjectType,
        given: Mapping[str, object],
        record: Record | None = None,
        *,
        new: bool = False,
        version: str = "",
    ) -> dict[str, str]:
        """The values as they will be kept; all refusals of one record in one 400, a taken key as 409."""
        faults: Faults = []
        values: dict[str, str] = {}
        known = self._portal.definitions[kind.id]
        held = record.values if record else {}
        for name, value in given.items():
            try:
                values[name] = self._kept(known.get(name), name, value, held.get(name, ""))
            except BadValue as fault:
                faults.append((name, fault.code, fault.words))
        faults += self._missing(kind, {**held, **values}, new=new, version=version)
        if kind.id == DEAL:
            faults += self._deal(values, held, new=new)
        if faults:
            raise property_faults(faults, self._portal.id)
        self._unique(kind, values, record)
        if kind.id == EMAIL:
            values |= _ends(values)
        return values

    def _kept(self, definition: Definition | None, name: str, value: object, held: str) -> str:
        if definition is None:
            raise BadValue("PROPERTY_DOESNT_EXIST", f'Property "{name}" does not exist')
        if definition.read_only:
            raise BadValue("READ_ONLY_VALUE", f'"{name}" is a read only property; its value cannot be set.')
        if definition.many and isinstance(value, str) and value.startswith(";"):
            # HubSpot's own way to add to what is ticked already.
            value = f"{held}{value}"
        text = kept(definition, value)
        if definition.kind == "number" and self._portal.trims_numbers and "." in text:
            text = text.rstrip("0").rstrip(".")
        if name == "hubspot_owner_id" and text and text not in {one.id for one in self._portal.owners}:
            raise BadValue("INVALID_OWNER_ID", f"Owner {text} does not exist")
        if name == "deal_currency_code" and text and text not in self._portal.currencies:
            raise BadValue("INVALID_OPTION", f"{text} is not one of the currencies of this account.")
        if name == "email" and text and ("@" not in text.strip("@") or " " in text):
            raise BadValue("INVALID_EMAIL", f"Email address {text} is invalid")
        return _address(name, text)

    def _missing(self, kind: ObjectType, values: Mapping[str, str], *, new: bool, version: str) -> Faults:
        """Each engagement needs its time; the rest by the schema, and by the administrator's rules from 2026-09 on."""
        if not new:
            return []
        demanded = ["hs_timestamp"] if kind.engagement else []
        demanded += kind.required
        demanded += self._portal.required.get(kind.plural, ()) if version >= ENFORCED_FROM else ()
        return [
            (name, "REQUIRED_FIELD", f"Property {name} is required and was not set")
            for name in demanded
            if not values.get(name)
        ]

    def _deal(self, values: dict[str, str], held: Mapping[str, str], *, new: bool) -> Faults:
        """The stage must be one of the pipeline; probability and closedness follow it."""
        if not {"pipeline", "dealstage"} & values.keys() and not new:
            return []
        known = self._portal.pipelines[DEAL]
        pipeline_id = values.get("pipeline") or held.get("pipeline") or "default"
        pipeline = known.get(pipeline_id)
        if pipeline is None:
            return [("pipeline", "INVALID_OPTION", f"{pipeline_id} was not one of the allowed options: {list(known)}")]
        stage_id = values.get("dealstage") or held.get("dealstage") or pipeline.stages[0].id
        stage = pipeline.stage(stage_id)
        if stage is None:
            allowed = [one.id for one in pipeline.stages]
            words = f"{stage_id} is not a valid stage of the pipeline {pipeline_id}; its stages are {allowed}"
            return [("dealstage", "INVALID_OPTION", words)]
        values |= {"pipeline": pipeline_id, "dealstage": stage.id, **_follow(stage)}
        if stage.id != held.get("dealstage"):
            values["hs_v2_date_entered_current_stage"] = iso(self._portal.clock.now())
        return []

    def _unique(self, kind: ObjectType, values: Mapping[str, str], record: Record | None) -> None:
        known = self._portal.definitions[kind.id]
        for name, value in values.items():
            if known[name].unique:
                self._portal.records.taken(kind.id, known[name], value, record.id if record else "")


def _address(name: str, text: str) -> str:
    """Mail addresses and domains are kept in small letters, a domain without what is around it in a browser."""
    if name == "domain":
        return re.sub(r"^(https?://)?(www\.)?", "", text.lower()).partition("/")[0]
    return text.lower() if name == "email" else text


def _follow(stage: Stage) -> dict[str, str]:
    return {
        "hs_deal_stage_probability": stage.metadata.get("probability", "0"),
        "hs_is_closed": "true" if stage.closed else "false",
        "hs_is_closed_won": "true" if stage.closed and stage.probability == 1 else "false",
    }


def _ends(values: Mapping[str, str]) -> dict[str, str]:
    """HubSpot reads the read-only ends of an e-mail out of its headers."""
    try:
        headers = json.loads(values.get("hs_email_headers") or "{}")
    except json.JSONDecodeError:
        return {}
    found: dict[str, str] = {}
    for end in ("from", "to", "cc", "bcc"):
        people = headers.get(end) or []
        people = [people] if isinstance(people, dict) else people
        for name, key in (("email", "email"), ("firstname", "firstName"), ("lastname", "lastName")):
            text = ";".join(str(person[key]) for person in people if person.get(key))
            found |= {f"hs_email_{end}_{name}": text} if text else {}
    return found
