"""Search: an index that lags, operators, limits, and no associations whatever is asked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.hubspot import Hub
from tests.unit.fakes_hubspot.api import Api


def where(name: str, operator: str, value: object = None, **more: object) -> dict[str, Any]:
    given = {} if value is None else {"value": value}
    return {"propertyName": name, "operator": operator, **given, **more}


def names(api: Api, *filters: dict[str, Any], **more: Any) -> list[str]:
    answer = api.search("deals", *filters, properties=["dealname"], **more)
    assert answer.status == 200, answer.body
    return [one["properties"]["dealname"] for one in answer.body["results"]]


@pytest.fixture
def deals(api: Api) -> dict[str, str]:
    rows = {
        "Atlas Nord": {"amount": "900", "closedate": "2026-12-01", "dealtype": "newbusiness"},
        "Beacon": {"amount": "1000", "closedate": "2027-01-15"},
        "Cirrus": {"amount": "", "dealtype": "existingbusiness"},
    }
    return {name: api.made("deals", dealname=name, **more) for name, more in rows.items()}


@pytest.mark.usefixtures("deals")
@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (where("dealname", "EQ", "beacon"), ["Beacon"]),
        (where("dealname", "NEQ", "Beacon"), ["Atlas Nord", "Cirrus"]),
        (where("amount", "GT", "900"), ["Beacon"]),
        (where("amount", "GTE", "900"), ["Atlas Nord", "Beacon"]),
        (where("amount", "LT", "1000"), ["Atlas Nord"]),
        (where("amount", "LTE", "1000.00"), ["Atlas Nord", "Beacon"]),
        (where("closedate", "BETWEEN", "2026-12-01", highValue="2026-12-31"), ["Atlas Nord"]),
        (where("amount", "HAS_PROPERTY"), ["Atlas Nord", "Beacon"]),
        (where("amount", "NOT_HAS_PROPERTY"), ["Cirrus"]),
        (where("dealtype", "IN", values=["newbusiness"]), ["Atlas Nord"]),
        (where("dealtype", "NOT_IN", values=["newbusiness"]), ["Beacon", "Cirrus"]),
        (where("dealname", "CONTAINS_TOKEN", "nord"), ["Atlas Nord"]),
        (where("dealname", "CONTAINS_TOKEN", "bea*"), ["Beacon"]),
        (where("dealname", "NOT_CONTAINS_TOKEN", "bea*"), ["Atlas Nord", "Cirrus"]),
    ],
)
def test_an_operator_finds(api: Api, condition: dict[str, Any], found: list[str]) -> None:
    assert names(api, condition) == found


@pytest.mark.usefixtures("deals")
def test_filters_of_a_group_all_hold_and_one_group_is_enough(api: Api) -> None:
    groups = [
        {"filters": [where("amount", "GT", "500"), where("dealname", "EQ", "Beacon")]},
        {"filters": [where("dealname", "EQ", "Cirrus")]},
    ]
    answer = api.post("/crm/objects/deals/search", {"filterGroups": groups, "properties": ["dealname"]})
    assert answer.body["total"] == 2


@pytest.mark.usefixtures("deals")
def test_sorted_and_page_by_page(api: Api) -> None:
    sorts = [{"propertyName": "amount", "direction": "DESCENDING"}]
    assert names(api, sorts=sorts) == ["Beacon", "Atlas Nord", "Cirrus"]
    first = api.search("deals", limit=2, sorts=sorts).body
    assert (first["total"], first["paging"]["next"]["after"]) == (3, "2")
    assert len(api.search("deals", limit=2, sorts=sorts, after="2").body["results"]) == 1


def test_the_date_of_the_last_change_can_be_searched_for(api: Api, deals: dict[str, str]) -> None:
    api.patch(f"/crm/objects/deals/{deals['Atlas Nord']}", amount="901")
    changed = api.hub.portal.one("deals", dealname="Atlas Nord").updated
    assert names(api, where("hs_lastmodifieddate", "GTE", str(changed))) == ["Atlas Nord"]


def test_a_contacts_last_change_has_another_name(api: Api) -> None:
    api.made("contacts", email="ana@nord.example")
    assert api.search("contacts", where("lastmodifieddate", "GT", "0")).body["total"] == 1
    answer = api.search("contacts", where("hs_something", "GT", "0"))
    assert answer.status == 400


def test_what_was_written_is_found_only_after_the_lag(api: Api, hub: Hub) -> None:
    hub.portal.index.lag = 5
    deal = api.made("deals", dealname="Atlas")
    assert names(api) == []
    hub.portal.clock.advance(5)
    assert names(api) == ["Atlas"]
    api.patch(f"/crm/objects/deals/{deal}", dealname="Beacon")
    assert names(api) == ["Atlas"]
    hub.portal.index.catch_up(at_once=True)
    assert names(api) == ["Beacon"]


def test_an_archived_record_is_never_found(api: Api, deals: dict[str, str]) -> None:
    api("DELETE", f"/crm/objects/deals/{deals['Beacon']}")
    assert names(api) == ["Atlas Nord", "Cirrus"]


def test_a_record_archived_within_the_lag_is_not_found_later(api: Api, hub: Hub) -> None:
    hub.portal.index.lag = 5
    deal = api.made("deals", dealname="Atlas")
    api("DELETE", f"/crm/objects/deals/{deal}")
    hub.portal.clock.advance(6)
    assert names(api) == []


def test_search_finds_by_associations_but_never_gives_them(api: Api, deals: dict[str, str]) -> None:
    company = api.made("companies", name="C")
    api("PUT", f"/crm/objects/deals/{deals['Beacon']}/associations/default/companies/{company}")
    answer = api.search("deals", where("associations.company", "EQ", company), associations=["companies"]).body
    assert [one["id"] for one in answer["results"]] == [deals["Beacon"]]
    assert "associations" not in answer["results"][0]


@pytest.mark.parametrize(
    "body",
    [
        {"filterGroups": [{"filters": []}] * 6},
        {"filterGroups": [{"filters": [where("amount", "HAS_PROPERTY")] * 7}]},
        {"filterGroups": [{"filters": [where("amount", "HAS_PROPERTY")] * 5}] * 4},
        {"limit": 201},
        {"limit": 200, "after": "9900"},
        {"limit": "many"},
        {"filterGroups": [{"filters": [where("nonsense", "EQ", "1")]}]},
        {"filterGroups": [{"filters": [where("amount", "ABOUT", "1")]}]},
        {"filterGroups": [{"filters": [where("amount", "GT")]}]},
        {"filterGroups": [{"filters": [where("dealname", "IN", "a")]}]},
        {"sorts": [{"propertyName": "nonsense"}]},
        {"sorts": ["amount", "dealname"]},
        [],
    ],
)
def test_what_the_search_does_not_take_is_refused(api: Api, body: object) -> None:
    assert api.post("/crm/objects/deals/search", body).status == 400


def test_ten_thousand_is_as_far_as_it_goes(api: Api) -> None:
    assert api.search("deals", limit=200, after="9800").status == 200
    assert api.search("deals", limit=200, after="9801").status == 400


@pytest.mark.usefixtures("deals")
def test_words_are_looked_for_in_the_name(api: Api) -> None:
    assert names(api, query="nor") == ["Atlas Nord"]
