"""Account, plan limits, owners and pipelines."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.fakes.hubspot.api.asking import Ask, Reply, collection, next_page
from tests.fakes.hubspot.associations import USER_DEFINED
from tests.fakes.hubspot.faults import conflict, invalid, malformed, no_such_resource, not_in_plan
from tests.fakes.hubspot.kinds import DEAL
from tests.fakes.hubspot.pipelines import Pipeline, Stage, deal_metadata


def details(ask: Ask) -> Reply:
    portal = ask.portal
    offset = datetime.now(ZoneInfo(portal.time_zone)).utcoffset()
    seconds = int(offset.total_seconds()) if offset else 0
    return Reply(
        200,
        {
            "portalId": portal.id,
            "accountType": portal.account_type,
            "timeZone": portal.time_zone,
            "companyCurrency": portal.currencies[0],
            "additionalCurrencies": portal.currencies[1:],
            "utcOffset": f"{seconds // 3600:+03d}:{abs(seconds) % 3600 // 60:02d}",
            "utcOffsetMilliseconds": seconds * 1000,
            "uiDomain": "app.hubspot.com",
            "dataHostingLocation": "eu1",
        },
    )


def label_limits(ask: Ask) -> Reply:
    """For each pair of objects with labels: how many there may be, and are."""
    portal = ask.portal
    results = []
    for (start, end), known in portal.associations.types.items():
        own = [one.label for one in known if one.category == USER_DEFINED]
        if own:
            used = len(own)
            results.append(
                {
                    "fromObjectType": _kind(ask, start),
                    "toObjectType": _kind(ask, end),
                    "allLabels": own,
                    **_usage(used, portal.allowance.labels),
                }
            )
    return Reply(200, {"results": results, "limit": portal.allowance.labels})


def custom_object_limits(ask: Ask) -> Reply:
    return Reply(200, _usage(len(ask.portal.schemas), ask.portal.allowance.custom_objects))


def _usage(used: int, limit: int) -> dict[str, Any]:
    return {"limit": limit, "usage": used, "percentage": round(100 * used / limit, 1) if limit else 0.0}


def _kind(ask: Ask, type_id: str) -> dict[str, str]:
    kind = ask.portal.kind(type_id)
    return {"objectTypeId": kind.id, "singularLabel": kind.singular, "pluralLabel": kind.plural}


def owners(ask: Ask) -> Reply:
    archived, email = ask.query.get("archived") == "true", ask.query.get("email", "").lower()
    limit, after = ask.page(500, 100)
    found = [one for one in ask.portal.owners if one.archived == archived and (not email or one.email == email)]
    page = [one.shown() for one in found[after : after + limit]]
    return collection(page, next_page(after + limit) if after + limit < len(found) else None)


def owner(ask: Ask) -> Reply:
    for one in ask.portal.owners:
        if one.id == ask.at["id"]:
            return Reply(200, one.shown())
    raise no_such_resource()


def _pipelines(ask: Ask) -> dict[str, Pipeline]:
    return ask.portal.pipelines.setdefault(ask.kind.id, {})


def _pipeline(ask: Ask) -> Pipeline:
    found = _pipelines(ask).get(ask.at["pipeline"])
    if found is None:
        raise no_such_resource()
    return found


def pipelines(ask: Ask) -> Reply:
    return collection([one.shown() for one in sorted(_pipelines(ask).values(), key=lambda one: one.order)])


def pipeline(ask: Ask) -> Reply:
    return Reply(200, _pipeline(ask).shown())


def create_pipeline(ask: Ask) -> Reply:
    known, portal = _pipelines(ask), ask.portal
    label, stages = str(ask.given.get("label") or ""), ask.given.get("stages")
    if not label or not isinstance(stages, list) or "displayOrder" not in ask.given:
        raise malformed("label, displayOrder and stages are required")
    if len(known) >= portal.allowance.pipelines:
        raise not_in_plan(f"The account {portal.id} may have {portal.allowance.pipelines} pipelines of deals.")
    if any(one.label == label for one in known.values()):
        raise conflict(f"A pipeline with the label '{label}' already exists.")
    now = portal.stamp()
    made = Pipeline(portal.records.next_id(), label, int(ask.given["displayOrder"]), [], now, now)
    for one in stages:
        made.stages.append(_made_stage(ask, made, one))
    known[made.id] = made
    return Reply(201, made.shown())


def _made_stage(ask: Ask, pipeline: Pipeline, given: Any) -> Stage:
    label = str(given.get("label") or "") if isinstance(given, dict) else ""
    if not label or "displayOrder" not in given:
        raise malformed("each stage needs a label and a displayOrder")
    if any(one.label == label for one in pipeline.stages):
        raise conflict(f"A stage with the label '{label}' already exists in this pipeline.")
    metadata = {str(name): str(value) for name, value in (given.get("metadata") or {}).items()}
    if ask.kind.id == DEAL:
        metadata |= _deal_metadata(metadata)
    now = ask.portal.stamp()
    return Stage(ask.portal.records.next_id(), label, int(given["displayOrder"]), metadata, now, now)


def _deal_metadata(metadata: dict[str, str]) -> dict[str, str]:
    """A probability in tenths is needed; closed stages are those with 0 and with 1, unless said otherwise."""
    probability = metadata.get("probability", "")
    if probability not in {f"{tenth / 10:.1f}" for tenth in range(11)} | {"0", "1"}:
        raise invalid("Deal stages need metadata with a probability between 0.0 and 1.0 in steps of 0.1")
    return deal_metadata(probability) | ({"isClosed": metadata["isClosed"]} if "isClosed" in metadata else {})


def update_pipeline(ask: Ask) -> Reply:
    known = _pipeline(ask)
    known.label = str(ask.given.get("label") or known.label)
    known.order = int(ask.given.get("displayOrder", known.order))
    known.updated = ask.portal.stamp()
    return Reply(200, known.shown())


def archive_pipeline(ask: Ask) -> Reply:
    known = _pipeline(ask)
    held = [one for one in ask.portal.records.all(ask.kind.id) if one.values.get("pipeline") == known.id]
    if held or len(_pipelines(ask)) == 1:
        raise invalid(f"The pipeline {known.id} has {len(held)} records or is the last one and cannot be deleted.")
    del _pipelines(ask)[known.id]
    return Reply(204)


def stages(ask: Ask) -> Reply:
    return collection([one.shown() for one in sorted(_pipeline(ask).stages, key=lambda one: one.order)])


def create_stage(ask: Ask) -> Reply:
    known = _pipeline(ask)
    made = _made_stage(ask, known, ask.given)
    known.stages.append(made)
    return Reply(201, made.shown())


def _stage(ask: Ask) -> Stage:
    found = _pipeline(ask).stage(ask.at["stage"])
    if found is None:
        raise no_such_resource()
    return found


def update_stage(ask: Ask) -> Reply:
    known = _stage(ask)
    known.label = str(ask.given.get("label") or known.label)
    known.order = int(ask.given.get("displayOrder", known.order))
    known.metadata |= {str(name): str(value) for name, value in (ask.given.get("metadata") or {}).items()}
    known.updated = ask.portal.stamp()
    return Reply(200, known.shown())


def archive_stage(ask: Ask) -> Reply:
    known = _stage(ask)
    if any(one.values.get("dealstage") == known.id for one in ask.portal.records.all(ask.kind.id)):
        raise invalid(f"The stage {known.id} has records and cannot be deleted.")
    _pipeline(ask).stages.remove(known)
    return Reply(204)
