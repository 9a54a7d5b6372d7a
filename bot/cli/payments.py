"""`partnerline payments`: what customers paid, from a CSV file, and what is known of a partner's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap import Office, office
from bot.cli.deciding import refused
from bot.cli.given import settings_of
from bot.cli.imports import read_file, refused_file, save_all, tell_effect
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import printable, say, screen, table
from bot.desk.partners_named import partner_named
from bot.payouts.selling import selling
from bot.storage import mirror
from bot.vocabulary.results import NotDone
from config import Settings
from crm.csv_table import read_table
from crm.import_payments import Drafted, draft_payments, named_deals, settle
from crm.records import Deal, Payment
from crm.same_again import Compared

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Import payments and refunds from a CSV file, or show a partner's.",
)

_HINT = "docs/connect-billing.md lists the columns"


@app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Payments and refunds, net of tax and discounts.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would do, and save nothing.")] = False,
    skip_unknown: Annotated[
        bool, typer.Option("--skip-unknown", help="Pass over rows of deals that the CRM does not have.")
    ] = False,
) -> None:
    """Import what customers paid on deals. Either every row is right and all are saved, or nothing is.

    A payment is known again by its id, or where the file has none by deal, invoice, sum and day: the same file twice
    changes nothing, and a row that changed is told with both values. Several rows of one payment id are its parts by
    product. A refund is a sum below zero; refund_of names the payment or the invoice that is paid back.

    [bold]Example[/bold] of a file:

    payment,deal,invoice,paid_on,amount,currency

    pay-1,D-10482,INV-7,2026-10-12,6000.00,EUR

    [cyan]partnerline payments import october.csv --dry-run[/cyan]
    """
    run(_import(settings_of(context), file, read_file(file), dry_run, skip_unknown))


@app.command()
def show(
    context: typer.Context,
    partner: Annotated[str, typer.Option(metavar="NAME", help="The partner's name or id.")],
) -> None:
    """Show what was paid on a partner's deals, the latest first, with what it was for.

    [bold]Example[/bold]

    [cyan]partnerline payments show --partner "Quaywise Advisory"[/cyan]
    """
    run(_show(settings_of(context), partner))


async def _import(settings: Settings, file: Path, data: bytes, dry: bool, skip_unknown: bool) -> None:
    async with noted_office(settings) as at:
        await at.mirror()
        drafted = await _drafted(at, data, skip_unknown)
        if drafted.faults:
            raise refused_file(file, drafted.faults, _HINT)
        compared = await _compared(at, drafted)
        if compared.faults:
            raise refused_file(file, compared.faults, _HINT)
        if not dry:
            await save_all(at, compared, at.crm.save_payments, "payments", file, data)
    tell_effect(compared, "payments", dry=dry)
    if drafted.left_out:
        say((f"{drafted.left_out} row(s) of deals that the CRM does not have were passed over", "yellow"))


async def _drafted(at: Office, data: bytes, skip_unknown: bool) -> Drafted:
    read = read_table(data)
    async with at.database.begin() as connection:
        deals = await mirror.deals_named(connection, named_deals(read))
    return draft_payments(read, deals, selling(at.program), skip_unknown=skip_unknown)


async def _compared(at: Office, drafted: Drafted) -> Compared[Payment]:
    async with at.database.begin() as connection:
        held = await mirror.some(connection, Payment, drafted.names)
        refunded = await mirror.of_deals(connection, Payment, drafted.refunded_deals)
    return settle(drafted, (*held, *refunded))


async def _show(settings: Settings, name: str) -> None:
    async with office(settings) as at, at.database.begin() as connection:
        partner = await partner_named(connection, name)
        if isinstance(partner, NotDone):
            raise refused(partner)
        deals = {deal.id: deal for deal in await mirror.of_partner(connection, Deal, partner.id)}
        payments = await mirror.of_partner(connection, Payment, partner.id)
    if not payments:
        say(f"nothing was paid on a deal of {partner.name} yet")
        return
    shown = table(
        f"Payments of {partner.name}", "Paid on", "Deal", "Customer", "Invoice", "Net", "", "For", "Refund of"
    )
    for payment in sorted(payments, key=lambda one: (one.received_on, one.id), reverse=True):
        deal = deals.get(payment.deal_id)
        shown.add_row(
            payment.received_on.isoformat(),
            deal.number if deal else payment.deal_id,
            printable(deal.customer) if deal else "",
            printable(payment.invoice),
            f"{payment.amount.amount:,.2f}",
            payment.amount.currency,
            _what_for(payment),
            payment.refunds,
        )
    screen().print(shown)


def _what_for(payment: Payment) -> str:
    parts = ", ".join(f"{part.product or 'work'} {part.amount:,.2f}" for part in payment.parts)
    period = f"{payment.period_start} to {payment.period_end}" if payment.period_start else ""
    return "; ".join(said for said in (payment.kind.value.replace("_", "-"), parts, period) if said)
