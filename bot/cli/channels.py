"""`partnerline channels`: which shared Slack channel belongs to which partner, and what is answered there."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer

from bot.bootstrap import Office, channel_desk, office
from bot.cli.deciding import refused
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import say, screen, table
from bot.desk.partners_named import partner_named
from bot.desk.slack_channels.desk import ChannelDesk, Mapping
from bot.desk.slack_channels.pauses import WHY
from bot.operations.names import read_names
from bot.storage import slack_channels
from bot.storage.outbox import Destination
from bot.storage.slack_channels import Mode, Paused
from bot.vocabulary.results import Done, NotDone
from config import Settings
from crm.records import Partner

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="List shared Slack channels, map one to a partner, and say what is answered there.",
)

_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,30}")
_TEAM = re.compile(r"[TE][A-Z0-9]{2,30}")
_BY = "cli"

ChannelId = Annotated[str, typer.Argument(metavar="CHANNEL_ID", help="C…, from the channel's details in Slack.")]


@app.command("list")
def list_(context: typer.Context) -> None:
    """List the mapped channels: whose they are, what is answered there, and which are paused and why.

    [bold]Example[/bold]

    [cyan]partnerline channels list[/cyan]
    """
    run(_list(settings_of(context)))


@app.command("map")
def map_(
    context: typer.Context,
    channel_id: ChannelId,
    partner: Annotated[str, typer.Option(metavar="NAME", help="The partner's name or id.")],
    team: Annotated[
        str,
        typer.Option(
            metavar="T…",
            help="The partner's workspace (E… for an Enterprise Grid organisation); its members speak for the partner. "
            "Not needed where it is the only one beside yours that reads the channel.",
        ),
    ] = "",
    mode: Annotated[
        Mode | None, typer.Option(help="What is answered; without it as the setting slack_channel_mode says.")
    ] = None,
    name: Annotated[str, typer.Option(help="The channel's name, for people to read.")] = "",
) -> None:
    """Map a shared Slack channel to a partner. Members of the partner's workspace are then known there.

    Slack is asked who reads the channel: one that a second partner reads, or that Slack does not show, is not mapped.

    [bold]Example[/bold]

    [cyan]partnerline channels map C0123ABCD --partner "Quaywise Advisory" --team T0456EFGH --mode mention[/cyan]
    """
    channel_id = _channel(channel_id)
    team = _checked(team, _TEAM, "Slack workspace", "T0456EFGH") if team else ""
    run(_map(settings_of(context), channel_id, partner, team, mode, name.strip().removeprefix("#")))


@app.command("mode")
def mode_(context: typer.Context, channel_id: ChannelId, mode: Annotated[Mode, typer.Argument()]) -> None:
    """Say what is answered in a channel: all that is for the agent, or only mentions and its own threads.

    [bold]Example[/bold]

    [cyan]partnerline channels mode C0123ABCD mention[/cyan]
    """
    channel = _channel(channel_id)
    run(_act(settings_of(context), lambda desk: desk.set_mode(channel, mode, _BY)))


@app.command("resume")
def resume(context: typer.Context, channel_id: ChannelId) -> None:
    """Go on in a paused channel, where nothing speaks against its readers any more.

    What was written there meanwhile is handled then.

    [bold]Example[/bold]

    [cyan]partnerline channels resume C0123ABCD[/cyan]
    """
    channel = _channel(channel_id)
    run(_act(settings_of(context), lambda desk: desk.resume(channel, _BY)))


@app.command("forget")
def forget(context: typer.Context, channel_id: ChannelId) -> None:
    """Map a channel no more: nobody who writes there speaks for a partner.

    [bold]Example[/bold]

    [cyan]partnerline channels forget C0123ABCD[/cyan]
    """
    channel = _channel(channel_id)
    run(_act(settings_of(context), lambda desk: desk.forget(channel, _BY)))


def _channel(value: str) -> str:
    return _checked(value, _CHANNEL, "Slack channel", "C0123ABCD")


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
    shown = table("Shared Slack channels", "Channel", "Name", "Partner", "Partner's workspace", "Mode", "State")
    for channel in channels:
        who = names.partner(channel.partner_id) or channel.partner_id
        state = f"paused: {WHY[Paused(channel.paused)]}" if channel.paused else "open"
        shown.add_row(channel.channel_id, channel.name, who, channel.partner_team_id, channel.mode.value, state)
    screen().print(shown)


async def _map(settings: Settings, channel_id: str, partner: str, team: str, mode: Mode | None, name: str) -> None:
    async with noted_office(settings) as at:
        desk = await _desk(at)
        found = await _partner(at, partner)
        await _told(at, await desk.map(Mapping(channel_id, found.id, team, mode, name), _BY))


async def _act(settings: Settings, act: Callable[[ChannelDesk], Awaitable[Done | NotDone]]) -> None:
    async with noted_office(settings) as at:
        await _told(at, await act(await _desk(at)))


async def _desk(at: Office) -> ChannelDesk:
    desk = await channel_desk(at)
    if desk is None:
        fix = "set PARTNERLINE_SLACK_BOT_TOKEN first; `partnerline slack setup` shows how"
        raise Fault("Slack is not set up", fix, UNUSABLE)
    return desk


async def _told(at: Office, result: Done | NotDone) -> None:
    if isinstance(result, NotDone):
        raise refused(result)
    await at.queue.deliver(Destination.SLACK)
    say(result.text)


async def _partner(at: Office, wanted: str) -> Partner:
    async with at.database.begin() as connection:
        found = await partner_named(connection, wanted)
    if isinstance(found, NotDone):
        raise refused(found)
    return found
