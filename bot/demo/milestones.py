"""Makes what happened on demo deals and to demo partners beside payments: go-lives, CSAT, meetings, events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from bot.demo.calendar import last_month, months_later
from bot.demo.files import HappenedTable, PartnerFile
from bot.demo.pricing import PriceList
from crm.records import Deal, Milestone, MilestoneKind, PartnerType, PaymentKind

_LIVE_AFTER = timedelta(days=23)  # from the win
_JUDGED_AFTER = timedelta(days=35)  # from the go-live
_BEST, _LEAST = 50, 42  # tenths of a CSAT
_UNHAPPY = Decimal("4.1")


def milestones_of(file: PartnerFile, deals: Iterable[Deal], prices: PriceList, today: date) -> Iterator[Milestone]:
    """Of a services partner every project goes live and is judged, as far as that is past; for others what is told."""
    if PartnerType.SERVICES in file.partner.types and PartnerType.RESELLER not in file.partner.types:
        yield from _projects([deal for deal in deals if _project(deal, prices)], today)
    for number, told in enumerate(file.happened, start=1):
        yield _told(file, told, number, today)


def contentment(file: PartnerFile, deals: Iterable[Deal]) -> Iterator[Milestone]:
    """Of a services partner's deals that were renewed: their customers are content, or they would not have been."""
    if PartnerType.SERVICES not in file.partner.types:
        return
    for deal in deals:
        day = _won(deal) + _LIVE_AFTER + _JUDGED_AFTER
        yield Milestone(f"{deal.id}-csat", deal.partner_id, MilestoneKind.CSAT, day, deal.id, value=_csat(deal, 0))


def _project(deal: Deal, prices: PriceList) -> bool:
    return deal.won_on is not None and any(prices.kind(product) is PaymentKind.ONE_OFF for product in deal.products)


def _projects(deals: Sequence[Deal], today: date) -> Iterator[Milestone]:
    """The second one's customer was not content; the last but one was judged last month, the last one is not yet."""
    for index, deal in enumerate(sorted(deals, key=_won)):
        live = _won(deal) + _LIVE_AFTER
        if live <= today:
            yield Milestone(f"{deal.id}-live", deal.partner_id, MilestoneKind.GO_LIVE, live, deal.id)
        judged = _judged(live, index, len(deals), today)
        if judged is not None and live <= judged <= today:
            yield Milestone(
                f"{deal.id}-csat", deal.partner_id, MilestoneKind.CSAT, judged, deal.id, value=_csat(deal, index)
            )


def _judged(live: date, index: int, count: int, today: date) -> date | None:
    if index == count - 1:
        return None
    if index == count - 2:
        return max(live + timedelta(days=5), last_month(today) + timedelta(days=10))
    return live + _JUDGED_AFTER


def _csat(deal: Deal, index: int) -> Decimal:
    drawn = Random(f"partnerline demo {deal.number}")  # noqa: S311 - to look random, not to be a secret
    return _UNHAPPY if index == 1 else Decimal(drawn.randint(_LEAST, _BEST)) / 10


def _told(file: PartnerFile, told: HappenedTable, number: int, today: date) -> Milestone:
    day = months_later(last_month(today), 1 - told.months_ago) + timedelta(days=told.day - 1)
    milestone_id = f"{file.partner_id}-{told.kind}-{number}"
    return Milestone(milestone_id, file.partner_id, told.kind, day, subject=told.subject, value=told.value)


def _won(deal: Deal) -> date:
    assert deal.won_on is not None
    return deal.won_on
