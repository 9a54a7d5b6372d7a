"""An account by series: each entry in its place, with what was posted; and payments that earn nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from crm.money import Money
from crm.records import PaymentKind
from knowledge.commission.account import Account, DoubtKind, Line, Posted
from knowledge.commission.case import Case
from knowledge.commission.cases import Cases
from knowledge.commission.cash import Cash
from knowledge.commission.derivation import Reason, Said, Step, step
from knowledge.commission.element import Element
from knowledge.commission.entries import Placed, Refusal, placed
from knowledge.commission.influence import influenced
from knowledge.commission.keys import REWARD, deal_of, key_of, ruled
from knowledge.commission.rule import NOTHING, Nothing

_DOUBTS: Mapping[Reason, tuple[DoubtKind, str]] = {
    Reason.NO_AMOUNT: (DoubtKind.NO_AMOUNT, "its value is not known; enter amount and products"),
    Reason.NO_QUANTITY: (DoubtKind.NO_AMOUNT, "its number of seats is not known; enter it"),
    Reason.ONE_OFF_SHARE_UNKNOWN: (DoubtKind.NO_AMOUNT, "how much of it is sold once is not known; enter it apart"),
    Reason.NO_MARGIN: (DoubtKind.NO_MARGIN, "its net margin is not known in its currency; enter it"),
    Reason.NO_RATE: (DoubtKind.NO_RATE, "no exchange rate is stored; import it, or correct the currency"),
    Reason.NO_PERIOD: (DoubtKind.NO_PERIOD, "a payment says no period of service; enter it"),
}


@dataclass(slots=True)
class Book:
    """`entries` are those that have been earned by today, `later` those that are paid for and wait."""

    entries: dict[str, list[Placed]] = field(default_factory=lambda: defaultdict(list))
    later: list[Placed] = field(default_factory=list)
    posted: dict[str, list[Posted]] = field(default_factory=lambda: defaultdict(list))
    nothing: list[Line] = field(default_factory=list)


def book(account: Account, built: Cases, today: date) -> Book:
    """Every deal's entries by series; reasons why one cannot be computed become doubts."""
    found = Book()
    for line in account.posted:
        if ruled(line):
            found.posted[line.series].append(line)
            if not line.series.startswith(REWARD) and deal_of(line) not in built.known:
                built.gone(deal_of(line))
    matched = defaultdict[str, set[str]](set)
    for case in built.cases:
        for element in elements_of(case):
            _of_element(case, element, found, built, matched[case.deal.id], today)
    left = dict[str, Case]()
    for case in built.cases:
        left.setdefault(case.deal.id, case)
    for deal_id, case in left.items():
        found.nothing += (
            nothing_line(case, Nothing(cash, _unmatched(cash)))
            for cash in case.cash
            if cash.event not in matched[deal_id]
        )
    return found


def elements_of(case: Case) -> tuple[Element, ...]:
    """The plan's own, or the one of deals that the partner influenced, which is the same whatever the plan."""
    if not case.influenced:
        return case.plan.elements
    rules = case.program.commission
    return (influenced(rules.influenced_rate),) if rules else ()


def _of_element(case: Case, element: Element, found: Book, built: Cases, matched: set[str], today: date) -> None:
    for item in placed(case, element):
        match item:
            case Placed():
                matched.add(item.entry.event)
                if item.awaits is not None or item.entry.on > today:
                    found.later.append(item)
                else:
                    found.entries[item.series].append(item)
                if item.entry.cash is not None and item.entry.cash.guessed and element.additions:
                    _guessed(case, item.entry.cash, element, built)
            case Nothing():
                if item.whole:
                    matched.add(item.cash.event)
                    found.nothing.append(nothing_line(case, item))
            case Refusal():
                if item.event:
                    matched.add(item.event)
                else:
                    matched.update(cash.event for cash in case.cash)
                _doubt(case, item, built)


def _doubt(case: Case, refusal: Refusal, built: Cases) -> None:
    kind, text = _DOUBTS[refusal.reason]
    about = f" ({refusal.about})" if refusal.about else ""
    event = f", payment {refusal.event}" if refusal.event else ""
    built.doubt(kind, case.deal, f"{text}{about}{event}", refusal.event or refusal.about)


def _guessed(case: Case, cash: Cash, element: Element, built: Cases) -> None:
    """Products that earn differently, and a payment that does not say how much is for each."""
    named = {name for addition in element.additions for name in addition.products()}
    products = {item.product for item in cash.items}
    if named & products and products - named:
        text = f"payment {cash.event} has no parts and was divided among products by list price; enter the parts"
        built.doubt(DoubtKind.PARTS_GUESSED, case.deal, text, cash.event, blocks=False)


def _unmatched(cash: Cash) -> Step:
    kinds = {item.kind for item in cash.items}
    amount = Money(abs(cash.amount), cash.currency)
    if kinds == {PaymentKind.ONE_OFF}:
        return step("trigger", "cash_collected", Said.NOTHING_ONE_OFF, NOTHING, amount=amount)
    if kinds == {PaymentKind.RENEWAL}:
        return step("trigger", "cash_collected", Said.NOTHING_RENEWAL, NOTHING, amount=amount)
    return step("trigger", "cash_collected", Said.NOTHING_OTHER, NOTHING, amount=amount)


def nothing_line(case: Case, found: Nothing) -> Line:
    """A line of zero that tells why a payment earned nothing."""
    cash, nothing = found.cash, Money.zero(found.cash.currency)
    paid = step(
        "trigger", "cash_collected", Said.PAID, cash.event, amount=Money(cash.amount, cash.currency), on=cash.on
    )
    return Line(
        key=key_of(case.plan_key, case.partner_id, case.deal.id, cash.event, f"nothing{cash.piece}"),
        partner_id=case.partner_id, plan_id=case.plan.id, plan=case.plan.name, version=case.plan.version, series="",
        event=cash.event, part="nothing", earned_on=cash.on, amount=nothing, base=nothing, rate=None,
        tier=case.tier.name, steps=(*case.told, paid, found.why), deal_id=case.deal.id, deal_number=case.number,
        customer=case.deal.customer,
    )  # fmt: skip
