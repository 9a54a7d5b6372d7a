"""Mails of demo contacts, proven by the mail server in front: registrations, and questions on tier and program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate

from crm.records import Contact

AUTHSERV = "mx.lumora.example"
AGENT = "partners@lumora.example"
_NOON = 1_795_694_400  # a moment in November 2026


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail to be sent; `customer_domain` is set where it registers a deal with everything that is needed."""

    message_id: str
    sender: str
    partner_id: str
    raw: bytes
    customer_domain: str = ""


def mails(contacts: Sequence[Contact], count: int) -> list[Sent]:
    """`count` mails, from the contacts in turn; every fifth registers a deal completely, every fifth in part."""
    return [_mail(contacts[number % len(contacts)], number) for number in range(count)]


def _mail(contact: Contact, number: int) -> Sent:
    # Each contact writes some of every kind.
    kind = (number + number // 5) % 5
    domain = f"{_company(number).lower().replace(' ', '-')}.example" if kind == 0 else ""
    message_id = f"<mail-{number:03}@{contact.email.partition('@')[2]}>"
    return Sent(message_id, contact.email, contact.partner_id, _raw(contact, number, kind, message_id), domain)


def _company(number: int) -> str:
    """A name that no other number has."""
    return f"{_FIRST[number // len(_SECOND) % len(_FIRST)]} {_SECOND[number % len(_SECOND)]}"


def _raw(contact: Contact, number: int, kind: int, message_id: str) -> bytes:
    mail = EmailMessage()
    mail["Authentication-Results"] = f"{AUTHSERV}; dmarc=pass header.from={contact.email.partition('@')[2]}"
    mail["From"] = f"{contact.name} <{contact.email}>"
    mail["To"] = AGENT
    mail["Subject"] = _SUBJECTS[kind]
    mail["Date"] = formatdate(_NOON + number)
    mail["Message-ID"] = message_id
    company = _company(number)
    host = company.lower().replace(" ", "-")
    mail.set_content(_BODIES[kind].format(number=f"{number:03}", company=company, host=host, name=contact.name))
    return bytes(mail)


_FIRST = (
    "Amber", "Birch", "Cedar", "Dover", "Elm", "Falcon", "Garnet", "Harbour", "Iris", "Juniper",
    "Kestrel", "Linden", "Maple", "Norden", "Osprey", "Pembroke", "Quarry", "Rowan", "Saxon", "Thistle",
)  # fmt: skip
_SECOND = (
    "Foods", "Logistics", "Textiles", "Robotics", "Foundry", "Clinics", "Bakeries", "Shipping", "Optics", "Orchards",
)  # fmt: skip
_GREETING = "\n\nThank you\n{name}\n"
_SUBJECTS = ("New deal", "Another deal", "Our tier", "Protection", "Registering deals")
_REGISTER = (
    "Hello,\n\nplease register a new deal for {company} GmbH ({host}.example). The contact there is"
    " Anna Berg, anna.berg@{host}.example. They want 100 seats of Lumora Core for EUR 24,000 per year,"
    " 12 months, and expect to sign by 15 March 2027."
)
_BODIES = (
    _REGISTER + _GREETING,
    "Hello,\n\nI would like to register a deal with Southgate{number} Logistics. They want Insights." + _GREETING,
    "Hello,\n\nwhat tier are we in at the moment, and what do we need for the next tier?" + _GREETING,
    "Hello,\n\nhow long is a deal protected once it is registered?" + _GREETING,
    "Hello,\n\nwhich details do you need from us to register a deal?" + _GREETING,
)
