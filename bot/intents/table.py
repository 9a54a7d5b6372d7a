"""Every intent, who decides it, and what it is worth to the rest of the agent; the one list of what is understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot.intents import (
    about_announcement,
    answer_announcement,
    answer_lead,
    answer_question,
    ask_commission,
    ask_deal_status,
    ask_payout,
    ask_program,
    ask_tier,
    attribution,
    dispute_commission,
    evidence,
    extend,
    follow_dispute,
    hand_over,
    log_only,
    other_reader,
    people,
    preferences,
    provide_field,
    refer_lead,
    register_deal,
    repeat,
    request_human,
    send_document,
    submit_invoice,
    unsubscribe,
    update_deal,
    why_commission,
    withdraw,
)
from bot.intents.leads import which_offered
from bot.vocabulary.decisions import Decision
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Finer, Intent, Request


@dataclass(frozen=True, slots=True)
class IntentRow:
    """`answered` is False where a reply would be wrong; `acts` where the decision may change something beyond the log
    and the manager's desk; `label` is the label of the evaluation guide that it counts as; `money` where its decision
    rests on the partner's commission and statements.
    """

    intent: Intent
    decide: Callable[[Request, Facts], Decision]
    label: str
    answered: bool = True
    acts: bool = False
    money: bool = False


def _registered(request: Request, facts: Facts) -> Decision:
    """Details that only may be a registration belong to the lead that the thread is about."""
    asked = refer_lead.more(request, facts) if request.ask else None
    return asked or register_deal.decide(request, facts)


def _status(request: Request, facts: Facts) -> Decision:
    return attribution.passed_on(request, facts) or ask_deal_status.decide(request, facts)


def _updated(request: Request, facts: Facts) -> Decision:
    return attribution.passed_on(request, facts) or update_deal.decide(request, facts)


def _details(request: Request, facts: Facts) -> Decision:
    """Details belong to the lead or the lost deal that the thread asked about, else to a draft."""
    asked = refer_lead.more(request, facts) or update_deal.reason_given(facts)
    return asked or provide_field.decide(request, facts)


def _other(request: Request, facts: Facts) -> Decision:
    """What is nothing that we know may be why a deal was lost, where that was asked, or be about an offered lead."""
    if reason := update_deal.reason_given(facts) or answer_announcement.in_words(request, facts):
        return reason
    passed_on, asked = hand_over.decide(request, facts), which_offered(facts)
    if asked is None:
        return passed_on
    commands, outcomes = (*passed_on.commands, *asked.commands), (*passed_on.outcomes, *asked.outcomes)
    return replace(asked, commands=commands, outcomes=outcomes)


_ROWS = (
    IntentRow(Intent.REGISTER_DEAL, _registered, "register_deal", acts=True),
    IntentRow(Intent.PROVIDE_FIELD, _details, "provide_field", acts=True),
    IntentRow(Intent.ASK_DEAL_STATUS, _status, "ask_deal_status"),
    IntentRow(Intent.ASK_TIER, ask_tier.decide, "ask_tier", money=True),
    IntentRow(Intent.ASK_COMMISSION, ask_commission.decide, "ask_commission", money=True),
    IntentRow(Intent.ASK_PROGRAM, ask_program.decide, "ask_program"),
    IntentRow(Intent.ANSWER_ANNOUNCEMENT, answer_announcement.decide, "answer_announcement", acts=True),
    IntentRow(Intent.UNSUBSCRIBE, unsubscribe.decide, "unsubscribe", acts=True),
    IntentRow(Intent.REQUEST_HUMAN, request_human.decide, "request_human"),
    IntentRow(Intent.REFER_LEAD, refer_lead.decide, "refer_lead", acts=True),
    IntentRow(Intent.UPDATE_DEAL, _updated, "update_deal", acts=True),
    IntentRow(Intent.ASK_PAYOUT, ask_payout.decide, "ask_payout", money=True),
    IntentRow(Intent.SUBMIT_INVOICE, submit_invoice.decide, "submit_invoice", acts=True, money=True),
    IntentRow(Intent.DISPUTE_COMMISSION, dispute_commission.decide, "dispute_commission", acts=True, money=True),
    IntentRow(Intent.ASK_CONTENT, hand_over.decide, "ask_content"),
    IntentRow(Intent.ASK_TRAINING, hand_over.decide, "ask_training"),
    IntentRow(Intent.OTHER, _other, "other"),
    IntentRow(Intent.THANKS, log_only.decide, "thanks", answered=False),
    IntentRow(Intent.AUTO_REPLY, log_only.decide, "auto_reply", answered=False),
)

TABLE: Mapping[Intent, IntentRow] = MappingProxyType({row.intent: row for row in _ROWS})


def _answer(request: Request, facts: Facts) -> Decision:
    """A yes or no that no open question waits for is decided as its label."""
    return answer_question.decide(request, facts) or TABLE[request.intent].decide(request, facts)


def _asked_about_it(request: Request, facts: Facts) -> Decision:
    """What an announcement does not answer goes the way of its label."""
    return about_announcement.decide(request, facts, TABLE[request.intent].decide)


FINER: Mapping[Finer, Callable[[Request, Facts], Decision]] = MappingProxyType(
    {
        Finer.ACCEPT_LEAD: answer_lead.accept,
        Finer.DECLINE_LEAD: answer_lead.decline,
        Finer.PERSON_LEFT: people.left,
        Finer.PERSON_JOINED: people.joined,
        Finer.EXTEND: extend.decide,
        Finer.WITHDRAW: withdraw.decide,
        Finer.REPEAT: repeat.decide,
        Finer.CHOICE: evidence.decide,
        Finer.CONFIRM: _answer,
        Finer.DENY: _answer,
        Finer.EARNINGS: ask_commission.earnings,
        Finer.WHY_COMMISSION: why_commission.decide,
        Finer.WHAT_IF: ask_commission.what_if,
        Finer.SEND_STATEMENT: send_document.statement,
        Finer.SEND_PLAN: send_document.plan,
        Finer.DISPUTE_STATUS: follow_dispute.status,
        Finer.WITHDRAW_DISPUTE: follow_dispute.withdraw,
        Finer.LATER: answer_announcement.later,
        Finer.DAY: answer_announcement.day,
        Finer.WRONG_PERSON: other_reader.wrong_person,
        Finer.ABOUT_ANNOUNCEMENT: _asked_about_it,
        Finer.PREFER_ROUTE: preferences.route,
        Finer.PREFER_LANGUAGE: preferences.language,
        Finer.DIGEST: preferences.digest,
        Finer.REJOIN: preferences.rejoin,
    }
)
"""Who decides a wish that is finer than its label; one without a row here is decided as its label."""


_MONEY_WISHES = frozenset(
    {
        Finer.EARNINGS,
        Finer.WHY_COMMISSION,
        Finer.WHAT_IF,
        Finer.SEND_STATEMENT,
        Finer.DISPUTE_STATUS,
        Finer.WITHDRAW_DISPUTE,
    }
)


def decider(request: Request) -> Callable[[Request, Facts], Decision]:
    """The function that decides this request."""
    finer = FINER.get(request.finer) if request.finer else None
    return finer or TABLE[request.intent].decide


def rests_on_money(request: Request) -> bool:
    """Whether the decision needs what the partner earned and was paid, which takes a look-up of its own."""
    return TABLE[request.intent].money or request.finer in _MONEY_WISHES
