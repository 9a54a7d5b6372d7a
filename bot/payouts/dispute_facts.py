"""A dispute from both sides: what the partner says, and how the rules came to the sum and would come to it today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.documents.derivation import sentences
from bot.payouts.statement_facts import Fact, in_words
from bot.payouts.states import worded
from bot.readers.builtin.amounts import find_numbers
from bot.storage import lines, mirror, statements
from bot.texts.catalogue import catalogue
from bot.texts.wording import Wording, reader_locale
from crm.money import Money
from crm.records import Channel, Contact, Deal, Milestone, Partner, Payment
from knowledge.commission.account import Line
from knowledge.commission.statement import Dispute, Statement

_MOST = 5
_AT_A_GLANCE = 280  # characters of a fact


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    """`today` are lines that the rules would post now because of what the disputed one rests on; None where that could
    not be computed.
    """

    dispute: Dispute
    partner: Partner
    line: Line
    statement: Statement | None
    deal: Deal | None
    payment: Payment | None
    milestone: Milestone | None
    writer: Contact | None
    corrections: tuple[Line, ...]
    today: tuple[Line, ...] | None

    @property
    def about(self) -> str:
        return self.line.customer or self.line.deal_number or self.line.plan

    @property
    def difference(self) -> Money | None:
        """By how much the records of today would change the line; None where that is not known."""
        if self.today is None:
            return None
        return sum((line.amount for line in self.today), Money.zero(self.line.amount.currency))


async def facts_of(
    connection: AsyncConnection, dispute: Dispute, partner: Partner, new: Sequence[Line] | None
) -> DisputeFacts | None:
    """`new` are the lines that the rules would post for the partner now; None where that could not be computed. None
    for a line that is gone.
    """
    stated = await lines.find(connection, dispute.line)
    if stated is None:
        return None
    line = stated.line
    posted = await lines.stated(connection, partner.id)
    event = line.event
    return DisputeFacts(
        dispute=dispute,
        partner=partner,
        line=line,
        statement=await statements.find(connection, dispute.statement_id),
        deal=await mirror.one(connection, Deal, line.deal_id) if line.deal_id else None,
        payment=await mirror.one(connection, Payment, event),
        milestone=await mirror.one(connection, Milestone, event),
        writer=await mirror.one(connection, Contact, dispute.contact_id) if dispute.contact_id else None,
        corrections=tuple(one.line for one in posted if one.line.reverses == line.key),
        today=None if new is None else tuple(one for one in new if _concerns(one, line)),
    )


def both_views(found: DisputeFacts) -> tuple[Fact, ...]:
    """The partner's first, then that of the rules."""
    dispute, line = found.dispute, found.line
    said = (
        ("Partner", ", ".join(part for part in (found.partner.name, found.partner.tier, found.partner.region) if part)),
        ("Statement", _statement(found)),
        ("The partner says", dispute.words),
        ("From", f"{found.writer.name} <{found.writer.email}>" if found.writer else ""),
        ("Sums it names", _named(dispute.words)),
        (
            "The line",
            f"{in_words(line.amount)}, {found.about}, {line.plan} ({line.version}), earned on {line.earned_on}",
        ),
        *_derivation(told(line)),
        ("Deal", _deal(found.deal)),
        ("Rests on", _event(found)),
        ("By today's records", _today(found)),
        ("Corrected before", "; ".join(f"{one.part} {in_words(one.amount)}" for one in found.corrections[:_MOST])),
    )
    return tuple((label, value) for label, value in said if value)


def _derivation(steps: Sequence[str]) -> tuple[Fact, ...]:
    """In parts that are short enough to be shown whole on a card."""
    parts: list[str] = []
    for said in steps:
        if parts and len(parts[-1]) + len(said) < _AT_A_GLANCE:
            parts[-1] += f" | {said}"
        else:
            parts.append(said)
    labels = ("As the partner reads it", *["And then"] * (len(parts) - 1))
    return tuple(zip(labels, parts, strict=False))


def told(line: Line) -> tuple[str, ...]:
    """The derivation in English sentences."""
    wording = Wording(catalogue(), "en", reader_locale("en", ""), ZoneInfo("UTC"), Channel.CLI)
    return sentences(line.steps, wording)


def _concerns(new: Line, line: Line) -> bool:
    """Whether it corrects this line, or stands for the same part of the same event."""
    return new.reverses == line.key or (new.series, new.event, new.part) == (line.series, line.event, line.part)


def _statement(found: DisputeFacts) -> str:
    number, statement = found.dispute.statement_number, found.statement
    if statement is None:
        return number
    total = f", {in_words(statement.total)} without the line" if statement.state.live else ""
    return f"{number}, {worded(statement.state)}{total}"


def _named(words: str) -> str:
    """Sums of money in the partner's words, as they stand there: what it expected may be among them."""
    found = [words[m.start : m.end].strip() for m in find_numbers(words, "en") if m.currency]
    return ", ".join(dict.fromkeys(found[:_MOST]))


def _deal(deal: Deal | None) -> str:
    if deal is None:
        return ""
    won = f", won on {deal.won_on}" if deal.won_on else ""
    amount = f", {in_words(deal.amount)}" if deal.amount else ""
    return f"{deal.number}, {deal.customer}, {deal.stage.value}{won}{amount}"


def _event(found: DisputeFacts) -> str:
    if found.payment is not None:
        paid = found.payment
        invoice = f", invoice {paid.invoice}" if paid.invoice else ""
        what = "a refund" if paid.amount.amount < 0 else "a payment"
        return f"{what} of {in_words(paid.amount)} on {paid.received_on}{invoice}"
    if found.milestone is not None:
        done = found.milestone
        value = f" of {_plain(done.value)}" if done.value is not None else ""
        return f"{done.kind.value.replace('_', ' ')}{value} on {done.on}"
    return "" if found.line.event.startswith("correction:") else "records that are no longer in the CRM"


def _today(found: DisputeFacts) -> str:
    difference = found.difference
    if difference is None:
        return "not known: they could not be computed"
    if not difference.amount:
        return "the same sum"
    rest = found.line.amount + difference
    return f"{in_words(rest)}: the rules put {in_words(difference)} on the next statement by themselves"


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
