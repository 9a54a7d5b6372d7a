"""Looks over a HubSpot account: token, scopes, properties, pipelines, attribution, webhooks; nothing is changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.adapters.hubspot.account.account import Account
from crm.adapters.hubspot.account.not_set_up import NotSetUp
from crm.adapters.hubspot.account.pipelines import Pipelines
from crm.adapters.hubspot.options import HubSpotOptions
from crm.adapters.hubspot.setup import Plan, SetUp, scopes
from crm.adapters.hubspot.setup.ways import SAID
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.client import HubSpot
from crm.adapters.hubspot.transport.faults import TokenRefused
from crm.errors import CrmError, CrmUnavailable
from crm.findings import Finding, fault, hint, ok

STANDARD = "STANDARD"
"""HubSpot's word for an account with which a company really works."""

_SETUP = "`partnerline crm setup` shows what is missing, and makes it"
_SHOWN = 3  # things that are missing; the rest is a number


@dataclass(frozen=True, slots=True)
class Check:
    """`currencies` are those of the program."""

    hub: HubSpot
    account: Account
    setup: SetUp
    currencies: Sequence[str] = ()

    async def findings(self, tell: Callable[[int, int], None] = lambda _done, _total: None) -> AsyncIterator[Finding]:
        """One after the other; where the token is not taken or HubSpot does not answer, that is the last one."""
        wanted = scopes.probes(self.account.options.attribution)
        total = len(wanted) + 2
        try:
            for finding in _account(await self.account.details(fresh=True), self.currencies):
                yield finding
            tell(1, total)
            there = []
            for done, probe in enumerate(wanted, 2):
                if await scopes.has(self.hub, probe):
                    there.append(probe)
                else:
                    yield scopes.lacking(probe)
                tell(done, total)
            yield scopes.had(there)
            for finding in self._prepared(await self.setup.plan(), await self.account.pipelines_there()):
                yield finding
            yield _webhooks(self.account.options)
            await self.account.settled()
        except CrmError as found:
            yield _no_answer(found, self.account.options)

    def _prepared(self, plan: Plan, pipelines: Pipelines) -> Iterator[Finding]:
        yield from _missing(plan)
        for problem in plan.problems:
            yield fault(problem.where, problem.said, problem.fix)
        yield from _attribution(plan, self.account.options)
        if pipelines.sales is not None:
            yield ok("Pipeline", _stages(pipelines))
        for note in plan.notes:
            yield hint("Setup", note)


def _no_answer(found: CrmError, options: HubSpotOptions) -> Finding:
    if isinstance(found, TokenRefused):
        fix = "take the token of the service key (HubSpot: Settings, Integrations, Service Keys) into"
        return fault("Token", str(found), f"{fix} PARTNERLINE_HUBSPOT_TOKEN")
    if isinstance(found, NotSetUp):
        return fault("Setup", str(found), "mend that, then check again")
    if isinstance(found, CrmUnavailable):
        return fault("HubSpot", f"{options.url}: {found}", "try again in a minute; see that this machine reaches it")
    return fault("HubSpot", str(found), "mend what HubSpot says, then check again")


def _account(details: dict[str, Any], wanted: Sequence[str]) -> Iterator[Finding]:
    own = str(details.get("companyCurrency") or "")
    others = [str(code) for code in details.get("additionalCurrencies") or ()]
    said = f"portal {details.get('portalId')}, {details.get('accountType')}, {details.get('timeZone')}"
    yield ok("Account", f"{said}, {', '.join([own, *others])}")
    lacking = [code for code in wanted if code not in (own, *others)]
    if own and lacking:
        told = f"the account has no {', '.join(lacking)}: amounts in it stand in no field of HubSpot, only in our copy"
        yield hint("Currencies", told, "in HubSpot: Settings, Account Management, Currency")


def _missing(plan: Plan) -> Iterator[Finding]:
    if not plan.steps:
        if not plan.problems:
            yield ok("Setup", "everything that is needed is there")
        return
    names = "; ".join(f"{step.where}: {step.said}" for step in plan.steps[:_SHOWN])
    more = f" and {len(plan.steps) - _SHOWN} more" if len(plan.steps) > _SHOWN else ""
    if all(step.optional for step in plan.steps):
        yield hint("Setup", f"missing: {names}", _SETUP)
    else:
        yield fault("Setup", f"missing: {names}{more}", _SETUP)


def _attribution(plan: Plan, options: HubSpotOptions) -> Iterator[Finding]:
    if plan.way is options.attribution:
        yield ok("Attribution", f"by {SAID[plan.way]}")
        return
    why = "; ".join(barred.why for barred in plan.barred)
    yield fault(
        "Attribution",
        f"hubspot_attribution is `{options.attribution.value}` ({SAID[options.attribution]}), but {why}",
        f"set PARTNERLINE_HUBSPOT_ATTRIBUTION={plan.way.value} ({SAID[plan.way]}), or change that in HubSpot",
    )


def _stages(pipelines: Pipelines) -> str:
    sales = pipelines.sales
    labels = {stage.id: stage.label for stage in sales.stages} if sales else {}
    mapped = (f"{ours.value} is “{labels[id_]}”" for ours, id_ in pipelines.written.items())
    return f"“{sales.label if sales else ''}”: {', '.join(mapped)}"


def _webhooks(options: HubSpotOptions) -> Finding:
    if options.webhook_secrets:
        return ok("Webhooks", f"taken at {options.public_url or 'this agent’s address'}/webhooks/hubspot")
    told = "HubSpot does not tell by itself what changes; it is asked every minute"
    return hint("Webhooks", told, "docs/connect-hubspot.md, “Let HubSpot tell at once”")


async def try_a_note(hub: HubSpot, account: Account, now: datetime) -> Finding:
    """Writes a note and removes it again; never in an account with which a company works."""
    kind = str((await account.details(fresh=True)).get("accountType"))
    if kind == STANDARD:
        return hint("Note", "not tried: this is no test account", "")
    stamp = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = {"properties": {"hs_timestamp": stamp, "hs_note_body": "Partnerline was here to see whether it may write."}}
    made = await hub.call(calls.CREATE, at={"type": "notes"}, body={**body, "associations": []})
    await hub.call(calls.ARCHIVE, at={"type": "notes", "id": str(made.body["id"])})
    return ok("Note", "written, and removed again")
