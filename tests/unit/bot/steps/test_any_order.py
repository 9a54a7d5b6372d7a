"""Whatever a partner writes in whatever order: one registration for a deal, no illegal step, a time that stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.intents.draft import required
from bot.vocabulary.company_names import company_key
from bot.vocabulary.decisions import Decision
from bot.vocabulary.message import YES_OR_NO, ThreadKind
from bot.vocabulary.requests import DealFields, Finer, Intent, NoFields, Request, UpdateFields
from crm.records import AmountBasis, Channel, Registration, RegistrationState
from tests.builders import program
from tests.unit.bot.conversation import Conversation

S = RegistrationState
LEGAL = {
    (None, S.DRAFT),
    (None, S.SUBMITTED),
    (S.DRAFT, S.DRAFT),
    (S.DRAFT, S.SUBMITTED),
    (S.DRAFT, S.WITHDRAWN),
    (S.SUBMITTED, S.SUBMITTED),
    (S.SUBMITTED, S.WITHDRAWN),
    (S.NEEDS_INFO, S.NEEDS_INFO),
    (S.NEEDS_INFO, S.SUBMITTED),
    (S.NEEDS_INFO, S.WITHDRAWN),
    (S.APPROVED, S.APPROVED),
    (S.APPROVED, S.WITHDRAWN),
    (S.DECLINED, S.DECLINED),
}
"""What a partner's message may do to a registration; managers and clocks do the rest."""

LOCKED = tuple(f for f in ("customer", "customer_domain", "submitted_at", "priority_at", "opened_at", "contact_id"))
CUSTOMERS = (
    ("Nova Labs", None),
    ("Nova Labs GmbH", "www.novalabs.example"),
    (None, "shop.novalabs.example"),
    ("Globex", "globex.example"),
    ("Globex", None),
    ("Zenith", None),
)
DETAILS = st.fixed_dictionaries(
    {},
    optional={
        "contact_name": st.sampled_from(("Lena Braun", "Hank Scorpio")),
        "contact_email": st.sampled_from(("lena@novalabs.example", "hank@globex.example", "z@gmail.com", "no address")),
        "amount": st.sampled_from((Decimal(36000), Decimal(50), Decimal(0))),
        "currency": st.sampled_from(("EUR", "USD", "SEK")),
        "amount_basis": st.sampled_from(tuple(AmountBasis)),
        "close_date": st.sampled_from((date(2027, 3, 31), date(2026, 1, 1))),
        "products": st.sampled_from((("Lumora Core",), ("Lumora Insights",), ("Lumora Core", "Lumora Assist"), ("x",))),
        "quantity": st.integers(-1, 90),
        "term_months": st.sampled_from((12, 36)),
    },
)
WHOLE = {
    "contact_name": "Lena Braun",
    "contact_email": "lena@novalabs.example",
    "amount": Decimal(36000),
    "currency": "EUR",
    "close_date": date(2027, 3, 31),
}
THREADS = st.sampled_from(("main", "other", "third"))
LATER = st.sampled_from((timedelta(minutes=1), timedelta(hours=30), timedelta(days=4)))
NUMBER = st.sampled_from(("", "D-800000", "D-800004", "D-800008", "D-999999"))


def deal_fields(customer: tuple[str | None, str | None], details: dict[str, Any]) -> DealFields:
    return DealFields(**{"customer": customer[0], "customer_domain": customer[1], **details})


class AnyOrder(RuleBasedStateMachine):
    """One partner writes in three threads; a manager decides in between."""

    @initialize(channel=st.sampled_from((Channel.EMAIL, Channel.SLACK)))
    def begin(self, channel: Channel) -> None:
        self.talk = Conversation(channel)

    def _say(self, wish: Request, thread: str, later: timedelta) -> None:
        before = len(self.talk.saved)
        decisions = self.talk.say(wish, thread=thread, later=later, words="some words")
        assert decisions
        assert all(d.outcomes for d in decisions)
        for was, becomes in self.talk.saved[before:]:
            self._check_step(was, becomes)
        self._check_asked(decisions, thread)

    def _check_step(self, was: Registration | None, becomes: Registration) -> None:
        assert (was.state if was else None, becomes.state) in LEGAL
        if becomes.submitted_at is not None and becomes.state is not S.NEEDS_INFO:
            assert becomes.priority_at is not None
            assert becomes.priority_at <= becomes.submitted_at
        if was is not None and was.state is not S.DRAFT:
            answered = (was.state, becomes.state) == (S.NEEDS_INFO, S.SUBMITTED)
            wider = was.state is S.NEEDS_INFO and bool(set(becomes.products) - set(was.products))
            moves = [n for n, may in (("submitted_at", answered), ("priority_at", wider)) if may]
            locked = [name for name in LOCKED if name not in moves]
            assert [getattr(was, n) for n in locked] == [getattr(becomes, n) for n in locked]
            if set(was.products) < set(becomes.products):
                assert becomes.priority_at == self.talk.now
        if was is not None and was.state is S.DECLINED:
            assert becomes == replace(was, evidence=becomes.evidence)

    def _check_asked(self, decisions: tuple[Decision, ...], thread: str) -> None:
        asked = set(self.talk.asked(thread)) - YES_OR_NO - {"answer"}
        assert asked <= set(required(program()))
        if self.talk.channel is Channel.SLACK and len(decisions) == 1:
            assert len({"amount" if name == "currency" else name for name in asked}) <= 3

    @rule(customer=st.sampled_from(CUSTOMERS), details=DETAILS, ask=st.booleans(), thread=THREADS, later=LATER)
    def register(
        self, customer: tuple[str | None, str | None], details: dict[str, Any], ask: bool, thread: str, later: timedelta
    ) -> None:
        self._say(Request(Intent.REGISTER_DEAL, deal_fields(customer, details), ask=ask), thread, later)

    @rule(customer=st.sampled_from(CUSTOMERS[:4]), details=DETAILS, thread=THREADS, later=LATER)
    def register_whole(
        self, customer: tuple[str | None, str | None], details: dict[str, Any], thread: str, later: timedelta
    ) -> None:
        fields = deal_fields(customer, WHOLE | {"products": ("Lumora Core",)} | details)
        self._say(Request(Intent.REGISTER_DEAL, fields), thread, later)

    @rule(customer=st.sampled_from((*CUSTOMERS, (None, None))), details=DETAILS, thread=THREADS, later=LATER)
    def provide(
        self, customer: tuple[str | None, str | None], details: dict[str, Any], thread: str, later: timedelta
    ) -> None:
        self._say(Request(Intent.PROVIDE_FIELD, deal_fields(customer, details)), thread, later)

    @rule(details=DETAILS, thread=THREADS)
    def complete(self, details: dict[str, Any], thread: str) -> None:
        fields = deal_fields((None, None), WHOLE | {"customer_domain": "novalabs.example"} | details)
        self._say(Request(Intent.PROVIDE_FIELD, fields), thread, timedelta(hours=1))

    @rule(number=NUMBER, customer=st.sampled_from(("", "Nova", "Globex")), ask=st.booleans(), thread=THREADS)
    def withdraw(self, number: str, customer: str, ask: bool, thread: str) -> None:
        fields = UpdateFields(deal_ref=number or None, customer=customer or None)
        self._say(Request(Intent.UPDATE_DEAL, fields, ask=ask, finer=Finer.WITHDRAW), thread, timedelta(hours=1))

    @rule(customer=st.sampled_from(CUSTOMERS), details=DETAILS, source=NUMBER, thread=THREADS)
    def repeat(
        self, customer: tuple[str | None, str | None], details: dict[str, Any], source: str, thread: str
    ) -> None:
        fields = deal_fields(customer, details)
        self._say(Request(Intent.REGISTER_DEAL, fields, finer=Finer.REPEAT, source=source), thread, timedelta(hours=1))

    @rule(customer=st.sampled_from(CUSTOMERS), thread=THREADS)
    def hand_in_the_customers_choice(self, customer: tuple[str | None, str | None], thread: str) -> None:
        wish = Request(Intent.REGISTER_DEAL, deal_fields(customer, {}), finer=Finer.CHOICE, said="they chose us")
        self._say(wish, thread, timedelta(hours=1))

    @rule(yes=st.booleans(), thread=THREADS)
    def say_yes_or_no(self, yes: bool, thread: str) -> None:
        self._say(
            Request(Intent.OTHER, NoFields(), finer=Finer.CONFIRM if yes else Finer.DENY), thread, timedelta(hours=1)
        )

    @rule(
        wish=st.sampled_from(
            (
                Request(Intent.ASK_TIER, NoFields()),
                Request(Intent.OTHER, NoFields()),
                Request(Intent.UPDATE_DEAL, UpdateFields(amount=Decimal(9), currency="EUR")),
            )
        ),
        thread=THREADS,
    )
    def say_something_else(self, wish: Request, thread: str) -> None:
        self._say(wish, thread, timedelta(hours=1))

    @rule(state=st.sampled_from((S.APPROVED, S.DECLINED, S.NEEDS_INFO, S.EXPIRED)), thread=THREADS)
    def decide(self, state: RegistrationState, thread: str) -> None:
        """What the vendor makes of the oldest that waits for it; a question is put in one of the threads."""
        waiting = [r for r in self.talk.registrations.values() if r.state is S.SUBMITTED]
        if not waiting:
            return
        oldest = waiting[0]
        until = self.talk.now.date() + timedelta(days=90) if state is S.APPROVED else None
        question = "Who signs?" if state is S.NEEDS_INFO else ""
        self.talk.know(replace(oldest, state=state, protected_until=until, question=question))
        if question:
            context = self.talk.facts(thread).thread
            self.talk.threads[thread] = replace(
                context, kind=ThreadKind.QUESTION, asked=("answer",), subject_ref=oldest.number, proposal=""
            )

    @invariant()
    def one_open_registration_for_a_company_and_product(self) -> None:
        if not hasattr(self, "talk"):
            return
        open_ones = [r for r in self.talk.registrations.values() if r.state.waiting or r.state is S.APPROVED]
        for one, other in combinations(open_ones, 2):
            keys = {company_key(r.customer_domain, r.customer, r.customer_country) for r in (one, other)}
            if len(keys) == 1 and "" not in keys:
                assert not set(one.products) & set(other.products), (one, other)


AnyOrder.TestCase.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
TestAnyOrder = AnyOrder.TestCase
