"""Which timers a registration has, from its state, its dates and the rules of the program: the same every time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crm.records import Registration, RegistrationState
from knowledge.business_days import beginning_of, business_share, end_of, next_business_day, vendors_day
from knowledge.program import DealRules, Vendor

_MORNING = time(9)  # when a reminder is read, and not a quarter of the night before


class TimerKind(StrEnum):
    """What falls due for a registration."""

    DRAFT_REMINDER = "draft_reminder"
    DRAFT_END = "draft_end"
    QUESTION_REMINDER = "question_reminder"
    QUESTION_END = "question_end"
    SLA_WARN = "sla_warn"
    SLA_OVER = "sla_over"
    SLA_TOLD = "sla_told"
    PROTECTION_REMINDER = "protection_reminder"
    PROTECTION_END = "protection_end"


@dataclass(frozen=True, slots=True)
class Timer:
    """Something that falls due once.

    `key` names the occasion: the kind, the subject (the number of a registration or lead) and what else tells two of
    them apart. `due_at` is aware. One that is `only_ahead` makes no sense once it is past: it is not set then.
    `partner_id` is whose records change when it falls due, "" for nobody's.
    """

    key: str
    kind: str
    subject: str
    due_at: datetime
    payload: Mapping[str, str] = field(default_factory=dict)
    partner_id: str = ""
    only_ahead: bool = False


def timers_of(registration: Registration, rules: DealRules, vendor: Vendor, zone: str) -> tuple[Timer, ...]:
    """The timers of a registration as it stands, the first to fall due first.

    `zone` is the partner's time zone: what it is told comes in its morning ("" or one nobody knows: the vendor's).
    Promises go by the vendor's clock.
    """
    match registration.state:
        case RegistrationState.DRAFT:
            made = _of_draft(registration, rules, vendor, zone)
        case RegistrationState.NEEDS_INFO:
            made = _of_question(registration, rules, vendor, zone)
        case RegistrationState.SUBMITTED:
            made = _of_promise(registration, rules, vendor, _zone(zone, vendor))
        case RegistrationState.APPROVED:
            made = _of_protection(registration, rules, _zone(zone, vendor))
        case _:
            made = iter(())
    return tuple(sorted(made, key=lambda timer: (timer.due_at.astimezone(UTC), timer.key)))


def kept_until(waiting: Registration, rules: DealRules, vendor: Vendor, zone: str) -> date:
    """The last day on which a draft, or a registration with an open question, is kept for its partner.

    ValueError for one that waits for nothing.
    """
    since = waiting.asked_at if waiting.state is RegistrationState.NEEDS_INFO else waiting.opened_at
    if since is None:
        raise ValueError("a registration that was never opened, or nothing asked of, is not kept")
    return since.astimezone(_zone(zone, vendor)).date() + timedelta(days=rules.draft_kept_days)


def _of_draft(draft: Registration, rules: DealRules, vendor: Vendor, name: str) -> Iterator[Timer]:
    """A draft is kept whole days; its end is told in the morning after the last of them."""
    if draft.opened_at is None:
        return
    reminder, end = _waiting(draft, draft.opened_at, rules, vendor, name)
    if reminder is not None:
        yield _timer(draft, TimerKind.DRAFT_REMINDER, reminder)
    yield _timer(draft, TimerKind.DRAFT_END, end)


def _of_question(asked: Registration, rules: DealRules, vendor: Vendor, name: str) -> Iterator[Timer]:
    """An open question is reminded of and ends like a draft; another question is another occasion."""
    if asked.asked_at is None:
        return
    day = asked.asked_at.astimezone(_zone(name, vendor)).date()
    reminder, end = _waiting(asked, asked.asked_at, rules, vendor, name)
    if reminder is not None:
        yield _timer(asked, TimerKind.QUESTION_REMINDER, reminder, day)
    yield _timer(asked, TimerKind.QUESTION_END, end, day)


def _waiting(
    waiting: Registration, since: datetime, rules: DealRules, vendor: Vendor, name: str
) -> tuple[datetime | None, datetime]:
    """When the partner is reminded, None where that would be too late, and when waiting ends."""
    zone = _zone(name, vendor)
    end = _morning(kept_until(waiting, rules, vendor, name) + timedelta(days=1), zone)
    reminder = _morning(since.astimezone(zone).date() + timedelta(days=rules.draft_reminder_days), zone)
    return (reminder if since < reminder < end else None), end


def _of_promise(submitted: Registration, rules: DealRules, vendor: Vendor, zone: ZoneInfo) -> Iterator[Timer]:
    """The promise runs while the decision is the vendor's; another promise is another occasion.

    Managers hear at once that it is over, the partner in the morning of the next business day.
    """
    promised = submitted.decide_by
    if promised is None:
        return
    over = end_of(promised, vendor)
    start = submitted.submitted_at or submitted.opened_at or beginning_of(promised, vendor)
    warn = business_share(start, over, rules.warn_percent, vendor)
    if start < warn < over:
        yield _timer(submitted, TimerKind.SLA_WARN, warn, promised)
    over = max(over, start)
    yield _timer(submitted, TimerKind.SLA_OVER, over, promised)
    told = _morning(next_business_day(vendors_day(over, vendor), vendor), zone)
    yield _timer(submitted, TimerKind.SLA_TOLD, max(told, over), promised)


def _of_protection(accepted: Registration, rules: DealRules, zone: ZoneInfo) -> Iterator[Timer]:
    """An extended protection has another end, so its reminders are others.

    The day alone says whether it still protects; that it is over is seen to, and told, in the morning after.
    """
    last = accepted.protected_until
    if last is None:
        return
    end = _morning(last + timedelta(days=1), zone)
    for days in sorted(set(rules.reminder_days)):
        reminder = _morning(last - timedelta(days=days), zone)
        if (accepted.decided_at is None or reminder > accepted.decided_at) and reminder < end:
            kind, payload = TimerKind.PROTECTION_REMINDER, {"days": str(days)}
            yield _timer(accepted, kind, reminder, last, days, payload=payload, only_ahead=True)
    yield _timer(accepted, TimerKind.PROTECTION_END, end, last)


def _timer(
    registration: Registration,
    kind: TimerKind,
    due_at: datetime,
    *apart: date | int,
    payload: Mapping[str, str] | None = None,
    only_ahead: bool = False,
) -> Timer:
    number = registration.number
    key = ":".join([kind.value, number, *(part.isoformat() if isinstance(part, date) else str(part) for part in apart)])
    return Timer(key, kind.value, number, due_at, payload or {}, registration.partner_id, only_ahead)


def _morning(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, _MORNING, zone)


def _zone(name: str, vendor: Vendor) -> ZoneInfo:
    try:
        return ZoneInfo(name or vendor.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(vendor.time_zone)
