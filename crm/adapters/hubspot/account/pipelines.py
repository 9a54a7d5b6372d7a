"""The account's deal pipelines: which of HubSpot's stages is which of ours, and where registrations and leads wait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from crm.adapters.hubspot.options import HubSpotOptions
from crm.records import LeadState, RegistrationState, Stage

Waiting = RegistrationState | LeadState
_Named = TypeVar("_Named", "Pipeline", "PipelineStage")


@dataclass(frozen=True, slots=True)
class PipelineStage:
    """`probability` is HubSpot's: 1 for a won deal, 0 for a lost one."""

    id: str
    label: str
    probability: float | None = None

    @property
    def ends(self) -> Stage | None:
        """What HubSpot itself takes a deal of this stage for, where it is closed."""
        return {1.0: Stage.WON, 0.0: Stage.LOST}.get(-1.0 if self.probability is None else self.probability)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """`stages` in HubSpot's order."""

    id: str
    label: str
    stages: tuple[PipelineStage, ...] = ()

    def stage(self, name: str) -> PipelineStage | None:
        """By id, else by label in any case."""
        return _named(self.stages, name)


@dataclass(frozen=True, slots=True)
class Pipelines:
    """`written` and `read` are for the stages of `sales`; `waiting` gives the stage of `intake` by `waiting_key`.

    `sales` is None where the account has no pipeline of the configured name, `intake` where it has none (yet).
    """

    all: tuple[Pipeline, ...]
    sales: Pipeline | None
    intake: Pipeline | None
    written: Mapping[Stage, str] = field(default_factory=dict)
    read: Mapping[str, Stage] = field(default_factory=dict)
    waiting: Mapping[str, str] = field(default_factory=dict)

    def stage_id(self, stage: Stage) -> str | None:
        """The stage of the sales pipeline that ours is written as; None where it has none for it."""
        return self.written.get(stage)

    def stage_of(self, pipeline_id: str, stage_id: str) -> Stage | None:
        """Ours for HubSpot's; None in the intake pipeline and where the stage is not known (any more).

        A stage that nobody gave a meaning is won or lost where HubSpot says so, else it counts as the last one before
        it that has a meaning.
        """
        pipeline = next((p for p in self.all if p.id == pipeline_id), None)
        if pipeline is None or pipeline == self.intake:
            return None
        meaning = Stage.QUALIFIED
        for stage in pipeline.stages:
            known = self.read.get(stage.id) or stage.ends
            if stage.id == stage_id:
                return known or meaning
            meaning = known if known is not None and known.open else meaning
        return None

    def waiting_id(self, state: Waiting) -> str | None:
        """The stage of the intake pipeline for a registration's or lead's state; None where there is none."""
        return self.waiting.get(waiting_key(state))

    def waiting_of(self, stage_id: str) -> Waiting | None:
        return next((state for state in WAITING if self.waiting.get(waiting_key(state)) == stage_id), None)


WAITING: tuple[Waiting, ...] = (*RegistrationState, *LeadState)


def waiting_key(state: Waiting) -> str:
    return f"{'registration' if isinstance(state, RegistrationState) else 'lead'}:{state.value}"


def waiting_label(state: Waiting) -> str:
    """What the stage is called in HubSpot."""
    kind, _, word = waiting_key(state).partition(":")
    return f"{kind.capitalize()} {word.replace('_', ' ')}"


_OVER = (
    RegistrationState.DECLINED,
    RegistrationState.WITHDRAWN,
    RegistrationState.EXPIRED,
    LeadState.CONVERTED,
    LeadState.REJECTED,
    LeadState.UNPLACED,
)


def waiting_probability(state: Waiting) -> str:
    """HubSpot takes 0 for "closed lost", and then sets the close date to that day: only for what is over."""
    return "0.0" if state in _OVER else "0.1"


def pipelines_of(found: Iterable[Mapping[str, Any]], options: HubSpotOptions, kept: Mapping[str, str]) -> Pipelines:
    """From HubSpot's answer. `kept` are the ids of the intake stages as setup left them, which people may rename."""
    read = tuple(_pipeline(one) for one in found)
    sales = _named(read, options.pipeline)
    intake = _intake(read, options.intake, kept)
    written, meant = _stages(sales, options.stages)
    return Pipelines(read, sales, intake, written, meant, dict(_waiting(intake, kept)))


def _intake(found: tuple[Pipeline, ...], label: str, kept: Mapping[str, str]) -> Pipeline | None:
    if not label:
        return None
    ids = set(kept.values())
    return _named(found, label) or next((p for p in found if ids & {stage.id for stage in p.stages}), None)


def _waiting(intake: Pipeline | None, kept: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for state in WAITING if intake else ():
        key = waiting_key(state)
        stage = intake and (_by_id(intake.stages, kept.get(key, "")) or intake.stage(waiting_label(state)))
        if stage:
            yield key, stage.id


def _by_id(stages: Iterable[PipelineStage], wanted: str) -> PipelineStage | None:
    return next((stage for stage in stages if stage.id == wanted), None)


def _stages(
    sales: Pipeline | None, wanted: Mapping[Stage, tuple[str, ...]]
) -> tuple[dict[Stage, str], dict[str, Stage]]:
    written: dict[Stage, str] = {}
    read: dict[str, Stage] = {}
    for ours, theirs in wanted.items() if sales else ():
        for name in theirs:
            if sales and (stage := sales.stage(name)):
                written.setdefault(ours, stage.id)
                read.setdefault(stage.id, ours)
    return written, read


def _named(found: Iterable[_Named], name: str) -> _Named | None:
    listed = tuple(found)
    by_id = (one for one in listed if one.id == name)
    by_label = (one for one in listed if one.label.strip().casefold() == name.strip().casefold())
    return next(by_id, None) or next(by_label, None)


def _pipeline(found: Mapping[str, Any]) -> Pipeline:
    stages = [one for one in found.get("stages", ()) if not one.get("archived")]
    ordered = sorted(stages, key=lambda one: one.get("displayOrder", 0))
    return Pipeline(str(found["id"]), str(found.get("label", "")), tuple(_stage(one) for one in ordered))


def _stage(found: Mapping[str, Any]) -> PipelineStage:
    try:
        probability = float((found.get("metadata") or {}).get("probability", ""))
    except (TypeError, ValueError):
        probability = None
    return PipelineStage(str(found["id"]), str(found.get("label", "")), probability)
