"""One series from its entries and posted lines: what was posted stands first and is only ever completed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from crm.money import Money
from knowledge.commission.account import Line, Posted
from knowledge.commission.derivation import Said, Step, step
from knowledge.commission.entries import Placed
from knowledge.commission.keys import again, deal_of, identity, key_of, plan_of
from knowledge.commission.rule import NOTHING
from knowledge.commission.series import Added, Running

Identity = tuple[str, str]


@dataclass(slots=True)
class Evaluated:
    """`running` stands after every entry that has been earned by now. `gone` are posted lines of an event that is no
    more, and `changed` what all the posted ones are off by, in each currency, with the line that it began with.
    """

    running: Running
    lines: list[tuple[Placed, Added, tuple[Step, ...]]] = field(default_factory=list)
    changed: list[tuple[Posted, Money, Money]] = field(default_factory=list)
    settled: list[tuple[Placed, Money]] = field(default_factory=list)


def evaluated(entries: Sequence[Placed], posted: Sequence[Posted], running: Running, *, stands: bool) -> Evaluated:
    """Posted entries first, in the order of posting, then the others by day and event.

    Where a posted line's deal is in doubt, or gone, what was posted `stands` as it is.
    """
    done = Evaluated(running)
    rest = list(entries)
    if posted:
        known = {placed.identity: placed for placed in entries}
        stood = _posted_first(known, posted, running)
        done.changed = [] if stands else _differences(posted, stood, running)
        rest = [placed for placed in entries if placed.identity not in stood]
    rest.sort(key=_order)
    for placed in rest:
        trace = list[Step]()
        added = running.add(placed, trace)
        done.lines.append((placed, added, tuple(trace)))
        done.settled += ((placed, money) for money in added.settled)
    return done


def _posted_first(known: dict[Identity, Placed], posted: Sequence[Posted], running: Running) -> dict[Identity, Added]:
    stood = dict[Identity, Added]()
    for line in posted:
        name = identity(line)
        if name in known and name not in stood:
            stood[name] = running.add(known[name], None)
    return stood


def _differences(
    posted: Sequence[Posted], stood: dict[Identity, Added], running: Running
) -> list[tuple[Posted, Money, Money]]:
    """For each currency that is off: the last line about the event it began with, what was posted, what is right."""
    sums = dict[str, Decimal]()
    for line in posted:
        sums[line.amount.currency] = sums.get(line.amount.currency, NOTHING) + line.amount.amount
    off = []
    for currency in sorted(sums.keys() | running.right.keys()):
        was, right = sums.get(currency, NOTHING), running.right.get(currency, NOTHING)
        if was != right:
            off.append((_began_with(posted, stood, currency), Money(was, currency), Money(right, currency)))
    return off


def _began_with(posted: Sequence[Posted], stood: dict[Identity, Added], currency: str) -> Posted:
    own = dict[Identity, Decimal]()
    last = dict[Identity, Posted]()
    for line in posted:
        name = identity(line)
        last[name] = line
        if line.amount.currency == currency:
            own[name] = own.get(name, NOTHING) + line.amount.amount
    for name, amount in own.items():
        found = stood.get(name)
        if found is None or found.currency != currency or found.amount != amount:
            return last[name]
    return posted[-1]


def _order(placed: Placed) -> tuple[object, ...]:
    entry = placed.entry
    return entry.on, entry.event, placed.line_part


def line_of(placed: Placed, added: Added, steps: tuple[Step, ...]) -> Line:
    entry, case = placed.entry, placed.entry.case
    currency = entry.currency
    return Line(
        key=key_of(case.plan_key, case.partner_id, case.deal.id, entry.event, placed.line_part),
        partner_id=case.partner_id,
        plan_id=case.plan.id,
        plan=case.plan.name,
        version=case.plan.version,
        series=placed.series,
        event=entry.event,
        part=placed.line_part,
        earned_on=entry.on,
        amount=Money(added.amount, added.currency),
        base=Money(NOTHING if placed.counting.hidden else added.base, currency),
        rate=added.rate,
        tier=case.tier.name,
        steps=steps,
        deal_id=case.deal.id,
        deal_number=case.number,
        customer=case.deal.customer,
    )


def correction_of(posted: Posted, was: Money, right: Money, about: Line, times: int) -> Line:
    """The difference, entered now: `about` has the deal, the plan and the day, and `times` how often it was posted."""
    result = right - was
    told = step("correction", "difference", Said.CORRECTED, result, posted=was, right=right, result=result)
    part = again(identity(posted)[1], times)
    key = key_of(plan_of(posted), about.partner_id, deal_of(posted), posted.event, part)
    return Line(
        key=key, partner_id=about.partner_id, plan_id=about.plan_id, plan=about.plan, version=about.version,
        series=posted.series, event=posted.event, part=part, earned_on=about.earned_on, amount=result,
        base=Money.zero(result.currency), rate=None, tier=about.tier, steps=(*about.steps, told),
        deal_id=about.deal_id, deal_number=about.deal_number, customer=about.customer, reverses=posted.key,
    )  # fmt: skip


def settling_of(placed: Placed, left: Money) -> Line:
    """What is left in another currency when the series is empty, taken back by the entry that emptied it."""
    case = placed.entry.case
    nothing, part = Money.zero(left.currency), f"{placed.line_part}.{left.currency}"
    told = step("line", "line", Said.EARLIER_LINES, left, total=nothing, earlier=-left, result=left)
    line = line_of(placed, Added(left.amount, left.currency, NOTHING, None, counted=True), (*case.told, told))
    key = key_of(case.plan_key, case.partner_id, case.deal.id, placed.entry.event, part)
    return replace(line, key=key, part=part, base=nothing)
