"""Who gets which copy: in whose language, by which way, and nobody in a channel who may not read it there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.announcements.planning.copies import Plan, by_partner, plan
from bot.announcements.planning.previewing import differing
from bot.announcements.segments.audience import Audience
from bot.storage.slack_channels import SlackChannel
from bot.vocabulary.announcing import AnnouncementText, Composed, Route
from crm.records import Contact
from tests.builders import contact, partner, program

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
ENGLISH, GERMAN, FRENCH = (AnnouncementText(code, f"In {code}", "Text.") for code in ("en", "de", "fr"))
CHANNELS = by_partner([SlackChannel("T-1", "C-1", "ext", "p-1", "T-2")])
MAIL, SLACK, BOTH, PREFERRED = Route.MAIL, Route.SLACK, Route.BOTH, Route.PREFERRED


def made(composed: Composed, *people: Contact, routes: dict[str, Route] | None = None) -> Plan:
    theirs = {one: partner(id=one, language="en") for one in ("p-1", "p-2")}
    reached = Audience(tuple((theirs[person.partner_id], person) for person in people))
    return plan(composed, reached, CHANNELS, routes or {}, program().vendor, NOW)


@pytest.mark.parametrize(
    ("chosen", "own", "address", "channel", "mail", "slack"),
    [
        (PREFERRED, None, "a@x.example", True, True, True),
        (PREFERRED, None, "a@x.example", False, True, False),
        (PREFERRED, SLACK, "a@x.example", True, False, True),
        (PREFERRED, MAIL, "a@x.example", True, True, False),
        (PREFERRED, SLACK, "a@x.example", False, True, False),  # there is no channel to read it in
        (PREFERRED, MAIL, "", True, False, True),  # no address takes mail
        (SLACK, MAIL, "a@x.example", True, False, True),
        (SLACK, None, "a@x.example", False, True, False),
        (BOTH, MAIL, "a@x.example", True, True, True),
        (MAIL, SLACK, "a@x.example", True, True, False),
    ],
)
def test_ways(chosen: Route, own: Route | None, address: str, channel: bool, mail: bool, slack: bool) -> None:
    person = contact(id="c-1", partner_id="p-1" if channel else "p-2", email=address)
    found = made(Composed((ENGLISH,), route=chosen), person, routes={"c-1": own} if own else {})
    (copy,) = found.copies
    assert (copy.by_mail, copy.by_slack) == (mail, slack)
    assert len(found.posts) == int(slack)


@pytest.mark.parametrize(
    ("language", "fallback", "reads"),
    [("de", "", "de"), ("", "", "en"), ("es", "", "en"), ("es", "de", "de"), ("fr", "", "en"), ("fr", "de", "de")],
)
def test_everybody_reads_his_own_language_or_the_fallback_and_nothing_unapproved(
    language: str, fallback: str, reads: str
) -> None:
    composed = Composed((ENGLISH, GERMAN, replace(FRENCH, approved=False)), fallback=fallback)
    (copy,) = made(composed, contact(partner_id="p-2", language=language)).copies
    assert copy.text.language == reads


def test_a_paused_channel_is_nobodys() -> None:
    assert by_partner([SlackChannel("T-1", "C-1", "ext", "p-1", "T-2", paused="unshared")]) == {}


def test_samples_differ_where_copies_do() -> None:
    people = [contact(id=f"c-{n}", partner_id="p-1", email=f"{n}@x.example") for n in range(5)]
    people.append(contact(id="c-9", partner_id="p-2", email="9@y.example", language="de"))
    chosen = differing(made(Composed((ENGLISH, GERMAN)), *people), 3)
    assert [copy.contact.id for copy in chosen] == ["c-0", "c-9", "c-1"]
    assert len(differing(made(Composed((ENGLISH,)), people[0]), 3)) == 1


def test_the_last_mail_goes_when_its_domain_has_taken_the_others() -> None:
    people = [contact(id=f"c-{n}", partner_id="p-2", email=f"{n}@x.example") for n in range(11)]
    found = made(Composed((ENGLISH,)), *people, contact(id="c-x", partner_id="p-2", email="x@y.example"))
    assert found.first_at() == NOW
    assert found.last_at(timedelta(seconds=1)) == NOW + timedelta(seconds=10)
    assert made(Composed((ENGLISH,))).last_at(timedelta(seconds=1)) is None
