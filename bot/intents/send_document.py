"""A document that is asked for again: a statement, or the page that tells how the program pays."""

from __future__ import annotations

from collections.abc import Iterator

from bot.documents.plan_page import page_sheet
from bot.intents import hand_over, rights, statements_told
from bot.intents.ask_commission import rates_told
from bot.intents.ask_payout import months_of, no_such_statement
from bot.intents.own_money import live, statement_named
from bot.vocabulary.decisions import Decision, DocumentKind, Outcome, SendDocument
from bot.vocabulary.facts import Facts
from bot.vocabulary.money import MoneyFacts
from bot.vocabulary.requests import Request
from crm.records import Channel, Contact, ContactRight, language_of
from knowledge.commission.statement import Statement

_MOST = 3


def statement(request: Request, facts: Facts) -> Decision:
    """The one that is named, that of the period, that of the thread, else the latest."""
    refused = rights.statements_refused(facts)
    if refused or facts.money is None:
        return refused or hand_over.decide(request, facts)
    said = getattr(request.fields, "statement_ref", None)
    found = _wanted(request, facts, facts.money)
    if not found:
        return no_such_statement(said) if said else _none()
    if unsendable := _where(facts):
        return Decision((), (unsendable,), "document_not_sent")
    commands = tuple(SendDocument(DocumentKind.STATEMENT, s.id, _language(facts)) for s in found)
    told = tuple(statements_told.one(s, facts.money, facts) for s in found)
    return Decision(commands, (_announced(facts), *told), "statement_sent")


def plan(request: Request, facts: Facts) -> Decision:
    """The page of the partner's plans, with what they pay in short."""
    refused = rights.refused(ContactRight.SEE_COMMISSION, facts)
    if refused:
        return refused
    rates = rates_told(facts)
    if not rates:
        return hand_over.decide(request, facts)
    if facts.outsiders_read:
        return Decision((), (Outcome("document.outsiders"), *rates), "document_not_sent")
    if facts.channel is Channel.SLACK:
        return Decision((), tuple(_page(facts)), "plan_told")
    command = SendDocument(DocumentKind.PLAN, "", _language(facts))
    return Decision((command,), (Outcome("document.plan_attached"), *rates), "plan_sent")


def _page(facts: Facts) -> Iterator[Outcome]:
    """The whole page where nothing can be attached: each part with all that stands in it."""
    partner, day = facts.partner, facts.now.date()
    sheet, _ = page_sheet(
        facts.program, partner.types, partner.tier, _language(facts), day, partner.country, partner.plan
    )
    yield Outcome("document.plan_here", {"title": sheet.title, "facts": sheet.facts}, figures=True)
    for part in sheet.parts:
        points = (*part.points, *(f"{word} {meaning}" for word, meaning in part.pairs))
        body = "\n".join((*part.sentences, *(f"• {point}" for point in points), part.end))
        yield Outcome("document.plan_part", {"title": part.title, "body": body}, figures=True)


def _wanted(request: Request, facts: Facts, money: MoneyFacts) -> tuple[Statement, ...]:
    if said := getattr(request.fields, "statement_ref", None):
        named = statement_named(money, said)
        return (named,) if named else ()
    if months := months_of(getattr(request.fields, "period", None)):
        return tuple(s for s in live(money) if s.period in months)[:_MOST]
    here = statement_named(money, facts.thread.subject_ref)
    return (here,) if here else live(money)[:1]


def _where(facts: Facts) -> Outcome | None:
    """Why nothing can be sent: others would read it, or nobody is known to send it to; None where it can."""
    if facts.outsiders_read:
        return Outcome("document.outsiders")
    if facts.channel is Channel.SLACK and _finance(facts) is None:
        return Outcome("document.no_address")
    return None


def _announced(facts: Facts) -> Outcome:
    """Attached to the answer; what is asked for in Slack goes to the partner's finance contact."""
    finance = _finance(facts)
    if facts.channel is Channel.SLACK and finance is not None:
        return Outcome("document.statement_mailed", {"address": finance.email}, figures=True)
    return Outcome("document.statement_attached")


def _finance(facts: Facts) -> Contact | None:
    """The partner's finance contact, without one its main contact."""
    active = [c for c in facts.colleagues if c.active and c.email]
    named = next((c for c in active if c.id == facts.partner.finance_contact_id), None)
    return named or next((c for c in active if c.main), None)


def _language(facts: Facts) -> str:
    return facts.language or language_of(facts.contact, facts.partner)


def _none() -> Decision:
    return Decision((), (Outcome("payout.no_statements", figures=True),), "statement_unknown")
