"""Registrations by week as a picture: how many came, and how many were decided in time, late, or not yet."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from knowledge.brand import Colours
from knowledge.colours import mixed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOOKS = "1"
"""Changes when the same numbers are drawn otherwise."""

_DPI, _SIZE = 160, (7.6, 2.9)  # inches
_FAMILY = ["DejaVu Sans"]
_KINDS = ("decided in time", "decided late", "overdue", "not decided yet")


@dataclass(frozen=True, slots=True)
class Week:
    """Registrations handed in during the seven days from `first` on, by how they stand."""

    first: date
    in_time: int = 0
    late: int = 0
    overdue: int = 0
    waiting: int = 0

    @property
    def counts(self) -> tuple[int, int, int, int]:
        return self.in_time, self.late, self.overdue, self.waiting

    @property
    def total(self) -> int:
        return sum(self.counts)


def in_words(weeks: Sequence[Week]) -> str:
    """What the picture shows, for who does not see it: every number, the latest week first."""
    return " ".join(_week(week) for week in reversed(weeks))


def png(weeks: Sequence[Week], colours: Colours) -> bytes:
    """A stacked bar for each week. ValueError for no week at all."""
    if not weeks:
        raise ValueError("a chart has a week")
    # Heavy to import, and needed by whoever draws only; the figure object alone touches no global state.
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=_SIZE)
    FigureCanvasAgg(figure)
    figure.subplots_adjust(left=0.05, right=0.985, top=0.84, bottom=0.12)
    _draw(figure.add_subplot(), weeks, colours)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=_DPI, facecolor=colours.background, metadata={"Software": None})
    return out.getvalue()


def _draw(axes: Axes, weeks: Sequence[Week], colours: Colours) -> None:
    soft, pale = (mixed(colours.text, colours.background, share) for share in (0.3, 0.85))
    fills = (colours.accent, mixed(colours.accent, colours.background, 0.45), "#c4402f", pale)
    places = list(range(len(weeks)))
    below = [0] * len(weeks)
    for number, (kind, fill) in enumerate(zip(_KINDS, fills, strict=True)):
        heights = [week.counts[number] for week in weeks]
        if any(heights) or number == 0:
            axes.bar(places, heights, width=0.62, bottom=below, color=fill, label=kind, zorder=2)
        below = [low + height for low, height in zip(below, heights, strict=True)]
    for place, week in zip(places, weeks, strict=True):
        axes.text(
            place, week.total, f" {week.total}", ha="center", va="bottom", fontsize=9, color=colours.text,
            family=_FAMILY,
        )  # fmt: skip
    axes.set_xticks(places, [_day(week.first) for week in weeks])
    axes.set_ylim(0, max(1, *below) * 1.22)
    axes.set_yticks([])
    axes.tick_params(axis="x", length=0, labelsize=9, labelcolor=soft)
    axes.set_facecolor(colours.background)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(pale)
    axes.legend(
        loc="lower left", bbox_to_anchor=(-0.015, 1.0), ncols=4, frameon=False, prop={"family": _FAMILY, "size": 9},
        labelcolor=colours.text, handlelength=1.0, handleheight=1.0, columnspacing=1.4,
    )  # fmt: skip


def _week(week: Week) -> str:
    said = ", ".join(f"{count} {kind}" for count, kind in zip(week.counts, _KINDS, strict=True) if count)
    return f"Week of {_day(week.first)}: {week.total}{f' ({said})' if said else ''}."


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
