"""Confusion says what was taken for what, by intent, field, language and channel."""

from __future__ import annotations

from bot.evaluation.confusion import NOTHING, FieldCounts, confusion
from tests.unit.bot.evaluation.builders import case, said

STATUS: tuple[str, dict[str, str]] = ("ask_deal_status", {"deal_ref": "D-1000"})
UPDATE: tuple[str, dict[str, str]] = ("update_deal", {"deal_ref": "D-1000"})
TIER: tuple[str, dict[str, str]] = ("ask_tier", {})


def test_an_intent_that_was_missed_names_what_was_said_instead() -> None:
    cases = [case("a", STATUS), case("b", STATUS), case("c", STATUS), case("d", STATUS)]
    whole = confusion(cases, [said("a", UPDATE), said("b", UPDATE), said("c"), said("d", STATUS)])["all"]
    counts = whole.intents["ask_deal_status"]
    assert (counts.wanted, counts.said, counts.hits) == (4, 1, 1)
    assert counts.instead == {"update_deal": 2, NOTHING: 1}
    assert counts.most_confused == ("update_deal", 2)
    assert (counts.precision, counts.recall, counts.f1) == (1.0, 0.25, 0.4)


def test_what_is_said_beside_everything_wanted_is_added_and_confuses_nothing() -> None:
    whole = confusion([case("a", STATUS)], [said("a", STATUS, TIER)])["all"]
    assert whole.added == {"ask_tier": 1}
    assert whole.intents["ask_deal_status"].most_confused is None
    assert whole.intents["ask_tier"].precision == 0.0


def test_a_field_is_right_wrong_missed_or_invented() -> None:
    wanted = ("register_deal", {"customer": "Acme GmbH", "amount": "100", "currency": "EUR"})
    given = ("register_deal", {"customer": "ACME", "amount": "900", "quantity": "5"})
    fields = confusion([case("a", wanted)], [said("a", given)])["all"].fields
    assert fields == {
        "amount": FieldCounts(wrong=1),
        "currency": FieldCounts(missed=1),
        "customer": FieldCounts(right=1),
        "quantity": FieldCounts(invented=1),
    }


def test_languages_and_channels_are_counted_apart() -> None:
    cases = [case("a", TIER, language="de"), case("b", TIER, language="fr", channel="slack")]
    groups = confusion(cases, [said("a", TIER), said("b", UPDATE)])
    assert list(groups) == ["all", "de", "email", "fr", "slack"]
    assert groups["de"].exact == groups["email"].exact == 1
    assert groups["fr"].intents["ask_tier"].instead == groups["slack"].intents["ask_tier"].instead == {"update_deal": 1}


def test_a_case_without_prediction_says_nothing() -> None:
    assert confusion([case("a", TIER)], [])["all"].intents["ask_tier"].instead == {NOTHING: 1}


def test_no_cases_have_an_empty_whole() -> None:
    assert list(confusion([], [])) == ["all"]
    assert confusion([], [])["all"].messages == 0


def test_the_row_is_plain_json_with_the_rates() -> None:
    row = confusion([case("a", TIER)], [said("a", TIER)])["all"].row()
    assert row["intents"]["ask_tier"] == {
        "wanted": 1, "said": 1, "hits": 1, "instead": {}, "precision": 1.0, "recall": 1.0, "f1": 1.0,
    }  # fmt: skip
