"""The lines that an account has earned and that are not posted yet, what is to come, and what a person must see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import localcontext

from knowledge.commission.account import Account, Awaits, DoubtKind, Earnings, Line, Posted
from knowledge.commission.book import Book, book
from knowledge.commission.case import Case
from knowledge.commission.cases import CaseBuilder, Cases
from knowledge.commission.coming import coming
from knowledge.commission.evaluation import Evaluated, correction_of, evaluated, line_of, settling_of
from knowledge.commission.exact import EXACT
from knowledge.commission.exchange import RateTable
from knowledge.commission.keys import REWARD, deal_of, identity
from knowledge.commission.rewards import rewards
from knowledge.commission.series import Running
from knowledge.programs import Programs


def earn(programs: Programs, account: Account, rates: RateTable, today: date, *, ahead: bool = True) -> Earnings:
    """What the account has earned by `today` beyond its posted lines; the same account gives the same again.

    New lines come by day; keys never repeat. Nothing is raised for records that do not fit: they become doubts.
    `ahead` asks for what is to come, too, which posting does not need.
    """
    with localcontext(EXACT):
        built = CaseBuilder(programs, account, rates, today).build()
        found = book(account, built, today)
        ended = _evaluated(account, built, found, today)
        lines = [line for _, series in ended.items() for line in series[1]]
        nothing = found.nothing + [line for series in ended.values() for line in series[2]]
        extra, unrewarded = rewards(programs, account, found.posted, today)
        _waiting_for_csat(found, built, today)
        totals = {name: series[0].running for name, series in ended.items()}
        to_come = coming(built.cases, found, totals, account, today) if ahead else ()
    lines = sorted((*lines, *extra), key=_in_order)
    return Earnings(
        tuple(lines), to_come, tuple(built.doubts[key] for key in sorted(built.doubts)),
        tuple(sorted((*nothing, *unrewarded), key=_in_order)),
    )  # fmt: skip


def _evaluated(
    account: Account, built: Cases, found: Book, today: date
) -> dict[str, tuple[Evaluated, list[Line], list[Line]]]:
    """Each series with its new lines, and those of zero that keep no place."""
    cases = {case.deal.id: case for case in built.cases}
    ended = dict[str, tuple[Evaluated, list[Line], list[Line]]]()
    for series in sorted(found.entries.keys() | {name for name in found.posted if not name.startswith(REWARD)}):
        entries, posted = found.entries.get(series, []), found.posted.get(series, [])
        stands = any(deal in built.held or deal not in cases for deal in map(deal_of, posted))
        done = evaluated(entries, posted, Running(account.partner.quarterly_target), stands=stands)
        lines, nothing = list(_corrections(done, posted, cases, today)), list[Line]()
        for placed, added, steps in done.lines:
            line = line_of(placed, added, steps)
            keeps = added.amount or (added.counted and placed.element.series == "partner_quarter")
            (lines if keeps else nothing).append(line)
        lines += (settling_of(placed, left) for placed, left in done.settled)
        ended[series] = done, lines, nothing
    return ended


def _corrections(done: Evaluated, posted: list[Posted], cases: dict[str, Case], today: date) -> Iterator[Line]:
    for line, was, right in done.changed:
        case = cases[deal_of(line)]
        times = sum(1 for other in posted if identity(other) == identity(line))
        yield correction_of(line, was, right, _about(case, line, today), times)


def _about(case: Case, line: Posted, today: date) -> Line:
    return Line(
        key=line.key, partner_id=case.partner_id, plan_id=case.plan.id, plan=case.plan.name, version=case.plan.version,
        series=line.series, event=line.event, part=line.part, earned_on=today, amount=line.amount, base=line.amount,
        rate=None, tier=case.tier.name, steps=case.told, deal_id=case.deal.id, deal_number=case.number,
        customer=case.deal.customer,
    )  # fmt: skip


def _waiting_for_csat(found: Book, built: Cases, today: date) -> None:
    for placed in found.later:
        case = placed.entry.case
        rules = case.program.commission
        if placed.awaits is not Awaits.CSAT or rules is None:
            continue
        since = max(placed.entry.on, case.live_on or placed.entry.on)
        if today - since > timedelta(days=rules.csat_task_days):
            text = (
                f"no customer satisfaction high enough is known since {since}; enter the survey, or settle it by hand"
            )
            built.doubt(DoubtKind.CSAT_OVERDUE, case.deal, text, placed.line_part, blocks=False)


def _in_order(line: Line) -> tuple[date, str]:
    return line.earned_on, line.key
