"""Which of HubSpot's stages is which of ours."""

from __future__ import annotations

from typing import Any

import pytest

from crm.adapters.hubspot.account.pipelines import WAITING, Pipelines, pipelines_of, waiting_key, waiting_label
from crm.adapters.hubspot.options import HubSpotOptions
from crm.records import LeadState, RegistrationState, Stage


def stage(id_: str, label: str = "", probability: str = "0.5", place: int = 0) -> dict[str, Any]:
    return {"id": id_, "label": label or id_, "displayOrder": place, "metadata": {"probability": probability}}


def pipeline(id_: str, label: str, *stages: dict[str, Any]) -> dict[str, Any]:
    return {"id": id_, "label": label, "stages": list(stages)}


SALES = pipeline(
    "default",
    "Sales Pipeline",
    stage("won", "Won", "1.0", 9),
    stage("new", "New", "0.1", 1),
    stage("offer", "Offer", "0.4", 2),
    stage("legal", "Legal", "0.6", 3),
    stage("gone", "Gone", "0", 10),
)
INTAKE = pipeline("77", "Partner requests", *(stage(f"s{n}", waiting_label(state)) for n, state in enumerate(WAITING)))
STAGES = {Stage.PROPOSAL: ("offer",), Stage.WON: ("Won",), Stage.LOST: ("gone",)}


def found(*pipelines: dict[str, Any], kept: dict[str, str] | None = None, **options: Any) -> Pipelines:
    return pipelines_of(pipelines, HubSpotOptions("token", **{"stages": STAGES, **options}), kept or {})


def test_stages_are_named_by_id_or_label_in_any_case() -> None:
    pipelines = found(SALES, pipeline="sales pipeline", stages={Stage.NEGOTIATION: ("LEGAL",), Stage.WON: ("won",)})
    assert pipelines.stage_id(Stage.NEGOTIATION) == "legal"
    assert pipelines.stage_id(Stage.WON) == "won"
    assert pipelines.stage_id(Stage.QUALIFIED) is None


def test_the_first_of_several_is_written_and_each_is_read() -> None:
    pipelines = found(SALES, stages={Stage.PROPOSAL: ("offer", "legal")})
    assert pipelines.stage_id(Stage.PROPOSAL) == "offer"
    assert pipelines.stage_of("default", "legal") is Stage.PROPOSAL


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("new", Stage.QUALIFIED),
        ("offer", Stage.PROPOSAL),
        ("legal", Stage.PROPOSAL),
        ("won", Stage.WON),
        ("gone", Stage.LOST),
        ("never heard of", None),
    ],
)
def test_a_stage_without_meaning_counts_as_the_last_one_before_it_that_has_one(theirs: str, ours: Stage | None) -> None:
    assert found(SALES).stage_of("default", theirs) is ours


def test_other_pipelines_are_won_and_lost_as_hubspot_says() -> None:
    other = pipeline("9", "Renewals", stage("r1"), stage("r2", probability="1.0"), stage("r3", probability="0.0"))
    pipelines = found(SALES, other)
    assert [pipelines.stage_of("9", one) for one in ("r1", "r2", "r3")] == [Stage.QUALIFIED, Stage.WON, Stage.LOST]
    assert pipelines.stage_of("10", "r1") is None


def test_requests_wait_in_stages_of_their_own_that_are_no_sales_stages() -> None:
    pipelines = found(SALES, INTAKE)
    ids = {pipelines.waiting_id(state) for state in WAITING}
    assert len(ids) == len(RegistrationState) + len(LeadState)
    assert all(pipelines.waiting_of(pipelines.waiting_id(state) or "") is state for state in WAITING)
    assert pipelines.stage_of("77", "s0") is None


def test_an_account_without_a_second_pipeline_has_no_such_stage() -> None:
    for pipelines in (found(SALES), found(SALES, INTAKE, intake="")):
        assert pipelines.intake is None
        assert pipelines.waiting_id(RegistrationState.SUBMITTED) is None


def test_stages_that_were_renamed_are_known_by_the_ids_that_were_kept() -> None:
    renamed = pipeline("77", "Anfragen", *({**one, "label": f"Stufe {one['id']}"} for one in INTAKE["stages"]))
    kept = {waiting_key(state): f"s{n}" for n, state in enumerate(WAITING)}
    pipelines = found(SALES, renamed, kept=kept)
    assert pipelines.waiting_of("s1") is RegistrationState.SUBMITTED
    assert pipelines.intake is not None
    assert pipelines.intake.label == "Anfragen"


def test_a_probability_that_is_no_number_is_an_open_stage() -> None:
    odd = pipeline("9", "Odd", stage("a", probability="soon"), {"id": "b", "label": "b"})
    assert found(SALES, odd).stage_of("9", "b") is Stage.QUALIFIED
