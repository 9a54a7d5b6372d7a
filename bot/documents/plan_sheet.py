"""What the page of a commission plan says: the plan's own data in the reader's words, with an example by the engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from bot.documents.derivation import sentences
from bot.documents.rate_lines import rate_lines
from bot.texts.wording import Wording
from bot.vocabulary.decisions import Value
from crm.records import AmountBasis, MilestoneKind, Partner, PartnerType
from knowledge.commission.account import Account
from knowledge.commission.derivation import Derivation
from knowledge.commission.exchange import RateTable
from knowledge.commission.expecting import expect
from knowledge.commission.plan import RateAnswer, rates_for
from knowledge.commission.rate_line import RateKey
from knowledge.commission.worth import DealLike
from knowledge.program import Plan, Product, Program, Reward
from knowledge.programs import Programs

_SEATS, _MONTHS = 25, 12  # of the example
_BANDS = frozenset({RateKey.BAND})
_FIRST_YEAR = frozenset({RateKey.FIRST_YEAR, RateKey.FLAT_UNDER, RateKey.INFLUENCED})
_NO_CASH = frozenset(
    {
        RateKey.SERVICES_PARTS, RateKey.WHEN_WON, RateKey.WHEN_STAGE, RateKey.WHEN_LIVE, RateKey.WHEN_CSAT,
        RateKey.WHEN_USAGE,
    }
)  # fmt: skip
"""Lines of plans that pay at a moment and not with each payment."""
_QUARTERLY = frozenset({RateKey.BAND, RateKey.CAP, RateKey.ACCELERATOR})


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with what stands below it, in this order: sentences, points, words or questions with what is said to
    them, and an end.
    """

    title: str
    sentences: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    end: str = ""


@dataclass(frozen=True, slots=True)
class PlanSheet:
    title: str
    facts: tuple[str, ...]
    parts: tuple[Part, ...]


def plan_sheet(
    program: Program, types: Sequence[PartnerType], tier: str, today: date, wording: Wording, chosen: str = ""
) -> PlanSheet | None:
    """The plans of a partner of these types at that tier ("": the lowest); None where the program has none for it.

    `chosen` is the plan that was chosen for the partner; one for other types is passed over.
    """
    theirs = any(chosen in (plan.id, plan.name) and set(plan.types) & set(types) for plan in program.plans)
    teller = _Teller(program, Partner("", "", tuple(types), tier, plan=chosen if theirs else ""), today, wording)
    answers = teller.answers()
    if not answers:
        return None
    names = tuple(answer.plan for answer in answers)
    return PlanSheet(teller.say("title", plans=names), tuple(teller.facts(answers[0])), tuple(teller.parts(answers)))


@dataclass(frozen=True, slots=True)
class _Teller:
    program: Program
    partner: Partner
    today: date
    wording: Wording

    def say(self, key: str, **values: Value) -> str:
        return self.wording.text(f"plan_page.{key}", values)

    def answers(self) -> tuple[RateAnswer, ...]:
        return rates_for(self.program, self.partner, self.today)

    def facts(self, first: RateAnswer) -> Iterator[str]:
        labels = {row.kind: self.wording.value(row.labels, "") for row in self.program.partner_types}
        known = tuple(labels[kind] for kind in self.partner.types if kind in labels)
        if known:
            yield self.say("fact_type", labels=known)
        yield self.say("fact_tier", tier=first.tier)
        yield self.say("fact_today", today=self.today)

    def parts(self, answers: Sequence[RateAnswer]) -> Iterator[Part]:
        for place, answer in enumerate(answers):
            yield self._rates("earn_title", answer, influenced=not place)
            yield from self._example(answer)
        chosen = tuple(self._by_choice(answers))
        for answer in chosen:
            part = self._rates("choice_title", answer, influenced=False)
            yield replace(part, end=self.say("choice", address=self.program.vendor.agent_address))
        keys = {line.key for answer in (*answers, *chosen) for line in answer.lines}
        if self.program.rewards:
            yield Part(self.say("rewards_title"), points=tuple(map(self._reward, self.program.rewards)))
        cash = any(not _NO_CASH & {line.key for line in answer.lines} for answer in (*answers, *chosen))
        yield Part(self.say("words_title"), pairs=tuple(self._words(keys, cash=cash)))
        yield from self._money()
        yield Part(self.say("faq_title"), pairs=tuple(self._questions(keys, cash=cash)))

    def _rates(self, title: str, answer: RateAnswer, *, influenced: bool) -> Part:
        """The rate for influenced deals holds for all plans and is told once."""
        kept = tuple(line for line in answer.lines if influenced or line.key is not RateKey.INFLUENCED)
        points = tuple(self.wording.value(line, "") for line in rate_lines(replace(answer, lines=kept)))
        return Part(self.say(title, plan=answer.plan, version=answer.version), points=points)

    def _by_choice(self, answers: Sequence[RateAnswer]) -> Iterator[RateAnswer]:
        """Plans of these types that apply only where they are chosen."""
        taken = {answer.plan for answer in answers}
        for plan in self.program.plans:
            if plan.name not in taken and set(plan.types) & set(self.partner.types):
                yield from rates_for(self.program, replace(self.partner, plan=plan.id), self.today)[:1]

    def _example(self, answer: RateAnswer) -> Iterator[Part]:
        """A deal of the catalogue at its list price; the first one that earns anything under the plan."""
        plan = next(plan for plan in self.program.plans if plan.name == answer.plan)
        for product in self.program.products:
            found = self._expected(plan, product)
            if found is not None and found.result.amount > 0:
                said = (self._of_example(product),)
                steps = sentences(found.steps, self.wording)
                result = self.say("example_result", result=found.result)
                yield Part(self.say("example_title"), said, steps, end=result)
                return

    def _expected(self, plan: Plan, product: Product) -> Derivation | None:
        kinds = tuple(kind for kind in self.partner.types if kind in plan.types)
        partner = replace(self.partner, types=kinds, plan=plan.id)
        rates = RateTable(self.program.vendor.currency)
        found = expect(Programs((self.program,)), Account(partner), _deal(product), rates, self.today)
        return found if isinstance(found, Derivation) else None

    def _of_example(self, product: Product) -> str:
        if product.billing == "one_off":
            return self.say("example_piece", product=product.name, price=product.list_price)
        values = {"quantity": _SEATS, "months": _MONTHS}
        return self.say("example_seats", product=product.name, price=product.list_price, **values)

    def _reward(self, reward: Reward) -> str:
        if reward.on is MilestoneKind.EVENT and reward.opportunities:
            return self.say("reward_big_event", reward=reward.reward, opportunities=reward.opportunities)
        return self.say(f"reward_{reward.on.value}", reward=reward.reward)

    def _words(self, keys: set[RateKey], *, cash: bool) -> Iterator[tuple[str, str]]:
        """Only those that the page uses."""
        if cash:
            yield self._word("collected")
        if keys & _FIRST_YEAR:
            yield self._word("first_year")
        if keys & _BANDS:
            yield self._word("volume")
        if keys & _QUARTERLY:
            quarter = self.program.vendor.calendar.quarter(self.today)
            yield self._word("quarter", start=quarter.start, end=quarter.after - timedelta(days=1))
        if RateKey.ACCELERATOR in keys:
            yield self._word("target")
        additions = [(tier.name, tier.added_points) for tier in self.program.tiers]
        if any(points for _, points in additions):
            told = tuple(self.say("addition", tier=name, points=points) for name, points in additions)
            yield self._word("tier", additions=told)
        yield self._word("sourced")
        if RateKey.INFLUENCED in keys:
            yield self._word("influenced")

    def _word(self, key: str, **values: Value) -> tuple[str, str]:
        return self.say("word", word=self.say(f"{key}_word")), self.say(key, **values)

    def _money(self) -> Iterator[Part]:
        rules, vendor = self.program.statements, self.program.vendor
        if rules is not None:
            said = (
                self.say("statement", day=self.say("first") if rules.day_of_month == 1 else rules.day_of_month),
                self.say("invoice", address=vendor.invoices_address),
                self.say("payment", days=rules.payment_days_after_approval),
            )
            least = rules.minimum_payout
            more = (self.say("minimum", minimum=least),) if least.amount else ()
            yield Part(self.say("paid_title"), points=(*said, *more))
        if self.program.commission is not None and self.program.commission.clawback_days:
            days = self.program.commission.clawback_days
            yield Part(self.say("clawback_title"), (self.say("clawback", days=days),))
        if rules is not None and rules.dispute_days:
            yield Part(self.say("dispute_title"), (self.say("dispute", days=rules.dispute_days),))

    def _questions(self, keys: set[RateKey], *, cash: bool) -> Iterator[tuple[str, str]]:
        if cash:
            yield self._question("instalments")
        rules = self.program.commission
        yield self.say("tier_changes_q"), self.say(f"tier_{rules.tier_on if rules else 'won'}")
        yield self._question("plan_changes")
        if RateKey.PAID_IN not in keys:
            yield self._question("currency")
        yield self._question("standing")
        yield self._question("person", address=self.program.vendor.agent_address)

    def _question(self, key: str, **values: Value) -> tuple[str, str]:
        return self.say(f"{key}_q"), self.say(key, **values)


def _deal(product: Product) -> DealLike:
    if product.billing == "one_off":
        return DealLike((product.name,), 1, product.list_price, AmountBasis.TOTAL)
    yearly = product.list_price * Decimal(_SEATS * _MONTHS)
    return DealLike((product.name,), _SEATS, yearly, AmountBasis.ANNUAL, _MONTHS)
