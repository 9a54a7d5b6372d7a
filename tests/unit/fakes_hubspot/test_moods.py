"""Moods: what goes wrong, how it looks on the wire, and whether the call was carried out."""

from __future__ import annotations

import json

import pytest
import urllib3

from tests.fakes.hubspot import Hub, Mood
from tests.unit.fakes_hubspot.api import Api


def deals(hub: Hub) -> int:
    return len(hub.portal.all("deals"))


@pytest.mark.parametrize("mood", [Mood.LOST, Mood.TORN])
def test_an_answer_is_lost_after_the_deal_was_made(api: Api, hub: Hub, mood: Mood) -> None:
    hub.moods.next(mood, on="/deals", method="POST")
    with pytest.raises(urllib3.exceptions.ProtocolError):
        api.create("deals", dealname="A")
    assert deals(hub) == 1
    assert api.create("deals", dealname="B").status == 201


def test_a_dropped_call_did_nothing(api: Api, hub: Hub) -> None:
    hub.moods.next(Mood.DROPPED)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        api.create("deals", dealname="A")
    assert deals(hub) == 0


@pytest.mark.parametrize(
    ("mood", "status", "made"),
    [
        (Mood.ERROR, 500, 0),
        (Mood.ERROR_AFTER, 500, 1),
        (Mood.UNAVAILABLE, 503, 0),
        (Mood.BAD_GATEWAY, 502, 0),
        (Mood.TIMED_OUT, 504, 0),
        (Mood.CLOUDFLARE, 524, 0),
        (Mood.LOCKED, 423, 0),
        (Mood.MIGRATING, 477, 0),
    ],
)
def test_an_error_is_answered(api: Api, hub: Hub, mood: Mood, status: int, made: int) -> None:
    hub.moods.next(mood)
    assert api.create("deals", dealname="A").status == status
    assert deals(hub) == made


def test_gateways_answer_in_html_and_a_migration_says_how_long(api: Api, hub: Hub) -> None:
    hub.moods.next(Mood.BAD_GATEWAY)
    assert "<html>" in api.get("/crm/objects/deals").body
    hub.moods.next(Mood.MIGRATING)
    assert api.get("/crm/objects/deals").headers["retry-after"] == "60"


@pytest.mark.parametrize(
    ("mood", "policy", "wait"),
    [
        (Mood.RATE_LIMITED, "TEN_SECONDLY_ROLLING", "1"),
        (Mood.SILENT, "TEN_SECONDLY_ROLLING", None),
        (Mood.SEARCH_LIMITED, "SECONDLY", None),
        (Mood.DAY_USED_UP, "DAILY", None),
    ],
)
def test_too_many_calls_in_three_policies(api: Api, hub: Hub, mood: Mood, policy: str, wait: str | None) -> None:
    hub.moods.next(mood)
    answer = api.get("/crm/objects/deals")
    assert (answer.status, answer.body["policyName"], answer.headers.get("retry-after")) == (429, policy, wait)
    assert answer.body["errorType"] == "RATE_LIMIT"


def test_the_limits_of_the_account_hold_where_they_are_enforced(api: Api, hub: Hub) -> None:
    hub.moods.enforce(burst=3)
    statuses = [api.get("/crm/objects/deals").status for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert (hub.over_limit, hub.meter.peak) == (2, 3)
    hub.portal.clock.advance(10)
    answer = api.get("/crm/objects/deals")
    assert (answer.status, answer.headers["x-hubspot-ratelimit-remaining"]) == (200, "2")


def test_searches_have_a_limit_of_their_own_and_no_headers(api: Api, hub: Hub) -> None:
    hub.moods.enforce(searches=2)
    answers = [api.search("deals") for _ in range(3)]
    assert [one.status for one in answers] == [200, 200, 429]
    assert answers[2].body["policyName"] == "SECONDLY"
    assert not any(name.startswith("x-hubspot-ratelimit") for name in answers[0].headers)
    assert api.get("/crm/objects/deals").status == 200


def test_the_day_ends_at_the_accounts_midnight(api: Api, hub: Hub) -> None:
    hub.moods.enforce(daily=1)
    api.get("/crm/objects/deals")
    answer = api.get("/crm/objects/deals")
    assert answer.body["policyName"] == "DAILY"
    hub.portal.clock.advance(int(answer.headers["retry-after"]))
    assert api.get("/crm/objects/deals").status == 200


def test_what_is_over_the_limit_is_counted_even_where_it_is_let_through(api: Api, hub: Hub) -> None:
    hub.moods.enforce(burst=2)
    hub.moods.enforced = False
    assert [api.get("/crm/objects/deals").status for _ in range(3)] == [200, 200, 200]
    assert hub.over_limit == 1


def test_an_outage_ends_by_itself(api: Api, hub: Hub) -> None:
    hub.moods.outage(120)
    assert api.create("deals", dealname="A").status == 503
    hub.portal.clock.advance(121)
    assert api.create("deals", dealname="A").status == 201


def test_a_share_of_the_calls_goes_wrong_the_same_way_each_time(api: Api, hub: Hub) -> None:
    hub.moods.share(Mood.UNAVAILABLE, 0.3)
    first = [api.get("/crm/objects/deals").status for _ in range(40)]
    hub.moods.seed(7)
    again = [api.get("/crm/objects/deals").status for _ in range(40)]
    assert first == again
    assert 5 <= first.count(503) <= 20
    hub.moods.calm()
    assert api.get("/crm/objects/deals").status == 200


def test_a_person_edits_between_a_read_and_a_write(api: Api, hub: Hub) -> None:
    deal = api.made("deals", amount="1")
    hub.moods.before("deals", lambda: hub.portal.person_edits("deals", deal, amount="7"), method="PATCH")
    api.patch(f"/crm/objects/deals/{deal}", dealname="A")
    assert hub.portal.one("deals").values["amount"] == "7"


def test_an_act_can_follow_a_call_and_call_the_fake_itself(api: Api, hub: Hub) -> None:
    seen: list[int] = []
    hub.moods.after("/deals", lambda: seen.append(Api(hub).get("/crm/objects/companies").status), method="POST")
    api.create("deals", dealname="A")
    api.create("deals", dealname="B")
    assert seen == [200]


def test_every_call_is_in_the_log(api: Api, hub: Hub) -> None:
    deal = api.made("deals", dealname="A")
    api.get(f"/crm/objects/deals/{deal}")
    assert hub.calls.per_path["GET /crm/objects/{version}/{type}/{id}"] == 1
    assert hub.calls.count("/deals", "POST") == 1
    assert hub.calls.of("/deals", "POST")[0].body == {"properties": {"dealname": "A"}}


def test_a_body_that_is_no_json_is_refused(api: Api, hub: Hub) -> None:
    headers = {"Authorization": f"Bearer {hub.token}"}
    answer = api.pool.request("POST", f"{hub.url}/crm/objects/2026-03/deals", body=b"{", headers=headers)
    assert answer.status == 400
    assert json.loads(answer.data)["category"] == "VALIDATION_ERROR"
