"""A few companies, contacts and deals, as an account has them before the agent comes."""

from __future__ import annotations

from tests.fakes.hubspot.kinds import COMPANY, CONTACT, DEAL, NOTE
from tests.fakes.hubspot.portal import Portal

_COMPANIES = (
    ("Nordlicht Systemhaus", "nordlicht.example", "PARTNER", "Hamburg"),
    ("Brouwer & Vos", "brouwervos.example", "PARTNER", "Utrecht"),
    ("Hafen Logistik", "hafen-logistik.example", "PROSPECT", "Bremen"),
    ("Molinari Foods", "molinari.example", "PROSPECT", "Parma"),
)
_CONTACTS = (
    ("Anna", "Petersen", "anna.petersen@nordlicht.example", 0),
    ("Joost", "Brouwer", "joost@brouwervos.example", 1),
    ("Silke", "Harms", "s.harms@hafen-logistik.example", 2),
)
_DEALS = (
    ("Hafen Logistik, 40 seats", "18400", "EUR", "presentationscheduled", 2, "2027-01-29"),
    ("Molinari renewal", "9600", "EUR", "contractsent", 3, "2026-12-18"),
)


def fill(portal: Portal) -> None:
    """All made by people, as in the browser."""
    companies = [
        portal.person_creates("companies", name=name, domain=domain, type=kind, city=city)
        for name, domain, kind, city in _COMPANIES
    ]
    for first, last, email, place in _CONTACTS:
        contact = portal.person_creates("contacts", firstname=first, lastname=last, email=email)
        portal.person_associates(CONTACT, contact.id, COMPANY, companies[place].id)
    for name, amount, currency, stage, place, closes in _DEALS:
        deal = portal.person_creates(
            "deals", dealname=name, amount=amount, deal_currency_code=currency, dealstage=stage, closedate=closes
        )
        portal.person_associates(DEAL, deal.id, COMPANY, companies[place].id)
        note = portal.person_creates(
            "notes", hs_note_body="<p>Asked for a call next week.</p>", hs_timestamp=portal.stamp()
        )
        portal.person_associates(NOTE, note.id, DEAL, deal.id)
