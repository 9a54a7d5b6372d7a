"""The asker's deals and registrations as one list, holding nothing but what a partner may see."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.intents.customer import may_mean
from bot.vocabulary.facts import Facts
from crm.money import Money
from crm.records import Deal, Registration, RegistrationState, Stage

_SHOWN_FOR = timedelta(days=30)  # how long a refused or expired registration stays in the list
_ENDED = (RegistrationState.DECLINED, RegistrationState.EXPIRED, RegistrationState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class OwnDeal:
    """A deal, a registration, or both under their common number (the safelist of the program, and no more).

    `ended` is the day on which a registration that became no deal was refused, withdrawn or expired.
    """

    number: str
    customer: str
    domain: str
    products: tuple[str, ...]
    amount: Money | None
    close_date: date | None
    stage: Stage | None
    state: RegistrationState | None
    protected_until: date | None
    next_step: str
    since: date
    ended: date | None = None

    @property
    def open(self) -> bool:
        if self.stage is not None:
            return self.stage.open
        return self.state is not None and (self.state.waiting or self.state is RegistrationState.APPROVED)


def own_deals(facts: Facts) -> tuple[OwnDeal, ...]:
    """All of them, the open ones first and then the newest; withdrawn registrations are left out."""
    deals = {d.number: d for d in facts.deals}
    registrations = {
        r.number: r for r in facts.registrations if r.state is not RegistrationState.WITHDRAWN or r.number in deals
    }
    numbers = dict.fromkeys([*deals, *registrations])
    views = [_view(deals.get(n), registrations.get(n), facts.now.date()) for n in numbers]
    views.sort(key=lambda v: (v.since, v.number), reverse=True)
    return tuple(sorted(views, key=lambda v: not v.open))


def pipeline(facts: Facts) -> tuple[OwnDeal, ...]:
    """What stands in a list of all: the open ones, then what was refused or expired lately, then what was won or lost.

    A registration that ended long ago is shown to whoever asks for it.
    """
    ends_from = facts.now.date() - _SHOWN_FOR
    listed = [d for d in own_deals(facts) if d.stage or d.open or (d.ended and d.ended >= ends_from)]
    return tuple(sorted(listed, key=lambda d: 0 if d.open else 1 if d.stage is None else 2))


def by_number(facts: Facts, said: str) -> OwnDeal | None:
    """The own deal that `said` names ("D-1042", "d 1042", "#1042"); a foreign number is as unknown as a made-up one.

    A withdrawn registration is found by its number, too.
    """
    wanted = digits(said)
    own = (*own_deals(facts), *_withdrawn(facts))
    return next((d for d in own if wanted and digits(d.number) == wanted), None)


def by_customer(facts: Facts, said: str) -> tuple[OwnDeal, ...]:
    return tuple(d for d in own_deals(facts) if may_mean(said, d.customer, d.domain))


def _withdrawn(facts: Facts) -> Iterable[OwnDeal]:
    today = facts.now.date()
    return (_of_registration(r, today) for r in facts.registrations if r.state is RegistrationState.WITHDRAWN)


def of_thread(facts: Facts) -> OwnDeal | None:
    """The own deal the thread is about, if it is about one."""
    return by_number(facts, facts.thread.subject_ref) if facts.thread.subject_ref.upper().startswith("D") else None


def numbers_of(deals: Iterable[OwnDeal]) -> tuple[str, ...]:
    return tuple(d.number for d in deals)


def digits(reference: str) -> str:
    """The figures of a deal number however it is written, "" of what is none."""
    found = re.fullmatch(
        r"\s*(?:deal|nr\.?|no\.?)?\s*#?\s*(?:D\s*[-–—_ ]?\s*)?([0-9]{1,12})\s*", reference, re.IGNORECASE
    )
    return found.group(1) if found else ""


def _view(deal: Deal | None, registration: Registration | None, today: date) -> OwnDeal:
    if deal is None:
        assert registration is not None
        return _of_registration(registration, today)
    return OwnDeal(
        number=deal.number,
        customer=deal.customer,
        domain=deal.customer_domain,
        products=deal.products,
        amount=deal.amount,
        close_date=deal.close_date,
        stage=deal.stage,
        state=registration.state if registration else None,
        protected_until=_protected_until(registration),
        next_step=deal.next_step,
        since=deal.created_on,
    )


def _protected_until(registration: Registration | None) -> date | None:
    """A protection that was taken back is none, whatever became of the deal."""
    if registration is None or registration.state is RegistrationState.WITHDRAWN:
        return None
    return registration.protected_until


def _of_registration(registration: Registration, today: date) -> OwnDeal:
    money = Money(registration.amount, registration.currency) if registration.amount and registration.currency else None
    return OwnDeal(
        number=registration.number,
        customer=registration.customer,
        domain=registration.customer_domain,
        products=registration.products,
        amount=money,
        close_date=registration.close_date,
        stage=None,
        state=registration.state,
        protected_until=_protected_until(registration),
        next_step="",
        since=registration.opened_at.date() if registration.opened_at else today,
        ended=_ended(registration),
    )


def _ended(registration: Registration) -> date | None:
    if registration.state is RegistrationState.EXPIRED and registration.protected_until:
        return registration.protected_until
    if registration.state not in _ENDED:
        return None
    last = registration.decided_at or registration.submitted_at or registration.opened_at
    return last.date() if last else None
