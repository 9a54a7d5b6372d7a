"""What a partner is told when somebody at the vendor changed its deal: what it may know, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.intents.deal_changes import in_lines
from bot.intents.phrases import text
from bot.intents.which_deal import named
from bot.vocabulary.decisions import Outcome, Value
from crm.records import Deal, Stage

SHOWN = 25
"""Deals that one message tells of, where many changed at once."""


@dataclass(frozen=True, slots=True)
class News:
    """A deal as it was and as it is, for the partner `partner_id`: its owner before, or now, or both."""

    partner_id: str
    was: Deal
    now: Deal

    @property
    def lost(self) -> bool:
        """It is another's now, or nobody's; the partner is told no more of it."""
        return self.now.partner_id != self.partner_id

    @property
    def gained(self) -> bool:
        return self.was.partner_id != self.partner_id

    @property
    def number(self) -> str:
        return self.was.number if self.lost else self.now.number

    @property
    def customer(self) -> str:
        """As the partner knows it."""
        return self.was.customer if self.lost else self.now.customer

    @property
    def word(self) -> str:
        """What it came to, for the timeline."""
        if self.lost:
            return "deal_reassigned"
        if self.gained:
            return "deal_assigned"
        stage = self.now.stage
        if stage is self.was.stage:
            return "deal_changed"
        return f"deal_{stage.value}" if stage is Stage.ON_HOLD or not stage.open else f"deal_moved_to_{stage.value}"


def news(was: Deal, now: Deal) -> tuple[News, ...]:
    """Whom a change concerns; nobody where it is none that a partner cares for."""
    if was.partner_id != now.partner_id:
        both = (was.partner_id, now.partner_id)
        return tuple(News(partner_id, was, now) for partner_id in both if partner_id)
    told = News(was.partner_id, was, now)
    return (told,) if was.partner_id and _changes(told) else ()


def one(told: News, manager: str) -> tuple[Outcome, ...]:
    """The message about one deal. `manager` is the name of who answers questions, "" for the team."""
    deal = named(told.number, told.customer)
    if told.lost:
        key = "deal_fate.not_yours" if manager else "deal_fate.not_yours_team"
        return (Outcome(key, {"deal": deal, "manager": manager} if manager else {"deal": deal}, figures=True),)
    if told.gained:
        return (Outcome("deal_fate.yours", {"deal": _line(told)}, figures=True),)
    changed = Outcome("deal_fate.changed", {"deal": deal, "changes": _changes(told)}, figures=True)
    ends = told.now.stage is not told.was.stage and not told.now.stage.open
    return (changed, Outcome(f"deal_fate.{told.now.stage.value}")) if ends else (changed,)


def several(many: Sequence[News], manager: str) -> tuple[Outcome, ...]:
    """One message about many deals: those that are still with the partner in a list, the others after it."""
    ours, gone = [n for n in many if not n.lost], [n for n in many if n.lost]
    told: list[Outcome] = []
    if ours:
        values: dict[str, Value] = {"deals": tuple(_line(n) for n in ours[:SHOWN])}
        more = len(ours) > SHOWN
        counted: dict[str, Value] = {"count": len(ours), "shown": SHOWN} if more else {}
        told.append(Outcome("deal_fate.several_of" if more else "deal_fate.several", values | counted, figures=True))
    if gone:
        names: dict[str, Value] = {"deals": tuple(named(n.number, n.customer) for n in gone[:SHOWN])}
        key = "deal_fate.not_yours_several" if manager else "deal_fate.not_yours_several_team"
        told.append(Outcome(key, names | ({"manager": manager} if manager else {}), figures=True))
    return tuple(told)


def _line(told: News) -> Value:
    """The deal with what changed of it, or with where it stands for who has it anew."""
    parts = _standing(told.now) if told.gained else _changes(told)
    return text("line.deal", number=told.number, customer=told.customer or text("line.no_customer"), parts=parts)


def _changes(told: News) -> tuple[Value, ...]:
    """Stage, value and dates. Why a deal was lost was written down for colleagues; a deal that is lost has no close
    date any more that anybody waits for.
    """
    now = replace(told.now, lost_reason=told.was.lost_reason)
    if now.stage is Stage.LOST:
        now = replace(now, close_date=told.was.close_date)
    return in_lines(told.was, now, "update.line")


def _standing(deal: Deal) -> tuple[Value, ...]:
    known: tuple[tuple[str, Value | None], ...] = (
        ("stage", deal.stage),
        ("amount", deal.amount),
        ("close_date", deal.close_date if deal.stage.open else None),
    )
    return tuple(text(f"deal.{name}", value=value) for name, value in known if value is not None)
