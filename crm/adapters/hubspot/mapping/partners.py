"""Partners and their contacts in HubSpot's properties."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from crm.adapters.hubspot.mapping import values
from crm.adapters.hubspot.mapping.fields import (
    Field,
    Ground,
    Props,
    chosen,
    optional,
    ours,
    plain,
    several,
    table,
    truth,
)
from crm.adapters.hubspot.records.codec import storable
from crm.adapters.hubspot.schema import CONTACT_ID, CONTACT_PROPERTIES, PARTNER_ID, PARTNER_PROPERTIES
from crm.money import Money
from crm.records import Contact, ContactRight, Partner, PartnerType

DATA = "partnerline_data"
"""The whole record as it was written last, of partners as of contacts."""

_CSAT = (1, 5)


def _target(partner: Partner, _props: Props, _ground: Ground) -> Props:
    target = partner.quarterly_target
    return {"partnerline_quarterly_target": values.number(target.amount if target else None)}


def _with_target(partner: Partner, props: Props, ground: Ground) -> Partner:
    text = props.get("partnerline_quarterly_target", "").strip()
    held = partner.quarterly_target
    currency = held.currency if held else partner.currency or ground.currency
    return replace(partner, quarterly_target=Money(values.to_number(text), currency) if text else None)


def _csat(text: str) -> Decimal:
    found = values.to_number(text)
    if not _CSAT[0] <= found <= _CSAT[1]:
        raise ValueError(f"a CSAT is a number from 1 to 5, and not {text}")
    return found


def _certified(text: str) -> int:
    found = values.to_whole(text)
    if found < 0:
        raise ValueError(f"{text} people cannot be certified")
    return found


def _people(partner: Partner, props: Props, _ground: Ground) -> Props:
    name = "partnerline_certified_people"
    return {name: values.number(partner.certified_people) if partner.certified_people or props.get(name) else ""}


def _with_people(partner: Partner, props: Props, _ground: Ground) -> Partner:
    text = props.get("partnerline_certified_people", "").strip()
    return replace(partner, certified_people=_certified(text) if text else 0)


PARTNERS = table(
    "partner",
    PARTNER_PROPERTIES,
    ours(PARTNER_ID, lambda partner: partner.id),
    plain("name", "name"),
    chosen("types", "partnerline_partner_types", PartnerType),
    plain("tier", "partnerline_tier"),
    plain("region", "partnerline_region"),
    plain("country", "partnerline_country"),
    plain("language", "partnerline_language", usual="en"),
    plain("time_zone", "partnerline_time_zone", usual="Europe/Brussels"),
    plain("currency", "partnerline_currency", usual="EUR"),
    several("domains", "partnerline_mail_domains"),
    plain("manager_email", "partnerline_manager_email"),
    plain("plan", "partnerline_plan"),
    Field(("quarterly_target",), _target, _with_target),
    optional("csat", "partnerline_csat", values.number, _csat),
    Field(("certified_people",), _people, _with_people),
    optional("finance_contact_id", "partnerline_finance_contact_id", str, storable),
    plain("address", "partnerline_statement_address"),
    plain("vat_id", "partnerline_vat_id"),
    plain("purchase_order", "partnerline_purchase_order"),
)


def _name(contact: Contact, _props: Props, _ground: Ground) -> Props:
    first, _, last = contact.name.strip().rpartition(" ")
    return {"firstname": first or last, "lastname": last if first else ""}


def _with_name(contact: Contact, props: Props, _ground: Ground) -> Contact:
    return replace(contact, name=full_name(props))


def full_name(props: Props) -> str:
    return storable(" ".join(f"{props.get('firstname', '')} {props.get('lastname', '')}".split()))


def _email(contact: Contact, props: Props, _ground: Ground) -> Props:
    held = props.get("email", "")
    return {"email": held if held.casefold() == contact.email.casefold() else contact.email}


def _with_email(contact: Contact, props: Props, _ground: Ground) -> Contact:
    return replace(contact, email=storable(props.get("email", "")).strip().lower())


def _with_rights(contact: Contact, props: Props, _ground: Ground) -> Contact:
    """Who takes all ticks away leaves no right; the usual ones are those of a contact at which nobody looked yet."""
    ticked = values.words(props.get("partnerline_rights", ""), ";")
    return replace(contact, rights=tuple(ContactRight(word) for word in ticked))


CONTACTS = table(
    "contact",
    CONTACT_PROPERTIES,
    ours(CONTACT_ID, lambda contact: contact.id),
    plain("partner_id", "partnerline_contact_of"),
    Field(("name",), _name, _with_name),
    Field(("email",), _email, _with_email),
    plain("phone", "phone"),
    plain("language", "partnerline_contact_language"),
    plain("slack_user_id", "partnerline_slack_user_id"),
    truth("active", "partnerline_active", usual=True),
    truth("opted_out", "partnerline_opted_out", usual=False),
    truth("main", "partnerline_main_contact", usual=False),
    Field(("rights",), chosen("rights", "partnerline_rights", ContactRight).says, _with_rights),
)
