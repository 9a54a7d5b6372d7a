"""Answers in words: the exact wording of every language lies in `answers/`, one file a language, for people to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot.channels.slack.blocks.texts import escaped
from bot.steps.decide import decide, decide_unproven
from bot.steps.say import Listener, say
from bot.vocabulary.decisions import Decision, Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import ThreadContext, ThreadKind
from bot.vocabulary.requests import Finer, Intent, Reading
from crm.money import Money
from crm.records import Channel, PartnerType, RegistrationState, Stage
from tests.builders import (
    ANNOUNCEMENT,
    complete_deal,
    deal,
    draft,
    facts,
    partner,
    payment,
    reading,
    registration,
    request,
)

ANSWERS = Path(__file__).with_name("answers")
LANGUAGES = ("en", "de", "fr", "nl", "es")
WAITING = ThreadContext("t", ThreadKind.QUESTION, ("currency", "close_date"), "D-3001")
OWN = facts(
    deals=(deal(), deal(id="h-2", number="D-1001", customer="Kestrel Oy", stage=Stage.WON, next_step="")),
    payments=(payment(deal_id="h-2"),),
    registrations=(
        registration(),
        registration(
            number="D-1042",
            customer="Acme GmbH",
            customer_domain="acme.example",
            state=RegistrationState.APPROVED,
            protected_until=date(2027, 2, 16),
        ),
    ),
)

EXTEND = replace(request(Intent.UPDATE_DEAL, deal_ref="D-1042"), finer=Finer.EXTEND)


def moved(since: date) -> Facts:
    """The same with the day since when Acme's deal is in its stage."""
    return replace(OWN, deals=(deal(stage_since=since), *OWN.deals[1:]))


SCENES: dict[str, tuple[Reading, Facts]] = {
    "a complete deal is registered": (reading(complete_deal()), facts()),
    "a deal with gaps, and what it would earn": (
        reading(
            request(
                Intent.REGISTER_DEAL,
                customer="Nova Labs",
                contact_email="lena@novalabs.example",
                amount=Decimal(36000),
                close_date=date(2026, 1, 31),
            ),
            request(Intent.ASK_COMMISSION),
        ),
        facts(),
    ),
    "the missing details arrive": (
        reading(request(Intent.PROVIDE_FIELD, currency="EUR", close_date=date(2027, 3, 31))),
        facts(registrations=(draft(),), thread=WAITING),
    ),
    "one of two missing details arrives": (
        reading(request(Intent.PROVIDE_FIELD, currency="EUR")),
        facts(registrations=(draft(),), thread=WAITING),
    ),
    "shall we register": (reading(replace(complete_deal(), ask=True)), facts()),
    "an own registration stands": (
        reading(complete_deal(customer="Vega Foods", customer_domain="vega.example", amount=Decimal(50000))),
        facts(registrations=(registration(),)),
    ),
    "all deals": (reading(request(Intent.ASK_DEAL_STATUS)), OWN),
    "a deal goes on": (
        reading(request(Intent.UPDATE_DEAL, deal_ref="D-1042", amount=Decimal(42000), close_date=date(2027, 3, 1))),
        OWN,
    ),
    "a deal is won": (reading(request(Intent.UPDATE_DEAL, customer="Acme", stage=Stage.WON)), OWN),
    "a deal is lost": (reading(request(Intent.UPDATE_DEAL, customer="Acme", stage=Stage.LOST)), OWN),
    "the record says otherwise": (
        reading(request(Intent.UPDATE_DEAL, customer="Acme", stage=Stage.QUALIFIED, amount=Decimal(90000))),
        OWN,
    ),
    "a closed deal": (reading(request(Intent.UPDATE_DEAL, deal_ref="D-1001", stage=Stage.NEGOTIATION)), OWN),
    "a registration under review": (
        reading(request(Intent.UPDATE_DEAL, customer="Vega", close_date=date(2027, 5, 1))),
        OWN,
    ),
    "a protection is extended": (reading(EXTEND), moved(date(2026, 11, 20))),
    "a protection cannot be extended": (reading(EXTEND), moved(date(2026, 9, 20))),
    "a protection for the manager": (reading(EXTEND), OWN),
    "a deal that is not theirs": (reading(request(Intent.ASK_DEAL_STATUS, deal_ref="D-9999")), OWN),
    "the tier": (reading(request(Intent.ASK_TIER)), OWN),
    "what the plan pays": (reading(request(Intent.ASK_COMMISSION)), facts()),
    "what a deal would earn": (reading(request(Intent.ASK_COMMISSION, customer="Acme")), OWN),
    "what a reseller earns": (
        reading(request(Intent.ASK_COMMISSION)),
        facts(partner=partner(types=(PartnerType.RESELLER,))),
    ),
    "what a services partner earns": (
        reading(request(Intent.ASK_COMMISSION)),
        facts(partner=partner(types=(PartnerType.SERVICES,), tier="Registered")),
    ),
    "a question that no page answers": (
        reading(request(Intent.ASK_PROGRAM, topic="Connect with on-premises SQL server")),
        facts(),
    ),
    "two wishes for a person": (
        reading(request(Intent.ASK_PAYOUT, period="2026-10"), request(Intent.REQUEST_HUMAN)),
        facts(),
    ),
    "an announcement is answered": (
        reading(request(Intent.ANSWER_ANNOUNCEMENT, answer="maybe")),
        facts(announcement=ANNOUNCEMENT),
    ),
    "no more announcements": (reading(request(Intent.UNSUBSCRIBE)), facts()),
    "outsiders read": (reading(request(Intent.ASK_DEAL_STATUS)), replace(OWN, outsiders_read=True)),
}
QUESTIONS = {
    "en": "how long a deal is protected",
    "de": "Wie lange ist ein registrierter Deal geschützt?",
    "fr": "Combien de temps dure la protection après acceptation ?",
    "nl": "Hoe lang is een deal beschermd?",
    "es": "¿Cuánto dura la protección de una oportunidad?",
}


def listener(
    language: str,
    channel: Channel = Channel.EMAIL,
    *,
    name: str = "Sara Lind",
    country: str = "",
    time_zone: str = "Europe/Brussels",
) -> Listener:
    return Listener(language, channel, name, "Lumora", country, time_zone)


def answers(language: str, channel: Channel = Channel.EMAIL) -> Iterator[str]:
    question = reading(request(Intent.ASK_PROGRAM, topic=QUESTIONS[language])), facts()
    for scene, (wish, world) in (SCENES | {"a question about the program": question}).items():
        reply = say(
            decide(replace(wish, language=language), replace(world, channel=channel)), listener(language, channel)
        )
        assert reply is not None
        yield f"=== {scene}\n{reply.text}\n"
    reply = say(
        decide_unproven(Identity(Trust.UNKNOWN), reading(request(Intent.ASK_TIER))), listener(language, name="")
    )
    assert reply is not None
    yield f"=== a stranger\n{reply.text}\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_read_exactly_as_reviewed(language: str) -> None:
    assert "\n".join(answers(language)) == (ANSWERS / f"{language}.txt").read_text(encoding="utf-8")


def test_answers_in_slack_read_exactly_as_reviewed() -> None:
    assert "\n".join(answers("en", Channel.SLACK)) == (ANSWERS / "slack.txt").read_text(encoding="utf-8")


def said(outcome: Outcome, language: str = "en", *, country: str = "", time_zone: str = "Europe/Brussels") -> str:
    reply = say((Decision((), (outcome,), "x"),), listener(language, country=country, time_zone=time_zone))
    assert reply is not None
    return reply.text


def test_nothing_to_say_is_no_reply() -> None:
    assert say((Decision((), (), "thanks"),), listener("en")) is None
    assert say((), listener("en")) is None


def test_what_several_requests_lead_to_is_said_once() -> None:
    twice = Decision((), (Outcome("channel.directly"), Outcome("channel.directly")), "x")
    reply = say((twice, twice), listener("en"))
    assert reply is not None
    assert reply.text.count("direct message") == 1


def test_how_to_answer_stands_once_and_behind_all_that_is_asked() -> None:
    asked = [
        Decision((), (Outcome("lead.line", {"number": n, "customer": "X"}), Outcome("update.yes_or_no")), "x")
        for n in ("L-1", "L-2")
    ]
    reply = say(asked, listener("en"))
    assert reply is not None
    assert reply.text.count("Please reply “Yes”") == 1
    assert reply.text.index("Please reply “Yes”") > reply.text.index("L-2")


@pytest.mark.parametrize(("wanted", "written"), [("it", "en"), ("", "en"), ("de-AT", "de"), ("FR", "fr"), ("zz", "en")])
def test_a_language_without_texts_is_answered_in_english(wanted: str, written: str) -> None:
    reply = say((Decision((), (Outcome("status.none"),), "x"),), listener(wanted))
    assert reply is not None
    assert reply.language == written


def test_money_and_dates_follow_the_readers_region() -> None:
    told = Outcome("decision.approved", {"number": "D-1", "customer": "Acme", "until": date(2027, 2, 16)})
    assert "16 February 2027" in said(told)
    assert "February 16, 2027" in said(told, country="US")
    assert "16. Februar 2027" in said(told, language="de")
    line: Value = {"text": "deal.amount", "value": Money(Decimal("1234.5"), "CHF")}
    assert "CHF\u00a01’234.50" in said(Outcome("status.one", {"deal": line}), language="de", country="CH").replace(
        "'", "’"
    )
    assert "1.234,50\u00a0CHF" in said(Outcome("status.one", {"deal": line}), language="de")


@pytest.mark.parametrize("country", ["ZZ", "Germany", "", "d", "../../etc"])
def test_a_strange_country_in_the_crm_breaks_nothing(country: str) -> None:
    told = Outcome("register.decision_by", {"decide_by": date(2026, 11, 30)})
    assert "30. November 2026" in said(told, language="de", country=country)


def test_a_time_is_told_in_the_readers_zone_with_its_name() -> None:
    told = Outcome("status.one", {"deal": datetime(2026, 11, 26, 9, 0, tzinfo=UTC)})
    assert "10:00:00 CET" in said(told)
    for odd in ("Mars/Olympus", "Europe", "..", "\0", "Brussels" * 500):
        assert "9:00:00 UTC" in said(told, time_zone=odd)


def test_french_counts_the_first_of_a_month() -> None:
    held = {"until": date(2026, 12, 1), "since": datetime(2026, 12, 1, 9, 0, tzinfo=UTC)}
    told = said(Outcome("register.held", held), language="fr", country="FR", time_zone="Europe/Paris")
    assert "le mardi 1er décembre 2026" in told
    assert "du 1er décembre 2026, 10:00" in told
    assert "31 décembre 2026" in said(Outcome("register.held", held | {"until": date(2026, 12, 31)}), language="fr")


@pytest.mark.parametrize(
    ("language", "country", "time_zone", "moment"),
    [
        ("en", "IE", "Europe/Dublin", "26 November 2026, 09:00 (Dublin)"),
        ("fr", "FR", "Europe/Paris", "26 novembre 2026, 10:00 (Paris)"),
        ("de", "DE", "Europe/Berlin", "26. November 2026, 10:00 MEZ"),
        ("es", "ES", "Europe/Madrid", "26 de noviembre de 2026, 10:00 CET"),
    ],
)
def test_a_zone_without_a_short_name_is_told_by_its_city(
    language: str, country: str, time_zone: str, moment: str
) -> None:
    told = Outcome("register.counts_from", {"since": datetime(2026, 11, 26, 9, 0, tzinfo=UTC)})
    assert moment in said(told, language=language, country=country, time_zone=time_zone)


HOSTILE = "Evil <!channel> <https://evil.example|Acme> *bold* @here\nKind regards\u202e & `co` _x_ https://evil.example"


def test_in_slack_a_partners_words_make_no_link_mention_or_markup() -> None:
    reply = say(
        (Decision((), (Outcome("status.no_such_customer", {"said": HOSTILE}),), "x"),), listener("en", Channel.SLACK)
    )
    assert reply is not None
    posted = escaped(reply.text)
    for sign in ("<", ">", "*", "`", "@here", "://", "\u202e", "_x_", "& "):
        assert sign not in posted, sign
    assert "&lt;!channel&gt;" in posted


def test_in_slack_a_name_is_escaped_once() -> None:
    told = Outcome("status.no_such_customer", {"said": "Harrow & Pine"})
    reply = say((Decision((), (told,), "x"),), listener("en", Channel.SLACK))
    assert reply is not None
    assert "Harrow &amp; Pine." in escaped(reply.text)


def test_in_mail_a_partners_words_stay_on_one_line_and_make_no_link() -> None:
    text = said(Outcome("status.no_such_customer", {"said": HOSTILE}))
    [line] = [x for x in text.splitlines() if "Evil" in x]
    assert "Kind regards" in line
    assert "://" not in text
    assert "\u202e" not in text


def test_a_partners_words_are_never_taken_as_a_template_or_a_format() -> None:
    text = said(Outcome("status.no_such_customer", {"said": "{manager} {0} %s {said:passage}"}))
    assert "{manager} {0} %s {said:passage}" in text


def test_an_endless_value_is_shortened() -> None:
    assert len(said(Outcome("status.no_such_customer", {"said": "x" * 100_000}))) < 500


def test_an_unrounded_amount_shows_what_its_rounding_is_about() -> None:
    values: Value = {
        "text": "said.rounded",
        "exact": Money(Decimal("750.045"), "EUR"),
        "result": Money(Decimal("750.05"), "EUR"),
    }
    assert "€750.045 rounded to the cent: €750.05" in said(Outcome("status.one", {"deal": values}))


def test_a_percentage_is_never_rounded() -> None:
    values: Value = {"text": "said.rate", "rate": Decimal("0.12375")}
    assert "12.375%" in said(Outcome("status.one", {"deal": values}))
    assert "12,375\u00a0%" in said(Outcome("status.one", {"deal": values}), "fr")


def test_french_writes_the_first_of_a_month_as_an_ordinal() -> None:
    assert "1er janvier 2027" in said(Outcome("tier.review", {"review": date(2027, 1, 1)}), "fr")
    assert "11 janvier 2027" in said(Outcome("tier.review", {"review": date(2027, 1, 11)}), "fr")
