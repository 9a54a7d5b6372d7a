"""The cases of an account: which deals may earn, under which plan and tier; and doubts where that cannot be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NoReturn
from zoneinfo import ZoneInfo

from crm.records import Deal, Milestone, Partner, PaymentKind
from knowledge.commission.account import Account, Doubt, DoubtKind
from knowledge.commission.attribution import Part, part_of
from knowledge.commission.case import Case
from knowledge.commission.cash import Cash, Weights, collected, weights_of
from knowledge.commission.derivation import NoQuote, Said, Step, step
from knowledge.commission.exchange import RateTable
from knowledge.commission.holding import Holding, holding
from knowledge.commission.periods import is_near
from knowledge.commission.plan import collide, pays_for, tier_named
from knowledge.commission.seen import Seen, by_deal, plans_posted
from knowledge.commission.worth import DealLike, products_of, worth
from knowledge.program import CommissionRules, Plan, Product, Program, Tier
from knowledge.programs import Programs


@dataclass(slots=True)
class Cases:
    """`held` are ids of deals in doubt: what was posted of them stands as it is. `known` are the partner's deals."""

    cases: list[Case] = field(default_factory=list)
    doubts: dict[str, Doubt] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)

    def doubt(self, kind: DoubtKind, deal: Deal, text: str, detail: str = "", *, blocks: bool = True) -> None:
        """Once for the same thing; a deal that is doubted as a whole is held."""
        key = "|".join(filter(None, (kind.value, deal.id, detail)))
        self.doubts[key] = Doubt(key, kind, deal.number, f"Deal {called(deal)}: {text}.", blocks)
        if blocks:
            self.held.add(deal.id)

    def gone(self, deal_id: str) -> None:
        """A deal with posted lines that is no longer the partner's."""
        key = f"{DoubtKind.DEAL_GONE.value}|{deal_id}"
        text = (
            f"Deal {deal_id} is no longer this partner's, and commission was posted for it, which stands: restore the"
            " deal, or correct its lines by hand."
        )
        self.doubts[key] = Doubt(key, DoubtKind.DEAL_GONE, "", text, blocks=False)
        self.held.add(deal_id)


class _Stop(Exception):
    """A deal earns nothing until a person has seen to the doubt that was written down."""


@dataclass(slots=True)
class CaseBuilder:
    """Reads an account deal by deal."""

    programs: Programs
    account: Account
    rates: RateTable
    today: date
    built: Cases = field(default_factory=Cases)
    _weights: dict[tuple[Product, ...], Weights] = field(default_factory=dict)

    def build(self) -> Cases:
        payments = by_deal(p for p in self.account.payments if p.received_on <= self.today)
        milestones = by_deal(m for m in self.account.milestones if m.deal_id and m.on <= self.today)
        paid_by = plans_posted(self.account)
        registered = {r.number: r for r in self.account.registrations}
        for deal in self.account.deals:
            if part_of(deal, self.account.partner.id) is not None:
                self.built.known.add(deal.id)
            records = payments.get(deal.id, ()), milestones.get(deal.id, ())
            seen = Seen(deal, *records, paid_by.get(deal.id, ()), registered.get(deal.number))
            if not seen.idle:
                self._add(seen)
        return self.built

    def _add(self, seen: Seen) -> None:
        try:
            self.built.cases += self._cases(seen)
        except _Stop:
            return

    def _stop(self, kind: DoubtKind, deal: Deal, text: str) -> NoReturn:
        self.built.doubt(kind, deal, text)
        raise _Stop

    def _cases(self, seen: Seen) -> list[Case]:
        deal, part = seen.deal, part_of(seen.deal, self.account.partner.id)
        if part is None:
            return []
        if deal.id in self.account.earned_before:
            said = "another partner earned commission for it that has no part in it now; correct those lines to zero"
            self._stop(DoubtKind.TWO_SOURCED, deal, f"{said}, or name that partner in the deal")
        registered = seen.registered_on(ZoneInfo(self.programs.versions[-1].vendor.time_zone))
        held = holding(self.programs, self.account.partner, deal.plan, registered, self.today)
        program = held.program
        rules = program.commission
        if rules is None:
            self._stop(DoubtKind.NO_PLAN, deal, "the program has no table [commission]; add it")
        products = products_of(program, deal.products)
        if isinstance(products, NoQuote):
            said = f"the program has no product {products.about!r}; correct the deal's products, or add the product"
            self._stop(DoubtKind.UNKNOWN_PRODUCT, deal, said)
        plans = self._plans(seen, part, held, products)
        self._eligible(seen, rules, part)
        tier, tier_day = self._tier(seen, program, rules, registered)
        cash = self._cash(seen, products, rules)
        return [
            self._case(seen, part, program, plan, products, tier, cash, told(part, plan, held.day, tier, tier_day))
            for plan in plans
        ]

    def _case(
        self, seen: Seen, part: Part, program: Program, plan: Plan, products: tuple[Product, ...], tier: Tier,
        cash: tuple[Cash, ...], steps: tuple[Step, ...],
    ) -> Case:  # fmt: skip
        deal, currency = seen.deal, program.vendor.currency
        return Case(
            program, plan, self.account.partner.id, deal, tier, self.rates, self.today,
            worth(DealLike.of(deal), products, currency, work_only=not products and bool(plan.products)),
            deal.amount.currency if deal.amount else cash[0].currency if cash else currency,
            won_on=seen.won_on, influenced=part.influenced, weights=self._shares(deal, plan, part),
            start=start_of(cash, seen.won_on), cash=cash,
            milestones=tuple(sorted(seen.milestones, key=_in_order)), told=steps,
        )  # fmt: skip

    def _plans(self, seen: Seen, part: Part, held: Holding, products: tuple[Product, ...]) -> tuple[Plan, ...]:
        """The plans that pay: those of the deal's lines, else the one chosen for it, else the partner's own."""
        deal, plans = seen.deal, held.plans
        if seen.paid_by:
            kept = tuple(plan for key in seen.paid_by if (plan := self._by_key(key)))
            if len(kept) == len(seen.paid_by):
                return kept
            said = f"its plan {', '.join(seen.paid_by)} is no longer in the program; keep that version of it"
            self._stop(DoubtKind.NO_PLAN, deal, said)
        if not plans:
            self._stop(DoubtKind.NO_PLAN, deal, f"the program of {held.day} has {_no_plan(deal, self.account.partner)}")
        if deal.plan:
            return plans
        if part.influenced:
            return plans[:1]
        paying = tuple(plan for plan in plans if pays_for(plan, products)) or plans[:1]
        if len(paying) > 1 and collide(paying, products):
            names = ", ".join(plan.name for plan in paying)
            self._stop(DoubtKind.NO_PLAN, deal, f"several plans would pay ({names}); choose one as the deal's plan")
        return paying

    def _by_key(self, key: str) -> Plan | None:
        """The plan of that id and version in whatever version of the program has it."""
        return next((p for v in self.programs.versions for p in v.plans if f"{p.id}@{p.version}" == key), None)

    def _eligible(self, seen: Seen, rules: CommissionRules, part: Part) -> None:
        deal, won = seen.deal, seen.won_on
        if won is not None and not is_near(won):
            self._stop(DoubtKind.NOT_WON, deal, f"it was won on {won}, which cannot be; correct the day")
        if seen.payments and won is None:
            said = "cash was collected, but the deal is not won; correct its stage, or the payment's deal"
            self._stop(DoubtKind.NOT_WON, deal, said)
        if part.influenced or won is None or seen.protected(won):
            return
        said = f"it was won on {won} without a registration that was accepted and held on that day"
        if rules.registration_required:
            self._stop(DoubtKind.UNREGISTERED, deal, f"{said}; accept one, or take the partner off the deal")
        if seen.registration is not None:
            note = f"{said}; it earns commission all the same"
            self.built.doubt(DoubtKind.UNREGISTERED, deal, note, blocks=False)

    def _tier(self, seen: Seen, program: Program, rules: CommissionRules, registered: date) -> tuple[Tier, date]:
        first = min((p.received_on for p in seen.payments), default=None)
        days = {"won": seen.won_on, "registered": registered, "paid": first}
        day = days[rules.tier_on] or seen.won_on or self.today
        name = self.account.tiers.on(day) or self.account.partner.tier
        tier = tier_named(program, name)
        if tier is None:
            said = f"the program has no tier {name!r}; correct the partner's tier"
            self._stop(DoubtKind.UNKNOWN_TIER, seen.deal, said)
        return tier, day

    def _cash(self, seen: Seen, products: tuple[Product, ...], rules: CommissionRules) -> tuple[Cash, ...]:
        if not seen.payments:
            return ()
        if products not in self._weights:
            self._weights[products] = weights_of(products)
        taken = rules.unnamed_refunds
        found = collected(seen.payments, self._weights[products], earliest_first=taken == "earliest")
        for refund in found.unplaced:
            said = f"refund {refund.id} names no payment of it and was taken from the {taken}; name the payment"
            self.built.doubt(DoubtKind.REFUND_UNNAMED, seen.deal, said, refund.id, blocks=False)
        for payment in found.unusable:
            said = f"payment {payment.id} has an absurd amount, or parts that do not come to it; correct it"
            self.built.doubt(DoubtKind.NO_AMOUNT, seen.deal, said, payment.id)
        return found.cash

    def _shares(self, deal: Deal, plan: Plan, part: Part) -> Mapping[str, Decimal]:
        """The weights of partners that brought the deal together; a plan that does not split has a doubt instead."""
        if not part.sharing:
            return {}
        split = plan.elements[0].split
        weights = split.weights(part.sharing) if split else None
        if weights is None:
            said = f"{len(part.sharing)} partners are its source; leave one, or give shares and a plan that splits"
            self._stop(DoubtKind.TWO_SOURCED, deal, said)
        return weights


def told(part: Part, plan: Plan, registered: date, tier: Tier, tier_day: date) -> tuple[Step, ...]:
    """What every line of a deal begins with: whose it is, by which plan, at which tier."""
    if part.influenced:
        whose = Step("attribution", "attribution", {}, "influenced", Said.TOOK_PART)
    else:
        whose = Step("attribution", "attribution", {}, "sourced", Said.BROUGHT)
    values = {"plan": plan.name, "version": plan.version}
    plan_step = step("eligibility", "plan", Said.PLAN_HOLDS, plan.id, **values, on=registered)
    if part.influenced:
        return whose, plan_step
    return whose, plan_step, step("eligibility", "tier", Said.TIER_HELD, tier.name, tier=tier.name, on=tier_day)


def called(deal: Deal) -> str:
    return f"{deal.number or deal.id} ({deal.customer})" if deal.customer else deal.number or deal.id


def start_of(cash: tuple[Cash, ...], won: date | None) -> date | None:
    """The first day of service: of the earliest recurring payment's period, else the day of the win."""
    starts = (
        c.start for c in cash
        if c.start and c.paid is None and any(item.kind is PaymentKind.RECURRING for item in c.items)
    )  # fmt: skip
    return min(starts, default=won)


def _in_order(milestone: Milestone) -> tuple[date, str]:
    return milestone.on, milestone.id


def _no_plan(deal: Deal, partner: Partner) -> str:
    if deal.plan:
        return f"no plan {deal.plan!r}; correct the deal's plan"
    if partner.plan:
        return f"no plan {partner.plan!r}; correct the partner's plan, or choose one for the deal"
    return "no plan for a partner of this type; choose one for the partner"
