"""A small partner program for the console's tests and its picture: partners, deals, registrations, timelines."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.channels.console.views import (
    JobCount,
    KeptMail,
    ManagerSeat,
    OutboxCount,
    ParkedWork,
    PartnerSeat,
    ShuntedMessage,
    TaskView,
)
from crm.money import Money
from crm.records import (
    AmountBasis,
    Channel,
    Contact,
    Deal,
    Direction,
    Interaction,
    Partner,
    PartnerType,
    Registration,
    RegistrationState,
    Stage,
)

RESELLER, REFERRAL, SERVICES, DISTRIBUTOR = (
    PartnerType.RESELLER,
    PartnerType.REFERRAL,
    PartnerType.SERVICES,
    PartnerType.DISTRIBUTOR,
)

PARTNERS = (
    Partner(
        "p1",
        "Brightwater Systems",
        (RESELLER,),
        "Select",
        "UK & Ireland",
        "GB",
        "en",
        csat=Decimal("4.4"),
        certified_people=2,
        domains=("brightwater.example",),
        quarterly_target=Money(Decimal(90000), "EUR"),
    ),
    Partner(
        "p2",
        "Alpenglanz IT",
        (RESELLER, SERVICES),
        "Elite",
        "DACH",
        "AT",
        "de",
        csat=Decimal("4.7"),
        certified_people=5,
        domains=("alpenglanz.example",),
        quarterly_target=Money(Decimal(180000), "EUR"),
    ),
    Partner(
        "p3", "Atelier Numérique", (REFERRAL,), "Registered", "France", "FR", "fr", domains=("atelier-num.example",)
    ),
    Partner(
        "p4",
        "Polder & Co",
        (REFERRAL,),
        "Select",
        "Benelux",
        "NL",
        "nl",
        csat=Decimal("4.1"),
        certified_people=1,
        domains=("polder.example",),
    ),
    Partner("p5", "Meseta Digital", (SERVICES,), "Registered", "Iberia", "ES", "es", domains=("meseta.example",)),
    Partner(
        "p6",
        "Harbour Distribution",
        (DISTRIBUTOR,),
        "Elite",
        "UK & Ireland",
        "GB",
        "en",
        csat=Decimal("4.5"),
        certified_people=4,
        domains=("harbour.example",),
    ),
)

CONTACTS = (
    Contact("c1", "p1", "Priya Nair", "priya@brightwater.example", language="en", main=True),
    Contact("c2", "p1", "Tom Ashby", "tom@brightwater.example", language="en"),
    Contact("c3", "p2", "Lena Hofer", "lena@alpenglanz.example", language="de", main=True),
    Contact("c4", "p3", "Camille Roche", "camille@atelier-num.example", language="fr", main=True),
    Contact("c5", "p4", "Sanne de Wit", "sanne@polder.example", language="nl", main=True),
    Contact("c6", "p5", "Álvaro Gil", "alvaro@meseta.example", language="es", main=True, opted_out=True),
    Contact("c7", "p6", "Owen Pryce", "owen@harbour.example", language="en", main=True),
)

CHANNELS = {"p2": "lumora-alpenglanz", "p6": "lumora-harbour"}

MANAGERS = (
    ManagerSeat("noor", "Noor Haddad", "noor@lumora.example", announces=True),
    ManagerSeat("jonas", "Jonas Weber", "jonas@lumora.example", ("DACH",), True, Money(Decimal(100000), "EUR")),
)


def partner_seats() -> tuple[PartnerSeat, ...]:
    rows = {p.id: p for p in PARTNERS}
    return tuple(
        PartnerSeat(
            c.id,
            c.name,
            c.email,
            c.partner_id,
            rows[c.partner_id].name,
            rows[c.partner_id].tier,
            c.language,
            tuple(t.value for t in rows[c.partner_id].types),
            CHANNELS.get(c.partner_id, ""),
        )
        for c in CONTACTS
    )


def registrations(now: datetime) -> list[Registration]:
    today = now.date()
    return [
        Registration(
            "D-48213",
            "p1",
            "c1",
            RegistrationState.SUBMITTED,
            "Castle Row Hotels",
            "castlerow.example",
            "Marta Lind",
            "marta@castlerow.example",
            amount=Decimal(42000),
            currency="EUR",
            amount_basis=AmountBasis.ANNUAL,
            close_date=date(2027, 1, 29),
            products=("Lumora Core",),
            quantity=145,
            submitted_at=now - timedelta(days=2),
            decide_by=today,
        ),
        Registration(
            "D-7740",
            "p2",
            "c3",
            RegistrationState.SUBMITTED,
            "Gletscher Logistik",
            "gletscher.example",
            "Jörg Auer",
            "auer@gletscher.example",
            amount=Decimal("118500.50"),
            currency="EUR",
            amount_basis=AmountBasis.TOTAL,
            close_date=date(2027, 3, 15),
            products=("Lumora Core", "Lumora Insights"),
            submitted_at=now - timedelta(hours=5),
            decide_by=today + timedelta(days=4),
            notes="Incumbent is leaving the market; they decide in March.",
        ),
        Registration(
            "D-90155", "p4", "c5", RegistrationState.DRAFT, "Tulpenhof", "", opened_at=now - timedelta(hours=1)
        ),
        Registration(
            "D-3306",
            "p6",
            "c7",
            RegistrationState.APPROVED,
            "Quayside Foods",
            "quayside.example",
            "Bea Holt",
            "bea@quayside.example",
            amount=Decimal(23900),
            currency="GBP",
            close_date=date(2026, 12, 18),
            products=("Lumora Connect",),
            decided_by="Noor Haddad",
            submitted_at=now - timedelta(days=9),
            decided_at=now - timedelta(days=8),
            protected_until=today + timedelta(days=82),
        ),
        Registration(
            "D-51877",
            "p3",
            "c4",
            RegistrationState.DECLINED,
            "Maison Vidal",
            "vidal.example",
            amount=Decimal(8000),
            currency="EUR",
            products=("Lumora Core",),
            decided_by="Jonas Weber",
            submitted_at=now - timedelta(days=12),
            decided_at=now - timedelta(days=11),
            reason="The customer already has an open deal with Lumora.",
        ),
    ]


def deals() -> list[Deal]:
    return [
        Deal(
            "d1",
            "D-3306",
            "p6",
            "Quayside Foods",
            "quayside.example",
            ("Lumora Connect",),
            Money(Decimal(23900), "GBP"),
            AmountBasis.ANNUAL,
            Stage.PROPOSAL,
            date(2026, 12, 18),
            date(2026, 11, 18),
            next_step="Security review",
        ),
        Deal(
            "d2",
            "D-20461",
            "p1",
            "Fenwick Print",
            "fenwick.example",
            ("Lumora Core", "Lumora Assist"),
            Money(Decimal(61200), "EUR"),
            AmountBasis.ANNUAL,
            Stage.NEGOTIATION,
            date(2026, 12, 11),
            date(2026, 9, 2),
            next_step="Contract with their legal team",
        ),
        Deal(
            "d3",
            "D-1189",
            "p1",
            "Moorgate Dental",
            "moorgate.example",
            ("Lumora Core",),
            Money(Decimal(18400), "EUR"),
            AmountBasis.ANNUAL,
            Stage.WON,
            date(2026, 8, 20),
            date(2026, 5, 4),
            won_on=date(2026, 8, 19),
        ),
    ]


def timeline(now: datetime) -> list[Interaction]:
    def said(
        key: str, who: str, deal: str, channel: Channel, way: Direction, ago: timedelta, what: str, outcome: str
    ) -> Interaction:
        partner = next(c.partner_id for c in CONTACTS if c.id == who)
        return Interaction(
            key,
            partner,
            who,
            (deal,) if deal else (),
            channel,
            way,
            now - ago,
            what,
            f"<{key}@x>",
            outcome,
            f"{what}\n\nBest regards",
        )

    hour, mail, slack, came, went = timedelta(hours=1), Channel.EMAIL, Channel.SLACK, Direction.IN, Direction.OUT
    return [
        said(
            "i1",
            "c1",
            "D-48213",
            mail,
            came,
            48 * hour,
            "Registers Castle Row Hotels, 145 seats of Lumora Core",
            "submitted",
        ),
        said(
            "i2",
            "c1",
            "D-48213",
            mail,
            went,
            48 * hour - timedelta(minutes=1),
            "Received, decision by 26 November",
            "sent",
        ),
        said("i3", "c2", "D-20461", mail, came, 26 * hour, "Asks where Fenwick Print stands", "answered"),
        said(
            "i4",
            "c2",
            "D-20461",
            mail,
            went,
            26 * hour - timedelta(minutes=1),
            "In negotiation, EUR 61,200 a year",
            "sent",
        ),
        said("i5", "c1", "", mail, came, 3 * hour, "Wants to talk about co-marketing money", "handed over"),
        said("i6", "c3", "D-7740", slack, came, 5 * hour, "Registers Gletscher Logistik", "submitted"),
        said("i7", "c7", "D-3306", slack, came, 200 * hour, "Registers Quayside Foods", "submitted"),
        said("i8", "c7", "D-3306", slack, went, 190 * hour, "Accepted, protected for 90 days", "sent"),
    ]


TASK = ("k1", "p1", "Brightwater Systems", "Priya Nair", "request_human")


def tasks(now: datetime) -> list[TaskView]:
    return [
        TaskView(*TASK, "Wants to talk about co-marketing money for the spring roadshow.", now - timedelta(hours=3))
    ]


def shunted(now: datetime) -> list[ShuntedMessage]:
    return [
        ShuntedMessage(
            "s1",
            Channel.EMAIL,
            "relay@odd.example",
            "(no subject)",
            "The mail nests 214 parts; the limit is 100.",
            now - timedelta(hours=7),
            3,
            "From: relay@odd.example\nSubject:\n\n<script>alert(1)</script>",
        )
    ]


JOBS = (
    JobCount("read", "succeeded", 212),
    JobCount("handle", "succeeded", 209),
    JobCount("handle", "doing", 1),
    JobCount("deliver", "succeeded", 198),
    JobCount("deliver", "todo", 2),
)
OUTBOX = (OutboxCount("mail", "kept", 1), OutboxCount("crm", "done", 418), OutboxCount("slack", "pending", 2))


def parked(now: datetime) -> tuple[ParkedWork, ...]:
    since = now - timedelta(minutes=12)
    return (ParkedWork("Slack", 2, "Slack has not answered for 12 minutes.", since, now + timedelta(minutes=1)),)


def kept(now: datetime) -> list[KeptMail]:
    return [
        KeptMail(
            "k77",
            "priya@brightwater.example",
            "Re: Castle Row Hotels",
            now - timedelta(days=2),
            (("From", "partners@lumora.example"), ("Auto-Submitted", "auto-replied")),
            "Hello Priya,\n\nwe received your registration of Castle Row Hotels.",
            "<!DOCTYPE html><html lang=en><title>Mail</title><body style='color:#123456'><p>Hello Priya,</p>"
            "<script>parent.hit = 1</script><p>we received your registration of Castle Row Hotels.</p></body></html>",
        )
    ]
