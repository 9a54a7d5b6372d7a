"""The deal desk, put together: what decides, screens and reminds, with the one voice to partners and to managers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from bot.bootstrap.due import due_desk
from bot.bootstrap.payout_parts import PayoutParts, payout_parts
from bot.bootstrap.tier_parts import TierParts, tier_parts
from bot.desk import contradicted, decided_there, refused_entries
from bot.desk.attribution import AttributionDesk
from bot.desk.briefing import Briefing
from bot.desk.carrying_out import CarryingOut
from bot.desk.cases import Cases
from bot.desk.deal_fates import DealFates
from bot.desk.decided_there import DecidedThere
from bot.desk.deciding import RegistrationDesk
from bot.desk.due import DueDesk, Handler
from bot.desk.entries import EntryDesk
from bot.desk.gone_there import GoneThere
from bot.desk.handed_over import HandedOver
from bot.desk.lead_fates import LeadFates
from bot.desk.lead_offers import LeadOffers
from bot.desk.leads import LeadDesk
from bot.desk.people import PeopleDesk
from bot.desk.refused_entries import RefusedEntries, crm_called
from bot.desk.screening import Screening
from bot.desk.telling import Telling
from bot.managers.acts import (
    Deeds,
    attribution_deeds,
    contact_deeds,
    dispute_deeds,
    entry_deeds,
    registration_deeds,
    statement_deeds,
)
from bot.storage.contact_offers import OFFER as CONTACT_OFFER
from bot.storage.database import Database
from bot.storage.leads import OFFER as LEAD_OFFER
from bot.storage.queue import Queue
from bot.storage.tasks import HANDED_OVER
from crm.ports import CrmPort
from knowledge.program import Program
from knowledge.programs import Programs


@dataclass(frozen=True, slots=True)
class DealDesk:
    telling: Telling
    briefing: Briefing
    cases: Cases
    registrations: RegistrationDesk
    screening: Screening
    due: DueDesk
    leads: LeadDesk
    fates: LeadFates
    people: PeopleDesk
    attribution: AttributionDesk
    entries: EntryDesk
    tiers: TierParts
    payouts: PayoutParts
    deal_fates: DealFates
    decided: DecidedThere
    gone: GoneThere


def deal_desk(
    database: Database,
    queue: Queue,
    crm: CrmPort,
    program: Program,
    clock: Callable[[], datetime],
    mail_domain: str,
    managers_channel: str = "",
    programs: Programs | None = None,
    also: Mapping[str, Handler] = MappingProxyType({}),
) -> DealDesk:
    """`mail_domain` is that of our Message-IDs, `managers_channel` the Slack channel of managers ("" for none);
    `programs` are all versions, where there are others than `program`; `also` see to timers of other parts, by kind.
    """
    telling = Telling(program, mail_domain, clock)
    briefing = Briefing(mail_domain, managers_channel)
    cases = Cases(database, crm, program, clock)
    carrying_out = CarryingOut(program, queue, telling, briefing, clock)
    leads = LeadDesk(database, queue, program, clock, LeadOffers(telling), briefing)
    people = PeopleDesk(database, queue, program, clock, briefing)
    versions = programs or Programs((program,))
    tiers = tier_parts(database, queue, crm, versions, clock, telling, briefing)
    payouts = payout_parts(database, queue, program, clock, telling, briefing, versions)
    not_taken = RefusedEntries(program, queue, telling, briefing, crm.name)
    registrations = RegistrationDesk(database, queue, program, clock, cases, carrying_out, briefing)
    decided = DecidedThere(registrations, crm_called(crm.name))
    others: dict[str, Handler] = {
        **tiers.handlers,
        **payouts.handlers,
        **also,
        LEAD_OFFER: leads.offer_ends,
        CONTACT_OFFER: people.introduce,
        HANDED_OVER: HandedOver(program, briefing),
        decided_there.KIND: decided,
        contradicted.KIND: contradicted.ContradictedUpdates(crm, program, telling),
        refused_entries.REFUSED: not_taken,
        refused_entries.ENTERED: not_taken,
    }
    return DealDesk(
        telling,
        briefing,
        cases,
        registrations,
        Screening(database, queue, program, cases, carrying_out, briefing),
        due_desk(database, queue, program, clock, telling, briefing, others, tiers.reviews.plan),
        leads,
        LeadFates(telling),
        people,
        AttributionDesk(database, queue, program, clock),
        EntryDesk(database, queue, program, briefing, crm.name),
        tiers,
        payouts,
        DealFates(program, telling),
        decided,
        GoneThere(program, briefing, crm.name),
    )


def orders_of(desk: DealDesk) -> Deeds:
    """What managers may order by mail and in Slack, and which part of the desk carries it out."""
    return {
        **registration_deeds(desk.registrations),
        **contact_deeds(desk.people),
        **attribution_deeds(desk.attribution),
        **entry_deeds(desk.entries),
        **statement_deeds(desk.payouts.statements, desk.payouts.today),
        **dispute_deeds(desk.payouts.disputes),
    }
