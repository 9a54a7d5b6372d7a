"""Where one deal, or all of the partner's deals, stand."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import cast

from bot.intents import ask_tier
from bot.intents.customer import may_mean
from bot.intents.draft import at_once, missing
from bot.intents.leads import lead_status, with_referred
from bot.intents.own_deals import OwnDeal, by_customer, by_number, numbers_of, of_thread, pipeline
from bot.intents.phrases import deal_line, field_names, table_line, text
from bot.intents.refusals import told_again
from bot.intents.rights import refused
from bot.vocabulary.decisions import AwaitFields, Decision, Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Request, StatusFields
from crm.records import Channel, ContactRight, Registration, RegistrationState

_SEVERAL = re.compile(
    r"\b(?:deals|registrations|opportunities|pipeline|affaires|enregistrements|dossiers|registrierungen|registraties|"
    r"oportunidades|registros)\b",
    re.IGNORECASE,
)
"""Who asks for several in the thread of one asks for all."""
_OPEN = re.compile(
    r"\b(?:open|active|running|offene[nrs]?|laufende[nrs]?|openstaande|lopende)(?:\W+\w+){0,2}?\W+"
    r"(?:deals|registrations|opportunities|registrierungen|registraties)\b|"
    r"\b(?:deals|registrations|opportunities|registrierungen|registraties)(?:\W+\w+){0,6}?\W+"
    r"(?:open|active|running|offen|open ?staan)\b|"
    r"\b(?:affaires|enregistrements|dossiers)(?:\W+[\w-]+){0,6}?\W+(?:en cours|ouverte?s|actives?|actifs)\b|"
    r"\b(?:oportunidades|registros)(?:\W+\w+){0,6}?\W+(?:abiert[oa]s|en curso|activ[oa]s)\b",
    re.IGNORECASE,
)
"""Who asks for the open ones wants no others."""
_TOGETHER = re.compile(r"\s*,\s*(?:and\s+)?|\s+(?:and|und|et|en|y|e|&)\s+", re.IGNORECASE)
_MOST = {Channel.SLACK: 10}
_MOST_ELSEWHERE = 25


def decide(request: Request, facts: Facts) -> Decision:
    wanted = cast("StatusFields", request.fields)
    if no := refused(ContactRight.SEE_DEALS, facts):
        return no
    if wanted.deal_ref:
        deal = by_number(facts, wanted.deal_ref)
        return told((deal,), facts) if deal else lead_status(facts, wanted.deal_ref) or no_such_deal(wanted.deal_ref)
    if ask_tier.is_named(wanted.customer, facts):
        return ask_tier.decide(request, facts)
    if wanted.customer and (found := _of_customer(wanted.customer, facts)):
        return found
    here = None if _SEVERAL.search(facts.words) else of_thread(facts)
    if here is None and (lead := lead_status(facts)):
        return lead
    return told((here,), facts) if here else _all(facts)


def _all(facts: Facts) -> Decision:
    """It is about what is open: a list of all is no news on the timeline of what was won or lost long ago."""
    deals = pipeline(facts)
    open_ones = tuple(deal for deal in deals if deal.open)
    if open_ones and _OPEN.search(facts.words):
        return told(open_ones, facts, only_open=True)
    listed = told(deals, facts)
    still = numbers_of(open_ones)
    about = tuple(number for number in listed.deal_numbers if number in still)
    return replace(listed, deal_numbers=about or listed.deal_numbers)


def _of_customer(said: str, facts: Facts) -> Decision | None:
    """The deals with a customer; None where the partner names itself, as in "all deals of ours at Brightpath"."""
    if deals := by_customer(facts, said):
        return with_referred(told(deals, facts), facts, said)
    if lead := lead_status(facts, said):
        return lead
    if deals := _of_each(said, facts):
        return told(deals, facts)
    return None if may_mean(said, facts.partner.name, "") else no_such_customer(said)


def _of_each(said: str, facts: Facts) -> tuple[OwnDeal, ...]:
    """The deals of several customers that were named together; none where one of them has none."""
    found = [by_customer(facts, name) for name in _TOGETHER.split(said)]
    return tuple(dict.fromkeys(deal for deals in found for deal in deals)) if all(found) else ()


def told(deals: tuple[OwnDeal, ...], facts: Facts, *, only_open: bool = False) -> Decision:
    """One deal with all that is known of it, several as a table of the first ones."""
    if not deals:
        return Decision((), (Outcome("status.none"),), "status_told")
    if len(deals) == 1:
        waits, what_next = _what_next(deals[0], facts)
        return Decision(waits, (one(deals[0]), *what_next), "status_told", numbers_of(deals))
    shown = deals[: _MOST.get(facts.channel, _MOST_ELSEWHERE)]
    values: dict[str, Value] = {"deals": tuple(map(table_line, shown)), "count": len(deals), "shown": len(shown)}
    whole, part = ("open_list", "first_of_open") if only_open else ("list", "first_of_list")
    key = f"status.{whole if len(shown) == len(deals) else part}"
    return Decision((), (Outcome(key, values, figures=True),), "status_told", numbers_of(shown))


def one(deal: OwnDeal) -> Outcome:
    return Outcome("status.one", {"deal": deal_line(deal)}, figures=True)


def _what_next(deal: OwnDeal, facts: Facts) -> tuple[tuple[AwaitFields, ...], tuple[Outcome, ...]]:
    """What a registration that is no deal yet waits for: the partner's details or answer, or our decision; or why it
    was refused. What the partner owes may be given in this very conversation, unless that waits for something else.
    """
    found = next((r for r in facts.registrations if r.number == deal.number and deal.stage is None), None)
    if found is None:
        return (), ()
    if found.state is RegistrationState.DECLINED:
        return (), told_again(found, facts.program.deal_rules)
    if found.state is RegistrationState.SUBMITTED and found.decide_by is not None:
        return (), (Outcome("register.decision_again", {"decide_by": found.decide_by}, figures=True),)
    lacking = missing(found, facts.program) if found.state is RegistrationState.DRAFT else ()
    asked = at_once(lacking, in_slack=facts.channel is Channel.SLACK)
    free = not facts.thread.asked and facts.may(ContactRight.REGISTER)
    waits = (AwaitFields(found.number, asked),) if free else ()
    if lacking:
        return waits, (Outcome("register.missing", {"missing": field_names(asked)}),)
    if found.state is RegistrationState.NEEDS_INFO:
        return waits, (question_open(found),)
    return (), ()


def question_open(asked: Registration) -> Outcome:
    """What a manager asked about a registration and nobody has answered yet."""
    about = text("line.named", number=asked.number, customer=asked.customer)
    return Outcome("status.question", {"deal": about, "question": asked.question}, figures=True)


def no_such_deal(said: str) -> Decision:
    """The same words for what is somebody else's and for what does not exist."""
    return _unknown("status.no_such_deal", said)


def no_such_customer(said: str) -> Decision:
    return _unknown("status.no_such_customer", said)


def _unknown(key: str, said: str) -> Decision:
    return Decision((), (Outcome(key, {"said": said}),), "status_unknown")
