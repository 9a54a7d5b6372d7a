"""The time that counts among rivals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents import priority
from bot.intents.register_deal import decide
from bot.vocabulary.decisions import Decision, SaveRegistration
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Intent
from crm.records import Registration, RegistrationState
from tests.builders import NOW, complete_deal, draft, facts, request

AN_HOUR = timedelta(hours=1)
FRIDAY = datetime(2026, 11, 27, 14, 5, tzinfo=NOW.tzinfo)


def at(moment: datetime, *known: Registration, received: datetime | None = None) -> Facts:
    return facts(now=moment, received_at=received or moment, registrations=known, fresh_numbers=("D-800001",))


def saved(decision: Decision) -> Registration:
    [command] = [c for c in decision.commands if isinstance(c, SaveRegistration)]
    return command.registration


def opened(moment: datetime = FRIDAY) -> Registration:
    return saved(decide(complete_deal(currency=None), at(moment)))


def completed(held: Registration, moment: datetime) -> Registration:
    wish = request(Intent.REGISTER_DEAL, customer=held.customer, currency="EUR")
    return saved(decide(wish, at(moment, replace(held, number="D-3001"))))


@pytest.mark.parametrize(
    "said",
    [
        {"customer": "Nova Labs", "contact_name": "Lena Braun"},
        {"customer_domain": "novalabs.example", "contact_email": "lena@novalabs.example"},
        {"contact_email": "lena@novalabs.example"},  # the address tells the customer's domain
    ],
)
def test_a_draft_that_names_customer_and_contact_holds_the_time_of_its_message(said: dict[str, Any]) -> None:
    decision = decide(request(Intent.REGISTER_DEAL, **said), at(FRIDAY + AN_HOUR, received=FRIDAY))
    assert saved(decision).priority_at == FRIDAY
    held = next(o for o in decision.outcomes if o.text == "register.held")
    assert held.values == {"until": date(2026, 12, 1), "since": FRIDAY}  # Tuesday: two business days later


@pytest.mark.parametrize("said", [{"customer": "Nova Labs"}, {"contact_name": "Lena Braun"}, {}])
def test_a_draft_that_names_only_one_of_them_holds_none(said: dict[str, Any]) -> None:
    decision = decide(request(Intent.REGISTER_DEAL, **said), at(FRIDAY))
    assert saved(decision).priority_at is None
    assert "register.held" not in [o.text for o in decision.outcomes]


def test_the_time_is_that_of_the_message_that_names_the_second_of_them() -> None:
    named = saved(decide(request(Intent.REGISTER_DEAL, customer="Nova Labs"), at(FRIDAY)))
    wish = request(Intent.REGISTER_DEAL, customer="Nova Labs", contact_name="Lena Braun")
    later = FRIDAY + AN_HOUR
    assert saved(decide(wish, at(later, replace(named, number="D-3001")))).priority_at == later


def test_a_draft_completed_in_time_counts_from_its_first_message() -> None:
    last_minute = datetime(2026, 12, 1, 23, 59, tzinfo=NOW.tzinfo)
    done = completed(opened(), last_minute)
    assert (done.state, done.priority_at) == (RegistrationState.SUBMITTED, FRIDAY)
    assert done.submitted_at == last_minute


def test_a_draft_completed_later_counts_from_its_completion() -> None:
    late = datetime(2026, 12, 2, 0, 0, tzinfo=NOW.tzinfo)
    assert completed(opened(), late).priority_at == late


def test_after_the_hold_nothing_is_promised_any_more() -> None:
    wish = request(Intent.REGISTER_DEAL, customer="Nova Labs", quantity=90)
    decision = decide(wish, at(datetime(2026, 12, 2, 0, 0, tzinfo=NOW.tzinfo), replace(opened(), number="D-3001")))
    assert "register.held" not in [o.text for o in decision.outcomes]


def test_a_complete_registration_says_from_when_it_counts() -> None:
    decision = decide(complete_deal(), at(FRIDAY))
    [told] = [o for o in decision.outcomes if o.text == "register.counts_from"]
    assert told.values == {"since": FRIDAY}


def test_a_clock_ahead_of_ours_gains_nothing() -> None:
    sent = saved(decide(complete_deal(), at(FRIDAY, received=FRIDAY + AN_HOUR)))
    assert sent.priority_at == sent.submitted_at == FRIDAY


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"customer": "Orion Aktiengesellschaft Holding"}, True),  # a fuller name
        ({"customer": "orion ag"}, True),
        ({"customer_domain": "www.orion.example"}, True),
        ({"quantity": 60}, True),
        ({"customer": "Globex", "customer_domain": "globex.example"}, False),
        ({"customer_domain": "globex.example"}, False),
        ({"customer": "Kern & Söhne"}, True),  # an unlike name, and the earlier one is that of the domain itself
    ],
)
def test_no_time_is_held_for_a_customer_who_was_not_named(changes: dict[str, Any], kept: bool) -> None:
    before = draft(priority_at=NOW)
    after = priority.while_open(replace(before, **changes), before, at(NOW + AN_HOUR))
    assert after.priority_at == (NOW if kept else NOW + AN_HOUR)


def test_a_time_taken_with_any_name_does_not_pass_to_another_customer_through_a_domain() -> None:
    named = draft(customer="Zed", customer_domain="", contact_email="", priority_at=NOW)
    with_domain = priority.while_open(replace(named, customer_domain="target.example"), named, at(NOW + AN_HOUR))
    assert with_domain.priority_at == NOW
    renamed = replace(with_domain, customer="Target")
    assert priority.while_open(renamed, with_domain, at(NOW + 2 * AN_HOUR)).priority_at == NOW + 2 * AN_HOUR


def waiting(count: int, since: datetime) -> tuple[Registration, ...]:
    return tuple(
        draft(number=f"D-{n}", customer=f"C{n}", customer_domain=f"c{n}.example", priority_at=since)
        for n in range(4000, 4000 + count)
    )


NAMED = request(Intent.REGISTER_DEAL, customer="Nova Labs", contact_name="Lena Braun")


@pytest.mark.parametrize(("count", "holds"), [(19, True), (20, False)])
def test_a_partner_holds_only_so_many_times_at_once(count: int, holds: bool) -> None:
    decision = decide(NAMED, at(FRIDAY, *waiting(count, FRIDAY - AN_HOUR)))
    assert saved(decision).priority_at == (FRIDAY if holds else None)
    assert ("register.held" in [o.text for o in decision.outcomes]) is holds


def test_a_draft_beyond_them_counts_from_its_completion() -> None:
    later = FRIDAY + AN_HOUR
    none_held = saved(decide(complete_deal(currency=None), at(FRIDAY, *waiting(20, FRIDAY))))
    assert none_held.priority_at is None
    assert completed(none_held, later).priority_at == later


def test_drafts_whose_hold_is_over_do_not_count() -> None:
    long_ago = FRIDAY - 10 * 24 * AN_HOUR
    assert saved(decide(NAMED, at(FRIDAY, *waiting(20, long_ago)))).priority_at == FRIDAY


def test_a_time_that_is_held_stays_beside_twenty_others() -> None:
    own = replace(opened(), number="D-3001")
    wish = request(Intent.REGISTER_DEAL, customer="Nova Labs", quantity=90)
    assert saved(decide(wish, at(FRIDAY + AN_HOUR, own, *waiting(20, FRIDAY)))).priority_at == FRIDAY


@given(hours=st.integers(0, 400))
def test_the_time_never_lies_before_the_first_message_nor_after_the_submission(hours: int) -> None:
    done = completed(opened(), FRIDAY + hours * AN_HOUR)
    assert done.priority_at is not None
    assert done.submitted_at is not None
    assert FRIDAY <= done.priority_at <= done.submitted_at
    assert done.priority_at in (FRIDAY, done.submitted_at)
