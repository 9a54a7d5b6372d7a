"""What an event touches, in the words of HubSpot's classic apps and of its newer ones."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.adapters.hubspot.following.event_bodies import ERASED, MOST, Touch, read_events

NOW = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
AT = datetime(2026, 11, 27, 9, 59, 30, tzinfo=UTC)
MS = int(AT.timestamp() * 1000)


def touches(*events: dict[str, Any]) -> tuple[Touch, ...]:
    return read_events(json.dumps(events).encode(), NOW)[1]


@pytest.mark.parametrize(
    ("event", "touch"),
    [
        ({"subscriptionType": "deal.propertyChange", "objectId": 7}, Touch("deals", "7", AT)),
        ({"subscriptionType": "deal.creation", "objectId": 7}, Touch("deals", "7", AT)),
        ({"subscriptionType": "deal.restore", "objectId": 7}, Touch("deals", "7", AT)),
        ({"subscriptionType": "deal.deletion", "objectId": 7}, Touch("deals", "7", AT, deleted=True)),
        ({"subscriptionType": "contact.propertyChange", "objectId": 8}, Touch("contacts", "8", AT)),
        ({"subscriptionType": "company.creation", "objectId": "9"}, Touch("companies", "9", AT)),
        ({"subscriptionType": "object.propertyChange", "objectTypeId": "0-3", "objectId": 7}, Touch("deals", "7", AT)),
        (
            {"subscriptionType": "object.deletion", "objectTypeId": "0-1", "objectId": 7},
            Touch("contacts", "7", AT, deleted=True),
        ),
        (
            {"subscriptionType": "object.propertyChange", "objectTypeId": "2-3456", "objectId": 7},
            Touch("2-3456", "7", AT),
        ),
        ({"eventType": "deal.propertyChange", "objectId": 7}, Touch("deals", "7", AT)),
    ],
)
def test_an_event_touches_its_object(event: dict[str, Any], touch: Touch) -> None:
    assert touches({**event, "occurredAt": MS}) == (touch,)


def test_a_deletion_for_privacy_says_more_than_that_the_contact_is_gone() -> None:
    event = {"subscriptionType": "contact.privacyDeletion", "objectId": 8, "occurredAt": MS}
    assert touches(event) == (Touch("contacts", "8", AT, deleted=True), Touch(ERASED, "8", AT, deleted=True))


@pytest.mark.parametrize(
    "event",
    [
        {"subscriptionType": "deal.associationChange", "associationType": "DEAL_TO_COMPANY"},
        {"subscriptionType": "object.associationChange", "fromObjectTypeId": "0-3", "toObjectTypeId": "0-2"},
    ],
)
def test_an_association_touches_both_ends(event: dict[str, Any]) -> None:
    said = {**event, "fromObjectId": 7, "toObjectId": 9, "associationRemoved": True, "occurredAt": MS}
    assert touches(said) == (Touch("deals", "7", AT), Touch("companies", "9", AT))


def test_a_merge_leaves_one_and_takes_the_others() -> None:
    event = {
        "subscriptionType": "deal.merge", "primaryObjectId": 7, "mergedObjectIds": [7, 8], "newObjectId": 12,
        "objectId": 7, "occurredAt": MS,
    }  # fmt: skip
    assert set(touches(event)) == {
        Touch("deals", "7", AT), Touch("deals", "8", AT, deleted=True), Touch("deals", "12", AT),
    }  # fmt: skip


def test_of_many_events_on_one_object_the_latest_says_whether_it_is_there() -> None:
    deleted = {"subscriptionType": "deal.deletion", "objectId": 7, "occurredAt": MS}
    restored = {"subscriptionType": "deal.restore", "objectId": 7, "occurredAt": MS + 1}
    later = datetime.fromtimestamp((MS + 1) / 1000, UTC)
    assert touches(deleted, restored) == touches(restored, deleted) == (Touch("deals", "7", later),)


@pytest.mark.parametrize(
    "event",
    [
        {"subscriptionType": "ticket.propertyChange", "objectId": 7},
        {"subscriptionType": "object.propertyChange", "objectTypeId": "0-5", "objectId": 7},
        {"subscriptionType": "conversation.newMessage", "objectId": 7},
        {"subscriptionType": "deal.propertyChange", "objectId": "7; drop table"},
        {"subscriptionType": "deal.propertyChange", "objectId": "../8"},
        {"subscriptionType": "deal.propertyChange", "objectId": True},
        {"subscriptionType": "deal.propertyChange", "objectId": -7},
        {"subscriptionType": "deal.propertyChange", "objectId": 10**30},
        {"subscriptionType": "deal.propertyChange"},
        {"subscriptionType": "object.propertyChange", "objectTypeId": "2-3/../x", "objectId": 7},
        {"subscriptionType": "deal.merge", "mergedObjectIds": "all"},
        {"subscriptionType": ["deal"], "objectId": 7},
        {},
    ],
)
def test_what_we_do_not_follow_is_counted_and_touches_nothing(event: dict[str, Any]) -> None:
    assert read_events(json.dumps([event]).encode(), NOW) == (1, ())


@pytest.mark.parametrize("at", [None, "soon", -1, 0, 1e400, True, 10**20, [1]])
def test_an_event_without_a_time_happened_now(at: object) -> None:
    said = json.dumps([{"subscriptionType": "deal.creation", "objectId": 7, "occurredAt": at}])
    assert read_events(said.encode(), NOW)[1] == (Touch("deals", "7", NOW),)


def test_a_single_event_without_a_list_is_read() -> None:
    assert read_events(b'{"subscriptionType": "deal.creation", "objectId": 7}', NOW)[0] == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe[]",
        b"null",
        b"7",
        b'["deal"]',
        b"[[]]",
        b"[" * 100_000,
        b"[]\x00",
        b"[" + b"9" * 5000 + b"]",
        b"[" + b",".join([b"{}"] * (MOST + 1)) + b"]",
    ],
)
def test_what_cannot_be_read_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        read_events(body, NOW)


NAMES = st.sampled_from(
    ["subscriptionType", "objectId", "objectTypeId", "mergedObjectIds", "fromObjectId", "occurredAt"]
)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(NAMES, x)
    )
)
def test_whatever_json_comes_is_read_or_refused(said: object) -> None:
    try:
        count, found = read_events(json.dumps(said).encode(), NOW)
    except ValueError:
        return
    assert len(found) <= 4 * count + 200
