"""Scores of predictions against labelled cases, as the evaluation guide defines them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.evaluation.cases import Case, Wanted
from bot.evaluation.comparing import comparable, comparable_text
from bot.vocabulary.requests import ACTING

DEALS = frozenset({"register_deal", "refer_lead"})
COUNTED = DEALS | {"update_deal"}
MACHINE = "auto_reply"

Triple = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a reader said of one case; `requests` as the guide writes them, each perhaps with `ask`."""

    id: str
    visible_text: str
    requests: tuple[Mapping[str, Any], ...]
    answer_expected: bool | None

    def row(self) -> dict[str, Any]:
        """The prediction as a line of a predictions file."""
        return {
            "id": self.id,
            "visible_text": self.visible_text,
            "requests": [dict(r) for r in self.requests],
            "answer_expected": self.answer_expected,
        }


@dataclass(slots=True)
class Tally:
    """Hits, what was said and what was wanted; several cases add up."""

    hits: int = 0
    said: int = 0
    wanted: int = 0

    def add(self, hits: int, said: int, wanted: int) -> None:
        self.hits += hits
        self.said += said
        self.wanted += wanted

    @property
    def f1(self) -> float:
        return 2 * self.hits / (self.said + self.wanted) if self.said + self.wanted else 1.0


@dataclass(frozen=True, slots=True)
class Group:
    """A language's or channel's share of the result."""

    cases: int
    intent_exact: float
    field_f1: float
    intent_f1: float


@dataclass(frozen=True, slots=True)
class Scores:
    """All figures of one evaluation; shares are 0 to 1."""

    cases: int
    missing: int
    intent_micro_f1: float
    intent_macro_f1: float
    intent_exact: float
    field_f1: float
    deal_all_fields_right: float
    text_exact: float
    text_token_f1: float
    answer_accuracy: float
    answers_to_machines: int
    wrong_actions: float
    acted_without_asking: float
    by_intent: Mapping[str, float] = field(default_factory=dict)
    by_field: Mapping[str, float] = field(default_factory=dict)
    by_group: Mapping[str, Group] = field(default_factory=dict)


def wanted_rows(requests: Iterable[Wanted]) -> list[dict[str, Any]]:
    """Labelled requests in the form of predicted ones."""
    return [{"intent": r.intent, "fields": r.fields} for r in requests]


def _fields(request: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    pairs = ((key, comparable(key, value)) for key, value in (request.get("fields") or {}).items())
    return frozenset((key, value) for key, value in pairs if value is not None)


def triples(requests: Iterable[Mapping[str, Any]]) -> set[Triple]:
    """(intent, field, value as it is compared) of every field."""
    return {(r["intent"], key, value) for r in requests for key, value in _fields(r)}


def counted_intents(requests: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """How often each intent is wanted; only deals are counted apart."""
    counted = Counter(r["intent"] for r in requests)
    return Counter({intent: n if intent in COUNTED else 1 for intent, n in counted.items()})


def _acted(requests: Iterable[Mapping[str, Any]]) -> list[tuple[str, frozenset[tuple[str, str]]]]:
    return [(r["intent"], _fields(r)) for r in requests if r["intent"] in ACTING and not r.get("ask")]


def wrongly_acted(gold: Sequence[Mapping[str, Any]], said: Sequence[Mapping[str, Any]]) -> bool:
    """Whether anything acted on is not wanted, or carries a value that the message does not say."""
    wanted = _acted(gold)
    return any(not any(i == intent and fields <= w for i, w in wanted) for intent, fields in _acted(said))


class _Sums:
    """Adds up case by case."""

    def __init__(self) -> None:
        self.n: Counter[str] = Counter()
        self.token_f1 = 0.0
        self.intents: dict[str, Tally] = defaultdict(Tally)
        self.fields: dict[str, Tally] = defaultdict(Tally)
        self.groups: dict[str, tuple[Counter[str], Tally, Tally]] = defaultdict(lambda: (Counter(), Tally(), Tally()))

    def add(self, case: Case, said: Prediction) -> None:
        gold = wanted_rows(case.requests)
        want, got = counted_intents(gold), counted_intents(said.requests)
        wanted, given = triples(gold), triples(said.requests)
        self._add_intents(case, want, got)
        self._add_fields(case, wanted, given)
        if case.channel == "email" and not any(r.intent == MACHINE for r in case.requests):
            self._add_text(case.visible_text, said.visible_text)
        self._add_acts(gold, said.requests)
        machine = any(r.intent == MACHINE for r in case.requests)
        self.n["answers"] += said.answer_expected == case.answer_expected
        self.n["machines"] += bool(said.answer_expected) and machine

    def _add_intents(self, case: Case, want: Counter[str], got: Counter[str]) -> None:
        for intent in want | got:
            self.intents[intent].add(min(want[intent], got[intent]), got[intent], want[intent])
        self.n["cases"] += 1
        self.n["exact"] += want == got
        for name in (case.language, case.channel):
            counts, intents, _ = self.groups[name]
            counts["cases"] += 1
            counts["exact"] += want == got
            intents.add((want & got).total(), got.total(), want.total())

    def _add_fields(self, case: Case, wanted: set[Triple], given: set[Triple]) -> None:
        for triple in wanted | given:
            self.fields[triple[1]].add(triple in wanted and triple in given, triple in given, triple in wanted)
        for name in (case.language, case.channel):
            self.groups[name][2].add(len(wanted & given), len(given), len(wanted))
        if any(r.intent in DEALS for r in case.requests):
            self.n["deals"] += 1
            self.n["deals whole"] += {t for t in wanted if t[0] in DEALS} == {t for t in given if t[0] in DEALS}

    def _add_text(self, gold: str, said: str) -> None:
        one, other = comparable_text(gold), comparable_text(said)
        words, others = Counter(one.split()), Counter(other.split())
        self.n["mails"] += 1
        self.n["texts"] += one == other
        self.token_f1 += Tally((words & others).total(), others.total(), words.total()).f1

    def _add_acts(self, gold: Sequence[Mapping[str, Any]], said: Sequence[Mapping[str, Any]]) -> None:
        self.n["wrong"] += wrongly_acted(gold, said)
        wanted, done = Counter(a for a, _ in _acted(gold)), Counter(a for a, _ in _acted(said))
        self.n["acts wanted"] += wanted.total()
        self.n["acts done"] += (wanted & done).total()


def _total(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        total.add(tally.hits, tally.said, tally.wanted)
    return total


def score(cases: Sequence[Case], predictions: Iterable[Prediction]) -> Scores:
    """The figures for the predictions; a case without one counts as read wrongly."""
    said = {p.id: p for p in predictions}
    sums = _Sums()
    for case in cases:
        if case.id not in said:
            sums.n["missing"] += 1
        sums.add(case, said.get(case.id) or Prediction(case.id, "", (), None))
    n, known = sums.n, [t for t in sums.intents.values() if t.wanted]
    of_cases = max(1, len(cases))
    return Scores(
        cases=len(cases),
        missing=n["missing"],
        intent_micro_f1=_total(sums.intents.values()).f1,
        intent_macro_f1=sum(t.f1 for t in known) / max(1, len(known)),
        intent_exact=n["exact"] / of_cases,
        field_f1=_total(sums.fields.values()).f1,
        deal_all_fields_right=n["deals whole"] / max(1, n["deals"]),
        text_exact=n["texts"] / max(1, n["mails"]),
        text_token_f1=sums.token_f1 / max(1, n["mails"]),
        answer_accuracy=n["answers"] / of_cases,
        answers_to_machines=n["machines"],
        wrong_actions=n["wrong"] / of_cases,
        acted_without_asking=n["acts done"] / max(1, n["acts wanted"]),
        by_intent={intent: round(t.f1, 3) for intent, t in sorted(sums.intents.items())},
        by_field={name: round(t.f1, 3) for name, t in sorted(sums.fields.items())},
        by_group={
            name: Group(c["cases"], round(c["exact"] / c["cases"], 3), round(f.f1, 3), round(i.f1, 3))
            for name, (c, i, f) in sorted(sums.groups.items())
        },
    )
