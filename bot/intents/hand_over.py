"""Wishes that a person answers: the partner's manager gets what was read, the partner learns who will reply."""

from __future__ import annotations

from dataclasses import fields, replace

from bot.intents.own_deals import by_number, of_thread
from bot.intents.phrases import in_words, text
from bot.vocabulary.decisions import Command, Decision, HandOver, Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Intent, Request

_NO_MATTER = frozenset({Intent.THANKS, Intent.AUTO_REPLY})  # as a label; a finer wish beside it may be one
_WISH = {
    Intent.REGISTER_DEAL: "Wants a deal registered",
    Intent.REFER_LEAD: "Refers a lead for us to pursue",
    Intent.UPDATE_DEAL: "Reports a change on a deal",
    Intent.ASK_DEAL_STATUS: "Asks where a deal stands",
    Intent.ASK_TIER: "Asks about the tier",
    Intent.ASK_COMMISSION: "Asks about commission",
    Intent.ASK_PAYOUT: "Asks about a payout or statement",
    Intent.SUBMIT_INVOICE: "Sends an invoice",
    Intent.DISPUTE_COMMISSION: "Says that a statement or commission is wrong",
    Intent.ANSWER_ANNOUNCEMENT: "Answers an announcement that this conversation does not belong to",
    Intent.ASK_CONTENT: "Wants a document or sales material",
    Intent.ASK_TRAINING: "Asks about training",
    Intent.ASK_PROGRAM: "Asks about the program, and its pages hold no answer",
    Intent.REQUEST_HUMAN: "Wants to talk to a person",
    Intent.UNSUBSCRIBE: "Wants no more announcements, from an address that belongs to no contact",
    Intent.PROVIDE_FIELD: "Answers a question about a registration, and the agent could not use the answer",
    Intent.OTHER: "Wants something that the agent does not do",
}


def decide(request: Request, facts: Facts) -> Decision:
    """Pass the request on with everything that was read in it."""
    matter = Intent.OTHER if request.intent in _NO_MATTER else request.intent
    outcome = _told(facts, {"matter": text(f"matter.{matter.value}")})
    number = _deal_number(request, facts)
    command = HandOver(request.intent, summary_of(request), number)
    return Decision((command,), (outcome,), "handed_over", (number,) if number else ())


def with_facts(command: Command, about: str) -> Command:
    """A hand-over that tells the manager what it is about, beside what was read; any other command as it is."""
    if not isinstance(command, HandOver):
        return command
    return replace(command, summary=f"{command.summary} [{about}]"[:1000])


def summary_of(request: Request) -> str:
    """One English line for the manager: the wish, and the fields as they were read."""
    said = {f.name: getattr(request.fields, f.name) for f in fields(request.fields)}
    known = {name: value for name, value in said.items() if value is not False and value not in (None, "", ())}
    wish = _WISH.get(request.intent, request.intent.value)
    return " ".join((f"{wish}: {in_words(known)}" if known else wish).split())[:1000]


def change_noted(facts: Facts) -> Outcome:
    """That what is new was put before the manager, because the record itself is locked."""
    return _told(facts, {"matter": text("matter.change")})


def extension_passed(facts: Facts) -> Outcome:
    """That a person decides whether a protection is extended."""
    return _told(facts, {"matter": text("matter.extension")})


def attribution_passed(facts: Facts) -> Outcome:
    """That what the partner says of its part in a deal was put before the manager, who alone decides on that."""
    return _told(facts, {"matter": text("matter.attribution")})


def evidence_passed(facts: Facts) -> Outcome:
    """That the customer's written choice was put before the manager, who weighs it."""
    return _told(facts, {"matter": text("matter.evidence")})


def _told(facts: Facts, values: dict[str, Value]) -> Outcome:
    if facts.manager is None:
        return Outcome("handed_over.to_team", values)
    return Outcome("handed_over.to_manager", values | {"manager": facts.manager.name})


def _deal_number(request: Request, facts: Facts) -> str:
    """The own deal a hand-over is about; a number that is not the partner's own stays in the summary only."""
    reference = getattr(request.fields, "deal_ref", None)
    deal = by_number(facts, reference) if reference else of_thread(facts)
    return deal.number if deal else ""
