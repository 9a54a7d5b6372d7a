"""Records: what is kept, what is refused, and in which words."""

from __future__ import annotations

import pytest

from tests.fakes.hubspot import Hub
from tests.unit.fakes_hubspot.api import Api, bound


def test_a_kind_is_found_by_its_name_in_one_or_many_and_by_its_id(api: Api) -> None:
    deal = api.made("deals", dealname="Atlas")
    for name in ("deals", "deal", "0-3", "DEALS"):
        assert api.get(f"/crm/objects/{name}/{deal}").body["properties"]["dealname"] == "Atlas"
    assert api.get(f"/crm/objects/dealz/{deal}").status == 400


@pytest.mark.parametrize(("version", "status"), [("2026-03", 200), ("2026-09", 200), ("v3", 404), ("2025-09", 404)])
def test_only_dated_versions_are_there(api: Api, version: str, status: int) -> None:
    assert api.get("/crm/objects/deals", version=version).status == status


def test_a_wrong_token_is_told(api: Api) -> None:
    answer = api.get("/crm/objects/deals", token="pat-other")
    assert (answer.status, answer.body["category"]) == (401, "INVALID_AUTHENTICATION")
    assert answer.body["correlationId"]


def test_a_read_gives_what_was_asked_for_and_null_for_what_is_empty(api: Api) -> None:
    deal = api.made("deals", dealname="Atlas", amount="")
    answer = api.get(f"/crm/objects/deals/{deal}?properties=amount,dealname,nonsense").body
    assert answer["properties"]["amount"] is None
    assert answer["properties"]["dealname"] == "Atlas"
    assert answer["properties"]["hs_object_id"] == answer["id"] == deal
    assert answer["properties"]["hs_lastmodifieddate"] == answer["updatedAt"]
    assert answer["archived"] is False


def test_contacts_have_another_name_for_the_last_change(api: Api) -> None:
    contact = api.made("contacts", email="Ana@Nord.example")
    found = api.get(f"/crm/objects/contacts/{contact}").body["properties"]
    assert found["email"] == "ana@nord.example"
    assert "lastmodifieddate" in found
    assert "hs_lastmodifieddate" not in found


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"nonsense": "1"}, "PROPERTY_DOESNT_EXIST"),
        ({"amount": "twelve"}, "INVALID_LONG"),
        ({"dealtype": "gift"}, "INVALID_OPTION"),
        ({"dealstage": "nowhere"}, "INVALID_OPTION"),
        ({"pipeline": "nowhere"}, "INVALID_OPTION"),
        ({"deal_currency_code": "JPY"}, "INVALID_OPTION"),
        ({"closedate": "soon"}, "INVALID_DATE"),
        ({"hubspot_owner_id": "1"}, "INVALID_OWNER_ID"),
        ({"hs_object_id": "1"}, "READ_ONLY_VALUE"),
        ({"dealname": "a\x00b"}, "INVALID_VALUE"),
        ({"description": "x" * 65_537}, "VALUE_TOO_LONG"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name(api: Api, properties: dict[str, str], code: str) -> None:
    answer = api.create("deals", **properties)
    assert (answer.status, answer.body["category"]) == (400, "VALIDATION_ERROR")
    assert answer.codes == {code}
    assert answer.body["errors"][0]["context"]["propertyName"] == list(properties)
    assert api.hub.portal.all("deals") == []


def test_all_that_is_wrong_with_a_record_is_told_at_once(api: Api) -> None:
    answer = api.create("deals", nonsense="1", amount="twelve")
    assert answer.codes == {"PROPERTY_DOESNT_EXIST", "INVALID_LONG"}
    assert "Property values were not valid" in answer.body["message"]


def test_a_stage_must_be_of_the_deals_pipeline(api: Api) -> None:
    made = api.post(
        "/crm/pipelines/deals",
        {
            "label": "Requests",
            "displayOrder": 1,
            "stages": [{"label": "New", "displayOrder": 0, "metadata": {"probability": "0.0"}}],
        },
    ).body
    stage = made["stages"][0]["id"]
    deal = api.made("deals", dealname="Atlas")
    assert api.patch(f"/crm/objects/deals/{deal}", dealstage=stage).codes == {"INVALID_OPTION"}
    assert api.patch(f"/crm/objects/deals/{deal}", pipeline=made["id"]).codes == {"INVALID_OPTION"}
    assert api.patch(f"/crm/objects/deals/{deal}", pipeline=made["id"], dealstage=stage).status == 200


def test_probability_follows_the_stage(api: Api) -> None:
    deal = api.made("deals", dealname="Atlas", dealstage="closedwon")
    found = api.get(f"/crm/objects/deals/{deal}?properties=hs_is_closed_won,hs_deal_stage_probability").body
    assert found["properties"]["hs_is_closed_won"] == "true"
    assert found["properties"]["hs_deal_stage_probability"] == "1.0"


@pytest.mark.parametrize("kind", ["notes", "emails", "tasks"])
def test_an_engagement_needs_its_time(api: Api, kind: str) -> None:
    assert api.create(kind).codes == {"REQUIRED_FIELD"}
    assert api.create(kind, hs_timestamp="2026-11-27T10:00:00Z").status == 201


def test_a_note_holds_so_much_and_no_more(api: Api) -> None:
    full = {"hs_timestamp": "2026-11-27T10:00:00Z", "hs_note_body": "x" * 65_536}
    assert api.create("notes", **full).status == 201
    assert api.create("notes", **{**full, "hs_note_body": "x" * 65_537}).codes == {"VALUE_TOO_LONG"}


def test_the_ends_of_an_email_come_from_its_headers(api: Api) -> None:
    headers = '{"from": {"email": "a@x.example"}, "to": [{"email": "b@x.example"}, {"email": "c@x.example"}]}'
    mail = api.made("emails", hs_timestamp="1795797216000", hs_email_direction="EMAIL", hs_email_headers=headers)
    found = api.get(f"/crm/objects/emails/{mail}?properties=hs_email_to_email,hs_email_from_email").body["properties"]
    assert (found["hs_email_from_email"], found["hs_email_to_email"]) == ("a@x.example", "b@x.example;c@x.example")


def test_rules_of_the_administrator_hold_from_2026_09_on(api: Api) -> None:
    api.hub.portal.required["deals"] = ("hs_next_step",)
    assert api.create("deals", dealname="Atlas").status == 201
    assert api.create("deals", version="2026-09", dealname="Atlas").codes == {"REQUIRED_FIELD"}


def test_a_taken_key_is_a_conflict_with_the_other_id_in_the_words_alone(api: Api) -> None:
    api.key()
    first = api.made("deals", deal_key="D-1")
    answer = api.create("deals", deal_key="d-1")
    assert (answer.status, answer.body["category"]) == (409, "CONFLICT")
    assert answer.body["message"].endswith(f"Existing ID: {first}")
    other = api.made("deals", deal_key="D-2")
    assert api.patch(f"/crm/objects/deals/{other}", deal_key="D-1").status == 409
    assert api.patch(f"/crm/objects/deals/{first}", deal_key="D-1").status == 200


def test_a_contacts_address_is_a_key(api: Api) -> None:
    first = api.made("contacts", email="ana@nord.example")
    answer = api.create("contacts", email="ANA@nord.example")
    assert answer.status == 409
    assert answer.body["message"] == f"Contact already exists. Existing ID: {first}"
    assert api.get("/crm/objects/contacts/ana@nord.example?idProperty=email").body["id"] == first


def test_a_record_is_found_by_a_unique_property_alone(api: Api) -> None:
    api.key()
    deal = api.made("deals", deal_key="D/1 ä", dealname="Atlas")
    assert api.get("/crm/objects/deals/D%2F1%20%C3%A4?idProperty=deal_key").body["id"] == deal
    assert api.get("/crm/objects/deals/Atlas?idProperty=dealname").status == 400
    assert api.get("/crm/objects/deals/D-9?idProperty=deal_key").status == 404


def test_an_archived_record_is_found_only_where_archived_ones_are_asked_for(api: Api) -> None:
    deal = api.made("deals", dealname="Atlas")
    assert api("DELETE", f"/crm/objects/deals/{deal}").status == 204
    assert api.get(f"/crm/objects/deals/{deal}").body["category"] == "OBJECT_NOT_FOUND"
    archived = api.get(f"/crm/objects/deals/{deal}?archived=true").body
    assert archived["archived"] is True
    assert archived["archivedAt"]
    assert api.patch(f"/crm/objects/deals/{deal}", dealname="B").status == 404
    assert api("DELETE", f"/crm/objects/deals/{deal}").status == 204
    assert api("DELETE", "/crm/objects/deals/12").status == 404


def test_the_key_of_an_archived_record_is_free_again(api: Api) -> None:
    api.key()
    deal = api.made("deals", deal_key="D-1")
    api("DELETE", f"/crm/objects/deals/{deal}")
    assert api.create("deals", deal_key="D-1").status == 201


def test_a_list_goes_on_page_by_page(api: Api) -> None:
    made = [api.made("companies", name=f"C{number}") for number in range(7)]
    seen: list[str] = []
    after = ""
    while True:
        page = api.get(f"/crm/objects/companies?limit=3&after={after}").body
        seen += [one["id"] for one in page["results"]]
        if "paging" not in page:
            break
        after = page["paging"]["next"]["after"]
    assert seen == made
    assert api.get("/crm/objects/companies?limit=101").status == 400


def test_associations_of_a_create_are_checked_before_anything_is_made(api: Api) -> None:
    deal = api.made("deals", dealname="Atlas")
    note = {"hs_timestamp": "2026-11-27T10:00:00Z", "hs_note_body": "x"}
    for wrong in (bound(9999, deal), bound(214, "12"), bound(214, deal, "USER_DEFINED")):
        assert api.post("/crm/objects/notes", {"properties": note, "associations": [wrong]}).status == 400
    assert api.hub.portal.all("notes") == []
    assert api.post("/crm/objects/notes", {"properties": note, "associations": [bound(214, deal)]}).status == 201
    assert len(api.hub.portal.timeline("deals", deal)) == 1


def test_whoever_made_a_record_is_told(api: Api, hub: Hub) -> None:
    ours, theirs = api.made("deals", dealname="A"), hub.portal.person_creates("deals", dealname="B").id
    sources = [
        api.get(f"/crm/objects/deals/{one}?properties=hs_object_source").body["properties"]["hs_object_source"]
        for one in (ours, theirs)
    ]
    assert sources == ["INTEGRATION", "CRM_UI"]


def test_a_company_is_made_from_a_contacts_domain_where_the_account_does_that(api: Api, hub: Hub) -> None:
    hub.portal.auto_companies = True
    contact = api.made("contacts", email="ana@nord.example")
    api.made("contacts", email="bo@nord.example")
    company = hub.portal.one("companies", domain="nord.example")
    assert company.values["hs_object_source"] == "AUTOMATION_PLATFORM"
    assert hub.portal.labels("contacts", contact, "companies") == {company.id: ("Primary",)}


def test_the_history_of_a_property_says_who_wrote_it(api: Api, hub: Hub) -> None:
    deal = api.made("deals", amount="1")
    hub.portal.person_edits("deals", deal, amount="2")
    history = api.get(f"/crm/objects/deals/{deal}?propertiesWithHistory=amount").body["propertiesWithHistory"]["amount"]
    assert [(one["value"], one["sourceType"]) for one in history] == [("2", "CRM_UI"), ("1", "INTEGRATION")]


def test_a_merged_record_is_found_by_both_ids(api: Api, hub: Hub) -> None:
    first, second = api.made("companies", name="A"), api.made("companies", name="B", domain="b.example")
    deal = api.made("deals", dealname="Atlas")
    hub.portal.person_associates("deals", deal, "companies", second)
    hub.portal.person_merges("companies", first, second)
    found = api.get(f"/crm/objects/companies/{second}").body
    assert (found["id"], found["properties"]["domain"]) == (first, "b.example")
    assert list(hub.portal.labels("deals", deal, "companies")) == [first]


def test_a_leading_semicolon_adds_to_what_is_ticked(api: Api) -> None:
    options = [{"label": one, "value": one} for one in "abc"]
    words = {"name": "ways", "label": "Ways", "type": "enumeration", "fieldType": "checkbox"}
    api.post("/crm/properties/deals", {**words, "groupName": "dealinformation", "options": options})
    deal = api.made("deals", ways="a;b")
    api.patch(f"/crm/objects/deals/{deal}", ways=";c")
    assert api.hub.portal.one("deals").values["ways"] == "a;b;c"
    api.patch(f"/crm/objects/deals/{deal}", ways="c")
    assert api.hub.portal.one("deals").values["ways"] == "c"


def test_a_contact_is_known_by_its_second_address_too(api: Api, hub: Hub) -> None:
    contact = api.made("contacts", email="ana@nord.example")
    hub.portal.person_adds_email(contact, "ana@sued.example")
    assert api.get("/crm/objects/contacts/ana@sued.example?idProperty=email").body["id"] == contact
    assert api.create("contacts", email="ana@sued.example").status == 409


def test_a_merged_contact_keeps_both_addresses(api: Api, hub: Hub) -> None:
    first, second = api.made("contacts", email="a@nord.example"), api.made("contacts", email="b@nord.example")
    hub.portal.person_merges("contacts", first, second)
    assert api.get("/crm/objects/contacts/b@nord.example?idProperty=email").body["id"] == first


def test_a_domain_is_kept_bare(api: Api) -> None:
    api.made("companies", domain="https://www.Nord.example/about")
    assert api.hub.portal.one("companies").values["domain"] == "nord.example"


def test_numbers_lose_their_last_zeros_where_the_account_does_that(api: Api, hub: Hub) -> None:
    hub.portal.trims_numbers = True
    api.made("deals", amount="1200.50")
    assert hub.portal.one("deals").values["amount"] == "1200.5"


@pytest.mark.parametrize("body", [[], "text", {"properties": []}, {}, {"properties": {"amount": {"a": 1}}}])
def test_a_body_that_is_no_record_is_refused(api: Api, body: object) -> None:
    assert api.post("/crm/objects/deals", body).status == 400
