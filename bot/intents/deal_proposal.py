"""What a yes would do to a deal, kept with the question that was asked about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.intents.deal_changes import changed, staged
from crm.money import Money
from crm.records import AmountBasis, Deal, Stage


def _money(said: str) -> Money:
    amount, _, currency = said.partition(" ")
    return Money(Decimal(amount), currency)


_READ: Mapping[str, Callable[[str], Any]] = {
    "stage": Stage,
    "amount": _money,
    "amount_basis": AmountBasis,
    "close_date": date.fromisoformat,
    "won_on": date.fromisoformat,
    "lost_reason": str,
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """Fields of the deal of that number: as they were when the question was asked, and as they would become."""

    number: str
    was: Mapping[str, Any]
    wanted: Mapping[str, Any]

    def fits(self, deal: Deal) -> bool:
        """Whether the deal still is as it was, or already as it would become, in each of the fields."""
        return all(getattr(deal, name) in (self.was[name], self.wanted[name]) for name in self.wanted)

    def applied(self, deal: Deal, today: date) -> Deal:
        becomes: Deal = replace(deal, **{n: value for n, value in self.wanted.items() if n != "stage"})
        return staged(becomes, self.wanted.get("stage", deal.stage), today)


def written(seen: Deal, wanted: Deal) -> str:
    """The fields in which the two differ, as JSON."""
    said = {n: [_plain(getattr(seen, n)), _plain(getattr(wanted, n))] for n in changed(seen, wanted)}
    return json.dumps({"deal": seen.number, "fields": said}, ensure_ascii=False)


def together(proposals: Sequence[str]) -> str:
    """Several that were written, as one."""
    return f"[{', '.join(proposals)}]"


def read(kept: str) -> tuple[Proposal, ...]:
    """One proposal, or several as a list; what is none is left out."""
    try:
        said = json.loads(kept)
    except ValueError:
        return ()
    found = (_proposal(item) for item in (said if isinstance(said, list) else [said]))
    return tuple(proposal for proposal in found if proposal is not None)


def _proposal(said: Any) -> Proposal | None:
    try:
        fields = {str(name): [_typed(name, value) for value in pair] for name, pair in said["fields"].items()}
        was, wanted = ({name: pair[place] for name, pair in fields.items()} for place in (0, 1))
        return Proposal(said["deal"], was, wanted)
    except (ValueError, TypeError, LookupError, AttributeError, InvalidOperation):
        return None


def _plain(value: object) -> str | None:
    if isinstance(value, Money):
        return f"{value.amount} {value.currency}"
    return None if value is None else str(value)


def _typed(name: str, said: str | None) -> Any:
    return None if said is None else _READ[name](said)
