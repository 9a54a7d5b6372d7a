"""What the program sells, as imports and billing systems name it."""

from __future__ import annotations

from crm.csv_sums import Selling
from knowledge.program import Program


def selling(program: Program) -> Selling:
    """The program's products by each of their names, and its currencies."""
    named = {alias.casefold(): product.name for product in program.products for alias in product.aliases}
    named |= {product.name.casefold(): product.name for product in program.products}
    once = frozenset(product.name for product in program.products if product.billing == "one_off")
    return Selling(named, once, program.vendor.currencies)
