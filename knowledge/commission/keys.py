"""Keys of lines: "plan@version|partner|deal|event|part"; the same event twice is the same line."""

from __future__ import annotations

from knowledge.commission.account import Posted

CORRECTION = "correction|"
"""What the series of lines begins with that a person entered."""

REWARD = "reward|"
_AGAIN = "~"


def key_of(plan: str, partner: str, subject: str, event: str, part: str) -> str:
    """`plan` is "id@version"; a bar inside a name would make two keys of one."""
    return "|".join(piece.replace("|", "¦") for piece in (plan, partner, subject, event, part))


def plan_of(posted: Posted) -> str:
    return posted.key.partition("|")[0]


def deal_of(posted: Posted) -> str:
    """The deal's id (or the subject of a reward)."""
    return posted.key.split("|")[2]


def ruled(posted: Posted) -> bool:
    """Whether rules made the line, and none that a person entered."""
    return not posted.series.startswith(CORRECTION) and posted.key.count("|") == 4


def identity(posted: Posted) -> tuple[str, str]:
    """The event and part that a line is about; a later correction is about the same."""
    return posted.event, posted.part.partition(_AGAIN)[0]


def again(part: str, times: int) -> str:
    """The part of a correction; `times` is how many lines there are about it by now."""
    return f"{part}{_AGAIN}{times}"
