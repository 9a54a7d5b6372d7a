"""`partnerline disputes`: lines that partners do not agree with; see both views, and decide."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

import typer

from bot.bootstrap import Office, office
from bot.cli.deciding import acting, pays_without_limit, refused, say_who_delivers
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import moment, printable, say, screen, table
from bot.managers.sums import Worth, worth
from bot.operations.names import Names, read_names
from bot.payouts.dispute_desk import DisputeDesk
from bot.payouts.dispute_facts import both_views, facts_of
from bot.payouts.posting import compute
from bot.payouts.statement_facts import in_words
from bot.storage import accounts, disputes, lines, mirror
from bot.vocabulary.results import Done, NotDone
from config import Settings
from crm.money import Money
from crm.records import Partner
from knowledge.business_days import vendors_day
from knowledge.commission.statement import Dispute, DisputeState, StatedLine
from knowledge.program import Vendor

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="See the lines of statements that partners dispute; uphold or correct them.",
)

_Id = Annotated[
    str, typer.Argument(metavar="DISPUTE", help="The first characters of its id, as `partnerline disputes list` shows.")
]
_By = Annotated[
    str | None,
    typer.Option(metavar="EMAIL", help="The manager who decides; otherwise the only one who may without limit."),
]
_Reason = Annotated[str, typer.Option(help="Told to the partner in these words.")]
_SHORT = 8  # characters of an id that are shown
_ACT = Callable[[DisputeDesk, str, str], Awaitable[Done | NotDone]]
"""With the dispute's id and the manager's address."""


@app.command("list")
def list_(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Those that are decided or withdrawn, too.")] = False,
) -> None:
    """List the disputes that wait for a decision, the oldest first.

    [bold]Example[/bold]

    [cyan]partnerline disputes list[/cyan]
    """
    run(_list(settings_of(context), every))


@app.command()
def show(context: typer.Context, dispute: _Id) -> None:
    """Show both views: the partner's words, and how the rules came to the sum and would come to it today.

    [bold]Example[/bold]

    [cyan]partnerline disputes show 3f2a91bc[/cyan]
    """
    run(_show(settings_of(context), dispute))


@app.command()
def uphold(context: typer.Context, dispute: _Id, reason: _Reason, by: _By = None) -> None:
    """The line was right: it is on the next statement as it is. The partner is told why.

    [bold]Example[/bold]

    [cyan]partnerline disputes uphold 3f2a91bc --reason "The discount was taken off first, as section 4 says."[/cyan]
    """
    run(_decide(settings_of(context), dispute, by, lambda desk, one, who: desk.uphold(one, who, reason)))


@app.command()
def correct(
    context: typer.Context,
    dispute: _Id,
    amount: Annotated[str, typer.Option(metavar="SUM", help="What the line comes to, such as 'EUR 1234.50'.")],
    reason: _Reason,
    by: _By = None,
) -> None:
    """The line was wrong: the next statement has its reversal and a line of this sum. The partner is told why.

    [bold]Example[/bold]

    [cyan]partnerline disputes correct 3f2a91bc --amount "EUR 1234.50" --reason "Twelve seats were missing."[/cyan]
    """
    right = _sum(amount)
    run(_decide(settings_of(context), dispute, by, lambda desk, one, who: desk.correct(one, who, right, reason)))


def _sum(said: str) -> Money:
    """Read as strictly as in a manager's message."""
    read = worth(f"{said}: -")
    if isinstance(read, Worth):
        return read.amount
    raise Fault(f"{said!r} is no sum that can be read in one way", "write it as in --amount 'EUR 1234.50'", UNUSABLE)


async def _list(settings: Settings, every: bool) -> None:
    wanted = tuple(DisputeState) if every else (DisputeState.OPEN,)
    async with office(settings) as at, at.database.begin() as connection:
        found = [one for state in wanted for one in await disputes.in_state(connection, state)]
        names = await read_names(connection)
        shown = [(one, await lines.find(connection, one.line)) for one in found]
    if not shown:
        say("there are no disputes" if every else "no dispute waits for a decision")
        return
    made = table("Disputes", "Dispute", "Opened", "Partner", "Statement", "Line", "The partner says", "State")
    for dispute, stated in sorted(shown, key=lambda one: one[0].opened_at):
        made.add_row(*_row(dispute, stated, names, at.program.vendor))
    screen().print(made)


def _row(dispute: Dispute, stated: StatedLine | None, names: Names, vendor: Vendor) -> tuple[str, ...]:
    line = stated.line if stated else None
    about = f"{line.customer or line.deal_number or line.plan}, {in_words(line.amount)}" if line else ""
    state = dispute.state.value
    return (
        dispute.id[:_SHORT], moment(dispute.opened_at, vendor), printable(names.partner(dispute.partner_id)),
        dispute.statement_number, printable(about), printable(dispute.words),
        printable(f"{state}: {dispute.reason}" if dispute.reason else state),
    )  # fmt: skip


async def _show(settings: Settings, beginning: str) -> None:
    async with office(settings) as at:
        dispute = await _one(at, beginning)
        async with at.database.begin() as connection:
            partner = await mirror.one(connection, Partner, dispute.partner_id)
            if partner is None:
                raise Fault("the partner is no longer in the CRM", "restore the partner there first")
            rates = await accounts.rate_table(connection, at.program.vendor.currency)
            today = vendors_day(at.statement_desk.now(), at.program.vendor)
            earned = await compute(connection, partner.id, at.programs, rates, today)
            found = await facts_of(connection, dispute, partner, earned.earnings.lines if earned else None)
    if found is None:
        raise Fault("the line is gone", "`partnerline statements show … --lines` has the lines there are")
    opened = moment(dispute.opened_at, at.program.vendor)
    say((f"{dispute.id[:_SHORT]}: {dispute.state.value}", "bold"), f", opened {opened}")
    for label, value in both_views(found):
        say((f"{label:<24} ", "bold"), printable(value))
    if dispute.reason:
        say((f"{'Decided':<24} ", "bold"), printable(f"{dispute.resolved_by}: {dispute.reason}"))


async def _decide(settings: Settings, beginning: str, by: str | None, act: _ACT) -> None:
    async with noted_office(settings) as at:
        who = acting(at.program, by, pays_without_limit, "may decide without limit")
        dispute = await _one(at, beginning)
        done = await act(at.dispute_desk, dispute.id, who)
        if isinstance(done, NotDone):
            raise refused(done)
        say(done.text)
        await say_who_delivers(at)


async def _one(at: Office, beginning: str) -> Dispute:
    async with at.database.begin() as connection:
        found = await disputes.beginning(connection, beginning)
    if len(found) == 1:
        return found[0]
    said = f"{len(found)} disputes begin with {beginning}" if found else f"no dispute is {beginning}"
    raise Fault(said, "`partnerline disputes list --all` shows them")
