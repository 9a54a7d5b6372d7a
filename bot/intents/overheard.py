"""Overheard: whether what somebody says in a channel, to nobody by name, is the agent's business; pure.

Two companies talk to each other there. What is theirs gets no answer, so a wish counts only where it is plain, and
where it is asked for: who tells a colleague what he is going to do asks nothing of the agent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from types import MappingProxyType

from bot.intents.spoken import Spoken
from bot.vocabulary.requests import (
    DealFields,
    DisputeFields,
    Intent,
    Reading,
    Request,
    UpdateFields,
)
from crm.records import Stage

_BEYOND_DOUBT = 0.93
_OF_OWN_DEALS = 0.5
_NEVER = 2.0


def concerns_agent(
    reading: Reading,
    text: str,
    *,
    names: Collection[str] = (),
    attached: Collection[object] = (),
    asked: Collection[str] = (),
) -> bool:
    """Whether one wish at least is the agent's business beyond doubt.

    `names` are those of the vendor and its products, `attached` the files that came with the message, `asked` what the
    agent waits for in the thread.
    """
    if not reading.answer_expected:
        return False
    said = Spoken(text, names, attached=bool(attached), asked=bool(asked))
    return any(_plain(request, said) for request in reading.requests)


def _plain(request: Request, said: Spoken) -> bool:
    rule = _RULES.get(request.intent)
    return rule is not None and rule(request, said) and not said.own_doing(request)


def _question(request: Request, said: Spoken) -> bool:
    """About the partner's own: it need not be worded as a question where it can hardly be anything else."""
    return request.confidence >= (_LEAST[request.intent] if said.asks else _BEYOND_DOUBT)


def _of_deals(request: Request, said: Spoken) -> bool:
    """Who asks for all deals of his own names none of them, so that the reader is less sure."""
    if said.of_own_deals and said.talks_over:
        return False
    return _question(request, said) or (said.asks and said.of_own_deals and request.confidence >= _OF_OWN_DEALS)


def _of_rates(request: Request, said: Spoken) -> bool:
    return _question(request, said) or said.of_wrong_rate


def _of_program(request: Request, said: Spoken) -> bool:
    return said.asks and said.of_program and request.confidence >= 0.7


def _of_courses(request: Request, said: Spoken) -> bool:
    return said.asks and said.of_course and request.confidence >= 0.5


def _for_a_person(request: Request, said: Spoken) -> bool:
    """People read the channel anyway: only who says in so many words that he wants one is passed on."""
    return said.of_person and request.confidence >= 0.93


def _details(request: Request, said: Spoken) -> bool:
    """What the agent asked for is given; a bare yes or no may be for the person who spoke last."""
    given = any(getattr(request.fields, field.name) not in (None, ()) for field in fields(request.fields))
    return said.asked and given and request.confidence >= 0.7


def _leads(request: Request, _said: Spoken) -> bool:
    return request.confidence >= 0.65


def _stops(request: Request, _said: Spoken) -> bool:
    return request.confidence >= 0.9


def _registers(request: Request, said: Spoken) -> bool:
    """A deal to be registered is named, or is asked for in so many words."""
    named = isinstance(request.fields, DealFields) and request.fields.customer is not None
    return request.confidence >= (0.3 if said.pleads else 0.4 if named else _NEVER)


def _updates(request: Request, said: Spoken) -> bool:
    """A deal is named, by its number or its customer; or it is won, lost, or to be changed, whichever it is."""
    told = request.fields
    if not isinstance(told, UpdateFields):
        return False
    if told.deal_ref is not None:
        return request.confidence >= 0.3
    if said.of_occasion(request):
        return False
    if not (told.stage or told.close_date or told.amount or request.finer):
        return False
    turned = told.stage in (Stage.WON, Stage.LOST, Stage.ON_HOLD)
    plain = turned or (said.pleads and (told.close_date or told.amount))
    named = 0.5 if turned else 0.6
    return request.confidence >= (named if told.customer else 0.75 if plain else _NEVER)


def _content(request: Request, said: Spoken) -> bool:
    return said.asks and not said.of_handout and request.confidence >= 0.85


def _disputes(request: Request, said: Spoken) -> bool:
    about = request.fields
    named = isinstance(about, DisputeFields) and (about.customer or about.statement_ref)
    return said.of_wrong_rate or request.confidence >= (0.6 if named or said.of_statement else 0.8)


def _invoices(request: Request, said: Spoken) -> bool:
    return request.confidence >= (0.5 if said.attached else 0.9)


_LEAST = MappingProxyType(
    {
        Intent.ASK_DEAL_STATUS: 0.7,
        Intent.ASK_TIER: 0.65,
        Intent.ASK_COMMISSION: 0.65,
        Intent.ASK_PAYOUT: 0.75,
    }
)
"""Measured on talk of both kinds in five languages (tests/labelled/channel_talk)."""

_RULES: Mapping[Intent, Callable[[Request, Spoken], bool]] = MappingProxyType(
    {
        Intent.REGISTER_DEAL: _registers,
        Intent.REFER_LEAD: _leads,
        Intent.UPDATE_DEAL: _updates,
        Intent.ASK_DEAL_STATUS: _of_deals,
        Intent.ASK_TIER: _question,
        Intent.ASK_COMMISSION: _of_rates,
        Intent.ASK_PAYOUT: _question,
        Intent.ASK_PROGRAM: _of_program,
        Intent.ASK_CONTENT: _content,
        Intent.ASK_TRAINING: _of_courses,
        Intent.PROVIDE_FIELD: _details,
        Intent.SUBMIT_INVOICE: _invoices,
        Intent.DISPUTE_COMMISSION: _disputes,
        Intent.REQUEST_HUMAN: _for_a_person,
        Intent.UNSUBSCRIBE: _stops,
    }
)
