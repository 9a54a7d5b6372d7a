"""Deals, registrations and leads, with payments and milestones, out of HubSpot's deals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from crm.adapters.hubspot.account.portal import Found, Portal, askable
from crm.adapters.hubspot.attribution import Parts
from crm.adapters.hubspot.mapping import values
from crm.adapters.hubspot.mapping.deals import DATA, DEALS, OWN
from crm.adapters.hubspot.mapping.fields import Ground, Props
from crm.adapters.hubspot.mapping.requests import LEAD_DATA, LEADS, REGISTRATION_DATA, registrations, waits
from crm.adapters.hubspot.records import lines
from crm.adapters.hubspot.records.codec import copy_of
from crm.adapters.hubspot.records.customers import companies_of, named
from crm.adapters.hubspot.records.deal_parts import ATTRIBUTED, parts_from, reassigned, without_copy
from crm.adapters.hubspot.records.numbering import as_numbered, with_numbers
from crm.adapters.hubspot.records.own_lines import OwnLines, own_lines
from crm.adapters.hubspot.records.partner_reading import seen_of
from crm.adapters.hubspot.records.store import COMPANIES, DEAL, LEAD, REGISTRATION, Known
from crm.adapters.hubspot.records.store import DEALS as DEALS_TYPE
from crm.adapters.hubspot.schema import DEAL_PROPERTIES, MILESTONES, NUMBER, PAYMENTS
from crm.records import Deal, Lead, Milestone, Payment, Registration, RegistrationState, Stage

C = TypeVar("C", Deal, Registration, Lead)

_ENTERED = "hs_v2_date_entered_current_stage"
_CREATED = "createdate"
_EPOCH = "1970-01-01"  # of a deal of which HubSpot does not say when it was made


@dataclass(frozen=True, slots=True)
class DealRead:
    """One deal of HubSpot: a deal of ours, a registration (that may have become the deal), a lead, or nothing of ours.

    The copies are as they were written last; `attributed` is who HubSpot says had a part in it, `written` who had when
    that was written last, None where that is not known. `damaged` are lines that a person damaged.
    """

    found: Found
    deal: Deal | None = None
    registration: Registration | None = None
    lead: Lead | None = None
    payments: tuple[Payment, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    damaged: tuple[str, ...] = ()
    copy: Deal | None = None
    registration_copy: Registration | None = None
    lead_copy: Lead | None = None
    attributed: Parts = ()
    written: Parts | None = None


def deal_names(portal: Portal) -> tuple[str, ...]:
    """The properties that `read_deals` needs."""
    own = (prop.name for prop in DEAL_PROPERTIES)
    return (*own, *portal.attributions.along, _ENTERED, _CREATED, "hs_lastmodifieddate")


async def read_deals(portal: Portal, found: Sequence[Found], *, remember: bool = True) -> list[DealRead]:
    """In their order; with a call or two for all of them. What is read is remembered as seen, unless it goes no further
    than a comparison.

    A deal that a person made and gave to a partner is given a number, once.
    """
    ground = await _ground(portal, found)
    ids = [one.id for one in found]
    attributed = await portal.attributions.read(ids, {one.id: one.props for one in found})
    known = await portal.objects.by_id(DEALS_TYPE, ids)
    found = [await as_numbered(portal, one, known.get(one.id)) for one in found]
    copies = {one.id: _copies(one, known.get(one.id)) for one in found}
    strangers = [one for one in found if not (copies[one.id].deal or waits(one.props, ground))]
    linked = await companies_of(portal, [one.id for one in strangers])
    customers = await named(portal, linked, attributed)
    numbered = {one.id: one for one in await with_numbers(portal, strangers, attributed, known)}
    written = await own_lines(portal, DEALS_TYPE, {one.id: _lines(one) for one in found})
    read = [
        _read(
            numbered.get(one.id, one),
            copies[one.id],
            written[one.id],
            attributed.get(one.id, ()),
            known.get(one.id),
            customers.get(one.id),
            ground,
        )
        for one in found
    ]
    if remember:
        names = deal_names(portal)
        rows = [_row(one, names, linked.get(one.found.id, {})) for one in read]
        await portal.objects.remember(rows, portal.now())
    return read


async def _ground(portal: Portal, found: Sequence[Found]) -> Ground:
    """Read anew where a stage turned up that is not known."""
    ground = await portal.ground()
    known = {stage.id for pipeline in ground.pipelines.all for stage in pipeline.stages}
    strange = any(one.props.get("dealstage") and one.props["dealstage"] not in known for one in found)
    return await portal.ground(fresh=True) if strange else ground


@dataclass(frozen=True, slots=True)
class _Copies:
    deal: Deal | None
    registration: Registration | None
    lead: Lead | None


def _copies(found: Found, known: Known | None) -> _Copies:
    """What we wrote of this very deal. Who copies one in HubSpot copies that as well, though not its unique number: a
    copy of another deal is nothing of ours.
    """
    numbers = {found.props.get(NUMBER, ""), known.number if known else "", f"{OWN}{found.id}"} - {""}

    def own(kind: type[C], name: str) -> C | None:
        copy = copy_of(kind, found.props.get(name, ""))
        return copy if copy is not None and copy.number in numbers else None

    return _Copies(own(Deal, DATA), own(Registration, REGISTRATION_DATA), own(Lead, LEAD_DATA))


def _lines(found: Found) -> tuple[lines.Lines[Payment], lines.Lines[Milestone]]:
    paid = lines.read(Payment, found.props.get(PAYMENTS, ""))
    return paid, lines.read(Milestone, found.props.get(MILESTONES, ""))


def _read(
    found: Found,
    copies: _Copies,
    written_lines: OwnLines,
    attributed: Parts,
    known: Known | None,
    customer: Found | None,
    ground: Ground,
) -> DealRead:
    written = parts_from(known.seen.get(ATTRIBUTED)) if known else None
    copy = copies.deal
    if copy is not None:
        deal: Deal | None = reassigned(_edited(copy, found.props, ground), attributed, written)
    elif waits(found.props, ground):
        deal = None
    else:
        before = known.partner_id if known else ""
        deal = without_copy(_made_there(found, customer, ground), attributed, before)
    registered, led = copies.registration, copies.lead
    paid, met = written_lines
    return DealRead(
        found,
        deal,
        registered
        and _accepted(registrations(found.props, ground).with_edits(registered, found.props, ground), deal, copy),
        led and LEADS.with_edits(led, found.props, ground),
        tuple(replace(one, deal_id=deal.id, partner_id=deal.partner_id) for one in paid.records) if deal else (),
        tuple(replace(one, deal_id=deal.id, partner_id=deal.partner_id) for one in met.records) if deal else (),
        (*paid.damaged, *met.damaged),
        copy,
        registered,
        led,
        attributed,
        written,
    )


def _accepted(registration: Registration, deal: Deal | None, copy: Deal | None) -> Registration:
    """A person took it into a pipeline of sales before we ever wrote it there: that is how people accept one."""
    there = deal is not None and copy is None and deal.stage is not Stage.LOST
    return (
        replace(registration, state=RegistrationState.APPROVED)
        if there and registration.state.waiting
        else registration
    )


def _edited(copy: Deal, props: Props, ground: Ground) -> Deal:
    return _moved(copy, DEALS.with_edits(copy, props, ground), props, ground)


def _made_there(found: Found, customer: Found | None, ground: Ground) -> Deal:
    """A deal that people made in HubSpot."""
    said = found.props.get(NUMBER, "")
    number = said if askable(said) else f"{OWN}{found.id}"
    bare = Deal(
        id=number,
        number=number,
        partner_id="",
        customer=(customer.props.get("name", "") if customer else "") or found.props.get("dealname", ""),
        customer_domain=customer.props.get("domain", "") if customer else "",
        products=(),
        amount=None,
        amount_basis=None,
        stage=Stage.QUALIFIED,
        close_date=None,
        created_on=values.day_there(found.props.get(_CREATED) or _EPOCH, ground.zone),
    )
    return _moved(None, DEALS.filled(bare, found.props, ground), found.props, ground)


def _moved(copy: Deal | None, deal: Deal, props: Props, ground: Ground) -> Deal:
    """Where a person moved it: since when it is there, and won on the day on which HubSpot closed it. A close date that
    is still to come is what was expected.
    """
    if copy is not None and copy.stage is deal.stage:
        return deal
    deal = replace(deal, stage_since=_there(props.get(_ENTERED, ""), ground))
    if deal.stage is Stage.WON and not props.get("partnerline_won_on"):
        deal = replace(deal, won_on=min(filter(None, (deal.close_date, deal.stage_since)), default=None))
    return deal


def _there(text: str, ground: Ground) -> date | None:
    return values.day_there(text, ground.zone) if text else None


def _row(read: DealRead, names: Sequence[str], companies: Mapping[str, object]) -> Known:
    kind, record_id, partner_id, domain = _identity(read)
    return Known(
        DEALS_TYPE,
        read.found.id,
        kind,
        record_id,
        number=read.deal.number if read.deal else read.found.props.get(NUMBER, ""),
        partner_id=partner_id,
        domain=domain,
        seen=seen_of(read.found, names),
        linked={COMPANIES: list(companies)} if companies else {},
        changed_at=read.found.changed_at,
    )


def _identity(read: DealRead) -> tuple[str, str, str, str]:
    if read.deal:
        return DEAL, read.deal.id, read.deal.partner_id, read.deal.customer_domain
    if read.registration:
        one = read.registration
        return REGISTRATION, one.number, one.partner_id, one.customer_domain
    if read.lead:
        return LEAD, read.lead.number, read.lead.partner_id, read.lead.customer_domain
    return "", "", "", ""
