"""How far a new partner has come, and what it is asked after that: pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crm.records import Deal, Registration, RegistrationState, Stage

DAYS = (3, 14, 30, 60)
"""Days after the welcome on which a partner is asked after; with the last one its onboarding ends."""
_STUCK = 2  # days that a draft may lie
_SILENT = 14  # days without a word
_STANDING = frozenset({RegistrationState.SUBMITTED, RegistrationState.NEEDS_INFO, RegistrationState.APPROVED})


class Matter(StrEnum):
    """What a check-in is about; the value is its text's name."""

    NOTHING = "nothing"
    NOTHING_AGAIN = "nothing_again"
    WROTE = "wrote"
    DRAFT = "draft"
    REGISTERED = "registered"
    WON = "won"
    SILENT = "silent"

    @property
    def names_deals(self) -> bool:
        """Whether it says what only those may read who see deals: by mail alone, then."""
        return self in (Matter.DRAFT, Matter.REGISTERED, Matter.WON)


@dataclass(frozen=True, slots=True)
class Known:
    """What a partner has done by now. `heard_on` is the day of its last own message, None for none yet; `drafts` are
    those that are stuck, `registered` those that wait for us or are accepted, each the latest first; `begun` whether
    there is any draft, `brought` whether it ever submitted a registration or won a deal.
    """

    heard_on: date | None = None
    drafts: tuple[Registration, ...] = ()
    registered: tuple[Registration, ...] = ()
    won: tuple[Deal, ...] = ()
    begun: bool = False
    brought: bool = False

    def without_deals(self) -> Known:
        """As somebody may know it who has no right to see deals."""
        return Known(self.heard_on, begun=self.begun, brought=self.brought)


def due_day(days: int, checked: int) -> int | None:
    """Which check-in is due so many days after the welcome, where that of day `checked` (0 for none) was the last one:
    of several that were missed the latest alone.
    """
    return next((day for day in reversed(DAYS) if checked < day <= days), None)


def matter(known: Known, told: Collection[Matter], today: date) -> Matter | None:
    """What there is to say, in the order of what helps most; None where nothing is, since all runs by itself.

    What was `told` once is not told again, but for a draft that is stuck still and for silence.
    """
    if known.won and Matter.WON not in told:
        return Matter.WON
    if known.drafts:
        return Matter.DRAFT
    if known.registered and Matter.REGISTERED not in told:
        return Matter.REGISTERED
    if known.heard_on is None and not known.brought:
        return Matter.NOTHING_AGAIN if Matter.NOTHING in told else Matter.NOTHING
    if known.heard_on is None or (today - known.heard_on).days >= _SILENT:
        return Matter.SILENT
    return Matter.WROTE if not (known.brought or known.begun or Matter.WROTE in told) else None


def known_of(heard_on: date | None, registrations: Sequence[Registration], deals: Sequence[Deal], today: date) -> Known:
    """From a partner's own records."""
    latest = sorted(registrations, key=_opened_at, reverse=True)
    drafts = tuple(one for one in latest if one.state is RegistrationState.DRAFT)
    registered = tuple(one for one in latest if one.state in _STANDING)
    won = tuple(sorted((one for one in deals if one.stage is Stage.WON), key=_won_on, reverse=True))
    stuck = tuple(one for one in drafts if _is_stuck(one, today))
    brought = bool(won) or any(one.submitted_at is not None for one in registrations)
    return Known(heard_on, stuck, registered, won, bool(drafts), brought)


def _is_stuck(draft: Registration, today: date) -> bool:
    return draft.opened_at is None or (today - draft.opened_at.date()).days >= _STUCK


def _won_on(deal: Deal) -> tuple[str, str]:
    return str(deal.won_on or ""), deal.number


def _opened_at(one: Registration) -> tuple[str, str]:
    return one.opened_at.isoformat() if one.opened_at else "", one.number
