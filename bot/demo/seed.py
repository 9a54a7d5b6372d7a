"""The demo's records for a day, and writing them through the CRM's port."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.demo.deals import DealMaker
from bot.demo.files import PartnerFile, contacts_of, partner_of, read_partner_files
from bot.demo.numbers import Numbers
from bot.demo.payments import payments_of, refund_of
from bot.demo.pricing import PriceList
from bot.demo.records import DemoChannel, DemoRecords
from bot.demo.registrations import RegistrationMaker
from config.settings import SAMPLE_PROGRAM
from crm.ports import CrmPort
from crm.records import Attribution, Deal, Payment, Registration, RegistrationState
from knowledge.loading import load_program
from knowledge.program import Program


def demo_records(today: date, program: Program | None = None) -> DemoRecords:
    """The same for the same day; on another day the same partners, deals and numbers with other dates.

    `program` is the sample program where none is given: the demo's products and tiers are those of it.
    """
    program = program or load_program(SAMPLE_PROGRAM)
    numbers = Numbers()
    return _joined([_records_of(file, program, numbers, today) for file in read_partner_files()])


async def seed(crm: CrmPort, records: DemoRecords) -> None:
    """Saves everything, whatever it belongs to first; may be repeated. Raises the errors of `crm.errors`."""
    for partner in records.partners:
        await crm.save_partner(partner)
    for contact in records.contacts:
        await crm.save_contact(contact)
    for deal in records.deals:
        await crm.save_deal(deal)
    for payment in records.payments:
        await crm.save_payment(payment)
    for registration in records.registrations:
        await crm.save_registration(registration)


def _records_of(file: PartnerFile, program: Program, numbers: Numbers, today: date) -> DemoRecords:
    maker = DealMaker(file, PriceList(program), numbers, today)
    registrations = RegistrationMaker(file, program, today)
    made = maker.deals()
    told = [(maker.registered(said), said) for said in file.registrations]
    accepted = tuple(deal for deal, said in told if said.state is RegistrationState.APPROVED)
    return DemoRecords(
        partners=(partner_of(file, program.vendor.currency),),
        contacts=contacts_of(file),
        deals=made + accepted,
        payments=_payments(file, made, today),
        registrations=(*_behind(registrations, made), *(registrations.told(deal, said) for deal, said in told)),
        slack_channels=_channel(file),
    )


def _payments(file: PartnerFile, deals: Iterable[Deal], today: date) -> tuple[Payment, ...]:
    paid = tuple(payment for deal in deals for payment in payments_of(deal, file.deals.instalments, today))
    refund = refund_of(paid, today) if file.deals.refund else None
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
        slack_channels=tuple(record for part in parts for record in part.slack_channels),
    )
