"""The deal desk under random orders of messages, decisions, days and repeats: what has to hold, holds after each."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import URL

from bot.vocabulary.requests import (
    AnswerFields,
    CommissionFields,
    DealFields,
    Finer,
    Intent,
    Request,
    StatusFields,
    UpdateFields,
)
from crm.records import AmountBasis, Deal, Registration, RegistrationState, Stage
from tests.database import create_database, drop_database
from tests.machine.world import Side, World, open_world

S = RegistrationState
T = TypeVar("T")
NOOR, JONAS = "noor@lumora.example", "jonas@lumora.example"
CORE, INSIGHTS = "Lumora Core", "Lumora Insights"
LEGAL = {
    None: {S.DRAFT, S.SUBMITTED},
    S.DRAFT: {S.DRAFT, S.SUBMITTED, S.WITHDRAWN, S.EXPIRED},
    S.SUBMITTED: {S.SUBMITTED, S.NEEDS_INFO, S.APPROVED, S.DECLINED, S.WITHDRAWN},
    S.NEEDS_INFO: {S.NEEDS_INFO, S.SUBMITTED, S.APPROVED, S.DECLINED, S.WITHDRAWN, S.EXPIRED},
    S.APPROVED: {S.APPROVED, S.WITHDRAWN, S.EXPIRED},
    S.DECLINED: {S.DECLINED},
    S.WITHDRAWN: {S.WITHDRAWN},
    S.EXPIRED: {S.EXPIRED},
}
SIDES = st.sampled_from([0, 1])
CUSTOMERS = st.sampled_from([0, 1])
PRODUCTS = st.sampled_from([(CORE,), (INSIGHTS,), (CORE, INSIGHTS)])
PLAYS = int(os.environ.get("DEAL_DESK_PLAYS", "4"))
"""How many plays of eighteen events; `make plays` asks for more."""
_rounds = count(1)


class DealDesk(RuleBasedStateMachine):
    """Two partners after the same two customers. `run` and `world` are set by the test that runs it."""

    run: Callable[[Coroutine[Any, Any, T]], T]
    world: World

    @initialize()
    def two_partners(self) -> None:
        self.round = next(_rounds)
        self.run(self.world.begins())
        self.sides: list[Side] = [
            self.run(self.world.arrives(f"m{self.round}a", "Alphamark", 11_713)),
            self.run(self.world.arrives(f"m{self.round}b", "Betamark", 22_927)),
        ]
        self.threads = [self.run(self.world.opens_thread(side)) for side in self.sides]
        self.last: list[str | None] = [None, None]

    def _domain(self, customer: int) -> str:
        return f"customer{customer}-{self.round}.example"

    def _says(self, side: int, *requests: Request) -> None:
        inbox_id = self.run(self.world.writes(self.sides[side], self.threads[side], *requests))
        self.last[side] = inbox_id
        self.run(self.world.handled(inbox_id))

    def _registration(self, side: int, customer: int, products: tuple[str, ...], *, whole: bool) -> Request:
        said = self.sides[side]
        fields = DealFields(
            customer=f"Customer {'North' if customer else 'South'} {self.round}",
            customer_domain=self._domain(customer),
            contact_name=f"{said.marker} Buyer",
            contact_email=f"{said.marker.lower()}@{self._domain(customer)}",
            amount=Decimal(said.amount) if whole else None,
            currency="EUR" if whole else None,
            amount_basis=AmountBasis.ANNUAL if whole else None,
            close_date=self.world.clock().date() + timedelta(days=200) if whole else None,
            products=products,
        )
        return Request(Intent.REGISTER_DEAL, fields)

    @rule(side=SIDES, customer=CUSTOMERS, products=PRODUCTS, whole=st.booleans())
    def registers(self, side: int, customer: int, products: tuple[str, ...], whole: bool) -> None:
        self._says(side, self._registration(side, customer, products, whole=whole))

    @rule(side=SIDES)
    def completes(self, side: int) -> None:
        given = DealFields(
            amount=Decimal(self.sides[side].amount), currency="EUR", amount_basis=AmountBasis.ANNUAL,
            close_date=self.world.clock().date() + timedelta(days=150),
        )  # fmt: skip
        self._says(side, Request(Intent.PROVIDE_FIELD, given))

    @rule(side=SIDES, seats=st.integers(1, 500))
    def corrects(self, side: int, seats: int) -> None:
        self._says(side, Request(Intent.PROVIDE_FIELD, DealFields(quantity=seats)))

    @rule(side=SIDES, customer=CUSTOMERS)
    def withdraws(self, side: int, customer: int) -> None:
        named = UpdateFields(customer=f"Customer {'North' if customer else 'South'} {self.round}")
        self._says(side, Request(Intent.UPDATE_DEAL, named, finer=Finer.WITHDRAW))

    @rule(side=SIDES, yes=st.booleans())
    def answers(self, side: int, yes: bool) -> None:
        finer = Finer.CONFIRM if yes else Finer.DENY
        said = AnswerFields("yes" if yes else "no")
        self._says(side, Request(Intent.ANSWER_ANNOUNCEMENT, said, finer=finer))

    @rule(side=SIDES, customer=CUSTOMERS, stage=st.sampled_from(Stage))
    def updates(self, side: int, customer: int, stage: Stage) -> None:
        named = f"Customer {'North' if customer else 'South'} {self.round}"
        self._says(side, Request(Intent.UPDATE_DEAL, UpdateFields(customer=named, stage=stage)))

    @rule(side=SIDES, customer=CUSTOMERS)
    def extends(self, side: int, customer: int) -> None:
        named = UpdateFields(customer=f"Customer {'North' if customer else 'South'} {self.round}")
        self._says(side, Request(Intent.UPDATE_DEAL, named, finer=Finer.EXTEND))

    @rule(side=SIDES, customer=CUSTOMERS)
    def same_again(self, side: int, customer: int) -> None:
        wanted = DealFields(
            customer=f"Customer {'North' if customer else 'South'} {self.round}", customer_domain=self._domain(customer)
        )
        self._says(side, Request(Intent.REGISTER_DEAL, wanted, finer=Finer.REPEAT))

    @rule(side=SIDES)
    def asks_where_everything_stands(self, side: int) -> None:
        self._says(
            side, Request(Intent.ASK_DEAL_STATUS, StatusFields()), Request(Intent.ASK_COMMISSION, CommissionFields())
        )

    @rule(side=SIDES)
    def probes_the_number_of_the_other(self, side: int) -> None:
        theirs = self.run(self.world.kept(self.sides[1 - side]))
        if theirs:
            asked = StatusFields(deal_ref=theirs[-1].number)
            taken = UpdateFields(deal_ref=theirs[-1].number, stage=Stage.LOST)
            self._says(side, Request(Intent.ASK_DEAL_STATUS, asked), Request(Intent.UPDATE_DEAL, taken))

    @rule(side=SIDES)
    def a_message_is_handled_again(self, side: int) -> None:
        last = self.last[side]
        if last is not None:
            self.run(self.world.handled(last, last))

    @rule(customer=CUSTOMERS, products=PRODUCTS)
    def both_register_at_the_same_moment(self, customer: int, products: tuple[str, ...]) -> None:
        came = [
            self.run(self.world.writes(s, self.threads[i], self._registration(i, customer, products, whole=True)))
            for i, s in enumerate(self.sides)
        ]
        self.run(self.world.handled(*came))

    @rule(side=SIDES, customer=CUSTOMERS)
    def two_messages_of_one_partner_at_once(self, side: int, customer: int) -> None:
        said, thread = self.sides[side], self.threads[side]
        wanted = self._registration(side, customer, (CORE,), whole=True)
        more = Request(Intent.PROVIDE_FIELD, DealFields(quantity=77))
        came = [self.run(self.world.writes(said, thread, one)) for one in (wanted, more)]
        self.run(self.world.handled(*came))

    def _waiting(self) -> list[Registration]:
        return [r for r in self.run(self.world.kept(*self.sides)) if r.state in (S.SUBMITTED, S.NEEDS_INFO)]

    @rule(place=st.integers(0, 3), act=st.sampled_from(["approve", "refuse", "ask"]))
    def a_manager_decides(self, place: int, act: str) -> None:
        waiting = self._waiting()
        if waiting:
            desk, number = self.world.app.registration_desk, waiting[place % len(waiting)].number
            words = () if act == "approve" else ("please tell us more",)
            self.run(getattr(desk, act)(number, NOOR, *words))
            self.run(self.world.quiet())

    @rule()
    def everything_that_waits_is_accepted_twice_at_once(self) -> None:
        desk = self.world.app.registration_desk

        async def accept() -> None:
            waiting = [one.number for one in self._all if one.state is S.SUBMITTED]
            await asyncio.gather(*(desk.approve(number, NOOR) for number in waiting for _ in range(2)))
            await self.world.quiet()

        self._all = self.run(self.world.kept(*self.sides))
        self.run(accept())

    @rule(days=st.sampled_from([0.5, 2, 6, 31, 60, 80, 100]))
    def days_pass(self, days: float) -> None:
        self.run(self.world.passes(days))

    @rule(customer=CUSTOMERS)
    def the_vendor_sells_to_a_customer_itself(self, customer: int) -> None:
        number = f"D-8{self.round:04}{customer}"
        made = Deal(
            id=f"own-{number}", number=number, partner_id="", customer="Somebody", products=(CORE,), amount=None,
            customer_domain=self._domain(customer), amount_basis=None, stage=Stage.PROPOSAL, close_date=None,
            created_on=self.world.clock().date() - timedelta(days=1),
        )  # fmt: skip
        self.run(self.world.app.crm.save_deal(made))
        self.run(self.world.app.jobs.housekeeping.mirror())

    @invariant()
    def one_owner_for_each_customer_and_product(self) -> None:
        held: dict[tuple[str, str], str] = {}
        today = self.world.clock().date()
        for one in self.run(self.world.kept(*self.sides)):
            until = one.protected_until
            if one.state is S.APPROVED and until is not None and until > today:
                for product in one.products:
                    other = held.setdefault((one.customer_domain, product), one.number)
                    assert other == one.number, f"{other} and {one.number} both hold {one.customer_domain}, {product}"

    @invariant()
    def no_state_follows_that_may_not(self) -> None:
        for side in self.sides:
            for number, states in self.run(self.world.history(side)).items():
                before: RegistrationState | None = None
                for one in states:
                    assert one.state in LEGAL[before], f"{number}: {before} -> {one.state}"
                    before = one.state

    @invariant()
    def ledger_records_and_crm_agree(self) -> None:
        ours = {one.number: one for one in self.run(self.world.kept(*self.sides))}
        written = {n: states[-1] for side in self.sides for n, states in self.run(self.world.history(side)).items()}
        theirs, deals = self.run(self.world.in_crm(*self.sides))
        assert ours.keys() == written.keys() == theirs.keys()
        for number, one in ours.items():
            assert one.state is written[number].state is theirs[number].state, number
            assert one == theirs[number], number
            accepted = any(s.state is S.APPROVED for s in self.run(self.world.history(self._owner(one)))[number])
            assert accepted == (number in deals), number

    def _owner(self, one: Registration) -> Side:
        return next(side for side in self.sides if side.partner.id == one.partner_id)

    @invariant()
    def nobody_reads_of_the_other(self) -> None:
        for mine, other in (self.sides, self.sides[::-1]):
            said = "\n".join(self.run(self.world.told(mine)))
            foreign = {one.number for one in self.run(self.world.kept(other))}
            secrets = {other.marker, other.partner.name, f"{other.amount:,}", *foreign}
            probed = {one for one in foreign if f"with the number {one}" in said}
            leaked = [word for word in secrets - probed if word in said]
            assert not leaked, leaked


@pytest.fixture(scope="module")
def desk(postgres_server: URL, migrated_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    url = create_database(postgres_server, migrated_template)
    with asyncio.Runner() as runner:
        opened = open_world(url.render_as_string(hide_password=False), tmp_path_factory.mktemp("world"))
        DealDesk.world = runner.run(opened.__aenter__())
        DealDesk.run = staticmethod(runner.run)
        yield
        runner.run(opened.__aexit__(None, None, None))
    drop_database(postgres_server, url)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.usefixtures("desk")
def test_the_deal_desk_holds_under_any_order_of_events() -> None:
    few = settings(
        max_examples=PLAYS, stateful_step_count=18, deadline=None, derandomize=False,
        suppress_health_check=list(HealthCheck), print_blob=True,
    )  # fmt: skip
    run_state_machine_as_test(DealDesk, settings=few)
