"""The product catalogue of the sample program, which the labelled messages speak of."""

from __future__ import annotations

from decimal import Decimal

from crm.money import Money
from knowledge.program import Product

CATALOGUE = (
    Product("Lumora Core", ("Core", "Lumora", "platform"), "subscription", Money(Decimal(24), "EUR")),
    Product("Lumora Insights", ("Insights", "analytics add-on"), "subscription", Money(Decimal(11), "EUR")),
    Product("Lumora Connect", ("Connect", "integration hub"), "subscription", Money(Decimal(8), "EUR")),
    Product("Lumora Assist", ("Assist", "AI add-on"), "subscription", Money(Decimal(15), "EUR")),
    Product(
        "Onboarding Package",
        ("onboarding", "implementation", "go-live services"),
        "one_off",
        Money(Decimal(9500), "EUR"),
    ),
)
