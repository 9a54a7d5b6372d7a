"""Mails as partners write them, for the inbox of a benchmark: a fifth each of five kinds, in English and German."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from crm.records import Contact

_REGISTER = (
    "Hello,\n\nplease register a new deal for Northwind{number} GmbH (northwind{number}.example). Our contact is"
    " Anna Berg, anna.berg@northwind{number}.example. They want 100 seats of Lumora Core for EUR 24,000 per year,"
    " 12 months, and expect to sign by 15 March 2027."
)
_KINDS = (
    ("New deal", _REGISTER),
    (
        "Neuer Deal",
        "Guten Tag,\n\nwir möchten ein Projekt bei Südwind{number} Logistik registrieren, es geht um Insights.",
    ),
    ("Our tier", "Hello,\n\nwhat tier are we in at the moment, and what do we need for the next tier?"),
    ("Schutz", "Hallo,\n\nwie lange ist ein Deal nach der Registrierung geschützt?"),
    ("My deals", "Hello,\n\nwhat is the status of our open deals?"),
)


def mails(contacts: Sequence[Contact], count: int, to: str, name: str) -> Iterator[tuple[str, bytes]]:
    """(sender, raw mail), from the contacts in turn; `name` makes customers and mails of a round its own."""
    for number in range(count):
        contact = contacts[number % len(contacts)]
        subject, body = _KINDS[(number + number // 5) % 5]
        mail = EmailMessage()
        mail["From"] = f"{contact.name} <{contact.email}>"
        mail["To"] = to
        mail["Subject"] = subject
        mail["Date"] = formatdate()
        mail["Message-ID"] = make_msgid(domain=contact.email.partition("@")[2])
        mail.set_content(f"{body.format(number=f'{name}-{number}')}\n\nBest regards\n{contact.name}\n")
        yield contact.email, bytes(mail)
