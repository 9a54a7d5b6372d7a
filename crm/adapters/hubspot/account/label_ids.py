"""The two association labels of a partner and a deal: each has an id per direction, others in each account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crm.records import Attribution

LABELS = {Attribution.SOURCED: "Partner sourced", Attribution.INFLUENCED: "Partner influenced"}
NAMES = {Attribution.SOURCED: "partnerline_sourced", Attribution.INFLUENCED: "partnerline_influenced"}
USER_DEFINED = "USER_DEFINED"


@dataclass(frozen=True, slots=True)
class Labels:
    """`out` are the type ids from a deal to what is labelled, `back` those of the other direction."""

    out: Mapping[Attribution, int]
    back: Mapping[Attribution, int]

    @classmethod
    def kept(cls, value: Mapping[str, Mapping[str, int]] | None) -> Labels | None:
        if not value:
            return None
        return cls(*({Attribution(word): id_ for word, id_ in value[way].items()} for way in ("out", "back")))

    def value(self) -> dict[str, dict[str, int]]:
        return {"out": _by_word(self.out), "back": _by_word(self.back)}

    def attribution(self, type_: Mapping[str, Any]) -> Attribution | None:
        """What an association's type says of a deal's partner."""
        if type_.get("category") != USER_DEFINED:
            return None
        return next((kind for kind, id_ in self.out.items() if id_ == type_.get("typeId")), None)


def lacking(out: Iterable[Mapping[str, Any]], kept: Labels | None = None) -> tuple[Attribution, ...]:
    """The labels that HubSpot's list for one direction does not have; each has both directions or none."""
    found = _found(out, kept.out if kept else {})
    return tuple(kind for kind in LABELS if kind not in found)


def labels_of(
    out: Iterable[Mapping[str, Any]], back: Iterable[Mapping[str, Any]], kept: Labels | None = None
) -> Labels | None:
    """From HubSpot's lists; None where one of the four is missing. Labels we know keep counting under another name."""
    found = _found(out, kept.out if kept else {}), _found(back, kept.back if kept else {})
    return Labels(*found) if all(len(ids) == len(LABELS) for ids in found) else None


def _found(listed: Iterable[Mapping[str, Any]], kept: Mapping[Attribution, int]) -> dict[Attribution, int]:
    own = [one for one in listed if one.get("category") == USER_DEFINED]
    ids = {int(one["typeId"]) for one in own}
    named = {str(one.get("label") or "").strip().casefold(): int(one["typeId"]) for one in own}
    chosen = {kind: kept[kind] if kept.get(kind) in ids else named.get(LABELS[kind].casefold()) for kind in LABELS}
    return {kind: id_ for kind, id_ in chosen.items() if id_ is not None}


def _by_word(ids: Mapping[Attribution, int]) -> dict[str, int]:
    return {kind.value: id_ for kind, id_ in ids.items()}
