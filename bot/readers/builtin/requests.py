"""Turns intents and mentions into requests: one for each deal, one for each kind of question."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.ports import Readable
from bot.readers.builtin.deals import Deal, deals_of, owner, stretch_of
from bot.readers.builtin.document import Document
from bot.readers.builtin.fields import USED, FieldPicker
from bot.readers.builtin.mentions import Kind
from bot.readers.builtin.roles import Role
from bot.readers.builtin.stages import NO_STAGE, ChoiceModel, answer_features, stage_features
from bot.vocabulary.requests import (
    AnswerFields,
    DisputeFields,
    Fields,
    Intent,
    InvoiceFields,
    NoFields,
    PayoutFields,
    Request,
    StatusFields,
    TopicFields,
)
from crm.records import Stage

DEALS = (Intent.REGISTER_DEAL, Intent.REFER_LEAD, Intent.UPDATE_DEAL)
TOPICS = (Intent.ASK_CONTENT, Intent.ASK_TRAINING, Intent.ASK_PROGRAM)
ACTING = frozenset(
    {*DEALS, Intent.SUBMIT_INVOICE, Intent.DISPUTE_COMMISSION, Intent.ANSWER_ANNOUNCEMENT, Intent.UNSUBSCRIBE}
)
ASK_BELOW = 0.55
NEAR = 0.15
LONGEST_TOPIC = 120


_MADE: dict[Intent, Callable[[FieldPicker, str | None], Fields]] = {
    Intent.ASK_COMMISSION: lambda picker, customer: picker.commission(customer),
    Intent.DISPUTE_COMMISSION: lambda picker, customer: DisputeFields(customer, picker.first(Kind.STATEMENT_REF)),
    Intent.ASK_PAYOUT: lambda picker, _: PayoutFields(picker.first(Kind.PERIOD), picker.first(Kind.STATEMENT_REF)),
    Intent.SUBMIT_INVOICE: lambda picker, _: InvoiceFields(
        picker.first(Kind.STATEMENT_REF), picker.first(Kind.INVOICE, 0.3)
    ),
    Intent.PROVIDE_FIELD: lambda picker, customer: picker.deal(customer),
}


class RequestBuilder:
    def __init__(self, stages: ChoiceModel, answers: ChoiceModel) -> None:
        self._stages = stages
        self._answers = answers

    def requests(
        self, document: Document, readable: Readable, intents: dict[Intent, float], roles: Sequence[Role]
    ) -> tuple[Request, ...]:
        """The requests in the order of their first words."""
        deals = deals_of(document, roles)
        made: list[Request] = []
        for intent, chance in _compatible(intents, deals).items():
            for fields, place in self._fields(document, intent, roles, deals):
                made.append(_request(document, readable, intent, fields, place, chance))
        return tuple(sorted(made, key=lambda r: r.span))

    def _fields(
        self, document: Document, intent: Intent, roles: Sequence[Role], deals: Sequence[Deal]
    ) -> list[tuple[Fields, int]]:
        if intent in DEALS:
            return self._of_deals(document, intent, roles, deals)
        if intent is Intent.ASK_DEAL_STATUS:
            asked = _meant(deals, intent)
            return [(StatusFields(d.name or None, d.ref or None), d.places[0]) for d in asked] or [(StatusFields(), 0)]
        return [(self._of_question(document, intent, roles, deals), 0)]

    def _of_question(self, document: Document, intent: Intent, roles: Sequence[Role], deals: Sequence[Deal]) -> Fields:
        if intent in TOPICS:
            return TopicFields(_topic(document))
        if intent is Intent.ANSWER_ANNOUNCEMENT:
            said = self._answers.best(answer_features(document))
            return AnswerFields("yes" if said == "yes" else "no" if said == "no" else "maybe")
        picker = FieldPicker(intent, roles)
        customer = next((deal.name for deal in _meant(deals, intent) if deal.name), None)
        made = _MADE.get(intent)
        return made(picker, customer) if made else NoFields()

    def _of_deals(
        self, document: Document, intent: Intent, roles: Sequence[Role], deals: Sequence[Deal]
    ) -> list[tuple[Fields, int]]:
        meant = _meant(deals, intent) or _likeliest(deals, intent)
        if not meant:
            return [(self._deal_fields(document, intent, roles, deals, None), 0)]
        made: list[tuple[Fields, int]] = []
        for deal in meant:
            own = [r for r in roles if len(deals) < 2 or owner(document, deals, r.mention.start) is deal]
            made.append((self._deal_fields(document, intent, own, deals, deal), deal.places[0]))
        return made

    def _deal_fields(
        self, document: Document, intent: Intent, roles: Sequence[Role], deals: Sequence[Deal], deal: Deal | None
    ) -> Fields:
        picker = FieldPicker(intent, roles)
        if intent is not Intent.UPDATE_DEAL:
            return picker.deal(deal.name if deal else None)
        segments = stretch_of(document, deals, deal) if deal else list(range(len(document.segments)))
        said = self._stages.best(stage_features(document, segments))
        stage = None if said == NO_STAGE else Stage(said)
        return picker.update(deal.name if deal else None, deal.ref if deal else None, stage)


def _compatible(intents: dict[Intent, float], deals: Sequence[Deal]) -> dict[Intent, float]:
    """The intents without those that claim a deal which another intent, likelier for it, already has."""
    rivals = [intent for intent in intents if intent in DEALS]
    if len(rivals) < 2:
        return intents
    top = max(rivals, key=lambda i: intents[i])
    won = {max(rivals, key=deal.chance) for deal in deals if max(map(deal.chance, rivals)) >= USED}
    kept = won if len(deals) > 1 and won else {top}
    return {i: c for i, c in intents.items() if i not in DEALS or i in kept}


def _meant(deals: Sequence[Deal], intent: Intent) -> list[Deal]:
    """The deals that a request of this intent is about."""
    return [deal for deal in deals if deal.chance(intent) >= USED]


def _likeliest(deals: Sequence[Deal], intent: Intent) -> list[Deal]:
    """The deal that a request speaks of after all, where none is likely enough but one is near it."""
    near = [deal for deal in deals if deal.chance(intent) >= NEAR]
    return [max(near, key=lambda d: d.chance(intent))] if near else []


def _topic(document: Document) -> str:
    """The words of the body, cut short; a question's own sentence where there is one."""
    questions = [s for s in document.segments if "?" in document.text[s.start : s.end]]
    body = document.text[document.body : document.forwarded]
    said = document.text[questions[0].start : questions[0].end] if questions else body
    return " ".join((said or document.text).split())[:LONGEST_TOPIC] or "?"


def _request(
    document: Document, readable: Readable, intent: Intent, fields: Fields, place: int, chance: float
) -> Request:
    segment = document.segments[document.segment_of(place or document.body)]
    longest = len(readable.text)
    start = min(max(0, segment.start - document.body), longest)
    end = min(max(start, segment.end - document.body), longest)
    ask = intent in ACTING and chance < ASK_BELOW
    return Request(intent, fields, (start, end), round(min(max(chance, 0.0), 1.0), 3), ask)
