"""What a deal would earn if it closed as entered, today, by the rules that pay; nothing here is a promise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext
from zoneinfo import ZoneInfo

from crm.money import Money
from crm.records import Attribution, Deal, Partner, PaymentKind, Stage
from knowledge.commission.account import Account
from knowledge.commission.assumed import assumed_cash
from knowledge.commission.attribution import Part, part_of
from knowledge.commission.book import book, elements_of
from knowledge.commission.case import Case
from knowledge.commission.cases import CaseBuilder
from knowledge.commission.derivation import Derivation, NoQuote, Reason, Said, Step, rounding, step
from knowledge.commission.entries import Placed, Refusal, placed
from knowledge.commission.evaluation import evaluated
from knowledge.commission.exact import EXACT
from knowledge.commission.exchange import RateTable
from knowledge.commission.holding import Holding, holding
from knowledge.commission.plan import collide, pays_for, tier_named
from knowledge.commission.rule import NOTHING
from knowledge.commission.seen import Seen
from knowledge.commission.series import Added, Running
from knowledge.commission.worth import DealLike, Worth, products_of, worth
from knowledge.program import Plan, Product, Program
from knowledge.programs import Programs


def expect(
    programs: Programs, account: Account, deal: DealLike | Deal, rates: RateTable, today: date
) -> Derivation | NoQuote:
    """What `deal`, on file or made up, would bring the partner in all if it closed today and were paid as entered.

    In a plan by quarters it comes on top of the volume that the quarter has so far. `NoQuote` says what is missing.
    """
    with localcontext(EXACT):
        return _Asked(programs, account, deal, rates, today).answer()


def expect_all(
    programs: Programs, account: Account, deals: Iterable[Deal], rates: RateTable, today: date
) -> tuple[Derivation | NoQuote, ...]:
    """The same for each of several deals on file, as if it alone closed today; the quarter so far is added up once."""
    quarters: dict[str, Running] = {}
    with localcontext(EXACT):
        return tuple(_Asked(programs, account, deal, rates, today, quarters).answer() for deal in deals)


class _Asked:
    """One question: the deal as a record, whatever it was given as. `quarters` holds totals of quarters so far, which
    are the same for every deal that has brought nothing itself.
    """

    def __init__(
        self,
        programs: Programs,
        account: Account,
        deal: DealLike | Deal,
        rates: RateTable,
        today: date,
        quarters: dict[str, Running] | None = None,
    ) -> None:
        self.programs, self.account, self.rates, self.today = programs, account, rates, today
        self.quarters = quarters
        self.deal = deal if isinstance(deal, Deal) else _record(deal, account.partner, today)
        self.on_file = isinstance(deal, Deal)

    def answer(self) -> Derivation | NoQuote:
        cases = self.cases()
        return cases if isinstance(cases, NoQuote) else self.computed(cases)

    def cases(self) -> list[Case] | NoQuote:
        held = self._held()
        program, plans = held.program, held.plans
        part = self._part()
        if not plans or program.commission is None or part is None:
            return NoQuote(Reason.NO_PLAN, self.deal.plan or self.account.partner.plan)
        tier_name = self.account.tiers.on(self.deal.won_on or self.today) or self.account.partner.tier
        tier = tier_named(program, tier_name)
        if tier is None:
            return NoQuote(Reason.UNKNOWN_TIER, tier_name, plans[0].name)
        products = products_of(program, self.deal.products)
        if isinstance(products, NoQuote):
            return NoQuote(products.reason, products.about, plans[0].name)
        paying = _paying(plans, products, part)
        if isinstance(paying, NoQuote):
            return paying
        made = [self._case(program, plan, products, part, tier_name) for plan in paying]
        return next((case for case in made if isinstance(case, NoQuote)), None) or [
            case for case in made if isinstance(case, Case)
        ]

    def _part(self) -> Part | None:
        if self.on_file:
            return part_of(self.deal, self.account.partner.id)
        return Part(influenced=self.deal.attribution is Attribution.INFLUENCED)

    def _held(self) -> Holding:
        """By the day that decides: of the registration for a deal on file, else today."""
        day = self.today
        if self.on_file:
            registration = next((r for r in self.account.registrations if r.number == self.deal.number), None)
            seen = Seen(self.deal, registration=registration)
            day = seen.registered_on(ZoneInfo(self.programs.versions[-1].vendor.time_zone))
        return holding(self.programs, self.account.partner, self.deal.plan, day, self.today)

    def _case(
        self, program: Program, plan: Plan, products: tuple[Product, ...], part: Part, tier_name: str
    ) -> Case | NoQuote:
        deal, tier = self.deal, tier_named(program, tier_name)
        currency = program.vendor.currency
        value = worth(DealLike.of(deal), products, currency, work_only=not products and bool(plan.products))
        if isinstance(value, NoQuote):
            return NoQuote(value.reason, value.about, plan.name)
        weights = _weights(plan, part)
        if tier is None or weights is None:
            return NoQuote(Reason.PLAN_NEEDS_PERSON, plan.name, plan.name)
        case = Case(
            program, plan, self.account.partner.id, deal, tier, self.rates, self.today, value, value.currency,
            won_on=self.today, influenced=part.influenced, weights=weights, start=self.today, assumed=True,
        )  # fmt: skip
        if value.once is None and not part.influenced and _covers_once(plan, value):
            return NoQuote(Reason.ONE_OFF_SHARE_UNKNOWN, value.one_off[0].name, plan.name)
        return replace(case, cash=tuple(assumed_cash(case, self.today, yearly=False)))

    def computed(self, cases: list[Case]) -> Derivation | NoQuote:
        lines, steps, totals = list[Added](), list[Step](), dict[str, Running]()
        for case in cases:
            for element in elements_of(case):
                for item in placed(case, element):
                    if isinstance(item, Refusal):
                        return NoQuote(item.reason, item.about, case.plan.name)
                    if isinstance(item, Placed) and (element.series == "deal" or item.entry.on <= self.today):
                        trace = list[Step]()
                        lines.append(self._running(item, totals).add(item, trace))
                        steps += (told for told in trace if told not in steps)
        return _derived(cases, lines, steps)

    def _running(self, item: Placed, totals: dict[str, Running]) -> Running:
        """The totals that the deal comes on top of: of the quarter so far, without what the deal itself brought."""
        if item.series not in totals:
            quarter = item.element.series == "partner_quarter"
            totals[item.series] = self._quarter(item) if quarter else Running(self.account.partner.quarterly_target)
        return totals[item.series]

    def _quarter(self, item: Placed) -> Running:
        brought = any(payment.deal_id == self.deal.id for payment in self.account.payments)
        if self.quarters is None or brought:
            return self._quarter_so_far(item)
        if item.series not in self.quarters:
            self.quarters[item.series] = self._quarter_so_far(item)
        return deepcopy(self.quarters[item.series])

    def _quarter_so_far(self, item: Placed) -> Running:
        running = Running(self.account.partner.quarterly_target)
        others = tuple(deal for deal in self.account.deals if deal.id != self.deal.id)
        rest = replace(self.account, deals=others)
        built = CaseBuilder(self.programs, rest, self.rates, self.today).build()
        found = book(rest, built, self.today)
        evaluated(found.entries.get(item.series, []), found.posted.get(item.series, []), running, stands=True)
        return running


def _record(like: DealLike, partner: Partner, today: date) -> Deal:
    return Deal(
        id="assumed", number="", partner_id=partner.id, customer="", customer_domain="", products=like.products,
        amount=like.amount, amount_basis=like.basis, stage=Stage.PROPOSAL, close_date=None, created_on=today,
        quantity=like.quantity, term_months=like.term_months, attribution=like.attribution,
    )  # fmt: skip


def _paying(plans: tuple[Plan, ...], products: tuple[Product, ...], part: Part) -> tuple[Plan, ...] | NoQuote:
    """The plans that pay for these products, the main one where none does; a person where two would for the same."""
    if part.influenced:
        return plans[:1]
    paying = tuple(plan for plan in plans if pays_for(plan, products)) or plans[:1]
    if len(paying) > 1 and collide(paying, products):
        return NoQuote(Reason.PLAN_NEEDS_PERSON, ", ".join(plan.name for plan in paying), paying[0].name)
    return paying


def _weights(plan: Plan, part: Part) -> Mapping[str, Decimal] | None:
    """The shares of partners that brought the deal together; None where the plan cannot tell them."""
    if not part.sharing:
        return {}
    split = next((element.split for element in plan.elements if element.split), None)
    return split.weights(part.sharing) if split else None


def _covers_once(plan: Plan, value: Worth) -> bool:
    return any(
        element.trigger.cash and element.trigger.covers(product.name, PaymentKind.ONE_OFF)
        for element in plan.elements
        for product in value.one_off
    )


def _derived(cases: list[Case], lines: list[Added], steps: list[Step]) -> Derivation:
    """One figure of all lines. A deal that earns nothing is told with what it is worth."""
    plan, version = " + ".join(case.plan.name for case in cases), " + ".join(case.plan.version for case in cases)
    currency = lines[0].currency if lines else cases[0].currency
    total = Money(sum((line.amount for line in lines if line.currency == currency), start=NOTHING), currency).rounded()
    if not lines:
        value = cases[0].worth
        told = () if isinstance(value, NoQuote) else value.steps
        return Derivation(total, None, (*told, rounding("half_up", total)), plan, version)
    if len(lines) > 1:
        steps.append(step("total", "sum", Said.ALTOGETHER, total, result=total))
    rates = {line.rate for line in lines}
    return Derivation(total, rates.pop() if len(rates) == 1 else None, tuple(steps), plan, version)
