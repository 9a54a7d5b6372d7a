"""Makes the registrations of demo deals, and those that have not become a deal yet."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.demo.files import PartnerFile, RegistrationTable
from crm.records import Deal, Registration, RegistrationState
from knowledge.business_days import add_business_days, decide_by, protected_until
from knowledge.program import Program

_MORNING = time(9, 0)
_DECIDED = (RegistrationState.APPROVED, RegistrationState.DECLINED)


@dataclass(frozen=True, slots=True)
class RegistrationMaker:
    """Dates follow the program's rules; every decision is a business day after its registration, or today."""

    file: PartnerFile
    program: Program
    today: date

    def behind(self, deal: Deal) -> Registration:
        """The registration that a deal came from: approved, and protected for its time."""
        return self._decided(self._submitted(deal, f"IT, {deal.customer}", f"it@{deal.customer_domain}"))

    def told(self, deal: Deal, said: RegistrationTable) -> Registration:
        """A registration of the partner's file; `deal` is what it is about."""
        registration = self._submitted(deal, said.contact, _address(said))
        registration = replace(registration, state=said.state, notes=said.notes)
        if said.state in _DECIDED:
            return self._decided(replace(registration, reason=said.reason))
        if said.state is RegistrationState.DRAFT:
            # Still a draft because something was asked for and has not come.
            return replace(registration, submitted_at=None, decide_by=None, contact_email="")
        return registration

    def _submitted(self, deal: Deal, contact: str, address: str) -> Registration:
        came = self._at(deal.created_on)
        return Registration(
            number=deal.number,
            partner_id=deal.partner_id,
            contact_id=self.file.main_contact_id,
            state=RegistrationState.APPROVED,
            customer=deal.customer,
            customer_domain=deal.customer_domain,
            contact_name=contact,
            contact_email=address,
            amount=deal.amount.amount if deal.amount else None,
            currency=deal.amount.currency if deal.amount else "",
            amount_basis=deal.amount_basis,
            close_date=deal.close_date,
            products=deal.products,
            quantity=deal.quantity,
            term_months=deal.term_months,
            opened_at=came,
            submitted_at=came,
            decide_by=decide_by(came, self.program.deal_rules, self.program.vendor),
        )

    def _decided(self, registration: Registration) -> Registration:
        assert registration.submitted_at is not None
        came_on = registration.submitted_at.date()
        decided_on = min(add_business_days(came_on, 1, self.program.vendor), self.today)
        approved = registration.state is RegistrationState.APPROVED
        return replace(
            registration,
            decided_at=self._at(decided_on) + timedelta(hours=2),
            decided_by=self.file.partner.manager,
            protected_until=protected_until(decided_on, self.program.deal_rules) if approved else None,
        )

    def _at(self, day: date) -> datetime:
        return datetime.combine(day, _MORNING, ZoneInfo(self.program.vendor.time_zone))


def _address(said: RegistrationTable) -> str:
    """The contact's surname, without accents, at the customer's domain."""
    surname = unicodedata.normalize("NFKD", said.contact.split()[-1].casefold())
    return f"{surname.encode('ascii', 'ignore').decode()}@{said.domain}"
