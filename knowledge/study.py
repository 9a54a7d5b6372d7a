"""Deals of partners against the vendor's own: average size, win rate and length of the cycle, with what is certain."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from crm.money import Money
from crm.records import AmountBasis, Attribution, Deal, Partner, PartnerType, Stage
from knowledge import intervals
from knowledge.commission.exchange import RateTable
from knowledge.intervals import Estimate

FEWEST = 5
"""Of fewer deals in a group nothing is computed but counts."""
FEW = 30
"""Of fewer a figure is given and called a small sample."""
_YEAR = 12


class Group(StrEnum):
    """SOURCED and INFLUENCED by a partner; REGISTERED are those of the sourced ones that a registration brought; OWN is
    what no partner had a part in.
    """

    SOURCED = "sourced"
    REGISTERED = "registered"
    INFLUENCED = "influenced"
    OWN = "own"


class Finding(StrEnum):
    """What a comparison with the vendor's own deals shows. NOT_SHOWN: the interval holds "no difference", which is not
    the same as none.
    """

    HIGHER = "higher"
    LOWER = "lower"
    NOT_SHOWN = "not_shown"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Filters:
    """`since` and `until` (inclusive) are days of closing. `region` and `type` are the partner's: they leave the
    vendor's own deals as they are.
    """

    since: date | None = None
    until: date | None = None
    region: str = ""
    type: PartnerType | None = None
    product: str = ""


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """`closed` are won and lost ones, `open` those that are neither yet and count nowhere. `unsized` are won ones
    without an amount, a term or a rate to count them by, `undated` those without the days of a cycle. An estimate is
    None where there are too few.
    """

    group: Group
    closed: int
    won: int
    open: int
    unsized: int
    undated: int
    size: Estimate | None
    win_rate: Estimate | None
    cycle: Estimate | None

    @property
    def sized(self) -> int:
        return self.won - self.unsized

    @property
    def dated(self) -> int:
        return self.won - self.undated


@dataclass(frozen=True, slots=True)
class Compared:
    """`estimate` is how many times the vendor's own, or for the cycle how many days more; `small` where one of the two
    groups is.
    """

    finding: Finding
    estimate: Estimate | None = None
    small: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """One group beside the vendor's own; `chance` is how likely cycles so different are where nothing differs."""

    group: Group
    size: Compared
    win_rate: Compared
    cycle: Compared
    chance: float | None


@dataclass(frozen=True, slots=True)
class Study:
    """Sizes are first-year values in `currency`, cycles are days from the first record to the win."""

    currency: str
    filters: Filters
    groups: tuple[GroupFigures, ...]
    comparisons: tuple[Comparison, ...]

    def of(self, group: Group) -> GroupFigures:
        return next(figures for figures in self.groups if figures.group is group)


@dataclass(frozen=True, slots=True)
class _Sample:
    """What is counted of a group's deals."""

    lost: int
    open: int
    sizes: tuple[float, ...]
    cycles: tuple[int, ...]
    won: int

    @property
    def closed(self) -> int:
        return self.won + self.lost


def study(
    deals: Iterable[Deal],
    partners: Mapping[str, Partner],
    registered: Collection[str],
    rates: RateTable,
    filters: Filters,
) -> Study:
    """`registered` are the numbers of registrations. Amounts count at the stored rate of the day of the win."""
    by_group: dict[Group, list[Deal]] = {group: [] for group in Group}
    for deal in deals:
        group = _group(deal)
        if not _wanted(deal, group, partners, filters):
            continue
        by_group[group].append(deal)
        if group is Group.SOURCED and deal.number in registered:
            by_group[Group.REGISTERED].append(deal)
    samples = {group: _sample(found, rates) for group, found in by_group.items()}
    own = samples[Group.OWN]
    return Study(
        rates.base,
        filters,
        tuple(_figures(group, sample) for group, sample in samples.items()),
        tuple(_compared(group, sample, own) for group, sample in samples.items() if group is not Group.OWN),
    )


def first_year(deal: Deal) -> Money | None:
    """What a deal is worth in its first year, so that long terms and monthly prices compare; None where that cannot be
    told from it.
    """
    if deal.amount is None or deal.amount.amount <= 0:
        return None
    months = min(deal.term_months or _YEAR, _YEAR)
    match deal.amount_basis:
        case AmountBasis.MONTHLY:
            return deal.amount * months
        case AmountBasis.PER_SEAT_MONTH:
            return deal.amount * deal.quantity * months if deal.quantity else None
        case AmountBasis.TOTAL if deal.term_months and deal.term_months > _YEAR:
            return deal.amount * (Decimal(_YEAR) / deal.term_months)
        case _:
            return deal.amount


def closed_on(deal: Deal) -> date | None:
    """The day of the win or loss; of a loss without one the day on which it was meant to close."""
    if deal.stage is Stage.WON:
        return deal.won_on or deal.stage_since or deal.close_date
    return deal.stage_since or deal.close_date if deal.stage is Stage.LOST else None


def _group(deal: Deal) -> Group:
    """A deal that somebody sourced is that, whoever influenced it besides."""
    parts = {other.attribution for other in deal.others}
    if deal.partner_id:
        parts.add(deal.attribution)
    if Attribution.SOURCED in parts:
        return Group.SOURCED
    return Group.INFLUENCED if parts else Group.OWN


def _wanted(deal: Deal, group: Group, partners: Mapping[str, Partner], filters: Filters) -> bool:
    if filters.product and filters.product not in deal.products:
        return False
    if group is not Group.OWN and not _is_of(deal, partners, filters):
        return False
    day = closed_on(deal)
    if day is None:
        return True
    return (filters.since is None or day >= filters.since) and (filters.until is None or day <= filters.until)


def _is_of(deal: Deal, partners: Mapping[str, Partner], filters: Filters) -> bool:
    """Whether one of its partners is of the region and type that are asked for."""
    if not filters.region and filters.type is None:
        return True
    ids = [deal.partner_id, *(other.partner_id for other in deal.others)]
    return any(
        (not filters.region or partner.region.casefold() == filters.region.casefold())
        and (filters.type is None or filters.type in partner.types)
        for partner in (partners[i] for i in ids if i in partners)
    )


def _sample(deals: Sequence[Deal], rates: RateTable) -> _Sample:
    won = [deal for deal in deals if deal.stage is Stage.WON]
    sizes = (_size(deal, rates) for deal in won)
    cycles = (_cycle(deal) for deal in won)
    return _Sample(
        lost=sum(deal.stage is Stage.LOST for deal in deals),
        open=sum(deal.stage.open for deal in deals),
        sizes=tuple(size for size in sizes if size is not None),
        cycles=tuple(days for days in cycles if days is not None),
        won=len(won),
    )


def _size(deal: Deal, rates: RateTable) -> float | None:
    worth, day = first_year(deal), closed_on(deal)
    rate = rates.on(worth.currency, day) if worth and day else None
    return float(worth.amount * rate.rate) if worth and rate else None


def _cycle(deal: Deal) -> int | None:
    """None where the win is entered as of a day before the deal itself: no cycle is negative."""
    days = (deal.won_on - deal.created_on).days if deal.won_on else -1
    return days if days >= 0 else None


def _figures(group: Group, sample: _Sample) -> GroupFigures:
    return GroupFigures(
        group,
        sample.closed,
        sample.won,
        sample.open,
        sample.won - len(sample.sizes),
        sample.won - len(sample.cycles),
        intervals.mean(sample.sizes) if len(sample.sizes) >= FEWEST else None,
        intervals.share(sample.won, sample.closed) if sample.closed >= FEWEST else None,
        intervals.middle(sample.cycles) if len(sample.cycles) >= FEWEST else None,
    )


def _compared(group: Group, sample: _Sample, own: _Sample) -> Comparison:
    size = _enough(len(sample.sizes), len(own.sizes))
    rate = _enough(sample.closed, own.closed)
    cycle = _enough(len(sample.cycles), len(own.cycles))
    pairs = (sample.won, sample.closed), (own.won, own.closed)
    return Comparison(
        group,
        _said(intervals.mean_ratio(sample.sizes, own.sizes), 1, size) if size else Compared(Finding.TOO_FEW),
        _said(intervals.share_ratio(*pairs), 1, rate) if rate and sum(p[0] for p in pairs) else _none_won(rate),
        _said(intervals.shift(sample.cycles, own.cycles), 0, cycle) if cycle else Compared(Finding.TOO_FEW),
        intervals.rank_test(sample.cycles, own.cycles) if cycle else None,
    )


def _none_won(fewest: int) -> Compared:
    """Of many closed deals on both sides without a single win there is no ratio, and no difference either."""
    return Compared(Finding.NOT_SHOWN if fewest else Finding.TOO_FEW, small=0 < fewest < FEW)


def _enough(one: int, other: int) -> int:
    """The size of the smaller group; 0 where it is too small to say anything."""
    fewest = min(one, other)
    return fewest if fewest >= FEWEST else 0


def _said(estimate: Estimate, none: float, fewest: int) -> Compared:
    differs = Finding.HIGHER if estimate.low > none else Finding.LOWER
    return Compared(Finding.NOT_SHOWN if estimate.holds(none) else differs, estimate, fewest < FEW)
