"""What a number of seats or packages is worth by the program's list prices."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from crm.records import AmountBasis, PaymentKind
from knowledge.program import Product, Program

_MONTHS = 12


class PriceList:
    """Raises KeyError for a product that the program does not have."""

    def __init__(self, program: Program) -> None:
        self._products: Mapping[str, Product] = {product.name: product for product in program.products}

    def value(self, products: tuple[str, ...], quantity: int) -> Decimal:
        """A year of subscriptions, and once what is sold once."""
        return sum((self._each(name) for name in products), Decimal(0)) * quantity

    def quantity(self, products: tuple[str, ...], value: int) -> int:
        """How many are worth about `value`; one at least."""
        return max(1, round(value / self.value(products, 1)))

    def basis(self, products: tuple[str, ...]) -> AmountBasis:
        subscribed = any(self._products[name].billing == "subscription" for name in products)
        return AmountBasis.ANNUAL if subscribed else AmountBasis.TOTAL

    def kind(self, name: str) -> PaymentKind:
        """What is paid for a product in its first term."""
        return PaymentKind.RECURRING if self._products[name].billing == "subscription" else PaymentKind.ONE_OFF

    def _each(self, name: str) -> Decimal:
        product = self._products[name]
        return product.list_price.amount * (_MONTHS if product.billing == "subscription" else 1)
