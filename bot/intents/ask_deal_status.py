"""Where one deal, or all of the partner's deals, stand."""

from __future__ import annotations

from typing import cast

from bot.intents.own_deals import OwnDeal, by_customer, by_number, numbers_of, of_thread, own_deals
from bot.intents.phrases import deal_line
from bot.vocabulary.decisions import Decision, Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Request, StatusFields
from crm.records import Channel

_MOST = {Channel.SLACK: 10}
_MOST_ELSEWHERE = 25


def decide(request: Request, facts: Facts) -> Decision:
    wanted = cast("StatusFields", request.fields)
    if wanted.deal_ref:
        deal = by_number(facts, wanted.deal_ref)
        return _told((deal,), facts) if deal else _unknown("status.no_such_deal", wanted.deal_ref)
    if wanted.customer:
        deals = by_customer(facts, wanted.customer)
        return _told(deals, facts) if deals else _unknown("status.no_such_customer", wanted.customer)
    here = of_thread(facts)
    return _told((here,) if here else own_deals(facts), facts)


def _told(deals: tuple[OwnDeal, ...], facts: Facts) -> Decision:
    if not deals:
        return Decision((), (Outcome("status.none"),), "status_told")
    if len(deals) == 1:
        return Decision((), (_one(deals[0]),), "status_told", numbers_of(deals))
    shown = deals[: _MOST.get(facts.channel, _MOST_ELSEWHERE)]
    values: dict[str, Value] = {"deals": tuple(deal_line(d) for d in shown), "count": len(deals), "shown": len(shown)}
    key = "status.list" if len(shown) == len(deals) else "status.first_of_list"
    return Decision((), (Outcome(key, values, figures=True),), "status_told", numbers_of(shown))


def _one(deal: OwnDeal) -> Outcome:
    return Outcome("status.one", {"deal": deal_line(deal)}, figures=True)


def _unknown(key: str, said: str) -> Decision:
    """The same words for what is somebody else's and for what does not exist."""
    return Decision((), (Outcome(key, {"said": said}),), "status_unknown")
