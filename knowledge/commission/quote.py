"""What a deal would earn if it closed as entered; the same rules that pay compute it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.money import Money
from crm.records import AmountBasis, Attribution, Deal, Partner
from knowledge.commission.derivation import Derivation, NoQuote, Reason, Said, Step, Value, step
from knowledge.commission.plan import plans_for, tier_of
from knowledge.commission.rule import Base, Terms
from knowledge.commission.rules import RULES
from knowledge.program import Plan, Product, Program

_RULE = "first_year_arr"
_YEAR = 12
_LARGEST = 10**15  # beyond it a sum is a slip of the pen, and exact decimals would end


@dataclass(frozen=True, slots=True)
class DealLike:
    """As much of a deal as its commission depends on. `products` are catalogue names; `term_months` None: a year."""

    products: tuple[str, ...] = ()
    quantity: int | None = None
    amount: Money | None = None
    basis: AmountBasis | None = None
    term_months: int | None = None
    attribution: Attribution = Attribution.SOURCED

    @classmethod
    def of(cls, deal: Deal) -> DealLike:
        return cls(deal.products, deal.quantity, deal.amount, deal.amount_basis, deal.term_months, deal.attribution)

    @property
    def months(self) -> int:
        """Months of the term that lie in the first year."""
        return min(_YEAR, self.term_months) if self.term_months and self.term_months > 0 else _YEAR


def quote(
    program: Program, partner: Partner, deal: DealLike, today: date, *, exchange: Decimal | None = None
) -> Derivation | NoQuote:
    """What `deal` would earn `partner` under the plan that pays for it, without probability, at the tier it has.

    Where several of the partner's plans might pay, how the deal is sold decides, and a person tells.

    `exchange` is what one unit of the deal's currency is worth in the program's; without it a limit in the program's
    currency becomes a condition that the derivation tells.
    """
    plans, tier = plans_for(program, partner, today), tier_of(program, partner)
    if not plans or program.commission is None:
        return NoQuote(Reason.NO_PLAN, partner.plan)
    if tier is None:
        return NoQuote(Reason.UNKNOWN_TIER, partner.tier, plans[0].name)
    products = _products(program, deal)
    if isinstance(products, NoQuote):
        return NoQuote(products.reason, products.about, plans[0].name)
    plan = _paying(plans, products)
    if isinstance(plan, NoQuote):
        return plan
    base = _base(deal, products, program.vendor.currency)
    if isinstance(base, NoQuote):
        return NoQuote(base.reason, base.about, plan.name)
    return RULES[plan.rule].quote(plan, base, Terms(tier, program.commission, deal.attribution, exchange))


def base_of(program: Program, deal: DealLike) -> Base | NoQuote:
    """The first year's recurring revenue of a deal."""
    products = _products(program, deal)
    return products if isinstance(products, NoQuote) else _base(deal, products, program.vendor.currency)


def _products(program: Program, deal: DealLike) -> tuple[Product, ...] | NoQuote:
    known = {product.name.casefold(): product for product in program.products}
    for name in deal.products:
        if name.casefold() not in known:
            return NoQuote(Reason.UNKNOWN_PRODUCT, name)
    return tuple(dict.fromkeys(known[name.casefold()] for name in deal.products))


def _paying(plans: tuple[Plan, ...], products: tuple[Product, ...]) -> Plan | NoQuote:
    """The one plan that pays for these products, the main one where none does."""
    paying = tuple(plan for plan in plans if RULES[plan.rule].pays(plan, products)) or plans[:1]
    if len(paying) > 1 or not RULES[paying[0].rule].quotable:
        return NoQuote(Reason.PLAN_NEEDS_PERSON, ", ".join(plan.name for plan in paying), paying[0].name)
    return paying[0]


def _base(deal: DealLike, products: tuple[Product, ...], currency: str) -> Base | NoQuote:
    recurring = tuple(product for product in products if product.billing == "subscription")
    one_off = tuple(product for product in products if product.billing == "one_off")
    if one_off and not recurring:
        nothing = Money.zero(deal.amount.currency if deal.amount else currency)
        return Base(nothing, (_left_out(one_off, deal.amount or nothing, nothing),))
    if max(deal.quantity or 0, deal.amount.amount if deal.amount else 0) > _LARGEST:
        return NoQuote(Reason.NO_AMOUNT)
    if deal.amount is None or deal.amount.amount <= 0:
        return _from_list(deal, recurring, one_off)
    return _from_amount(deal, deal.amount, one_off)


def _from_list(deal: DealLike, recurring: tuple[Product, ...], one_off: tuple[Product, ...]) -> Base | NoQuote:
    if not recurring or not deal.quantity or deal.quantity < 0:
        return NoQuote(Reason.NO_AMOUNT)
    price = sum((p.list_price for p in recurring[1:]), start=recurring[0].list_price)
    base = price * deal.quantity * deal.months
    told = step("base", _RULE, Said.BASE_LIST, base, seats=deal.quantity, price=price, months=deal.months, base=base)
    if not one_off:
        return Base(base, (told,))
    return Base(base, (told, _left_out(one_off, Money.zero(base.currency), base)))


def _from_amount(deal: DealLike, amount: Money, one_off: tuple[Product, ...]) -> Base | NoQuote:
    """The first year of a given sum. A sum for everything is first freed of one-off products at their list price."""
    if deal.basis in (AmountBasis.MONTHLY, AmountBasis.PER_SEAT_MONTH):
        return _recurring(deal, amount, one_off)
    if not one_off:
        return _annual(deal, amount, ())
    if any(product.list_price.currency != amount.currency for product in one_off):
        return NoQuote(Reason.ONE_OFF_SHARE_UNKNOWN, one_off[0].name)
    left_out = sum((product.list_price for product in one_off), start=Money.zero(amount.currency))
    rest = amount - left_out
    if rest.amount <= 0:
        return NoQuote(Reason.ONE_OFF_SHARE_UNKNOWN, one_off[0].name)
    return _annual(deal, rest, (_left_out(one_off, left_out, rest),))


def _recurring(deal: DealLike, amount: Money, one_off: tuple[Product, ...]) -> Base | NoQuote:
    months = deal.months
    if deal.basis is AmountBasis.MONTHLY:
        base = amount * months
        told = step("base", _RULE, Said.BASE_MONTHLY, base, amount=amount, months=months, base=base)
    elif not deal.quantity or deal.quantity < 0:
        return NoQuote(Reason.NO_QUANTITY)
    else:
        base = amount * deal.quantity * months
        values: dict[str, Value] = {"amount": amount, "seats": deal.quantity, "months": months, "base": base}
        told = step("base", _RULE, Said.BASE_SEATS, base, **values)
    extra = (_left_out(one_off, Money.zero(base.currency), base),) if one_off else ()
    return Base(base, (told, *extra))


def _annual(deal: DealLike, amount: Money, before: tuple[Step, ...]) -> Base:
    months = deal.months
    match deal.basis:
        case AmountBasis.TOTAL if deal.term_months and deal.term_months > 0:
            base = Money(amount.amount * months / deal.term_months, amount.currency)
            values: dict[str, Value] = {"amount": amount, "term_months": deal.term_months, "months": months}
            return Base(base, (*before, step("base", _RULE, Said.BASE_TOTAL, base, **values, base=base)))
        case AmountBasis.ANNUAL:
            base = Money(amount.amount * months / _YEAR, amount.currency)
            told = step("base", _RULE, Said.BASE_ANNUAL, base, amount=amount, months=months, base=base)
            return Base(base, (*before, told))
        case _:
            return Base(amount, (*before, step("base", _RULE, Said.BASE_ASSUMED, amount, amount=amount)))


def _left_out(products: tuple[Product, ...], amount: Money, base: Money) -> Step:
    names = tuple(product.name for product in products)
    return step("base", _RULE, Said.ONE_OFF_LEFT_OUT, base, products=names, amount=amount, base=base)
