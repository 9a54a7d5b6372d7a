"""What the certificates of a partner's people are worth on a day, by the program's rules: pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from knowledge.commission.periods import is_near, months_after
from knowledge.program import TrainingRules


class CertificateState(StrEnum):
    """A partner may be in several: somebody's certificate is valid, somebody's ends soon, somebody's has ended. NONE is
    where nobody ever had one.
    """

    VALID = "valid"
    NONE = "none"
    EXPIRING = "expiring"
    EXPIRED = "expired"


def ends_on(earned: date, rules: TrainingRules | None) -> date | None:
    """The last day on which a certificate counts; None for one that does not end."""
    if rules is None or not is_near(earned):
        return None
    return months_after(earned, rules.valid_months)


def certificate_states(
    earned: Iterable[date], certified_people: int, rules: TrainingRules | None, today: date
) -> frozenset[CertificateState]:
    """`earned` is when each person of the partner was certified last; where nothing is known of it the CRM's count of
    valid certificates says whether there are any.
    """
    states = {state for day in earned for state in _states(day, rules, today)}
    if states:
        return frozenset(states)
    return frozenset({CertificateState.VALID if certified_people > 0 else CertificateState.NONE})


def _states(earned: date, rules: TrainingRules | None, today: date) -> tuple[CertificateState, ...]:
    end = ends_on(earned, rules)
    if end is None or rules is None:
        return (CertificateState.VALID,)
    if end < today:
        return (CertificateState.EXPIRED,)
    soon = end - timedelta(days=rules.recertify_opens_days_before) <= today
    return (CertificateState.VALID, CertificateState.EXPIRING) if soon else (CertificateState.VALID,)
