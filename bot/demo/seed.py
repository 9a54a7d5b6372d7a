"""The demo's records for a day, and writing them through the CRM's port."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.demo.calendar import last_month
from bot.demo.deals import DealMaker
from bot.demo.files import PartnerFile, contacts_of, partner_of, read_partner_files
from bot.demo.milestones import contentment, milestones_of
from bot.demo.numbers import Numbers
from bot.demo.own_deals import own_deals, read_own
from bot.demo.payments import payments_of, refund_of, renewal_of
from bot.demo.pricing import PriceList
from bot.demo.records import DemoChannel, DemoRecords
from bot.demo.registrations import RegistrationMaker
from config.settings import SAMPLE_PROGRAM
from crm.a_few_at_once import save_each
from crm.ports import CrmPort
from crm.records import Attribution, Deal, Payment, Registration, RegistrationState
from knowledge.loading import load_program
from knowledge.program import Program

_PAYMENTS = 500  # that the port takes at once


def demo_records(today: date, program: Program | None = None) -> DemoRecords:
    """The same for the same day; on another day the same partners, deals and numbers with other dates.

    `program` is the sample program where none is given: the demo's products and tiers are those of it.
    """
    program = program or load_program(SAMPLE_PROGRAM)
    numbers, prices = Numbers(), PriceList(program)
    making = [
        _Making(file, program, prices, DealMaker(file, prices, numbers, today), today) for file in read_partner_files()
    ]
    made = _joined([*(one.drawn() for one in making), *(one.told() for one in making)])
    return replace(made, own=tuple(own_deals(read_own(), prices, numbers, program.vendor.currency, today)))


async def seed(crm: CrmPort, records: DemoRecords, saved: Callable[[], object] = lambda: None) -> None:
    """Saves everything, whatever it belongs to first; may be repeated. `saved` hears of each record.

    Raises the errors of `crm.errors`.
    """
    await save_each(crm.save_partner, records.partners, saved)
    await save_each(crm.save_contact, records.contacts, saved)
    await save_each(crm.save_deal, (*records.deals, *records.own), saved)
    for start in range(0, len(records.payments), _PAYMENTS):
        payments = records.payments[start : start + _PAYMENTS]
        await crm.save_payments(payments)
        for _ in payments:
            saved()
    await save_each(crm.save_milestone, records.milestones, saved)
    await save_each(crm.save_registration, records.registrations, saved)


@dataclass(frozen=True, slots=True)
class _Making:
    """What one partner's records are made with. The drawn ones are made first, then those that its file tells, so that
    a deal told in addition changes no number of the others.
    """

    file: PartnerFile
    program: Program
    prices: PriceList
    maker: DealMaker
    today: date

    def drawn(self) -> DemoRecords:
        registrations = RegistrationMaker(self.file, self.program, self.today)
        made = self.maker.deals()
        told = [(self.maker.registered(said), said) for said in self.file.registrations]
        accepted = tuple(deal for deal, said in told if said.state is RegistrationState.APPROVED)
        return DemoRecords(
            partners=(partner_of(self.file, self.program.vendor.currency),),
            contacts=contacts_of(self.file),
            deals=made + accepted,
            payments=self._payments(made),
            registrations=(*_behind(registrations, made), *(registrations.told(deal, said) for deal, said in told)),
            milestones=tuple(milestones_of(self.file, made, self.prices, self.today)),
            slack_channels=_channel(self.file),
        )

    def told(self) -> DemoRecords:
        """Deals of last month beside those drawn, and what was paid on them."""
        sold = [(self.maker.sold(said), said) for said in self.file.sold]
        paid = [payment for deal, _ in sold for payment in payments_of(deal, 1, self.prices, self.today)]
        for deal, said in sold:
            if said.renewed:
                paid.append(renewal_of(deal, self.prices, last_month(self.today) + timedelta(days=said.paid_day - 1)))
        deals = tuple(deal for deal, _ in sold)
        registrations = _behind(RegistrationMaker(self.file, self.program, self.today), deals)
        renewed = [deal for deal, said in sold if said.renewed]
        return DemoRecords((), (), deals, tuple(paid), registrations, tuple(contentment(self.file, renewed)), ())

    def _payments(self, deals: Iterable[Deal]) -> tuple[Payment, ...]:
        a_year = self.file.deals.instalments
        paid = tuple(payment for deal in deals for payment in payments_of(deal, a_year, self.prices, self.today))
        refund = refund_of(paid, self.today) if self.file.deals.refund else None
        return paid if refund is None else (*paid, refund)


def _behind(registrations: RegistrationMaker, deals: Iterable[Deal]) -> tuple[Registration, ...]:
    """What a partner only influenced was never registered by it."""
    return tuple(registrations.behind(deal) for deal in deals if deal.attribution is Attribution.SOURCED)


def _channel(file: PartnerFile) -> tuple[DemoChannel, ...]:
    if file.slack is None:
        return ()
    return (DemoChannel(file.slack.team, file.slack.channel, file.slack.name, file.partner_id),)


def _joined(parts: Iterable[DemoRecords]) -> DemoRecords:
    parts = tuple(parts)
    return DemoRecords(
        partners=tuple(record for part in parts for record in part.partners),
        contacts=tuple(record for part in parts for record in part.contacts),
        deals=tuple(record for part in parts for record in part.deals),
        payments=tuple(record for part in parts for record in part.payments),
        registrations=tuple(record for part in parts for record in part.registrations),
        milestones=tuple(record for part in parts for record in part.milestones),
        slack_channels=tuple(record for part in parts for record in part.slack_channels),
    )
