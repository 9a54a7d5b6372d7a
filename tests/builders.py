"""Records and facts with sane defaults, so that a test names only what it is about; today is 26 November 2026."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.vocabulary.facts import AnnouncementFact, Facts
from bot.vocabulary.message import ThreadContext
from bot.vocabulary.requests import FIELDS_OF, Intent, Reading, Request
from crm.money import Money
from crm.records import (
    AmountBasis,
    Channel,
    Contact,
    Deal,
    Partner,
    PartnerType,
    Payment,
    Registration,
    RegistrationState,
    Stage,
)
from knowledge.loading import load_program
from knowledge.program import Program

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=ZoneInfo("Europe/Brussels"))
TODAY = NOW.date()
FRESH = ("D-700001", "D-700002", "D-700003", "D-700004")
ANNOUNCEMENT = AnnouncementFact("a-1", "Partner day in Ghent", "Will you come?")


@cache
def program() -> Program:
    """The sample program as it is shipped."""
    return load_program(Path(__file__).parents[1] / "config" / "program")


def euro(amount: str | int) -> Money:
    return Money(Decimal(amount), "EUR")


def partner(**changes: Any) -> Partner:
    """Brightpath, a referral partner of tier Select looked after by Noor Haddad."""
    made = Partner(
        id="p-1",
        name="Brightpath",
        types=(PartnerType.REFERRAL,),
        tier="Select",
        domains=("brightpath.example",),
        manager_email="noor@lumora.example",
        csat=Decimal("4.4"),
        certified_people=2,
    )
    return replace(made, **changes)


def contact(**changes: Any) -> Contact:
    return replace(Contact("c-1", "p-1", "Sara Lind", "sara@brightpath.example", main=True), **changes)


def deal(**changes: Any) -> Deal:
    """An open deal of Brightpath: Acme GmbH, 100 seats of Core for a year."""
    made = Deal(
        id="h-1",
        number="D-1042",
        partner_id="p-1",
        customer="Acme GmbH",
        customer_domain="acme.example",
        products=("Lumora Core",),
        amount=euro(30000),
        amount_basis=AmountBasis.ANNUAL,
        stage=Stage.NEGOTIATION,
        close_date=date(2027, 1, 31),
        created_on=date(2026, 9, 1),
        quantity=100,
        term_months=12,
        next_step="Contract with legal",
        internal_notes="margin 40 %, champion is leaving",
    )
    return replace(made, **changes)


def registration(**changes: Any) -> Registration:
    """A complete registration of Brightpath that waits for its decision: Vega Foods, Insights."""
    made = Registration(
        number="D-2001",
        partner_id="p-1",
        contact_id="c-1",
        state=RegistrationState.SUBMITTED,
        customer="Vega Foods BV",
        customer_domain="vega.example",
        contact_name="Jan Smit",
        contact_email="jan@vega.example",
        amount=Decimal(45000),
        currency="EUR",
        amount_basis=AmountBasis.ANNUAL,
        close_date=date(2027, 3, 31),
        products=("Lumora Insights",),
        opened_at=NOW,
        submitted_at=NOW,
        decide_by=date(2026, 11, 30),
    )
    return replace(made, **changes)


def draft(**changes: Any) -> Registration:
    """A draft of Brightpath that lacks its currency and close date: Orion AG, Core."""
    gaps: dict[str, Any] = {
        "number": "D-3001",
        "state": RegistrationState.DRAFT,
        "customer": "Orion AG",
        "customer_domain": "orion.example",
        "contact_name": "Eva Kern",
        "contact_email": "eva@orion.example",
        "currency": "",
        "close_date": None,
        "products": ("Lumora Core",),
        "submitted_at": None,
        "decide_by": None,
    }
    return registration(**(gaps | changes))


def payment(**changes: Any) -> Payment:
    return replace(Payment("y-1", "h-1", "p-1", euro(10000), date(2026, 10, 5)), **changes)


def facts(**changes: Any) -> Facts:
    """What is known of Brightpath: nothing but itself, in a mail that starts a new thread."""
    made = Facts(
        partner=partner(),
        contact=contact(),
        deals=(),
        payments=(),
        registrations=(),
        program=program(),
        thread=ThreadContext(),
        channel=Channel.EMAIL,
        now=NOW,
        fresh_numbers=FRESH,
        manager=program().managers[0],
    )
    return replace(made, **changes)


def request(intent: Intent, *, ask: bool = False, **fields: Any) -> Request:
    """A request with the intent's own fields class."""
    return Request(intent, FIELDS_OF[intent](**fields), ask=ask)


def reading(*requests: Request, language: str = "en", answer_expected: bool = True) -> Reading:
    return Reading(language, requests, answer_expected)


def complete_deal(**changes: Any) -> Request:
    """A wish to register Nova Labs with everything that the program asks for."""
    said: dict[str, Any] = {
        "customer": "Nova Labs",
        "customer_domain": "novalabs.example",
        "contact_name": "Lena Braun",
        "contact_email": "lena@novalabs.example",
        "amount": Decimal(36000),
        "currency": "EUR",
        "amount_basis": AmountBasis.ANNUAL,
        "close_date": date(2027, 2, 26),
        "products": ("Lumora Core", "Lumora Insights"),
        "quantity": 80,
    }
    return request(Intent.REGISTER_DEAL, **(said | changes))
