"""Taking a shared lead or leaving it, by what is decided alone; races are the deal desk's (see its tests)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.intents import answer_lead
from bot.intents.table import decider
from bot.vocabulary.decisions import AwaitFields, Decision, DeclineLead, SaveLead, SaveRegistration
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Question, ThreadContext, ThreadKind
from bot.vocabulary.requests import AnswerFields, Finer, Intent, NoFields, Request
from crm.records import Attribution, ContactRight, Lead, LeadSource, LeadState, Registration, RegistrationState
from tests.builders import NOW, contact, facts, registration

NUMBER = "L-12345678"
LEAD = Lead(
    NUMBER, LeadSource.VENDOR, LeadState.OFFERED, partner_id="p-1", customer="Globex",
    customer_domain="globex.example", contact_name="Jane Roe", contact_email="jane@globex.example",
    products=("Lumora Core",), amount=Decimal(9000), currency="EUR", quantity=40, country="DE",
    notes="Met at the fair.",
)  # fmt: skip
HERE = ThreadContext("t-1", ThreadKind.QUESTION, (Question.LEAD.value,), NUMBER)


def known(**changes: Any) -> Facts:
    return facts(**({"leads": (LEAD,), "received_at": NOW} | changes))


def says(finer: Finer, given: Facts, source: str = "", **more: Any) -> Decision:
    answer = AnswerFields("yes" if finer is Finer.ACCEPT_LEAD else "no")
    request = Request(Intent.ANSWER_ANNOUNCEMENT, answer, finer=finer, source=source, **more)
    return decider(request)(request, given)


def told(decision: Decision) -> tuple[str, ...]:
    return tuple(o.text for o in decision.outcomes)


def draft_of(decision: Decision) -> Registration | None:
    return next((c.registration for c in decision.commands if isinstance(c, SaveRegistration)), None)


def taken(decision: Decision) -> Lead | None:
    return next((c.lead for c in decision.commands if isinstance(c, SaveLead)), None)


@pytest.mark.parametrize("where", [{"source": NUMBER}, {"said": "we take l 12345678 gladly"}, {"thread": HERE}, {}])
def test_a_lead_is_taken_by_number_by_thread_or_as_the_only_one(where: dict[str, Any]) -> None:
    more = {k: v for k, v in where.items() if k != "thread"}
    decision = says(Finer.ACCEPT_LEAD, known(thread=where.get("thread", ThreadContext())), **more)
    mine = taken(decision)
    assert mine is not None
    assert (mine.state, mine.partner_id, mine.contact_id) == (LeadState.ACCEPTED, "p-1", "c-1")


def test_each_of_two_leads_in_one_sentence_gets_its_own_answer() -> None:
    other = replace(LEAD, number="L-23456789", customer="Initech", customer_domain="")
    both = known(leads=(LEAD, other))
    sentence = f"{NUMBER} nehmen wir, L-23456789 lehnen wir ab."
    kept = taken(says(Finer.ACCEPT_LEAD, both, NUMBER, said=sentence))
    assert kept is not None
    assert kept.number == NUMBER
    left = says(Finer.DECLINE_LEAD, both, "L-23456789", said=sentence)
    assert [c.lead_number for c in left.commands if isinstance(c, DeclineLead)] == ["L-23456789"]


@pytest.mark.parametrize(
    ("leads", "text"), [((LEAD,), "lead.shall_we_assign"), ((LEAD, replace(LEAD, number="L-2")), "lead.which")]
)
def test_who_speaks_of_a_lead_and_names_none_is_asked(leads: tuple[Lead, ...], text: str) -> None:
    spoken = Request(Intent.OTHER, NoFields())
    decision = decider(spoken)(spoken, known(leads=leads, words="Den Lead nehmen wir."))
    assert told(decision)[-1] == text
    assert taken(decision) is None


def test_in_the_thread_of_an_offer_a_question_about_it_is_only_passed_on() -> None:
    spoken = Request(Intent.OTHER, NoFields())
    decision = decider(spoken)(spoken, known(thread=HERE, words="Wie groß ist der Lead?"))
    assert "lead.shall_we_assign" not in told(decision)


def test_the_draft_knows_what_the_lead_knows_and_holds_its_time() -> None:
    draft = draft_of(says(Finer.ACCEPT_LEAD, known()))
    assert draft is not None
    assert (draft.state, draft.lead_number, draft.attribution) == (
        RegistrationState.DRAFT,
        NUMBER,
        Attribution.INFLUENCED,
    )
    for name in ("customer", "customer_domain", "contact_name", "contact_email", "products", "amount", "quantity"):
        assert getattr(draft, name) == getattr(LEAD, name)
    assert (draft.customer_country, draft.priority_at) == ("DE", NOW)


def test_what_the_registration_still_needs_is_asked_for() -> None:
    decision = says(Finer.ACCEPT_LEAD, known())
    [waits] = [c for c in decision.commands if isinstance(c, AwaitFields)]
    draft = draft_of(decision)
    assert draft is not None
    assert (waits.registration_number, waits.fields) == (draft.number, ("close_date",))


def test_contact_data_and_notes_are_figures_that_outsiders_do_not_read() -> None:
    decision = says(Finer.ACCEPT_LEAD, known())
    shown = {o.text: o.figures for o in decision.outcomes}
    assert shown["lead.contact"]
    assert shown["lead.notes"]
    assert not any("Jane" in str(o.values) for o in decision.outcomes if not o.figures)


def test_an_own_registration_for_the_customer_stands_instead_of_a_second_one() -> None:
    mine = registration(number="D-900001", customer="Globex", customer_domain="globex.example", products=LEAD.products)
    decision = says(Finer.ACCEPT_LEAD, known(registrations=(mine,)))
    assert taken(decision) is not None
    assert draft_of(decision) is None
    assert decision.deal_numbers == ("D-900001",)


def test_a_value_without_currency_is_left_to_be_asked_for() -> None:
    draft = draft_of(says(Finer.ACCEPT_LEAD, known(leads=(replace(LEAD, currency=""),))))
    assert draft is not None
    assert (draft.amount, draft.currency) == (None, "")


@pytest.mark.parametrize("finer", [Finer.ACCEPT_LEAD, Finer.DECLINE_LEAD])
@pytest.mark.parametrize("source", ["L-99999999", ""])
def test_what_is_not_open_changes_nothing(finer: Finer, source: str) -> None:
    assert says(finer, known(leads=()), source).commands == ()


def test_a_lead_that_was_referred_by_the_partner_is_not_offered_to_it() -> None:
    own = replace(LEAD, source=LeadSource.PARTNER, state=LeadState.NEW)
    assert says(Finer.ACCEPT_LEAD, known(leads=(own,)), NUMBER).commands == ()


def test_a_no_declines_it() -> None:
    decision = says(Finer.DECLINE_LEAD, known(), NUMBER)
    assert DeclineLead(NUMBER) in decision.commands
    assert told(decision) == ("lead.declined",)


def test_who_may_not_register_takes_none_and_reads_no_contact_data() -> None:
    reader = contact(main=False, rights=(ContactRight.SEE_DEALS,))
    decision = says(Finer.ACCEPT_LEAD, known(contact=reader, colleagues=(contact(),)))
    assert decision.commands == ()
    assert told(decision)[0] == "rights.register"


@pytest.mark.parametrize("source", [NUMBER, ""])
def test_who_may_not_take_a_lead_does_not_give_it_away_either(source: str) -> None:
    reader = contact(main=False, rights=(ContactRight.SEE_DEALS,))
    decision = says(Finer.DECLINE_LEAD, known(contact=reader, colleagues=(contact(),)), source)
    assert decision.commands == ()
    assert told(decision)[0] == "rights.register"


def test_a_plain_yes_counts_for_the_thread_and_a_stale_one_for_nothing() -> None:
    yes = answer_lead.answered(True, known(thread=HERE))
    assert yes is not None
    assert taken(yes) is not None
    stale = answer_lead.answered(True, known(thread=HERE, leads=()))
    assert stale is not None
    assert (taken(stale), told(stale)) == (None, ("lead.gone",))


@pytest.mark.parametrize(
    ("address", "domain"), [("jane@shop.globex.example", "globex.example"), ("jane@gmail.com", ""), ("", "")]
)
def test_the_customers_domain_follows_from_the_contacts_address(address: str, domain: str) -> None:
    shared = replace(LEAD, customer_domain="", contact_email=address)
    opened = draft_of(says(Finer.ACCEPT_LEAD, known(leads=(shared,))))
    assert opened is not None
    assert opened.customer_domain.endswith(domain)
    assert bool(opened.customer_domain) is bool(domain)
