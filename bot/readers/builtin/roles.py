"""Which request a mention belongs to: a linear model over the words around it and the intents of the message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

import numpy as np

from bot.readers.builtin.document import Document, Token, retokenised
from bot.readers.builtin.linear import LinearModel, block
from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.networks.message_network import BASES
from bot.readers.builtin.networks.trunk import Floats
from bot.readers.builtin.wording import masked, words
from bot.vocabulary.requests import Intent

AMOUNT, QUANTITY = "is:amount", "is:quantity"
CARRIERS = (
    Intent.REGISTER_DEAL,
    Intent.REFER_LEAD,
    Intent.UPDATE_DEAL,
    Intent.ASK_DEAL_STATUS,
    Intent.ASK_COMMISSION,
    Intent.ASK_PAYOUT,
    Intent.SUBMIT_INVOICE,
    Intent.DISPUTE_COMMISSION,
    Intent.PROVIDE_FIELD,
)
MOST_MENTIONS = 150
_SAY = 0.3
"""How much say the networks have beside the linear model."""
LABELS = (*(f"for:{intent.value}" for intent in CARRIERS), AMOUNT, QUANTITY)


@dataclass(frozen=True, slots=True)
class Role:
    """A mention with what it is likely for: `chances` by label; `basis` what a sum is for, "" where not said, and how
    likely that is.
    """

    mention: Mention
    chances: dict[str, float]
    basis: str = ""
    of_basis: float = 0.9

    def chance(self, intent: Intent) -> float:
        return self.chances.get(f"for:{intent.value}", 0.0)


def mention_features(
    document: Document, mentions: list[Mention], intents: Collection[Intent], asked: tuple[str, ...]
) -> Iterator[dict[str, float]]:
    """The features of each mention, in order."""
    tokens, at = retokenised(document, mentions)
    counts = Counter(m.kind for m in mentions)
    seen: Counter[Kind] = Counter()
    whole = words(tokens)
    segments = [document.segment_of(t.start) for t in tokens]
    grouped: dict[int, list[Token]] = {}
    for token, segment in zip(tokens, segments, strict=True):
        grouped.setdefault(segment, []).append(token)
    said = {segment: words(group) for segment, group in grouped.items()}
    for number, mention in enumerate(mentions):
        seen[mention.kind] += 1
        place = at[number]
        kind = mention.kind.value
        near = _near(tokens, place)
        facts = [*_facts(document, mention, counts, seen), *(f"asked {a}" for a in asked)]
        present = [f"has {intent.value}" for intent in intents] or ["has none"]
        own = said[segments[place]]
        after = said.get(segments[place] + 1, [])
        names = [f"{kind}|{f}" for f in near]
        yield (
            block(names, 2.0, 0.5)
            | block((f"*|{f}" for f in near), 0.7, 0.5)
            | dict.fromkeys((f"{kind}|{f}" for f in [*facts, *present]), 0.5)
            | dict.fromkeys((f"{kind}|{f}&{p}" for f in facts[:3] for p in present), 0.4)
            | block((f"{kind}|s {w}" for w in own), 1.0, 0.5)
            | block((f"*|s {w}" for w in own), 0.7, 0.5)
            | block((f"*|s2 {a} {b}" for a, b in pairwise(own)), 0.7, 0.5)
            | block((f"*|f {w}" for w in after), 0.4, 0.5)
            | block((f"{kind}|d {w}" for w in whole), 0.6, 0.5)
        )


def _near(tokens: list[Token], place: int) -> list[str]:
    def word(offset: int) -> str:
        return masked(tokens[place + offset]) if 0 <= place + offset < len(tokens) else "$"

    p1, p2, p3, n1, n2, n3 = word(-1), word(-2), word(-3), word(1), word(2), word(3)
    head = _line_head(tokens, place)
    return [
        f"p1 {p1}", f"p2 {p2}", f"n1 {n1}", f"n2 {n2}", f"p21 {p2} {p1}", f"n12 {n1} {n2}", f"pn {p1} {n1}",
        f"p321 {p3} {p2} {p1}", f"n123 {n1} {n2} {n3}", f"head {head}", f"n1- {n1[:4]}", f"n2- {n2[:4]}",
        f"p1- {p1[-4:]}", *(f"left {word(-k)}" for k in range(1, 7)), *(f"right {word(k)}" for k in range(1, 5)),
    ]  # fmt: skip


def _line_head(tokens: list[Token], place: int) -> str:
    """The words before a colon that lead the line of the token."""
    start = place
    while start > 0 and tokens[start - 1].text != "\n" and place - start < 40:
        start -= 1
    said = [masked(t) for t in tokens[start:place]]
    for mark in (":", "|", "="):
        if mark in said[:7]:
            return " ".join(said[: said.index(mark)][-2:])
    return "-"


def _facts(document: Document, mention: Mention, counts: Counter[Kind], seen: Counter[Kind]) -> list[str]:
    kind = mention.kind
    facts = [
        f"n {min(counts[kind], 3)} {min(seen[kind], 3)}",
        f"basis {mention.basis}",
        f"money {bool(mention.currency)}",
    ]
    facts.append(f"sure {mention.sure}")
    facts.append(f"subject {mention.start < document.body}")
    facts.append(f"last {seen[kind] == counts[kind]}")
    if kind is Kind.NUMBER:
        facts.append(f"size {_size(Decimal(mention.value))} {bool(mention.currency)} {bool(mention.basis)}")
        facts.append(f"richest {mention.currency != '' and counts[kind] == 1}")
    if kind is Kind.DATE:
        days = (_day(mention.value) - document.received.toordinal()) // 30
        facts.append(f"ahead {max(-2, min(days, 6))}")
    facts.extend(f"with {other.value}" for other in (Kind.CUSTOMER, Kind.PRODUCT, Kind.NUMBER) if counts[other])
    return facts


def _day(iso: str) -> int:
    return date.fromisoformat(iso).toordinal()


def _size(value: Decimal) -> str:
    for limit in (1, 5, 20, 100, 500, 2000, 10_000, 100_000):
        if value <= limit:
            return f"{limit}{'' if value == value.to_integral_value() else '.'}"
    return "more"


class RoleModel:
    def __init__(self, model: LinearModel) -> None:
        if model.labels != LABELS:
            raise ValueError("these weights know other roles than the reader: learn them anew with `make train`")
        self._model = model

    def roles(
        self,
        document: Document,
        mentions: list[Mention],
        intents: Collection[Intent],
        asked: tuple[str, ...],
        read: Sequence[tuple[Floats, Floats]],
    ) -> list[Role]:
        """What each mention is likely for, given the intents of the message.

        `read` is what each network makes of the first mentions; the linear model and the rules know all.
        """
        if not mentions:
            return []
        linear = self._model.many(list(mention_features(document, mentions, intents, asked)))
        roles, bases = (np.mean([one[part] for one in read], axis=0) for part in (0, 1))
        linear[: len(roles)] = (1 - _SAY) * linear[: len(roles)] + _SAY * roles
        chances = (1 / (1 + np.exp(-np.clip(linear, -30, 30)))).tolist()
        said = [_basis(row) for row in bases] + [(m.basis, 0.9) for m in mentions[len(roles) :]]
        return [
            Role(mention, dict(zip(LABELS, row, strict=True)), *basis)
            for mention, row, basis in zip(mentions, chances, said, strict=True)
        ]


def _basis(odds: Floats) -> tuple[str, float]:
    """The likeliest basis, and its share."""
    shares = np.exp(odds - odds.max())
    place = int(odds.argmax())
    return BASES[place], float(shares[place] / shares.sum())
