"""Whether the account has the pipelines and stages of the configuration, and the pipeline in which requests wait."""

from __future__ import annotations

from collections.abc import Mapping

from crm.adapters.hubspot.account.pipelines import WAITING, Pipeline, Pipelines, waiting_key, waiting_label
from crm.adapters.hubspot.options import DEFAULT_STAGES, HubSpotOptions
from crm.adapters.hubspot.setup.bodies import pipeline_body, stage_body
from crm.adapters.hubspot.setup.plan import Draft, Problem, Step
from crm.adapters.hubspot.transport import calls
from crm.records import Stage

_WHERE = "Deals"
_AT: Mapping[str, str] = {"type": "deals"}
WITHOUT = (
    "registrations and leads that wait stay with the agent, appear as notes on the partner's company, and become deals"
    " in HubSpot once they are accepted"
)
"""What becomes of requests where the account has no second pipeline."""

_NONE = f"{WITHOUT}. Set PARTNERLINE_HUBSPOT_INTAKE=none"


def look(found: Pipelines, options: HubSpotOptions, draft: Draft) -> None:
    if found.sales is None:
        draft.problems.append(_no_sales(found, options))
    else:
        draft.problems += _stages(found.sales, options)
        draft.notes += _unmapped(found)
    if not options.intake:
        draft.notes.append(f"hubspot_intake is `none`: {WITHOUT}")
    elif found.intake is None:
        said = f"pipeline “{options.intake}” with {len(WAITING)} stages, where registrations and leads wait"
        body = pipeline_body(options.intake)
        draft.steps.append(Step(_WHERE, said, calls.CREATE_PIPELINE, _AT, body, without=_NONE))
    else:
        draft.steps += _missing_stages(found.intake, found.waiting)


def _no_sales(found: Pipelines, options: HubSpotOptions) -> Problem:
    there = ", ".join(f"“{one.label}” ({one.id})" for one in found.all) or "none"
    said = f"there is no deal pipeline “{options.pipeline}”; there are: {there}"
    return Problem(_WHERE, said, "set PARTNERLINE_HUBSPOT_PIPELINE to one of these, by label or id")


def _stages(sales: Pipeline, options: HubSpotOptions) -> list[Problem]:
    there = ", ".join(f"“{stage.label}” ({stage.id})" for stage in sales.stages)
    fix = f"set PARTNERLINE_HUBSPOT_STAGES with stages of “{sales.label}”: {there}"
    problems = [
        Problem(_WHERE, f"the pipeline “{sales.label}” has no stage “{name}” (for {ours.value})", fix)
        for ours, theirs in options.stages.items()
        if theirs != DEFAULT_STAGES.get(ours)
        for name in theirs
        if sales.stage(name) is None
    ]
    for ours in (Stage.WON, Stage.LOST):
        if not any(sales.stage(name) for name in options.stages.get(ours, ())):
            said = f"the pipeline “{sales.label}” has no stage for {ours.value} deals that the settings name"
            problems.append(Problem(_WHERE, said, fix))
    return problems


def _unmapped(found: Pipelines) -> list[str]:
    lacking = [ours.value for ours in Stage if ours is not Stage.ON_HOLD and ours not in found.written and ours.open]
    if not lacking or found.sales is None:
        return []
    told = "a deal that a partner reports there keeps its stage in HubSpot"
    return [f"the pipeline “{found.sales.label}” has no stage for {', '.join(lacking)}: {told}"]


def _missing_stages(intake: Pipeline, waiting: Mapping[str, str]) -> list[Step]:
    at = {**_AT, "pipeline": intake.id}
    return [
        Step(
            _WHERE,
            f"stage “{waiting_label(state)}” in “{intake.label}”",
            calls.CREATE_STAGE,
            at,
            stage_body(state, place),
        )
        for place, state in enumerate(WAITING)
        if waiting_key(state) not in waiting
    ]
