"""A registration with everything about its customer, of anybody: what the vendor's checks and managers look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from crm.records import Deal, Lead, Partner, Registration, RegistrationState
from knowledge.business_days import business_deadline, vendors_day
from knowledge.program import Program


@dataclass(frozen=True, slots=True)
class Case:
    """One registration before its judge. None of it goes to a partner.

    `deals` are all deals with the customer as the CRM holds them, `registered` the registrations that some of them came
    from, by number. `protections` are other partners' accepted and protected registrations of the customer for one of
    the products, `own` this partner's; `rivals` other partners' waiting ones; `alike` open ones of others whose
    customer may be the same. `refusals` is how many registrations of this partner the rules refused for somebody else's
    claim in the last 24 hours. `leads` are the vendor's own shared ones that the customer may be and that the
    registration does not come from; `offered` the numbers of those which this partner was asked about. `gone` is True
    where the CRM no longer has the partner, `not_entered` says in the CRM's words why it does not hold the
    registration. `names` are partners' names by id.
    """

    registration: Registration
    partner: Partner
    program: Program
    now: datetime
    deals: tuple[Deal, ...] = ()
    registered: Mapping[str, Registration] = field(default_factory=dict)
    own: tuple[Registration, ...] = ()
    protections: tuple[Registration, ...] = ()
    rivals: tuple[Registration, ...] = ()
    alike: tuple[Registration | Deal, ...] = ()
    leads: tuple[Lead, ...] = ()
    offered: frozenset[str] = frozenset()
    refusals: int = 0
    gone: bool = False
    not_entered: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return vendors_day(self.now, self.program.vendor)

    def older_deals(self) -> tuple[Deal, ...]:
        """The customer's open deals with the vendor, its own or another partner's, of a day before the registration.

        Not those that came from a registration: for these it is the protection that keeps others away, for its
        products and until it ends.
        """
        return tuple(deal for deal in self._older() if deal.number not in self.registered)

    def unprotected_deals(self) -> tuple[Deal, ...]:
        """Older open deals of other partners' registrations whose protection is over, or was for other products."""
        protected = {r.number for r in self.protections}
        return tuple(d for d in self._older() if d.number in self.registered and d.number not in protected)

    def _older(self) -> tuple[Deal, ...]:
        day = vendors_day(priority(self.registration) or self.now, self.program.vendor)
        own = self.registration.partner_id
        return tuple(d for d in self.deals if d.stage.open and d.partner_id != own and d.created_on < day)

    def earlier(self) -> tuple[Registration, ...]:
        """Rivals whose time comes first: waiting ones, and drafts as long as they hold theirs."""
        ours = _order(self.registration)
        return tuple(r for r in self.rivals if _order(r) < ours and self._counts(r))

    def first_to_decide(self) -> Registration | None:
        """The rival that is complete and came earlier: it is decided before this one."""
        complete = [r for r in self.earlier() if r.state is RegistrationState.SUBMITTED]
        return min(complete, key=_order, default=None)

    def whose(self, record: Registration | Deal | Lead) -> str:
        return self.names.get(record.partner_id, record.partner_id) or f"{self.program.vendor.name} itself"

    def _counts(self, rival: Registration) -> bool:
        since = priority(rival)
        if rival.state is not RegistrationState.DRAFT:
            return True
        held = self.program.deal_rules.hold_business_days
        return since is not None and self.now < business_deadline(since, held, self.program.vendor)


def priority(registration: Registration) -> datetime | None:
    """The time that counts among rivals; None for a draft that has none yet."""
    if registration.state is RegistrationState.DRAFT:
        return registration.priority_at
    return registration.priority_at or registration.submitted_at or registration.opened_at


def _order(registration: Registration) -> tuple[datetime, str]:
    """Two of the same moment go by number, so that one of them is always first."""
    return priority(registration) or datetime.max.replace(tzinfo=UTC), registration.number
