"""The cursor of `changes`: where each way of finding changes has got to, and which page was handed out with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from crm.errors import CrmRejected

_FOREIGN = "what was followed so far is another CRM than HubSpot; begin with an empty database"


@dataclass(frozen=True, slots=True)
class Pass:
    """One walk through a kind of object by the time of its last change, in HubSpot's milliseconds of the epoch.

    `top` is the latest change of the walks before, `at` where this one is (-1: none is under way), and `after` the id
    behind which it goes on among objects that changed in the very same millisecond.
    """

    top: int = 0
    at: int = -1
    after: str = ""

    @property
    def under_way(self) -> bool:
        return self.at >= 0


@dataclass(frozen=True, slots=True)
class Cursor:
    """`page` names the page that came with it: who asks with this cursor has kept that page. `seq` is the last event
    in it. `walked_at` and `round_at`, in our seconds, only say how long ago it was looked.
    """

    page: str = ""
    seq: int = 0
    walked_at: float = 0.0
    round_at: float = 0.0
    passes: Mapping[str, Pass] = field(default_factory=dict)
    rounds: Mapping[str, str] = field(default_factory=dict)

    def walk(self, kind: str) -> Pass:
        return self.passes.get(kind, Pass())

    @property
    def walking(self) -> bool:
        return any(walk.under_way for walk in self.passes.values())


def written(cursor: Cursor) -> str:
    return json.dumps(asdict(cursor), separators=(",", ":"))


def read(text: str) -> Cursor:
    """Raises CrmRejected for a foreign one."""
    if not text:
        return Cursor()
    try:
        said = json.loads(text)
        passes = {str(kind): Pass(int(w["top"]), int(w["at"]), str(w["after"])) for kind, w in said["passes"].items()}
        rounds = {str(kind): str(at) for kind, at in said["rounds"].items()}
        return Cursor(*_plain(said), passes, rounds)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise CrmRejected(_FOREIGN) from fault


def _plain(said: Mapping[str, Any]) -> tuple[str, int, float, float]:
    return str(said["page"]), int(said["seq"]), float(said["walked_at"]), float(said["round_at"])
