"""`partnerline slack`: the app manifest filled in, the steps to the app, and a look whether all of it is right."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

import typer

from bot.channels.slack.setup.rendering import as_json, as_yaml
from bot.cli.checks_slack import slack as findings_of
from bot.cli.faults import FAILED, UNUSABLE, Fault
from bot.cli.findings_shown import show
from bot.cli.given import settings_of
from bot.cli.running import run
from bot.cli.screen import errors, say
from config import Settings
from crm.findings import Finding, Health

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Make the app in your Slack workspace, and check that it can do what it has to.",
)

_Url = Annotated[
    str, typer.Option("--url", metavar="https://…", help="The public address of this installation; else public_url.")
]
_Socket = Annotated[
    bool, typer.Option("--socket", help="Socket Mode: the agent opens the connections, no address is needed.")
]


@app.command("manifest")
def manifest_(
    context: typer.Context,
    url: _Url = "",
    socket: _Socket = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON; Slack takes both.")] = False,
) -> None:
    """Print the app manifest, with your public address in it. Nothing else is printed, so it can go into a file.

    [bold]Examples[/bold]

    [cyan]partnerline slack manifest --url https://partnerline.acme.example
    partnerline slack manifest --socket > manifest.yaml[/cyan]
    """
    typer.echo(_manifest(settings_of(context), url, socket=socket, json=json), nl=False)


@app.command()
def setup(context: typer.Context, url: _Url = "", socket: _Socket = False) -> None:
    """Print the manifest and the steps to the app; once its token is set, check everything as `slack check` does.

    Run it twice: first to make the app, then, with the two settings that it names, to see what is still missing.

    [bold]Example[/bold]

    [cyan]partnerline slack setup --socket[/cyan]
    """
    settings = settings_of(context)
    socket = socket or (not url and _is_socket(settings))
    text = _manifest(settings, url, socket=socket)
    say(("1. The manifest", "bold"))
    typer.echo(text)
    _steps(socket=socket)
    if settings.slack_bot_token.get_secret_value():
        _checked(settings)
    else:
        say(("No slack_bot_token is set yet: ", "yellow"), "set it as step 3 says, then run this once more.")


@app.command()
def check(context: typer.Context) -> None:
    """Check the tokens, their scopes, how events come in, the managers, their channel, and mapped channels.

    Nothing is posted or changed. Each line says what is right, or what would be. Exit code 1 where there is a fault.

    [bold]Example[/bold]

    [cyan]partnerline --profile production slack check[/cyan]
    """
    settings = settings_of(context)
    if not settings.slack_bot_token.get_secret_value():
        raise Fault("Slack is not set up", "`partnerline slack setup` tells the steps", UNUSABLE)
    _checked(settings)


def _manifest(settings: Settings, url: str, *, socket: bool, json: bool = False) -> str:
    made = as_json if json else as_yaml
    if socket:
        if url:
            raise Fault("Socket Mode needs no address", "give --url or --socket, not both", UNUSABLE)
        return made(socket=True)
    return made(_address(url or settings.public_url))


def _address(url: str) -> str:
    """Without one Slack has nowhere to send its events."""
    if not url:
        raise Fault(
            "there is no public address for Slack to send to",
            "give --url https://…, or set public_url; or choose --socket, which needs none",
            UNUSABLE,
        )
    try:
        parts = urlsplit(url)
        usable = parts.scheme == "https" and parts.hostname and not (parts.query or parts.fragment or parts.username)
    except ValueError:
        usable = False
    if not usable:
        raise Fault(f"{url} is no address that Slack calls", "write https://, a host, and at most a path", UNUSABLE)
    return url


def _is_socket(settings: Settings) -> bool:
    return bool(settings.slack_app_token.get_secret_value() and not settings.slack_signing_secret.get_secret_value())


def _steps(*, socket: bool) -> None:
    say(("2. The app", "bold"))
    say("   api.slack.com/apps, Create New App, From a manifest, your own workspace: paste it, Create, Install.")
    if socket:
        say("   Basic Information, App-Level Tokens, Generate: one with the scope connections:write.")
    second = ("SLACK_APP_TOKEN", "the app-level token, xapp-…") if socket else (
        "SLACK_SIGNING_SECRET", "Basic Information, Signing Secret"
    )  # fmt: skip
    say(("3. Two settings", "bold"))
    say("   ", ("PARTNERLINE_SLACK_BOT_TOKEN", "cyan"), "   OAuth & Permissions, Bot User OAuth Token, xoxb-…")
    say("   ", (f"PARTNERLINE_{second[0]}", "cyan"), f"   {second[1]}")
    say(("4. Start", "bold"))
    say("   ", ("partnerline --profile production serve", "cyan"))
    if not socket:
        say("   then Event Subscriptions, Retry, until Slack says Verified.")
    say(("5. Channels", "bold"))
    say("   Invite @partnerline to a channel that you share with a partner: your managers get a card to map it with.")
    say("   Or: ", ("partnerline channels map C0123ABCD --partner NAME --team T0456EFGH", "cyan"))
    say("")


def _checked(settings: Settings) -> None:
    findings = run(_gathered(settings))
    show("Slack", findings)
    if any(finding.health is Health.FAULT for finding in findings):
        raise typer.Exit(FAILED)


async def _gathered(settings: Settings) -> list[Finding]:
    with errors().status("Checking"):
        return [finding async for finding in findings_of(settings)]
