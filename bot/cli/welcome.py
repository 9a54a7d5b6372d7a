"""What `serve` prints when it is up: what runs where, the console's link, and three things to try."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bot.channels.console.examples import three_to_try
from bot.channels.console.views import Seats
from bot.cli.given import Given
from bot.operations.seats import seats
from bot.serve import Running
from bot.storage import registrations
from crm.records import RegistrationState

_WIDEST = 112

Step = tuple[str, str, str]
"""A title, what happens, and a command ("" where it is done in the console)."""


async def welcome(agent: Running, chosen: Given, width: int, *, fresh: bool) -> Panel:
    """The panel, at most `width` columns wide; `fresh` after the demo's partners were written."""
    width = min(width, _WIDEST)
    async with agent.app.database.begin() as connection:
        taken = await seats(connection, agent.app.program, plays_slack=agent.app.settings.plays_slack)
        waiting = await registrations.in_states(connection, [RegistrationState.SUBMITTED], limit=1)
    number = waiting[0].number if waiting else ""
    demo = agent.app.settings.profile == "demo"
    steps = _demo_steps(taken, chosen, number) if demo else _production_steps(chosen)
    parts: list[RenderableType] = [_where(agent, len({s.partner_id for s in taken.partners}), fresh=fresh), Text()]
    parts += [Text("Open the console", "bold"), _link(agent.console_link), Text()]
    parts += [Text("Three things to try" if demo else "What comes next", "bold"), *_listed(steps)]
    parts += _hints(agent)
    return Panel(Group(*parts), title="Partnerline is running", subtitle="Ctrl-C stops it", padding=(1, 2), width=width)


def _where(agent: Running, partners: int, *, fresh: bool) -> Table:
    settings, made = agent.app.settings, agent.app
    grid = Table.grid(padding=(0, 3))
    relay = f"sent through {settings.relay_host}" if settings.relay_host else "kept and shown in the console (no relay)"
    reader = settings.reader if settings.reader == "builtin" else f"{settings.reader} ({settings.model_name})"
    rows = {
        "Mail in": f"smtp://{settings.smtp_host}:{agent.ports.smtp}   for {made.own.author.address}",
        "Mail out": relay,
        "Public web": f"http://{settings.http_host}:{agent.ports.http}   Slack, unsubscribe, /health",
        "Console": f"http://{settings.console_host}:{agent.ports.console}   this machine only",
        "Database": f"{made.postgres.kind}   {_place(agent)}",
        "Worker": f"1, up to {settings.workers_concurrency} jobs at a time, and the clock",
        "Slack": _slack(agent),
        "CRM": _crm(agent),
        "Reader": reader,
        "Program": f"{made.program.vendor.name}, {partners} partners{', written just now' if fresh else ''}",
        "Profile": settings.profile,
    }
    for name, said in rows.items():
        grid.add_row(Text(name, "bold"), Text(said, overflow="fold"))
    return grid


def _link(address: str) -> Text:
    """One that a terminal opens with a click, also where it is folded."""
    return Text(address, style=Style(bold=True, color="cyan", link=address), overflow="fold")


def _place(agent: Running) -> str:
    if agent.app.settings.database_url.get_secret_value():
        url = agent.app.postgres.url
        return f"{url.host or 'local socket'}, database {url.database}"
    return f"in {agent.app.settings.data_dir / 'pg'}"


def _slack(agent: Running) -> str:
    if agent.app.settings.plays_slack:
        return "played in the console: shared channels without a Slack"
    slack = agent.app.slack
    if slack is None:
        return "not connected"
    ways = [f"Socket Mode, {agent.sockets.state.in_words}"] if agent.sockets else []
    ways += [f"HTTP, {agent.app.settings.public_url or 'public_url is not set'}"] if slack.signing_secret else []
    return f"workspace {slack.own.team}   {'; '.join(ways)}"


def _crm(agent: Running) -> str:
    """Where people see what it holds."""
    settings = agent.app.settings
    if settings.crm == "hubspot":
        return f"HubSpot at {settings.hubspot_url}"
    return "the embedded one, shown in the console"


def _demo_steps(taken: Seats, chosen: Given, number: str) -> tuple[Step, ...]:
    found = {suggestion.title: suggestion.teaser for suggestion in three_to_try(taken)}
    by_console = [(title, f"In the console: {teaser}", "") for title, teaser in found.items()][:2]
    decide = chosen.command(f"registrations approve {number}" if number else "registrations list")
    listed = "; `partnerline registrations list` shows all that wait" if number else ""
    return (*by_console, ("Decide a registration", f"From another terminal{listed}:", decide))


def _production_steps(chosen: Given) -> tuple[Step, ...]:
    return (
        ("Bring in your partners", "From a CSV file with their contacts:", chosen.command("partners import FILE.csv")),
        ("Check the connections", "Relay, Slack, model, queue and ledger:", chosen.command("doctor")),
        (
            "See whom an announcement would reach",
            "Nothing is sent by a dry run:",
            chosen.command("announce FILE.md --segment all --dry-run"),
        ),
    )


def _listed(steps: tuple[Step, ...]) -> Iterator[RenderableType]:
    for place, (title, said, command) in enumerate(steps, 1):
        yield Text.assemble((f"  {place}. {title}", "bold green"))
        yield Padding(Text(said), (0, 0, 0, 5))
        if command:
            yield Padding(Text(command, "cyan", overflow="fold"), (0, 0, 0, 7))


def _hints(agent: Running) -> list[RenderableType]:
    hints = agent.app.settings.notes()
    if not hints:
        return []
    return [Text(), *(Text.assemble(("Note  ", "bold yellow"), hint) for hint in hints)]
