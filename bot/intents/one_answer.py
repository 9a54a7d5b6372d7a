"""An answer to our question that is read in several parts: what belongs to the awaited draft is one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from bot.intents.customer import same_customer
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import DealFields, Intent, Request
from bot.vocabulary.web_domains import web_domain
from crm.records import Registration, RegistrationState

_PARTS = (Intent.PROVIDE_FIELD, Intent.REGISTER_DEAL)


def as_one_answer(requests: Sequence[Request], facts: Facts) -> tuple[Request, ...]:
    """The requests with the parts of one answer put together, at the place of the first.

    In a thread that waits for details of a draft, "register it with 70 seats" gives a detail: that the deal is to be
    registered was said before, so it need not be made sure again.
    """
    draft = _awaited(facts)
    if draft is None:
        return tuple(requests)
    parts = [r for r in requests if r.intent in _PARTS and r.row is None and _is_about(r.fields, draft)]
    if len(parts) < 2:
        return tuple(requests)
    whole = replace(parts[0], intent=Intent.PROVIDE_FIELD, fields=_joined(parts), ask=False)
    return tuple(whole if r is parts[0] else r for r in requests if r is parts[0] or r not in parts)


def _awaited(facts: Facts) -> Registration | None:
    if not facts.thread.asked:
        return None
    drafts = (r for r in facts.registrations if r.state is RegistrationState.DRAFT)
    return next((r for r in drafts if r.number == facts.thread.subject_ref), None)


def _is_about(said: Any, draft: Registration) -> bool:
    """Whether it names the draft's customer, or none."""
    if not isinstance(said, DealFields):
        return False
    name, domain = said.customer or "", web_domain(said.customer_domain or "")
    unnamed = not (name or domain) or not (draft.customer or draft.customer_domain)
    return unnamed or same_customer(name, domain, draft.customer, draft.customer_domain)


def _joined(parts: Sequence[Request]) -> DealFields:
    """Each field as the first part that has it says it."""
    given: dict[str, Any] = {}
    for part in parts:
        for field in fields(DealFields):
            value = getattr(part.fields, field.name)
            if value not in (None, ()):
                given.setdefault(field.name, value)
    return DealFields(**given)
