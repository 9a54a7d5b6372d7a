"""The table of commands. A command's module is loaded when that command runs, so that `--help` answers at once."""

from __future__ import annotations

import gc
import importlib
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


@dataclass(frozen=True, slots=True)
class Row:
    """`module` has an `app`; `about` is the line in the list of commands."""

    module: str
    about: str
    panel: str


_RUN, _WORK, _LOOK = "Run the agent", "Work with partners", "Look, try and mend"

COMMANDS = {
    "serve": Row("bot.cli.serve", "Start everything in this process: mail, web, console, worker and clock.", _RUN),
    "worker": Row("bot.cli.worker", "Start one more worker on the same database.", _RUN),
    "doctor": Row("bot.cli.doctor", "Check settings, database, queue and connections, and say what to mend.", _RUN),
    "reset": Row("bot.cli.reset", "Delete all data of this installation, after asking.", _RUN),
    "version": Row("bot.cli.version", "Print the version.", _RUN),
    "partners": Row("bot.cli.partners", "List and show partners, or import them from a CSV file.", _WORK),
    "registrations": Row("bot.cli.registrations", "List deal registrations; approve or refuse them.", _WORK),
    "deals": Row("bot.cli.deals", "Change the attribution of a deal, or see how it changed.", _WORK),
    "leads": Row("bot.cli.leads", "List leads, share one with partners, or take one back.", _WORK),
    "contacts": Row("bot.cli.contacts", "List partners' people; let them in, change and close them.", _WORK),
    "payments": Row("bot.cli.payments", "Import payments and refunds from a CSV file, or show a partner's.", _WORK),
    "milestones": Row("bot.cli.milestones", "Import go-lives, CSAT, events and the like, or add one.", _WORK),
    "rates": Row("bot.cli.rates", "Import exchange rates, or show those that are stored.", _WORK),
    "tiers": Row("bot.cli.tiers", "Review partners' tiers, see how one changed, or set one.", _WORK),
    "statements": Row("bot.cli.statements", "Run a month's statements; approve, pay, stop and export them.", _WORK),
    "disputes": Row("bot.cli.disputes", "See the lines that partners dispute; uphold or correct them.", _WORK),
    "held": Row("bot.cli.held", "See messages whose sender is not proven; release or discard them.", _WORK),
    "announce": Row("bot.cli.announce", "Send a Markdown file to a segment of partners.", _WORK),
    "announcements": Row("bot.cli.announcements", "List announcements; send, stop, remind, see what came back.", _WORK),
    "segments": Row("bot.cli.segments", "See whom a segment reaches, and save segments under a name.", _WORK),
    "digest": Row("bot.cli.digest", "Show or send what is late, waits or ends soon with a manager's partners.", _WORK),
    "onboarding": Row(
        "bot.cli.onboarding", "See which new partners are welcomed; begin it for one, or stop it.", _WORK
    ),
    "crm": Row("bot.cli.crm", "Make HubSpot ready; see what it lacks and refused, and try that again.", _WORK),
    "channels": Row("bot.cli.channels", "List shared Slack channels, or map one to a partner.", _WORK),
    "slack": Row("bot.cli.slack", "Make the Slack app from its manifest, and check that all is right.", _WORK),
    "files": Row("bot.cli.files", "See the files that partners attached, and save one of them.", _WORK),
    "program": Row("bot.cli.program", "Check, show and compare the partner program; begin your own.", _WORK),
    "report": Row("bot.cli.report", "Compare partners' deals with your own; see how engaged partners are.", _LOOK),
    "shunted": Row("bot.cli.shunted", "See messages that could not be handled, and try them again.", _LOOK),
    "ledger": Row("bot.cli.ledger", "Verify, read, compare, export and erase from the record of everything.", _LOOK),
    "read": Row("bot.cli.read", "Show what is read from a mail, as JSON; needs no database.", _LOOK),
    "send": Row("bot.cli.send", "Hand mails to the SMTP edge, as a partner's mail server would.", _LOOK),
    "evaluate": Row("bot.cli.evaluate", "Score readers on labelled messages; needs no database.", _LOOK),
    "label": Row("bot.cli.label", "Correct what was read from messages, and add them to a folder.", _LOOK),
    "train": Row("bot.cli.train", "Learn your own messages on top of what is shipped.", _LOOK),
}


class CommandTable(TyperGroup):
    """The commands of the table; for the overview, and for guessing what was meant, their lines in it are enough."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self._overview = False
        for name, row in COMMANDS.items():
            self.add_command(TyperCommand(name, help=row.about, rich_help_panel=row.panel))

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the framework's signature
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        row = COMMANDS.get(cmd_name)
        if row is None or self._overview:
            return super().get_command(ctx, cmd_name)
        command = typer.main.get_command(_loaded(row.module).app)
        command.name = cmd_name
        return command

    def format_help(self, ctx: Any, formatter: Any) -> None:
        self._overview = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self._overview = False


def _loaded(name: str) -> ModuleType:
    """The module. What loading it makes stays to the end: searching that for garbage would take a quarter of the start,
    and time again at every later search.
    """
    if (module := sys.modules.get(name)) is not None:
        return module
    gc.disable()
    try:
        return importlib.import_module(name)
    finally:
        gc.freeze()
        gc.enable()
