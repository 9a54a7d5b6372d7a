"""What the decisions of one message come to: each record is written once, and its thread waits for one thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.intents import deal_proposal, update_deal
from bot.intents.phrases import text
from bot.vocabulary.decisions import (
    AwaitFields,
    ChangeDeal,
    Command,
    Decision,
    Outcome,
    SaveContact,
    SaveLead,
    SaveRegistration,
)
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import YES_OR_NO, Question
from bot.vocabulary.requests import Intent, Request, UpdateFields
from crm.records import Deal, Stage


def reason_once(requests: Sequence[Request], facts: Facts) -> tuple[Request, ...]:
    """The requests, but that an answer to why a deal was lost, which also reads as a detail, is one answer."""
    if update_deal.WHY_LOST not in facts.thread.asked:
        return tuple(requests)
    lost = any(isinstance(r.fields, UpdateFields) and r.fields.stage is Stage.LOST for r in requests)
    return tuple(r for r in requests if not (lost and r.intent is Intent.PROVIDE_FIELD))


def written_once(decisions: Iterable[Decision]) -> list[Decision]:
    """One write for each record: where a message changes it several times, the last one holds all of them. A deal's
    starts from what was seen before the message, since that is what the CRM still holds.
    """
    seen: dict[str, Deal] = {}
    last: dict[object, Command] = {}
    for command in (c for d in decisions for c in d.commands):
        if (record := _record(command)) is not None:
            last[record] = command
        if isinstance(command, ChangeDeal):
            last[record] = ChangeDeal(seen.setdefault(command.seen.id, command.seen), command.wanted)
    return [replace(d, commands=tuple(_last_of(d.commands, last))) for d in decisions]


def _last_of(commands: Iterable[Command], last: dict[object, Command]) -> Iterator[Command]:
    """The commands with each record's last write in the place of its first."""
    for command in commands:
        record = _record(command)
        if record is None:
            yield command
        elif record in last:
            yield last.pop(record)


def _record(command: Command) -> object:
    """What the command writes, None for one that writes no record."""
    match command:
        case SaveRegistration(registration):
            return "registration", registration.number
        case ChangeDeal(seen):
            return "deal", seen.id
        case SaveLead(lead):
            return "lead", lead.number
        case SaveContact(contact):
            return "contact", contact.id
    return None


def question_last(decisions: Iterable[Decision], asks: Iterable[bool]) -> tuple[Decision, ...]:
    """In the order of the message, but that those which ask for a yes or no stand behind what was done."""
    return tuple(d for d, _ in sorted(zip(decisions, asks, strict=True), key=lambda pair: pair[1]))


def asks_yes_or_no(decision: Decision) -> bool:
    waits = (c for c in decision.commands if isinstance(c, AwaitFields))
    return any(not YES_OR_NO.isdisjoint(wait.fields) for wait in waits)


def passed_on_once(decisions: Iterable[Decision]) -> list[Decision]:
    """That the message was passed on goes without saying where something in it was; and who gets a person's call is not
    told beside it that a question was passed on to that person.
    """
    decisions = list(decisions)
    if any(o.text.startswith("human.") for d in decisions for o in d.outcomes):
        decisions = [replace(d, outcomes=()) if _unanswered(d) else d for d in decisions]
    passed = {o.values.get("manager") for d in decisions for o in d.outcomes if _passed(o) and not _whole(o)}
    return [
        replace(d, outcomes=tuple(o for o in d.outcomes if not (_whole(o) and o.values.get("manager") in passed)))
        for d in decisions
    ]


def _unanswered(decision: Decision) -> bool:
    """Whether it says no more than that a question about the program is with a person now."""
    said = [outcome for outcome in decision.outcomes if not _passed(outcome)]
    return [outcome.text for outcome in said] == ["program.not_found"]


def _passed(outcome: Outcome) -> bool:
    return outcome.text.startswith("handed_over.")


def _whole(outcome: Outcome) -> bool:
    """Whether it says of the message as a whole that it was passed on."""
    return _passed(outcome) and outcome.values.get("matter") == text(f"matter.{Intent.OTHER.value}")


def awaiting_once(decisions: list[Decision]) -> tuple[Decision, ...]:
    """A thread waits for one thing. Where a message leaves several drafts with gaps, it waits for the fields of all of
    them and names no draft: the answer is then matched by customer, or by what is missing. A question for a yes that
    only makes sense with its proposal goes before them: drafts are found again by their customer, a proposal is not.
    """
    waits = [c for d in decisions for c in d.commands if isinstance(c, AwaitFields)]
    if len(waits) < 2:
        return tuple(decisions)
    kept = [replace(d, commands=tuple(c for c in d.commands if not isinstance(c, AwaitFields))) for d in decisions]
    kept[-1] = replace(kept[-1], commands=(*kept[-1].commands, _one_wait(waits)))
    return tuple(kept)


def _one_wait(waits: list[AwaitFields]) -> AwaitFields:
    proposed = [c for c in waits if c.proposal]
    if proposed:
        return _one_question(proposed)
    last = {c.registration_number: c for c in waits}
    gaps = [c for c in last.values() if c.fields]
    if len(gaps) == 1:
        return gaps[0]
    return AwaitFields("", _all_fields(gaps)) if gaps else waits[-1]


def _one_question(waits: list[AwaitFields]) -> AwaitFields:
    """A yes changes all the deals that the message's answer asks about; of other questions it is for the last."""
    changes = list(dict.fromkeys(c.proposal for c in waits if Question.UPDATE in c.fields))
    last = waits[-1]
    if len(changes) < 2 or Question.UPDATE not in last.fields:
        return last
    return replace(last, proposal=deal_proposal.together(changes))


def _all_fields(waits: Iterable[AwaitFields]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for wait in waits for name in wait.fields))
