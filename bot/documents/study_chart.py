"""The study of partners' deals as a chart, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping
from typing import Any

from bot.documents.chart import Bar, Chart, Panel
from knowledge.intervals import Estimate
from knowledge.study import FEW, FEWEST, Filters, Finding, Group, GroupFigures, Study

NAMES: Mapping[Group, str] = {
    Group.SOURCED: "Sourced",
    Group.REGISTERED: "– registered",
    Group.INFLUENCED: "Influenced",
    Group.OWN: "Own deals",
}
"""How reports call the groups; the registered ones are among the sourced."""


def chart(found: Study, vendor: str) -> Chart:
    """Three panels: size, win rate, cycle; each with its interval, how many deals it rests on, and what it shows."""
    own = found.of(Group.OWN)
    return Chart(
        f"Deals of {vendor}'s partners against its own",
        in_words(found.filters),
        (
            Panel(
                "Average size",
                tuple(_bar(f, f.size, f.sized) for f in found.groups),
                lambda value: _money(value, found.currency),
                _remark(found, "size"),
                own.size.value if own.size else None,
            ),
            Panel(
                "Win rate",
                tuple(_bar(f, f.win_rate, f.closed) for f in found.groups),
                lambda value: f"{value:.0%}",
                _remark(found, "win_rate"),
                own.win_rate.value if own.win_rate else None,
                most=1.0,
            ),
            Panel(
                "Days to the win (median)",
                tuple(_bar(f, f.cycle, f.dated) for f in found.groups),
                lambda value: f"{value:,.0f}",
                _remark(found, "cycle"),
                own.cycle.value if own.cycle else None,
            ),
        ),
        (
            "Size: first-year value of won deals. Win rate: won of all that were closed. Days: first record to win.",
            "Lines: 95 % intervals. Dashed: the own deals' value. n: deals that count.",
        ),
    )


def sentences(found: Study) -> tuple[str, ...]:
    """What the comparisons show, each in one sentence with its interval; what they do not show is not claimed."""
    said: list[str] = []
    for one in found.comparisons:
        who = f"{one.group.value.capitalize()} deals"
        small = " (small sample)" if one.size.small or one.win_rate.small or one.cycle.small else ""
        size = _times(one.size.finding, one.size.estimate, "as large", "size")
        rate = _times(one.win_rate.finding, one.win_rate.estimate, "the win rate", "win rate")
        said.append(f"{who}{small}: {size}; {rate}; {_days(one.cycle.finding, one.cycle.estimate)}.")
    return tuple(said)


def in_words(asked: Filters) -> str:
    since, until = asked.since, asked.until
    period = f"closed {since or 'ever'} to {until or 'today'}" if since or until else "all closed deals"
    partners = " ".join(filter(None, [asked.type.value if asked.type else "", asked.region]))
    parts = [period, f"product {asked.product}" if asked.product else "", f"partners: {partners}" if partners else ""]
    return " · ".join(filter(None, parts))


def as_csv(found: Study) -> str:
    """A row for each group and measure."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("group", "measure", "unit", "count", "value", "low", "high", "times_own", "times_low", "times_high"))
    for figures in found.groups:
        compared = next((c for c in found.comparisons if c.group is figures.group), None)
        for name, unit, count, estimate in _measures(figures, found.currency):
            ratio = getattr(compared, name).estimate if compared else None
            cells = (*_ends(estimate), *_ends(ratio))
            rows.writerow((figures.group.value, name, unit, count, *cells))
    return out.getvalue()


def as_json(found: Study) -> str:
    """Everything; what is not known, or has no end, is null."""
    asked = found.filters
    document = {
        "currency": found.currency,
        "level": 0.95,
        "filters": {
            "since": str(asked.since) if asked.since else None,
            "until": str(asked.until) if asked.until else None,
            "region": asked.region or None,
            "type": asked.type.value if asked.type else None,
            "product": asked.product or None,
        },
        "groups": [_group(figures) for figures in found.groups],
        "comparisons": [
            {
                "group": one.group.value,
                "with": Group.OWN.value,
                "size": _compared(one.size.finding, one.size.estimate, small=one.size.small),
                "win_rate": _compared(one.win_rate.finding, one.win_rate.estimate, small=one.win_rate.small),
                "cycle_days": _compared(one.cycle.finding, one.cycle.estimate, small=one.cycle.small),
                "cycle_p": one.chance,
            }
            for one in found.comparisons
        ],
    }
    return json.dumps(document, indent=2, allow_nan=False)


def _bar(figures: GroupFigures, estimate: Estimate | None, count: int) -> Bar:
    strong = figures.group is Group.SOURCED
    if estimate is None:
        return Bar(NAMES[figures.group], None, note=f"n = {count}: fewer than {FEWEST}, too few", strong=strong)
    note = f"n = {count:,}{', small sample' if count < FEW else ''}"
    return Bar(NAMES[figures.group], estimate.value, estimate.low, estimate.high, note, strong)


def _remark(found: Study, measure: str) -> str:
    """What the sourced deals show beside the own ones."""
    one = getattr(next(c for c in found.comparisons if c.group is Group.SOURCED), measure)
    if one.finding is Finding.TOO_FEW or one.estimate is None:
        return "too few deals to compare"
    if measure == "cycle":
        return _days(one.finding, one.estimate)
    ends = f"{_number(one.estimate.low)} to {_number(one.estimate.high)}"
    said = f"{_number(one.estimate.value)} × own ({ends})"
    return f"no difference shown: {said}" if one.finding is Finding.NOT_SHOWN else f"sourced: {said}"


def _times(finding: Finding, estimate: Estimate | None, what: str, noun: str) -> str:
    if finding is Finding.TOO_FEW or estimate is None:
        return f"too few to compare the {noun}"
    said = f"{_number(estimate.value)} times {what} ({_number(estimate.low)} to {_number(estimate.high)})"
    return f"no difference shown: {said}" if finding is Finding.NOT_SHOWN else said


def _days(finding: Finding, estimate: Estimate | None) -> str:
    if finding is Finding.TOO_FEW or estimate is None:
        return "too few to compare the days"
    reach = f"{_signed(estimate.low)} to {_signed(estimate.high)} days"
    if finding is Finding.NOT_SHOWN:
        return f"no difference in days shown ({reach})"
    return f"{abs(estimate.value):,.0f} days {'longer' if finding is Finding.HIGHER else 'shorter'} ({reach})"


def _number(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else "any number of"


def _signed(value: float) -> str:
    return f"{value:+,.0f}" if math.isfinite(value) else "unbounded"


def _money(value: float, currency: str) -> str:
    return f"{currency} {value:,.0f}"


def _measures(figures: GroupFigures, currency: str) -> tuple[tuple[str, str, int, Estimate | None], ...]:
    return (
        ("size", currency, figures.sized, figures.size),
        ("win_rate", "share", figures.closed, figures.win_rate),
        ("cycle", "days", figures.dated, figures.cycle),
    )


def _ends(estimate: Estimate | None) -> tuple[str, str, str]:
    if estimate is None:
        return "", "", ""
    value, low, high = (
        f"{at:.6g}" if math.isfinite(at) else "" for at in (estimate.value, estimate.low, estimate.high)
    )
    return value, low, high


def _group(figures: GroupFigures) -> dict[str, Any]:
    return {
        "group": figures.group.value,
        "closed": figures.closed,
        "won": figures.won,
        "open": figures.open,
        "won_without_size": figures.unsized,
        "won_without_days": figures.undated,
        "size": _estimate(figures.size),
        "win_rate": _estimate(figures.win_rate),
        "cycle_days": _estimate(figures.cycle),
    }


def _compared(finding: Finding, estimate: Estimate | None, *, small: bool) -> dict[str, Any]:
    return {"finding": finding.value, "estimate": _estimate(estimate), "small_sample": small}


def _estimate(estimate: Estimate | None) -> dict[str, float | None] | None:
    if estimate is None:
        return None
    ends = {"value": estimate.value, "low": estimate.low, "high": estimate.high}
    return {name: at if math.isfinite(at) else None for name, at in ends.items()}
