"""Associations: defaults, the primary company, labels in both directions, pages of five hundred."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.fakes.hubspot import Plan
from tests.unit.fakes_hubspot.api import Answer, Api


@dataclass
class Pair:
    api: Api
    deal: str
    customer: str
    partner: str

    def put(self, company: str, *labels: int) -> Answer:
        body = [{"associationCategory": "USER_DEFINED", "associationTypeId": one} for one in labels]
        return self.api("PUT", f"/crm/objects/deals/{self.deal}/associations/companies/{company}", body)

    def default(self, company: str) -> Answer:
        return self.api("PUT", f"/crm/objects/deals/{self.deal}/associations/default/companies/{company}")

    def labels(self) -> dict[str, tuple[str, ...]]:
        return self.api.hub.portal.labels("deals", self.deal, "companies")


@pytest.fixture
def pair(api: Api) -> Pair:
    return Pair(api, api.made("deals", dealname="A"), api.made("companies", name="C"), api.made("companies", name="P"))


def define(api: Api, name: str, **more: str) -> list[dict[str, Any]]:
    body = {"name": name, "label": name.capitalize(), **more}
    answer = api.post("/crm/associations/deals/companies/labels", body)
    assert answer.status == 200
    return list(answer.body["results"])


def test_the_first_company_becomes_the_primary_one_and_stays_it(pair: Pair) -> None:
    pair.default(pair.customer)
    pair.default(pair.partner)
    assert pair.labels() == {pair.customer: ("Primary",), pair.partner: ()}
    found = pair.api.get(f"/crm/objects/deals/{pair.deal}?properties=hs_primary_associated_company").body
    assert found["properties"]["hs_primary_associated_company"] == pair.customer


def test_another_company_can_be_made_the_primary_one(pair: Pair) -> None:
    pair.default(pair.customer)
    body = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 5}]
    pair.api("PUT", f"/crm/objects/deals/{pair.deal}/associations/companies/{pair.partner}", body)
    assert pair.labels() == {pair.customer: (), pair.partner: ("Primary",)}
    back = pair.api.get(f"/crm/objects/companies/{pair.partner}/associations/deals").body["results"][0]
    assert {one["typeId"] for one in back["associationTypes"]} == {342, 6}


def test_a_label_has_an_id_for_each_direction(pair: Pair) -> None:
    there, back = define(pair.api, "sourced", inverseLabel="Brought")
    assert there["typeId"] != back["typeId"]
    pair.put(pair.partner, there["typeId"])
    seen = pair.api.get(f"/crm/objects/companies/{pair.partner}/associations/deals").body["results"][0]
    own = [one for one in seen["associationTypes"] if one["category"] == "USER_DEFINED"]
    assert own == [{"category": "USER_DEFINED", "typeId": back["typeId"], "label": "Brought"}]
    wrong = [{"associationCategory": "USER_DEFINED", "associationTypeId": back["typeId"]}]
    path = f"/crm/objects/deals/{pair.deal}/associations/companies/{pair.partner}"
    assert pair.api("PUT", path, wrong).status == 400


def test_the_unlabelled_association_comes_with_a_label(pair: Pair) -> None:
    pair.default(pair.customer)
    pair.put(pair.partner, define(pair.api, "sourced")[0]["typeId"])
    rows = pair.api.get(f"/crm/objects/deals/{pair.deal}/associations/companies").body["results"]
    assert {one["typeId"] for one in rows[1]["associationTypes"]} >= {341}
    assert pair.labels()[pair.partner] == ("Sourced",)


@pytest.mark.parametrize(("replaces", "left"), [(True, ("Influenced",)), (False, ("Influenced", "Sourced"))])
def test_setting_labels_replaces_or_adds_as_the_account_does(pair: Pair, replaces: bool, left: tuple[str, ...]) -> None:
    pair.api.hub.portal.associations.put_replaces = replaces
    sourced, influenced = (define(pair.api, name)[0]["typeId"] for name in ("sourced", "influenced"))
    pair.default(pair.customer)
    pair.put(pair.partner, sourced)
    pair.put(pair.partner, influenced)
    assert pair.labels()[pair.partner] == left


def cut_label(pair: Pair, category: str, type_id: int) -> int:
    body = {
        "from": {"id": pair.deal},
        "to": {"id": pair.partner},
        "types": [{"associationCategory": category, "associationTypeId": type_id}],
    }
    return pair.api.post("/crm/associations/deals/companies/batch/labels/archive", {"inputs": [body]}).status


def test_one_label_is_removed_and_the_other_stays(pair: Pair) -> None:
    sourced, influenced = (define(pair.api, name)[0]["typeId"] for name in ("sourced", "influenced"))
    pair.default(pair.customer)
    pair.put(pair.partner, sourced, influenced)
    assert cut_label(pair, "USER_DEFINED", sourced) == 204
    assert pair.labels()[pair.partner] == ("Influenced",)


def test_removing_the_unlabelled_association_removes_all(pair: Pair) -> None:
    pair.default(pair.customer)
    pair.put(pair.partner, define(pair.api, "sourced")[0]["typeId"])
    assert cut_label(pair, "HUBSPOT_DEFINED", 341) == 204
    assert list(pair.labels()) == [pair.customer]


def test_five_hundred_are_a_page(pair: Pair) -> None:
    portal = pair.api.hub.portal
    for number in range(501):
        company = portal.person_creates("companies", name=f"C{number}")
        portal.associate(("0-3", pair.deal), ("0-2", company.id), [])
    path = f"/crm/objects/deals/{pair.deal}/associations/companies"
    first = pair.api.get(path).body
    assert len(first["results"]) == 500
    rest = pair.api.get(f"{path}?after={first['paging']['next']['after']}").body
    assert (len(rest["results"]), "paging" in rest) == (1, False)
    assert pair.api.get(f"{path}?limit=501").status == 400
    many = pair.api.post("/crm/associations/deals/companies/batch/read", {"inputs": [{"id": pair.deal}]}).body
    assert len(many["results"][0]["to"]) == 500
    after = many["results"][0]["paging"]["next"]["after"]
    body = {"inputs": [{"id": pair.deal, "after": after}]}
    assert len(pair.api.post("/crm/associations/deals/companies/batch/read", body).body["results"][0]["to"]) == 1


def test_reading_many_tells_which_have_none(pair: Pair) -> None:
    alone = pair.api.made("deals", dealname="B")
    pair.default(pair.customer)
    body = {"inputs": [{"id": pair.deal}, {"id": alone}]}
    answer = pair.api.post("/crm/associations/deals/companies/batch/read", body)
    assert answer.status == 207
    assert [one["from"]["id"] for one in answer.body["results"]] == [pair.deal]
    assert answer.body["errors"][0]["subCategory"] == "crm.associations.NO_ASSOCIATIONS_FOUND"


def test_many_are_associated_and_parted_in_one_call(pair: Pair) -> None:
    inputs = [{"from": {"id": pair.deal}, "to": {"id": one}} for one in (pair.customer, pair.partner)]
    path = "/crm/associations/deals/companies/batch"
    assert pair.api.post(f"{path}/associate/default", {"inputs": inputs}).status == 200
    assert set(pair.labels()) == {pair.customer, pair.partner}
    cut = {"inputs": [{"from": {"id": pair.deal}, "to": [{"id": pair.customer}]}]}
    assert pair.api.post(f"{path}/archive", cut).status == 204
    assert set(pair.labels()) == {pair.partner}
    path = f"/crm/objects/deals/{pair.deal}/associations/companies/{pair.partner}"
    assert pair.api("DELETE", path).status == 204
    assert pair.labels() == {}


def test_what_is_not_there_cannot_be_associated(pair: Pair) -> None:
    assert pair.default("12").status == 404


def test_plans_without_labels_say_so(pair: Pair) -> None:
    pair.api.hub.portal.plan = Plan.STARTER
    answer = pair.api.post("/crm/associations/deals/companies/labels", {"name": "x", "label": "X"})
    assert (answer.status, answer.body["category"]) == (403, "FORBIDDEN")
    assert pair.api.get("/crm/limits/associations/labels").body["limit"] == 0


def test_a_label_is_there_once(pair: Pair) -> None:
    define(pair.api, "sourced")
    answer = pair.api.post("/crm/associations/deals/companies/labels", {"name": "sourced", "label": "Sourced"})
    assert answer.status == 409
