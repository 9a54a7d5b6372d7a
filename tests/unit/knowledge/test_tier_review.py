"""What a review decides, at each of its edges."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import SAMPLE_PROGRAM
from crm.money import Money
from knowledge.loading import load_program
from knowledge.program import Program, TierRules
from knowledge.tier_review import Notice, Review, Verdict, decide
from knowledge.tiers import TierFigures, quarters_after

JANUARY, APRIL, JULY, OCTOBER = (date(2027, month, 1) for month in (1, 4, 7, 10))
Found = Callable[..., TierFigures]


def found(
    revenue: str, csat: str | None = "4.5", people: int = 5, review: date = JANUARY, **more: object
) -> TierFigures:
    figures = TierFigures(
        review, quarters_after(review, -4), review, Money(Decimal(revenue), "EUR"), (),
        None if csat is None else Decimal(csat), 0, people,
    )  # fmt: skip
    return replace(figures, **more)  # type: ignore[arg-type]


def review(
    program: Program, held: str, figures: TierFigures, notice: Notice | None = None, held_on: date | None = None
) -> Review:
    return decide(program, program.tier(held), figures, notice, held_on or figures.review)


def outcome(done: Review) -> tuple[Verdict, str, Notice | None]:
    return done.verdict, done.tier.name, done.notice


AT_RISK = Notice(APRIL, "Elite", "Select")


@pytest.mark.parametrize(
    ("held", "figures", "verdict", "tier"),
    [
        ("Select", found("400000.00", "4.3", 3), Verdict.UP, "Elite"),
        ("Select", found("399999.99", "4.3", 3), Verdict.KEPT, "Select"),
        ("Select", found("400000.00", "4.29", 3), Verdict.KEPT, "Select"),
        ("Select", found("400000.00", "4.3", 2), Verdict.KEPT, "Select"),
        ("Select", found("100000.00", "4.0", 1), Verdict.KEPT, "Select"),
        ("Registered", found("500000", "4.9", 9), Verdict.UP, "Elite"),
        ("Registered", found("100000", "4.0", 1), Verdict.UP, "Select"),
        ("Registered", found("0", None, 0), Verdict.KEPT, "Registered"),
        ("Elite", found("900000"), Verdict.KEPT, "Elite"),
    ],
)
def test_a_partner_rises_as_far_as_its_figures_reach(
    program: Program, held: str, figures: TierFigures, verdict: Verdict, tier: str
) -> None:
    assert outcome(review(program, held, figures)) == (verdict, tier, None)


@pytest.mark.parametrize(
    "figures",
    [found("99999.99", "4.0", 1), found("100000", "3.99", 1), found("100000", None, 1), found("100000", "4.0", 0)],
)
def test_figures_that_do_not_hold_the_tier_bring_notice_for_the_next_review(
    program: Program, figures: TierFigures
) -> None:
    given_now = Notice(APRIL, "Select", "Registered")
    assert outcome(review(program, "Select", figures)) == (Verdict.NOTICE, "Select", given_now)


def test_notice_then_recovery_leaves_the_tier_and_the_next_fall_needs_notice_again(program: Program) -> None:
    recovered = review(program, "Elite", found("400000", review=APRIL), AT_RISK)
    assert outcome(recovered) == (Verdict.RECOVERED, "Elite", None)
    again = review(program, "Elite", found("399000", review=JULY))
    assert outcome(again) == (Verdict.NOTICE, "Elite", Notice(OCTOBER, "Elite", "Select"))


def test_notice_then_still_short_lowers_the_tier(program: Program) -> None:
    assert outcome(review(program, "Elite", found("250000", review=APRIL), AT_RISK)) == (Verdict.DOWN, "Select", None)


def test_two_tiers_short_falls_one_and_has_notice_for_the_other(program: Program) -> None:
    done = review(program, "Elite", found("10", review=APRIL), AT_RISK)
    assert outcome(done) == (Verdict.DOWN, "Select", Notice(JULY, "Select", "Registered"))
    last = review(program, "Select", found("10", review=JULY), done.notice)
    assert outcome(last) == (Verdict.DOWN, "Registered", None)


def test_a_rise_ends_a_notice(program: Program) -> None:
    held = Notice(APRIL, "Select", "Registered")
    assert outcome(review(program, "Select", found("450000", review=APRIL), held)) == (Verdict.UP, "Elite", None)


def test_the_same_review_held_again_changes_nothing_more(program: Program) -> None:
    figures = found("10", review=APRIL)
    first = review(program, "Elite", figures, AT_RISK)
    second = review(program, first.tier.name, figures, first.notice)
    assert outcome(second) == (Verdict.STANDS, "Select", first.notice)


def test_a_new_partner_whose_tier_was_a_promise_has_a_quarter_to_earn_it(program: Program) -> None:
    done = review(program, "Elite", found("0", None, 0))
    assert outcome(done) == (Verdict.NOTICE, "Elite", AT_RISK)


@pytest.mark.parametrize(
    ("held_on", "due"), [(date(2027, 1, 31), APRIL), (date(2027, 2, 1), JULY), (date(2027, 3, 31), JULY)]
)
def test_a_review_held_late_gives_no_short_notice(program: Program, held_on: date, due: date) -> None:
    done = review(program, "Select", found("1"), held_on=held_on)
    assert done.notice == Notice(due, "Select", "Registered")


def test_a_notice_whose_time_is_not_over_stands(program: Program) -> None:
    later = Notice(JULY, "Select", "Registered")
    assert outcome(review(program, "Select", found("1", review=APRIL), later)) == (Verdict.STANDS, "Select", later)


def test_the_review_after_a_skipped_quarter_takes_the_notice_for_run_out(program: Program) -> None:
    assert outcome(review(program, "Elite", found("250000", review=JULY), AT_RISK)) == (Verdict.DOWN, "Select", None)


def test_a_tier_that_a_manager_changed_after_the_notice_has_a_notice_of_its_own(program: Program) -> None:
    done = review(program, "Select", found("1", review=APRIL), AT_RISK)
    assert outcome(done) == (Verdict.NOTICE, "Select", Notice(JULY, "Select", "Registered"))


def test_nothing_is_taken_away_while_a_sum_has_no_exchange_rate(program: Program) -> None:
    dollars = (Money(Decimal(90000), "USD"),)
    short = found("250000", review=APRIL, uncounted=dollars)
    assert outcome(review(program, "Elite", short, AT_RISK)) == (Verdict.UNSURE, "Elite", AT_RISK)
    unrated = found("500000", "4.0", review=APRIL, uncounted=dollars)
    assert review(program, "Elite", unrated, AT_RISK).verdict is Verdict.DOWN, "revenue is not what is missing"
    assert review(program, "Elite", found("500000", uncounted=dollars)).verdict is Verdict.KEPT


def test_a_program_may_lower_more_tiers_and_without_notice(program: Program) -> None:
    harsh = replace(program, tier_rules=TierRules(tiers_lost_at_most=2, notice_quarters=0))
    assert outcome(review(harsh, "Elite", found("10"))) == (Verdict.DOWN, "Registered", None)
    assert outcome(review(harsh, "Elite", found("150000"))) == (Verdict.DOWN, "Select", None)
    patient = replace(program, tier_rules=TierRules(notice_quarters=2))
    assert review(patient, "Elite", found("10")).notice == Notice(JULY, "Elite", "Select")


SAMPLE = load_program(SAMPLE_PROGRAM)
TIERS = st.sampled_from([tier.name for tier in SAMPLE.tiers])


@given(
    held=TIERS,
    quarters=st.lists(
        st.builds(
            found,
            st.integers(0, 600_000).map(str),
            st.sampled_from([None, "3.9", "4.0", "4.2", "4.3", "5"]),
            st.integers(0, 4),
        ),
        min_size=1,
        max_size=8,
    ),
)
def test_over_any_quarters_nobody_falls_without_notice_or_by_more_than_one(
    held: str, quarters: list[TierFigures]
) -> None:
    notice: Notice | None = None
    order = [tier.name for tier in SAMPLE.tiers]
    for number, figures in enumerate(quarters):
        now = replace(figures, review=quarters_after(JANUARY, number))
        done = review(SAMPLE, held, now, notice)
        fallen = order.index(held) - order.index(done.tier.name)
        assert fallen <= 1
        assert (fallen == 1) == (done.verdict is Verdict.DOWN)
        if fallen == 1:
            assert notice is not None
            assert (notice.review, notice.tier, notice.becomes) == (now.review, held, done.tier.name)
        held, notice = done.tier.name, done.notice
