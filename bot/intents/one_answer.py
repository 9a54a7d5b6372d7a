"""An answer to our question that is read in several parts: what belongs to the awaited draft is one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from bot.intents import ask_program
from bot.intents.customer import same_customer
from bot.intents.own_deals import by_number
from bot.intents.under_review import asked_back
from bot.vocabulary.company_names import name_key
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Question
from bot.vocabulary.requests import AnswerFields, DealFields, Finer, Intent, Request, UpdateFields
from bot.vocabulary.web_domains import web_domain
from crm.records import Deal, Registration, RegistrationState, Stage

_PARTS = (Intent.PROVIDE_FIELD, Intent.REGISTER_DEAL, Intent.UPDATE_DEAL)
_ANSWERS = (*_PARTS, Intent.OTHER, Intent.ANSWER_ANNOUNCEMENT)
_YES_OR_NO = (Finer.CONFIRM, Finer.DENY)


def as_one_answer(requests: Sequence[Request], facts: Facts) -> tuple[Request, ...]:
    """The requests with the parts of one answer put together, at the place of the first.

    In a thread that waits for details of a draft, "register it with 70 seats" gives a detail: that the deal is to be
    registered was said before, so it need not be made sure again. Where a manager asked back, whatever is said of that
    deal, and whatever is nothing else, is the answer to him.
    """
    requests = _without_echoes(_without_its_reason(requests))
    if (asked := asked_back(facts)) is not None:
        requests = [_of_no_other_deal(r, facts) for r in requests]
        parts = [r for r in requests if _answers(r, asked, facts)]
        return _as_one(requests, parts) if parts else tuple(requests)
    draft = _awaited(facts)
    if draft is None:
        return tuple(requests)
    parts = [r for r in requests if _gives_details(r, draft, facts)]
    if facts.thread.question is Question.REGISTER and (settled := _whether_to_register(requests, parts)):
        return settled
    alone = len(parts) == 1 and parts[0].intent is not Intent.UPDATE_DEAL
    return tuple(requests) if alone or not parts else _as_one(requests, parts)


def _whether_to_register(requests: Sequence[Request], parts: Sequence[Request]) -> tuple[Request, ...]:
    """Details say yes as well; a wish that says nothing beside the yes is the yes once more. "No, 60 seats" corrects
    and says neither, so that it is asked again. Empty where nothing of this was said.
    """
    agreed, denied = ([r for r in requests if _says(r, answer)] for answer in ("yes", "no"))
    if not parts or _joined(parts) == DealFields():
        return tuple(r for r in requests if r not in parts) if parts and agreed else ()
    left = _as_one([r for r in requests if r not in (*agreed, *denied)], parts)
    return tuple(replace(r, ask=True) if denied and r.intent is Intent.PROVIDE_FIELD else r for r in left)


def _says(request: Request, answer: str) -> bool:
    finer = {"yes": Finer.CONFIRM, "no": Finer.DENY}[answer]
    return request.finer is finer or (isinstance(request.fields, AnswerFields) and request.fields.answer == answer)


def _without_its_reason(requests: Sequence[Request]) -> Sequence[Request]:
    """A loss beside the wish to withdraw says why it is wished: "withdraw Acme, they gave the project up". Where we
    waited for details and none came, the wish itself is the answer.
    """
    if not any(r.finer is Finer.WITHDRAW for r in requests):
        return requests
    withdrawn = [r.fields for r in requests if r.finer is Finer.WITHDRAW]
    told = [r for r in requests if r.intent is not Intent.PROVIDE_FIELD or r.fields != DealFields()]
    return [r for r in told if not (_is_unsure_loss(r) and any(_same_deal(r.fields, w) for w in withdrawn))]


def _without_echoes(requests: Sequence[Request]) -> Sequence[Request]:
    """A customer that the message says something else of is no contact at another: "Pelmet Dairies signed today"."""
    named = {name_key(said) for r in requests if (said := getattr(r.fields, "customer", None))}
    return [r for r in requests if not (r.intent is Intent.PROVIDE_FIELD and _is_echo(r.fields, named))]


def _is_echo(said: Any, named: set[str]) -> bool:
    if not isinstance(said, DealFields) or not said.contact_name:
        return False
    return replace(said, contact_name=None) == DealFields() and name_key(said.contact_name) in named


def _is_unsure_loss(request: Request) -> bool:
    said = request.fields
    return request.ask and isinstance(said, UpdateFields) and said.stage is Stage.LOST and request.finer is None


def _same_deal(loss: Any, withdrawn: Any) -> bool:
    """Whether both name the same customer and number, where both name one."""
    pairs = ((getattr(loss, n, None), getattr(withdrawn, n, None)) for n in ("customer", "deal_ref"))
    return all(not (one and other) or one == other for one, other in pairs)


def _as_one(requests: Sequence[Request], parts: Sequence[Request]) -> tuple[Request, ...]:
    whole = replace(parts[0], intent=Intent.PROVIDE_FIELD, fields=_joined(parts), finer=None, ask=False)
    return tuple(whole if r is parts[0] else r for r in requests if r is parts[0] or r not in parts)


def _gives_details(request: Request, draft: Registration, facts: Facts) -> bool:
    return (
        request.intent in _PARTS and request.finer is None and request.row is None and _is_about(request, draft, facts)
    )


def _answers(request: Request, asked: Registration, facts: Facts) -> bool:
    """A yes or no is the answer where we ourselves asked for none."""
    said_yes_or_no = request.finer in _YES_OR_NO or request.intent is Intent.ANSWER_ANNOUNCEMENT
    if said_yes_or_no:
        return facts.thread.question is None and facts.announcement is None
    if request.finer is not None or request.row is not None:
        return False
    if request.intent is Intent.ASK_PROGRAM:
        return not ask_program.has_answer(request, facts)  # "how do you mean that?"
    if request.intent not in _ANSWERS:
        return False
    return not isinstance(request.fields, DealFields | UpdateFields) or _is_about(request, asked, facts)


def _of_no_other_deal(request: Request, facts: Facts) -> Request:
    """A company that is no customer of the partner's names no other deal where a manager asked: "the competitor is
    Northwind" is his answer.
    """
    said = request.fields
    if request.intent is not Intent.PROVIDE_FIELD or not isinstance(said, DealFields):
        return request
    name, domain = said.customer or "", web_domain(said.customer_domain or "")
    known: tuple[Deal | Registration, ...] = (*facts.deals, *facts.registrations)
    if any(same_customer(name, domain, x.customer, x.customer_domain) for x in known):
        return request
    return replace(request, fields=replace(said, customer=None, customer_domain=None))


def _awaited(facts: Facts) -> Registration | None:
    if not facts.thread.asked:
        return None
    drafts = (r for r in facts.registrations if r.state is RegistrationState.DRAFT)
    return next((r for r in drafts if r.number == facts.thread.subject_ref), None)


def _is_about(request: Request, registration: Registration, facts: Facts) -> bool:
    """Whether it says something of the registration's customer, or of none; a new stage is news of a deal."""
    said = request.fields
    known = bool(registration.customer or registration.customer_domain)
    if isinstance(said, UpdateFields):
        meant = by_number(facts, said.deal_ref) if said.deal_ref else None
        if said.stage is not None or (said.deal_ref and (meant is None or meant.number != registration.number)):
            return False
        return not said.customer or (known and _same(said.customer, "", registration))
    if not isinstance(said, DealFields):
        return False
    name, domain = said.customer or "", web_domain(said.customer_domain or "")
    return not (name or domain) or not known or _same(name, domain, registration)


def _same(name: str, domain: str, registration: Registration) -> bool:
    return same_customer(name, domain, registration.customer, registration.customer_domain)


def _joined(parts: Sequence[Request]) -> DealFields:
    """Each field as the first part that has it says it."""
    given: dict[str, Any] = {}
    for part in parts:
        for field in fields(DealFields):
            value = getattr(part.fields, field.name, None)
            if value not in (None, ()):
                given.setdefault(field.name, value)
    return DealFields(**given)
