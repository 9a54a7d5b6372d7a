"""Looks at what the account lacks, and makes it: step by step, so that an interrupted run is completed by the next."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from crm.adapters.hubspot.account.account import COMPANIES, DEALS, Account
from crm.adapters.hubspot.attribution.directory import PartnerDirectory
from crm.adapters.hubspot.options import AttributionWay
from crm.adapters.hubspot.schema import PROPERTIES, Property, Where
from crm.adapters.hubspot.setup import attribution, deal_pipelines, properties, ways
from crm.adapters.hubspot.setup.plan import Barred, Draft, Plan, Problem, Step
from crm.adapters.hubspot.transport.client import HubSpot
from crm.adapters.hubspot.transport.faults import MissingScope, NotInPlan, Taken
from crm.errors import CrmOutcomeUnknown, CrmRejected

_ROUNDS = 5

Tell = Callable[[int, int], None]
"""Is told how many steps of how many are done."""


@dataclass(slots=True)
class Outcome:
    """What came of a plan. `problems` are steps that HubSpot did not take, with what to do; `barred` the ways of
    attribution that it turned out not to allow, after which a new plan is needed.
    """

    made: list[Step] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    barred: list[Barred] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lacking: set[str] = field(default_factory=set)
    skipped: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class SetUp:
    """Every method may raise CrmUnavailable."""

    hub: HubSpot
    account: Account
    directory: PartnerDirectory

    async def plan(self, refused: Sequence[Barred] = ()) -> Plan:
        """What is missing, by looking alone. `refused` are ways that HubSpot turned out not to allow."""
        options = self.account.options
        draft = Draft()
        way, barred = await ways.choose(self.hub, options.attribution, refused)
        for look in self._looks(way, draft):
            try:
                await look()
            except MissingScope as fault:
                draft.problems.append(lacks_scopes("Token", "not everything could be looked at", fault.scopes))
        return Plan(way, tuple(draft.steps), tuple(draft.problems), barred, tuple(draft.notes))

    def _looks(self, way: AttributionWay, draft: Draft) -> Iterator[Callable[[], Awaitable[None]]]:
        async def pipelines() -> None:
            deal_pipelines.look(await self.account.pipelines_there(fresh=True), self.account.options, draft)

        async def by_property() -> None:
            await attribution.by_property(self.hub, await self.directory.names(), draft)

        for object_type, wanted in _wanted(way).items():
            yield partial(properties.look, self.hub, object_type, wanted, draft)
        if way is AttributionWay.PROPERTY:
            yield by_property
        elif way is AttributionWay.LABELS:
            yield partial(attribution.by_labels, self.hub, self.account, COMPANIES, way, draft)
        else:
            yield partial(attribution.by_object, self.hub, self.account, draft)
        yield pipelines

    async def carry_out(self, plan: Plan, tell: Tell = lambda _done, _total: None) -> Outcome:
        """Make what is missing. Steps that wait for others are planned anew once those are made."""
        outcome = Outcome()
        left = plan.steps
        for _ in range(_ROUNDS):
            for step in [step for step in left if step.ready]:
                await self._make(step, outcome)
                tell(len(outcome.made), max(len(plan.steps), len(outcome.made)))
                if outcome.barred:
                    return outcome
            left = await self._left(outcome)
            if not any(step.ready for step in left):
                break
        await self.account.remember()
        return outcome

    async def _left(self, outcome: Outcome) -> tuple[Step, ...]:
        steps = (await self.plan()).steps
        return tuple(step for step in steps if _key(step) not in outcome.skipped)

    async def _make(self, step: Step, outcome: Outcome) -> None:
        scope = step.call.scope_for(step.at.get("type", ""))
        if scope in outcome.lacking:
            outcome.skipped.add(_key(step))
            return
        try:
            await self.hub.call(step.call, at=step.at, body=dict(step.body))
        except (Taken, CrmOutcomeUnknown):
            return  # the next look tells whether it is there, and as it should be
        except CrmRejected as fault:
            outcome.skipped.add(_key(step))
            _not_made(step, scope, fault, outcome)
            return
        outcome.made.append(step)


def _not_made(step: Step, scope: str, fault: CrmRejected, outcome: Outcome) -> None:
    if isinstance(fault, MissingScope):
        scopes = fault.scopes or (scope,)
        if step.way is not None and step.way is not AttributionWay.PROPERTY:
            outcome.barred.append(Barred(step.way, f"the token lacks the scope {', '.join(scopes)}"))
            return
        outcome.lacking |= {scope, *scopes}
        outcome.problems.append(lacks_scopes(step.where, f"{step.said} and what follows it", scopes))
    elif step.optional:
        outcome.notes.append(f"{step.said} cannot be made ({fault}): {step.without}")
    elif isinstance(fault, NotInPlan) and step.way is not None:
        outcome.barred.append(Barred(step.way, str(fault)))
    else:
        outcome.problems.append(Problem(step.where, f"{step.said} was not made: {fault}", _AGAIN))


_AGAIN = "mend what HubSpot says, then run `partnerline crm setup` again"


def lacks_scopes(where: str, what: str, scopes: Sequence[str]) -> Problem:
    """`what` could not be looked at or made."""
    named = ", ".join(scopes)
    fix = f"in HubSpot: Settings, Integrations, Service Keys, your key: add {named}; then run this again"
    return Problem(where, f"{what}: the token lacks the scope {named}", fix)


def _key(step: Step) -> tuple[str, str]:
    return step.where, step.said


def _wanted(way: AttributionWay) -> dict[str, list[Property]]:
    """Our properties by object type; HubSpot's own are there, and those of the custom object come with it."""
    companies = [*PROPERTIES[Where.COMPANY]]
    if way is not AttributionWay.OBJECT:
        companies += PROPERTIES[Where.PARTNER]
    found = {COMPANIES: companies, "contacts": [*PROPERTIES[Where.CONTACT]], DEALS: [*PROPERTIES[Where.DEAL]]}
    return {object_type: [prop for prop in wanted if prop.own] for object_type, wanted in found.items()}
