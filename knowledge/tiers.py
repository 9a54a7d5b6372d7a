"""What a review sees of a partner: its figures over the quarters that count, and what they lack for a tier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from crm.money import Money
from crm.records import Attribution, Deal, Milestone, MilestoneKind, Partner, Payment, Stage
from knowledge.calendar import Calendar
from knowledge.commission.exchange import RateTable
from knowledge.program import Program, Tier

_MONTHS = 12
_QUARTER = 3
_YEAR = Calendar()


@dataclass(frozen=True, slots=True)
class Gap:
    """What is short of a tier; nothing of it is negative. `csat` is the whole mark where the partner has none yet."""

    revenue: Money
    csat: Decimal
    certified_people: int

    @property
    def closed(self) -> bool:
        return not (self.revenue.amount or self.csat or self.certified_people)


@dataclass(frozen=True, slots=True)
class TierFigures:
    """What the review on `review` counts, as far as it is known: from `window_start` to `window_end` inclusive.

    `revenue` is won and collected, in the program's currency; `uncounted` what came in other currencies on days for
    which no exchange rate is stored. `csat` is the mean of the projects rated in the window, unrounded, and
    `rated_projects` how many these are: 0 where it is the CRM's own mark of the partner.
    """

    review: date
    window_start: date
    window_end: date
    revenue: Money
    uncounted: tuple[Money, ...]
    csat: Decimal | None
    rated_projects: int
    certified_people: int

    def gap(self, tier: Tier) -> Gap:
        none = Money.zero(self.revenue.currency)
        revenue = tier.revenue - self.revenue if tier.revenue else none
        csat = (tier.csat or Decimal(0)) - (self.csat or Decimal(0))
        people = tier.certified_people - self.certified_people
        return Gap(max(revenue, none), max(csat, Decimal(0)), max(people, 0))


@dataclass(frozen=True, slots=True)
class TierProgress:
    """Where a partner stands before the review that comes next. `missing` is for `next_tier`, nothing at the top;
    `to_keep` is what the figures lack for the present tier. The lowest tier is kept whatever they are.
    """

    tier: Tier
    next_tier: Tier | None
    figures: TierFigures
    missing: Gap
    to_keep: Gap

    @property
    def reached(self) -> bool:
        """Whether the figures so far are enough for the next tier."""
        return self.next_tier is not None and self.missing.closed

    @property
    def keeps_tier(self) -> bool:
        return self.to_keep.closed


def review_of(day: date, calendar: Calendar = _YEAR) -> date:
    """The review of that day's quarter: its first day."""
    return calendar.quarter(day).start


def quarters_after(review: date, count: int) -> date:
    """The review that many quarters after another; before it where `count` is negative."""
    months = review.year * _MONTHS + review.month - 1 + count * _QUARTER
    return date(months // _MONTHS, months % _MONTHS + 1, 1)


def next_review(today: date, calendar: Calendar = _YEAR) -> date:
    """The first day of the next quarter; a review held today is no longer to come."""
    return calendar.quarter(today).after


def figures(
    partner: Partner,
    deals: Iterable[Deal],
    payments: Iterable[Payment],
    milestones: Iterable[Milestone],
    rates: RateTable,
    program: Program,
    review: date,
    today: date,
) -> TierFigures:
    """The figures for one review, as far as they are known `today`. Others' records are left out.

    Revenue is what was collected on won deals that the partner sourced (its share of them, where they are split), less
    refunds; each sum at the stored rate of its day, a refund at that of the payment that it takes back. CSAT is the
    mean of the last marks of the projects rated in the window, since it is these quarters that a review looks at; the
    CRM's own mark, whose days are not known, stands in where no project was rated.
    """
    start = quarters_after(review, -program.tier_rules.quarters_counted)
    end = review - timedelta(days=1)
    until = min(end, today)
    revenue, uncounted = _revenue(partner, deals, tuple(payments), rates, (start, until))
    marks = _marks(m for m in milestones if m.partner_id == partner.id and start <= m.on <= until)
    csat = sum(marks, Decimal(0)) / len(marks) if marks else partner.csat
    return TierFigures(review, start, end, revenue, uncounted, csat, len(marks), partner.certified_people)


def progress(
    partner: Partner,
    deals: Iterable[Deal],
    payments: Iterable[Payment],
    program: Program,
    today: date,
    rates: RateTable | None = None,
    milestones: Iterable[Milestone] = (),
) -> TierProgress:
    """Where `partner` stands before the next review. Raises KeyError for a tier that the program does not have.

    Without `rates` nothing in another currency is counted.
    """
    tier = program.tier(partner.tier) if partner.tier else program.tiers[0]
    known = rates or RateTable(program.vendor.currency)
    found = figures(
        partner, deals, payments, milestones, known, program, next_review(today, program.vendor.calendar), today
    )
    above = _above(program, tier)
    nothing = Gap(Money.zero(found.revenue.currency), Decimal(0), 0)
    missing = found.gap(above) if above else nothing
    return TierProgress(tier, above, found, missing, nothing if tier is program.tiers[0] else found.gap(tier))


def counted_by_deal(
    partner: Partner,
    deals: Iterable[Deal],
    payments: Iterable[Payment],
    rates: RateTable,
    window: tuple[date, date],
) -> tuple[tuple[Deal, Money], ...]:
    """What each deal adds to the revenue of `figures`, rounded, the largest first; deals that add nothing are left out.

    `window` is first and last day.
    """
    known = {deal.id: deal for deal in deals}
    sums: dict[str, Money] = {}
    for deal_id, _, counted in _counted(partner, known.values(), tuple(payments), rates, window):
        if counted is not None:
            sums[deal_id] = sums.get(deal_id, Money.zero(rates.base)) + counted
    told = [(known[deal_id], total.rounded()) for deal_id, total in sums.items() if total.amount]
    return tuple(sorted(told, key=lambda pair: (-pair[1].amount, pair[0].number)))


def _revenue(
    partner: Partner, deals: Iterable[Deal], payments: tuple[Payment, ...], rates: RateTable, window: tuple[date, date]
) -> tuple[Money, tuple[Money, ...]]:
    """In the program's currency, rounded once; and what could not be counted, by currency."""
    total, uncounted = Money.zero(rates.base), dict[str, Money]()
    for _, sum_, counted in _counted(partner, deals, payments, rates, window):
        if counted is None:
            uncounted[sum_.currency] = uncounted.get(sum_.currency, Money.zero(sum_.currency)) + sum_
        else:
            total += counted
    return total.rounded(), _each(uncounted)


def _counted(
    partner: Partner, deals: Iterable[Deal], payments: tuple[Payment, ...], rates: RateTable, window: tuple[date, date]
) -> Iterator[tuple[str, Money, Money | None]]:
    """For each payment that counts its deal, its sum, and what that is in the program's currency; None without a
    rate.
    """
    shares = {deal.id: _share(partner.id, deal) for deal in deals if deal.stage is Stage.WON}
    days = {payment.id: payment.received_on for payment in payments}
    for payment in payments:
        share = shares.get(payment.deal_id, Decimal(0))
        if not share or not window[0] <= payment.received_on <= window[1]:
            continue
        sum_ = payment.amount * share
        rate = rates.on(sum_.currency, days.get(payment.refunds, payment.received_on))
        yield payment.deal_id, sum_, Money(sum_.amount * rate.rate, rates.base) if rate is not None else None


def _each(sums: Mapping[str, Money]) -> tuple[Money, ...]:
    return tuple(sums[currency].rounded() for currency in sorted(sums) if sums[currency].amount)


def _share(partner_id: str, deal: Deal) -> Decimal:
    """Of a deal that it sourced alone the whole, of a split one its part, and nothing where it only had influence."""
    sourced = [other for other in deal.others if other.attribution is Attribution.SOURCED]
    if deal.partner_id != partner_id:
        return sum((other.share or Decimal(0) for other in sourced if other.partner_id == partner_id), Decimal(0))
    if deal.attribution is not Attribution.SOURCED:
        return Decimal(0)
    return 1 - sum((other.share or Decimal(0) for other in sourced), Decimal(0))


def _marks(milestones: Iterable[Milestone]) -> list[Decimal]:
    """The last mark of each project."""
    last: dict[str, Milestone] = {}
    for milestone in sorted(milestones, key=lambda m: (m.on, m.id)):
        if milestone.kind is MilestoneKind.CSAT and milestone.value is not None:
            last[milestone.deal_id or milestone.subject or milestone.id] = milestone
    return [milestone.value for milestone in last.values() if milestone.value is not None]


def _above(program: Program, tier: Tier) -> Tier | None:
    place = program.tiers.index(tier) + 1
    return program.tiers[place] if place < len(program.tiers) else None
