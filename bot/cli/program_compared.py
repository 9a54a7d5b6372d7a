"""What differs between two versions of the program, and what it would mean for partners, as tables and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.table import Table

from bot.cli.program_values import plain, shown
from bot.cli.screen import table
from crm.money import Money
from knowledge.commission.derivation import Reason
from knowledge.comparing import Change
from knowledge.effect import DealEffect, PartnerEffect

_WHY: Mapping[Reason, str] = {
    Reason.NO_PLAN: "no plan pays",
    Reason.PLAN_NEEDS_PERSON: "a person works it out",
    Reason.UNKNOWN_TIER: "no such tier",
    Reason.UNKNOWN_PRODUCT: "no such product",
    Reason.NO_AMOUNT: "no amount",
    Reason.NO_QUANTITY: "no quantity",
}


def changes_table(changes: Sequence[Change]) -> Table:
    """A row for each value that differs."""
    made = table("Changes", "Table", "Of", "What", "Before", "After", "Change")
    for change in changes:
        made.add_row(change.part, change.subject or "-", _what(change), *_values(change), _difference(change))
    return made


def changes_json(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The same with values as they are shown."""
    return [
        {"table": c.part, "of": c.subject, "key": c.key, "before": _values(c)[0], "after": _values(c)[1]}
        for c in changes
    ]


def _what(change: Change) -> str:
    if change.key:
        return change.key.removeprefix("elements.").replace("_", " ").replace(".", ", ")
    if change.part == "pages":
        return "new passage" if change.before is None else "passage gone" if change.after is None else "text"
    return "new" if change.before is None else "gone"


def _values(change: Change) -> tuple[str, str]:
    before, after = change.before, change.after
    if change.part == "pages":  # a title and its text
        before, after = before and before[1], after and after[1]
    return shown(before, change.key), shown(after, change.key)


def _difference(change: Change) -> str:
    before, after = change.before, change.after
    if isinstance(before, Money) and isinstance(after, Money) and before.currency == after.currency:
        return _signed((after - before).amount)
    if all(isinstance(value, int | Decimal) and not isinstance(value, bool) for value in (before, after)):
        scale = 100 if change.key.endswith(("_rate", "pass_mark")) else 1
        return _signed((after - before) * scale)
    return ""


def _signed(number: int | Decimal) -> str:
    return f"+{plain(number)}" if number > 0 else plain(number)


def effect_table(effects: Sequence[PartnerEffect]) -> Table:
    """A row for each partner with open deals or another tier; those that change most in the first currency first."""
    made = table("What it would mean for partners", "Partner", "Deals", "Before", "After", "Change", "Next review")
    for effect in effects:
        before, after = effect.total(after=False), effect.total(after=True)
        deals = f"{len(effect.deals)}" + _unknown(effect)
        made.add_row(effect.partner, deals, _sums(before), _sums(after), _sums(_less(after, before)), _tier(effect))
    return made


def deals_table(effects: Sequence[PartnerEffect]) -> Table:
    """A row for each open deal."""
    made = table("Open deals, as if they closed today as entered", "Partner", "Deal", "Customer", "Before", "After")
    for effect in effects:
        for deal in effect.deals:
            before, after = _figure(deal.before, deal.why_before), _figure(deal.after, deal.why_after)
            made.add_row(effect.partner, deal.number, deal.customer, before, after)
    return made


def totals(effects: Sequence[PartnerEffect]) -> Iterator[str]:
    """The whole in sentences."""
    before, after = (_added(effect.total(after=late) for effect in effects) for late in (False, True))
    for currency in sorted(before.keys() | after.keys()):
        old, new = before.get(currency, Decimal(0)), after.get(currency, Decimal(0))
        yield f"{currency}: {old:,.2f} before, {new:,.2f} after, {new - old:+,.2f}"
    deals = [deal for effect in effects for deal in effect.deals]
    unknown = sum(deal.before is None or deal.after is None for deal in deals)
    changed = sum(deal.before != deal.after for deal in deals)
    yield f"{len(deals)} open deals, {changed} of them change, {unknown} without a figure on one side or both"
    moved = sum(effect.tier_before != effect.tier_after for effect in effects)
    yield f"{moved} partner{'s' * (moved != 1)} would come to another tier at the next review with the figures so far"


def effect_json(effects: Sequence[PartnerEffect]) -> dict[str, Any]:
    """Everything, sums as texts so that no digit is lost."""
    before, after = (_added(effect.total(after=late) for effect in effects) for late in (False, True))
    return {
        "before": {currency: str(amount) for currency, amount in before.items()},
        "after": {currency: str(amount) for currency, amount in after.items()},
        "partners": [
            {
                "partner": effect.partner,
                "tier": effect.tier,
                "next_review_before": effect.tier_before,
                "next_review_after": effect.tier_after,
                "deals": [_deal_json(deal) for deal in effect.deals],
            }
            for effect in effects
        ],
    }


def _deal_json(deal: DealEffect) -> dict[str, Any]:
    return {
        "number": deal.number,
        "customer": deal.customer,
        "before": _money_json(deal.before, deal.why_before),
        "after": _money_json(deal.after, deal.why_after),
    }


def _money_json(figure: Money | None, why: Reason | None) -> dict[str, str]:
    if figure is None:
        return {"none": why.value if why else ""}
    return {"amount": str(figure.amount), "currency": figure.currency}


def _figure(figure: Money | None, why: Reason | None) -> str:
    if figure is not None:
        return f"{figure.currency} {figure.amount:,.2f}"
    return _WHY.get(why, why.value.replace("_", " ")) if why else "-"


def _unknown(effect: PartnerEffect) -> str:
    count = sum(deal.before is None or deal.after is None for deal in effect.deals)
    return f" ({count} without a figure)" if count else ""


def _tier(effect: PartnerEffect) -> str:
    if effect.tier_before == effect.tier_after:
        return effect.tier_after
    return f"{effect.tier_before} → {effect.tier_after}"


def _sums(sums: Mapping[str, Decimal]) -> str:
    return "\n".join(f"{currency} {amount:,.2f}" for currency, amount in sorted(sums.items())) or "-"


def _less(after: dict[str, Decimal], before: dict[str, Decimal]) -> dict[str, Decimal]:
    zero = Decimal(0)
    return {currency: after.get(currency, zero) - before.get(currency, zero) for currency in before | after}


def _added(sums: Iterator[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    whole: dict[str, Decimal] = {}
    for part in sums:
        for currency, amount in part.items():
            whole[currency] = whole.get(currency, Decimal(0)) + amount
    return whole
