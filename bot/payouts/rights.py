"""Which manager may decide on a payout: by right, by region, and by sum in the program's currency."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import rates as stored
from bot.vocabulary.results import NotDone
from crm.money import Money
from crm.records import Contact, ContactRight, Partner
from knowledge.commission.exchange import RateTable
from knowledge.program import Manager, Program

_RATES_BEFORE = timedelta(days=31)  # longer than any rate is good for
_MOST = 4  # managers that are named


@dataclass(frozen=True, slots=True)
class PayoutRights:
    """As they are on one day: a sum in another currency counts at that day's rate."""

    program: Program
    rates: RateTable
    today: date

    def refused(self, who: Manager, partner: Partner, *sums: Money) -> NotDone | None:
        """Why this manager may not decide about these sums of this partner, and who may."""
        no = self._lacks(who, partner, sums)
        if not no:
            return None
        able = [m.name for m in self.program.managers if not self._lacks(m, partner, sums)]
        if not able:
            return NotDone(no, "no manager of the program may decide this; raise a limit in its program.toml")
        return NotDone(no, f"{' or '.join(able[:_MOST])} may")

    def approver(self, partner: Partner, total: Money) -> Manager | None:
        """The partner's own manager where he may, else the nearest; where nobody may, whoever decides the most. None in
        a program without managers.
        """
        able = [m for m in self.program.managers if not self._lacks(m, partner, (total,))]
        own = self.program.manager(partner.manager_email)
        if own is not None and own in able:
            return own
        everyone = (
            *sorted(able, key=lambda m: (not m.approves, not m.regions)),
            *(m for m in self.program.managers if m.decides_payouts and m.approves_up_to is None),
            *self.program.managers,
        )
        return next(iter(everyone), None)

    def payer(self, partner: Partner, total: Money) -> Manager | None:
        """Whoever decides on payouts and on nothing else pays, where there is somebody who may; else the approver."""
        finance = (m for m in self.program.managers if not m.approves and not self._lacks(m, partner, (total,)))
        return next(finance, None) or self.approver(partner, total)

    def _lacks(self, who: Manager, partner: Partner, sums: tuple[Money, ...]) -> str:
        """Empty where he may."""
        if not who.decides_payouts:
            return f"{who.name} does not decide on payouts"
        if who.regions and partner.region not in who.regions:
            where = partner.region or "no region"
            return f"{who.name} decides for {', '.join(who.regions)}; {partner.name} is in {where}"
        if who.approves_up_to is None:
            return ""
        limit = who.approves_up_to
        return next(filter(None, (self._beyond(who, limit, amount) for amount in sums)), "")

    def _beyond(self, who: Manager, limit: Money, amount: Money) -> str:
        up_to = f"{who.name} decides up to {limit.currency} {limit.amount:,.0f}"
        said = f"{amount.currency} {amount.amount:,.2f}"
        rate = self.rates.on(amount.currency, self.today)
        if rate is None:
            return f"{up_to}; there is no rate of these days for {said}"
        return "" if abs(amount.amount * rate.rate) <= limit.amount else f"{up_to}; this is about {said}"


def sees_statements(partner: Partner) -> Callable[[Contact], bool]:
    """Which of the partner's contacts may hear of its money: the finance contact, and who may see commission."""
    return lambda contact: contact.id == partner.finance_contact_id or contact.may(ContactRight.SEE_COMMISSION)


async def payout_rights(connection: AsyncConnection, program: Program, currency: str, today: date) -> PayoutRights:
    """Rates are read where the sum is in another currency than the program's."""
    base = program.vendor.currency
    if currency == base:
        return PayoutRights(program, RateTable(base), today)
    rates = await stored.table(connection, base, date.max, {currency: today - _RATES_BEFORE})
    return PayoutRights(program, rates, today)
