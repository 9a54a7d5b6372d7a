"""Setting up an account: what is missing is shown, then made; what is wrong or not allowed is told."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from crm.adapters.hubspot.options import AttributionWay
from crm.adapters.hubspot.schema import INFLUENCED_BY, NUMBER, PARTNER_ID, SOURCED_BY
from crm.adapters.hubspot.setup import Plan, SetUp
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.calls import Call
from crm.adapters.hubspot.transport.client import Answer, HubSpot
from crm.errors import CrmUnavailable
from crm.records import Attribution, LeadState, RegistrationState, Stage
from tests.fakes.hubspot import Hub
from tests.fakes.hubspot.plans import Plan as Sold
from tests.unit.crm.hubspot.account.conftest import Desk, OpenDesk, made_ready

WAYS = list(AttributionWay)


async def made(desk: Desk) -> Plan:
    plan = await desk.setup.plan()
    outcome = await desk.setup.carry_out(plan)
    assert (outcome.problems, outcome.barred) == ([], [])
    return plan


@pytest.mark.parametrize("way", WAYS)
async def test_a_new_account_gets_everything_and_the_second_run_nothing(
    desk: OpenDesk, hub: Hub, way: AttributionWay
) -> None:
    opened = await desk(way)
    plan = await made(opened)
    assert plan.way is way
    assert plan.problems == ()
    again = await (await desk(way)).setup.plan()
    assert (again.steps, again.problems, again.barred) == ((), (), ())
    hub.calls.clear()
    await opened.setup.carry_out(again)
    assert [one.path for one in hub.calls.all if one.method not in {"GET"}] == []


async def test_looking_alone_makes_nothing(desk: OpenDesk, hub: Hub) -> None:
    plan = await (await desk()).setup.plan()
    said = [step.said for step in plan.steps]
    assert "property “Partner deal number” (Single-line text, unique)" in said
    assert "property “Partner sourced by” (Multiple checkboxes)" in said
    assert {one.method for one in hub.calls.all} == {"GET"}


async def test_one_way_of_attribution_is_made_and_no_other(desk: OpenDesk, hub: Hub) -> None:
    await made_ready(await desk(AttributionWay.LABELS))
    assert SOURCED_BY not in hub.portal.definitions["0-3"]
    assert hub.portal.schemas == {}
    assert {one.label for one in hub.portal.associations.known("0-3", "0-2")} >= {
        "Partner sourced",
        "Partner influenced",
    }


async def test_the_custom_object_carries_what_a_partner_has_and_companies_do_not(desk: OpenDesk, hub: Hub) -> None:
    opened = await made_ready(await desk(AttributionWay.OBJECT))
    type_ = await opened.account.partner_type()
    assert {PARTNER_ID, "name", "partnerline_tier"} <= hub.portal.definitions[type_].keys()
    assert PARTNER_ID not in hub.portal.definitions["0-2"]
    assert hub.portal.definitions[type_][PARTNER_ID].unique
    labels = await opened.account.labels(type_)
    assert set(labels.out) == set(Attribution)


async def test_requests_wait_in_a_pipeline_with_a_stage_for_each_state(desk: OpenDesk) -> None:
    opened = await made_ready(await desk())
    pipelines = await opened.account.pipelines()
    assert pipelines.intake is not None
    assert all(pipelines.waiting_id(state) for state in (*RegistrationState, *LeadState))
    submitted = pipelines.waiting_id(RegistrationState.SUBMITTED) or ""
    assert pipelines.waiting_of(submitted) is RegistrationState.SUBMITTED
    assert pipelines.stage_of(pipelines.intake.id, submitted) is None


async def test_stages_and_pipelines_that_were_renamed_are_known_by_their_ids(desk: OpenDesk, hub: Hub) -> None:
    await made(await desk())
    intake = next(one for one in hub.portal.pipelines["0-3"].values() if one.id != "default")
    intake.label, intake.stages[1].label = "Anfragen", "Eingereicht"
    opened = await desk()
    plan = await opened.setup.plan()
    assert plan.steps == ()
    assert (await opened.account.pipelines()).waiting_id(RegistrationState.SUBMITTED) == intake.stages[1].id


async def test_partners_that_are_known_already_are_choices_from_the_start(desk: OpenDesk, hub: Hub) -> None:
    opened = await made_ready(await desk())
    await opened.partner("quaywise", "Quaywise Advisory")
    plan = await opened.setup.plan()
    assert [step.said for step in plan.steps] == [
        "choices of the property “Partner sourced by”: Quaywise Advisory",
        "choices of the property “Partner influenced by”: Quaywise Advisory",
    ]
    await opened.setup.carry_out(plan)
    assert [one.value for one in hub.portal.definitions["0-3"][INFLUENCED_BY].options] == ["quaywise"]


class Interrupted(HubSpot):
    """Goes away for good after so many changes; the last one is carried out and its answer lost, every other time."""

    def __init__(self, inner: HubSpot, after: int) -> None:
        self.options = inner.options
        self._inner, self._left, self._lost = inner, after, bool(after % 2)

    async def call(self, call: Call, **given: Any) -> Answer:
        if call.method != "GET":
            if self._left == 0:
                if self._lost:
                    await self._inner.call(call, **given)
                raise CrmUnavailable("HubSpot does not answer")
            self._left -= 1
        return await self._inner.call(call, **given)


@pytest.mark.parametrize("way", [AttributionWay.PROPERTY, AttributionWay.OBJECT])
async def test_interrupted_anywhere_it_is_completed_by_the_next_run(
    desk: OpenDesk, hub: Hub, way: AttributionWay
) -> None:
    opened = await desk(way)
    for changes in itertools.chain([0, 1, 2, 3], itertools.repeat(11)):
        setup = SetUp(Interrupted(opened.client, changes), opened.account, opened.setup.directory)
        try:
            await setup.carry_out(await setup.plan())
            break
        except CrmUnavailable:
            continue
    assert (await opened.setup.plan()).steps == ()
    assert len(hub.portal.pipelines["0-3"]) == 2
    partners = hub.portal.kind(await opened.account.partner_type()).id
    labels = [one.label for one in hub.portal.associations.known("0-3", partners) if one.category == "USER_DEFINED"]
    assert len(labels) == (2 if way is AttributionWay.OBJECT else 0)


# What is there otherwise.


async def defined(desk: Desk, name: str, **body: Any) -> None:
    given = {"name": name, "label": "Number", "groupName": "dealinformation", **body}
    await desk.client.call(calls.CREATE_PROPERTY, at={"type": "deals"}, body=given)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            {"type": "string", "fieldType": "text"},
            "does not demand unique values, and HubSpot never lets that be changed",
        ),
        ({"type": "number", "fieldType": "number"}, "is of type Number, not Single-line text"),
    ],
)
async def test_a_key_that_is_not_unique_or_of_a_wrong_type_is_told_with_what_to_do(
    desk: OpenDesk, body: dict[str, Any], said: str
) -> None:
    opened = await desk()
    await defined(opened, NUMBER, **body)
    plan = await opened.setup.plan()
    (problem,) = plan.problems
    assert problem.said == f"property “Number” ({NUMBER}) {said}"
    assert problem.fix.startswith("In HubSpot: Settings, Properties, Deals, property “Number”")
    assert "delete it" in problem.fix
    outcome = await opened.setup.carry_out(plan)
    assert len(outcome.made) == len(plan.steps)
    assert (await opened.setup.plan()).problems == plan.problems


async def test_a_property_that_holds_one_choice_where_several_are_needed_is_told(desk: OpenDesk, hub: Hub) -> None:
    await made_ready(opened := await desk())
    held = hub.portal.definitions["0-2"]["partnerline_partner_types"]
    object.__setattr__(held, "field_type", "select")
    (problem,) = (await opened.setup.plan()).problems
    assert "may hold one choice, not several" in problem.said
    assert problem.fix.endswith("make its field type “Multiple checkboxes”")


async def test_a_drop_down_of_partners_is_taken_as_it_is_and_what_it_means_is_told(desk: OpenDesk, hub: Hub) -> None:
    opened = await desk()
    body = {"type": "enumeration", "fieldType": "select", "options": [{"label": "Fair", "value": "fair"}]}
    await defined(opened, SOURCED_BY, **body)
    plan = await made(opened)
    assert any(
        "it holds one partner. Where several bring one deal, the second is refused" in note for note in plan.notes
    )
    assert [one.value for one in hub.portal.definitions["0-3"][SOURCED_BY].options] == ["fair"]


async def test_what_says_whose_contact_somebody_is_stands_in_no_form(desk: OpenDesk, hub: Hub) -> None:
    opened = await made_ready(await desk())
    known = {kind: hub.portal.definitions[kind] for kind in ("0-1", "0-2")}
    ours = [one for of in known.values() for one in of.values() if one.name.startswith("partnerline_")]
    assert not any(one.shown()["formField"] for one in ours)
    # Somebody ticked “Use in forms”.
    at = {"type": "contacts", "name": "partnerline_contact_of"}
    await opened.client.call(calls.UPDATE_PROPERTY, at=at, body={"formField": True})
    plan = await opened.setup.plan()
    assert [(step.where, step.said) for step in plan.steps] == [
        ("Contacts", "property “Contact of partner”: taken out of forms, which strangers fill in")
    ]
    await opened.setup.carry_out(plan)
    assert not known["0-1"]["partnerline_contact_of"].shown()["formField"]
    assert (await opened.setup.plan()).steps == ()


async def test_choices_that_are_missing_are_added_and_those_of_people_stay(desk: OpenDesk, hub: Hub) -> None:
    opened = await desk()
    body = {"type": "enumeration", "fieldType": "select", "options": [{"label": "On paper", "value": "paper"}]}
    await defined(opened, "partnerline_registration", **body)
    await made(opened)
    values = [one.value for one in hub.portal.definitions["0-3"]["partnerline_registration"].options]
    assert values == ["paper", *RegistrationState]


async def test_a_pipeline_that_is_not_there_is_told_with_those_that_are(desk: OpenDesk) -> None:
    plan = await (await desk(pipeline="Channel deals")).setup.plan()
    (problem,) = plan.problems
    assert problem.said == "there is no deal pipeline “Channel deals”; there are: “Sales Pipeline” (default)"
    assert "PARTNERLINE_HUBSPOT_PIPELINE" in problem.fix


async def test_stages_that_are_not_there_are_told_with_those_that_are(desk: OpenDesk) -> None:
    stages = {Stage.QUALIFIED: ("Discovery",), Stage.WON: ("closedwon",)}
    plan = await (await desk(stages=stages)).setup.plan()
    told = [problem.said for problem in plan.problems]
    assert "the pipeline “Sales Pipeline” has no stage “Discovery” (for qualified)" in told
    assert any("no stage for lost deals" in one for one in told)
    assert "“Closed Won” (closedwon)" in plan.problems[0].fix


# What the plan or the token does not allow.


async def test_an_account_with_a_single_pipeline_goes_on_without_a_second(desk: OpenDesk, hub: Hub) -> None:
    hub.portal.plan = Sold.FREE
    opened = await desk()
    outcome = await opened.setup.carry_out(await opened.setup.plan())
    assert outcome.problems == []
    (note,) = outcome.notes
    assert "cannot be made" in note
    assert "become deals in HubSpot once they are accepted" in note
    assert "PARTNERLINE_HUBSPOT_INTAKE=none" in note
    assert (await opened.account.pipelines()).intake is None
    plan = await (await desk(intake="")).setup.plan()
    assert plan.steps == ()


@pytest.mark.parametrize(
    ("sold", "configured", "remains"),
    [
        (Sold.PRO, AttributionWay.OBJECT, AttributionWay.LABELS),
        (Sold.STARTER, AttributionWay.OBJECT, AttributionWay.PROPERTY),
        (Sold.STARTER, AttributionWay.LABELS, AttributionWay.PROPERTY),
        (Sold.FREE, AttributionWay.PROPERTY, AttributionWay.PROPERTY),
    ],
)
async def test_what_the_plan_does_not_have_leaves_the_next_way(
    desk: OpenDesk, hub: Hub, sold: Sold, configured: AttributionWay, remains: AttributionWay
) -> None:
    hub.portal.plan = sold
    plan = await (await desk(configured)).setup.plan()
    assert plan.way is remains
    assert [one.way for one in plan.barred] == WAYS[WAYS.index(configured) : WAYS.index(remains) : -1]
    assert all("plan has no" in one.why for one in plan.barred)


async def test_a_token_that_may_not_see_custom_objects_leaves_the_labels(desk: OpenDesk, hub: Hub) -> None:
    hub.portal.scopes -= {"crm.schemas.custom.read"}
    plan = await (await desk(AttributionWay.OBJECT)).setup.plan()
    assert plan.way is AttributionWay.LABELS
    assert "lacks the scope crm.schemas.custom.read" in plan.barred[0].why


async def test_a_token_that_may_not_make_custom_objects_leaves_the_labels_in_the_next_plan(
    desk: OpenDesk, hub: Hub
) -> None:
    hub.portal.scopes -= {"crm.schemas.custom.write"}
    opened = await desk(AttributionWay.OBJECT)
    outcome = await opened.setup.carry_out(await opened.setup.plan())
    (barred,) = outcome.barred
    assert barred.why == "the token lacks the scope crm.schemas.custom.write"
    plan = await opened.setup.plan(outcome.barred)
    assert (plan.way, plan.barred) == (AttributionWay.LABELS, (barred,))
    assert (await opened.setup.carry_out(plan)).problems == []


async def test_labels_of_others_that_fill_the_plan_leave_the_properties(desk: OpenDesk, hub: Hub) -> None:
    hub.portal.plan = Sold.PRO
    for number in range(9):
        labels = (f"Label {number}", f"Label {number}")
        hub.portal.associations.define("USER_DEFINED", "0-3", "0-2", labels=labels, name=f"label_{number}")
    plan = await (await desk(AttributionWay.LABELS)).setup.plan()
    assert plan.way is AttributionWay.PROPERTY
    assert "9 of the 10 labels" in plan.barred[0].why


async def test_a_missing_scope_is_told_once_and_the_rest_is_made(desk: OpenDesk, hub: Hub) -> None:
    hub.portal.scopes -= {"crm.schemas.contacts.write"}
    opened = await desk()
    outcome = await opened.setup.carry_out(await opened.setup.plan())
    (problem,) = outcome.problems
    assert "the token lacks the scope crm.schemas.contacts.write" in problem.said
    assert "add crm.schemas.contacts.write" in problem.fix
    assert {step.where for step in (await opened.setup.plan()).steps} == {"Contacts"}
