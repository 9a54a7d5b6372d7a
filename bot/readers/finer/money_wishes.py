"""What is wanted more exactly in a message about money, in the place of what its words were taken for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bot.readers.finer import money_words as words
from bot.readers.finer.money_details import (
    deals_in,
    detailed,
    less_in,
    lines_in,
    means_whole,
    months_in,
    period_in,
    seats_in,
    statement_in,
    tier_in,
)
from bot.readers.finer.money_told import told
from bot.readers.finer.moods import ASKING, LANGUAGES, is_denied, is_meant, says
from bot.readers.finer.one_deal import about_one_deal, asked_once, when_paid
from bot.readers.finer.scene import IDLE, MISREAD, MONEY, Scene, overlaps, span_of
from bot.readers.finer.sentences import Sentence
from bot.vocabulary.requests import (
    CommissionFields,
    DisputeDetails,
    Fields,
    Finer,
    Intent,
    InvoiceFields,
    PayoutFields,
    Reading,
    Request,
    WhatIfFields,
)

_ASKED = frozenset(
    {Finer.SEND_STATEMENT, Finer.SEND_PLAN, Finer.WHY_COMMISSION, Finer.WHAT_IF, Finer.EARNINGS, Finer.DISPUTE_STATUS}
)
_PLAINLY = re.compile(r"\W*(?:nous|je|we|i|wir|ich|wij|ik|nosotros|yo)\s+")
_SETTLED = re.compile(r"never mind|erledigt|hinfällig|hinfaellig|vervalt")
_WHETHER_SENT = re.compile(r"\W*(?:did|have|has|habt|haben|hat|avez|a-t|hebben|heeft|han|habeis|ha)\b")
_INVOICE = re.compile(r"\b(?:invoices?|rechnung(?:en)?|factu(?:re|ur|ra)\w*)\b")
_TRAILING = re.compile(r"\s+\d[\d.,]*$")


@dataclass(frozen=True, slots=True)
class _Found:
    """`finer` is None for what has no more exact name than its label."""

    finer: Finer | None
    sentence: Sentence
    label: Intent


def with_money(scene: Scene, reading: Reading) -> Reading:
    """The reading with wishes about money said exactly; the very same where there are none."""
    if asked := told(scene, reading):
        return asked
    if _is_bare_file(scene, reading):
        request = Request(Intent.SUBMIT_INVOICE, InvoiceFields(), ask=True)
        return replace(reading, requests=(request,), answer_expected=True)
    if words.STEMS.isdisjoint(scene.stems):
        return reading
    requests = when_paid(scene, about_one_deal(scene, reading.requests))
    for found in _found(scene, reading):
        requests = _in_place(requests, found, scene)
    requests = [detailed(request, scene, requests) for request in asked_once(requests, scene)]
    if requests == list(reading.requests):
        return reading
    answered = reading.answer_expected or any(r.finer is not None for r in requests)
    return replace(reading, requests=tuple(requests), answer_expected=answered)


def _is_bare_file(scene: Scene, reading: Reading) -> bool:
    """A PDF without a word: whether it is an invoice, the document itself tells."""
    readable = scene.readable
    silent = not readable.text.strip() and all(r.intent in IDLE and r.finer is None for r in reading.requests)
    return silent and any(name.lower().endswith(".pdf") for name in readable.attachments)


def _found(scene: Scene, reading: Reading) -> Iterator[_Found]:
    """At most one wish of a sentence, the most exact first."""
    for sentence in scene.sentences:
        for find in _FINDERS:
            if (found := find(sentence, scene, reading)) is not None:
                yield found
                break


def _taken_back(sentence: Sentence, scene: Scene, _: Reading) -> _Found | None:
    text = sentence.text
    for language in LANGUAGES:
        verb = words.TAKE_BACK[language].search(text)
        matter = words.DISPUTE[language].search(text)
        if verb and matter and not sentence.asks and _is_meant(sentence, verb, language, scene):
            return _Found(Finer.WITHDRAW_DISPUTE, sentence, Intent.DISPUTE_COMMISSION)
    return None


def _is_meant(sentence: Sentence, verb: re.Match[str], language: str, scene: Scene) -> bool:
    """What somebody plainly does is meant, however else its words could be taken."""
    if _SETTLED.search(verb.group()):
        return True
    if _PLAINLY.fullmatch(sentence.text[: verb.start()]):
        return not is_denied(sentence, *verb.span(), language)
    spoken = {language, scene.reading.language} & set(LANGUAGES)
    return all(is_meant(sentence, *verb.span(), one) for one in spoken)


def _followed(sentence: Sentence, scene: Scene, _: Reading) -> _Found | None:
    if not says(words.DISPUTE, sentence.text) or says(words.WRONG, _without_disputes(sentence.text)):
        return None
    asks = says(words.FOLLOW, sentence.text) and (sentence.asks or scene.short)
    return _Found(Finer.DISPUTE_STATUS, sentence, Intent.DISPUTE_COMMISSION) if asks else None


def _without_disputes(text: str) -> str:
    for pattern in words.DISPUTE.values():
        text = pattern.sub(" ", text)
    return text


def _document(sentence: Sentence, scene: Scene, reading: Reading) -> _Found | None:
    text = sentence.text
    acting = {Intent.SUBMIT_INVOICE, Intent.ANSWER_ANNOUNCEMENT}
    here = [r for r in reading.requests if overlaps(r.span, sentence)]
    if any(r.intent in acting or (r.intent is Intent.DISPUTE_COMMISSION and not r.ask) for r in here):
        return None
    if says(words.PLAN, text) and says(words.SEND, text):
        return _Found(Finer.SEND_PLAN, sentence, Intent.ASK_COMMISSION)
    if says(words.OWN_PLAN, text) and says(words.SEND, text) and sentence.asks and _is_bare(scene, here):
        return _Found(Finer.SEND_PLAN, sentence, Intent.ASK_COMMISSION)
    if says(words.HOW_IT_PAYS, text) and len(text.split()) <= 9:
        return _Found(Finer.SEND_PLAN, sentence, Intent.ASK_PROGRAM)
    wanted = says(words.SEND, text) or (says(words.AGAIN, text) and says(ASKING, text))
    if says(words.STATEMENT, text) and wanted and _is_sent(sentence):
        return _Found(Finer.SEND_STATEMENT, sentence, Intent.ASK_PAYOUT)
    return None


def _is_sent(sentence: Sentence) -> bool:
    """Whether the statement itself is wanted: again, as a copy, or as what the verb is about."""
    text = sentence.text
    if says(words.WRONG, text) or _INVOICE.search(text) or _WHETHER_SENT.match(text):
        return False
    return says(words.AGAIN, text) or says(words.SENT, text)


def _supposed(sentence: Sentence, scene: Scene, reading: Reading) -> _Found | None:
    """A changed deal: what is changed is said, and that it is only supposed, or asked what it would earn."""
    commission = any(r.intent is Intent.ASK_COMMISSION and overlaps(r.span, sentence) for r in reading.requests)
    changed = seats_in(sentence) or less_in(sentence)
    if not changed and says(words.WHAT_IF, sentence.text) and (scene.about_deal or scene.customers):
        changed = months_in(sentence, reading.language or "en")
    tier = tier_in(sentence, scene.customers) if says(words.IF, sentence.text) or commission else None
    if not (changed or tier):
        return None
    asks = sentence.asks or scene.short
    supposed = says(words.IF, sentence.text) and asks
    about_money = says(words.MONEY, sentence.text) or commission or scene.about_deal
    about_money = about_money or says(words.WHAT_IF, sentence.text)
    if (commission and (changed or supposed)) or (supposed and about_money and _only_asks(reading, sentence)):
        return _Found(Finer.WHAT_IF, sentence, Intent.ASK_COMMISSION)
    return None


def _only_asks(reading: Reading, sentence: Sentence) -> bool:
    """Whether nothing in the sentence was read as a deed."""
    here = [r.intent for r in reading.requests if overlaps(r.span, sentence)]
    return all(intent in MISREAD | MONEY for intent in here)


def _why(sentence: Sentence, scene: Scene, reading: Reading) -> _Found | None:
    """A question how a figure comes about; who says that it is wrong does not ask, and payments take their time."""
    if not says(words.WHY, sentence.text) or any(says(words.WRONG, s.text) for s in scene.sentences):
        return None
    here = [r for r in reading.requests if overlaps(r.span, sentence)]
    money = says(words.MONEY, sentence.text) or any(r.intent in MONEY for r in reading.requests)
    money = money or _about_money(scene)
    return _Found(Finer.WHY_COMMISSION, sentence, Intent.ASK_COMMISSION) if money or _is_bare(scene, here) else None


def _is_bare(scene: Scene, here: list[Request]) -> bool:
    """ "Why so little for Globex?" """
    return scene.short and all(r.intent in MISREAD | MONEY for r in here)


def _about_money(scene: Scene) -> bool:
    return scene.readable.thread.subject_ref.upper().startswith("S-")


def _everything(sentence: Sentence, scene: Scene, reading: Reading) -> _Found | None:
    asked = {Intent.ASK_COMMISSION} | ({Intent.ASK_PAYOUT} if says(words.COMMISSION, sentence.text) else set())
    here = [r for r in reading.requests if r.intent in asked and overlaps(r.span, sentence)]
    if not here or not says(words.ALL, sentence.text) or says(words.RATE, sentence.text) or scene.about_deal:
        return None
    if any(r.fields not in (CommissionFields(), PayoutFields()) for r in here):
        return None
    return _Found(Finer.EARNINGS, sentence, Intent.ASK_COMMISSION)


def _line_wrong(sentence: Sentence, scene: Scene, reading: Reading) -> _Found | None:
    """An objection that names its line and nothing that would make it one for the inner reader."""
    if not (lines_in(sentence) and says(words.WRONG, sentence.text)) or sentence.asks:
        return None
    here = [r for r in reading.requests if overlaps(r.span, sentence)]
    if not _about_money(scene) and not says(words.STATEMENT, " ".join(s.text for s in scene.sentences)):
        return None
    return None if any(r.intent not in MISREAD for r in here) else _Found(None, sentence, Intent.DISPUTE_COMMISSION)


_FINDERS: tuple[Callable[[Sentence, Scene, Reading], _Found | None], ...] = (
    _taken_back,
    _followed,
    _document,
    _supposed,
    _why,
    _everything,
    _line_wrong,
)


def _in_place(requests: list[Request], found: _Found, scene: Scene) -> list[Request]:
    """The wish where the first request stood that rests on its sentence; each finer wish once."""
    if found.finer and any(r.finer is found.finer for r in requests):
        return requests
    taken = [r for r in requests if _is_taken(r, found, scene)]
    if not taken and found.finer in _ASKED and any(r.intent not in IDLE for r in requests):
        return requests  # what else the message wants says enough of this sentence
    money = [r for r in taken if r.intent in MONEY]
    kept = next((r for r in money if getattr(r.fields, "customer", None)), next(iter(money), None))
    intent = kept.intent if kept and found.finer is not Finer.SEND_STATEMENT else found.label
    if found.finer is Finer.SEND_PLAN and taken:
        intent, kept = taken[0].intent, taken[0]
    made = Request(
        intent, _fields(found, kept or next(iter(taken), None), scene), span_of(scene, found.sentence),
        finer=found.finer, said=" ".join(found.sentence.raw.split())[:300],
    )  # fmt: skip
    place = next((at for at, r in enumerate(requests) if r in taken), len(requests))
    rest = [r for r in requests if r not in taken and not (r.intent in IDLE and r.finer is None)]
    return [*rest[:place], made, *rest[place:]]


def _is_taken(request: Request, found: _Found, scene: Scene) -> bool:
    if found.finer is Finer.WHY_COMMISSION and request.intent in MONEY and request.finer is None:
        return True
    if request.finer is Finer.TIER_HISTORY:
        return found.finer is Finer.WHAT_IF
    if request.finer not in (None, Finer.WITHDRAW) or not overlaps(request.span, found.sentence):
        return False
    if request.finer is Finer.WITHDRAW:
        return found.finer is Finer.WITHDRAW_DISPUTE
    others = any(s.asks for s in scene.sentences if s is not found.sentence)
    if request.intent in MONEY:
        return True
    return request.intent in MISREAD and (not others or request.span[1] > 0)


def _fields(found: _Found, was: Request | None, scene: Scene) -> Fields:
    sentence, here = found.sentence, (found.sentence,)
    customer = getattr(was.fields, "customer", None) if was else None
    if was is None or was.intent not in MONEY:
        customer = customer or scene.customer_in(sentence)
    customer = _TRAILING.sub("", customer) if customer else None
    received = scene.readable.received.date()
    match found.finer:
        case Finer.WHAT_IF:
            known = was.fields if was and isinstance(was.fields, CommissionFields) else CommissionFields()
            return WhatIfFields(
                customer, known.products, known.amount, known.currency, seats_in(sentence), less_in(sentence),
                tier_in(sentence, scene.customers), months_in(sentence, scene.reading.language or "en"),
            )  # fmt: skip
        case Finer.SEND_STATEMENT:
            return PayoutFields(period_in(here, received), statement_in(here))
        case Finer.SEND_PLAN | Finer.EARNINGS:
            return was.fields if was else CommissionFields()
        case Finer.WHY_COMMISSION if was is None or was.intent in (Intent.ASK_COMMISSION, *MISREAD):
            return CommissionFields(customer)
        case Finer.WHY_COMMISSION if was is not None and was.intent is Intent.ASK_PAYOUT:
            return was.fields
        case _:
            return DisputeDetails(
                customer, statement_in(here), deals_in(here), (), (), any(means_whole(s, asked=True) for s in here)
            )
