"""The fake's answers against HubSpot's published OpenAPI files, where PARTNERLINE_HUBSPOT_SPECS names their folder."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.hubspot.published import Published, published
from tests.unit.fakes_hubspot.api import Api

FOLDER = os.environ.get("PARTNERLINE_HUBSPOT_SPECS", "")
DEAL = {"dealname": "Atlas", "amount": "12"}


def answers(api: Api) -> list[tuple[str, str, int, Any]]:
    """A round through the calls that the agent makes."""
    deal, company = api.made("deals", **DEAL), api.made("companies", name="C")
    calls: list[tuple[str, str, object]] = [
        ("POST", "/crm/objects/deals", {"properties": DEAL}),
        ("GET", f"/crm/objects/deals/{deal}", None),
        ("GET", "/crm/objects/deals", None),
        ("POST", "/crm/objects/deals/batch/read", {"inputs": [{"id": deal}]}),
        ("POST", "/crm/objects/deals/search", {}),
        ("PUT", f"/crm/objects/deals/{deal}/associations/default/companies/{company}", None),
        ("GET", f"/crm/objects/deals/{deal}/associations/companies", None),
        ("GET", "/crm/properties/deals", None),
        ("GET", "/crm/pipelines/deals", None),
        ("GET", "/crm/owners", None),
        ("GET", "/account-info/details", None),
    ]
    found = []
    for method, path, body in calls:
        answer = api(method, path, body)
        parts = path.split("/")
        parts.insert(3 if parts[1] == "crm" else 2, "2026-03")
        found.append((method, "/".join(parts), answer.status, answer.body))
    return found


@pytest.mark.skipif(not FOLDER, reason="PARTNERLINE_HUBSPOT_SPECS names no folder with HubSpot's OpenAPI files")
def test_the_answers_are_as_published(api: Api) -> None:
    files = published(Path(FOLDER))
    assert [complaint for one in answers(api) for complaint in files.complaints(*one)] == []


@pytest.fixture
def files(tmp_path: Path) -> Published:
    record = {
        "type": "object",
        "required": ["id", "properties"],
        "properties": {
            "id": {"type": "string", "example": None},
            "properties": {
                "type": "object",
                "additionalProperties": {"type": "string", "nullable": True},
            },
            "archived": {"type": "boolean"},
        },
    }
    answer = {"content": {"*/*": {"schema": {"$ref": "#/components/schemas/Record"}}}}
    document = {
        "paths": {"/crm/objects/2026-03/{objectType}/{id}": {"get": {"responses": {"200": answer}}}},
        "components": {"schemas": {"Record": record}},
    }
    (tmp_path / "objects.json").write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "other.json").write_text("[]", encoding="utf-8")
    return published(tmp_path)


def test_an_answer_that_fits_has_no_complaints(api: Api, files: Published) -> None:
    assert files.knows("GET", "/crm/objects/2026-03/deals/12")
    assert [complaint for one in answers(api) for complaint in files.complaints(*one)] == []


def test_an_answer_that_does_not_fit_is_complained_of(files: Published) -> None:
    wrong = {"id": 12, "archived": "no", "properties": {"amount": None}}
    complaints = files.complaints("GET", "/crm/objects/2026-03/deals/12", 200, wrong)
    assert sorted(complaints) == ["archived: 'no' is not of type 'boolean'", "id: 12 is not of type 'string'"]
