"""What may earn under one element of a plan: its trigger's entries, cut by time, gated by moments, refunds in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from crm.money import Money
from knowledge.commission.account import Awaits
from knowledge.commission.case import Case
from knowledge.commission.cash import Cash
from knowledge.commission.derivation import NoQuote, Reason, Said, Step, step
from knowledge.commission.element import Element, Part
from knowledge.commission.periods import by_spans
from knowledge.commission.rule import NOTHING, ONE, Clawback, Counting, Entry, Nothing, Reached
from knowledge.commission.rules.always import Always
from knowledge.commission.rules.within_days import WithinDays


@dataclass(slots=True, eq=False)
class Placed:
    """An entry in its series. `flat` is the sum (in the deal's currency) that is earned instead of a rate.

    `part` is the share of what is earned that this is, with the moment that it waited for; `awaits` is set while that
    is not reached. `line_part` names it in the line's key.
    """

    entry: Entry
    element: Element
    counting: Counting
    series: str
    line_part: str
    part: Part | None = None
    gate: Reached | None = None
    awaits: Awaits | None = None
    flat: Money | None = None
    flat_step: Step | None = None

    @property
    def identity(self) -> tuple[str, str]:
        return self.entry.event, self.line_part


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an entry cannot be computed; `event` is "" where that holds for the whole deal."""

    reason: Reason
    about: str = ""
    event: str = ""


Found = Placed | Nothing | Refusal


def placed(case: Case, element: Element) -> Iterator[Found]:
    """Everything of one deal under one element; nothing is raised for records that do not fit."""
    counting: Counting | NoQuote | None = None
    flat: _Flat | Refusal | None = None
    for found in element.trigger.entries(case):
        if isinstance(found, Nothing):
            yield found
            continue
        if counting is None:
            counting = _counting(case, element)
            flat = _flat(case, element) if element.flat_under else _NO_FLAT
        if isinstance(counting, NoQuote):
            yield Refusal(counting.reason, counting.about)
            return
        if isinstance(flat, Refusal):
            yield flat
            return
        yield from _Placing(case, element, counting, flat or _NO_FLAT).of(found)


def _counting(case: Case, element: Element) -> Counting | NoQuote:
    if element.trigger.cash:
        return element.base.of_cash(case)
    if element.base.needs_cash:
        return Counting(ONE, hidden=True)  # a flat sum for a moment needs no base
    return element.base.at_once(case)


@dataclass(frozen=True, slots=True)
class _Flat:
    flat: Money | None = None
    told: Step | None = None


_NO_FLAT = _Flat()


def _flat(case: Case, element: Element) -> _Flat | Refusal:
    """The flat sum in the deal's currency if the deal is under the limit, with the step that tells it.

    Without an exchange rate a foreign deal is refused, or, where it is only reckoned, the limit becomes a condition.
    """
    worth, said = case.worth, element.flat_under
    if isinstance(worth, NoQuote) or said is None or worth.first_year.amount <= 0:
        return _NO_FLAT
    first_year, day = worth.first_year, case.won_on or case.today
    found = case.rates.on(first_year.currency, day)
    if found is None and case.assumed:
        values = {"under": said.under, "flat": said.flat}
        told = step("threshold", "flat_under", Said.THRESHOLD_NOT_CONVERTED, first_year, **values)
        return _Flat(None, told)
    if found is None:
        return Refusal(Reason.NO_RATE, f"{first_year.currency} on {day}")
    if first_year.amount * found.rate >= said.under.amount:
        return _NO_FLAT
    flat = Money(said.flat.amount / found.rate, first_year.currency)
    values = {"base": first_year, "under": said.under, "flat": flat.rounded()}
    return _Flat(flat, step("threshold", "flat_under", Said.FLAT, flat.rounded(), **values))


@dataclass(slots=True, eq=False)
class _Placing:
    case: Case
    element: Element
    counting: Counting
    flat: _Flat

    def of(self, entry: Entry) -> Iterator[Found]:
        if entry.moment is not None:
            self._at_once(entry)
        elif self.counting.ceiling is not None and entry.currency != self.case.currency:
            yield Refusal(Reason.NO_RATE, f"{entry.currency} on a deal in {self.case.currency}", entry.event)
            return
        for cut in self._cut(entry):
            if isinstance(cut, Entry):
                yield from self._scheduled(cut)
            else:
                yield cut

    def _at_once(self, entry: Entry) -> None:
        entry.amount = self.counting.ceiling or NOTHING
        if self.element.proration is not None and entry.moment is not None:
            entry.amount, told = self.element.proration.part(entry.amount, entry.moment, entry.currency)
            entry.told = told

    def _cut(self, entry: Entry) -> Iterator[Entry | Nothing | Refusal]:
        """The parts of a payment by years of service; what is paid for a later year is earned when that begins."""
        span, cash = self.element.span, entry.cash
        if cash is not None:
            entry.since = cash.start
        if not span or cash is None:
            yield entry
            return
        if cash.start is None or cash.end is None or self.case.start is None:
            if self.element.rate.years:
                yield Refusal(Reason.NO_PERIOD, "", entry.event)
                return
            yield entry
            return
        for number, since, amount in by_spans(entry.amount, cash.start, cash.end, self.case.start, span):
            yield self._in_span(entry, number, since, amount)

    def _in_span(self, entry: Entry, number: int, since: date, amount: Decimal) -> Entry | Nothing:
        last, whole = self.element.last_span, amount == entry.amount
        if number > last:
            money = Money(abs(amount), entry.currency)
            if self.element.schedule_span:
                months = self.element.schedule_span
                told = step("schedule", "first_months", Said.NOTHING_AFTER, NOTHING, amount=money, months=months)
            else:
                told = step("base", "service_year", Said.NOTHING_YEAR, NOTHING, amount=money, years=last)
            return Nothing(_cash(entry), told, whole=whole)
        if whole:
            entry.year, entry.since = number, since
            return entry
        found = replace(entry, amount=amount, year=number, since=since)
        found.on = max(entry.on, since)
        found.cut = True
        return found

    def _scheduled(self, entry: Entry) -> Iterator[Found]:
        for schedule in self.element.schedules:
            why = schedule.refused(entry) if entry.cash else None
            if why is not None:
                yield Nothing(_cash(entry), why)
                return
        if self.counting.ratio is not None and entry.cash is not None:
            entry.scaled = entry.amount
            entry.amount = entry.amount * self.counting.ratio
        if not self.element.parts:
            yield self._placed(entry, None, None)
            return
        for part in self.element.parts:
            gate = part.gate.reached(self.case)
            if gate is None and self.case.assumed:
                gate = Reached(self.case.today, "assumed")
            yield self._placed(entry, part, gate)

    def _placed(self, entry: Entry, part: Part | None, gate: Reached | None) -> Found:
        element, case = self.element, self.case
        own = entry if part is None else replace(entry)
        if gate is not None:
            own.on = max(own.on, gate.on)
        if own.cash is not None and own.cash.paid is not None:
            refused = self._too_late(own, part, gate)
            if refused is not None:
                return refused
        if element.in_program_currency or element.pays:
            missing = self._exchanged(own)
            if missing is not None:
                return missing
        awaits = part.gate.missing(case) if part is not None and gate is None else None
        return Placed(
            own, element, self.counting, self._series(own, part), self._line_part(own, part), part, gate, awaits,
            self.flat.flat, self.flat.told,
        )  # fmt: skip

    def _too_late(self, entry: Entry, part: Part | None, gate: Reached | None) -> Nothing | None:
        """A refund after the time takes nothing back, unless what it pays back was not yet earned when it came."""
        cash = _cash(entry)
        if cash.paid is None or (part is not None and gate is None):
            return None
        moments = (entry.earned_on or cash.paid.on, gate.on if gate else None, entry.since if entry.cut else None)
        entry.earned_on = earned = max(moment for moment in moments if moment)
        clawback = self.element.clawback or _clawback(self.case)
        if earned > cash.on or clawback.in_time(cash.paid.on, cash.on):
            entry.on = max(cash.on, earned)
            return None
        amount, days = Money(-entry.amount, entry.currency), clawback.days or 0
        told = step("clawback", clawback.rule, Said.NOTHING_LATE_REFUND, NOTHING, amount=amount, days=days)
        return Nothing(cash, told)

    def _exchanged(self, entry: Entry) -> Refusal | None:
        cash = entry.cash
        day = (cash.paid or cash).on if cash else entry.on
        base = self.case.program.vendor.currency
        for currency in {entry.currency, self.element.pays or base} - {base}:
            if self.case.rates.on(currency, day) is None:
                return Refusal(Reason.NO_RATE, f"{currency} on {day}", entry.event)
        if entry.currency != base and self.element.in_program_currency:
            found = self.case.rates.on(entry.currency, day)
            entry.exchange = found.rate if found else entry.exchange
        return None

    def _series(self, entry: Entry, part: Part | None) -> str:
        case, element = self.case, self.element
        name = f"{element.name}.{part.name}" if part else element.name
        if element.series == "deal":
            return f"{case.plan.id}|deal|{case.deal.id}|{name}"
        quarter = case.program.vendor.calendar.quarter(entry.earned_on or entry.on)
        return f"{case.plan.id}|{case.partner_id}|{quarter}|{name}"

    def _line_part(self, entry: Entry, part: Part | None) -> str:
        pieces = [self.element.name, part.name if part else "", f"year{entry.year}" if entry.cut else "", entry.piece]
        return ".".join(filter(None, pieces))


def _clawback(case: Case) -> Clawback:
    rules = case.program.commission
    return WithinDays(days=rules.clawback_days) if rules else Always()


def _cash(entry: Entry) -> Cash:
    if entry.cash is None:
        raise TypeError("a moment is no cash")
    return entry.cash
