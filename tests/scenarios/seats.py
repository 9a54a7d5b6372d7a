"""A seat for each dialogue: a demo partner copied under names of its own, so no dialogue sees what another left."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count

from bot.demo.records import DemoRecords
from bot.demo.seed import demo_records
from bot.storage import slack_channels, timers
from bot.storage.following import set_timers
from bot.storage.slack_channels import SlackChannel
from crm.a_few_at_once import save_each
from crm.records import Contact, Deal, Milestone, Partner, Payment, Registration
from knowledge.program import Program
from tests.scenarios.house import House

_seats = count(1)
_drawn: dict[tuple[date, int], tuple[Program, DemoRecords]] = {}  # with the program, lest another gets its id


@dataclass(frozen=True)
class Seat:
    """A partner with its people by key ("aoife"), its Slack channel, and the number of a deal with each customer.

    `brought` are the numbers of all its deals and registrations: it may have several with one customer.
    `foreign` is an open deal of somebody else, `outsiders_words` what no answer may hold.
    """

    partner: Partner
    contacts: dict[str, Contact]
    channel: SlackChannel
    numbers: dict[str, str]
    brought: frozenset[str]
    foreign: Deal
    outsiders_words: frozenset[str]

    @property
    def main(self) -> str:
        return next(key for key, contact in self.contacts.items() if contact.main)

    def person(self, said: str) -> Contact:
        """A contact by its key, the main one for ""; or somebody unknown, written "Nia Bell <nia@quaywise.example>"."""
        if "@" not in said:
            return self.contacts[said or self.main]
        name, _, address = said.rpartition("<")
        user = f"U0NEW{hashlib.sha256(said.encode()).hexdigest()[:6].upper()}"
        return Contact("", self.partner.id, name.strip(), address.rstrip(">"), slack_user_id=user)


async def take_seat(house: House, key: str, region: str = "") -> Seat:
    """A copy of the demo's partner `key`, in the CRM and mirrored. `region` moves it, so that a segment can name it."""
    known = _known(house.app.today(), house.app.program)
    number = next(_seats)
    original = next(p for p in known.partners if p.id == f"demo-{key}")
    suffix = f"-s{number}"
    partner = replace(
        original,
        id=f"seat-{number:04}-{key}",
        domains=tuple(_own(d, suffix) for d in original.domains),
        finance_contact_id=None,
        region=region or original.region,
    )
    contacts = _contacts(known, original, partner, number, suffix)
    renumbered = _Numbers(known, number)
    brings = _records(known, original, partner, renumbered)
    channel = SlackChannel(
        house.app.slack.own.team if house.app.slack else "", f"C0SEAT{number:04}", f"seat-{number}", partner.id,
        f"T0SEAT{number:04}",
    )  # fmt: skip
    await _save(house, partner, list(contacts.values()), brings)
    async with house.app.database.begin() as connection:
        await slack_channels.save(connection, channel)
    numbers = {r.customer: r.number for r in brings.registrations} | {d.customer: d.number for d in brings.deals}
    foreign = next(d for d in known.deals if d.partner_id != original.id and d.stage.open)
    return Seat(partner, contacts, channel, numbers, brings.numbers, foreign, _foreign_words(known, original))


def _known(today: date, program: Program) -> DemoRecords:
    """Drawn once for a day and a program: the same for every seat, they would be a sixth of what taking one costs."""
    key = (today, id(program))
    if key not in _drawn:
        _drawn[key] = (program, demo_records(today, program))
    return _drawn[key][1]


@dataclass(frozen=True)
class Brings:
    """What a partner brings along under numbers and ids of its own."""

    deals: list[Deal]
    payments: list[Payment]
    milestones: list[Milestone]
    registrations: list[Registration]

    @property
    def numbers(self) -> frozenset[str]:
        return frozenset({r.number for r in self.registrations} | {d.number for d in self.deals})


async def _save(house: House, partner: Partner, contacts: list[Contact], brings: Brings) -> None:
    crm = house.app.crm
    await crm.save_partner(partner)
    await save_each(crm.save_contact, contacts)
    await save_each(crm.save_deal, brings.deals)
    await crm.save_payments(brings.payments)
    await save_each(crm.save_milestone, brings.milestones)
    await save_each(crm.save_registration, brings.registrations)
    await house.mirror()
    await _let_rest(house, brings.registrations)


async def _let_rest(house: House, registrations: list[Registration]) -> None:
    """Nothing falls due of what the partner brings along: in a dialogue over time only its own registrations speak."""
    now = house.clock()
    async with house.app.database.begin() as connection:
        for registration in registrations:
            await set_timers(connection, house.app.program, registration, now)
            await timers.rest(connection, registration.number, now + timedelta(days=10_000), now)


def _contacts(known: DemoRecords, original: Partner, partner: Partner, seat: int, suffix: str) -> dict[str, Contact]:
    made: dict[str, Contact] = {}
    for index, contact in enumerate(c for c in known.contacts if c.partner_id == original.id):
        local, _, domain = contact.email.partition("@")
        made[contact.id.rpartition("-")[2]] = replace(
            contact,
            id=f"{partner.id}-{index}",
            partner_id=partner.id,
            email=f"{local}@{_own(domain, suffix)}",
            slack_user_id=f"U0SEAT{seat:04}{index}",
        )
    return made


def _records(known: DemoRecords, original: Partner, partner: Partner, numbers: _Numbers) -> Brings:
    ids = {deal.id: f"{partner.id}-{deal.id}" for deal in known.deals if deal.partner_id == original.id}
    deals = [
        replace(d, id=ids[d.id], number=numbers.of(d.number), partner_id=partner.id) for d in known.deals if d.id in ids
    ]
    payments = [
        replace(p, id=f"{partner.id}-{p.id}", deal_id=ids[p.deal_id], partner_id=partner.id)
        for p in known.payments
        if p.deal_id in ids
    ]
    milestones = [
        replace(m, id=f"{partner.id}-{m.id}", deal_id=ids.get(m.deal_id, ""), partner_id=partner.id)
        for m in known.milestones
        if m.partner_id == original.id
    ]
    registrations = [
        replace(r, number=numbers.of(r.number), partner_id=partner.id, contact_id=None)
        for r in known.registrations
        if r.partner_id == original.id
    ]
    return Brings(deals, payments, milestones, registrations)


class _Numbers:
    """New deal numbers, five digits long: those that the agent draws have six."""

    def __init__(self, known: DemoRecords, seat: int) -> None:
        taken = {d.number for d in (*known.deals, *known.own)} | {r.number for r in known.registrations}
        self._free = (n for n in (f"D-{10_000 + 40 * seat + i}" for i in range(40)) if n not in taken)
        self._given: dict[str, str] = {}

    def of(self, number: str) -> str:
        if number not in self._given:
            self._given[number] = next(self._free)
        return self._given[number]


def _own(domain: str, suffix: str) -> str:
    name, _, rest = domain.partition(".")
    return f"{name}{suffix}.{rest}"


def _foreign_words(known: DemoRecords, own: Partner) -> frozenset[str]:
    """Names and numbers that no answer to this partner may hold: customers and deals of everybody else."""
    deals = {w for d in known.deals if d.partner_id != own.id for w in (d.customer, d.number, d.customer_domain)}
    claims = {w for r in known.registrations if r.partner_id != own.id for w in (r.customer, r.number)}
    mine = {w for d in known.deals if d.partner_id == own.id for w in (d.customer, d.number, d.customer_domain)}
    mine |= {w for r in known.registrations if r.partner_id == own.id for w in (r.customer, r.number)}
    return frozenset((deals | claims | {p.name for p in known.partners if p.id != own.id}) - mine - {own.name})
