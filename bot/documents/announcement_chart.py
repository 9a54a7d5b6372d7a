"""A report on an announcement as a picture: whom it reached, what was answered, by whom, and deals around it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.brand import Colours
from knowledge.colours import mixed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DPI = 160
SIZE = (1_840, 1_008)
"""Pixels, whatever it shows."""
_FAMILY = ["DejaVu Sans"]
_MOST_BARS = 7
_LABEL = 18  # characters


@dataclass(frozen=True, slots=True)
class CountBar:
    """`note` stands behind the bar in place of the plain `value`."""

    label: str
    value: float
    note: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class CountPanel:
    """`most` is where the bars end; None where the longest does. `nothing` stands where there is no bar."""

    title: str
    bars: tuple[CountBar, ...]
    most: float | None = None
    nothing: str = "none"


@dataclass(frozen=True, slots=True)
class AnnouncementChart:
    """Two rows of three panels each."""

    title: str
    subtitle: str
    panels: tuple[CountPanel, ...]
    note: str = ""


def png(chart: AnnouncementChart, colours: Colours) -> bytes:
    """The picture; ValueError where it is not six panels."""
    if len(chart.panels) != 6:
        raise ValueError("the chart has six panels")
    # Heavy to import, and needed by whoever draws only; the figure object alone touches no global state.
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(SIZE[0] / _DPI, SIZE[1] / _DPI))
    FigureCanvasAgg(figure)
    figure.subplots_adjust(left=0.095, right=0.955, top=0.8, bottom=0.085, wspace=0.42, hspace=0.38)
    _head(figure, chart, colours)
    for place, panel in enumerate(chart.panels):
        _draw(figure.add_subplot(2, 3, place + 1), panel, colours)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=_DPI, facecolor=colours.background, metadata={"Software": None})
    return out.getvalue()


def _head(figure: Figure, chart: AnnouncementChart, colours: Colours) -> None:
    soft = mixed(colours.text, colours.background, 0.3)
    title = _cut(chart.title, 90)
    figure.text(
        0.012, 0.95, title, fontsize=14, weight="bold", color=colours.text, family=_FAMILY, va="center",
        parse_math=False,
    )  # fmt: skip
    figure.text(0.012, 0.9, chart.subtitle, fontsize=9.5, color=soft, family=_FAMILY, va="center", parse_math=False)
    figure.text(0.012, 0.022, chart.note, fontsize=8.5, color=soft, family=_FAMILY, va="center", parse_math=False)


def _draw(axes: Axes, panel: CountPanel, colours: Colours) -> None:
    soft, pale = (mixed(colours.text, colours.background, share) for share in (0.3, 0.85))
    bars = _fitting(panel.bars)
    most = panel.most or max([bar.value for bar in bars], default=0) or 1
    for row, bar in enumerate(bars):
        fill = colours.accent if bar.strong else mixed(colours.accent, colours.background, 0.45)
        axes.barh(row, most, height=0.56, color=mixed(pale, colours.background, 0.45), zorder=1)
        axes.barh(row, min(bar.value, most), height=0.56, color=fill, zorder=2)
        said = bar.note or f"{bar.value:,.0f}"
        axes.text(
            most * 1.03, row, said, fontsize=8.5, va="center", color=colours.text, family=_FAMILY, parse_math=False
        )
    if not bars:
        axes.text(0, 0, panel.nothing, fontsize=9, va="center", color=soft, style="italic", family=_FAMILY)
    axes.set_xlim(0, most * 1.56)
    axes.set_ylim(max(len(bars), 5) - 0.4, -0.6)
    axes.set_yticks(range(len(bars)), [_cut(bar.label, _LABEL) for bar in bars])
    for label in axes.get_yticklabels():
        label.set_fontfamily(_FAMILY)
        label.set_parse_math(False)
    axes.tick_params(axis="y", length=0, labelsize=9, labelcolor=colours.text)
    axes.set_xticks([])
    axes.set_facecolor(colours.background)
    for side in ("top", "right", "bottom", "left"):
        axes.spines[side].set_visible(False)
    axes.set_title(panel.title, loc="left", fontsize=10.5, weight="bold", color=colours.text, family=_FAMILY, pad=7)


def _fitting(bars: Sequence[CountBar]) -> tuple[CountBar, ...]:
    """The first ones, and how many more there are."""
    if len(bars) <= _MOST_BARS:
        return tuple(bars)
    left = len(bars) - _MOST_BARS + 1
    return (*bars[: _MOST_BARS - 1], CountBar(f"and {left} more", 0, " "))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
