"""`partnerline leads`: leads that partners refer and leads that are shared with them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap import Office, office
from bot.cli.deciding import acting, refused, say_who_delivers
from bot.cli.faults import Fault
from bot.cli.given import settings_of
from bot.cli.lead_file import read_lead
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import moment, printable, say, screen, table
from bot.operations.names import read_names
from bot.storage import leads, mirror
from bot.vocabulary.results import NotDone
from config import Settings
from crm.records import Lead, LeadSource, LeadState

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="List leads, see to whom each was offered, share one with partners, or take one back.",
)

_Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Such as L-12345678.")]
_By = Annotated[str | None, typer.Option(metavar="EMAIL", help="The manager who shares it; otherwise the only one.")]


@app.command("list")
def list_(
    context: typer.Context, every: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False
) -> None:
    """List the leads that are open: referred by partners, offered to them, or held by them.

    [bold]Example[/bold]

    [cyan]partnerline leads list --all[/cyan]
    """
    run(_list(settings_of(context), every=every))


@app.command()
def show(context: typer.Context, number: _Number) -> None:
    """Show a lead, and every partner that it was offered to.

    [bold]Example[/bold]

    [cyan]partnerline leads show L-12345678[/cyan]
    """
    run(_show(settings_of(context), number))


@app.command()
def share(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE.toml]", help="What the lead says, by the names of the options.")
    ] = None,
    customer: Annotated[str, typer.Option(help="The customer's name. Partners read it in the offer.")] = "",
    domain: Annotated[str, typer.Option(help="The customer's web domain; told to who accepts.")] = "",
    contact: Annotated[str, typer.Option(help="Whom to talk to there; told to who accepts.")] = "",
    email: Annotated[str, typer.Option(help="That person's address; told to who accepts.")] = "",
    phone: Annotated[str, typer.Option(help="That person's telephone; told to who accepts.")] = "",
    product: Annotated[list[str] | None, typer.Option(help="A product by its name; may be given again.")] = None,
    seats: Annotated[int | None, typer.Option(help="How many.")] = None,
    amount: Annotated[str, typer.Option(metavar='"EUR 9000"', help="The estimated value.")] = "",
    region: Annotated[str, typer.Option(help="A region as the program and the partners have it, such as DACH.")] = "",
    country: Annotated[str, typer.Option(help="Two letters, such as DE.")] = "",
    notes: Annotated[str, typer.Option(help="Told to who accepts, in these words.")] = "",
    by: _By = None,
) -> None:
    """Offer a lead to partners, one after the other as the program's \\[lead_rules] say.

    Each reads customer, products, region and size, by mail and in its Slack channel; contact data follow a yes. It goes
    on to the next after a no, and when nobody answers in time.

    [bold]Example[/bold]

    [cyan]partnerline leads share --customer "Globex" --region DACH --email jane@globex.example --seats 40[/cyan]
    """
    options: dict[str, object] = {
        "customer": customer, "domain": domain, "contact": contact, "email": email, "phone": phone,
        "products": tuple(product or ()), "seats": seats, "amount": amount, "region": region, "country": country,
        "notes": notes,
    }  # fmt: skip
    given = {name: value for name, value in options.items() if value not in ("", None, ())}
    run(_share(settings_of(context), {**(read_lead(file) if file else {}), **given}, by))


@app.command()
def withdraw(context: typer.Context, number: _Number, by: _By = None) -> None:
    """Take a lead back that no partner has accepted. The one that it is offered to is told.

    [bold]Example[/bold]

    [cyan]partnerline leads withdraw L-12345678[/cyan]
    """
    run(_withdraw(settings_of(context), number, by))


async def _list(settings: Settings, *, every: bool) -> None:
    async with office(settings) as at, at.database.begin() as connection:
        names = await read_names(connection)
        found = [x for x in await mirror.everyone(connection, Lead) if every or x.state.open]
    if not found:
        say("there are no leads" if every else "no lead is open")
        return
    shown = table("Leads", "Number", "From", "State", "Partner", "Customer", "Region", "Deal", "Since")
    for lead in sorted(found, key=lambda x: (x.created_at is None, x.created_at), reverse=True):
        since = moment(lead.created_at, at.program.vendor) if lead.created_at else "-"
        partner = names.partner(lead.partner_id) if lead.partner_id else "-"
        customer = printable(lead.customer or lead.customer_domain)
        origin = "partner" if lead.source is LeadSource.PARTNER else "us"
        shown.add_row(
            lead.number, origin, lead.state.value, partner, customer, lead.region or "-", lead.deal_number or "-", since
        )
    screen().print(shown)


async def _show(settings: Settings, number: str) -> None:
    async with office(settings) as at, at.database.begin() as connection:
        names = await read_names(connection)
        lead = await mirror.one(connection, Lead, number.strip().upper())
        offers = await leads.offers(connection, lead.number) if lead else ()
    if lead is None:
        raise Fault(f"there is no lead {number}", "`partnerline leads list --all` shows their numbers")
    for name, said in _facts(lead).items():
        say((f"{name:<12} ", "bold"), printable(said))
    for offer in offers:
        until = f", until {moment(offer.until, at.program.vendor)}" if offer.until else ""
        offered = moment(offer.offered_at, at.program.vendor)
        say(f"{offered}  {names.partner(offer.partner_id)}: {offer.state.value}{until}")


def _facts(lead: Lead) -> dict[str, str]:
    money = f"{lead.currency} {lead.amount:,.2f}" if lead.amount is not None else ""
    said = {
        "Lead": lead.number,
        "State": lead.state.value,
        "From": "a partner" if lead.source is LeadSource.PARTNER else "us",
        "Attribution": lead.attribution.value,
        "Customer": lead.customer,
        "Domain": lead.customer_domain,
        "Contact": ", ".join(x for x in (lead.contact_name, lead.contact_email, lead.contact_phone) if x),
        "Products": ", ".join(lead.products),
        "Seats": str(lead.quantity or ""),
        "Value": money,
        "Region": ", ".join(x for x in (lead.region, lead.country) if x),
        "Notes": lead.notes,
        "Deal": lead.deal_number,
        "Reason": lead.reason,
    }
    return {name: value for name, value in said.items() if value}


async def _share(settings: Settings, said: dict[str, object], by: str | None) -> None:
    async with noted_office(settings) as at:
        who = acting(at.program, by, lambda _: True, "may share leads")
        await at.mirror()
        done = await at.lead_desk.share(_lead(at, said), who)
        if isinstance(done, NotDone):
            raise refused(done)
        say(done.text)
        await say_who_delivers(at)


async def _withdraw(settings: Settings, number: str, by: str | None) -> None:
    async with noted_office(settings) as at:
        who = acting(at.program, by, lambda _: True, "may take leads back")
        done = await at.lead_desk.withdraw(number, who)
        if isinstance(done, NotDone):
            raise refused(done)
        say(done.text)
        await say_who_delivers(at)


def _lead(at: Office, said: dict[str, object]) -> Lead:
    """The lead of the options and the file; a product may be called by any of its names."""
    amount, currency = _value(str(said.get("amount", "")))
    seats = said.get("seats")
    products = said.get("products", ())
    called = {alias.casefold(): p.name for p in at.program.products for alias in (p.name, *p.aliases)}
    names = tuple(str(name) for name in products) if isinstance(products, tuple) else (str(products),)
    return Lead(
        number="",
        source=LeadSource.VENDOR,
        state=LeadState.OFFERED,
        customer=str(said.get("customer", "")),
        customer_domain=str(said.get("domain", "")),
        contact_name=str(said.get("contact", "")),
        contact_email=str(said.get("email", "")),
        contact_phone=str(said.get("phone", "")),
        products=tuple(called.get(name.casefold(), name) for name in names),
        amount=amount,
        currency=currency,
        quantity=seats if isinstance(seats, int) else None,
        region=str(said.get("region", "")),
        country=str(said.get("country", "")).upper(),
        notes=str(said.get("notes", "")),
    )


def _value(said: str) -> tuple[Decimal | None, str]:
    """ "EUR 9000" as a sum with its currency."""
    if not said.strip():
        return None, ""
    currency, _, number = said.strip().partition(" ")
    try:
        return Decimal(number.strip()), currency.upper()
    except InvalidOperation as fault:
        raise Fault(f"{said} is no value", 'write it as "EUR 9000"') from fault
