"""The running totals of one series: each entry adds to them, and its line is what the rounded total grew by."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel.numbers import get_currency_precision

from crm.money import Money
from knowledge.commission.derivation import Said, Step, Value, step
from knowledge.commission.entries import Placed
from knowledge.commission.rule import NOTHING, ONE, Sale, Trace
from knowledge.commission.sharing import share_of
from knowledge.values import share


@cache
def _unit(currency: str) -> Decimal:
    """The currency's smallest unit."""
    return ONE.scaleb(-get_currency_precision(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Half-up, ties away from zero, so that what is paid back undoes exactly what was paid."""
    return amount.quantize(_unit(currency), rounding=ROUND_HALF_UP)


_EMPTY = Decimal("1e-30")  # where sums were divided, what is left of them may be an unending fraction's last digit


@dataclass(slots=True, eq=False)
class Added:
    """What one entry added: `amount` is rounded, `base` what counted of it, in the currency that it came in.

    `settled` is what else has to be, in other currencies, where it left the whole series empty.
    """

    amount: Decimal
    currency: str
    base: Decimal
    rate: Decimal | None
    counted: bool
    settled: tuple[Money, ...] = ()


@dataclass(slots=True, eq=False)
class Running:
    """Totals of one series. `right` is by currency what all its lines should come to, rounded.

    `cash` is by deal and currency what was collected, before any limit; `volume` what counted, in the series' currency.
    """

    target: Money | None = None
    volume: Decimal = NOTHING
    raw: Decimal = NOTHING
    total: Decimal = NOTHING
    cash: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    deals: dict[str, Decimal] = field(default_factory=dict)
    exact: dict[str, Decimal] = field(default_factory=dict)
    right: dict[str, Decimal] = field(default_factory=dict)
    memory: dict[str, Decimal] = field(default_factory=dict)

    def add(self, placed: Placed, trace: Trace | None) -> Added:
        """Moves the totals by one entry, and tells every step where `trace` is given."""
        entry, counting = placed.entry, placed.counting
        key = (entry.case.deal.id, entry.currency)
        was = self.cash.get(key, NOTHING)
        now = self.cash[key] = was + entry.amount
        low, high = _within(was, counting.ceiling), _within(now, counting.ceiling)
        counted = high - low
        if trace is not None:
            self._tell_base(placed, now, high, trace)
        sale = self._sale(placed, counted * entry.exchange if entry.exchange is not ONE else counted)
        if placed.flat is not None:
            raw, rate = placed.flat.amount * ((now > 0) - (was > 0)), None
            if trace is not None and placed.flat_step is not None:
                trace.append(placed.flat_step)
        else:
            if trace is not None and placed.flat_step is not None:
                trace.append(placed.flat_step)
            raw, rate = self._rated(placed, sale, trace)
        grown = self._capped(placed, raw, sale.currency, trace)
        amount, currency = self._paid(placed, grown, sale.currency, trace)
        return Added(amount, currency, counted, rate, counted != 0, self._settled(currency))

    def _settled(self, currency: str) -> tuple[Money, ...]:
        """Where everything was paid back, nothing is left in any currency, however rates and bands have moved."""
        if self.volume or not any(self.right.values()):
            return ()
        left = tuple(Money(-amount, other) for other, amount in sorted(self.right.items()) if amount)
        self.right, self.exact, self.raw, self.total = {}, {}, NOTHING, NOTHING
        return tuple(money for money in left if money.currency != currency)

    def _sale(self, placed: Placed, value: Decimal) -> Sale:
        entry, case = placed.entry, placed.entry.case
        before = self.volume
        after = before + value
        after = self.volume = after if abs(after) > _EMPTY else NOTHING
        deal_before = self.deals.get(case.deal.id, NOTHING)
        deal_after = self.deals[case.deal.id] = deal_before + value
        currency = case.program.vendor.currency if placed.element.in_program_currency else entry.currency
        return Sale(entry, value, before, after, deal_before, deal_after, currency, self.target, self.memory)

    def _rated(self, placed: Placed, sale: Sale, trace: Trace | None) -> tuple[Decimal, Decimal | None]:
        element = placed.element
        if trace is not None and element.series == "partner_quarter":
            before, after = Money(sale.before, sale.currency), Money(sale.after, sale.currency)
            trace.append(step("base", "volume", Said.VOLUME, after, before=before, after=after))
        raw, rate = element.rate.earned(sale, trace)
        for addition in element.additions:
            raw, rate = addition.apply(sale, raw, rate, trace)
        if element.accelerator is not None:
            extra = element.accelerator.points_on(sale, trace)
            raw, rate = raw + extra, None if extra else rate
        return raw, rate

    def _capped(self, placed: Placed, raw: Decimal, currency: str, trace: Trace | None) -> Decimal:
        """What the total grew by, after the cap."""
        cap = placed.element.cap
        self.raw += raw
        total = self.raw if cap is None else cap.limited(self.raw)
        grown, self.total = total - self.total, total
        if cap is not None and trace is not None and grown != raw:
            trace.append(cap.tells(raw - grown, currency))
        return grown

    def _paid(self, placed: Placed, grown: Decimal, series_currency: str, trace: Trace | None) -> tuple[Decimal, str]:
        """The line: the growth in the currency that is paid, rounded once.

        In the series' own currency it is the rounded total less what came before; in another one it is the growth
        by itself, at the stored rate of its day. Where the series is empty, whatever there was is taken back.
        """
        entry, pays = placed.entry, placed.element.pays
        currency = pays or entry.currency
        before = self.right.get(currency, NOTHING)
        if before and not self.volume:
            exact, after = -before, NOTHING
        elif currency == series_currency:
            exact = self.exact[currency] = self.exact.get(currency, NOTHING) + grown
            after = self._own(placed, rounded(exact, currency), currency, trace)
        else:
            exact = grown if pays and entry.exchange is ONE else grown / entry.exchange
            if trace is not None and entry.exchange is not ONE:
                trace.append(_back(Money(grown, series_currency), Money(exact, entry.currency)))
            exact = self._converted(placed, exact, trace) if pays else exact
            after = before + self._own(placed, rounded(exact, currency), currency, trace)
        self.right[currency] = after
        if trace is not None:
            cumulative, whole = currency == series_currency, placed.part is None and not entry.case.weights
            trace.append(_last(exact if whole else None, before, after, currency, cumulative=cumulative))
        return after - before, currency

    def _own(self, placed: Placed, amount: Decimal, currency: str, trace: Trace | None) -> Decimal:
        """The part that is due at this moment, and this partner's of it; in whole units."""
        if placed.part is not None:
            amount = self._part(placed, amount, currency, trace)
        weights = placed.entry.case.weights
        if not weights:
            return amount
        own = share_of(amount, weights, placed.entry.case.partner_id, _unit(currency))
        if trace is not None:
            part = weights[placed.entry.case.partner_id] / sum(weights.values(), start=NOTHING)
            money = Money(own, currency)
            trace.append(
                step("split", "split", Said.SPLIT, money, share=part, total=Money(amount, currency), result=money)
            )
        return own

    def _part(self, placed: Placed, amount: Decimal, currency: str, trace: Trace | None) -> Decimal:
        """Parts are cut from the rounded whole, so that together they are the whole; the last one takes the rest."""
        upto, part = NOTHING, NOTHING
        for piece in placed.element.parts:
            below = rounded(amount * upto, currency)
            upto += share(piece.percent)
            if piece is placed.part:
                part = rounded(amount * upto, currency) - below
                break
        if trace is not None and placed.part is not None:
            whole, result = Money(amount, currency), Money(part, currency)
            portion = share(placed.part.percent)
            if placed.gate is not None and placed.gate.event != "assumed":
                trace.append(placed.part.gate.told(placed.gate))
            trace.append(step("part", placed.part.name, Said.PART, result, share=portion, total=whole, result=result))
        return part

    def _converted(self, placed: Placed, amount: Decimal, trace: Trace | None) -> Decimal:
        """In the currency of the payout, at the stored rates of the day; unrounded."""
        entry, pays = placed.entry, placed.element.pays or placed.entry.currency
        case = entry.case
        day = (entry.cash.paid or entry.cash).on if entry.cash else entry.on
        own, wanted = case.rates.on(entry.currency, day), case.rates.on(pays, day)
        if own is None or wanted is None:
            return amount
        exchange = own.rate / wanted.rate
        result = amount * exchange
        if trace is not None:
            source = own.source or wanted.source
            values: dict[str, Value] = {"amount": Money(amount, entry.currency), "exchange": exchange, "on": own.day}
            money = Money(result, pays)
            trace.append(step("currency", "pays", Said.CONVERTED, money, **values, source=source, result=money))
        return result

    def _tell_base(self, placed: Placed, now: Decimal, high: Decimal, trace: Trace) -> None:
        entry, case = placed.entry, placed.entry.case
        trace += case.told
        currency = entry.currency
        if case.assumed:
            trace += _assumed(placed)
        else:
            trace.append(placed.element.trigger.tells(entry))
            trace += _counted(placed, now, high)
        if entry.told is not None:
            trace.append(entry.told)
        if entry.exchange is not ONE:
            trace.append(_exchanged(placed, currency))


def _assumed(placed: Placed) -> list[Step]:
    """How a base that nobody paid yet comes about."""
    entry, counting = placed.entry, placed.counting
    steps = list(counting.steps or (entry.cash.told if entry.cash else ()))
    if entry.year > 1 and entry.since is not None:
        amount = Money(entry.amount, entry.currency)
        values: dict[str, Value] = {"amount": amount, "year": entry.year, "on": entry.since}
        steps.append(step("base", "service_year", Said.SERVICE_YEAR, amount, **values, counted=amount))
    return steps


def _within(amount: Decimal, ceiling: Decimal | None) -> Decimal:
    return max(NOTHING, amount if ceiling is None or amount < ceiling else ceiling)


def _counted(placed: Placed, now: Decimal, high: Decimal) -> list[Step]:
    """What of a sum counts toward the base, in the base's own words."""
    entry, counting, currency = placed.entry, placed.counting, placed.entry.currency
    if entry.moment is not None or counting.hidden:
        return list(counting.steps)
    steps = list[Step]()
    amount = Money(entry.amount, currency)
    if entry.year and (entry.cut or placed.element.rate.years) and entry.since and entry.cash:
        values: dict[str, Value] = {"amount": Money(entry.cash.amount, currency), "year": entry.year, "on": entry.since}
        steps.append(step("base", "service_year", Said.SERVICE_YEAR, amount, **values, counted=amount))
    if entry.scaled is not None:
        told = counting.steps[-1].values
        values = {"amount": Money(entry.scaled, currency), "mrr": told["mrr"], "replaced": told["replaced"]}
        steps.append(step("base", "net_new_mrr", Said.SCALED_NEW, amount, **values, base=amount))
    collected = Money(now, currency)
    if counting.ceiling is not None:
        base = Money(high, currency)
        steps.append(step("base", "collected", Said.COLLECTED, base, amount=amount, collected=collected, base=base))
    elif placed.element.series == "deal" and not entry.year:
        steps.append(step("base", "collected", Said.COUNTS, amount, amount=amount, collected=collected))
    return steps


def _back(amount: Money, result: Money) -> Step:
    return step("currency", "pays", Said.CONVERTED_BACK, result, amount=amount, result=result)


def _exchanged(placed: Placed, currency: str) -> Step:
    entry = placed.entry
    day = (entry.cash.paid or entry.cash).on if entry.cash else entry.on
    found, base = entry.case.rates.on(currency, day), entry.case.program.vendor.currency
    amount, result = Money(entry.amount, currency), Money(entry.amount * entry.exchange, base)
    source, on = (found.source, found.day) if found else ("", day)
    values: dict[str, Value] = {"amount": amount, "exchange": entry.exchange, "on": on, "source": source}
    return step("currency", "at_rate", Said.AT_RATE, result, **values, result=result)


def _last(exact: Decimal | None, before: Decimal, after: Decimal, currency: str, *, cumulative: bool) -> Step:
    """Rounding, or what the rounded total grew by since the lines before; without `exact` it was rounded earlier."""
    result = Money(after - before, currency)
    if cumulative and before:
        values: dict[str, Value] = {"total": Money(after, currency), "earlier": Money(before, currency)}
        return step("line", "line", Said.EARLIER_LINES, result, **values, result=result)
    unrounded = result if exact is None else Money(exact, currency)
    return step("rounding", "half_up", Said.ROUNDED, result, exact=unrounded, result=result)
