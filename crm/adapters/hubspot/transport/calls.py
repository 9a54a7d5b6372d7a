"""Every call that is made to HubSpot: path, version, whether it may be repeated blindly, and what it draws on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from urllib.parse import quote


class Repeat(Enum):
    """SAFE: repeating it changes nothing more. ONCE: sent again only where it surely was not carried out."""

    SAFE = "safe"
    ONCE = "once"


class Budget(StrEnum):
    """The limit that a call draws on beside the day's; searches draw on the calls in ten seconds as well."""

    BURST = "burst"
    SEARCH = "search"


STANDARD_OBJECTS = frozenset({"contacts", "companies", "deals"})
ENGAGEMENTS = frozenset({"notes", "emails", "tasks"})


@dataclass(frozen=True, slots=True)
class Call:
    """One row of the table. `path` names its placeholders; `{version}` is the configured one.

    `scope` is what the token needs; `{object}` in it stands for deals, companies, contacts or custom. What a `probe`
    is made for is how it is refused.
    """

    name: str
    method: str
    path: str
    repeat: Repeat = Repeat.SAFE
    budget: Budget = Budget.BURST
    scope: str = ""
    probe: bool = False

    def at(self, version: str, places: Mapping[str, str]) -> str:
        """The path with its placeholders filled in and escaped; KeyError names one that was not given."""
        filled = {name: quote(place, safe="", errors="replace") for name, place in places.items()}
        return self.path.format(version=version, **filled)

    def scope_for(self, object_type: str) -> str:
        """The scope for objects of that type. What is written in timelines belongs to contacts."""
        if object_type in ENGAGEMENTS:
            return self.scope.format(object="contacts")
        return self.scope.format(object=object_type if object_type in STANDARD_OBJECTS else "custom")


_OBJECTS = "/crm/objects/{version}/{type}"
_LINKS = "/crm/objects/{version}/{type}/{id}/associations"
_ALL_LINKS = "/crm/associations/{version}/{type}/{to}"
_PROPERTIES = "/crm/properties/{version}/{type}"
_PIPELINES = "/crm/pipelines/{version}/{type}"
_SCHEMAS = "/crm-object-schemas/{version}/schemas"
_READ = "crm.objects.{object}.read"
_WRITE = "crm.objects.{object}.write"
_READ_SCHEMA = "crm.schemas.{object}.read"
_WRITE_SCHEMA = "crm.schemas.{object}.write"

# Objects: records of any type and engagements; `type` is deals, companies, contacts, notes, emails or 2-NNN.
LIST = Call("list objects", "GET", _OBJECTS, scope=_READ)
READ = Call("read an object", "GET", _OBJECTS + "/{id}", scope=_READ)
CREATE = Call("create an object", "POST", _OBJECTS, Repeat.ONCE, scope=_WRITE)
UPDATE = Call("update an object", "PATCH", _OBJECTS + "/{id}", scope=_WRITE)
ARCHIVE = Call("archive an object", "DELETE", _OBJECTS + "/{id}", scope=_WRITE)
BATCH_READ = Call("read objects", "POST", _OBJECTS + "/batch/read", scope=_READ)
BATCH_CREATE = Call("create objects", "POST", _OBJECTS + "/batch/create", Repeat.ONCE, scope=_WRITE)
BATCH_UPDATE = Call("update objects", "POST", _OBJECTS + "/batch/update", scope=_WRITE)
BATCH_UPSERT = Call("upsert objects", "POST", _OBJECTS + "/batch/upsert", scope=_WRITE)
BATCH_ARCHIVE = Call("archive objects", "POST", _OBJECTS + "/batch/archive", scope=_WRITE)
SEARCH = Call("search objects", "POST", _OBJECTS + "/search", budget=Budget.SEARCH, scope=_READ)

# Associations; `to` is the other object's type, `to_id` its id.
READ_LINKS = Call("read associations", "GET", _LINKS + "/{to}", scope=_READ)
LINK_DEFAULT = Call("associate", "PUT", _LINKS + "/default/{to}/{to_id}", scope=_WRITE)
LINK_LABELLED = Call("associate with labels", "PUT", _LINKS + "/{to}/{to_id}", scope=_WRITE)
UNLINK = Call("remove an association", "DELETE", _LINKS + "/{to}/{to_id}", scope=_WRITE)
BATCH_READ_LINKS = Call("read associations of many", "POST", _ALL_LINKS + "/batch/read", scope=_READ)
BATCH_LINK_DEFAULT = Call("associate many", "POST", _ALL_LINKS + "/batch/associate/default", scope=_WRITE)
BATCH_LINK_LABELLED = Call("associate many with labels", "POST", _ALL_LINKS + "/batch/create", scope=_WRITE)
BATCH_UNLABEL = Call("remove labels", "POST", _ALL_LINKS + "/batch/labels/archive", scope=_WRITE)
LIST_LABELS = Call("list labels", "GET", _ALL_LINKS + "/labels", scope=_READ)
DEFINE_LABEL = Call("define a label", "POST", _ALL_LINKS + "/labels", Repeat.ONCE, scope=_WRITE)

# Definitions.
LIST_PROPERTIES = Call("list properties", "GET", _PROPERTIES, scope=_READ_SCHEMA)
READ_PROPERTY = Call("read a property", "GET", _PROPERTIES + "/{name}", scope=_READ_SCHEMA)
CREATE_PROPERTY = Call("create a property", "POST", _PROPERTIES, Repeat.ONCE, scope=_WRITE_SCHEMA)
BATCH_CREATE_PROPERTIES = Call(
    "create properties", "POST", _PROPERTIES + "/batch/create", Repeat.ONCE, scope=_WRITE_SCHEMA
)
UPDATE_PROPERTY = Call("update a property", "PATCH", _PROPERTIES + "/{name}", scope=_WRITE_SCHEMA)
LIST_GROUPS = Call("list property groups", "GET", _PROPERTIES + "/groups", scope=_READ_SCHEMA)
CREATE_GROUP = Call("create a property group", "POST", _PROPERTIES + "/groups", Repeat.ONCE, scope=_WRITE_SCHEMA)
LIST_PIPELINES = Call("list pipelines", "GET", _PIPELINES, scope=_READ)
CREATE_PIPELINE = Call("create a pipeline", "POST", _PIPELINES, Repeat.ONCE, scope=_WRITE_SCHEMA)
UPDATE_PIPELINE = Call("update a pipeline", "PATCH", _PIPELINES + "/{pipeline}", scope=_WRITE_SCHEMA)
CREATE_STAGE = Call("create a stage", "POST", _PIPELINES + "/{pipeline}/stages", Repeat.ONCE, scope=_WRITE_SCHEMA)
UPDATE_STAGE = Call("update a stage", "PATCH", _PIPELINES + "/{pipeline}/stages/{stage}", scope=_WRITE_SCHEMA)
LIST_SCHEMAS = Call("list schemas", "GET", _SCHEMAS, scope="crm.schemas.custom.read")
READ_SCHEMA = Call("read a schema", "GET", _SCHEMAS + "/{type}", scope="crm.schemas.custom.read")
CREATE_SCHEMA = Call("create a schema", "POST", _SCHEMAS, Repeat.ONCE, scope="crm.schemas.custom.write")
UPDATE_SCHEMA = Call("update a schema", "PATCH", _SCHEMAS + "/{type}", scope="crm.schemas.custom.write")
DEFINE_LINK = Call(
    "define an association",
    "POST",
    _SCHEMAS + "/{type}/associations",
    Repeat.ONCE,
    scope="crm.schemas.custom.write",
)

# The account.
LIST_OWNERS = Call("list owners", "GET", "/crm/owners/{version}", scope="crm.objects.owners.read")
ACCOUNT = Call("read the account", "GET", "/account-info/{version}/details")
LABEL_LIMITS = Call("read the limits of labels", "GET", "/crm/limits/{version}/associations/labels")
CUSTOM_OBJECT_LIMITS = Call("read the limits of custom objects", "GET", "/crm/limits/{version}/custom-object-types")

# Files: a second upload of the same bytes leaves a second file that nothing points to; no record has it twice.
UPLOAD_FILE = Call("upload a file", "POST", "/files/{version}/files", scope="files")

CALLS: tuple[Call, ...] = tuple(row for row in list(globals().values()) if isinstance(row, Call))
"""The whole table."""
