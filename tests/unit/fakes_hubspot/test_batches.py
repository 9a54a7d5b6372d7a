"""Batches: up to a hundred records, all or nothing unless they can be told apart."""

from __future__ import annotations

from typing import Any

from tests.unit.fakes_hubspot.api import Answer, Api, bound


def upsert(api: Api, *inputs: dict[str, Any]) -> Answer:
    return api.post("/crm/objects/0-3/batch/upsert", {"inputs": list(inputs)})


def keyed(key: str, **properties: object) -> dict[str, Any]:
    return {"id": key, "idProperty": "deal_key", "properties": properties}


def test_an_upsert_makes_once_and_changes_after_that(api: Api) -> None:
    api.key()
    first = upsert(api, keyed("D-1", dealname="Atlas")).body["results"][0]
    again = upsert(api, keyed("D-1", dealname="Beacon")).body["results"][0]
    assert (first["new"], again["new"]) == (True, False)
    assert first["id"] == again["id"]
    assert api.hub.portal.one("deals", deal_key="D-1").values["dealname"] == "Beacon"


def test_an_upsert_needs_a_unique_property(api: Api) -> None:
    wrong = {"id": "Atlas", "idProperty": "dealname", "properties": {"amount": "1"}}
    assert upsert(api, wrong).status == 400


def test_contacts_are_upserted_by_address(api: Api) -> None:
    one = {"id": "ana@nord.example", "idProperty": "email", "properties": {"firstname": "Ana"}}
    assert api.post("/crm/objects/contacts/batch/upsert", {"inputs": [one]}).body["results"][0]["new"] is True
    assert api.hub.portal.one("contacts").values["email"] == "ana@nord.example"


def test_a_hundred_are_the_most(api: Api) -> None:
    api.key()
    inputs = [keyed(f"D-{number}", dealname="x") for number in range(101)]
    assert upsert(api, *inputs).status == 400
    assert len(upsert(api, *inputs[:100]).body["results"]) == 100


def test_without_trace_ids_one_fault_refuses_all(api: Api) -> None:
    api.key()
    answer = upsert(api, keyed("D-1", dealname="A"), keyed("D-2", nonsense="1"))
    assert (answer.status, answer.codes) == (400, {"PROPERTY_DOESNT_EXIST"})
    assert api.hub.portal.all("deals") == []


def test_with_trace_ids_the_rest_is_written_and_the_fault_named(api: Api) -> None:
    api.key()
    good, bad = keyed("D-1", dealname="A"), keyed("D-2", nonsense="1")
    answer = upsert(api, {**good, "objectWriteTraceId": "one"}, {**bad, "objectWriteTraceId": "two"})
    assert (answer.status, answer.body["numErrors"]) == (207, 1)
    assert answer.body["results"][0]["objectWriteTraceId"] == "one"
    assert answer.body["errors"][0]["context"] == {"objectWriteTraceId": ["two"]}
    assert answer.body["errors"][0]["category"] == "VALIDATION_ERROR"


def test_the_same_key_twice_in_one_batch_is_refused(api: Api) -> None:
    api.key()
    answer = upsert(api, keyed("D-1", dealname="A"), keyed("D-1", dealname="B"))
    assert answer.status == 400
    assert "Duplicate IDs" in answer.body["message"]


def test_reading_many_tells_which_are_not_there(api: Api) -> None:
    api.key()
    upsert(api, keyed("D-1", dealname="A"))
    body = {"idProperty": "deal_key", "properties": ["dealname"], "inputs": [{"id": "D-1"}, {"id": "D-9"}]}
    answer = api.post("/crm/objects/deals/batch/read", body)
    assert answer.status == 207
    assert [one["properties"]["dealname"] for one in answer.body["results"]] == ["A"]
    assert answer.body["errors"][0]["category"] == "OBJECT_NOT_FOUND"
    assert answer.body["errors"][0]["context"] == {"ids": ["D-9"]}


def test_many_notes_are_made_with_their_associations(api: Api) -> None:
    deal = api.made("deals", dealname="Atlas")
    notes = [
        {
            "properties": {"hs_timestamp": f"2026-11-27T10:00:{number:02d}Z", "hs_note_body": f"n{number}"},
            "associations": [bound(214, deal)],
            "objectWriteTraceId": str(number),
        }
        for number in range(3)
    ]
    answer = api.post("/crm/objects/notes/batch/create", {"inputs": notes})
    assert answer.status == 201
    assert [one.values["hs_note_body"] for one in api.hub.portal.timeline("deals", deal)] == ["n0", "n1", "n2"]


def test_updating_many_skips_what_is_gone(api: Api) -> None:
    deal = api.made("deals", dealname="A")
    inputs = [{"id": deal, "properties": {"amount": "5"}}, {"id": "12", "properties": {"amount": "5"}}]
    answer = api.post("/crm/objects/deals/batch/update", {"inputs": inputs})
    assert answer.status == 207
    assert answer.body["errors"][0]["context"] == {"ids": ["12"]}
    assert api.hub.portal.one("deals").values["amount"] == "5"


def test_archiving_many_takes_what_is_there(api: Api) -> None:
    deal = api.made("deals", dealname="A")
    answer = api.post("/crm/objects/deals/batch/archive", {"inputs": [{"id": deal}, {"id": "12"}]})
    assert answer.status == 204
    assert api.hub.portal.all("deals") == []


def test_two_that_want_one_unique_value_do_not_both_get_it(api: Api) -> None:
    api.key()
    one = {"properties": {"deal_key": "D-1"}, "objectWriteTraceId": "a"}
    two = {"properties": {"deal_key": "D-1"}, "objectWriteTraceId": "b"}
    answer = api.post("/crm/objects/deals/batch/create", {"inputs": [one, two]})
    assert (answer.status, answer.body["errors"][0]["category"]) == (207, "CONFLICT")
    assert len(api.hub.portal.all("deals")) == 1
