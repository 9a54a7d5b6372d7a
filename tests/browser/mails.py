"""Mails as partners get them, for looking at: an answer with figures, a decision, an announcement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from bot.channels.email.look import look_of
from bot.channels.email.outlet import MailWriter
from bot.channels.email.own import own_addresses
from bot.channels.email.shown import shown
from bot.steps.say import Listener, say
from bot.vocabulary.decisions import Decision, Outcome, Value
from bot.vocabulary.layout import to_payload
from crm.records import Channel, RegistrationState, Stage
from tests.builders import NOW, euro, program

ROW = "6f1c2e9a-0000-4000-8000-000000000001"
ANNOUNCEMENT = """Lumora **Insights 3** is out on 7 December. What changes for you:

- forecasts by region, in the five languages
- a [price list](https://partners.lumora.example/prices?from=mail) that holds until June

## Margins until March

| Tier | Insights 3 | With Core |
| --- | ---: | ---: |
| Registered | 15 % | 17 % |
| Select | 17 % | 19 % |

> Register by 18 December and the protection runs for 120 days.

Will you come to the launch in Ghent? Just reply yes, no or maybe."""


def quote() -> tuple[Outcome, ...]:
    """What a deal earns, step by step, and where two deals stand."""
    steps: tuple[Value, ...] = (
        {"text": "said.base_list", "seats": 60, "price": euro(24), "months": 12, "base": euro(17280)},
        {"text": "said.rate", "rate": Decimal("0.15")},
        {"text": "said.tier_adds", "tier": "Select", "points": Decimal(2), "rate": Decimal("0.17")},
        {"text": "said.exact", "result": euro("2937.60")},
    )
    said: dict[str, Value] = {
        "result": euro("2937.60"),
        "deal": "D-104233",
        "plan": "Referral 2026",
        "version": "2026-01",
    }
    return Outcome("commission.quote", {**said, "steps": steps}), pipeline()


def pipeline(*customers: str, step: str = "Contract with legal") -> Outcome:
    """Where deals stand, each with all that can be known of it, and one of which little is."""
    named = customers or ("Acme GmbH", "Marram Coffee Roasters")
    deals: list[Value] = [deal(customer, step, f"D-{104233 + place}") for place, customer in enumerate(named)]
    little = {"text": "deal.status", "value": RegistrationState.SUBMITTED}
    deals.append({"text": "line.deal", "number": "D-318840", "customer": "Castle Row Hotels", "parts": (little,)})
    return Outcome("status.list", {"deals": tuple(deals)})


def deal(customer: str, step: str = "Contract with legal", number: str = "D-104233") -> dict[str, Value]:
    known: dict[str, Value] = {
        "status": Stage.NEGOTIATION,
        "amount": euro(30000),
        "close_date": date(2027, 1, 31),
        "protected_until": date(2027, 2, 16),
        "next_step": step,
    }
    parts = tuple({"text": f"deal.{name}", "value": value} for name, value in known.items())
    return {"text": "line.deal", "number": number, "customer": customer, "parts": parts}


def decision(customer: str = "Castle Row Hotels") -> tuple[Outcome, ...]:
    return (Outcome("decision.approved", {"number": "D-482130", "customer": customer, "until": date(2027, 2, 25)}),)


def answer_mail(language: str = "en", outcomes: tuple[Outcome, ...] = ()) -> EmailMessage:
    payload = {"subject": "D-104233", "in_reply_to": "<1@brightpath.example>", **_said(outcomes or quote(), language)}
    return _written("reply", payload)


def decision_mail(language: str = "en", customer: str = "Castle Row Hotels") -> EmailMessage:
    return _written("notice", {"subject": "Your registration D-482130", **_said(decision(customer), language)})


def announcement_mail(
    language: str = "en", subject: str = "Lumora Insights 3", text: str = ANNOUNCEMENT
) -> EmailMessage:
    return _written("announcement", {"subject": subject, "text": text, "language": language, "opt_out_token": "t0ken"})


def html_of(mail: EmailMessage) -> str:
    """Its HTML with the logo in it, as a mail program shows it."""
    return shown(mail.as_bytes()).html


def _said(outcomes: tuple[Outcome, ...], language: str) -> dict[str, object]:
    listener = Listener(language, Channel.EMAIL, "Sara Lind", "Lumora")
    reply = say([Decision((), outcomes, "answered")], listener)
    assert reply is not None
    return {"text": reply.text, "layout": to_payload(reply.layout), "language": language}


def _written(kind: str, payload: Mapping[str, object]) -> EmailMessage:
    vendor = program().vendor
    writer = MailWriter(
        own_addresses(vendor, ""), "https://agent.lumora.example", look_of(program().brand, vendor.name)
    )
    raw = writer.write(ROW, kind, {"to": "sara@brightpath.example", "reply_key": "0" * 32, **payload}, NOW)
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail
