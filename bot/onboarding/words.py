"""What a new partner reads, as outcomes in the words of the catalogue: of its own records and nobody else's. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.intents.draft import missing
from bot.intents.phrases import field_names, text
from bot.onboarding.stage import DAYS, Known, Matter
from bot.vocabulary.decisions import Outcome, Value
from bot.vocabulary.message import Question
from crm.records import Deal, Partner, PartnerType, Registration, RegistrationState
from knowledge.program import Manager, Program

_BESIDE = ("status", "tier", "commission", "program")


@dataclass(frozen=True, slots=True)
class Addressed:
    """Which partner is written to, and the manager who looks after it; None where nobody in particular does."""

    program: Program
    partner: Partner
    manager: Manager | None

    @property
    def refers(self) -> bool:
        """Whether it brings leads as well as deals."""
        return PartnerType.REFERRAL in self.partner.types

    @property
    def example(self) -> Value:
        """A sentence that begins a registration, as it could be written by the partner."""
        return text("onboarding.say_register", product=self.product, currency=self.partner.currency)

    @property
    def product(self) -> str:
        return self.program.products[0].name if self.program.products else ""


@dataclass(frozen=True, slots=True)
class Saying:
    """The outcomes of a check-in, with the registration that a reply is about and what it is asked for."""

    outcomes: tuple[Outcome, ...]
    number: str = ""
    asked: tuple[str, ...] = ()


def welcome(to: Addressed, *, in_slack: bool) -> tuple[Outcome, ...]:
    begin = "start_here" if in_slack else "start"
    outcomes = [_greeting(to), _can(to), Outcome(f"onboarding.{begin}"), _person(to)]
    return (*outcomes,) if in_slack else (*outcomes, Outcome("onboarding.stop"))


def check_in(matter: Matter, known: Known, to: Addressed, day: int, *, in_slack: bool) -> Saying:
    """Of the `day` (one of `DAYS`) after the welcome; `known` is what the reader may know."""
    said = _about(matter, known, to)
    ending = [Outcome("onboarding.last")] if day == DAYS[-1] else []
    leave = [] if in_slack else [Outcome("onboarding.leave")]
    return Saying((*said.outcomes, *ending, *leave), said.number, said.asked)


def _about(matter: Matter, known: Known, to: Addressed) -> Saying:
    match matter:
        case Matter.NOTHING | Matter.NOTHING_AGAIN:
            values: dict[str, Value] = {"partner": to.partner.name, "example": to.example}
            return Saying((Outcome(f"onboarding.{matter.value}", values), Outcome("onboarding.somebody_else")))
        case Matter.WROTE:
            return Saying((Outcome("onboarding.wrote", {"partner": to.partner.name, "example": to.example}),))
        case Matter.DRAFT:
            return _draft(known, to)
        case Matter.REGISTERED:
            return Saying((_registered(known.registered[0], to),), known.registered[0].number)
        case Matter.WON:
            deal = known.won[0]
            return Saying((Outcome("onboarding.won", {"deal": _named(deal), "number": deal.number}),), deal.number)
        case Matter.SILENT:
            return Saying((Outcome("onboarding.silent", {"partner": to.partner.name}), _person(to)))


def _draft(known: Known, to: Addressed) -> Saying:
    draft = known.drafts[0]
    lacking = missing(draft, to.program)
    if not lacking:
        said = Outcome("onboarding.draft_ready", {"deal": _named(draft)}, figures=True)
        return Saying((said,), draft.number, (Question.REGISTER,))
    values: dict[str, Value] = {"deal": _named(draft), "missing": field_names(lacking)}
    return Saying((Outcome("onboarding.draft", values, figures=True),), draft.number, lacking)


def _registered(one: Registration, to: Addressed) -> Outcome:
    values: dict[str, Value] = {"deal": _named(one), "number": one.number}
    if one.state is RegistrationState.APPROVED and one.protected_until is not None:
        return Outcome("onboarding.accepted", values | {"until": one.protected_until}, figures=True)
    return Outcome("onboarding.registered", values | {"days": to.program.deal_rules.protection_days}, figures=True)


def _named(one: Registration | Deal) -> Value:
    return text("line.named", number=one.number, customer=one.customer) if one.customer else one.number


def _greeting(to: Addressed) -> Outcome:
    values: dict[str, Value] = {"vendor": to.program.vendor.name, "partner": to.partner.name}
    if to.manager is None:
        return Outcome("onboarding.welcome_team", values)
    return Outcome("onboarding.welcome", values | {"manager": to.manager.name})


def _can(to: Addressed) -> Outcome:
    return Outcome("onboarding.can", {"lines": tuple(_lines(to))})


def _lines(to: Addressed) -> Iterator[Value]:
    yield text("onboarding.line", what=text("onboarding.register"), example=to.example)
    if to.refers:
        lead = text("onboarding.say_refer", product=to.product)
        yield text("onboarding.line", what=text("onboarding.refer"), example=lead)
    for name in _BESIDE:
        yield text("onboarding.line", what=text(f"onboarding.{name}"), example=text(f"onboarding.say_{name}"))


def _person(to: Addressed) -> Outcome:
    if to.manager is None:
        return Outcome("onboarding.person_team")
    return Outcome("onboarding.person", {"manager": to.manager.name, "address": to.manager.email})
