"""What partners read of leads and of their people: the reviewed wording lies in `answers/`, for people to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.intents.leads import contact_lines, described, fate, lines_of
from bot.intents.phrases import text
from bot.steps.say import Listener, say
from bot.vocabulary.decisions import Decision, Outcome, Value
from crm.records import Channel, Lead, LeadSource, LeadState

ANSWERS = Path(__file__).with_name("answers")
LEAD = Lead(
    "L-12345678", LeadSource.VENDOR, LeadState.OFFERED, customer="Globex", customer_domain="globex.example",
    contact_name="Jane Roe", contact_email="jane@globex.example", products=("Lumora Core", "Lumora Insights"),
    amount=Decimal(9000), currency="EUR", quantity=40, region="DACH",
)  # fmt: skip
VALUES: dict[str, Value] = {
    "number": LEAD.number,
    "customer": LEAD.customer,
    "until": date(2026, 11, 30),
    "notes": "Met at the fair.",
    "name": "Declan Moore",
    "address": "declan@quaywise.example",
    "manager": "Noor Haddad",
    "leads": lines_of((LEAD, replace(LEAD, number="L-23456789", customer="Initech"))),
    "people": (text("people.person", name="Lea Moore", address="lea@quaywise.example"),),
}
KEYS = (
    "lead.received", "lead.whom_to_reach", "lead.which_customer", "lead.added", "lead.exists", "lead.shall_we_refer",
    "lead.not_taken", "lead.offer", "lead.offer_plain", "lead.lapsed", "lead.withdrawn", "lead.accepted",
    "lead.contact", "lead.registering", "lead.notes", "lead.declined", "lead.yours", "lead.gone", "lead.none_open",
    "lead.which", "lead.shall_we_assign", "people.shall_we_close", "people.closed", "people.kept",
    "people.shall_we_open",
    "people.not_opened", "people.opened", "people.exists", "people.which", "people.unknown", "people.to_manager",
    "people.to_team",
)  # fmt: skip
FATES = (
    replace(LEAD, state=LeadState.NEW),
    replace(LEAD, state=LeadState.WORKING),
    LEAD,
    replace(LEAD, state=LeadState.ACCEPTED),
    replace(LEAD, state=LeadState.CONVERTED),
    replace(LEAD, state=LeadState.CONVERTED, deal_number="D-10482"),
    replace(LEAD, state=LeadState.REJECTED),
    replace(LEAD, state=LeadState.REJECTED, reason="Globex has no budget this year."),
    replace(LEAD, state=LeadState.UNPLACED),
)


def outcomes() -> Iterator[Outcome]:
    for key in KEYS:
        lines = described(LEAD) if key == "lead.offer" else contact_lines(LEAD)
        yield Outcome(key, VALUES | {"lines": lines})
    yield from map(fate, FATES)


def told(outcome: Outcome, language: str, channel: Channel = Channel.EMAIL) -> str:
    reply = say((Decision((), (outcome,), "told"),), Listener(language, channel, "", "Lumora"))
    assert reply is not None
    greeting, _, rest = reply.text.partition("\n\n")
    assert greeting
    return rest if channel is Channel.SLACK else rest.rpartition("\n\n")[0]


@pytest.mark.parametrize("language", ["en", "de", "fr", "nl", "es"])
def test_they_read_exactly_as_reviewed(language: str) -> None:
    said = "\n\n".join(f"=== {outcome.text}\n{told(outcome, language)}" for outcome in outcomes())
    assert f"{said}\n" == (ANSWERS / f"leads_and_people_{language}.txt").read_text(encoding="utf-8")


def test_an_offer_in_slack_lists_what_it_is_about() -> None:
    offer = Outcome("lead.offer", VALUES | {"lines": described(LEAD)})
    assert "• number of seats: 40" in told(offer, "en", Channel.SLACK)
