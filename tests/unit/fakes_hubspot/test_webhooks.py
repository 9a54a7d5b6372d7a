"""Webhooks: events of every change, signed, in calls of a hundred, repeated and out of order where wanted."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.fakes.hubspot import Hub
from tests.unit.fakes_hubspot.api import Api

URL = "https://agent.example/webhooks/hubspot?a=b%20c"


def kinds(hub: Hub) -> list[str]:
    return [event["subscriptionType"] for event in hub.webhooks.take()]


def test_a_persons_edit_is_told(api: Api, hub: Hub) -> None:
    deal = api.made("deals", amount="1")
    hub.webhooks.take()
    hub.portal.person_edits("deals", deal, amount="2")
    [event] = hub.webhooks.take()
    assert event["subscriptionType"] == "deal.propertyChange"
    assert (event["objectId"], event["propertyName"], event["propertyValue"]) == (int(deal), "amount", "2")
    assert event["changeSource"] == "CRM_UI"


def test_what_the_app_wrote_itself_is_told_with_its_source(api: Api, hub: Hub) -> None:
    api.made("companies", name="A")
    assert {event["changeSource"] for event in hub.webhooks.take()} == {"INTEGRATION"}


def test_nothing_is_told_of_a_value_that_was_there_already(api: Api, hub: Hub) -> None:
    deal = api.made("deals", amount="1")
    hub.webhooks.take()
    hub.portal.person_edits("deals", deal, amount="1")
    assert hub.webhooks.take() == []


def test_both_ends_of_an_association_are_told(api: Api, hub: Hub) -> None:
    deal, company = api.made("deals", dealname="A"), api.made("companies", name="C")
    hub.webhooks.take()
    hub.portal.person_associates("deals", deal, "companies", company)
    events = hub.webhooks.take()
    assert [event["associationType"] for event in events] == ["DEAL_TO_COMPANY", "COMPANY_TO_DEAL"]
    assert events[0]["associationRemoved"] is False
    hub.portal.person_disassociates("deals", deal, "companies", company)
    assert all(event["associationRemoved"] for event in hub.webhooks.take())


def test_deletion_merge_and_privacy_are_told(api: Api, hub: Hub) -> None:
    deal, contact = api.made("deals", dealname="A"), api.made("contacts", email="a@x.example")
    first, second = api.made("companies", name="A"), api.made("companies", name="B")
    hub.webhooks.take()
    hub.portal.person_deletes("deals", deal)
    assert kinds(hub) == ["deal.deletion"]
    hub.portal.person_forgets(contact)
    assert "contact.privacyDeletion" in kinds(hub)
    hub.portal.person_merges("companies", first, second)
    merge = next(event for event in hub.webhooks.take() if event["subscriptionType"] == "company.merge")
    assert (merge["primaryObjectId"], merge["mergedObjectIds"]) == (int(first), [int(second)])


def test_notes_are_not_told(api: Api, hub: Hub) -> None:
    api.made("notes", hs_timestamp="2026-11-27T10:00:00Z", hs_note_body="x")
    assert hub.webhooks.take() == []


def test_the_newer_form_has_the_kind_as_an_id(api: Api, hub: Hub) -> None:
    hub.webhooks.generic = True
    api.made("deals", dealname="A")
    event = hub.webhooks.take()[0]
    assert (event["subscriptionType"], event["objectTypeId"]) == ("object.creation", "0-3")


def test_a_call_is_signed_over_method_decoded_address_body_and_time(api: Api, hub: Hub) -> None:
    api.made("deals", dealname="A")
    [call] = hub.webhooks.calls(URL, "secret")
    said = b"POSThttps://agent.example/webhooks/hubspot?a=b c" + call.body
    said += call.headers["X-HubSpot-Request-Timestamp"].encode()
    expected = base64.b64encode(hmac.new(b"secret", said, hashlib.sha256).digest()).decode()
    assert call.headers["X-HubSpot-Signature-v3"] == expected


def test_a_call_has_a_hundred_events_at_most(hub: Hub) -> None:
    for number in range(40):
        hub.portal.person_creates("companies", name=f"C{number}", domain=f"c{number}.example")
    calls = hub.webhooks.calls(URL)
    assert [len(call.events) for call in calls] == [100, 20]


def test_events_come_twice_out_of_order_or_not_at_all(hub: Hub) -> None:
    hub.webhooks.repeats, hub.webhooks.reordered = 1.0, True
    for number in range(10):
        hub.portal.person_creates("companies", name=f"C{number}")
    ids = [event["eventId"] for event in hub.webhooks.take()]
    assert sorted(ids) == sorted([*range(1, 21), *range(1, 21)])
    assert ids != sorted(ids)
    hub.webhooks.dropped = 1.0
    hub.portal.person_creates("companies", name="D")
    assert hub.webhooks.take() == []


@pytest.fixture
def ear() -> Iterator[tuple[str, list[bytes], threading.Event]]:
    """An app that refuses the first call and takes the second."""
    heard: list[bytes] = []
    twice = threading.Event()

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(500 if len(heard) == 1 else 200)
            self.end_headers()
            if len(heard) > 1:
                twice.set()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = HTTPServer(("127.0.0.1", 0), Ear)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hooks", heard, twice
    server.shutdown()
    server.server_close()
    thread.join()


def test_changes_are_sent_at_once_and_again_until_taken(
    hub: Hub, ear: tuple[str, list[bytes], threading.Event]
) -> None:
    url, heard, twice = ear
    hub.webhooks.follow(url)
    hub.portal.person_creates("companies", name="C")
    assert twice.wait(5)
    assert heard[0] == heard[1]
