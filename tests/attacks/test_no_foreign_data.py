"""Whatever one partner asks, nothing of another one is decided on, said, or given away by a difference in the answer.

The world holds two partners. *Look up* gives the asker its own records only; here the other's are even left in, so that
the decisions themselves are shown to keep out what is not the asker's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.steps.decide import decide, decide_unproven
from bot.steps.say import Listener, say
from bot.vocabulary.facts import Facts
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import ThreadContext, ThreadKind
from bot.vocabulary.requests import FIELDS_OF, Finer, Intent, Request
from crm.money import Money
from crm.records import AmountBasis, Channel, RegistrationState, Stage
from tests.builders import contact, deal, draft, facts, partner, payment, program, reading, registration, request

OTHER = partner(id="p-2", name="Quillstone", tier="Elite", domains=("quillstone.example",), csat=Decimal("4.91"))
OTHERS_DEALS = (
    deal(
        id="h-77",
        number="D-7788",
        partner_id="p-2",
        customer="Zephyrine Marine",
        customer_domain="zephyrine.example",
        amount=Money(Decimal("987654.32"), "USD"),
        close_date=date(2029, 5, 17),
        next_step="Yacht show dinner",
    ),
    deal(id="h-78", number="D-7789", partner_id="p-2", customer="Acme GmbH", stage=Stage.WON),
)
OTHERS_REGISTRATIONS = (
    registration(
        number="D-7799",
        partner_id="p-2",
        contact_id="c-2",
        customer="Umbriel Freight",
        customer_domain="umbriel.example",
        contact_name="Wendeline Ostrander",
        amount=Decimal("456789.01"),
        state=RegistrationState.APPROVED,
        protected_until=date(2028, 8, 19),
    ),
    draft(
        number="D-7800", partner_id="p-2", contact_id="c-2", customer="Pallas Rail", customer_domain="pallas.example"
    ),
)
OTHERS_PAYMENTS = (payment(id="y-77", deal_id="h-77", partner_id="p-2", amount=Money(Decimal("123456.78"), "EUR")),)
SECRETS = (
    "Quillstone", "Zephyrine", "Umbriel", "Wendeline", "Ostrander", "Pallas", "Yacht", "D-7788", "D-7789", "D-7799",
    "D-7800", "987,654", "987.654", "456,789", "456.789", "123,456", "123.456", "4.91", "2029", "19 August 2028",
    "19 Aug 2028", "h-77",
)  # fmt: skip
NEVER_SHOWN = ("margin", "champion")
WORDS = st.sampled_from(
    ["Zephyrine Marine", "Umbriel Freight", "Pallas Rail", "Acme", "Nova Labs", "Quillstone", "zephyrine.example"]
)
REFERENCES = st.sampled_from(["D-7788", "7789", "d-7799", "D 7800", "D-1042", "D-2001", "D-0000", "S-2026-10"])
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "customer": WORDS,
    "customer_domain": st.sampled_from(["zephyrine.example", "umbriel.example", "acme.example", "nova.example"]),
    "deal_ref": REFERENCES,
    "statement_ref": st.sampled_from(["S-2026-10", "S-2026-09-USD"]),
    "contact_name": st.text(max_size=30),
    "contact_email": st.sampled_from(["a@zephyrine.example", "b@acme.example", "c@gmail.com", "nobody"]),
    "contact_phone": st.text(max_size=12),
    "amount": st.decimals(),
    "currency": st.sampled_from(["EUR", "USD", "SEK", "", "eur"]),
    "amount_basis": st.sampled_from(AmountBasis),
    "close_date": st.dates(),
    "products": st.lists(st.sampled_from(["Lumora Core", "Lumora Assist", "Onboarding Package", "x"])).map(tuple),
    "quantity": st.integers(),
    "term_months": st.integers(),
    "stage": st.sampled_from(Stage),
    "period": st.just("2026-10"),
    "invoice_number": st.text(max_size=12),
    "topic": st.one_of(WORDS, st.text(max_size=60)),
    "answer": st.sampled_from(["yes", "no", "maybe"]),
}


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Any intent with any of its fields, good, bad or missing, and any finer wish."""
    intent = draw(st.sampled_from(Intent))
    shape = FIELDS_OF[intent]
    chosen = {name: draw(st.none() | VALUES[name]) for name in shape.__dataclass_fields__}
    finer, source = draw(st.none() | st.sampled_from(Finer)), draw(st.just("") | REFERENCES | WORDS)
    return Request(intent, shape(**chosen), ask=draw(st.booleans()), finer=finer, source=source)


THREADS = st.sampled_from(
    [
        ThreadContext(),
        ThreadContext("t", ThreadKind.QUESTION, ("currency", "close_date"), "D-3001"),
        ThreadContext("t", ThreadKind.QUESTION, ("confirmation",), "D-7800"),
        ThreadContext("t", None, (), "D-7788"),
        ThreadContext("t", ThreadKind.QUESTION, ("withdrawal",), "D-7788", proposal='{"withdraw": "D-7788"}'),
        ThreadContext("t", ThreadKind.QUESTION, ("answer",), "D-7789"),
        ThreadContext("t", ThreadKind.STATEMENT, (), "S-2026-10"),
    ]
)


def own_world(**changes: Any) -> Facts:
    made = facts(deals=(deal(),), registrations=(registration(), draft()), payments=(payment(),))
    return replace(made, **changes)


def mixed_world(own: Facts) -> Facts:
    """The same facts with the other partner's records left in by mistake."""
    return replace(
        own,
        deals=(*own.deals, *OTHERS_DEALS),
        registrations=(*OTHERS_REGISTRATIONS, *own.registrations),
        payments=(*own.payments, *OTHERS_PAYMENTS),
    )


def spoken(world: Facts, wishes: list[Request], language: str) -> str:
    decisions = decide(reading(*wishes, language=language), world)
    reply = say(decisions, Listener(language, world.channel, "Sara Lind", "Lumora", "GB", "Europe/Brussels"))
    return reply.text.replace("\u00a0", " ") if reply else ""


def echoed(wishes: list[Request]) -> str:
    """What the sender said itself may come back to it."""
    return repr(wishes)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    wishes=st.lists(requests(), max_size=4),
    thread=THREADS,
    language=st.sampled_from(["en", "de", "fr", "nl", "es", "it"]),
    channel=st.sampled_from([Channel.EMAIL, Channel.SLACK]),
    outsiders=st.booleans(),
)
def test_records_of_another_partner_change_no_word_of_any_answer(
    wishes: list[Request], thread: ThreadContext, language: str, channel: Channel, outsiders: bool
) -> None:
    own = own_world(thread=thread, channel=channel, outsiders_read=outsiders)
    text = spoken(own, wishes, language)
    assert text == spoken(mixed_world(own), wishes, language)
    assert decide(reading(*wishes), own) == decide(reading(*wishes), mixed_world(own))
    for secret in (*SECRETS, *NEVER_SHOWN):
        assert secret not in text or secret.strip("D-") in echoed(wishes) or secret in echoed(wishes)


@settings(max_examples=200, deadline=None)
@given(intent=st.sampled_from(Intent), number=st.integers(1, 999_999), language=st.sampled_from(["en", "de", "es"]))
def test_a_foreign_number_is_answered_like_one_that_does_not_exist(intent: Intent, number: int, language: str) -> None:
    shape = FIELDS_OF[intent]
    if "deal_ref" not in shape.__dataclass_fields__ or number in (1042, 2001, 3001):
        return
    foreign, made_up = request(intent, deal_ref="D-7788"), request(intent, deal_ref=f"D-{number}")
    world = mixed_world(own_world())
    assert spoken(world, [foreign], language) == spoken(world, [made_up], language).replace(f"D-{number}", "D-7788")


@pytest.mark.parametrize("intent", [Intent.ASK_DEAL_STATUS, Intent.ASK_COMMISSION, Intent.REGISTER_DEAL])
@pytest.mark.parametrize(
    ("foreign", "made_up"), [("Zephyrine Marine", "Nonesuch Metals"), ("Umbriel Freight", "Unheard")]
)
def test_a_foreign_customer_is_answered_like_one_that_nobody_knows(intent: Intent, foreign: str, made_up: str) -> None:
    world = mixed_world(own_world())
    answer = spoken(world, [request(intent, customer=foreign)], "en")
    assert answer == spoken(world, [request(intent, customer=made_up)], "en").replace(made_up, foreign)


def test_a_registration_of_a_customer_that_another_partner_holds_is_received_like_any_other() -> None:
    """Whether it conflicts is decided later, by the vendor, in neutral words; the receipt gives nothing away."""
    taken = [
        request(Intent.REGISTER_DEAL, **_whole("Umbriel Freight", "umbriel.example")),
        request(Intent.ASK_COMMISSION, customer="Umbriel Freight"),
    ]
    free = [
        request(Intent.REGISTER_DEAL, **_whole("Unheard Freight", "unheard.example")),
        request(Intent.ASK_COMMISSION, customer="Unheard Freight"),
    ]
    said_free = spoken(mixed_world(own_world()), free, "en")
    assert spoken(mixed_world(own_world()), taken, "en") == said_free.replace("Unheard", "Umbriel").replace(
        "unheard", "umbriel"
    )


@settings(max_examples=150, deadline=None)
@given(wishes=st.lists(requests(), max_size=3), expected=st.booleans())
def test_who_is_not_proven_learns_nothing_not_even_whether_the_address_is_known(
    wishes: list[Request], expected: bool
) -> None:
    wish = reading(*wishes, answer_expected=expected)
    listener = Listener("en", Channel.EMAIL, "", "Lumora")
    answers = {
        reply.text if (reply := say(decide_unproven(identity, wish), listener)) else ""
        for identity in (
            Identity(Trust.UNKNOWN),
            Identity(Trust.CLAIMED, partner=partner(), contact=contact(), reason="no proof"),
            Identity(Trust.CLAIMED, partner=OTHER, reason="no proof"),
            Identity(Trust.CLAIMED, manager=program().managers[0]),
        )
    }
    assert len(answers) == 1
    for secret in (*SECRETS, "Brightpath", "Sara", "Noor", "Jonas"):
        assert secret not in next(iter(answers))


def test_the_secrets_would_be_seen_if_they_were_told() -> None:
    """The check above can fail: the other partner itself is told its own records."""
    theirs = facts(partner=OTHER, contact=contact(id="c-2", partner_id="p-2"), deals=OTHERS_DEALS,
                   registrations=OTHERS_REGISTRATIONS, payments=OTHERS_PAYMENTS)  # fmt: skip
    text = spoken(theirs, [request(Intent.ASK_DEAL_STATUS)], "en")
    assert {"Zephyrine", "Umbriel", "D-7788", "987,654", "19 Aug 2028", "Yacht"} <= {s for s in SECRETS if s in text}


def _whole(customer: str, domain: str) -> dict[str, Any]:
    return {
        "customer": customer,
        "customer_domain": domain,
        "contact_name": "Lena Braun",
        "contact_email": f"lena@{domain}",
        "amount": Decimal(36000),
        "currency": "EUR",
        "close_date": date(2027, 2, 26),
        "products": ("Lumora Insights",),
    }
