"""What a contact reads of his own partner each month: pure, by the same decisions that answer his questions.

Whoever may not see deals or commission reads nothing of them; there is nothing here but what he could ask for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.intents import all_earnings, ask_deal_status, ask_tier
from bot.intents.own_deals import own_deals
from bot.intents.phrases import text
from bot.storage.digests import Certificate
from bot.vocabulary.decisions import Decision, Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import FIELDS_OF, Intent, Request
from crm.records import ContactRight, Registration

AHEAD = timedelta(days=60)
"""How far ahead it looks for what ends."""
_TOLD = "digest"
_NAMES_DEALS = frozenset({"commission.coming", "commission.coming_more"})
_AT_LENGTH = frozenset({"tier.benefits"})  # that stays the same from month to month


def monthly(
    facts: Facts, protections: Sequence[Registration], certificates: Sequence[Certificate], *, asked: bool
) -> Decision:
    """`protections` and `certificates` are those of this partner that end soon; `asked` whether he asked for it."""
    contact = facts.contact
    if contact is None:
        raise ValueError("a digest is for a contact")
    outcomes = [
        Outcome("digest.intro", {"partner": facts.partner.name}),
        *(_deals(facts) if facts.may(ContactRight.SEE_DEALS) else ()),
        *(_protections(protections) if facts.may(ContactRight.SEE_DEALS) else ()),
        *_tier(facts),
        *_certificates(certificates),
        *_commission(facts),
        Outcome("digest.stop_asked" if asked else "digest.stop"),
    ]
    return Decision((), tuple(outcomes), _TOLD)


def _deals(facts: Facts) -> Iterator[Outcome]:
    still = tuple(deal for deal in own_deals(facts) if deal.open)
    if len(still) > 1:
        yield from ask_deal_status.told(still, facts, only_open=True).outcomes
    elif still:
        yield ask_deal_status.one(still[0])
    else:
        yield Outcome("digest.no_deals")


def _protections(found: Sequence[Registration]) -> Iterator[Outcome]:
    lines: tuple[Value, ...] = tuple(
        text("digest.protection", deal=text("line.named", number=one.number, customer=one.customer), until=until)
        for one in found
        if (until := one.protected_until) is not None
    )
    if lines:
        yield Outcome("digest.protections", {"lines": lines}, figures=True)


def _tier(facts: Facts) -> Iterator[Outcome]:
    """Nothing of a tier that the program does not have: a person asks about that one."""
    known = {tier.name.casefold() for tier in facts.program.tiers}
    if facts.partner.tier and facts.partner.tier.casefold() not in known:
        return
    request = Request(Intent.ASK_TIER, FIELDS_OF[Intent.ASK_TIER]())
    yield from (o for o in ask_tier.decide(request, facts).outcomes if o.text not in _AT_LENGTH)


def _certificates(found: Sequence[Certificate]) -> Iterator[Outcome]:
    lines: tuple[Value, ...] = tuple(
        text("digest.certificate", person=one.person, until=one.valid_until) for one in found
    )
    if lines:
        yield Outcome("digest.certificates", {"lines": lines}, figures=True)


def _commission(facts: Facts) -> Iterator[Outcome]:
    if facts.money is None or not facts.may(ContactRight.SEE_COMMISSION):
        return
    names = facts.may(ContactRight.SEE_DEALS)
    for outcome in all_earnings.decide(facts, facts.money).outcomes:
        if names or outcome.text not in _NAMES_DEALS:
            yield outcome
