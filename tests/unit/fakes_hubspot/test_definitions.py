"""Properties, pipelines, custom objects, owners, account and scopes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.hubspot import Hub, Plan
from tests.unit.fakes_hubspot.api import Answer, Api

WORDS = {"name": "tier", "label": "Tier", "type": "enumeration", "fieldType": "select", "groupName": "dealinformation"}
GOLD = {"label": "Gold", "value": "gold", "displayOrder": 0, "hidden": False}
SILVER = {"label": "Silver", "value": "silver", "displayOrder": 1, "hidden": False}
PARTNER = {
    "name": "partner",
    "labels": {"singular": "Partner", "plural": "Partners"},
    "primaryDisplayProperty": "name",
    "requiredProperties": ["name"],
    "searchableProperties": ["name"],
    "properties": [
        {"name": "name", "label": "Name", "type": "string", "fieldType": "text"},
        {"name": "code", "label": "Code", "type": "string", "fieldType": "text", "hasUniqueValue": True},
    ],
    "associatedObjects": ["COMPANY", "DEAL"],
}


def define(api: Api, **more: Any) -> Answer:
    return api.post("/crm/properties/deals", {**WORDS, "options": [GOLD], **more})


def test_a_property_is_defined_read_and_used(api: Api) -> None:
    assert define(api).status == 201
    found = api.get("/crm/properties/deals/tier").body
    assert (found["type"], found["fieldType"], found["hubspotDefined"]) == ("enumeration", "select", False)
    assert found["options"][0]["value"] == "gold"
    assert api.create("deals", tier="gold").status == 201
    assert "tier" in {one["name"] for one in api.get("/crm/properties/deals").body["results"]}


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"name": "Tier"}, 400),
        ({"name": ""}, 400),
        ({"label": ""}, 400),
        ({"groupName": "nowhere"}, 400),
        ({"groupName": ""}, 400),
        ({"fieldType": "text"}, 400),
        ({"hasUniqueValue": True}, 400),
        ({"options": [GOLD, GOLD]}, 400),
        ({"options": [{"label": "A;B", "value": "a;b"}]}, 400),
        ({"fieldType": "booleancheckbox"}, 400),
        ({"name": "dealname"}, 409),
    ],
)
def test_a_wrong_definition_is_refused(api: Api, more: dict[str, Any], status: int) -> None:
    assert define(api, **more).status == status


def test_options_are_replaced_as_a_whole(api: Api) -> None:
    define(api)
    assert api("PATCH", "/crm/properties/deals/tier", {"options": [SILVER]}).status == 200
    assert api.create("deals", tier="gold").codes == {"INVALID_OPTION"}
    assert api.create("deals", tier="silver").status == 201


def test_several_options_at_once_need_checkboxes(api: Api) -> None:
    define(api, options=[GOLD, SILVER])
    define(api, name="tiers", fieldType="checkbox", options=[GOLD, SILVER])
    assert api.create("deals", tier="gold;silver").status == 400
    assert api.create("deals", tiers="gold;silver").status == 201
    assert api.create("deals", tiers=";gold").status == 201
    assert api.hub.portal.all("deals", tiers="gold")


def test_uniqueness_cannot_come_later_and_there_are_ten_at_most(api: Api) -> None:
    define(api, name="plain", type="string", fieldType="text", options=[])
    assert api("PATCH", "/crm/properties/deals/plain", {"hasUniqueValue": True}).status == 400
    for number in range(10):
        api.key(f"key{number}")
    refused = define(api, name="key10", type="string", fieldType="text", options=[], hasUniqueValue=True)
    assert refused.status == 400


def test_many_properties_are_read_and_defined_at_once(api: Api) -> None:
    text = {**WORDS, "type": "string", "fieldType": "text"}
    answer = api.post("/crm/properties/deals/batch/create", {"inputs": [{**text, "name": n} for n in ("a", "b")]})
    assert answer.status == 201
    read = api.post("/crm/properties/deals/batch/read", {"inputs": [{"name": "a"}, {"name": "zz"}]})
    assert (read.status, [one["name"] for one in read.body["results"]]) == (207, ["a"])


def test_groups_are_there_once(api: Api) -> None:
    group = {"name": "partnerline", "label": "Partnerline"}
    assert api.post("/crm/properties/deals/groups", group).status == 201
    assert api.post("/crm/properties/deals/groups", group).status == 409
    assert define(api, groupName="partnerline").status == 201


def pipeline(api: Api, label: str = "Requests", *stages: dict[str, Any]) -> Answer:
    usual = {"label": "New", "displayOrder": 0, "metadata": {"probability": "0.0", "isClosed": "false"}}
    return api.post("/crm/pipelines/deals", {"label": label, "displayOrder": 1, "stages": list(stages) or [usual]})


def test_a_pipeline_has_stages_with_a_probability(api: Api) -> None:
    made = pipeline(api).body
    assert made["stages"][0]["metadata"] == {"isClosed": "false", "probability": "0.0"}
    assert pipeline(api, "Other", {"label": "New", "displayOrder": 0}).status == 400
    assert pipeline(api).status == 409
    assert [one["label"] for one in api.get("/crm/pipelines/deals").body["results"]] == ["Sales Pipeline", "Requests"]
    more = {"label": "Later", "displayOrder": 2, "metadata": {"probability": "0.3"}}
    assert api.post(f"/crm/pipelines/deals/{made['id']}/stages", more).status == 201


@pytest.mark.parametrize(("plan", "status"), [(Plan.FREE, 403), (Plan.STARTER, 201), (Plan.ENTERPRISE, 201)])
def test_a_second_pipeline_needs_a_plan(api: Api, hub: Hub, plan: Plan, status: int) -> None:
    hub.portal.plan = plan
    assert pipeline(api).status == status


def test_a_stage_with_deals_stays(api: Api) -> None:
    api.made("deals", dealname="A", dealstage="closedwon")
    assert api("DELETE", "/crm/pipelines/deals/default/stages/closedwon").status == 400
    assert api("DELETE", "/crm/pipelines/deals/default/stages/closedlost").status == 204


def test_a_custom_object_has_records_keys_and_associations(api: Api) -> None:
    schema = api.post("/crm-object-schemas/schemas", PARTNER).body
    type_id = schema["objectTypeId"]
    assert type_id.startswith("2-")
    partner = api.made(type_id, name="Nord", code="N1")
    for name in ("partner", "p_partner", schema["fullyQualifiedName"], type_id):
        assert api.get(f"/crm/objects/{name}/{partner}").status == 200
    assert api.create("p_partner", code="N2").codes == {"REQUIRED_FIELD"}
    assert api.create("p_partner", name="B", code="N1").status == 409
    deal = api.made("deals", dealname="A")
    assert api("PUT", f"/crm/objects/deals/{deal}/associations/default/{type_id}/{partner}").status == 200
    label = api.post(f"/crm/associations/deals/{type_id}/labels", {"name": "s", "label": "Partner sourced"})
    assert label.status == 200
    assert api.post("/crm-object-schemas/schemas", PARTNER).status == 409


def test_a_wrong_schema_leaves_nothing_behind(api: Api) -> None:
    wrong = {**PARTNER, "requiredProperties": ["nonsense"]}
    assert api.post("/crm-object-schemas/schemas", wrong).status == 400
    assert api.post("/crm-object-schemas/schemas", PARTNER).status == 201


def test_custom_objects_need_the_largest_plan(api: Api, hub: Hub) -> None:
    hub.portal.plan = Plan.PRO
    assert api.post("/crm-object-schemas/schemas", PARTNER).status == 403
    assert api.get("/crm/limits/custom-object-types").body == {"limit": 0, "usage": 0, "percentage": 0.0}


def test_the_account_and_its_people(api: Api) -> None:
    found = api.get("/account-info/details").body
    assert (found["accountType"], found["timeZone"]) == ("DEVELOPER_TEST", "Europe/Berlin")
    assert found["additionalCurrencies"] == ["USD", "GBP", "CHF"]
    owners = api.get("/crm/owners?email=sam.seller@vendor.example").body["results"]
    assert [one["id"] for one in owners] == ["902"]
    assert len(api.get("/crm/owners").body["results"]) == 2


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("crm.objects.deals.read", "GET", "/crm/objects/deals"),
        ("crm.objects.deals.write", "POST", "/crm/objects/deals/batch/upsert"),
        ("sales-email-read", "POST", "/crm/objects/emails"),
        ("crm.objects.contacts.write", "POST", "/crm/objects/notes"),
        ("crm.schemas.deals.write", "POST", "/crm/properties/deals"),
        ("crm.schemas.custom.write", "POST", "/crm-object-schemas/schemas"),
        ("crm.objects.owners.read", "GET", "/crm/owners"),
    ],
)
def test_a_lacking_scope_is_named(api: Api, hub: Hub, scope: str, method: str, path: str) -> None:
    hub.portal.scopes.discard(scope)
    answer = api(method, path, {} if method == "POST" else None)
    assert (answer.status, answer.body["category"]) == (403, "MISSING_SCOPES")
    assert answer.body["errors"][0]["context"]["requiredGranularScopes"] == [scope]


def test_a_file_is_uploaded_to_a_folder_with_an_access(api: Api, hub: Hub) -> None:
    def upload(**fields: Any) -> int:
        url, headers = f"{hub.url}/files/2026-03/files", {"Authorization": f"Bearer {hub.token}"}
        return api.pool.request("POST", url, fields=fields, headers=headers).status

    file = ("order.pdf", b"%PDF", "application/pdf")
    assert upload(file=file, folderPath="/p", options='{"access": "PRIVATE"}') == 201
    assert upload(file=file, options='{"access": "PRIVATE"}') == 400
    assert upload(file=file, folderPath="/p", options="private") == 400
    assert upload(folderPath="/p", options='{"access": "PRIVATE"}') == 400
    [made] = hub.portal.files.values()
    assert (made["path"], made["size"], hub.portal.contents[made["id"]]) == ("/p/order.pdf", 4, b"%PDF")


def test_another_method_is_not_allowed(api: Api) -> None:
    assert api("DELETE", "/crm/objects/deals").status == 405
    assert api("GET", "/crm/nonsense/deals").status == 404
