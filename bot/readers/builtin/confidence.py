"""How sure a request is: a linear model over what speaks for its intent and for each of its fields."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from bot.ports import Readable
from bot.readers.builtin.agreement import host_runs, hosts_and_mailboxes
from bot.readers.builtin.companies import same_company, trimmed_company
from bot.readers.builtin.document import Document
from bot.readers.builtin.domains import domain_of
from bot.readers.builtin.intents import DEALS, Wishes
from bot.readers.builtin.linear import LinearModel
from bot.readers.builtin.mentions import Kind
from bot.readers.builtin.people import trimmed_person
from bot.readers.builtin.roles import AMOUNT, QUANTITY, Role
from bot.vocabulary.company_names import LEGAL_FORMS, name_key
from bot.vocabulary.requests import ACTING, Fields, Intent

RIGHT = "right"
_KINDS = {
    "customer": Kind.CUSTOMER,
    "contact_name": Kind.PERSON,
    "contact_email": Kind.EMAIL,
    "contact_phone": Kind.PHONE,
    "customer_domain": Kind.DOMAIN,
    "amount": Kind.NUMBER,
    "quantity": Kind.NUMBER,
    "close_date": Kind.DATE,
    "products": Kind.PRODUCT,
    "term_months": Kind.TERM,
    "deal_ref": Kind.DEAL_REF,
    "statement_ref": Kind.STATEMENT_REF,
    "invoice_number": Kind.INVOICE,
    "period": Kind.PERIOD,
}

# What makes a reader look twice: something is taken back, left open, denied or done under conditions.
_CUES = {
    name: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.I)
    for name, words in {
        "corrects": (
            r"actually|correction|scratch that|hold on|wait|sorry|instead|rather|no longer|changed|statt|doch|"
            r"korrektur|besser gesagt|moment|sondern|geändert|plutôt|pardon|finalement|au lieu|rectifi\w+|corrig\w+|"
            r"perd[óo]n|mejor dicho|en lugar|en vez|digo|corre[cg]\w+|toch|in plaats|ipv|oftewel|liever|gewijzigd"
        ),
        "hedges": (
            r"maybe|perhaps|either|or so|roughly|somewhere|between|guess|not sure|unsure|probably|vielleicht|entweder|"
            r"zwischen|irgendwas|wohl|wahrscheinlich|peut-être|environ|entre|soit|probablement|sans doute|quiz[áa]s?|"
            r"tal vez|o sea|misschien|tussen|ongeveer|waarschijnlijk|zowat"
        ),
        "denies": (
            r"not|don['’]?t|doesn['’]?t|isn['’]?t|won['’]?t|never|nicht|kein\w*|nie|pas|jamais|aucun\w*|no|nunca|ning[úu]n\w*|"
            r"niet|geen|nooit"
        ),
        "if": r"if|unless|once|wenn|falls|sobald|si|dès que|quand|cuando|en cuanto|als|zodra|tenzij",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A request before its confidence is known. `place` is an offset in the document, `choice` the share with which
    its stage or answer was chosen, `deals` how many deals the message speaks of.
    """

    intent: Intent
    fields: Fields
    place: int
    choice: float
    deals: int


def evidence(
    draft: Draft, document: Document, readable: Readable, wishes: Wishes, roles: Sequence[Role]
) -> dict[str, float]:
    """What speaks for and against the request being wanted and right in every field."""
    intent = draft.intent.value
    wish = _logit(wishes[draft.intent].chance)
    rivals = [wishes[i].chance for i in DEALS if i in wishes and i is not draft.intent]
    found = {
        f"is {intent}": 1.0,
        "wish": wish,
        f"wish {intent}": wish,
        f"only {len(wishes) == 1}": 1.0,
        "rival": max(rivals, default=0.0),
        f"deals {min(draft.deals, 4)}": 1.0,
        f"deals {min(draft.deals, 4)} {intent}": 1.0,
        f"language {document.language}": 1.0,
        f"channel {readable.channel.value}": 1.0,
        f"thread {readable.thread.kind}": 1.0,
        f"forwarded {document.forwarded < len(document.text)}": 1.0,
        f"length {min(len(document.tokens) // 40, 5)}": 1.0,
        "choice": _logit(draft.choice),
        f"choice {intent}": _logit(draft.choice),
    }
    chances = dict(_field_chances(draft, roles))
    least = min(chances.values(), default=1.0)
    found |= {f"sure {name}": _logit(chance) for name, chance in chances.items()}
    found |= {f"has {name}": 1.0 for name in chances}
    found |= {"least": _logit(least), f"least {int(least * 10)}": 1.0}
    found["together"] = sum(math.log(max(c, 0.02)) for c in chances.values()) / 2
    found |= _doubts(roles, draft)
    found |= dict(_rivals(draft, roles))
    found |= dict(_names_found(draft, roles))
    found |= dict.fromkeys(_cues(document.text), 1.0)
    return found | _of_name(draft, document) | dict(_edges(draft, document, roles))


@lru_cache(maxsize=8)
def _cues(text: str) -> tuple[str, ...]:
    """Which of the cues a text holds: asked for once for each of its requests."""
    return tuple(f"{name} {bool(cue.search(text))}" for name, cue in _CUES.items())


def _logit(chance: float) -> float:
    chance = min(max(chance, 0.01), 0.99)
    return math.log(chance / (1 - chance)) / 2


def _field_chances(draft: Draft, roles: Sequence[Role]) -> Iterator[tuple[str, float]]:
    for field in fields(draft.fields):
        value = getattr(draft.fields, field.name)
        if value in (None, ()):
            continue
        if field.name in _KINDS:
            yield field.name, _chance(draft.intent, field.name, value, roles)
        elif field.name == "amount_basis":
            yield field.name, max((r.of_basis for r in roles if r.basis == value), default=0.5)
        elif field.name in ("currency", "stage", "answer"):
            yield field.name, 0.9


def _chance(intent: Intent, name: str, value: Any, roles: Sequence[Role]) -> float:
    """The chance of the likeliest mention that says the value; of several products that of the least likely."""
    if name == "products":
        return min(_chance(intent, "product", one, roles) for one in value)
    fitting = [r for r in roles if _says(r, name, value)]
    return max((_weight(r, intent, name) for r in fitting), default=0.3)


def _weight(role: Role, intent: Intent, name: str) -> float:
    extra = {"amount": AMOUNT, "quantity": QUANTITY}.get(name)
    return min(role.chance(intent), role.chances[extra]) if extra else role.chance(intent)


def _says(role: Role, name: str, value: Any) -> bool:
    said, kind = role.mention.value, role.mention.kind
    if name == "customer_domain" and kind is Kind.EMAIL:
        return bool(domain_of(said) == value)
    if kind is not _KINDS.get(name, Kind.PRODUCT):
        return False
    if name == "customer":
        return same_company(name_key(trimmed_company(said)), name_key(str(value)))
    if name == "contact_name":
        return bool(trimmed_person(said) == value)
    if isinstance(value, (int, Decimal)):
        return bool(Decimal(said) == value)
    return bool(said == (value.isoformat() if isinstance(value, date) else value))


def _rivals(draft: Draft, roles: Sequence[Role]) -> Iterator[tuple[str, float]]:
    """How far each value said is ahead of the likeliest other one of its kind."""
    ahead: list[float] = []
    for name, kind in _KINDS.items():
        value = getattr(draft.fields, name, None)
        if value in (None, ()):
            continue
        values = value if isinstance(value, tuple) else (value,)
        own = [_weight(r, draft.intent, name) for r in roles if any(_says(r, name, one) for one in values)]
        others = [
            _weight(r, draft.intent, name)
            for r in roles
            if r.mention.kind is kind and not any(_says(r, name, one) for one in values)
        ]
        if others:
            margin = _logit(max(own, default=0.3)) - _logit(max(others))
            ahead.append(margin)
            yield f"ahead {name}", margin
            yield f"rival {name} {int(max(others) * 5)}", 1.0
        else:
            yield f"alone {name}", 1.0
    if ahead:
        yield "ahead", min(ahead)


def _edges(draft: Draft, document: Document, roles: Sequence[Role]) -> Iterator[tuple[str, float]]:
    """What stands right before and behind the customer's name: the name may go on there."""
    name = getattr(draft.fields, "customer", None)
    said = [r.mention for r in roles if name and r.mention.kind is Kind.CUSTOMER and _says(r, "customer", name)]
    if said:
        longest = max(said, key=lambda m: m.end - m.start)
        yield f"behind {_sign(document.text[longest.end : longest.end + 2])}", 1.0
        yield f"before {_sign(document.text[max(longest.start - 2, 0) : longest.start][::-1])}", 1.0


def _sign(beside: str) -> str:
    """The kind of the sign beside a name, past a blank."""
    sign = beside.strip(" ")[:1]
    if not sign or sign == "\n":
        return "end"
    return "digit" if sign.isdigit() else "capital" if sign.isupper() else "small" if sign.isalpha() else sign


def _names_found(draft: Draft, roles: Sequence[Role]) -> Iterator[tuple[str, float]]:
    """How likely the words taken for a customer's or contact's name are one, at the place where they are likeliest."""
    for name in ("customer", "contact_name"):
        value = getattr(draft.fields, name, None)
        if value:
            chance = max((r.mention.chance for r in roles if _says(r, name, value)), default=0.3)
            yield f"found {name}", _logit(chance)
            yield f"found {name} {int(chance * 5)}", 1.0


def _doubts(roles: Sequence[Role], draft: Draft) -> dict[str, float]:
    """How strong the runners-up are: a second sum or name that might be meant as well."""
    found: dict[str, float] = {}
    for kind in (Kind.NUMBER, Kind.CUSTOMER, Kind.PERSON, Kind.DATE):
        of_kind = [r for r in roles if r.mention.kind is kind]
        values = {r.mention.value for r in of_kind}
        chances = sorted((r.chance(draft.intent) for r in of_kind), reverse=True)
        found[f"many {kind.value} {min(len(values), 4)}"] = 1.0
        if len(values) > 1:
            found[f"second {kind.value}"] = chances[1]
        unsure = [c for c in chances if 0.2 < c < 0.8]
        found[f"unsure {kind.value}"] = min(len(unsure), 3) / 2
    return found


def _of_name(draft: Draft, document: Document) -> dict[str, float]:
    """Whether the customer's name looks like a company's, and agrees with an address."""
    name = getattr(draft.fields, "customer", None)
    if not name:
        return {"nameless": 1.0, f"nameless {draft.intent.value}": 1.0}
    words = name.split()
    spelled = host_runs(document.tokens, hosts_and_mailboxes(document)[0])
    inside = {document.tokens[place].text for place, much in spelled.items() if "full" in much}
    return {
        f"legal {any(w.casefold().strip('.,') in LEGAL_FORMS for w in words)}": 1.0,
        f"host {any(w in inside for w in words)}": 1.0,
        f"words {min(len(words), 5)}": 1.0,
        f"capital {name[0].isupper()}": 1.0,
        f"hosts {bool(spelled)}": 1.0,
        f"times {min(document.text.count(name), 3)}": 1.0,
    }


class Confidence:
    """`ask_below` by acting intent: the confidence from which a request may be acted on without asking."""

    def __init__(self, model: LinearModel, ask_below: Mapping[Intent, float]) -> None:
        self._model = model
        self._ask_below = dict(ask_below)

    def judged(self, draft: Draft, found: Mapping[str, float]) -> tuple[float, bool]:
        """(the chance that the request is right, whether to ask before acting on it)."""
        chance = self._model.probabilities(found)[RIGHT]
        return round(chance, 3), draft.intent in ACTING and chance < self._ask_below.get(draft.intent, 1.0)
