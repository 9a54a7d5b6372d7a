"""An element of a plan: one rule for each step of the evaluation, read from the program file and checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import PlainValidator, StringConstraints, model_validator

from crm.money import Money
from knowledge.commission import rules
from knowledge.commission.periods import YEAR
from knowledge.commission.rate_line import RateKey, RateLine
from knowledge.commission.rule import (
    Accelerator,
    Addition,
    Base,
    Cap,
    Clawback,
    Gate,
    Proration,
    Rate,
    Schedule,
    Split,
    Trigger,
)  # fmt: skip
from knowledge.commission.rules.collected_cash import CollectedCash
from knowledge.nearest import meant
from knowledge.program import Tier
from knowledge.values import Checked, Percent, Sum, share

Word = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]{0,40}$")]
_HUNDRED = 100


def _chosen(step: str, table: Mapping[str, Any]) -> Callable[[object], Any]:
    """Reads `{ rule = "...", ... }` by the rule that it names; faults inside keep their own place."""

    def read(value: object) -> Any:
        if isinstance(value, tuple(table.values())):
            return value
        if not isinstance(value, Mapping) or not isinstance(value.get("rule"), str):
            words = f'write {step} as a table that names its rule, such as {{ rule = "{min(table)}" }}'
            raise ValueError(words)  # noqa: TRY004 - pydantic reports ValueError only
        if value["rule"] not in table:
            raise ValueError(
                f"there is no {step} rule {value['rule'][:60]!r}; {meant(value['rule'][:60], sorted(table))}"
            )
        return table[value["rule"]].model_validate({key: part for key, part in value.items() if key != "rule"})

    return read


class FlatUnder(Checked):
    """A flat sum instead of the rate for deals whose base is under a limit; exactly the limit is not under it."""

    flat: Sum
    under: Sum


class Part(Checked):
    """A share of what is earned that waits for a moment of the deal."""

    name: Word
    percent: Percent
    gate: Annotated[Gate, PlainValidator(_chosen("a gate", rules.MOMENTS))]


class Element(Checked):
    """What a plan pays for one thing. `name` stands in the keys of its lines and must not change while they are kept.

    `series` is what totals run over: one deal, or the partner's calendar quarter by the day on which cash came.
    `pays` is the currency of the payout where that is not the deal's own.
    """

    name: Word
    series: Literal["deal", "partner_quarter"] = "deal"
    trigger: Annotated[Trigger, PlainValidator(_chosen("trigger", rules.TRIGGERS))]
    base: Annotated[Base, PlainValidator(_chosen("base", rules.BASES))] = CollectedCash()
    rate: Annotated[Rate, PlainValidator(_chosen("rate", rules.RATES))]
    flat_under: FlatUnder | None = None
    additions: tuple[Annotated[Addition, PlainValidator(_chosen("addition", rules.ADDITIONS))], ...] = ()
    accelerator: Annotated[Accelerator, PlainValidator(_chosen("accelerator", rules.ACCELERATORS))] | None = None
    cap: Annotated[Cap, PlainValidator(_chosen("cap", rules.CAPS))] | None = None
    parts: tuple[Part, ...] = ()
    schedules: tuple[Annotated[Schedule, PlainValidator(_chosen("schedule", rules.SCHEDULES))], ...] = ()
    clawback: Annotated[Clawback, PlainValidator(_chosen("clawback", rules.CLAWBACKS))] | None = None
    proration: Annotated[Proration, PlainValidator(_chosen("proration", rules.PRORATIONS))] | None = None
    split: Annotated[Split, PlainValidator(_chosen("split", rules.SPLITS))] | None = None
    pays: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Element:
        faults = list(self._faults())
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _faults(self) -> Iterator[str]:
        if self.parts and sum(part.percent for part in self.parts) != _HUNDRED:
            yield "the percents of the parts must make 100 together"
        if len({part.name for part in self.parts}) < len(self.parts):
            yield "two parts have one name; give each its own"
        flat = isinstance(self.rate, rules.RATES["flat"])
        if self.base.needs_cash and not self.trigger.cash and not flat:
            yield f"base {self.base.rule} needs a trigger of cash; use cash_collected or another base"
        if self.flat_under is not None and (self.series != "deal" or self.base.rule != "first_year_arr"):
            yield "flat_under needs the series deal and the base first_year_arr"
        if self.accelerator is not None and self.series != "partner_quarter":
            yield "an accelerator needs the series partner_quarter, since targets are of a quarter"
        if self.proration is not None and (self.trigger.cash or self.base.rule not in ("mrr", "net_new_mrr")):
            yield "proration needs a trigger that is a moment, and the base mrr or net_new_mrr"
        if self.rate.years and not self.trigger.cash:
            yield f"rate {self.rate.rule} needs a trigger of cash"
        if self.spans > 1 or (self.span and self.rate.years and self.schedule_span):
            yield "only one of the rate by_year and a schedule of months can divide the time"

    @property
    def schedule_span(self) -> int:
        return max((schedule.span for schedule in self.schedules), default=0)

    @property
    def spans(self) -> int:
        return sum(1 for schedule in self.schedules if schedule.span)

    @cached_property
    def span(self) -> int:
        """Months at which what is paid for a longer period is cut; 0 where time does not matter."""
        return self.schedule_span or (YEAR if self.rate.years or self.base.rule == "first_year_arr" else 0)

    @cached_property
    def last_span(self) -> int:
        """The last of these spans that earns, 0 for all."""
        if self.schedule_span:
            return 1
        return self.rate.years or (1 if self.span else 0)

    @cached_property
    def in_program_currency(self) -> bool:
        """Whether it compares sums with the program's own: then a foreign sum counts at the rate of its day."""
        return self.rate.in_program_currency or self.cap is not None or self.series == "partner_quarter"

    def sums(self) -> Iterator[tuple[str, Money]]:
        """Every sum that the element names, with where it stands."""
        yield from _sums("", self)

    def products(self) -> Iterator[tuple[str, str]]:
        """Every product that it names, with where it stands."""
        yield from (("trigger.only_products", name) for name in self.trigger.products())
        for place, addition in enumerate(self.additions):
            yield from ((f"additions[{place}].on", name) for name in addition.products())

    def tiers(self) -> Iterator[tuple[str, str]]:
        """Every tier that it names, with where it stands."""
        for place, addition in enumerate(self.additions):
            yield from ((f"additions[{place}].percents", name) for name in addition.tiers())

    def told_at(self, tier: Tier) -> tuple[RateLine, ...]:
        """What is told of it to a partner of that tier."""

        def points(base_rate: Decimal) -> Decimal:
            for addition in self.additions:
                base_rate = addition.points(base_rate, tier)
            return base_rate

        told = [self.trigger.rated(line) for line in self.rate.lines(self.base.key, points)]
        if self.flat_under:
            told.append(RateLine(RateKey.FLAT_UNDER, {"flat": self.flat_under.flat, "under": self.flat_under.under}))
        told += (line for addition in self.additions for line in addition.lines())
        told += self.accelerator.lines() if self.accelerator else ()
        told += self.cap.lines(quarterly=self.series == "partner_quarter") if self.cap else ()
        told += self._parts_told()
        told += self.trigger.lines()
        told += (line for schedule in self.schedules for line in schedule.lines())
        told += self.proration.lines() if self.proration else ()
        told += self.split.lines() if self.split else ()
        told += (RateLine(RateKey.PAID_IN, {"currency": self.pays}),) if self.pays else ()
        return tuple(told)

    def _parts_told(self) -> tuple[RateLine, ...]:
        """Parts at the go-live and at a satisfaction are one sentence; others have one each."""
        gates = [part.gate for part in self.parts]
        if [gate.rule for gate in gates] != ["go_live", "csat_reached"]:
            return tuple(part.gate.part_line(share(part.percent)) for part in self.parts)
        live, csat = (share(part.percent) for part in self.parts)
        limit = gates[1].part_line(csat).values["csat"]
        return (RateLine(RateKey.SERVICES_PARTS, {"go_live": live, "at_csat": csat, "csat": limit}),)


def _sums(place: str, value: object) -> Iterator[tuple[str, Money]]:
    if isinstance(value, Money):
        yield place, value
    elif isinstance(value, Checked):
        for name, inner in value:
            yield from _sums(f"{place}.{name}" if place else name, inner)
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            yield from _sums(f"{place}[{number}]", inner)
