"""Timers of a registration follow from its state and dates alone; planned again they are the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.records import Registration, RegistrationState
from knowledge.business_days import decide_by, protected_until
from knowledge.deal_clock import Timer, TimerKind, timers_of
from knowledge.program import DealRules, Program

BRUSSELS, NEW_YORK = "Europe/Brussels", "America/New_York"
TIMED = (RegistrationState.DRAFT, RegistrationState.SUBMITTED, RegistrationState.APPROVED)

_zones = st.sampled_from([BRUSSELS, NEW_YORK, "Asia/Tokyo", "Australia/Lord_Howe", "Pacific/Kiritimati", "", "Mars/X"])
_moments = st.integers(0, 4 * 365 * 86_400).map(lambda s: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=s))


@st.composite
def registrations(draw: st.DrawFn) -> Registration:
    """Any state with the dates that such a registration may have, some of them missing."""
    opened = draw(st.none() | _moments)
    submitted = draw(st.none() | _moments)
    promised = draw(st.none() | st.integers(0, 10))
    decided = draw(st.none() | _moments)
    protected = draw(st.none() | st.integers(-5, 400))
    start = (submitted or datetime(2026, 1, 1, tzinfo=UTC)).date()
    accepted = (decided or datetime(2026, 1, 1, tzinfo=UTC)).date()
    return Registration(
        number="D-100001",
        partner_id="p-1",
        contact_id=None,
        state=draw(st.sampled_from(RegistrationState)),
        opened_at=opened,
        submitted_at=submitted,
        decide_by=start + timedelta(days=promised) if promised is not None else None,
        decided_at=decided,
        protected_until=accepted + timedelta(days=protected) if protected is not None else None,
        extensions=draw(st.integers(0, 2)),
    )


@st.composite
def rule_changes(draw: st.DrawFn) -> dict[str, object]:
    return {
        "draft_kept_days": draw(st.integers(1, 60)),
        "draft_reminder_days": draw(st.integers(1, 90)),
        "reminder_days": tuple(draw(st.lists(st.integers(1, 60), max_size=4))),
        "warn_percent": draw(st.integers(1, 99)),
    }


def planned(registration: Registration, program: Program, zone: str = BRUSSELS, **rules: object) -> tuple[Timer, ...]:
    changed: DealRules = replace(program.deal_rules, **rules)  # type: ignore[arg-type]
    return timers_of(registration, changed, program.vendor, zone)


def times(timers: tuple[Timer, ...]) -> dict[str, str]:
    return {timer.key: timer.due_at.isoformat() for timer in timers}


_ENDS = (TimerKind.DRAFT_END, TimerKind.QUESTION_END, TimerKind.SLA_TOLD, TimerKind.PROTECTION_END)


def draft(**changes: object) -> Registration:
    made = Registration("D-1", "p-1", None, RegistrationState.DRAFT, opened_at=datetime(2026, 11, 26, 9, tzinfo=UTC))
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_draft_is_reminded_of_once_and_kept_thirty_days(program: Program) -> None:
    assert times(planned(draft(), program)) == {
        "draft_reminder:D-1": "2026-12-01T09:00:00+01:00",
        "draft_end:D-1": "2026-12-27T09:00:00+01:00",
    }


def test_an_open_question_is_reminded_of_once_and_ends_like_a_draft(program: Program) -> None:
    asked = datetime(2026, 12, 3, 15, tzinfo=UTC)
    made = draft(state=RegistrationState.NEEDS_INFO, question="Who signs?", asked_at=asked)
    assert times(planned(made, program)) == {
        "question_reminder:D-1:2026-12-03": "2026-12-08T09:00:00+01:00",
        "question_end:D-1:2026-12-03": "2027-01-03T09:00:00+01:00",
    }


def test_reminders_come_in_the_partners_own_morning(program: Program) -> None:
    assert times(planned(draft(), program, NEW_YORK))["draft_reminder:D-1"] == "2026-12-01T09:00:00-05:00"


@pytest.mark.parametrize("zone", ["", "Atlantis/Capital", "../../etc/passwd", "Europe", "x" * 5_000])
def test_a_zone_that_nobody_knows_is_the_vendors(program: Program, zone: str) -> None:
    assert planned(draft(), program, zone) == planned(draft(), program, program.vendor.time_zone)


def test_a_promise_is_warned_of_at_three_quarters_and_over_when_its_last_day_is(program: Program) -> None:
    submitted = datetime(2026, 11, 26, 11, tzinfo=UTC)  # Thursday noon: 12 + 24 + 24 business hours to Monday's end
    promised = decide_by(submitted, program.deal_rules, program.vendor)
    made = draft(state=RegistrationState.SUBMITTED, submitted_at=submitted, decide_by=promised)
    assert times(planned(made, program)) == {
        "sla_warn:D-1:2026-11-30": "2026-11-30T09:00:00+01:00",
        "sla_over:D-1:2026-11-30": "2026-12-01T00:00:00+01:00",
        "sla_told:D-1:2026-11-30": "2026-12-01T09:00:00+01:00",
    }


def test_a_new_promise_after_a_question_has_timers_of_its_own(program: Program) -> None:
    first = draft(
        state=RegistrationState.SUBMITTED, submitted_at=datetime(2026, 11, 26, tzinfo=UTC), decide_by=date(2026, 11, 30)
    )
    again = replace(first, submitted_at=datetime(2026, 12, 3, tzinfo=UTC), decide_by=date(2026, 12, 7))
    assert planned(replace(first, state=RegistrationState.NEEDS_INFO), program) == ()
    assert not {t.key for t in planned(first, program)} & {t.key for t in planned(again, program)}


def test_a_protection_is_reminded_of_fourteen_and_three_days_before_its_end(program: Program) -> None:
    accepted = datetime(2026, 11, 18, 10, tzinfo=UTC)
    made = draft(
        state=RegistrationState.APPROVED,
        decided_at=accepted,
        protected_until=protected_until(accepted.date(), program.deal_rules),
    )
    assert times(planned(made, program)) == {
        "protection_reminder:D-1:2027-02-16:14": "2027-02-02T09:00:00+01:00",
        "protection_reminder:D-1:2027-02-16:3": "2027-02-13T09:00:00+01:00",
        "protection_end:D-1:2027-02-16": "2027-02-17T09:00:00+01:00",
    }


def test_a_protection_shorter_than_a_reminder_has_none_of_it(program: Program) -> None:
    made = draft(
        state=RegistrationState.APPROVED,
        decided_at=datetime(2026, 11, 26, 9, tzinfo=UTC),
        protected_until=date(2026, 12, 4),
    )
    kinds = [(t.kind, t.payload) for t in planned(made, program)]
    assert kinds == [("protection_reminder", {"days": "3"}), ("protection_end", {})]


@pytest.mark.parametrize("state", [s for s in RegistrationState if s not in TIMED])
def test_what_is_over_or_waits_for_the_partner_has_no_timers(program: Program, state: RegistrationState) -> None:
    full = draft(
        state=state,
        submitted_at=datetime(2026, 11, 26, tzinfo=UTC),
        decide_by=date(2026, 11, 30),
        protected_until=date(2027, 2, 16),
    )
    assert planned(full, program) == ()


@given(registration=registrations(), zone=_zones, rules=rule_changes())
def test_any_plan_is_in_order_names_each_occasion_once_and_is_the_same_again(
    program: Program, registration: Registration, zone: str, rules: dict[str, object]
) -> None:
    plan = planned(registration, program, zone, **rules)
    assert plan == planned(registration, program, zone, **rules)
    assert len({t.key for t in plan}) == len(plan)
    moments = [t.due_at.astimezone(UTC) for t in plan]
    assert moments == sorted(moments)
    assert all(t.subject == registration.number and t.partner_id == "p-1" for t in plan)
    assert all(t.kind in set(TimerKind) and t.key.startswith(f"{t.kind}:{t.subject}") for t in plan)


@given(registration=registrations(), zone=_zones, rules=rule_changes())
def test_nothing_falls_due_before_what_it_counts_from(
    program: Program, registration: Registration, zone: str, rules: dict[str, object]
) -> None:
    starts = {
        RegistrationState.DRAFT: registration.opened_at,
        RegistrationState.SUBMITTED: registration.submitted_at or registration.opened_at,
    }
    start = starts.get(registration.state)
    for timer in planned(registration, program, zone, **rules):
        if start is not None:
            assert timer.due_at.astimezone(UTC) >= start
        if timer.kind == TimerKind.PROTECTION_REMINDER and registration.decided_at:
            assert timer.due_at.astimezone(UTC) > registration.decided_at


@given(registration=registrations(), zone=_zones, rules=rule_changes())
def test_every_state_that_can_end_by_itself_has_exactly_one_end_and_reminders_lie_before_it(
    program: Program, registration: Registration, zone: str, rules: dict[str, object]
) -> None:
    plan = planned(registration, program, zone, **rules)
    ends = [t for t in plan if t.kind in _ENDS]
    assert len(ends) <= 1
    assert not plan or plan[-1] == ends[0]
    has = {
        RegistrationState.DRAFT: registration.opened_at,
        RegistrationState.SUBMITTED: registration.decide_by,
        RegistrationState.NEEDS_INFO: registration.asked_at,
        RegistrationState.APPROVED: registration.protected_until,
    }
    assert bool(plan) == (has.get(registration.state) is not None)


@given(until=st.dates(date(2026, 1, 1), date(2030, 1, 1)), by=st.integers(1, 200), zone=_zones)
def test_a_longer_protection_falls_due_later_and_as_another_occasion(
    program: Program, until: date, by: int, zone: str
) -> None:
    short = draft(state=RegistrationState.APPROVED, protected_until=until)
    longer = replace(short, protected_until=until + timedelta(days=by))
    before, after = planned(short, program, zone), planned(longer, program, zone)
    assert not {t.key for t in before} & {t.key for t in after}
    for old, new in zip(before, after, strict=True):
        assert new.due_at.astimezone(UTC) > old.due_at.astimezone(UTC)


@given(until=st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_the_end_of_a_protection_is_seen_to_in_the_morning_after_its_last_day(program: Program, until: date) -> None:
    made = draft(state=RegistrationState.APPROVED, protected_until=until)
    end = planned(made, program)[-1].due_at.astimezone(ZoneInfo(program.vendor.time_zone))
    assert (end.date(), end.hour) == (until + timedelta(days=1), 9)
