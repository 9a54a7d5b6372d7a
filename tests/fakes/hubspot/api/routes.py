"""Which path leads to which handler, with what scope it needs and whose limit it counts against."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from tests.fakes.hubspot.api import account, associating, batches, files, objects, properties, schemas
from tests.fakes.hubspot.api.asking import Ask, Handler
from tests.fakes.hubspot.kinds import EMAIL, ENGAGEMENTS, TICKET

VERSIONS = ("2026-03", "2026-09")
Scopes = Callable[[Ask], set[str]]


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    handler: Handler
    scopes: Scopes
    search: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\\?\{(\w+)\\?\}", r"(?P<\1>[^/]+)", re.escape(self.path)) + r"/?")


def _none(_ask: Ask) -> set[str]:
    return set()


def _objects(what: str) -> Scopes:
    def scopes(ask: Ask) -> set[str]:
        kinds = [ask.portal.kind(ask.at[name]) for name in ("type", "to_type") if name in ask.at]
        return {scope for kind in kinds for scope in _of(kind.id, kind.plural, what)}

    return scopes


def _of(type_id: str, plural: str, what: str) -> set[str]:
    if type_id in ENGAGEMENTS:
        return {f"crm.objects.contacts.{what}"} | ({"sales-email-read"} if type_id == EMAIL else set())
    if type_id == TICKET:
        return {"tickets"}
    return {f"crm.objects.{'custom' if type_id.startswith('2-') else plural}.{what}"}


def _schemas(what: str) -> Scopes:
    def scopes(ask: Ask) -> set[str]:
        kind = ask.portal.kind(ask.at["type"])
        return set() if kind.engagement else {f"crm.schemas.{'custom' if kind.custom else kind.plural}.{what}"}

    return scopes


def _scope(*names: str) -> Scopes:
    return lambda _ask: set(names)


def _definitions(ask: Ask) -> set[str]:
    """Properties and pipelines may be read by whoever reads the records."""
    kind = ask.portal.kind(ask.at["type"])
    records = _of(kind.id, kind.plural, "read")
    return set() if records <= ask.portal.scopes else _schemas("read")(ask)


_O = "/crm/objects/{version}/{type}"
_A = "/crm/associations/{version}/{type}/{to_type}"
_P = "/crm/properties/{version}/{type}"
_L = "/crm/pipelines/{version}/{type}"
_S = "/crm-object-schemas/{version}/schemas"
_READ, _WRITE = _objects("read"), _objects("write")
_DEFINE = _schemas("write")
_CUSTOM_READ, _CUSTOM_WRITE = _scope("crm.schemas.custom.read"), _scope("crm.schemas.custom.write")

ROUTES = (
    Route("POST", f"{_O}/batch/read", batches.read, _READ),
    Route("POST", f"{_O}/batch/create", batches.create, _WRITE),
    Route("POST", f"{_O}/batch/update", batches.update, _WRITE),
    Route("POST", f"{_O}/batch/upsert", batches.upsert, _WRITE),
    Route("POST", f"{_O}/batch/archive", batches.archive, _WRITE),
    Route("POST", f"{_O}/search", objects.find, _READ, search=True),
    Route("POST", f"{_O}/merge", objects.merge, _WRITE),
    Route("POST", f"{_O}/gdpr-delete", objects.forget, _WRITE),
    Route("PUT", f"{_O}/{{id}}/associations/default/{{to_type}}/{{to_id}}", associating.put_default, _WRITE),
    Route("PUT", f"{_O}/{{id}}/associations/{{to_type}}/{{to_id}}", associating.put_labels, _WRITE),
    Route("DELETE", f"{_O}/{{id}}/associations/{{to_type}}/{{to_id}}", associating.cut, _WRITE),
    Route("GET", f"{_O}/{{id}}/associations/{{to_type}}", associating.read, _READ),
    Route("GET", _O, objects.listed, _READ),
    Route("POST", _O, objects.create, _WRITE),
    Route("GET", f"{_O}/{{id}}", objects.read, _READ),
    Route("PATCH", f"{_O}/{{id}}", objects.update, _WRITE),
    Route("DELETE", f"{_O}/{{id}}", objects.archive, _WRITE),
    Route("GET", f"{_A}/labels", associating.labels, _READ),
    Route("POST", f"{_A}/labels", associating.define_label, _WRITE),
    Route("DELETE", f"{_A}/labels/{{type_id}}", associating.forget_label, _WRITE),
    Route("POST", f"{_A}/batch/read", associating.read_many, _READ),
    Route("POST", f"{_A}/batch/create", associating.put_many, _WRITE),
    Route("POST", f"{_A}/batch/archive", associating.cut_many, _WRITE),
    Route("POST", f"{_A}/batch/associate/default", associating.put_many_by_default, _WRITE),
    Route("POST", f"{_A}/batch/labels/archive", associating.cut_labels, _WRITE),
    Route("GET", f"{_P}/groups", properties.groups, _definitions),
    Route("POST", f"{_P}/groups", properties.create_group, _DEFINE),
    Route("GET", f"{_P}/groups/{{name}}", properties.read_group, _definitions),
    Route("POST", f"{_P}/batch/read", properties.read_many, _definitions),
    Route("POST", f"{_P}/batch/create", properties.create_many, _DEFINE),
    Route("GET", _P, properties.listed, _definitions),
    Route("POST", _P, properties.create, _DEFINE),
    Route("GET", f"{_P}/{{name}}", properties.read, _definitions),
    Route("PATCH", f"{_P}/{{name}}", properties.update, _DEFINE),
    Route("DELETE", f"{_P}/{{name}}", properties.archive, _DEFINE),
    Route("GET", _L, account.pipelines, _definitions),
    Route("POST", _L, account.create_pipeline, _DEFINE),
    Route("GET", f"{_L}/{{pipeline}}", account.pipeline, _definitions),
    Route("PATCH", f"{_L}/{{pipeline}}", account.update_pipeline, _DEFINE),
    Route("DELETE", f"{_L}/{{pipeline}}", account.archive_pipeline, _DEFINE),
    Route("GET", f"{_L}/{{pipeline}}/stages", account.stages, _definitions),
    Route("POST", f"{_L}/{{pipeline}}/stages", account.create_stage, _DEFINE),
    Route("PATCH", f"{_L}/{{pipeline}}/stages/{{stage}}", account.update_stage, _DEFINE),
    Route("DELETE", f"{_L}/{{pipeline}}/stages/{{stage}}", account.archive_stage, _DEFINE),
    Route("GET", _S, schemas.listed, _CUSTOM_READ),
    Route("POST", _S, schemas.create, _CUSTOM_WRITE),
    Route("GET", f"{_S}/{{type}}", schemas.read, _CUSTOM_READ),
    Route("PATCH", f"{_S}/{{type}}", schemas.update, _CUSTOM_WRITE),
    Route("DELETE", f"{_S}/{{type}}", schemas.archive, _CUSTOM_WRITE),
    Route("POST", f"{_S}/{{type}}/associations", schemas.create_association, _CUSTOM_WRITE),
    Route("GET", "/crm/owners/{version}", account.owners, _scope("crm.objects.owners.read")),
    Route("GET", "/crm/owners/{version}/{id}", account.owner, _scope("crm.objects.owners.read")),
    Route("GET", "/account-info/{version}/details", account.details, _none),
    Route("GET", "/crm/limits/{version}/associations/labels", account.label_limits, _none),
    Route("GET", "/crm/limits/{version}/custom-object-types", account.custom_object_limits, _none),
    Route("POST", "/files/{version}/files", files.upload, _scope("files")),
    Route("GET", "/files/{version}/files/{id}", files.read, _scope("files")),
    Route("DELETE", "/files/{version}/files/{id}", files.archive, _scope("files")),
)


@lru_cache(maxsize=4096)
def route(method: str, path: str) -> tuple[Route, Mapping[str, str]] | int:
    """The route and what its path names; else the status of the refusal: 404, or 405 for another method."""
    other_method = False
    for one in ROUTES:
        found = one.pattern.fullmatch(path)
        if found is None:
            continue
        at = found.groupdict()
        if at["version"] not in (*VERSIONS, *(("v3",) if path.startswith("/files/") else ())):
            continue
        if one.method == method:
            return one, at
        other_method = True
    return 405 if other_method else 404
