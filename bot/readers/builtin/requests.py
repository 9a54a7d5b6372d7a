"""Turns intents and mentions into requests: one for each deal, one for each kind of question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.readers.builtin.awaited import completed
from bot.readers.builtin.confidence import Draft
from bot.readers.builtin.deals import Deal, Stretches, deals_of
from bot.readers.builtin.document import Document
from bot.readers.builtin.fields import USED, FieldPicker
from bot.readers.builtin.intents import DEALS, Wishes
from bot.readers.builtin.mentions import Kind
from bot.readers.builtin.networks.message_network import Impression
from bot.readers.builtin.roles import Role
from bot.readers.builtin.stages import NO_STAGE, ChoiceModel, answer_features, answer_odds, stage_features, stage_odds
from bot.vocabulary.requests import (
    AnswerFields,
    DisputeFields,
    Fields,
    Intent,
    InvoiceFields,
    NoFields,
    PayoutFields,
    StatusFields,
    TopicFields,
)
from crm.records import Stage

TOPICS = (Intent.ASK_CONTENT, Intent.ASK_TRAINING, Intent.ASK_PROGRAM)
NEAR = 0.15
DISPUTED = 0.2
BEYOND_DOUBT = 0.9
MUCH, PLAINLY = 2, 0.85
"""A company of which nothing is told is another deal beside one with so many fields only from such a chance on."""
_TELLING = frozenset({Kind.NUMBER, Kind.DATE, Kind.EMAIL, Kind.DOMAIN, Kind.PHONE, Kind.PRODUCT, Kind.PERSON})
LONGEST_TOPIC = 120


_MADE: dict[Intent, Callable[[FieldPicker, str | None], Fields]] = {
    Intent.ASK_COMMISSION: lambda picker, customer: picker.commission(customer),
    Intent.DISPUTE_COMMISSION: lambda picker, customer: DisputeFields(customer, picker.first(Kind.STATEMENT_REF)),
    Intent.ASK_PAYOUT: lambda picker, _: PayoutFields(picker.first(Kind.PERIOD), picker.first(Kind.STATEMENT_REF)),
    Intent.SUBMIT_INVOICE: lambda picker, _: InvoiceFields(
        picker.first(Kind.STATEMENT_REF), picker.first(Kind.INVOICE, 0.3)
    ),
}


@dataclass(frozen=True, slots=True)
class _Part:
    """Fields, where the body first names what they are about, and the share with which a stage or answer was chosen."""

    fields: Fields
    place: int | None = None
    choice: float = 0.9


@dataclass(frozen=True, slots=True)
class Matter:
    """What requests are made of: the document, what is wanted, what each mention is for, and what the networks say."""

    document: Document
    wishes: Wishes
    roles: Sequence[Role]
    deals: Sequence[Deal]
    asked: Sequence[str]
    impressions: Sequence[Impression]


class RequestBuilder:
    def __init__(self, stages: ChoiceModel, answers: ChoiceModel) -> None:
        self._stages = stages
        self._answers = answers

    def drafts(
        self,
        document: Document,
        asked: Sequence[str],
        wishes: Wishes,
        roles: Sequence[Role],
        impressions: Sequence[Impression],
    ) -> tuple[Draft, ...]:
        """A draft for each request."""
        deals = deals_of(document, roles)
        matter = Matter(document, wishes, roles, deals, asked, impressions)
        made: list[Draft] = []
        for intent, wish in _compatible(wishes, deals).items():
            for part in self._fields(matter, intent):
                place = wish.place if part.place is None else part.place
                made.append(Draft(intent, part.fields, place, part.choice, len(deals)))
        return tuple(made)

    def _fields(self, matter: Matter, intent: Intent) -> list[_Part]:
        document = matter.document
        if intent in DEALS:
            return self._of_deals(matter, intent)
        if intent is Intent.ASK_DEAL_STATUS:
            meant = _meant(matter.deals, intent)
            return [_Part(StatusFields(d.name or None, d.ref or None), _first(document, d)) for d in meant] or [
                _Part(StatusFields())
            ]
        if intent is Intent.ANSWER_ANNOUNCEMENT:
            said, share = self._answers.best(answer_features(document), answer_odds(matter.impressions))
            return [_Part(AnswerFields("yes" if said == "yes" else "no" if said == "no" else "maybe"), None, share)]
        return [_Part(_of_question(document, intent, matter.roles, matter.deals, matter.asked))]

    def _of_deals(self, matter: Matter, intent: Intent) -> list[_Part]:
        document, deals = matter.document, matter.deals
        meant = _undisputed(_meant(deals, intent), intent, matter.wishes) or _likeliest(deals, intent)
        if not meant:
            return [self._deal(matter, intent, matter.roles, None)]
        stretches = Stretches(document, _live(matter, meant))
        owned = _owned(matter, meant, stretches)
        if intent is not Intent.UPDATE_DEAL:
            meant, owned = _described(document, meant, owned, intent)
        return [self._deal(matter, intent, own, deal, stretches) for deal, own in zip(meant, owned, strict=True)]

    def _deal(
        self,
        matter: Matter,
        intent: Intent,
        roles: Sequence[Role],
        deal: Deal | None,
        stretches: Stretches | None = None,
    ) -> _Part:
        document = matter.document
        picker = FieldPicker(intent, roles)
        name, place = (deal.name, _first(document, deal)) if deal else (None, None)
        if intent is not Intent.UPDATE_DEAL:
            return _Part(picker.deal(name), place)
        segments = stretches.of(deal) if deal and stretches else list(range(len(document.segments)))
        said, share = self._stages.best(stage_features(document, segments), stage_odds(matter.impressions, segments))
        stage = None if said == NO_STAGE else Stage(said)
        return _Part(picker.update(name, deal.ref if deal else None, stage), place, share)


def _of_question(
    document: Document,
    intent: Intent,
    roles: Sequence[Role],
    deals: Sequence[Deal],
    asked: Sequence[str],
) -> Fields:
    if intent in TOPICS:
        return TopicFields(_topic(document))
    picker = FieldPicker(intent, roles)
    if intent is Intent.PROVIDE_FIELD:
        given = picker.deal(next((deal.name for deal in _meant(deals, intent) if deal.name), None))
        return completed(document, roles, asked, given)
    customer = next((deal.name for deal in _meant(deals, intent) if deal.name), None)
    made = _MADE.get(intent)
    return made(picker, customer) if made else NoFields()


def _compatible(wishes: Wishes, deals: Sequence[Deal]) -> Wishes:
    """The intents without doubtful ones that claim a deal which another intent, likelier for it, already has."""
    rivals = [intent for intent in wishes if intent in DEALS]
    if len(rivals) < 2:
        return wishes
    top = max(rivals, key=lambda i: wishes[i].chance)
    won = {max(rivals, key=deal.chance) for deal in deals if max(map(deal.chance, rivals)) >= USED}
    kept = won if len(deals) > 1 and won else {top}
    return {i: w for i, w in wishes.items() if i not in DEALS or i in kept or w.chance >= BEYOND_DOUBT}


def _first(document: Document, deal: Deal) -> int | None:
    """Where the body first names the deal; None where only a subject or a forwarded mail does."""
    return next((p for p in sorted(deal.places) if document.body <= p < document.forwarded), None)


def _meant(deals: Sequence[Deal], intent: Intent) -> list[Deal]:
    """The deals that a request of this intent is about."""
    return [deal for deal in deals if deal.chance(intent) >= USED]


def _undisputed(meant: list[Deal], intent: Intent, wishes: Wishes) -> list[Deal]:
    """The deals without those that another wish of the message speaks of more plainly; the plainest one stays."""
    if len(meant) < 2:
        return meant
    best = max(meant, key=lambda d: d.chance(intent))
    others = [i for i in wishes if i is not intent]
    return [
        d for d in meant if d is best or d.chance(intent) + DISPUTED >= max((d.chance(i) for i in others), default=0.0)
    ]


def _live(matter: Matter, meant: Sequence[Deal]) -> list[Deal]:
    """The deals that something is wanted for; a company only mentioned has no words of its own."""
    chosen = {id(deal) for deal in meant}
    return [d for d in matter.deals if id(d) in chosen or any(d.chance(i) >= USED for i in matter.wishes)]


def _owned(matter: Matter, meant: Sequence[Deal], stretches: Stretches) -> list[list[Role]]:
    """What speaks of each deal; everything where something is wanted for no other."""
    owners = [stretches.owner(role.mention.start) for role in matter.roles]
    return [[role for role, one in zip(matter.roles, owners, strict=True) if one is deal] for deal in meant]


def _described(
    document: Document, meant: list[Deal], owned: list[list[Role]], intent: Intent
) -> tuple[list[Deal], list[list[Role]]]:
    """The deals without a company that is only mentioned beside one of which much is told."""
    told = [sum(r.chance(intent) >= USED for r in own if r.mention.kind in _TELLING) for own in owned]
    kept = [
        told[n] > 0 or max(told) < MUCH or (deal.chance(intent) >= PLAINLY and max(deal.places) >= document.body)
        for n, deal in enumerate(meant)
    ]
    return [d for d, k in zip(meant, kept, strict=True) if k], [o for o, k in zip(owned, kept, strict=True) if k]


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


def span_at(document: Document, text: str, place: int) -> tuple[int, int]:
    """Where the segment around an offset of the document stands in the text as it came; all of it if nowhere."""
    segment = document.segments[document.segment_of(place)]
    said = document.text[segment.start : segment.end].strip()
    start = text.find(said, max(0, segment.start - document.body)) if said else -1
    start = text.find(said) if said and start < 0 else start
    return (start, start + len(said)) if start >= 0 else (0, len(text))
