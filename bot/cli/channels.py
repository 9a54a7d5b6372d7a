"""`partnerline channels`: which shared Slack channel belongs to which partner."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from bot.bootstrap import Office, home_team, office
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import say, screen, table
from bot.operations.names import read_names
from bot.storage import mirror, slack_channels
from bot.storage.slack_channels import SlackChannel
from config import Settings
from crm.records import Partner

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="List shared Slack channels, or map one to a partner.",
)

_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,30}")
_TEAM = re.compile(r"[TE][A-Z0-9]{2,30}")


@app.command("list")
def list_(context: typer.Context) -> None:
    """List the mapped channels.

    [bold]Example[/bold]

    [cyan]partnerline channels list[/cyan]
    """
    run(_list(settings_of(context)))


@app.command("map")
def map_(
    context: typer.Context,
    channel_id: Annotated[str, typer.Argument(metavar="CHANNEL_ID", help="C…, from the channel's details in Slack.")],
    partner: Annotated[str, typer.Option(metavar="NAME", help="The partner's name or id.")],
    team: Annotated[
        str, typer.Option(metavar="T…", help="The partner's workspace; its members speak for the partner.")
    ],
    name: Annotated[str, typer.Option(help="The channel's name, for people to read.")] = "",
) -> None:
    """Map a shared Slack channel to a partner. Members of the partner's workspace are then known there.

    [bold]Example[/bold]

    [cyan]partnerline channels map C0123ABCD --partner "Quaywise Advisory" --team T0456EFGH --name ext-quaywise[/cyan]
    """
    channel_id = _checked(channel_id, _CHANNEL, "Slack channel", "C0123ABCD")
    team = _checked(team, _TEAM, "Slack workspace", "T0456EFGH")
    run(_map(settings_of(context), channel_id, partner, team, name.strip().removeprefix("#")))


def _checked(value: str, pattern: re.Pattern[str], what: str, example: str) -> str:
    value = value.strip()
    if not pattern.fullmatch(value):
        raise Fault(f"{value} is no id of a {what}", f"it looks like {example}", UNUSABLE)
    return value


async def _list(settings: Settings) -> None:
    async with office(settings) as at, at.database.begin() as connection:
        channels = await slack_channels.every(connection)
        names = await read_names(connection)
    if not channels:
        say("no channel is mapped yet; map one with `partnerline channels map`")
        return
    shown = table("Shared Slack channels", "Channel", "Name", "Partner", "Partner's workspace")
    for channel in channels:
        who = names.partner(channel.partner_id) or channel.partner_id
        shown.add_row(channel.channel_id, channel.name, who, channel.partner_team_id)
    screen().print(shown)


async def _map(settings: Settings, channel_id: str, partner: str, team: str, name: str) -> None:
    own = await home_team(settings)
    if not own:
        raise Fault(
            "Slack is not set up",
            "set PARTNERLINE_SLACK_BOT_TOKEN and PARTNERLINE_SLACK_SIGNING_SECRET first",
            UNUSABLE,
        )
    if team == own:
        raise Fault(f"{team} is your own workspace", "name the partner's workspace: its members speak for the partner")
    async with noted_office(settings) as at:
        found = await _partner(at, partner)
        async with at.database.begin() as connection:
            await slack_channels.save(connection, SlackChannel(own, channel_id, name or channel_id, found.id, team))
    say(f"{channel_id} is {found.name}'s channel; members of {team} speak for it there")


async def _partner(at: Office, wanted: str) -> Partner:
    async with at.database.begin() as connection:
        partners = await mirror.everyone(connection, Partner)
    found = [p for p in partners if p.id == wanted or p.name.casefold() == wanted.strip().casefold()]
    if len(found) == 1:
        return found[0]
    raise Fault(f"there is no partner {wanted}", "`partnerline partners list` shows their names")
