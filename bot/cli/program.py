"""`partnerline program`: check, show and compare the partner program, and explain a plan on one page."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.faults import FAILED, UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.program_diff import diff
from bot.cli.program_init import init
from bot.cli.program_read import known_tier, read, today_of
from bot.cli.program_shown import program_tables, versions_table
from bot.cli.screen import errors, printable, say, screen
from bot.documents.plan_page import NoPlanError, plan_page, plan_pdf
from bot.texts.catalogue import LANGUAGES, catalogue
from bot.texts.own import text_faults, worded
from crm.records import PartnerType
from knowledge.errors import ProgramError
from knowledge.loading import load_programs
from knowledge.program import Program

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Check, show and compare the partner program; begin one of your own; explain a plan on one page.",
)

_Folder = Annotated[
    Path | None, typer.Argument(metavar="[FOLDER]", help="A program folder; otherwise the one that the settings name.")
]
_Type = Annotated[PartnerType | None, typer.Option("--type", help="Only what is for partners of this type.")]
_Tier = Annotated[str, typer.Option(metavar="NAME", help="Rates as this tier has them; otherwise the lowest.")]
_On = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="The version of that day; else of today.")
]


@app.command()
def check(context: typer.Context, folder: _Folder = None) -> None:
    """Check a program folder: every fault with file, line and what would be right, and exit code 2; or which version
    holds from when.

    [bold]Examples[/bold]

    [cyan]partnerline program check my-program[/cyan]

    [cyan]partnerline program check[/cyan]
    """
    place = folder or settings_of(context).program_folder
    try:
        programs = load_programs(place, text_faults)
    except ProgramError as error:
        for fault in error.faults:
            errors().print(printable(fault), soft_wrap=True)
        many = len(error.faults)
        raise Fault(f"{place} has {many} fault{'s' * (many > 1)}", "mend each as told above", UNUSABLE) from error
    screen().print(versions_table(programs, today_of(programs)))
    found = programs.on(today_of(programs))
    say(f"{place} is right: {_in_numbers(found)}")


@app.command()
def show(context: typer.Context, kind: _Type = None, tier: _Tier = "", on: _On = None) -> None:
    """Show the program as tables: types, products, tiers, what each plan pays, rules.

    [bold]Examples[/bold]

    [cyan]partnerline program show[/cyan]

    [cyan]partnerline program show --type referral --tier Elite --on 2027-01-01[/cyan]
    """
    programs = read(context)
    day = on.date() if on else today_of(programs)
    program = programs.on(day)
    known_tier(program, tier)
    if len(programs.versions) > 1:
        screen().print(versions_table(programs, today_of(programs)))
    say((f"{program.vendor.legal_name}, ", "bold"), f"version {program.version or '-'} on {day.isoformat()}")
    for made in program_tables(program, kind, tier):
        screen().print(made)


app.command()(diff)
app.command()(init)


@app.command()
def page(
    context: typer.Context,
    kind: Annotated[PartnerType, typer.Option("--type", help="The type of partner.")],
    tier: _Tier = "",
    language: Annotated[str, typer.Option(help=f"One of {', '.join(LANGUAGES)}.")] = "en",
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a PDF instead of Markdown.")] = None,
    on: _On = None,
) -> None:
    """Explain the plan of a partner type on one page: rates, an example, what the words mean, when the money comes.

    [bold]Examples[/bold]

    [cyan]partnerline program page --type referral --language de[/cyan]

    [cyan]partnerline program page --type reseller --tier Select --pdf reseller.pdf[/cyan]
    """
    programs = read(context)
    day = on.date() if on else today_of(programs)
    program = programs.on(day)
    known_tier(program, tier)
    if language not in LANGUAGES:
        raise Fault(f"there are no texts in {language!r}", f"choose one of {', '.join(LANGUAGES)}", UNUSABLE)
    try:
        if pdf is None:
            typer.echo(plan_page(program, (kind,), tier, language, day).markdown, nl=False)
            return
        pdf.write_bytes(plan_pdf(program, (kind,), tier, language, day))
    except NoPlanError as error:
        raise Fault(str(error), "give the type a plan in [[plans]], or choose another type", FAILED) from error
    except OSError as error:
        raise Fault(f"{pdf} cannot be written ({error.strerror})", "name another file", UNUSABLE) from error
    say(f"{pdf} is written")


@app.command()
def texts(
    context: typer.Context,
    pattern: Annotated[str, typer.Argument(metavar="[WORD]", help="Only keys and texts with this word in them.")] = "",
    language: Annotated[str, typer.Option(help=f"One of {', '.join(LANGUAGES)}.")] = "en",
) -> None:
    """List the texts that answers are made of, by key, as a file in the program's folder texts/ may replace them.

    [bold]Example[/bold]: in texts/en.toml a line such as `"letter.close" = "Kind regards"`, found with

    [cyan]partnerline program texts letter[/cyan]
    """
    if language not in LANGUAGES:
        raise Fault(f"there are no texts in {language!r}", f"choose one of {', '.join(LANGUAGES)}", UNUSABLE)
    programs = read(context)
    own, product = worded(programs.on(today_of(programs)).texts), catalogue()
    wanted = pattern.casefold()
    for key in sorted(own.keys()):
        text = own.template(language, key)
        if wanted in key.casefold() or wanted in text.casefold():
            mark = "" if text == product.template(language, key) else " (yours)"
            say((key, "bold"), (mark, "green"), f": {text}")


def _in_numbers(program: Program) -> str:
    counted = (
        ("product", program.products), ("tier", program.tiers), ("plan", program.plans),
        ("manager", program.managers), ("passage of its pages", program.sections),
    )  # fmt: skip
    return ", ".join(_many(len(rows), what) for what, rows in counted)


def _many(count: int, what: str) -> str:
    first, space, rest = what.partition(" ")
    return f"{count} {first}{'s' * (count != 1)}{space}{rest}"
