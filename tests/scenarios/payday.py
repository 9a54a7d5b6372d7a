"""A partner that earned something last month, its statement, and what managers are asked about it."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from email.message import EmailMessage, Message
from email.utils import make_msgid
from itertools import count

from reportlab.pdfgen.canvas import Canvas

from bot.payouts.run import StatementRun
from bot.payouts.run_report import RunReport
from bot.storage import disputes, lines, statements
from crm.money import Money
from crm.records import AmountBasis, Contact, Deal, Partner, PartnerType, Payment, Stage
from knowledge.commission.statement import Dispute, StatedLine, Statement
from tests.scenarios.deciding import MANAGERS, Asked, Office
from tests.scenarios.relayed import passed

INVOICES = "invoices@lumora.example"
_partners = count(1)


@dataclass(frozen=True)
class Client:
    """A referral partner of a name of its own, with one won deal for each of its customers."""

    office: Office
    partner: Partner
    contact: Contact
    deals: tuple[Deal, ...]

    async def run(self, month: date) -> None:
        """That month's statements of this partner."""
        app = self.office.house.app
        run = StatementRun(app.database, app.queue, app.programs, self.office.house.clock, self.office.house.mirror)
        report = await run(f"{month:%Y-%m}", partner_id=self.partner.id)
        assert isinstance(report, RunReport), report
        await self.office.house.quiet()

    async def statement(self, number: str = "") -> Statement:
        """The one of that number, else the latest."""
        async with self.office.house.app.database.reading() as connection:
            found = await statements.of_partner(connection, self.partner.id)
        return next(s for s in found if number in ("", s.number))

    async def lines(self) -> tuple[StatedLine, ...]:
        async with self.office.house.app.database.reading() as connection:
            return await lines.stated(connection, self.partner.id)

    async def dispute(self) -> Dispute:
        """The latest."""
        async with self.office.house.app.database.reading() as connection:
            return (await disputes.of_partner(connection, self.partner.id))[0]

    async def sends_invoice(self, number: str = "INV-2026-88", **changes: str) -> str:
        """By mail, over the statement's total; the Message-ID."""
        statement = await self.statement()
        net = Decimal(changes.get("net", str(statement.total.amount)))
        vat = (net * Decimal("0.21")).quantize(Decimal("0.01"))
        pdf = drawn(
            f"Invoice {number}", f"Invoice date: {statement.cut_off}", f"Statement {statement.number}",
            f"Net total: EUR {net}", f"VAT 21%: EUR {vat}", f"Total: EUR {net + vat}",
        )  # fmt: skip
        mail = EmailMessage()
        mail["From"], mail["To"] = self.contact.email, INVOICES
        mail["Subject"] = changes.get("subject", f"Invoice for {statement.number}")
        mail["Message-ID"] = make_msgid(domain="sender.example")
        mail["Authentication-Results"] = passed(self.contact.email)
        mail.set_content(changes.get("text", f"Please find our invoice for {statement.number} attached."))
        mail.add_attachment(pdf, maintype="application", subtype="pdf", filename=f"{number}.pdf")
        await self.office.scene.doors.raw_mail(bytes(mail), self.contact.email, INVOICES)
        await self.office.house.quiet()
        await self.office.house.pass_time(timedelta(minutes=1))
        return str(mail["Message-ID"])

    def briefs(self, about: str, manager: str) -> list[Message]:
        """Mails to this manager that name this partner and these words in their subjects, oldest first."""
        return [m for m in self.office.scene.to(manager) if _is_about(str(m["Subject"]), about, self.partner)]

    async def asked(self, about: str, manager: str) -> Asked:
        """The latest of them, with its card."""
        mail = self.briefs(about, manager)[-1]
        posts = self.office.slack.channels[MANAGERS].posts[::-1]
        card = next(p for p in posts if _is_about(p["text"], about, self.partner) and not p.get("thread_ts"))
        return Asked("", mail, dict(card))

    async def disputes(self, deal: Deal, why: str = "we expected more") -> str:
        """The deal's line, in answer to the statement's mail; the Message-ID."""
        statement = await self.statement()
        mail = next(m for m in self.office.scene.to(self.contact.email) if statement.number in str(m["Subject"]))
        key = await self.office.mail(
            self.contact.email, f"We do not agree with the line for {deal.customer}: {why}.",
            subject=f"Re: {mail['Subject']}", to=str(mail["Reply-To"]).rpartition("<")[2].rstrip(">"),
        )  # fmt: skip
        await self.office.house.pass_time(timedelta(minutes=1))
        return key

    async def told(self) -> str:
        """All mails to this partner, oldest first."""
        return "\n\n".join(self.office.told(self.contact.email))


def _is_about(said: str, about: str, partner: Partner) -> bool:
    return about in said and partner.name in said


def drawn(*said: str) -> bytes:
    """A page with these lines."""
    page = io.BytesIO()
    canvas = Canvas(page)
    for place, line in enumerate(said):
        canvas.drawString(50, 800 - place * 15, line)
    canvas.showPage()
    canvas.save()
    return page.getvalue()


def last_month(office: Office) -> date:
    """Its last day."""
    return office.house.app.today().replace(day=1) - timedelta(days=1)


async def client(office: Office, *paid: str, region: str = "UK & Ireland", issue: bool = True) -> Client:
    """A partner whose customers paid these sums in euro last month, and which got its statement."""
    number, app = next(_partners), office.house.app
    day = last_month(office)
    partner = Partner(
        id=f"client-{number}", name=f"Millrace {_word(number)}", types=(PartnerType.REFERRAL,), tier="Registered",
        domains=(f"millrace-{number}.example",), manager_email="noor@lumora.example", region=region,
    )  # fmt: skip
    contact = Contact(f"client-{number}-c", partner.id, "Mara Stone", f"mara@millrace-{number}.example", main=True)
    deals = tuple(
        Deal(
            f"client-{number}-d{place}", f"D-900{number:03}{place}", partner.id, f"{_CUSTOMERS[place]} {_word(number)}",
            f"c{place}-{number}.example", ("Lumora Core",), Money(Decimal(sum_), "EUR"), AmountBasis.ANNUAL, Stage.WON,
            day.replace(day=2), day - timedelta(days=60), won_on=day.replace(day=2),
        )
        for place, sum_ in enumerate(paid)
    )  # fmt: skip
    await app.crm.save_partner(partner)
    await app.crm.save_contact(contact)
    for deal, sum_ in zip(deals, paid, strict=True):
        await app.crm.save_deal(deal)
        payment = Payment(f"{deal.id}-p", deal.id, partner.id, Money(Decimal(sum_), "EUR"), day.replace(day=12))
        await app.crm.save_payment(replace(payment, invoice=f"LU-{deal.number}"))
    await office.house.mirror()
    made = Client(office, partner, contact, deals)
    if issue:
        await made.run(day)
    return made


_CUSTOMERS = ("Harrow Foods", "Tern Logistics", "Quill Press")


def _word(number: int) -> str:
    """A number as a word, so that no name holds another one."""
    return "".join("ABCDEFGHIJ"[int(digit)] for digit in f"{number:03}")
