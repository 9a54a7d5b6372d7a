"""Referral: a share of the first year's recurring revenue as it is collected, or a flat sum for a small deal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from crm.money import Money
from crm.records import Attribution
from knowledge.commission.collected import Collected, counted
from knowledge.commission.derivation import Derivation, NoQuote, Said, Step, rounding, step
from knowledge.commission.rule import Base, RateKey, RateLine, Terms, any_recurring, with_points
from knowledge.program import Plan, Product, Tier
from knowledge.values import Checked, Percent, Sum, share


class ReferralParameters(Checked):
    """Only zero is known for renewals and one-off sales: the rule pays nothing on them."""

    first_year_percent: Percent
    flat: Sum
    flat_under: Sum
    renewals_percent: Literal[0] = 0
    one_off_percent: Literal[0] = 0


@dataclass(frozen=True, slots=True)
class _Terms:
    """What one deal earns by: a flat sum, or a rate; and the steps that tell which."""

    flat: Money | None
    rate: Decimal
    steps: tuple[Step, ...]

    def total(self, base: Money) -> Money:
        """What `base` of collected first-year revenue has earned in all, unrounded."""
        if self.flat is not None:
            return self.flat if base.amount > 0 else Money.zero(base.currency)
        return base * self.rate


class ReferralRule:
    name = "referral"
    quotable = True

    def read(self, parameters: Mapping[str, object]) -> ReferralParameters:
        return ReferralParameters.model_validate(parameters)

    def products(self, plan: Plan) -> tuple[str, ...]:  # noqa: ARG002 - the contract's signature
        return ()

    def pays(self, plan: Plan, products: tuple[Product, ...]) -> bool:  # noqa: ARG002 - the contract's signature
        return any_recurring(products)

    def rates(self, plan: Plan, tier: Tier) -> tuple[RateLine, ...]:
        said = self.read(plan.parameters)
        base_rate = share(said.first_year_percent)
        return (
            RateLine(RateKey.FIRST_YEAR, {"rate": with_points(base_rate, tier), "base_rate": base_rate}),
            RateLine(RateKey.FLAT_UNDER, {"flat": said.flat, "under": said.flat_under}),
            RateLine(RateKey.ONE_OFF_EXCLUDED),
            RateLine(RateKey.RENEWALS_EXCLUDED),
        )

    def quote(self, plan: Plan, base: Base, terms: Terms) -> Derivation | NoQuote:
        found = self._terms(plan, base.first_year, terms)
        last = rounding(plan.id, found.total(base.first_year))
        rate = None if found.flat is not None else found.rate
        return Derivation(
            found.total(base.first_year).rounded(), rate, (*base.steps, *found.steps, last), plan.name, plan.version
        )

    def earn(
        self, plan: Plan, first_year: Money, collected: Sequence[Collected], terms: Terms
    ) -> tuple[Derivation, ...]:
        """One line for each sum collected, in the order given.

        Cumulative: each line is the rounded total so far less the lines before, so their sum is the rounded total.
        `terms.tier` is the tier on the day the deal was won.
        """
        found = self._terms(plan, first_year, terms)
        lines: list[Derivation] = []
        earlier = Money.zero(first_year.currency)
        for so_far in counted(first_year, collected, terms.commission.clawback_days, flat=found.flat is not None):
            total = found.total(so_far.base).rounded()
            result = total - earlier
            last = step("line", plan.id, Said.EARLIER_LINES, result, total=total, earlier=earlier, result=result)
            rate = None if found.flat is not None else found.rate
            lines.append(Derivation(result, rate, (so_far.step, *found.steps, last), plan.name, plan.version))
            earlier = total
        return tuple(lines)

    def _terms(self, plan: Plan, first_year: Money, terms: Terms) -> _Terms:
        said = self.read(plan.parameters)
        if terms.attribution is Attribution.INFLUENCED:
            rate = terms.commission.influenced_rate
            return _Terms(None, rate, (step("rate", plan.id, Said.INFLUENCED, rate, rate=rate),))
        flat, conditions = _flat(plan, said, first_year, terms.exchange)
        if flat is not None:
            return _Terms(flat, Decimal(0), conditions)
        base_rate = share(said.first_year_percent)
        rate, tier = with_points(base_rate, terms.tier), terms.tier
        steps = [*conditions, step("rate", plan.id, Said.RATE, base_rate, rate=base_rate)]
        if tier.added_points:
            steps.append(
                step("tier", plan.id, Said.TIER_ADDS, rate, tier=tier.name, points=tier.added_points, rate=rate)
            )
        return _Terms(None, rate, tuple(steps))


def _flat(
    plan: Plan, said: ReferralParameters, first_year: Money, exchange: Decimal | None
) -> tuple[Money | None, tuple[Step, ...]]:
    """The flat sum in the deal's currency if the deal is under the limit, with the step that tells it.

    Without a rate the limit cannot be compared with a foreign sum: the figure then rests on a condition that is told.
    """
    if first_year.amount <= 0:
        return None, ()
    same = first_year.currency == said.flat_under.currency
    if not same and exchange is None:
        values = {"under": said.flat_under, "flat": said.flat}
        return None, (step("threshold", plan.id, Said.THRESHOLD_NOT_CONVERTED, first_year, **values),)
    worth = first_year.amount * (Decimal(1) if same or exchange is None else exchange)
    if worth >= said.flat_under.amount:
        return None, ()
    flat = said.flat if same or exchange is None else Money(said.flat.amount / exchange, first_year.currency)
    return flat, (
        step("threshold", plan.id, Said.FLAT, flat, base=first_year, under=said.flat_under, flat=flat.rounded()),
    )
