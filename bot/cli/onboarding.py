"""`partnerline onboarding`: which partners are welcomed and asked after; begin or stop it."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.bootstrap import Office, now, office
from bot.bootstrap.onboarding_parts import onboarding_parts
from bot.cli.deciding import acting, refused, say_who_delivers, without_limit
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import say, screen, table
from bot.desk.partners_named import partner_named
from bot.onboarding.desk import OnboardingDesk, in_words
from bot.storage import mirror, onboarding
from bot.vocabulary.results import NotDone
from config import Settings
from crm.records import Partner

app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode="rich")

_Partner = Annotated[str, typer.Argument(metavar="PARTNER", help="The partner's name or id.")]
_By = Annotated[str | None, typer.Option(metavar="EMAIL", help="The manager who does it; needed where several may.")]


@app.callback()
def onboarding_() -> None:
    """See which new partners are welcomed and asked after; begin it for a partner, or stop it.

    A partner that is new in the CRM is welcomed by itself, and asked after on days 3, 14, 30 and 60 by what it has
    done. Those that were there before the agent are known, and nobody writes to them until you start it.

    [bold]Example[/bold]

    [cyan]partnerline onboarding start Brightpath[/cyan]
    """


@app.command("list")
def list_(
    context: typer.Context,
    known: Annotated[bool, typer.Option("--known", help="List those that are known or through as well.")] = False,
) -> None:
    """List the partners that are being onboarded, the longest first.

    [bold]Example[/bold]

    [cyan]partnerline onboarding list[/cyan]
    """
    run(_list(settings_of(context), everyone=known))


@app.command()
def show(context: typer.Context, partner: _Partner) -> None:
    """Show how far a partner's onboarding is: when it was welcomed, and what it was told since.

    [bold]Example[/bold]

    [cyan]partnerline onboarding show Brightpath[/cyan]
    """
    run(_show(settings_of(context), partner))


@app.command()
def start(
    context: typer.Context,
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="The partner's name or id.")] = "",
    held_back: Annotated[
        bool, typer.Option("--held-back", help="All that came many at once and wait for your word.")
    ] = False,
    by: _By = None,
) -> None:
    """Welcome a partner that was known before, or anew one whose onboarding ended.

    [bold]Example[/bold]

    [cyan]partnerline onboarding start Brightpath[/cyan]
    """
    if bool(partner) == held_back:
        raise Fault("it is not clear whom you mean", "name a partner, or give --held-back", UNUSABLE)
    run(_start(settings_of(context), partner, by))


@app.command()
def stop(context: typer.Context, partner: _Partner, by: _By = None) -> None:
    """Ask after a partner no more.

    [bold]Example[/bold]

    [cyan]partnerline onboarding stop Brightpath[/cyan]
    """
    run(_stop(settings_of(context), partner, by))


async def _list(settings: Settings, *, everyone: bool) -> None:
    async with office(settings) as at, at.database.reading() as connection:
        if everyone:
            partners = await mirror.everyone(connection, Partner)
            found = [(one, await onboarding.find(connection, one.id)) for one in partners]
        else:
            found = [(partner, kept) for kept, partner, _ in await onboarding.under_way(connection)]
    shown = table("Onboarding", "Partner", "State", "Began", "Last check-in", "Told about")
    for partner, kept in found:
        lines = dict(in_words(kept))
        cells = (lines.get(name, "") for name in ("State", "Began", "Last check-in", "Told about"))
        shown.add_row(partner.name, *cells)
    screen().print(shown)
    if not found:
        say("no partner is being onboarded; new ones are by themselves, and `partnerline onboarding start` begins it")


async def _show(settings: Settings, name: str) -> None:
    async with office(settings) as at:
        partner = await _named(at, name)
        async with at.database.reading() as connection:
            kept = await onboarding.find(connection, partner.id)
    shown = table(partner.name, "What", "")
    for label, value in in_words(kept):
        shown.add_row(label, value)
    screen().print(shown)


async def _start(settings: Settings, name: str, by: str | None) -> None:
    async with noted_office(settings) as at:
        who, desk = _who(at, by), _desk(at)
        done = await desk.start(await _named(at, name), who) if name else await desk.start_held_back(who)
        if isinstance(done, NotDone):
            raise refused(done)
        say(done.text)
        await say_who_delivers(at)


async def _stop(settings: Settings, name: str, by: str | None) -> None:
    async with noted_office(settings) as at:
        done = await _desk(at).stop(await _named(at, name), _who(at, by))
        if isinstance(done, NotDone):
            raise refused(done)
        say(done.text)


def _who(at: Office, by: str | None) -> str:
    address = acting(at.program, by, without_limit, "may onboard partners")
    if at.program.manager(address) is None:
        known = ", ".join(one.email for one in at.program.managers)
        raise Fault(f"{address} is no manager of this program", f"name one with --by EMAIL: {known}")
    return address


def _desk(at: Office) -> OnboardingDesk:
    return onboarding_parts(at.settings, at.database, at.queue, at.programs, now, at.own.domain).desk


async def _named(at: Office, name: str) -> Partner:
    async with at.database.reading() as connection:
        found = await partner_named(connection, name)
    if isinstance(found, NotDone):
        raise refused(found)
    return found
