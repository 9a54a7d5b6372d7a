"""What a partner says of its deal, weighed against the record: what it would change, and what contradicts it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bot.intents.phrases import choices, text
from bot.vocabulary.decisions import Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import UpdateFields
from crm.money import Money
from crm.records import Deal, Stage

MOST_CHANGE = Decimal(2)
"""A value that grows or shrinks by more than this factor is more often a slip, or a value of something else (a year in
place of the term, a price of one seat), than news of the deal: it is asked, and a yes is enough.
"""
_ORDER = (Stage.QUALIFIED, Stage.PROPOSAL, Stage.NEGOTIATION, Stage.WON)
_AMOUNT_LIMIT = Decimal(10) ** 12  # above any deal
_REASON_LIMIT = 500
FIELDS = ("stage", "amount", "amount_basis", "close_date", "won_on", "lost_reason")
"""What a partner may change, in the order in which it is told."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The deal as it would be, and what could not be used of what was said, each as something to tell."""

    wanted: Deal
    problems: tuple[Outcome, ...] = ()


def weigh(deal: Deal, said: UpdateFields, reason: str, facts: Facts) -> Weighed:
    """`deal` with the usable part of `said`; `reason` is why it was lost, in the partner's words. The deal is open, or
    lost with its reason still unknown.
    """
    today = facts.now.date()
    problems: list[Outcome] = []
    wanted = _with_amount(deal, said, facts, problems)
    stage, day = said.stage, said.close_date
    if stage is Stage.WON and day is not None and day > today:
        problems.append(Outcome("update.won_later"))
        stage = None
    if stage is Stage.WON:
        wanted = replace(wanted, won_on=day or today, close_date=day or today)
    elif day is not None and stage is not Stage.LOST:
        wanted = _with_close_date(wanted, day, today, problems)
    if stage is Stage.LOST:
        wanted = replace(wanted, lost_reason=_tidy(reason) or deal.lost_reason)
    return Weighed(staged(wanted, stage or deal.stage, today), tuple(problems))


def staged(deal: Deal, stage: Stage, today: date) -> Deal:
    """The deal in that stage, in which it is since today if it was in another one."""
    return deal if deal.stage is stage else replace(deal, stage=stage, stage_since=today)


def reason_only(deal: Deal, reason: str) -> Deal:
    """The deal with the reason for which it was lost, and nothing else changed."""
    return replace(deal, lost_reason=_tidy(reason) or deal.lost_reason)


def contradicts(deal: Deal, wanted: Deal) -> bool:
    """Whether the record says otherwise, so that somebody has to say yes before it is changed."""
    return _goes_back(deal.stage, wanted.stage) or _another_value(deal, wanted) or _before_it_began(deal, wanted)


def changed(deal: Deal, wanted: Deal) -> tuple[str, ...]:
    """The fields in which the two differ."""
    return tuple(name for name in FIELDS if getattr(deal, name) != getattr(wanted, name))


def in_lines(deal: Deal, wanted: Deal, line: str) -> tuple[Value, ...]:
    """One line for each thing that differs; `line` is the text with label, old and new."""
    told: list[tuple[str, Value | None, Value | None]] = [
        ("stage", deal.stage, wanted.stage),
        ("amount", _worth(deal), _worth(wanted)),
        ("close_date", deal.close_date, None if wanted.stage is Stage.WON else wanted.close_date),
        ("won_on", deal.won_on, wanted.won_on),
        # What stood there may be the vendor's own words, which are not for the partner.
        ("lost_reason", None, (wanted.lost_reason or None) if wanted.lost_reason != deal.lost_reason else None),
    ]
    return tuple(_line(name, old, new, line) for name, old, new in told if new is not None and new != old)


def for_manager(deal: Deal, wanted: Deal) -> str:
    """What differs, in English: `stage negotiation -> proposal; value EUR 24480 (annual) -> EUR 90000 (annual)`."""
    told = [
        ("stage", deal.stage, wanted.stage),
        ("value", _worth_in_words(deal), _worth_in_words(wanted)),
        *((name.replace("_", " "), getattr(deal, name), getattr(wanted, name)) for name in FIELDS[3:]),
    ]
    return "; ".join(f"{name} {old or 'none'} -> {new or 'none'}" for name, old, new in told if old != new)


def _worth_in_words(deal: Deal) -> str:
    if deal.amount is None:
        return ""
    worth = f"{deal.amount.currency} {deal.amount.amount:f}"
    return f"{worth} ({deal.amount_basis})" if deal.amount_basis else worth


def _line(name: str, old: Value | None, new: Value, line: str) -> Value:
    label = text(f"column.{name}")
    return text("line.field", label=label, value=new) if old is None else text(line, label=label, old=old, new=new)


def _worth(deal: Deal) -> Value | None:
    if deal.amount is None or deal.amount_basis is None:
        return deal.amount
    return text("line.amount", amount=deal.amount, basis=deal.amount_basis)


def _with_amount(deal: Deal, said: UpdateFields, facts: Facts, problems: list[Outcome]) -> Deal:
    basis = said.amount_basis or deal.amount_basis
    if said.amount is None and not said.currency:
        return replace(deal, amount_basis=basis) if deal.amount else deal
    amount = said.amount if said.amount is not None else deal.amount.amount if deal.amount else None
    if amount is None or not (amount.is_finite() and 0 < amount < _AMOUNT_LIMIT):
        problems.append(Outcome("problem.amount"))
        return deal
    currency = (said.currency or (deal.amount.currency if deal.amount else "")).upper()
    if currency not in facts.program.vendor.currencies:
        problems.append(Outcome("problem.currency", choices(facts.program)))
        return deal
    return replace(deal, amount=Money(amount, currency), amount_basis=basis)


def _with_close_date(deal: Deal, day: date, today: date, problems: list[Outcome]) -> Deal:
    if day < today:
        problems.append(Outcome("problem.close_date"))
        return deal
    return replace(deal, close_date=day)


def _goes_back(was: Stage, wanted: Stage) -> bool:
    return was in _ORDER and wanted in _ORDER and _ORDER.index(wanted) < _ORDER.index(was)


def _another_value(deal: Deal, wanted: Deal) -> bool:
    if deal.amount is None or wanted.amount is None or (deal.amount, deal.amount_basis) == _value(wanted):
        return False
    if deal.amount.currency != wanted.amount.currency:
        return True
    if deal.amount_basis is not None and deal.amount_basis is not wanted.amount_basis:
        return True
    low, high = sorted((deal.amount.amount, wanted.amount.amount))
    return high > low * MOST_CHANGE


def _value(deal: Deal) -> tuple[object, object]:
    return deal.amount, deal.amount_basis


def _before_it_began(deal: Deal, wanted: Deal) -> bool:
    day = wanted.close_date
    return day is not None and day != deal.close_date and day < deal.created_on


def _tidy(words: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())[:_REASON_LIMIT].rstrip(" .")
