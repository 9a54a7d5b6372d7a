"""One deal of an account with the records that belong to it, and the days that decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from crm.records import Deal, Milestone, Payment, Registration, RegistrationState, Stage
from knowledge.commission.account import Account
from knowledge.commission.keys import REWARD, deal_of, plan_of, ruled

_ACCEPTED = (RegistrationState.APPROVED, RegistrationState.EXPIRED)


class _OfDeal(Protocol):
    @property
    def deal_id(self) -> str: ...


T = TypeVar("T", bound=_OfDeal)


@dataclass(frozen=True, slots=True)
class Seen:
    """`paid_by` are the plans ("id@version") of lines that were posted for the deal."""

    deal: Deal
    payments: Sequence[Payment] = ()
    milestones: Sequence[Milestone] = ()
    paid_by: Sequence[str] = ()
    registration: Registration | None = None

    @property
    def idle(self) -> bool:
        """Whether nothing has happened that could earn or will."""
        return not (self.payments or self.milestones or self.deal.stage is Stage.WON)

    @property
    def won_on(self) -> date | None:
        """The day on which it was won; what comes nearest where the CRM does not say."""
        deal = self.deal
        if deal.won_on is not None or deal.stage is not Stage.WON:
            return deal.won_on
        return deal.stage_since or deal.close_date or deal.created_on

    def registered_on(self, zone: ZoneInfo) -> date:
        """The day whose plan version holds: of the registration, else of the deal."""
        said = self.registration
        at = (said.submitted_at or said.opened_at) if said else None
        if at is None:
            return self.deal.created_on
        return (at.astimezone(zone) if at.tzinfo else at).date()

    def protected(self, won: date) -> bool:
        """Whether an accepted registration held on the day of the win."""
        found = self.registration
        if found is None or found.state not in _ACCEPTED:
            return False
        return found.protected_until is None or won <= found.protected_until


def by_deal(records: Iterable[T]) -> Mapping[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for record in records:
        found[record.deal_id].append(record)
    return found


def plans_posted(account: Account) -> Mapping[str, list[str]]:
    """The plans by which lines were posted, by the deal's id, in the order of posting."""
    found: dict[str, list[str]] = defaultdict(list)
    for posted in account.posted:
        if ruled(posted) and not posted.series.startswith(REWARD):
            deal, plan = deal_of(posted), plan_of(posted)
            if plan not in found[deal]:
                found[deal].append(plan)
    return found
