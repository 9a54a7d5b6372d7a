"""An invoice of the partner's: its PDF goes to the manager; without one it is asked for."""

from __future__ import annotations

from dataclasses import replace

from bot.intents import hand_over
from bot.intents.phrases import text
from bot.vocabulary.decisions import Decision, Outcome
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Attachment
from bot.vocabulary.requests import Request
from crm.records import Channel


def decide(request: Request, facts: Facts) -> Decision:
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
    if any(file.kind or facts.channel is Channel.SLACK for file in facts.attachments):
        return replace(passed_on, outcomes=(*passed_on.outcomes, wanted))
    return Decision((), (wanted,), "invoice_asked_for")


def _as_message(outcome: Outcome) -> Outcome:
    """What is passed on is a message, and perhaps no invoice."""
    return replace(outcome, values=dict(outcome.values) | {"matter": text("matter.other")})


def _is_pdf(file: Attachment, channel: Channel) -> bool:
    """Slack's files are not looked into; there the name and the type that Slack tells have to do."""
    if channel is Channel.SLACK:
        return file.content_type == "application/pdf" or file.name.lower().endswith(".pdf")
    return file.kind == "pdf"
