"""Decide: what follows from everything one message wants; pure, and the only place where that is decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.intents import deal_sheet, money_after, other_reader, refused_files, under_review
from bot.intents.age import aged
from bot.intents.ask_deal_status import question_open
from bot.intents.hand_over import summary_of
from bot.intents.menus import with_menus
from bot.intents.offers import with_yes_or_no
from bot.intents.one_answer import as_one_answer
from bot.intents.one_message import (
    asks_yes_or_no,
    awaiting_once,
    passed_on_once,
    question_last,
    reason_once,
    written_once,
)
from bot.intents.table import TABLE, decider
from bot.vocabulary.decisions import (
    AwaitFields,
    ChangeDeal,
    Command,
    Decision,
    DeclineLead,
    HandOver,
    Outcome,
    SaveContact,
    SaveLead,
    SaveRegistration,
)
from bot.vocabulary.facts import Facts
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import ThreadContext
from bot.vocabulary.money import MoneyFacts
from bot.vocabulary.requests import Finer, Intent, NoFields, Reading, Request
from crm.records import Channel, Registration

_TOLD_DIRECTLY, _WITHHELD_BY_MAIL = Outcome("channel.directly"), Outcome("withheld.address")
_MANAGERS_DECIDE_ELSEWHERE = Decision((), (Outcome("manager.where_to_decide"),), "manager_wrote")
_ASKING = frozenset({
    Intent.ASK_DEAL_STATUS, Intent.ASK_TIER, Intent.ASK_COMMISSION, Intent.ASK_PAYOUT, Intent.ASK_CONTENT,
    Intent.ASK_TRAINING, Intent.ASK_PROGRAM,
})  # fmt: skip
_ASKS_FOR_MORE = frozenset({Finer.SEND_STATEMENT, Finer.SEND_PLAN, Finer.EXTEND})
_UNREAD = Request(Intent.OTHER, NoFields(), confidence=0.0)


def decide(reading: Reading, facts: Facts) -> tuple[Decision, ...]:
    """One decision for each request, in order; each sees what the earlier ones of the same message changed."""
    besides = (*deal_sheet.told(reading.sheets), *refused_files.told(facts.attachments))
    if not reading.answer_expected:
        # Thanks need no answer; that a file beside them was not kept does.
        spoken = bool(reading.requests) and all(r.intent is Intent.THANKS for r in reading.requests)
        logged = _absence(reading, facts) or tuple(_logged(r) for r in reading.requests)
        return logged + (besides if spoken else ())
    facts = replace(_own(facts), language=reading.language)
    asked = under_review.asked_back(facts)
    decisions: list[Decision] = []
    wishes = reason_once(as_one_answer(reading.requests or (() if besides else (_UNREAD,)), facts), facts)
    for request in wishes:
        decide_one = deal_sheet.decide if request.row else decider(request)
        decision = with_menus(request, decide_one(request, facts), facts)
        decisions.append(decision)
        facts = _after(facts, decision.commands)
    decisions = aged(wishes, decisions, facts)
    decisions = [*deal_sheet.gathered(decisions), *besides, *_still_asked(asked, decisions, facts)]
    decisions = passed_on_once(decisions)
    told = [_withheld(d, facts.channel) for d in decisions] if facts.outsiders_read else decisions
    in_order = question_last(awaiting_once(written_once(told)), [asks_yes_or_no(d) for d in decisions])
    return with_yes_or_no(in_order)


def decide_for_manager(reading: Reading, facts: Facts) -> tuple[Decision, ...]:
    """For a manager in a partner's channel: what he asks is answered as the partner's everyday contact would have it.

    Nothing is ordered or done there: whatever would change something leads to where managers decide.
    """
    if not reading.answer_expected:
        return tuple(_logged(request) for request in reading.requests)
    facts = replace(facts, contact=None, thread=ThreadContext(id=facts.thread.id), attachments=())
    asked = tuple(request for request in reading.requests if _only_asks(request))
    told = decide(replace(reading, requests=asked, sheets=()), facts) if asked else ()
    answers = tuple(_only_told(d) for d in told if not _does(d))
    complete = len(answers) == len(told) and len(asked) == len(reading.requests)
    return answers if answers and complete else (*answers, _MANAGERS_DECIDE_ELSEWHERE)


def _only_asks(request: Request) -> bool:
    return request.intent in _ASKING and request.finer not in _ASKS_FOR_MORE and not request.row


def _only_told(decision: Decision) -> Decision:
    """Without what only the partner may do or press."""
    told, alone = (
        tuple(replace(o, offers=()) for o in outcomes) for outcomes in (decision.outcomes, decision.privately)
    )
    return replace(decision, commands=(), outcomes=told, privately=alone)


def _does(decision: Decision) -> bool:
    """Whether it does more than wait for an answer, which nobody would give to a manager."""
    return any(not isinstance(command, AwaitFields) for command in decision.commands)


def _still_asked(asked: Registration | None, decisions: list[Decision], facts: Facts) -> tuple[Decision, ...]:
    """A manager's question that stays open beside everything else is put again, so that nobody takes it for answered;
    not where the answer asks something of its own, or says so already.
    """
    if asked is None or asked not in facts.registrations:
        return ()
    busy = any(isinstance(c, AwaitFields) and c.fields for d in decisions for c in d.commands)
    again = question_open(asked)
    if busy or any(outcome == again for d in decisions for outcome in d.outcomes):
        return ()
    return (Decision((), (again,), "question_still_open", (asked.number,)),)


def _own(facts: Facts) -> Facts:
    """The facts without any record of somebody else: a fault in a mirror or a query must not become a leak."""
    partner = facts.partner.id
    return replace(
        facts,
        deals=tuple(d for d in facts.deals if d.partner_id == partner),
        payments=tuple(p for p in facts.payments if p.partner_id == partner),
        registrations=tuple(r for r in facts.registrations if r.partner_id == partner),
        leads=tuple(lead for lead in facts.leads if lead.partner_id == partner),
        colleagues=tuple(c for c in facts.colleagues if c.partner_id == partner),
        money=_own_money(facts),
    )


def _own_money(facts: Facts) -> MoneyFacts | None:
    """Deals that the partner influenced are another's and its own to be told of; all else is its own alone."""
    money, partner = facts.money, facts.partner.id
    if money is None or money.account.partner.id != partner:
        return None
    account = money.account
    deals = tuple(d for d in account.deals if partner in (d.partner_id, *(o.partner_id for o in d.others)))
    known = {deal.id for deal in deals}
    account = replace(
        account,
        deals=deals,
        payments=tuple(p for p in account.payments if p.deal_id in known),
        milestones=tuple(m for m in account.milestones if m.deal_id in known or m.partner_id == partner),
        registrations=tuple(r for r in account.registrations if r.partner_id == partner),
    )
    return replace(
        money,
        account=account,
        lines=tuple(stated for stated in money.lines if stated.line.partner_id == partner),
        statements=tuple(s for s in money.statements if s.partner_id == partner),
        disputes=tuple(d for d in money.disputes if d.partner_id == partner),
    )


def decide_unproven(identity: Identity, reading: Reading, *, slack_channel: str = "") -> tuple[Decision, ...]:
    """The decision for a sender who may not be told anything: nothing changes and nothing of anybody is shown.

    Known and unknown addresses get the same words, so an answer tells nobody which addresses are on file; behind a
    claimed one, the partner's manager learns that somebody wrote in its name. Who writes in a `slack_channel` is led
    to the one that his company shares.
    """
    if not reading.answer_expected or not any(TABLE[r.intent].answered for r in reading.requests or (_UNREAD,)):
        return tuple(_logged(r) for r in reading.requests)
    if identity.paused:
        return (Decision((), (Outcome("channel.paused"),), "channel_paused"),)
    if identity.manager is not None and identity.trust is Trust.PROVEN:
        return (_MANAGERS_DECIDE_ELSEWHERE,)
    notes = (_note(identity, reading),) if identity.trust is Trust.CLAIMED and identity.partner is not None else ()
    in_slack = "direct.unknown" if slack_channel.startswith("D") else "direct.in_a_channel"
    told = Outcome(in_slack if slack_channel else "unproven.not_verified")
    return (Decision(notes, (told,), f"not_verified_{identity.trust.value}"),)


def _note(identity: Identity, reading: Reading) -> HandOver:
    wishes = " | ".join(summary_of(r) for r in reading.requests)
    reason = identity.reason or "nothing proves the sender"
    first = reading.requests[0].intent if reading.requests else Intent.OTHER
    return HandOver(first, f"Not verified ({reason}), nothing was done or shown. {wishes}".strip()[:1000])


def _absence(reading: Reading, facts: Facts) -> tuple[Decision, ...]:
    """A contact's automatic reply is nothing to answer, and something to know."""
    decision = other_reader.by_machine(reading.absence, facts) if reading.absence else None
    return (decision,) if decision else ()


def _logged(request: Request) -> Decision:
    return Decision((), (), request.intent.value)


def _after(facts: Facts, commands: Iterable[Command]) -> Facts:
    """The facts as they stand once these commands are carried out; numbers that are used move on."""
    for command in commands:
        if isinstance(command, SaveRegistration):
            saved = command.registration
            others = tuple(r for r in facts.registrations if r.number != saved.number)
            unused = tuple(n for n in facts.fresh_numbers if n != saved.number)
            facts = replace(facts, registrations=(*others, saved), fresh_numbers=unused)
        elif isinstance(command, AwaitFields):
            facts = _now_about(facts, command)
        else:
            facts = _after_other(facts, command)
    return facts


def _after_other(facts: Facts, command: Command) -> Facts:
    if isinstance(command, ChangeDeal):
        deals = tuple(d for d in facts.deals if d.id != command.wanted.id)
        return replace(facts, deals=(*deals, command.wanted))
    if isinstance(command, SaveLead):
        leads = tuple(x for x in facts.leads if x.number != command.lead.number)
        unused = tuple(n for n in facts.fresh_leads if n != command.lead.number)
        return replace(facts, leads=(*leads, command.lead), fresh_leads=unused)
    if isinstance(command, DeclineLead):
        return replace(facts, leads=tuple(x for x in facts.leads if x.number != command.lead_number))
    if isinstance(command, SaveContact):
        others = tuple(c for c in facts.colleagues if c.id != command.contact.id)
        return replace(facts, colleagues=(*others, command.contact))
    return facts if facts.money is None else replace(facts, money=money_after.after(facts.money, command))


def _now_about(facts: Facts, command: AwaitFields) -> Facts:
    """Later requests of the message may say "it". What was asked before stays asked: a draft that this very message
    opens was not asked about yet, so a second deal in the message does not flow into it.
    """
    answered = command.registration_number == facts.thread.subject_ref
    asked = command.fields if answered and facts.thread.asked else ()
    return replace(facts, thread=replace(facts.thread, subject_ref=command.registration_number, asked=asked))


def _withheld(decision: Decision, channel: Channel) -> Decision:
    """Figures become one neutral sentence where somebody outside the partner would read them. In Slack the asker gets
    them alone, with all that belongs to them.
    """
    if not any(o.figures for o in decision.outcomes):
        return decision
    instead = _TOLD_DIRECTLY if channel is Channel.SLACK else _WITHHELD_BY_MAIL
    told = tuple(instead if o.figures else o for o in decision.outcomes)
    return replace(decision, outcomes=told, privately=decision.outcomes if channel is Channel.SLACK else ())
