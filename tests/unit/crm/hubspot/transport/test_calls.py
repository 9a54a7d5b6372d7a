"""The table of calls: where each goes, and what it needs."""

from __future__ import annotations

import pytest

from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.calls import CALLS, Budget, Call, Repeat


def test_a_path_has_the_configured_version_and_what_it_is_about() -> None:
    path = calls.READ.at("2026-09", {"type": "deals", "id": "D-417"})
    assert path == "/crm/objects/2026-09/deals/D-417"


@pytest.mark.parametrize(
    ("place", "written"),
    [("a/b", "a%2Fb"), ("100%", "100%25"), ("ü ?#", "%C3%BC%20%3F%23"), ("{type}", "%7Btype%7D"), ("\ud800", "%3F")],
)
def test_what_stands_in_a_path_cannot_make_another_path_of_it(place: str, written: str) -> None:
    assert calls.READ.at("v", {"type": "deals", "id": place}) == f"/crm/objects/v/deals/{written}"


def test_a_placeholder_that_is_not_given_is_named() -> None:
    with pytest.raises(KeyError, match="to_id"):
        calls.LINK_DEFAULT.at("v", {"type": "deals", "id": "1", "to": "companies"})


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_every_path_is_dated(call: Call) -> None:
    assert "{version}" in call.path


def test_every_row_has_its_own_name_and_its_own_place() -> None:
    assert len({call.name for call in CALLS}) == len(CALLS)
    assert len({(call.method, call.path) for call in CALLS}) == len(CALLS)


def test_what_makes_something_new_without_a_key_is_sent_once() -> None:
    once = {call.name for call in CALLS if call.repeat is Repeat.ONCE}
    assert once == {
        "create an object",
        "create objects",
        "define a label",
        "create a property",
        "create properties",
        "create a property group",
        "create a pipeline",
        "create a stage",
        "create a schema",
        "define an association",
    }


def test_only_searches_draw_on_the_limit_of_searches() -> None:
    assert [call for call in CALLS if call.budget is Budget.SEARCH] == [calls.SEARCH]


@pytest.mark.parametrize(
    ("object_type", "scope"),
    [
        ("deals", "crm.objects.deals.write"),
        ("companies", "crm.objects.companies.write"),
        ("notes", "crm.objects.contacts.write"),
        ("emails", "crm.objects.contacts.write"),
        ("2-1234567", "crm.objects.custom.write"),
        ("p_partnerline_partner", "crm.objects.custom.write"),
    ],
)
def test_the_scope_goes_by_the_type_of_object(object_type: str, scope: str) -> None:
    assert calls.CREATE.scope_for(object_type) == scope
