"""What a deal is worth as entered: its first year, its months, what is sold once; with the steps that lead there."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from crm.money import Money
from crm.records import AmountBasis, Attribution, Deal
from knowledge.commission.derivation import NoQuote, Reason, Said, Step, Value, step
from knowledge.commission.periods import YEAR
from knowledge.program import Product, Program

_RULE = "worth"
LARGEST = Decimal(10**15)  # beyond it a sum is a slip of the pen, and exact decimals would end
_LONGEST = 1200  # months of a term


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
    def term(self) -> int | None:
        """The term in months, None where it is not known or absurd."""
        return self.term_months if self.term_months and 0 < self.term_months <= _LONGEST else None

    @property
    def months(self) -> int:
        """Months of the term that lie in the first year."""
        return min(YEAR, self.term) if self.term else YEAR


@dataclass(frozen=True, slots=True)
class Worth:
    """`first_year` is recurring revenue of `months`, `total` that of the whole term of `term` months.

    `once` is what is sold once, None where the deal's value does not tell it in its currency. `steps` lead to
    `first_year`. `at_once` is true where the value was given for the whole term.
    """

    first_year: Money
    months: int
    total: Money
    term: int
    once: Money | None
    steps: tuple[Step, ...]
    recurring: tuple[Product, ...] = ()
    one_off: tuple[Product, ...] = ()
    at_once: bool = False

    @property
    def currency(self) -> str:
        return self.first_year.currency

    @property
    def monthly(self) -> Decimal:
        return self.first_year.amount / self.months


@dataclass(frozen=True, slots=True)
class _Sold:
    """What a deal is of, by the way it is billed."""

    recurring: tuple[Product, ...]
    one_off: tuple[Product, ...]

    @property
    def listed(self) -> Money:
        return sum((p.list_price for p in self.one_off[1:]), start=self.one_off[0].list_price)

    def once(self, currency: str) -> Money | None:
        """What is sold once at its list price; None where that is in another currency."""
        if not self.one_off:
            return Money.zero(currency)
        return None if self.foreign(currency) else self.listed

    def foreign(self, currency: str) -> bool:
        return any(product.list_price.currency != currency for product in self.one_off)

    def apart(self, base: Money) -> tuple[Step, ...]:
        return (self.left_out(Money.zero(base.currency), base),) if self.one_off else ()

    def left_out(self, amount: Money, base: Money) -> Step:
        names = tuple(product.name for product in self.one_off)
        return step("base", _RULE, Said.ONE_OFF_LEFT_OUT, base, products=names, amount=amount, base=base)


def sane(amount: Money) -> bool:
    """Whether a sum is one that the engine reckons with."""
    return sane_sum(amount.amount)


def sane_sum(amount: Decimal) -> bool:
    return amount.is_finite() and abs(amount) <= LARGEST


def products_of(program: Program, names: tuple[str, ...]) -> tuple[Product, ...] | NoQuote:
    """The catalogue's products of these names, each once; a product that was renamed is known by its old name, too,
    where that is among its other names.
    """
    known = {other.casefold(): product for product in program.products for other in product.aliases}
    known |= {product.name.casefold(): product for product in program.products}
    for name in names:
        if name.casefold() not in known:
            return NoQuote(Reason.UNKNOWN_PRODUCT, name)
    return tuple(dict.fromkeys(known[name.casefold()] for name in names))


def worth(deal: DealLike, products: tuple[Product, ...], currency: str, *, work_only: bool = False) -> Worth | NoQuote:
    """What the deal is worth; `work_only` takes the value of a deal without products for work that is sold once.

    `currency` is the program's, in which list prices are.
    """
    sold = _Sold(
        tuple(product for product in products if product.billing == "subscription"),
        tuple(product for product in products if product.billing == "one_off"),
    )
    if not sold.recurring and sold.one_off and deal.amount is None:
        return _once(deal, sold, currency)
    if (deal.amount is not None and not sane(deal.amount)) or (deal.quantity or 0) > LARGEST:
        return NoQuote(Reason.NO_AMOUNT)
    if not sold.recurring and (sold.one_off or work_only):
        return _once(deal, sold, currency)
    if deal.amount is None or deal.amount.amount <= 0:
        return _from_list(deal, sold)
    return _from_amount(deal, deal.amount, sold)


def _once(deal: DealLike, sold: _Sold, currency: str) -> Worth | NoQuote:
    """A deal of things sold once only: at its value where it has one, else at list prices."""
    given = deal.amount if deal.amount is not None and deal.amount.amount > 0 else None
    if given is None and not sold.one_off:
        return NoQuote(Reason.NO_AMOUNT)
    value = given or sold.listed
    nothing = Money.zero(value.currency if given else currency)
    told = (sold.left_out(given or nothing, nothing),) if sold.one_off else ()
    return Worth(nothing, deal.months, nothing, deal.months, value, told, (), sold.one_off)


def _from_list(deal: DealLike, sold: _Sold) -> Worth | NoQuote:
    if not sold.recurring or not deal.quantity or deal.quantity < 0:
        return NoQuote(Reason.NO_AMOUNT)
    price = sum((p.list_price for p in sold.recurring[1:]), start=sold.recurring[0].list_price)
    base = price * deal.quantity * deal.months
    told = step("base", _RULE, Said.BASE_LIST, base, seats=deal.quantity, price=price, months=deal.months, base=base)
    return _yearly(deal, base, (told, *sold.apart(base)), sold)


def _from_amount(deal: DealLike, amount: Money, sold: _Sold) -> Worth | NoQuote:
    """The first year of a given sum. A sum for everything is first freed of one-off products at their list price."""
    if deal.basis in (AmountBasis.MONTHLY, AmountBasis.PER_SEAT_MONTH):
        return _by_month(deal, amount, sold)
    if not sold.one_off:
        return _annual(deal, amount, (), sold)
    if sold.foreign(amount.currency):
        return NoQuote(Reason.ONE_OFF_SHARE_UNKNOWN, sold.one_off[0].name)
    rest = amount - sold.listed
    if rest.amount <= 0:
        return NoQuote(Reason.ONE_OFF_SHARE_UNKNOWN, sold.one_off[0].name)
    return _annual(deal, rest, (sold.left_out(sold.listed, rest),), sold)


def _by_month(deal: DealLike, amount: Money, sold: _Sold) -> Worth | NoQuote:
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
    return _yearly(deal, base, (told, *sold.apart(base)), sold)


def _annual(deal: DealLike, amount: Money, before: tuple[Step, ...], sold: _Sold) -> Worth:
    months, term = deal.months, deal.term
    if deal.basis is AmountBasis.TOTAL and term:
        base = Money(amount.amount * months / term, amount.currency)
        values: dict[str, Value] = {"amount": amount, "term_months": term, "months": months, "base": base}
        told = (*before, step("base", _RULE, Said.BASE_TOTAL, base, **values))
        once = sold.once(base.currency)
        return Worth(base, months, amount, term, once, told, sold.recurring, sold.one_off, at_once=True)
    if deal.basis is AmountBasis.ANNUAL:
        base = Money(amount.amount * months / YEAR, amount.currency)
        said = step("base", _RULE, Said.BASE_ANNUAL, base, amount=amount, months=months, base=base)
        return _yearly(deal, base, (*before, said), sold)
    return _yearly(deal, amount, (*before, step("base", _RULE, Said.BASE_ASSUMED, amount, amount=amount)), sold)


def _yearly(deal: DealLike, base: Money, told: tuple[Step, ...], sold: _Sold) -> Worth:
    term = max(deal.term or 0, deal.months)
    total = base if term == deal.months else Money(base.amount * term / deal.months, base.currency)
    return Worth(base, deal.months, total, term, sold.once(base.currency), told, sold.recurring, sold.one_off)
