"""A line of a statement that the partner does not agree with: it is held, the rest goes on, and a manager decides."""

from __future__ import annotations

from collections.abc import Sequence

from bot.intents import earned, hand_over, rights, statements_told
from bot.intents.ask_payout import no_such_statement
from bot.intents.disputed_lines import OnStatement, meant, names_any, on, scope
from bot.intents.own_deals import by_customer, by_number
from bot.intents.own_money import own_money
from bot.intents.phrases import text
from bot.vocabulary.decisions import AwaitFields, Command, Decision, OpenDispute, Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.money import MoneyFacts
from bot.vocabulary.requests import DisputeDetails, DisputeFields, Request
from crm.money import Money
from crm.records import ContactRight
from knowledge.business_days import add_business_days
from knowledge.commission.closing import minimum, why_carried
from knowledge.commission.statement import Statement, StatementState

DISPUTE_LINE = "dispute_line"
"""What a thread waits for where it was asked which line is meant."""
_STOPPED = (StatementState.BLOCKED, StatementState.POSTPONED)
_SETTLED = (StatementState.APPROVED, StatementState.SCHEDULED, StatementState.FAILED, StatementState.PAID)
_MOST_LISTED = 20
_WORDS = 2_000


def decide(request: Request, facts: Facts) -> Decision:
    refused = rights.refused(ContactRight.SEE_COMMISSION, facts)
    if refused or facts.money is None:
        return refused or hand_over.decide(request, facts)
    wanted = request.fields if isinstance(request.fields, DisputeFields) else DisputeFields()
    statements = scope(wanted, facts, facts.money)
    if statements is None:
        return no_such_statement(wanted.statement_ref or "")
    if not statements:
        return _passed_on(request, facts, (Outcome("payout.no_statements", figures=True),))
    return _of(request, wanted, statements, facts, facts.money)


def _of(
    request: Request, wanted: DisputeFields, statements: tuple[Statement, ...], facts: Facts, money: MoneyFacts
) -> Decision:
    if not names_any(wanted):
        lines = on(statements[0], money)
        return _asked_which(lines, facts) if len(lines) > 1 or request.ask else _dispute(request, lines, facts, money)
    found = meant(wanted, statements, facts, money)
    if not found:
        return _no_line(request, wanted, statements, facts, money)
    if request.ask or (len(found) > 1 and not _means_all(wanted, found)):
        return _asked_which(found, facts)
    return _dispute(request, found, facts, money)


def _means_all(wanted: DisputeFields, found: Sequence[OnStatement]) -> bool:
    """Whether several lines are meant, each of which is named."""
    if not isinstance(wanted, DisputeDetails):
        return False
    named = len(wanted.lines) + len(wanted.deal_refs)
    return wanted.whole or named >= len(found) or len(set(wanted.amounts)) >= len(found)


def _dispute(request: Request, found: Sequence[OnStatement], facts: Facts, money: MoneyFacts) -> Decision:
    if not found:
        return _passed_on(request, facts, (Outcome("payout.no_statements", figures=True),))
    statement = found[0].statement
    if (too_late := _too_late(statement, facts)) is not None:
        return _passed_on(request, facts, (too_late,), found)
    open_ones = {dispute.line: dispute for dispute in statements_told.open_disputes(money)}
    fresh = [one for one in found if one.line.key not in open_ones]
    if not fresh:
        since = min(open_ones[one.line.key].opened_at for one in found).astimezone(facts.now.tzinfo).date()
        told = Outcome("dispute.open_already", {"lines": _named(found), "since": since}, figures=True)
        return Decision((), (told,), "dispute_open_already", _numbers(found))
    words = facts.words.strip()[:_WORDS] or request.said
    commands: list[Command] = [OpenDispute(statement.id, tuple(one.line.key for one in fresh), words)]
    if DISPUTE_LINE in facts.thread.asked:
        commands.append(AwaitFields(facts.thread.subject_ref, ()))
    return Decision(tuple(commands), _opened(statement, fresh, facts, money), "dispute_opened", _numbers(fresh))


def _too_late(statement: Statement, facts: Facts) -> Outcome | None:
    """Why a line of it can no longer be held; the day on which the message came is what counts."""
    state = statement.before if statement.state in _STOPPED else statement.state
    if statement.state is StatementState.PAID:
        return Outcome("dispute.paid", {"statement": statement.number}, figures=True)
    if state in _SETTLED:
        return Outcome("dispute.approved", {"statement": statement.number}, figures=True)
    last = statement.disputable_until
    if last is not None and facts.came_at.astimezone(facts.now.tzinfo).date() > last:
        return Outcome("dispute.over", {"statement": statement.number, "until": last}, figures=True)
    return None


def _opened(statement: Statement, fresh: Sequence[OnStatement], facts: Facts, money: MoneyFacts) -> tuple[Outcome, ...]:
    """What is held, what goes on, who decides and until when."""
    held = Outcome("dispute.opened", {"statement": statement.number, "lines": _named(fresh)}, figures=True)
    rest = statement.total - sum((one.line.amount for one in fresh), Money.zero(statement.total.currency))
    return held, _rest(statement, rest, len(fresh) == len(statement.lines), facts, money), _decided_by(facts)


def _rest(statement: Statement, rest: Money, everything: bool, facts: Facts, money: MoneyFacts) -> Outcome:
    rules = facts.program.statements
    values: dict[str, Value] = {"statement": statement.number, "rest": rest}
    if everything:
        return Outcome("dispute.nothing_left", values, figures=True)
    least = minimum(rest.currency, statement.cut_off, rules, money.rates) if rules else Money.zero(rest.currency)
    if why_carried(rest, least):
        return Outcome("dispute.rest_carried", values, figures=True)
    sent = statement.invoice_number or statement.state is StatementState.INVOICE_RECEIVED
    return Outcome("dispute.rest_anew" if sent else "dispute.rest", values, figures=True)


def _decided_by(facts: Facts) -> Outcome:
    days = facts.program.statements.dispute_answer_business_days if facts.program.statements else 0
    by = add_business_days(facts.now.date(), days, facts.program.vendor)
    if facts.manager is None:
        return Outcome("dispute.decided_by_team", {"by": by})
    return Outcome("dispute.decided_by", {"by": by, "manager": facts.manager.name})


def _asked_which(found: Sequence[OnStatement], facts: Facts) -> Decision:
    statement = found[0].statement if found else None
    if statement is None:
        return Decision((), (Outcome("payout.no_statements", figures=True),), "line_asked")
    if (too_late := _too_late(statement, facts)) is not None:
        return Decision((), (too_late, Outcome("dispute.tell_us")), "dispute_too_late")
    lines = tuple(
        text("dispute.choice", place=one.place, deal=_deal(one), amount=one.line.amount) for one in found[:_MOST_LISTED]
    )
    asked = Outcome("dispute.which", {"statement": statement.number, "lines": lines}, figures=True)
    return Decision((AwaitFields(statement.number, (DISPUTE_LINE,)),), (asked,), "line_asked", _numbers(found))


def _no_line(
    request: Request, wanted: DisputeFields, statements: tuple[Statement, ...], facts: Facts, money: MoneyFacts
) -> Decision:
    """Nothing on the statement is what is meant: what is known of the deal is told, and a person looks at it."""
    details = wanted if isinstance(wanted, DisputeDetails) else None
    numbers = details.deal_refs if details else ()
    deals = [found for ref in numbers if (found := by_number(facts, ref))]
    deals += by_customer(facts, wanted.customer) if wanted.customer and not deals else ()
    said = wanted.customer or ", ".join(numbers)
    if not said:
        return _asked_which(on(statements[0], money), facts)
    if not deals:
        return Decision((), (Outcome("status.no_such_customer", {"said": said}),), "status_unknown")
    own = own_money(facts, money)
    absent = Outcome("dispute.no_line", {"said": said, "statement": statements[0].number}, figures=True)
    known = [earned.of_deal(_called(d.number, d.customer), d.number, own, facts) for d in deals[:3]]
    return _passed_on(request, facts, (absent, *known))


def _passed_on(
    request: Request, facts: Facts, told: tuple[Outcome, ...], found: Sequence[OnStatement] = ()
) -> Decision:
    """A person sees to it, with what it is about."""
    passed = hand_over.decide(request, facts)
    about = "; ".join(f"{one.statement.number} line {one.place} {one.line.amount.amount} {one.line.amount.currency}"
                      for one in found)  # fmt: skip
    commands = tuple(hand_over.with_facts(command, about) for command in passed.commands) if about else passed.commands
    return Decision(commands, (*told, *passed.outcomes), passed.log, passed.deal_numbers or _numbers(found))


def _named(found: Sequence[OnStatement]) -> tuple[Value, ...]:
    return tuple(text("money.line_of", deal=_deal(one), amount=one.line.amount) for one in found)


def _deal(one: OnStatement) -> Value:
    return _called(one.line.deal_number, one.line.customer) if one.line.deal_number else one.line.plan


def _called(number: str, customer: str) -> Value:
    return text("line.named" if customer else "line.number", number=number, customer=customer)


def _numbers(found: Sequence[OnStatement]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.line.deal_number for one in found if one.line.deal_number))
