"""`partnerline tiers`: the quarterly review, a partner's history of tiers, and setting a tier by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from bot.bootstrap import Office, office
from bot.cli.deciding import acting, refused, say_who_delivers
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import printable, say, screen, table
from bot.payouts.tier_reviews import in_a_line, in_words
from bot.storage import tiers
from bot.vocabulary.results import NotDone
from config import Settings
from crm.records import Partner
from knowledge.business_days import vendors_day
from knowledge.tier_review import Review, Verdict
from knowledge.tiers import next_review, review_of

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Review the partners' tiers, see how a tier changed, or give a partner another one.",
)

_Partner = Annotated[str, typer.Argument(metavar="PARTNER", help="The partner's name, or its id in the CRM.")]
_SAID = {
    Verdict.UP: "rises",
    Verdict.DOWN: "falls",
    Verdict.KEPT: "stays",
    Verdict.RECOVERED: "stays; its notice falls away",
    Verdict.NOTICE: "has notice",
    Verdict.STANDS: "stays; has notice already",
    Verdict.UNSURE: "waits for exchange rates",
}


@app.command()
def review(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what it would decide as things stand, and change nothing.")
    ] = False,
    on: Annotated[
        str, typer.Option(metavar="DATE", help="A day of the quarter whose review is meant; otherwise today's quarter.")
    ] = "",
) -> None:
    """Hold the review of a quarter's first day: for partners that had none, and again for those that had it.

    It is held by itself on the first day of each quarter; by hand it counts what was entered late. A rise counts from
    the quarter's first day, a fall from today, and none comes without notice. With --dry-run a review that is still to
    come can be looked at.

    [bold]Example[/bold]

    [cyan]partnerline tiers review --dry-run --on 2027-01-01[/cyan]
    """
    run(_review(settings_of(context), _day(on), dry_run=dry_run))


@app.command()
def history(context: typer.Context, partner: _Partner) -> None:
    """Show every tier that a partner has had, who changed it and why, and the notices that it was given.

    [bold]Example[/bold]

    [cyan]partnerline tiers history "Quaywise Advisory"[/cyan]
    """
    run(_history(settings_of(context), partner))


@app.command("set")
def set_(
    context: typer.Context,
    partner: _Partner,
    tier: Annotated[str, typer.Argument(metavar="TIER", help="A tier of the program, such as Select.")],
    reason: Annotated[str, typer.Option(help="Why; kept with the change, and not told to the partner.")],
    by: Annotated[
        str | None, typer.Option(metavar="EMAIL", help="The manager who decides; otherwise the only one.")
    ] = None,
) -> None:
    """Give a partner a tier from today on, or confirm the one that it has, which lifts a notice. The partner is told.

    [bold]Example[/bold]

    [cyan]partnerline tiers set "Quaywise Advisory" Select --reason "They lead the launch in Ireland."[/cyan]
    """
    run(_set(settings_of(context), partner, tier, reason, by))


def _day(said: str) -> date | None:
    try:
        return datetime.strptime(said, "%Y-%m-%d").date() if said else None  # noqa: DTZ007 - a day has no zone
    except ValueError as fault:
        raise Fault(f"{said} is no day", "write it as 2027-01-01", UNUSABLE) from fault


async def _review(settings: Settings, on: date | None, *, dry_run: bool) -> None:
    async with noted_office(settings) as at:
        today = vendors_day(at.tiers.reviews.now(), at.program.vendor)
        calendar = at.program.vendor.calendar
        asked = review_of(on or today, calendar)
        if asked > today and not dry_run:
            raise Fault(
                f"the review of {asked} is still to come", "add --dry-run to see what it would decide", UNUSABLE
            )
        if asked < review_of(today, calendar):
            raise Fault(f"the review of {asked} is over", "a review is held until the next one falls due", UNUSABLE)
        await at.mirror()
        if dry_run:
            _show(asked, await at.tiers.reviews.preview(asked))
            say(f"nothing was changed; the next review is on {next_review(today, calendar)}")
            return
        await at.tiers.reviews.call_again(asked)
        await at.due_desk()
        await _say_what_came(at, asked)
        await say_who_delivers(at)


def _show(asked: date, found: list[tuple[Partner, Review | None]]) -> None:
    shown = table(f"Review of {asked}", "Partner", "Tier", "", "Becomes", "Figures", "Short of the tier")
    for partner, done in found:
        if done is None:
            shown.add_row(printable(partner.name), partner.tier, "no tier of the program", "-", "-", "-")
            continue
        notice = f"{done.notice.becomes} on {done.notice.review}" if done.notice else "-"
        becomes = done.tier.name if done.tier is not done.was else notice
        shown.add_row(
            printable(partner.name), done.was.name, _SAID[done.verdict], becomes, in_a_line(in_words(done.figures)),
            _short(done),
        )  # fmt: skip
    screen().print(shown)


def _short(done: Review) -> str:
    gap = done.figures.gap(done.was)
    parts = [
        f"{gap.revenue.currency} {gap.revenue.amount:,.2f}" if gap.revenue.amount else "",
        f"CSAT {gap.csat.normalize():f}"[:10] if gap.csat else "",
        f"{gap.certified_people} certified" if gap.certified_people else "",
    ]
    return ", ".join(filter(None, parts)) or "-"


async def _say_what_came(at: Office, asked: date) -> None:
    async with at.database.reading() as connection:
        changes = await tiers.of_review(connection, asked)
        notices = [kept for kept in await tiers.notices_at(connection, asked) if kept.settled is None]
    say(f"the review of {asked} is held: {len(changes)} tier(s) changed by it, {len(notices)} notice(s) stand")
    say("`partnerline tiers history PARTNER` shows a partner's; managers have a brief of all")


async def _history(settings: Settings, partner: str) -> None:
    async with office(settings) as at:
        past = await at.tiers.desk.past(partner)
    if isinstance(past, NotDone):
        raise refused(past)
    if not past.changes:
        say(f"no tier of {printable(past.partner.name)} was recorded yet")
        return
    shown = table(f"Tiers of {past.partner.name}", "Since", "Tier", "Before", "By", "Why", "Figures")
    for change in past.changes:
        by = "the CRM" if change.by == tiers.CRM else change.by
        why = change.reason or ("records begin" if not change.was else "")
        shown.add_row(
            str(change.since), change.tier, change.was or "-", by, printable(why), in_a_line(change.figures) or "-"
        )
    screen().print(shown)
    for kept in past.notices:
        became = f"{kept.settled.value} on {kept.settled_on}" if kept.settled else "stands"
        given = f"notice of {kept.given_on}: {kept.notice.tier} becomes {kept.notice.becomes} on {kept.notice.review}"
        say(f"{given}; {became}")


async def _set(settings: Settings, partner: str, tier: str, reason: str, by: str | None) -> None:
    async with noted_office(settings) as at:
        who = acting(at.program, by, lambda _: True, "may set tiers")
        await at.mirror()
        done = await at.tiers.desk.set(partner, tier, who, reason)
        if isinstance(done, NotDone):
            raise refused(done)
        say(done.text)
        await say_who_delivers(at)
