"""Menus below a question: of several things that may be meant, or of products, each of them to be pressed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from types import MappingProxyType

from bot.intents.phrases import text
from bot.vocabulary.decisions import AwaitFields, Decision, Offer, Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import (
    AnswerFields,
    DealFields,
    DisputeDetails,
    Finer,
    Intent,
    InvoiceFields,
    PayoutFields,
    PersonFields,
    Request,
    StatusFields,
    UpdateFields,
)
from knowledge.program import Program

_MOST_PRODUCTS = 25  # in a menu of products and of those that go together: whoever wants more of them types
_DEALS: Mapping[str, str] = MappingProxyType(
    {"update.which": "deals", "extend.which": "deals", "withdraw.which": "registrations"}
)
"""Questions which deal is meant, by the value that lists them in the order of the decision's numbers."""
Line = Mapping[str, Value]


def with_menus(request: Request, decision: Decision, facts: Facts) -> Decision:
    """Where it is asked what the request means, each of the answers with the same request about it."""
    told = tuple(_with_menu(request, decision, outcome, facts) for outcome in decision.outcomes)
    return decision if told == decision.outcomes else replace(decision, outcomes=told)


def _with_menu(request: Request, decision: Decision, outcome: Outcome, facts: Facts) -> Outcome:
    if outcome.text in _DEALS:
        offers = _deals(request, decision, outcome)
    elif outcome.text == "register.missing":
        offers = _products(facts.program) if _waits_for_products(decision, facts) else ()
    else:
        offers = tuple(_each(request, outcome)) if outcome.text in _LISTED else ()
    return replace(outcome, offers=(*outcome.offers, *offers)) if offers else outcome


def _each(request: Request, outcome: Outcome) -> Iterator[Offer]:
    listed, meant = _LISTED[outcome.text]
    lines = outcome.values.get(listed)
    for line in lines if isinstance(lines, tuple) else ():
        if isinstance(line, Mapping) and (offer := meant(request, outcome, line)) is not None:
            yield offer


def _deals(request: Request, decision: Decision, asked: Outcome) -> tuple[Offer, ...]:
    listed = asked.values.get(_DEALS[asked.text])
    if not isinstance(request.fields, UpdateFields | StatusFields) or len(decision.outcomes) != 1:
        return ()
    if not isinstance(listed, tuple) or len(listed) != len(decision.deal_numbers):
        return ()
    about = [
        (called, replace(request, fields=replace(request.fields, deal_ref=number, customer=None)))
        for number, called in zip(decision.deal_numbers, listed, strict=True)
    ]
    return tuple(_this(called, meant) for called, meant in about)


def _this(called: Value, meant: Request) -> Offer:
    return Offer(text("choice.this", deal=called), text("say.this", deal=called), (meant,))


def _waits_for_products(decision: Decision, facts: Facts) -> bool:
    """Where nothing else is asked for now, the thread goes on waiting for what it waited for."""
    waits = [command.fields for command in decision.commands if isinstance(command, AwaitFields)]
    return "products" in (waits[-1] if waits else facts.thread.asked)


def _products(program: Program) -> tuple[Offer, ...]:
    """Each product, and those that may go together, the fewest first."""
    names = tuple(product.name for product in program.products)
    found: list[tuple[str, ...]] = []
    for size in range(1, len(names) + 1):
        together = list(combinations(names, size))
        if len(found) + len(together) > _MOST_PRODUCTS and size > 1:
            break
        found += together
    return tuple(
        Offer(
            text("choice.products", products=some), text("say.products", products=some),
            (Request(Intent.PROVIDE_FIELD, DealFields(products=some)),), answers=True, prompt="choice.pick_products",
        )
        for some in found
    )  # fmt: skip


def _draft(request: Request, _asked: Outcome, line: Line) -> Offer | None:
    """Drafts are told apart by their customers; one that has none, or is one of several for one, is told in words."""
    customer, products = line.get("customer"), line.get("products")
    if not isinstance(request.fields, DealFields) or not isinstance(customer, str) or not customer:
        return None
    said = replace(request.fields, customer=customer, customer_domain=None)
    if isinstance(products, tuple) and not said.products:
        said = replace(said, products=tuple(str(product) for product in products))
    meant = replace(request, intent=Intent.PROVIDE_FIELD, fields=said)
    return Offer(line, text("say.this", deal=customer), (meant,))


def _person(request: Request, _asked: Outcome, line: Line) -> Offer | None:
    who = PersonFields(str(line.get("name", "")), str(line.get("address", "")))
    words = text("say.this", deal=text("choice.person", name=who.name or "", address=who.email or ""))
    return Offer(line, words, (replace(request, fields=who),))


def _lead(request: Request, _asked: Outcome, line: Line) -> Offer:
    """Left where that was said, else taken: both are offered by the question which of them is meant."""
    number, left = str(line.get("number", "")), request.finer is Finer.DECLINE_LEAD
    meant = Request(
        Intent.ANSWER_ANNOUNCEMENT, AnswerFields("no" if left else "yes"), said=number,
        finer=Finer.DECLINE_LEAD if left else Finer.ACCEPT_LEAD,
    )  # fmt: skip
    return Offer(line, text("say.leave_lead" if left else "say.take_lead", lead=number), (meant,))


def _statement(_request: Request, _asked: Outcome, line: Line) -> Offer | None:
    number = str(line.get("number", ""))
    meant = Request(Intent.ASK_PAYOUT, PayoutFields(statement_ref=number))
    return Offer(text("choice.this", deal=number), text("say.statement", statement=number), (meant,))


def _invoiced(request: Request, _asked: Outcome, line: Line) -> Offer | None:
    number = str(line.get("number", ""))
    said = request.fields if isinstance(request.fields, InvoiceFields) else InvoiceFields()
    meant = Request(Intent.SUBMIT_INVOICE, replace(said, statement_ref=number))
    return Offer(line, text("say.invoice_for", statement=number), (meant,), answers=True)


def _disputed(request: Request, asked: Outcome, line: Line) -> Offer | None:
    statement, place = str(asked.values.get("statement", "")), line.get("place")
    if not isinstance(place, int):
        return None
    meant = replace(request, fields=DisputeDetails(statement_ref=statement, lines=(place,)), ask=False)
    return Offer(
        line, text("say.dispute_line", place=place, statement=statement), (meant,), answers=True,
    )  # fmt: skip


def _of_deal(request: Request, _asked: Outcome, line: Line) -> Offer | None:
    """A line of money by its deal; one without a deal is told in words."""
    deal = line.get("deal")
    number = deal.get("number") if isinstance(deal, Mapping) else None
    if not isinstance(number, str) or not number:
        return None
    meant = replace(request, fields=DisputeDetails(deal_refs=(number,)), ask=False)
    return Offer(line, text("say.this", deal=number), (meant,))


_LISTED: Mapping[str, tuple[str, Callable[[Request, Outcome, Line], Offer | None]]] = MappingProxyType(
    {
        "provide.which": ("drafts", _draft),
        "people.which": ("people", _person),
        "lead.which": ("leads", _lead),
        "payout.statements": ("statements", _statement),
        "invoice.which": ("statements", _invoiced),
        "dispute.which": ("lines", _disputed),
        "dispute.withdraw_which": ("lines", _of_deal),
        "commission.why_which": ("lines", _of_deal),
    }
)
"""By the question, the value that lists what may be meant, and what one line of it means."""
