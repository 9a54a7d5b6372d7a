"""How long the commission engine takes for a line with its derivation, for ever more lines, beside bare arithmetic."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from statistics import median

from crm.money import Money
from crm.records import AmountBasis, Deal, Partner, PartnerType, Payment, Stage
from knowledge.commission.account import Account, Posted
from knowledge.commission.earning import earn
from knowledge.commission.exchange import RateTable
from knowledge.loading import load_programs
from knowledge.programs import Programs

LINES = (10_000, 30_000, 100_000)
ROUNDS = 3
MICROSECONDS = 60.0
"""What a line with its derivation may take of CPU."""
_PROGRAM = Path(__file__).parents[1] / "config" / "program"
_TODAY = date(2026, 12, 31)
_EACH = 600  # lines of one partner: two hundred deals with three payments
_PLANS = {"Referral": PartnerType.REFERRAL, "Reseller": PartnerType.RESELLER}
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Reckoned:
    """CPU microseconds a line: `new` with their derivations, `again` when all are posted, `bare` the arithmetic."""

    plan: str
    lines: int
    new: float
    again: float
    bare: float

    @property
    def ratio(self) -> float:
        return self.new / self.bare


def measure(step: Callable[[], None]) -> list[Reckoned]:
    """The sizes and plans in turns; each figure is the median of the rounds."""
    programs = load_programs(_PROGRAM)
    return [_measured(programs, plan, kind, lines, step) for plan, kind in _PLANS.items() for lines in LINES]


def _measured(programs: Programs, plan: str, kind: PartnerType, lines: int, step: Callable[[], None]) -> Reckoned:
    accounts = [_account(number, kind) for number in range(lines // _EACH)]
    count = len(accounts) * _EACH
    gc.collect()
    gc.freeze()  # the records of the other partners are no cost of a line
    rounds = []
    for _ in range(ROUNDS):
        bare = _cpu(lambda: [_bare(account) for account in accounts])
        new = again = 0.0
        for account in accounts:
            begun = time.process_time()
            found = earn(programs, account, RateTable("EUR"), _TODAY, ahead=False)
            new += time.process_time() - begun
            assert len(found.lines) == _EACH
            posted = tuple(_posted(line.key, line.series, line.event, line.part, line.amount) for line in found.lines)
            known = _with(account, posted)
            begun = time.process_time()
            assert not earn(programs, known, RateTable("EUR"), _TODAY, ahead=False).lines
            again += time.process_time() - begun
        rounds.append(tuple(seconds / count * 1_000_000 for seconds in (new, again, bare)))
        step()
    gc.unfreeze()
    new, again, bare = (median(figures) for figures in zip(*rounds, strict=True))
    return Reckoned(plan, count, new, again, bare)


def _cpu(act: Callable[[], object]) -> float:
    gc.collect()
    begun = time.process_time()
    act()
    return time.process_time() - begun


def _account(number: int, kind: PartnerType) -> Account:
    partner = Partner(f"p{number}", f"Partner {number}", (kind,), "Select", quarterly_target=_eur(100_000))
    deals = tuple(_deals(partner.id))
    payments = tuple(
        Payment(f"{deal.id}-{part}", deal.id, partner.id, _eur("2000.10"), _day(place + 30 * part))
        for place, deal in enumerate(deals)
        for part in range(3)
    )
    return Account(partner, deals, payments)


def _deals(partner_id: str) -> Iterator[Deal]:
    for place in range(_EACH // 3):
        yield Deal(
            f"{partner_id}-{place}", f"D-{10_000 + place}", partner_id, f"Customer {place}", "", ("Lumora Core",),
            _eur(24_000), AmountBasis.ANNUAL, Stage.WON, None, _day(place), won_on=_day(place),
        )  # fmt: skip


def _day(place: int) -> date:
    return date(2026, 1, 5) + timedelta(days=place)


def _eur(amount: int | str) -> Money:
    return Money(Decimal(amount), "EUR")


def _posted(key: str, series: str, event: str, part: str, amount: Money) -> Posted:
    return Posted(key, series, event, part, _TODAY, amount)


def _with(account: Account, posted: tuple[Posted, ...]) -> Account:
    return Account(account.partner, account.deals, account.payments, posted=posted)


def _bare(account: Account) -> list[Decimal]:
    """A cumulative share of each payment, rounded half-up; no records looked at, nothing told."""
    total, before, lines = Decimal(0), Decimal(0), []
    for payment in sorted(account.payments, key=lambda p: (p.received_on, p.id)):
        total += payment.amount.amount * Decimal("0.175")
        rounded = total.quantize(_CENT, rounding=ROUND_HALF_UP)
        lines.append(rounded - before)
        before = rounded
    return lines
