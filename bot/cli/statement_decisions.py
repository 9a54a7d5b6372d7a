"""What managers decide with `partnerline statements`: each a step of one statement, told to its partner."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

import typer

from bot.bootstrap import Office, today
from bot.cli.deciding import acting, pays_without_limit, refused, say_who_delivers
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import say
from bot.desk.partners_named import partner_named
from bot.operations.names import read_names
from bot.payouts.statement_desk import StatementDesk
from bot.storage import statements
from bot.vocabulary.results import Done, NotDone
from config import Settings
from knowledge.commission.statement import Statement

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Such as S-2026-10 or S-2026-10-USD.")]
OfPartner = Annotated[
    str,
    typer.Option("--partner", metavar="NAME", help="The partner's name or id; needed where several have that number."),
]
By = Annotated[
    str | None,
    typer.Option(metavar="EMAIL", help="The manager who decides; otherwise the only one who may without limit."),
]
Reason = Annotated[str, typer.Option(help="Told to the partner in these words.")]
_Act = Callable[[StatementDesk, str, str], Awaitable[Done | NotDone]]
"""With the statement's id and the manager's address."""


def invoice(
    context: typer.Context,
    number: Number,
    invoice_number: Annotated[str, typer.Option("--number", metavar="NUMBER", help="As it stands on the invoice.")],
    partner: OfPartner = "",
    by: By = None,
) -> None:
    """Enter an invoice of the partner's that came another way and that you have compared with the statement.

    [bold]Example[/bold]

    [cyan]partnerline statements invoice S-2026-10 --partner p-4 --number INV-2026-88[/cyan]
    """
    _decide(context, number, partner, by, lambda desk, s, who: desk.received(s, who, invoice_number))


def approve(context: typer.Context, number: Number, partner: OfPartner = "", by: By = None) -> None:
    """Approve a statement whose invoice has come. The partner hears by when it is paid.

    [bold]Example[/bold]

    [cyan]partnerline statements approve S-2026-10 --partner p-4 --by noor@lumora.example[/cyan]
    """
    _decide(context, number, partner, by, lambda desk, s, who: desk.approve(s, who))


def schedule(context: typer.Context, number: Number, partner: OfPartner = "", by: By = None) -> None:
    """Note that the payment of an approved statement is ordered at the bank.

    [bold]Example[/bold]

    [cyan]partnerline statements schedule S-2026-10 --partner p-4[/cyan]
    """
    _decide(context, number, partner, by, lambda desk, s, who: desk.schedule(s, who))


def pay(
    context: typer.Context,
    number: Number,
    reference: Annotated[str, typer.Option(help="What the payment is known by at the bank; told to the partner.")],
    partner: OfPartner = "",
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day; otherwise today.")] = None,
    shared: Annotated[bool, typer.Option("--shared", help="This payment covers several statements.")] = False,
    by: By = None,
) -> None:
    """Mark an approved statement as paid. The partner is told, and its lines never change again.

    [bold]Example[/bold]

    [cyan]partnerline statements pay S-2026-10 --partner p-4 --reference "SEPA 4711" --on 2026-11-30[/cyan]
    """

    async def act(desk: StatementDesk, statement_id: str, who: str) -> Done | NotDone:
        day = on.date() if on else today(desk.program)
        return await desk.pay(statement_id, who, reference, day, shared=shared)

    _decide(context, number, partner, by, act)


def decline(context: typer.Context, number: Number, reason: Reason, partner: OfPartner = "", by: By = None) -> None:
    """Decline a statement or its invoice. Another invoice of the partner's brings it back.

    [bold]Example[/bold]

    [cyan]partnerline statements decline S-2026-10 --partner p-4 --reason "The invoice lacks your VAT ID."[/cyan]
    """
    _decide(context, number, partner, by, lambda desk, s, who: desk.decline(s, who, reason))


def postpone(context: typer.Context, number: Number, reason: Reason, partner: OfPartner = "", by: By = None) -> None:
    """Pay a statement later. `release` lets it go on where it stood.

    [bold]Example[/bold]

    [cyan]partnerline statements postpone S-2026-10 --partner p-4 --reason "We pay in January."[/cyan]
    """
    _decide(context, number, partner, by, lambda desk, s, who: desk.postpone(s, who, reason))


def block(context: typer.Context, number: Number, reason: Reason, partner: OfPartner = "", by: By = None) -> None:
    """Stop a statement wherever it stands. `release` lets it go on there.

    [bold]Example[/bold]

    [cyan]partnerline statements block S-2026-10 --partner p-4 --reason "Your bank details are being checked."[/cyan]
    """
    _decide(context, number, partner, by, lambda desk, s, who: desk.block(s, who, reason))


def fail(context: typer.Context, number: Number, reason: Reason, partner: OfPartner = "", by: By = None) -> None:
    """Note that a payment came back. It can be scheduled or paid again.

    [bold]Example[/bold]

    [cyan]partnerline statements fail S-2026-10 --partner p-4 --reason "The account does not exist."[/cyan]
    """
    _decide(context, number, partner, by, lambda desk, s, who: desk.fail(s, who, reason))


def release(context: typer.Context, number: Number, partner: OfPartner = "", by: By = None) -> None:
    """Let a statement that was postponed, blocked or declined go on where it stood.

    [bold]Example[/bold]

    [cyan]partnerline statements release S-2026-10 --partner p-4[/cyan]
    """
    _decide(context, number, partner, by, lambda desk, s, who: desk.release(s, who))


def cancel(context: typer.Context, number: Number, reason: Reason, partner: OfPartner = "", by: By = None) -> None:
    """Cancel a statement that is not approved. Its lines go on the next one.

    [bold]Example[/bold]

    [cyan]partnerline statements cancel S-2026-10 --partner p-4 --reason "It was for the wrong company."[/cyan]
    """
    _decide(context, number, partner, by, lambda desk, s, who: desk.cancel(s, who, reason))


COMMANDS = (invoice, approve, schedule, pay, decline, postpone, block, fail, release, cancel)


def _decide(context: typer.Context, number: str, partner: str, by: str | None, act: _Act) -> None:
    run(_decided(settings_of(context), number, partner, by, act))


async def _decided(settings: Settings, number: str, partner: str, by: str | None, act: _Act) -> None:
    async with noted_office(settings) as at:
        who = acting(at.program, by, pays_without_limit, "may decide without limit")
        statement = await meant(at, number, partner)
        done = await act(at.statement_desk, statement.id, who)
        if isinstance(done, NotDone):
            raise refused(done)
        say(done.text)
        await say_who_delivers(at)


async def partner_id_of(at: Office, name: str) -> str:
    async with at.database.begin() as connection:
        partner = await partner_named(connection, name)
    if isinstance(partner, NotDone):
        raise refused(partner)
    return partner.id


async def meant(at: Office, number: str, partner: str) -> Statement:
    """The statement that is meant; Fault where that is none, or several."""
    partner_id = await partner_id_of(at, partner) if partner else ""
    async with at.database.begin() as connection:
        found = await statements.numbered(connection, number, partner_id)
        names = await read_names(connection)
    if not found:
        of = f" of {partner}" if partner else ""
        raise Fault(
            f"there is no statement {number.strip().upper()}{of}", "`partnerline statements list --all` shows them"
        )
    if len(found) > 1:
        whose = ", ".join(names.partner(one.partner_id) or one.partner_id for one in found[:5])
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        raise Fault(f"{found[0].number} is a number of several partners: {whose}{more}", "add --partner NAME", UNUSABLE)
    return found[0]
