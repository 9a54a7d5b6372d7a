"""Partners and contacts out of what HubSpot says of them: our copy, and what people changed since."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from crm.adapters.hubspot.account.portal import Found, Portal, askable
from crm.adapters.hubspot.mapping.fields import Ground, Props
from crm.adapters.hubspot.mapping.partners import CONTACTS, DATA, PARTNERS
from crm.adapters.hubspot.records import lines
from crm.adapters.hubspot.records.codec import copy_of
from crm.adapters.hubspot.records.own_lines import own_lines
from crm.adapters.hubspot.records.store import COMPANIES, CONTACT, PARTNER, Known
from crm.adapters.hubspot.schema import CONTACT_ID, CONTACT_PROPERTIES, MILESTONES, PARTNER_ID, PARTNER_PROPERTIES
from crm.records import Contact, Milestone, Partner, Payment

MADE_THERE = "hs-"
"""Begins the id of a contact that a person made in HubSpot; its HubSpot id follows."""

PARTNER_NAMES = (*(prop.name for prop in PARTNER_PROPERTIES), "domain", "hs_lastmodifieddate")
"""The properties that `partners` needs, of companies or of the custom object."""
CONTACT_NAMES = (*(prop.name for prop in CONTACT_PROPERTIES), "lastmodifieddate")
"""The properties that `contacts` needs."""

_NONE_PAID: lines.Lines[Payment] = lines.Lines()


@dataclass(frozen=True, slots=True)
class PartnerRead:
    """One object of HubSpot that stands for a partner, or None of it. `damaged` lines are told, and left as they are.

    `copy` is the record as it was written last.
    """

    found: Found
    partner: Partner | None
    copy: Partner | None = None
    milestones: tuple[Milestone, ...] = ()
    damaged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactRead:
    """A contact of HubSpot; `contact` None where it is of no partner of ours."""

    found: Found
    contact: Contact | None
    copy: Contact | None = None


async def read_partners(
    portal: Portal, object_type: str, found: Sequence[Found], *, remember: bool = True
) -> list[PartnerRead]:
    """In their order. What is read is remembered as seen, unless it goes no further than a comparison."""
    ground = await portal.ground()
    met = {one.id: (_NONE_PAID, lines.read(Milestone, one.props.get(MILESTONES, ""))) for one in found}
    own = await own_lines(portal, object_type, met)
    read = [_partner(one, own[one.id][1], ground) for one in found]
    if remember:
        rows = [
            partner_row(object_type, one.found, one.partner, seen_of(one.found, PARTNER_NAMES))
            for one in read
            if one.partner
        ]
        await portal.objects.remember(rows, portal.now())
    return read


def _partner(found: Found, held: lines.Lines[Milestone], ground: Ground) -> PartnerRead:
    if not askable(partner_id := found.props.get(PARTNER_ID, "")):
        return PartnerRead(found, None)
    copy = copy_of(Partner, found.props.get(DATA, ""))
    if copy is None or copy.id != partner_id:
        # That of another partner came along when its company was copied.
        copy = None
        bare = Partner(partner_id, found.props.get("name", ""), (), "")
        partner = PARTNERS.filled(bare, found.props, ground)
    else:
        partner = PARTNERS.with_edits(copy, found.props, ground)
    own = tuple(replace(one, partner_id=partner_id, deal_id="") for one in held.records)
    return PartnerRead(found, replace(partner, id=partner_id), copy, own, held.damaged)


def partner_row(object_type: str, found: Found, partner: Partner, seen: Props) -> Known:
    """`seen` has the properties that were read or written: of the others nothing new is known."""
    domain = found.props.get("domain", "") if object_type == COMPANIES else ""
    return Known(
        object_type,
        found.id,
        PARTNER,
        partner.id,
        partner_id=partner.id,
        domain=domain,
        seen=seen,
        changed_at=found.changed_at,
    )


async def read_contacts(
    portal: Portal, found: Sequence[Found], *, remember: bool = True, of_whomever: bool = False
) -> list[ContactRead]:
    """In their order, remembered as seen or not. A contact is a partner's where a property of it says so: to be
    associated with a partner's company gives nobody rights. With `of_whomever` the partner need not be known.
    """
    ground = await portal.ground()
    named = {one.props.get("partnerline_contact_of", "") for one in found} - {""}
    known = await _there(portal, named)
    before = await portal.objects.by_id("contacts", [one.id for one in found])
    partners = known | named if of_whomever else known
    read = [_contact(one, before.get(one.id), partners, ground) for one in found]
    if remember:
        rows = [contact_row(one.found, one.contact, seen_of(one.found, CONTACT_NAMES)) for one in read if one.contact]
        await portal.objects.remember(rows, portal.now())
    return read


async def _there(portal: Portal, partner_ids: set[str]) -> set[str]:
    """Those that HubSpot has; it is asked for those that we have not seen."""
    known = {*await portal.objects.of_records(PARTNER, partner_ids)}
    if lacking := sorted(partner_ids - known):
        object_type = await portal.account.partner_type()
        found = await portal.read_many(object_type, lacking, PARTNER_NAMES, PARTNER_ID)
        await read_partners(portal, object_type, list(found.values()))
        known |= {one.props[PARTNER_ID] for one in found.values()}
    return known


def _contact(found: Found, known: Known | None, partners: Collection[str], ground: Ground) -> ContactRead:
    copy, of = copy_of(Contact, found.props.get(DATA, "")), found.props.get("partnerline_contact_of", "")
    if copy is not None and not found.props.get(CONTACT_ID) and (known is None or known.record_id != copy.id):
        # That of another contact came along when it was copied.
        copy = None
    if copy is None:
        if of not in partners:
            return ContactRead(found, None)
        bare = Contact(contact_id(found), of, "", "")
        return ContactRead(found, replace(CONTACTS.filled(bare, found.props, ground), id=bare.id))
    contact = CONTACTS.with_edits(copy, found.props, ground)
    if contact.partner_id not in partners:
        # Taken from the partner in HubSpot, or given to nobody there is: no longer anybody who speaks for it.
        contact = replace(contact, partner_id=copy.partner_id, active=False)
    return ContactRead(found, replace(contact, id=contact_id(found, copy)), copy)


def contact_id(found: Found, copy: Contact | None = None) -> str:
    said = found.props.get(CONTACT_ID, "")
    return said if askable(said) else copy.id if copy else f"{MADE_THERE}{found.id}"


def contact_row(found: Found, contact: Contact, seen: Props) -> Known:
    return Known(
        "contacts",
        found.id,
        CONTACT,
        contact.id,
        partner_id=contact.partner_id,
        email=contact.email,
        seen=seen,
        changed_at=found.changed_at,
    )


def seen_of(found: Found, names: Sequence[str]) -> dict[str, str]:
    """Also what is empty, so that it does not stay as it was seen before."""
    return {name: found.props.get(name, "") for name in names}
