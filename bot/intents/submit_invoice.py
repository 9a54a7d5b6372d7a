"""An invoice of the partner's: its PDF is read and compared with the statement; without one it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from bot.intents import hand_over, rights
from bot.intents.invoice_match import Matched, match
from bot.intents.phrases import text
from bot.vocabulary.decisions import AwaitFields, Command, Decision, Outcome
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Attachment
from bot.vocabulary.money import InvoiceFault, InvoiceRead, MoneyFacts
from bot.vocabulary.requests import InvoiceFields, Request
from crm.records import Channel

INVOICE_STATEMENT = "invoice_statement"
"""What a thread waits for where it was asked which statement an invoice is for."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """An invoice whose statement was asked for, as the thread keeps it."""

    sha256: str
    read: InvoiceRead


_KEPT = TypeAdapter(_Kept)


def decide(request: Request, facts: Facts) -> Decision:
    """Who may not see statements hands the invoice in all the same; what it is compared with is not told to him."""
    if facts.money is not None and rights.statements_refused(facts) is None:
        said = request.fields if isinstance(request.fields, InvoiceFields) else InvoiceFields()
        read = facts.invoices or _asked_about(facts)
        if read and not (request.ask and all(one.fault is InvoiceFault.NO_INVOICE for _, one in read)):
            return _compared(request, said, read, facts, facts.money)
    return _passed_on(request, facts)


def _compared(
    request: Request,
    said: InvoiceFields,
    read: Sequence[tuple[str, InvoiceRead]],
    facts: Facts,
    money: MoneyFacts,
) -> Decision:
    """One answer for each invoice; other PDFs beside one are what belongs to it."""
    invoices = [pair for pair in read if pair[1].fault is not InvoiceFault.NO_INVOICE] or list(read)
    alone = len(invoices) == 1
    found = [
        (
            sha256,
            one,
            match(sha256, _completed(one, said if alone else InvoiceFields()), said.statement_ref, facts, money),
        )
        for sha256, one in invoices
    ]
    commands = [command for _, _, matched in found for command in matched.commands]
    outcomes = [outcome for _, _, matched in found for outcome in matched.outcomes]
    commands += _waiting(found, facts)
    if any(matched.to_person for _, _, matched in found):
        passed_on = hand_over.decide(request, facts)
        commands += [hand_over.with_facts(command, _about(found)) for command in passed_on.commands]
        outcomes += passed_on.outcomes
    return Decision(tuple(commands), tuple(outcomes), found[0][2].log)


def _completed(read: InvoiceRead, said: InvoiceFields) -> InvoiceRead:
    """With the number that the message gives, where the document shows none."""
    return read if read.number or read.fault else replace(read, number=said.invoice_number or "")


def _waiting(found: Sequence[tuple[str, InvoiceRead, Matched]], facts: Facts) -> list[Command]:
    """The thread waits for the statement of the one invoice that was asked about, and for nothing once it is told."""
    asked = [(sha256, read) for sha256, read, matched in found if matched.asks]
    if len(asked) == 1:
        kept = _KEPT.dump_json(_Kept(*asked[0])).decode()
        return [AwaitFields(facts.thread.subject_ref, (INVOICE_STATEMENT,), kept)]
    return [AwaitFields(facts.thread.subject_ref, ())] if INVOICE_STATEMENT in facts.thread.asked else []


def _asked_about(facts: Facts) -> tuple[tuple[str, InvoiceRead], ...]:
    """The invoice whose statement the thread asked for, where this message tells it."""
    if INVOICE_STATEMENT not in facts.thread.asked:
        return ()
    try:
        kept = _KEPT.validate_json(facts.thread.proposal)
    except ValidationError:
        return ()
    return ((kept.sha256, kept.read),)


def _about(found: Sequence[tuple[str, InvoiceRead, Matched]]) -> str:
    """What was read, in a line for the manager."""
    return "; ".join(
        f"{read.file}: {matched.log.removeprefix('invoice_').replace('_', ' ')}"
        + (f", number {read.number}" if read.number else "")
        + (f", net {read.net.amount} {read.net.currency}" if read.net else "")
        for _, read, matched in found
        if matched.to_person
    )


def _passed_on(request: Request, facts: Facts) -> Decision:
    """Files that are no PDF go to the manager as well, who may make do with a scan; the PDF is asked for all the same.

    Where the reader is not sure that it is about an invoice at all, a person looks at it. Nobody who forgot the file
    may then believe that the invoice has come.
    """
    passed_on = hand_over.decide(request, facts)
    if invoices := [file.name for file in facts.attachments if _is_pdf(file, facts.channel)]:
        received = Outcome("invoice.received", {"files": tuple(invoices)})
        return replace(passed_on, outcomes=(received, *passed_on.outcomes))
    if request.ask:
        return replace(passed_on, outcomes=(*map(_as_message, passed_on.outcomes), Outcome("invoice.no_pdf")))
    wanted = Outcome("invoice.send_pdf")
    if any(file.kind or not file.looked_at for file in facts.attachments):
        return replace(passed_on, outcomes=(*passed_on.outcomes, wanted))
    return Decision((), (wanted,), "invoice_asked_for")


def _as_message(outcome: Outcome) -> Outcome:
    """What is passed on is a message, and perhaps no invoice."""
    return replace(outcome, values=dict(outcome.values) | {"matter": text("matter.other")})


def _is_pdf(file: Attachment, channel: Channel) -> bool:
    """Where nobody could look into a file of Slack's, the name and the type that Slack tells have to do."""
    if channel is Channel.SLACK and not file.looked_at:
        return file.content_type == "application/pdf" or file.name.lower().endswith(".pdf")
    return file.kind == "pdf"
