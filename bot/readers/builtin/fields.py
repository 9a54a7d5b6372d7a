"""Puts the mentions of a deal or question together into the fields of its request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from bot.readers.builtin.domains import domain_of
from bot.readers.builtin.mentions import Kind
from bot.readers.builtin.people import trimmed_person
from bot.readers.builtin.roles import AMOUNT, QUANTITY, Role
from bot.vocabulary.requests import (
    CommissionFields,
    DealFields,
    Intent,
    UpdateFields,
)
from crm.records import AmountBasis, Stage

USED = 0.5
# The likeliest sum, quantity or product is meant even where it is not likely in itself.
TOLD = 0.25
_YEARS = range(2015, 2045)


def _best(roles: Sequence[Role], kind: Kind, weigh: Callable[[Role], float], least: float) -> Role | None:
    """The likeliest mention of a kind, the first of equals; None where none is likely enough."""
    fitting = [role for role in roles if role.mention.kind is kind and weigh(role) >= least]
    return max(fitting, key=weigh, default=None)


def _like_a_year(role: Role) -> bool:
    return not role.mention.currency and Decimal(role.mention.value) in _YEARS


class FieldPicker:
    """Picks fields for one intent from the roles that belong to one deal or question."""

    def __init__(self, intent: Intent, roles: Sequence[Role]) -> None:
        self._intent = intent
        self._roles = roles

    def _weigh(self, role: Role) -> float:
        return role.chance(self._intent)

    def first(self, kind: Kind, least: float = USED) -> str | None:
        role = _best(self._roles, kind, self._weigh, least)
        return role.mention.value if role else None

    def _full_name(self, said: str | None) -> str | None:
        """The person's longest name in the text: who is called Jude here may be Jude Amblin there."""
        if said is None:
            return None
        wanted = set(trimmed_person(said).casefold().split())
        known = [trimmed_person(r.mention.value) for r in self._roles if r.mention.kind is Kind.PERSON]
        longer = [name for name in known if wanted < set(name.casefold().split())]
        return min(longer, key=len) if longer else said

    def amount_role(self) -> Role | None:
        """The likeliest sum; what may be a year is one only where that is likely in itself."""
        role = _best(self._roles, Kind.NUMBER, lambda r: min(self._weigh(r), r.chances[AMOUNT]), TOLD)
        if role and _like_a_year(role) and min(self._weigh(role), role.chances[AMOUNT]) < USED:
            return None
        return role

    def quantity(self) -> int | None:
        role = _best(self._roles, Kind.NUMBER, lambda r: min(self._weigh(r), r.chances[QUANTITY]), TOLD)
        if role is None or Decimal(role.mention.value) != Decimal(role.mention.value).to_integral_value():
            return None
        return int(Decimal(role.mention.value))

    def day(self) -> date | None:
        said = self.first(Kind.DATE)
        return date.fromisoformat(said) if said else None

    def products(self) -> tuple[str, ...] | None:
        """The products meant; a name that is the vendor's as well counts where no other product is named."""
        named = [r for r in self._roles if r.mention.kind is Kind.PRODUCT and self._weigh(r) >= TOLD]
        used = [r.mention for r in named if self._weigh(r) >= USED] or [r.mention for r in named]
        sure = [mention for mention in used if mention.sure]
        return tuple(dict.fromkeys(m.value for m in sure or used)) or None

    def money(self) -> tuple[Decimal | None, str | None, AmountBasis | None]:
        role = self.amount_role()
        if role is None:
            return None, None, None
        basis = AmountBasis(role.basis) if role.basis else None
        return Decimal(role.mention.value), role.mention.currency or self._only_currency(), basis

    def _only_currency(self) -> str | None:
        """The currency named elsewhere, where the sum itself has none and the text names one only."""
        named = {r.mention.currency for r in self._roles if r.mention.currency}
        named |= {r.mention.value for r in self._roles if r.mention.kind is Kind.CURRENCY}
        return named.pop() if len(named) == 1 else None

    def deal(self, customer: str | None) -> DealFields:
        amount, currency, basis = self.money()
        email = self.first(Kind.EMAIL)
        person = self._full_name(self.first(Kind.PERSON))
        term = self.first(Kind.TERM)
        return DealFields(
            customer=customer or None,
            customer_domain=self.first(Kind.DOMAIN) or (domain_of(email) or None if email else None),
            contact_name=trimmed_person(person) if person else None,
            contact_email=email,
            contact_phone=self.first(Kind.PHONE),
            amount=amount,
            currency=currency,
            amount_basis=basis,
            close_date=self.day(),
            products=self.products(),
            quantity=self.quantity(),
            term_months=int(term) if term else None,
        )

    def update(self, customer: str | None, ref: str | None, stage: Stage | None) -> UpdateFields:
        amount, currency, basis = self.money()
        return UpdateFields(customer or None, ref or None, amount, currency, basis, self.day(), stage)

    def commission(self, customer: str | None) -> CommissionFields:
        amount, currency, _ = self.money()
        return CommissionFields(customer or None, self.products(), amount, currency)
