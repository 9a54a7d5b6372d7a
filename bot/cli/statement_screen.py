"""Statements and runs on the screen: tables with sums, states in words, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from bot.cli.screen import moment, printable, say, screen, table
from bot.documents.derivation import sentences
from bot.operations.names import Names
from bot.payouts.run_report import PartnerReport, RunReport
from bot.payouts.statement_facts import plans
from bot.payouts.states import worded
from bot.texts.catalogue import catalogue
from bot.texts.wording import Wording, reader_locale
from crm.money import Money
from crm.records import Channel
from knowledge.commission.statement import Shown, StatedLine, Statement, StatementState, WhyCarried
from knowledge.commission.statement import shown as shown_as
from knowledge.program import Program

SHOWN: dict[StatementState, Shown] = {state: shown_as(state) for state in StatementState}
_WHY = {WhyCarried.BELOW_MINIMUM: "below the minimum payout", WhyCarried.NEGATIVE: "negative balance"}


def tell_run(report: RunReport) -> None:
    """A row for each partner for whom there was something, the totals, and what was left in doubt."""
    told = [partner for partner in report.partners if not partner.nothing]
    if told:
        kind = "Would be issued" if report.dry else "Issued"
        made = table(f"Statements of {report.period}", "Partner", kind, "Sum", "Lines", "Late", "Not on a statement")
        for partner in told:
            for row in _rows(partner):
                made.add_row(*row)
        screen().print(made)
    totals = ", ".join(_sum(total) for total in report.totals.values()) or "nothing"
    quiet = len(report.partners) - len(told)
    done = "would be issued" if report.dry else "issued"
    say(f"{len(report.issued)} statement(s) {done}: {totals}; {quiet} partner(s) with nothing new")
    doubts = sum(len(partner.doubts) for partner in report.partners)
    if doubts:
        say((f"{doubts} question(s) for managers hold commission back or are to be looked at", "yellow"))


def _rows(partner: PartnerReport) -> Iterable[tuple[str, ...]]:
    """The first row names the partner."""
    rest = [f"{_sum(carried.total)} carried: {_WHY[carried.why]}" for carried in partner.carried]
    rest += [f"{_sum(draft.total)} came late and waits for the next" for draft in partner.waiting]
    rest += [doubt.text for doubt in partner.doubts]
    rest += [partner.fault] if partner.fault else []
    issued = [(one.number, _sum(one.total), str(one.lines), str(one.late or "")) for one in partner.issued]
    for place in range(max(len(issued), len(rest))):
        name = printable(partner.partner) if place == 0 else ""
        of_it = issued[place] if place < len(issued) else ("", "", "", "")
        yield (name, *of_it, printable(rest[place]) if place < len(rest) else "")


def show_list(found: Sequence[Statement], names: Names) -> None:
    made = table("Statements", "Number", "Partner", "Sum", "Lines", "State", "Pay by", "Note")
    for one in found:
        whose = printable(names.partner(one.partner_id) or one.partner_id)
        made.add_row(
            one.number, whose, _sum(one.total), str(len(one.lines)), worded(one.state), str(one.pay_by or ""),
            printable(one.reference or one.note),
        )  # fmt: skip
    screen().print(made)


def show_one(statement: Statement, stated: Sequence[StatedLine], names: Names, program: Program) -> None:
    made = table(f"{statement.number}: {worded(statement.state)}", "", "")
    rows = (
        ("Partner", names.partner(statement.partner_id) or statement.partner_id),
        ("Sum, net", _sum(statement.total)),
        (
            "Lines",
            _count(statement),
        ),
        ("Earned up to", str(statement.cut_off)),
        ("Plans", plans(one.line for one in stated)),
        ("Issued", moment(statement.issued_at, program.vendor) if statement.issued_at else ""),
        ("Revision", str(statement.revision) if statement.revision > 1 else ""),
        ("Lines may be disputed until", str(statement.disputable_until or "")),
        ("Invoice", statement.invoice_number),
        ("Approved", f"{statement.approved_by}, to be paid by {statement.pay_by}" if statement.approved_by else ""),
        ("Paid", f"{statement.paid_on}, {statement.reference}" if statement.paid_on else ""),
        ("Note", statement.note),
        ("Returns to", worded(statement.before) if statement.before else ""),
        ("PDF, SHA-256", statement.pdf),
        ("Id", statement.id),
    )
    for label, value in rows:
        if value:
            made.add_row(label, printable(value))
    screen().print(made)


def _count(statement: Statement) -> str:
    return str(len(statement.lines)) if statement.state.live else "none any more: they go on the next statement"


def show_lines(statement: Statement, stated: Sequence[StatedLine]) -> None:
    """Each with its derivation in words, as the partner reads it."""
    wording = Wording(catalogue(), "en", reader_locale("en", ""), ZoneInfo("UTC"), Channel.CLI)
    made = table(f"Lines of {statement.number}", "No.", "Earned on", "Deal", "Customer", "Commission", "How", "Key")
    for place, one in enumerate(stated, start=1):
        line = one.line
        made.add_row(
            str(place), line.earned_on.isoformat(), line.deal_number, printable(line.customer), _sum(line.amount),
            printable("; ".join(sentences(line.steps, wording))), line.key,
        )  # fmt: skip
    screen().print(made)


def _sum(amount: Money) -> str:
    return f"{amount.currency} {amount.amount:,.2f}"
