"""The figures of a run as tables: on the screen, and as the page `docs/benchmarks.md`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from benchmarks.accepting import BYTES, Accepting
from benchmarks.announcing import CONNECTIONS, GOAL_RATE, WISH_RATE, Delivered
from benchmarks.announcing_people import GOAL_PREVIEW, GOAL_QUEUED, Announced
from benchmarks.calling import Called
from benchmarks.commission import MICROSECONDS, Reckoned
from benchmarks.documents import MILLISECONDS, USUAL, SetInType
from benchmarks.handling import MESSAGES, Handling
from benchmarks.hostile import MEGABYTES, SECONDS, Hostile, shown
from benchmarks.reading import Reading
from benchmarks.slack import GOAL_ACKNOWLEDGED, GOAL_ANSWERED, SECONDS_OF_EVENTS, Acknowledged, Answered
from benchmarks.statements import MEGABYTES as MEGABYTES_OF_A_RUN
from benchmarks.statements import PARTNERS, PAYMENTS_EACH, Ran
from benchmarks.statements import SECONDS as SECONDS_OF_A_RUN
from benchmarks.timelines import GOAL_CALLS, GOAL_SECONDS, Logged
from benchmarks.visible_text import Finding

GOAL = 0.5  # of a bare server's rate, at 20 sessions

_HOW = (
    "`make bench` measures these again. Absolute figures belong to one machine on one day; the ratios are against a"
    " baseline of the same run, taken in turns, and tell more. Each figure is the median of three rounds."
)


@dataclass(frozen=True, slots=True)
class Figures:
    """`rows` of text under `head`; `note` says how to read them."""

    title: str
    note: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def of_accepting(found: Sequence[Accepting]) -> Figures:
    rows = [
        (
            str(one.sessions),
            f"{one.bare.per_second:,.0f}",
            f"{one.edge.per_second:,.0f}",
            f"{one.ratio:.2f}",
            f"{one.bare.cpu_ms:.2f}",
            f"{one.edge.cpu_ms:.2f}",
        )
        for one in found
    ]
    note = (
        f"Mails of {BYTES:,} bytes, each committed with its job before the 250, against a bare aiosmtpd handler that"
        f" discards. Goal: a ratio of {GOAL} or more at 20 sessions. One session waits for every commit by itself."
    )
    head = ("Sessions", "Bare, mails/s", "Agent, mails/s", "Ratio", "Bare, CPU ms/mail", "Agent, CPU ms/mail")
    return Figures("Accepting", note, head, tuple(rows))


def of_commission(found: Sequence[Reckoned]) -> Figures:
    rows = [
        (one.plan, f"{one.lines:,}", f"{1_000_000 / one.new:,.0f}", f"{one.new:.0f}", f"{one.again:.0f}",
         f"{one.bare:.1f}", f"{one.ratio:.0f}")
        for one in found
    ]  # fmt: skip
    note = (
        "Lines of partners with 200 deals and 600 payments each, every one with its derivation, in CPU microseconds a"
        " line; and the same when all are posted and nothing is new. The baseline adds up and rounds the same payments"
        f" and tells nothing. Goal: {MICROSECONDS:.0f} microseconds a line, and the same for ten times as many."
    )
    head = ("Plan", "Lines", "Lines/s", "New, µs", "Posted already, µs", "Bare arithmetic, µs", "Ratio")
    return Figures("Commission", note, head, tuple(rows))


def of_documents(found: Sequence[SetInType]) -> Figures:
    rows = [
        (f"{one.lines:,}", str(one.pages), f"{one.whole:,.0f}", f"{one.words:,.0f}", f"{one.pdf:,.0f}",
         f"{one.ratio:.2f}", f"{one.csv:,.1f}", f"{one.json:,.1f}", f"{one.kilobytes:,.0f}")
        for one in found
    ]  # fmt: skip
    note = (
        "A statement with the derivation of each line, in CPU milliseconds: put into words, then set as PDF, beside"
        " what reportlab alone takes to draw the same texts at the same places. Goal: words and PDF of"
        f" {USUAL} lines in {MILLISECONDS:.0f} ms."
    )
    head = ("Lines", "Pages", "Words and PDF, ms", "Words", "PDF", "PDF to bare", "CSV", "JSON", "PDF, kB")
    return Figures("Documents", note, head, tuple(rows))


def of_handling(found: Sequence[Handling]) -> Figures:
    rows = [
        (str(one.workers), f"{one.per_second:.0f}", f"{one.per_second / found[0].per_second:.2f}", f"{one.ratio:.2f}",
         f"{one.cpu_ms:.1f}")
        for one in found
    ]  # fmt: skip
    note = (
        f"{MESSAGES} mails of demo partners waiting in the inbox: read, understood, acted on, answered, logged, and"
        " written to the embedded CRM, with the database on the same machine. The baseline is the queue itself: two"
        " jobs a message that do nothing, in one worker."
    )
    head = ("Workers", "Messages/s", "Against one worker", "Against empty jobs", "Workers' CPU ms/message")
    return Figures("Handling", note, head, tuple(rows))


def of_reading(found: Sequence[Reading]) -> Figures:
    note = (
        f"{found[0].messages} labelled messages, parsing included; the best of three rounds each. The baseline is a"
        " logistic regression over n-grams of words and letters, learnt from the given messages; it reads intents only."
        " Memory is what the reader adds to the process."
    )
    rows = [
        (one.name, f"{one.intents:.3f}", f"{one.fields:.3f}" if one is found[0] else "", f"{one.p50:.1f}",
         f"{one.p99:.1f}", f"{one.slowest:.1f}", f"{1_000 / one.mean:,.0f}", f"{one.load_seconds:.1f}", f"{one.mb:.0f}")
        for one in found
    ]  # fmt: skip
    head = (
        "Reader", "Intent F1", "Field F1", "Median, ms", "99 of 100 within, ms", "Slowest, ms", "Messages/s, one core",
        "To load, s", "Memory, MB",
    )  # fmt: skip
    return Figures("Reading", note, head, tuple(rows))


def of_calling(found: Sequence[Called]) -> Figures:
    note = (
        "A call to a HubSpot on this machine that answers at once: its turn is taken from limits that all workers share"
        " in the database (on the same machine, fsync on), then it is sent and its answer read. The baseline sends the"
        " same bytes over a pool of connections and does nothing else. HubSpot allows ten to twenty calls a second."
    )
    rows = [
        (str(one.inputs), str(one.at_once), f"{one.bare:.2f}", f"{one.client:.2f}", f"{one.ratio:.1f}",
         f"{one.turn:.2f}", f"{one.cpu:.2f}", f"{one.statements:.0f}", f"{one.per_second:,.0f}")
        for one in found
    ]  # fmt: skip
    head = (
        "Records a call", "At once", "Bare, ms/call", "Agent, ms/call", "Ratio", "Its turn, ms", "CPU, ms/call",
        "Statements a call", "Calls/s",
    )  # fmt: skip
    return Figures("Calls to HubSpot", note, head, tuple(rows))


def of_timelines(found: Sequence[Logged]) -> Figures:
    note = (
        "Messages, answers and decisions of 40 partners on their way to a HubSpot (the stateful fake of the tests, 100"
        " calls allowed in ten seconds, of which the agent takes 90); calls are all those about interactions, what is"
        f" read back after lost answers included. Goal: {GOAL_CALLS} calls for each while many wait, each logged once,"
        f" {GOAL_SECONDS:.0f} seconds behind when idle. An attached file costs one call more, once for each"
        " content. `make plays` does the same with an outage of two minutes and workers that are killed."
    )
    rows = [
        (one.what, f"{one.count:,}", f"{one.calls:.4f}", f"{one.seconds:.1f}", str(one.lost), str(one.doubled),
         str(one.over_limit))
        for one in found
    ]  # fmt: skip
    head = (
        "Interactions",
        "Number",
        "Calls for each",
        "Seconds in all, or behind",
        "Lost",
        "Doubled",
        "Over the limit",
    )
    return Figures("Timelines in HubSpot", note, head, tuple(rows))


def of_announcing(queued: Announced, delivered: Sequence[Delivered]) -> Figures:
    note = (
        f"Mails of an announcement with each reader's own words in text and subject, delivered to an aiosmtpd that"
        f" discards them, over at most {CONNECTIONS} connections and with a commit before each is ended; the baseline"
        f" hands one and the same mail over again and again and notes nothing. Goal: {GOAL_RATE} mails a second,"
        f" {WISH_RATE} if possible, and memory that does not grow with their number. Before that, for {queued.people:,}"
        f" people: the preview in {queued.preview:.1f} s (goal {GOAL_PREVIEW:.0f}), every copy planned, rendered and"
        f" queued in {queued.queued:.0f} s (goal {GOAL_QUEUED:.0f}) with {queued.grown / 1e6:.0f} MB more than before."
        " `make plays` does it with three kills, while 2,000 answer and others ask."
    )
    rows = [
        (f"{one.people:,}", f"{one.bare:,.0f}", f"{one.rate:,.0f}", f"{one.rate / one.bare:.2f}", f"{one.cpu:.1f}",
         f"{one.memory:.0f}")
        for one in delivered
    ]  # fmt: skip
    head = ("Mails", "Bare, mails/s", "Agent, mails/s", "Ratio", "Agent, CPU ms/mail", "Memory, MB")
    return Figures("Announcing", note, head, tuple(rows))


def of_slack(acknowledged: Sequence[Acknowledged], answered: Answered) -> Figures:
    rows = [
        (
            f"acknowledged, {one.way}",
            f"{one.events:,}",
            f"{one.median:.0f}",
            f"{one.p99:.0f}",
            f"{one.slowest:.0f}",
            str(one.lost),
            f"{one.busy:.0%}",
        )
        for one in acknowledged
    ]
    rows.append(
        (
            "answered",
            str(answered.questions),
            f"{answered.median:.0f}",
            "",
            f"{answered.slowest:.0f}",
            "",
            "",
        )
    )
    each = acknowledged[0].per_second
    note = (
        f"Partners' messages at {each} a second for {SECONDS_OF_EVENTS} seconds, each committed with its job before"
        " it is acknowledged, into one process with a worker that has mails to handle all along. Answered: a question"
        " at a time in an agent at rest, until its post is with Slack. Goals: 99 of 100 acknowledged within"
        f" {GOAL_ACKNOWLEDGED:,.0f} ms, a median answer within {GOAL_ANSWERED:,.0f} ms. Slack is played by the process"
        " that measures, on the same cores. Busy: of a core, by the agent."
    )
    head = ("What", "Number", "Median, ms", "99 of 100 within, ms", "Slowest, ms", "Lost", "Busy")
    return Figures("Events of Slack", note, head, tuple(rows))


def of_visible_text(found: Sequence[Finding]) -> Figures:
    note = (
        "Right: equal to what the sender newly wrote, line breaks aside, and greeting and closing aside except for the"
        " public fixtures. The agent's time includes the parsing of whole mails; the peers are given their text, and"
        " that of HTML-only mails. Forms of mail programs: a message of the training data above, below or between"
        " quoted lines as each program puts it. Labelled mails and public fixtures come from folders that are not part"
        " of the project (`--cases`, `--replies`). The best of three rounds each."
    )
    rows = [
        (one.samples, one.parser, str(one.mails), f"{one.right:.3f}", f"{one.p50:.2f}", f"{one.p99:.2f}",
         f"{1_000 / one.mean:,.0f}")
        for one in found
    ]  # fmt: skip
    head = ("Mails", "Parser", "Number", "Right", "Median, ms", "99 of 100 within, ms", "Mails/s, one core")
    return Figures("Visible text", note, head, tuple(rows))


def of_hostile(found: Sequence[Hostile]) -> Figures:
    time, memory = max(max(one.here, one.apart) for one in found), max(one.apart_mb for one in found)
    note = (
        f"{len(found)} mails made to break a parser or to cost it time or memory: at most {time:.2f} s and"
        f" {memory:.0f} MB; those that take longest. Goal: {SECONDS:.0f} s and {MEGABYTES:.0f} MB. Apart: in the"
        " process that reads mails above 64 kB; memory is what it, and the agent beside it, grew by."
    )
    rows = [
        (one.name, f"{one.mb:.1f}", f"{one.here:.2f}", f"{one.apart:.2f}", f"{one.apart_mb:.0f}", f"{one.agent_mb:.0f}",
         one.refused or "no")
        for one in shown(tuple(found))
    ]  # fmt: skip
    head = ("Mail", "MB", "Here, CPU s", "Apart, CPU s", "Apart, MB", "Agent, MB", "Refused")
    return Figures("Hostile mail", note, head, tuple(rows))


def of_statements(found: Sequence[Ran]) -> Figures:
    note = (
        f"{PARTNERS} partners, {PAYMENTS_EACH} payments for each deal, all in the month that is closed; from records"
        " to lines with their derivation, statements, ledger and jobs, with the database on the same machine. Documents"
        " are made afterwards by jobs. The baseline copies the same rows in and does nothing else; a line's share is"
        f" against that of the fewest deals. Goal: {SECONDS_OF_A_RUN:.0f} s and {MEGABYTES_OF_A_RUN:.0f} MB for"
        " the most deals."
    )
    rows = [
        (f"{one.deals:,}", f"{one.lines:,}", str(one.statements), f"{one.seconds:.1f}", f"{one.cpu_seconds:.1f}",
         f"{one.lines_per_second:,.0f}", f"{one.ratio:.1f}",
         f"{(one.seconds / one.lines) / (found[0].seconds / found[0].lines):.2f}", f"{one.megabytes:.0f}",
         f"{one.again:.1f}")
        for one in found
    ]  # fmt: skip
    head = (
        "Deals", "Lines", "Statements", "Seconds", "CPU, s", "Lines/s", "Against the baseline", "A line's share",
        "Memory, MB", "Again, s",
    )  # fmt: skip
    return Figures("Statement runs", note, head, tuple(rows))


def show(console: Console, figures: Figures) -> None:
    table = Table(title=figures.title, caption=figures.note, caption_justify="left", title_justify="left")
    for name in figures.head:
        table.add_column(name, justify="right")
    for row in figures.rows:
        table.add_row(*row)
    console.print(table)


def page(machine: str, every: Sequence[Figures]) -> str:
    """Markdown, complete."""
    parts = [
        "# Benchmarks",
        _HOW,
        f"Machine: {machine}.",
        *(part for figures in every for part in (f"## {figures.title}", figures.note, _markdown(figures))),
    ]
    return "\n\n".join(parts) + "\n"


def _markdown(figures: Figures) -> str:
    lines = [figures.head, tuple("---:" for _ in figures.head), *figures.rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
